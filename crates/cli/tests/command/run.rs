//! Runs the command in the folder of the test inputs, and writes a page of its input and output.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The output of the command, and its exit code.
pub(crate) struct RunOutput {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) exit: i32,
}

/// The folder of the test inputs.
pub(crate) fn inputs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inputs")
}

/// The command in the folder of the test inputs, without a terminal.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_meterwarden"));
    command.args(arguments).current_dir(inputs()).env_remove("NO_COLOR");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

pub(crate) fn run(arguments: &[&str], input: &str) -> RunOutput {
    let mut child = command(arguments).spawn().unwrap();
    let (mut stdin, text) = (child.stdin.take().unwrap(), input.to_owned());
    let writer = std::thread::spawn(move || drop(stdin.write_all(text.as_bytes())));
    let (mut stdout, mut stderr) = (String::new(), String::new());
    let mut pipe = child.stderr.take().unwrap();
    let reader = std::thread::spawn(move || pipe.read_to_string(&mut stderr).map(|_| stderr).unwrap());
    child.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
    writer.join().unwrap();
    let stderr = reader.join().unwrap();
    RunOutput { stdout, stderr, exit: child.wait().unwrap().code().unwrap() }
}

/// The command line, every file that it names, standard input, the output and the exit code. Today's date and the
/// digest of the policy, which change, are left out.
pub(crate) fn page(arguments: &[&str], input: &str) -> String {
    let day_before = today();
    let output = run(arguments, input);
    let quoted = |word: &&str| if word.contains(' ') { format!("'{word}'") } else { (*word).to_owned() };
    let line: Vec<String> = arguments.iter().map(quoted).collect();
    let mut page = format!("$ meterwarden {}\n", line.join(" "));
    for name in arguments {
        if let Ok(text) = fs::read_to_string(inputs().join(name)) {
            part(&mut page, name, &text);
        }
    }
    part(&mut page, "standard input", input);
    for (title, text) in [("standard output", &output.stdout), ("standard error", &output.stderr)] {
        part(&mut page, title, &text.replace(&day_before, "TODAY").replace(&today(), "TODAY"));
    }
    writeln!(page, "──── exit {}", output.exit).unwrap();
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
        without.push_str(part.trim_start_matches(|character: char| character.is_ascii_hexdigit()));
    }
    without
}
