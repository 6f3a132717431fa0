//! `meterwarden fmt`

use std::fs;
use std::io::{self, BufWriter, Read, StdoutLock, Write};
use std::path::{Path, PathBuf};

use clap::CommandFactory;
use clap::error::ErrorKind;
use meterwarden::{Diagnostics, FormatError, LoadError, Source, files, format};
use similar::TextDiff;

use crate::args::{Arguments, Fmt};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::replace::replace;
use crate::terminal::{self, Colour, escape_controls, painted};
use crate::wording::count;

/// The folder that is formatted if no path is named.
const DEFAULT_FOLDER: &str = "rules";

/// The path that means standard input, and its name in output.
const STANDARD_INPUT: &str = "-";
const STANDARD_INPUT_NAME: &str = "standard input";

/// Formats every file, or lists the files that are not formatted.
pub(crate) fn run(arguments: &Fmt) -> Result<Exit, Failure> {
    let mut paths = arguments.paths.clone();
    if paths.is_empty() {
        if !Path::new(DEFAULT_FOLDER).is_dir() {
            return Ok(terminal::usage(&no_path()));
        }
        paths.push(DEFAULT_FOLDER.into());
    }
    let mut formatter = Formatter { arguments, out: terminal::stdout(), tally: Tally::default() };
    let mut done: Vec<PathBuf> = Vec::new();
    for path in paths {
        let files = rule_files(&path).unwrap_or_else(|reason| {
            formatter.skip(&reason);
            Vec::new()
        });
        for file in files {
            if !done.contains(&file) {
                formatter.format_file(&file)?;
                done.push(file);
            }
        }
    }
    formatter.out.flush()?;
    Ok(formatter.end())
}

fn no_path() -> clap::Error {
    let mut command = Arguments::command();
    command.build();
    let message = "no path is named, and the current folder has no folder `rules`";
    match command.find_subcommand_mut("fmt") {
        Some(fmt) => fmt.error(ErrorKind::MissingRequiredArgument, message),
        None => command.error(ErrorKind::MissingRequiredArgument, message),
    }
}

/// Why a file is skipped.
#[derive(Debug, thiserror::Error)]
enum SkipReason {
    /// The file has errors.
    #[error(transparent)]
    Findings(#[from] Diagnostics),
    /// The formatted text could not be proved to be the same rules.
    #[error(transparent)]
    Unproved(FormatError),
    #[error(transparent)]
    Unread(#[from] LoadError),
    #[error("cannot write `{}`: {source}", path.display())]
    Unwritten { path: PathBuf, source: io::Error },
    #[error("`{}` is not a rule file: the names of rule files end in `.rules`", .0.display())]
    NoRuleFile(PathBuf),
}

impl From<FormatError> for SkipReason {
    fn from(error: FormatError) -> Self {
        match error {
            FormatError::Syntax(findings) => Self::Findings(findings),
            unproved => Self::Unproved(unproved),
        }
    }
}

/// The rule files that a path names: itself, or those of its folder.
fn rule_files(path: &Path) -> Result<Vec<PathBuf>, SkipReason> {
    if is_standard_input(path) {
        return Ok(vec![path.to_owned()]);
    }
    let metadata = fs::metadata(path).map_err(|source| LoadError::Read { path: path.to_owned(), source })?;
    if metadata.is_dir() {
        let files = files(path, "rules")?;
        return if files.is_empty() { Err(LoadError::Empty(path.to_owned()).into()) } else { Ok(files) };
    }
    if path.to_string_lossy().ends_with(".rules") {
        return Ok(vec![path.to_owned()]);
    }
    Err(SkipReason::NoRuleFile(path.to_owned()))
}

fn is_standard_input(path: &Path) -> bool {
    path == Path::new(STANDARD_INPUT)
}

fn read(path: &Path) -> Result<Source, SkipReason> {
    let (name, bytes) = if is_standard_input(path) {
        let mut bytes = Vec::new();
        (STANDARD_INPUT_NAME.to_owned(), io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes))
    } else {
        (path.to_string_lossy().into_owned(), fs::read(path))
    };
    let bytes = bytes.map_err(|source| LoadError::Read { path: path.to_owned(), source })?;
    Ok(Source::from_utf8(name, bytes)?)
}

/// The numbers of files so far.
#[derive(Debug, Default)]
struct Tally {
    /// Files that could be formatted.
    files: usize,
    /// Those of them that were not formatted before.
    differ: usize,
    /// Files and folders that were skipped.
    skipped: usize,
}

/// Formats files one after the other.
struct Formatter<'a> {
    arguments: &'a Fmt,
    out: BufWriter<StdoutLock<'static>>,
    tally: Tally,
}

