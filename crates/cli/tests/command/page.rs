//! The command, run where the cases are, and a page that shows what it was given and what it said.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// What the command said, and how it ended.
pub(crate) struct Said {
    pub(crate) output: String,
    pub(crate) errors: String,
    pub(crate) exit: i32,
}

pub(crate) fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

/// The command, in the folder of the cases, away from any terminal.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_meterwarden"));
    command.args(arguments).current_dir(cases()).env_remove("NO_COLOR");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

pub(crate) fn run(arguments: &[&str], input: &str) -> Said {
    let mut child = command(arguments).spawn().unwrap();
    let (mut stdin, text) = (child.stdin.take().unwrap(), input.to_owned());
    let writer = std::thread::spawn(move || drop(stdin.write_all(text.as_bytes())));
    let (mut output, mut errors) = (String::new(), String::new());
    let mut stderr = child.stderr.take().unwrap();
    let reader = std::thread::spawn(move || stderr.read_to_string(&mut errors).map(|_| errors).unwrap());
    child.stdout.take().unwrap().read_to_string(&mut output).unwrap();
    writer.join().unwrap();
    let errors = reader.join().unwrap();
    Said { output, errors, exit: child.wait().unwrap().code().unwrap() }
}

/// The command line, every file that it names, standard input, and what came of it. What differs from day to day, today's
/// date and the digest of the policy, is left out.
pub(crate) fn page(arguments: &[&str], input: &str) -> String {
    let before = today();
    let said = run(arguments, input);
    let quoted = |one: &&str| if one.contains(' ') { format!("'{one}'") } else { (*one).to_owned() };
    let line: Vec<String> = arguments.iter().map(quoted).collect();
    let mut page = format!("$ meterwarden {}\n", line.join(" "));
    for name in arguments {
        if let Ok(text) = fs::read_to_string(cases().join(name)) {
            part(&mut page, name, &text);
        }
    }
    part(&mut page, "standard input", input);
    for text in [("standard output", &said.output), ("standard error", &said.errors)] {
        part(&mut page, text.0, &text.1.replace(&before, "TODAY").replace(&today(), "TODAY"));
    }
    writeln!(page, "──── exit {}", said.exit).unwrap();
    without_digests(&page)
}

fn part(page: &mut String, title: &str, text: &str) {
    if !text.is_empty() {
        writeln!(page, "──── {title}\n{}", text.strip_suffix('\n').unwrap_or(text)).unwrap();
    }
}

fn today() -> String {
    TimeZone::UTC.to_datetime(Timestamp::now()).date().to_string()
}

fn without_digests(page: &str) -> String {
    let mut parts = page.split("sha256:");
    let mut without = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        without.push_str("sha256:…");
        without.push_str(part.trim_start_matches(|one: char| one.is_ascii_hexdigit()));
    }
    without
}
