//! A folder of rule files to a [`Policy`]: the only file of the engine that touches the disk.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::base::parallel;
use crate::language::check::check;
use crate::language::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::language::encoding::{Problem, decode};
use crate::language::parse::{Parsed, parse, threads, too_large, unread};
use crate::limits::MOST_FILE_BYTES;
use crate::policy::Policy;
use crate::policy::source::{Source, Span};

/// Why a folder did not become a policy.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The file system reports an error.
    #[error("cannot read `{}`: {source}", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The folder has no rule files.
    #[error("`{}` contains no rule files: their names end in `.rules`", .0.display())]
    Empty(PathBuf),
    /// The files were read, but they have mistakes that their author must fix.
    #[error(transparent)]
    Rules(#[from] Diagnostics),
}

impl Policy {
    /// Reads every `*.rules` file of a folder and of the folders in it, in path order.
    ///
    /// # Errors
    ///
    /// A file cannot be read, there is none, or the files have mistakes.
    pub fn load(folder: impl AsRef<Path>) -> Result<Self, LoadError> {
        let folder = folder.as_ref();
        let mut read = Vec::new();
        for path in files(folder, "rules")? {
            let bytes = head(&path).map_err(|source| LoadError::Read { path: path.clone(), source })?;
            read.push((relative(folder, &path), bytes));
        }
        if read.is_empty() {
            return Err(LoadError::Empty(folder.to_owned()));
        }
        Ok(Self::from_bytes(read)?)
    }

    /// Reads, parses and checks rule files that are held in memory as they are stored: the path of each, and its bytes.
    ///
    /// # Errors
    ///
    /// Every mistake in the files. A file that is not UTF-8 is one of them, and does not hide the others.
    pub fn from_bytes(mut files: Vec<(String, Vec<u8>)>) -> Result<Self, Diagnostics> {
        files.sort();
        checked(files.into_iter().map(|(path, bytes)| read(path, bytes)).collect())
    }

    /// Parses and checks rule files held in memory, in path order.
    ///
    /// # Errors
    ///
    /// Every mistake in the files.
    pub fn from_sources(mut sources: Vec<Source>) -> Result<Self, Diagnostics> {
        sources.sort_by(|a, b| a.path.cmp(&b.path));
        checked(sources.into_iter().map(|source| (source, None)).collect())
    }
}

impl Source {
    /// A rule file from its bytes.
    ///
    /// # Errors
    ///
    /// The bytes are not UTF-8 text.
    pub fn from_utf8(path: impl Into<String>, bytes: Vec<u8>) -> Result<Self, Diagnostics> {
        let decoded = decode(bytes);
        let source = Self::new(path, decoded.text);
        match decoded.problem {
            None => Ok(source),
            Some(problem) => Err(Diagnostics::new(vec![source], vec![not_text(problem, 0)])),
        }
    }
}

/// The bytes of a file, but at most one more than a rule file may have.
fn head(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(MOST_FILE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Why the bytes of a file are not the text of a rule file.
enum Unreadable {
    TooLarge,
    NotText(Problem),
}

/// A rule file from its bytes, and what is wrong with them.
fn read(path: String, bytes: Vec<u8>) -> (Source, Option<Unreadable>) {
    if bytes.len() > MOST_FILE_BYTES {
        return (Source::new(path, ""), Some(Unreadable::TooLarge));
    }
    let decoded = decode(bytes);
    (Source::new(path, decoded.text), decoded.problem.map(Unreadable::NotText))
}

/// Parses and checks files in path order.
fn checked(files: Vec<(Source, Option<Unreadable>)>) -> Result<Policy, Diagnostics> {
    let numbered: Vec<_> = files.iter().zip(0..).collect();
    let threads = threads(files.iter().map(|(source, _)| source));
    let parsed = parallel::map(&numbered, threads, |((source, problem), file)| {
        problem
            .as_ref()
            .map_or_else(|| parse(source, *file), |problem| parse_unreadable(source, problem, *file))
    });
    check(files.into_iter().map(|(source, _)| source).collect(), parsed)
}

/// Parses a file whose bytes are not the text of a rule file, as far as possible. The last finding is about the bytes.
fn parse_unreadable(source: &Source, problem: &Unreadable, file: u32) -> Parsed {
    let Unreadable::NotText(problem) = problem else { return unread(vec![too_large(file)]) };
    let mut parsed = if problem.readable { parse(source, file) } else { unread(Vec::new()) };
    parsed.unread.end = !problem.readable;
    let not_text = not_text(problem.clone(), file);
    // The parser has a finding about the same byte.
    parsed.found.retain(|finding| finding.span.start != not_text.span.start);
    parsed.found.push(not_text);
    parsed
}

fn not_text(problem: Problem, file: u32) -> Diagnostic {
    let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let span = Span { file, start: byte(problem.place.start), end: byte(problem.place.end) };
    let finding = Diagnostic::new(Code::NotText, span, problem.message).help(problem.help);
    Diagnostic { label: problem.label, ..finding }
}

/// The files of a folder, and of the folders in it, whose names end in `.ending`, in path order.
///
/// # Errors
///
/// A folder cannot be read.
pub fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, LoadError> {
    let mut files = every_file(folder)?;
    files.retain(|path| path.to_string_lossy().ends_with(&format!(".{ending}")));
    Ok(files)
}

/// Every file of a folder, and of the folders in it, in path order.
///
/// # Errors
///
/// A folder cannot be read.
pub fn every_file(folder: &Path) -> Result<Vec<PathBuf>, LoadError> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let read = |source| LoadError::Read { path: folder.clone(), source };
        for entry in fs::read_dir(&folder).map_err(read)? {
            let path = entry.map_err(read)?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort_by_key(|path| relative(folder, path));
    Ok(files)
}

/// A path under a folder, with `/` between its parts on every system.
pub fn relative(folder: &Path, path: &Path) -> String {
    let inside = path.strip_prefix(folder).unwrap_or(path);
    let parts: Vec<_> = inside.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}
