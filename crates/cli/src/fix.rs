//! `meterwarden check --fix`: writes what was mended.

use std::fs;
use std::io::Write;
use std::path::Path;

use meterwarden::{LoadError, Source, files, relative};
use meterwarden_authoring::{Fixed, fix};

use crate::args::{Findings, Rules};
use crate::failure::Failure;
use crate::replace::replace;
use crate::terminal;

/// Mends the rule files of a folder, and says so to people.
pub(crate) fn mend(rules: &Rules, format: Findings) -> Result<(), Failure> {
    let Some(folder) = &rules.folder else { return Ok(()) };
    let Some(before) = read(folder)? else { return Ok(()) };
    let Fixed { sources, findings: mended } = fix(before.clone());
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
