//! The folder of the stored snapshots.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use meterwarden_analysis::snapshot::{Pages, is_page};

use crate::failure::Failure;
use crate::replace::replace;

/// A folder of snapshots. Files in it that `meterwarden snapshot` has not written are neither read nor changed.
#[derive(Debug)]
pub(super) struct SnapshotFolder(PathBuf);

impl SnapshotFolder {
    pub(super) fn at(path: PathBuf) -> Self {
        Self(path)
    }

    pub(super) fn name(&self) -> String {
        self.0.display().to_string()
    }

    pub(super) fn path(&self, file: &str) -> PathBuf {
        self.0.join(file)
    }

    /// Reads the snapshots. A file that is not a snapshot but has the name of one of `current` is an error.
    pub(super) fn read(&self, current: &Pages) -> Result<Pages, Failure> {
        let mut pages = Pages::new();
        let entries = match fs::read_dir(&self.0) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(pages),
            entries => entries.map_err(|source| read_failure(&self.0, source))?,
        };
        for entry in entries {
            let path = entry.map_err(|source| read_failure(&self.0, source))?.path();
            let Some(file) = path.file_name().and_then(|name| name.to_str()) else { continue };
            if !path.is_file() || !file.ends_with(".txt") {
                continue;
            }
            let bytes = fs::read(&path).map_err(|source| read_failure(&path, source))?;
            match String::from_utf8(bytes).ok().filter(|text| is_page(text)) {
                Some(text) => drop(pages.insert(file.to_owned(), text)),
                None if current.contains_key(file) => return Err(Failure::Snapshot(not_a_snapshot(&path))),
                None => {}
            }
        }
        Ok(pages)
    }

    /// Writes a snapshot, whole or not at all.
    pub(super) fn write(&self, file: &str, text: &str) -> Result<(), Failure> {
        let path = self.path(file);
        let written = fs::create_dir_all(&self.0).and_then(|()| replace(&path, text));
        written.map_err(|source| Failure::Write { path, source })
    }

    pub(super) fn remove(&self, file: &str) -> Result<(), Failure> {
        let path = self.path(file);
        fs::remove_file(&path).map_err(|source| Failure::Write { path, source })
    }
}

fn read_failure(path: &Path, source: io::Error) -> Failure {
    Failure::Read { path: path.to_owned(), source }
}

fn not_a_snapshot(path: &Path) -> String {
    format!(
        "`{}` was not written by `meterwarden snapshot`, and a snapshot has this name; move the file away",
        path.display()
    )
}
