//! The terminal: the only file that knows whether there is one, and how to colour and escape what is written to it.

use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};
use std::path::Path;
use std::{env, fmt};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use meterwarden::{Diagnostics, LoadError};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::limits::BUFFER_BYTES;

/// Standard output, buffered. `println!` would panic if the reader has closed the pipe.
pub(crate) fn stdout() -> BufWriter<StdoutLock<'static>> {
    BufWriter::with_capacity(BUFFER_BYTES, io::stdout().lock())
}

/// Whether to write colours: to a terminal, unless the environment sets `NO_COLOR`.
fn colour(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Whether standard output is a terminal, which a person reads, and not a pipe or a file.
pub(crate) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Whether to write to standard output in colour.
pub(crate) fn colour_of_answers() -> bool {
    colour(&io::stdout())
}

/// Whether to write to standard error, findings and errors, in colour.
pub(crate) fn colour_of_errors() -> bool {
    colour(&io::stderr())
}

/// The colours of the command, by their numbers in ANSI escape sequences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Colour {
    Green = 32,
    Red = 31,
    Yellow = 33,
}

/// A text in a bold colour, or unchanged.
pub(crate) fn painted(text: &str, colour: Option<Colour>) -> String {
    colour.map_or_else(|| text.to_owned(), |colour| format!("\x1b[1;{}m{text}\x1b[0m", colour as u8))
}

/// The escape sequence that clears the screen and its history; an empty line if standard output is not a terminal.
pub(crate) fn clear() -> &'static str {
    if io::stdout().is_terminal() { "\x1b[2J\x1b[3J\x1b[H" } else { "\n" }
}

/// A text whose control characters are escaped, except line ends, so that a quoted message or rule cannot move the
/// cursor or colour the terminal.
pub(crate) fn escape_controls(text: &str) -> String {
    escaped(text, |character| character.is_control() && character != '\n')
}

/// A text whose control characters are escaped, line ends too, so that a quoted text cannot look like a line of the
/// command.
pub(crate) fn one_line(text: &str) -> String {
    escaped(text, char::is_control)
}

fn escaped(text: &str, is_risky: impl Fn(char) -> bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if is_risky(character) { escaped.extend(character.escape_default()) } else { escaped.push(character) }
    }
    escaped
}

/// Writes an error for a person. If standard error is closed, there is nowhere to report that.
pub(crate) fn error(message: &impl fmt::Display) {
    let colour = colour_of_errors().then_some(Colour::Red);
    let _ = writeln!(io::stderr(), "{}: {}", painted("error", colour), escape_controls(&message.to_string()));
}

/// Writes why there is no answer.
pub(crate) fn report(failure: &Failure) -> Exit {
    match failure {
        Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        Failure::Rules(LoadError::Rules(findings)) => {
            write_findings(findings);
            error(&"the rules cannot be used until the errors above are fixed");
        }
        Failure::Version { version, findings } => {
            write_findings(findings);
            error(&format!("the rules of `{version}` cannot be used until the errors above are fixed"));
        }
        failure => error(failure),
    }
    Exit::Unusable
}

/// Writes findings for a person, followed by an empty line.
pub(crate) fn write_findings(findings: &Diagnostics) {
    let _ = writeln!(io::stderr(), "{}\n", findings.render(colour_of_errors()));
}

/// The folder in `check rules`, where an argument is not accepted.
fn folder_argument(usage: &clap::Error) -> Option<&str> {
    match usage.get(ContextKind::InvalidArg)? {
        ContextValue::String(word) if Path::new(word).is_dir() => Some(word),
        _ => None,
    }
}

/// Shows the help, the version, or the error in the arguments.
pub(crate) fn usage(usage: &clap::Error) -> Exit {
    let _ = usage.print();
    if let Some(folder) = folder_argument(usage) {
        let _ = writeln!(io::stderr(), "To name the folder of the rules, use '--rules {folder}'.");
    }
    match usage.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Exit::Fine,
        _ => Exit::Unusable,
    }
}
