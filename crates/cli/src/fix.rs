//! `meterwarden check --fix`: writes what was mended.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use meterwarden::{Fixed, LoadError, Source, files, fix, relative};

use crate::args::{Findings, Rules};
use crate::failure::Failure;
use crate::terminal;

/// Mends the rule files of a folder, and says so to people.
pub(crate) fn mend(rules: &Rules, format: Findings) -> Result<(), Failure> {
    let Some(folder) = &rules.folder else { return Ok(()) };
    let Some(before) = read(folder)? else { return Ok(()) };
    let Fixed { sources, mended } = fix(before.clone());
    for source in &sources {
        if !before.contains(source) {
            let path = folder.join(&source.path);
            replace(&path, &source.text).map_err(|source| Failure::Write { path, source })?;
        }
    }
    if format == Findings::Human {
        let mut out = terminal::stdout();
        for one in &mended {
            let message = terminal::one_line(&one.message);
            writeln!(out, "mended {}:{}: {message} [{}]", one.path, one.line, one.code)?;
        }
        out.flush()?;
    }
    Ok(())
}

/// The rule files; nothing where one is no text, which the check is going to say.
fn read(folder: &Path) -> Result<Option<Vec<Source>>, Failure> {
    let mut sources = Vec::new();
    for path in files(folder, "rules")? {
        let bytes = fs::read(&path).map_err(|source| LoadError::Read { path: path.clone(), source })?;
        let Ok(text) = String::from_utf8(bytes) else { return Ok(None) };
        sources.push(Source::new(relative(folder, &path), text));
    }
    Ok(Some(sources))
}

/// Writes a file whole or not at all: a new one beside it takes its place.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let path = fs::canonicalize(path)?; // a link goes on pointing where it does
    let mut name = path.clone().into_os_string();
    name.push(".mended");
    let beside = PathBuf::from(name);
    let mut file = fs::File::create_new(&beside)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    let permissions = fs::metadata(&path).and_then(|like| fs::set_permissions(&beside, like.permissions()));
    let replaced = written.and(permissions).and_then(|()| fs::rename(&beside, &path));
    if replaced.is_err() {
        let _ = fs::remove_file(&beside); // the first error is the one to report
    }
    replaced
}
