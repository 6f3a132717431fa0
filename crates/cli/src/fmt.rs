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
use crate::terminal::{self, Colour, calm, painted};

/// The folder that is laid out where none is named.
const HERE: &str = "rules";

/// Standard input, as a path and as a person calls it.
const STANDARD_INPUT: [&str; 2] = ["-", "standard input"];

/// Lays every file out, or says which are not.
pub(crate) fn run(arguments: &Fmt) -> Result<Exit, Failure> {
    let mut paths = arguments.paths.clone();
    if paths.is_empty() {
        if !Path::new(HERE).is_dir() {
            return Ok(terminal::usage(&no_path()));
        }
        paths.push(HERE.into());
    }
    let mut work = Work { arguments, out: terminal::stdout(), tally: Tally::default() };
    let mut done: Vec<PathBuf> = Vec::new();
    for path in paths {
        let inside = rule_files(&path).unwrap_or_else(|trouble| work.skip(&trouble));
        for file in inside {
            if !done.contains(&file) {
                work.file(&file)?;
                done.push(file);
            }
        }
    }
    work.out.flush()?;
    Ok(work.end())
}

fn no_path() -> clap::Error {
    let mut command = Arguments::command();
    command.build();
    let message = "no path is named, and there is no folder `rules` here";
    match command.find_subcommand_mut("fmt") {
        Some(fmt) => fmt.error(ErrorKind::MissingRequiredArgument, message),
        None => command.error(ErrorKind::MissingRequiredArgument, message),
    }
}

/// Why a file stays as it is.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    /// Its author has something to mend first.
    #[error(transparent)]
    Found(#[from] Diagnostics),
    #[error(transparent)]
    Unproved(FormatError),
    #[error(transparent)]
    Unread(#[from] LoadError),
    #[error("cannot write `{}`: {source}", path.display())]
    Unwritten { path: PathBuf, source: io::Error },
    #[error("`{}` is no rule file: their names end in `.rules`", .0.display())]
    Another(PathBuf),
}

impl From<FormatError> for Trouble {
    fn from(error: FormatError) -> Self {
        match error {
            FormatError::Syntax(found) => Self::Found(found),
            unproved => Self::Unproved(unproved),
        }
    }
}

/// The rule files that a path means.
fn rule_files(path: &Path) -> Result<Vec<PathBuf>, Trouble> {
    if is_standard_input(path) {
        return Ok(vec![path.to_owned()]);
    }
    let what = fs::metadata(path).map_err(|source| LoadError::Read { path: path.to_owned(), source })?;
    if what.is_dir() {
        let found = files(path, "rules")?;
        return if found.is_empty() { Err(LoadError::Empty(path.to_owned()).into()) } else { Ok(found) };
    }
    if path.to_string_lossy().ends_with(".rules") {
        return Ok(vec![path.to_owned()]);
    }
    Err(Trouble::Another(path.to_owned()))
}

fn is_standard_input(path: &Path) -> bool {
    path == Path::new(STANDARD_INPUT[0])
}

fn read(path: &Path) -> Result<Source, Trouble> {
    let (name, bytes) = if is_standard_input(path) {
        let mut bytes = Vec::new();
        (STANDARD_INPUT[1].to_owned(), io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes))
    } else {
        (path.to_string_lossy().into_owned(), fs::read(path))
    };
    let bytes = bytes.map_err(|source| LoadError::Read { path: path.to_owned(), source })?;
    Ok(Source::from_utf8(name, bytes)?)
}

/// How many files there were, and what came of them.
#[derive(Debug, Default)]
struct Tally {
    files: usize,
    differ: usize,
    troubled: usize,
}

/// What there is to do, and what was done so far.
struct Work<'a> {
    arguments: &'a Fmt,
    out: BufWriter<StdoutLock<'static>>,
    tally: Tally,
}

impl Work<'_> {
    fn writes(&self) -> bool {
        !self.arguments.check && !self.arguments.diff
    }

    /// Lays a file out, or says what hinders.
    fn file(&mut self, path: &Path) -> io::Result<()> {
        let laid_out = read(path).and_then(|source| {
            let text = format(&source)?;
            Ok((source, text))
        });
        match laid_out {
            Ok((_, text)) if self.writes() && is_standard_input(path) => self.out.write_all(text.as_bytes()),
            Ok((source, text)) => self.compared(path, &source, &text),
            Err(trouble) => {
                self.skip(&trouble);
                Ok(())
            }
        }
    }

    fn compared(&mut self, path: &Path, source: &Source, text: &str) -> io::Result<()> {
        self.tally.files += 1;
        if source.text == text {
            return Ok(());
        }
        if self.writes()
            && let Err(source) = replace(path, text)
        {
            self.skip(&Trouble::Unwritten { path: path.to_owned(), source });
            return Ok(());
        }
        self.tally.differ += 1;
        if self.arguments.diff { self.show(source, text) } else { writeln!(self.out, "{}", source.path) }
    }

    /// Shows a difference: to a program as a patch, to a person so that nothing moves the cursor.
    fn show(&mut self, source: &Source, text: &str) -> io::Result<()> {
        let path = &source.path;
        let difference = TextDiff::from_lines(source.text.as_str(), text);
        let patch = difference.unified_diff().header(path, path).to_string();
        if !terminal::is_watched() {
            return self.out.write_all(patch.as_bytes());
        }
        let colours = terminal::colour_of_answers();
        for line in patch.split_terminator('\n') {
            let colour = match line.bytes().next() {
                Some(b'+') => Some(Colour::Green),
                Some(b'-') => Some(Colour::Red),
                _ => None,
            };
            let line = calm(line).replace('\u{feff}', "\\u{feff}");
            writeln!(self.out, "{}", painted(&line, colour.filter(|_| colours)))?;
        }
        Ok(())
    }

    /// Says what was done, and how that ends the command.
    fn end(self) -> Exit {
        let Tally { files, differ, troubled } = self.tally;
        let changed = if self.writes() { "laid out" } else { "to lay out" };
        let parts = [(differ, changed), (files - differ, "laid out already"), (troubled, "skipped")];
        let said: Vec<String> = parts.iter().filter(|(number, _)| *number > 0).map(count).collect();
        if !said.is_empty() {
            let _ = writeln!(io::stderr(), "{}", said.join(", ")); // that it cannot be told is no failure
        }
        let differs = if differ > 0 && !self.writes() { Exit::Refused } else { Exit::Fine };
        differs.max(if troubled > 0 { Exit::Unusable } else { Exit::Fine })
    }

    /// Says why something is left as it is.
    fn skip(&mut self, trouble: &Trouble) -> Vec<PathBuf> {
        self.tally.troubled += 1;
        match trouble {
            Trouble::Found(found) => {
                let _ = writeln!(io::stderr(), "{}\n", found.render(terminal::colour_of_errors()));
            }
            trouble => terminal::error(trouble),
        }
        Vec::new()
    }
}

/// `1 file skipped`, `2 files skipped`
fn count((files, what): &(usize, &str)) -> String {
    format!("{files} file{} {what}", if *files == 1 { "" } else { "s" })
}