impl Formatter<'_> {
    fn writes(&self) -> bool {
        !self.arguments.check && !self.arguments.diff
    }

    /// Formats a file, or writes why it is skipped.
    fn format_file(&mut self, path: &Path) -> io::Result<()> {
        let formatted = read(path).and_then(|source| {
            let text = format(&source)?;
            Ok((source, text))
        });
        match formatted {
            Ok((_, text)) if self.writes() && is_standard_input(path) => self.out.write_all(text.as_bytes()),
            Ok((source, text)) => self.replace_or_show(path, &source, &text),
            Err(reason) => {
                self.skip(&reason);
                Ok(())
            }
        }
    }

    /// Writes the formatted text into its file, or shows that they differ.
    fn replace_or_show(&mut self, path: &Path, source: &Source, text: &str) -> io::Result<()> {
        self.tally.files += 1;
        if source.text == text {
            return Ok(());
        }
        if self.writes()
            && let Err(source) = replace(path, text)
        {
            self.skip(&SkipReason::Unwritten { path: path.to_owned(), source });
            return Ok(());
        }
        self.tally.differ += 1;
        if self.arguments.diff { self.show(source, text) } else { writeln!(self.out, "{}", source.path) }
    }

    /// Shows a difference as a patch. At a terminal it has colours, and control characters are escaped.
    fn show(&mut self, source: &Source, text: &str) -> io::Result<()> {
        let path = &source.path;
        let difference = TextDiff::from_lines(source.text.as_str(), text);
        let patch = difference.unified_diff().header(path, path).to_string();
        if !terminal::is_terminal() {
            return self.out.write_all(patch.as_bytes());
        }
        let with_colour = terminal::colour_of_answers();
        for line in patch.split_terminator('\n') {
            let colour = match line.bytes().next() {
                Some(b'+') => Some(Colour::Green),
                Some(b'-') => Some(Colour::Red),
                _ => None,
            };
            let line = escape_controls(line).replace('\u{feff}', "\\u{feff}");
            writeln!(self.out, "{}", painted(&line, colour.filter(|_| with_colour)))?;
        }
        Ok(())
    }

    /// Writes the numbers of files; returns the exit code.
    fn end(self) -> Exit {
        let Tally { files, differ, skipped } = self.tally;
        let changed = if self.writes() { "formatted" } else { "to format" };
        let parts = [(differ, changed), (files - differ, "already formatted"), (skipped, "skipped")];
        let parts = parts.iter().filter(|(number, _)| *number > 0);
        let words: Vec<String> =
            parts.map(|(number, verb)| format!("{} {verb}", count(*number, "file"))).collect();
        if !words.is_empty() {
            let _ = writeln!(io::stderr(), "{}", words.join(", ")); // a closed standard error changes no result
        }
        let differs = if differ > 0 && !self.writes() { Exit::Refused } else { Exit::Fine };
        differs.max(if skipped > 0 { Exit::Unusable } else { Exit::Fine })
    }

    /// Counts a file or folder as skipped, and writes why.
    fn skip(&mut self, reason: &SkipReason) {
        self.tally.skipped += 1;
        match reason {
            SkipReason::Findings(findings) => terminal::write_findings(findings),
            reason => terminal::error(reason),
        }
    }
}
