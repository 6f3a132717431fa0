//! A folder of rule files to a [`Policy`]: the only file of the engine that touches the disk.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::check::check;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::parse::parse;
use crate::policy::Policy;
use crate::source::{Source, Span};

/// Why a folder did not become a policy.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The file system said no.
    #[error("cannot read `{}`: {source}", path.display())]
    Read {
        /// What we asked for.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// There is nothing to read.
    #[error("`{}` holds no rule files: their names end in `.rules`", .0.display())]
    Empty(PathBuf),
    /// The files were read, but their author has something to mend.
    #[error(transparent)]
    Rules(#[from] Diagnostics),
}

impl Policy {
    /// Reads every `*.rules` file of a folder and of the folders in it, in path order.
    ///
    /// # Errors
    ///
    /// A file cannot be read, there is none, or their author has something to mend.
    pub fn load(folder: impl AsRef<Path>) -> Result<Self, LoadError> {
        let folder = folder.as_ref();
        let mut sources = Vec::new();
        let mut not_text = Vec::new();
        for path in files(folder, "rules")? {
            let bytes = fs::read(&path).map_err(|source| LoadError::Read { path: path.clone(), source })?;
            let name = relative(folder, &path);
            match String::from_utf8(bytes) {
                Ok(text) => sources.push(Source::new(name, text)),
                Err(error) => {
                    let valid = error.utf8_error().valid_up_to();
                    let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                    not_text.push((sources.len(), valid));
                    sources.push(Source::new(name, text));
                }
            }
        }
        if sources.is_empty() {
            return Err(LoadError::Empty(folder.to_owned()));
        }
        if not_text.is_empty() {
            return Ok(Self::from_sources(sources)?);
        }
        let found = not_text.into_iter().map(|(file, at)| self::not_text(file, at)).collect();
        Err(Diagnostics::new(sources, found).into())
    }

    /// Parses and checks rule files held in memory. They are taken in path order, whatever theirs is.
    ///
    /// # Errors
    ///
    /// Everything that their author has to mend.
    pub fn from_sources(mut sources: Vec<Source>) -> Result<Self, Diagnostics> {
        sources.sort_by(|a, b| a.path.cmp(&b.path));
        let parsed = sources.iter().zip(0..).map(|(source, file)| parse(source, file)).collect();
        check(sources, parsed)
    }
}

fn not_text(file: usize, at: usize) -> Diagnostic {
    let byte = u32::try_from(at).unwrap_or(u32::MAX);
    let span =
        Span { file: u32::try_from(file).unwrap_or(u32::MAX), start: byte, end: byte.saturating_add(1) };
    Diagnostic::new(Code::NotText, span, "this is not UTF-8 text")
        .help("save the file as UTF-8; `iconv` or the editor's \"save with encoding\" does it")
}

/// The files of a folder, and of the folders in it, whose names end in `.ending`, in path order.
///
/// # Errors
///
/// A folder cannot be read.
pub fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, LoadError> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let read = |source| LoadError::Read { path: folder.clone(), source };
        for entry in fs::read_dir(&folder).map_err(read)? {
            let path = entry.map_err(read)?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(&format!(".{ending}")) {
                found.push(path);
            }
        }
    }
    found.sort_by_key(|path| relative(folder, path));
    Ok(found)
}

/// A path under a folder, with `/` between its parts on every system.
pub fn relative(folder: &Path, path: &Path) -> String {
    let inside = path.strip_prefix(folder).unwrap_or(path);
    let parts: Vec<_> = inside.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}
