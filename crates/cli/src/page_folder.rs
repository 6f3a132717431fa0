//! The folder that keeps the pages of `meterwarden snapshot`.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use meterwarden_analysis::snapshot::{Pages, is_page};

use crate::failure::Failure;
use crate::replace::replace;

/// A folder of pages. Files in it that this command has not written are neither read nor touched.
#[derive(Debug)]
pub(crate) struct PageFolder(PathBuf);

impl PageFolder {
    pub(crate) fn at(path: PathBuf) -> Self {
        Self(path)
    }

    pub(crate) fn name(&self) -> String {
        self.0.display().to_string()
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.0.join(file)
    }

    /// The pages in the folder. A file that is none must not have the name of one that is wanted.
    pub(crate) fn read(&self, wanted: &Pages) -> Result<Pages, Failure> {
        let mut pages = Pages::new();
        let entries = match fs::read_dir(&self.0) {
            Err(absent) if absent.kind() == ErrorKind::NotFound => return Ok(pages),
            entries => entries.map_err(|source| unread(&self.0, source))?,
        };
        for entry in entries {
            let path = entry.map_err(|source| unread(&self.0, source))?.path();
            let Some(file) = path.file_name().and_then(|name| name.to_str()) else { continue };
            if !path.is_file() || !file.ends_with(".txt") {
                continue;
            }
            let bytes = fs::read(&path).map_err(|source| unread(&path, source))?;
            match String::from_utf8(bytes).ok().filter(|text| is_page(text)) {
                Some(text) => drop(pages.insert(file.to_owned(), text)),
                None if wanted.contains_key(file) => return Err(Failure::Snapshot(strange(&path))),
                None => {}
            }
        }
        Ok(pages)
    }

    /// Writes a page, whole or not at all.
    pub(crate) fn write(&self, file: &str, text: &str) -> Result<(), Failure> {
        let path = self.path(file);
        let written = fs::create_dir_all(&self.0).and_then(|()| replace(&path, text));
        written.map_err(|source| Failure::Write { path, source })
    }

    pub(crate) fn remove(&self, file: &str) -> Result<(), Failure> {
        let path = self.path(file);
        fs::remove_file(&path).map_err(|source| Failure::Write { path, source })
    }
}

fn unread(path: &Path, source: io::Error) -> Failure {
    Failure::Read { path: path.to_owned(), source }
}

fn strange(path: &Path) -> String {
    format!(
        "`{}` is in the way: it does not begin like a page that `meterwarden snapshot` has written; move it away",
        path.display()
    )
}
