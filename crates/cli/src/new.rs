//! `meterwarden new`

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use meterwarden::LoadError;
use meterwarden_authoring::scaffold;

use crate::args::New;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::terminal;

/// Writes the files of a first policy into a folder, which may hold other files.
pub(crate) fn run(arguments: &New) -> Result<Exit, Failure> {
    let files = scaffold::files().map_err(LoadError::from)?;
    let folder = &arguments.folder;
    if let Some((path, _)) = files.iter().find(|(path, _)| fs::symlink_metadata(folder.join(path)).is_ok()) {
        return Err(Failure::Exists(folder.join(path)));
    }
    let mut out = terminal::stdout();
    for (path, text) in &files {
        let path = folder.join(path);
        write(&path, text).map_err(|source| Failure::Write { path: path.clone(), source })?;
        writeln!(out, "{}", path.display())?;
    }
    let rules_folder = folder.join(scaffold::RULES);
    let rules = terminal::one_line(&rules_folder.display().to_string());
    writeln!(out, "\nthe first policy is written; next: meterwarden test --rules {rules}")?;
    out.flush()?;
    Ok(Exit::Fine)
}

/// Writes a file that must not exist.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    File::create_new(path)?.write_all(text.as_bytes())
}
