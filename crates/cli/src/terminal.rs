//! The terminal: the only file that knows whether there is one.

use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};
use std::path::Path;
use std::{env, fmt};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use meterwarden::LoadError;

use crate::exit::Exit;
use crate::failure::Failure;

/// Standard output, buffered. `println!` would panic when the reader has gone.
pub(crate) fn stdout() -> BufWriter<StdoutLock<'static>> {
    BufWriter::with_capacity(64 * 1024, io::stdout().lock())
}

/// Colours are for a person at a terminal who has not said `NO_COLOR`.
fn colour(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Whether a person reads the answers as they come, and not a program.
pub(crate) fn is_watched() -> bool {
    io::stdout().is_terminal()
}

/// Whether to write answers in colour.
pub(crate) fn colour_of_answers() -> bool {
    colour(&io::stdout())
}

/// Whether to write findings and errors in colour.
pub(crate) fn colour_of_errors() -> bool {
    colour(&io::stderr())
}

/// The colours of the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Colour {
    Green = 32,
    Red = 31,
    Yellow = 33,
}

/// A text in bold colour, or as it is.
pub(crate) fn painted(text: &str, paint: Option<Colour>) -> String {
    paint.map_or_else(|| text.to_owned(), |colour| format!("\x1b[1;{}m{text}\x1b[0m", colour as u8))
}

/// What empties the screen, its history too; at anything but a terminal an empty line.
pub(crate) fn clear() -> &'static str {
    if io::stdout().is_terminal() { "\x1b[2J\x1b[3J\x1b[H" } else { "\n" }
}

/// A text whose control characters cannot move the cursor or colour the terminal: it may quote a stranger's message.
pub(crate) fn calm(text: &str) -> String {
    escaped(text, |one| one.is_control() && one != '\n')
}

/// The same for what is to stand on one line, so that a stranger cannot write a line of ours.
pub(crate) fn one_line(text: &str) -> String {
    escaped(text, char::is_control)
}

fn escaped(text: &str, risky: impl Fn(char) -> bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for one in text.chars() {
        if risky(one) { shown.extend(one.escape_default()) } else { shown.push(one) }
    }
    shown
}

/// Writes an error of ours for a person. That it cannot be written is the one thing that nobody can be told.
pub(crate) fn error(message: &impl fmt::Display) {
    let paint = colour_of_errors().then_some(Colour::Red);
    let _ = writeln!(io::stderr(), "{}: {}", painted("error", paint), calm(&message.to_string()));
}

/// Says why there is no answer.
pub(crate) fn report(failure: &Failure) -> Exit {
    match failure {
        Failure::Output(closed) if closed.kind() == io::ErrorKind::BrokenPipe => {}
        Failure::Rules(LoadError::Rules(found)) => {
            let _ = writeln!(io::stderr(), "{}\n", found.render(colour_of_errors()));
            error(&"the rules cannot be used until this is mended");
        }
        Failure::Version { version, found } => {
            let _ = writeln!(io::stderr(), "{}\n", found.render(colour_of_errors()));
            error(&format!("the rules of `{version}` cannot be used until this is mended"));
        }
        failure => error(failure),
    }
    Exit::Unusable
}

/// `check rules`: a folder where none is taken.
fn folder_meant(usage: &clap::Error) -> Option<&str> {
    match usage.get(ContextKind::InvalidArg)? {
        ContextValue::String(word) if Path::new(word).is_dir() => Some(word),
        _ => None,
    }
}

/// Shows the help, the version, or what is wrong with the arguments.
pub(crate) fn usage(usage: &clap::Error) -> Exit {
    let _ = usage.print();
    if let Some(folder) = folder_meant(usage) {
        let _ = writeln!(io::stderr(), "The folder of the rules is named with '--rules {folder}'.");
    }
    match usage.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Exit::Fine,
        _ => Exit::Unusable,
    }
}
