//! `meterwarden check --fix`: writes the corrected rule files.

use std::fs;
use std::io::Write;
use std::path::Path;

use meterwarden::{LoadError, Source, files, relative};
use meterwarden_authoring::{Fixed, fix};

use crate::args::{Findings, Rules};
use crate::failure::Failure;
use crate::replace::replace;
use crate::terminal;

/// Fixes what is unambiguous in the rule files of a folder, and lists the fixes for people.
pub(super) fn fix_folder(rules: &Rules, format: Findings) -> Result<(), Failure> {
    let Some(folder) = &rules.folder else { return Ok(()) };
    let Some(originals) = read_rule_files(folder)? else { return Ok(()) };
    let Fixed { sources, findings: mended } = fix(originals.clone());
    for source in &sources {
        if !originals.contains(source) {
            let path = folder.join(&source.path);
            replace(&path, &source.text).map_err(|source| Failure::Write { path, source })?;
        }
    }
    if format == Findings::Human {
        let mut out = terminal::stdout();
        for finding in &mended {
            let message = terminal::one_line(&finding.message);
            writeln!(out, "fixed {}:{}: {message} [{}]", finding.path, finding.line, finding.code)?;
        }
        out.flush()?;
    }
    Ok(())
}

/// The rule files; `None` if a file is not UTF-8 text, which the check then reports.
fn read_rule_files(folder: &Path) -> Result<Option<Vec<Source>>, Failure> {
    let mut sources = Vec::new();
    for path in files(folder, "rules")? {
        let bytes = fs::read(&path).map_err(|source| LoadError::Read { path: path.clone(), source })?;
        let Ok(text) = String::from_utf8(bytes) else { return Ok(None) };
        sources.push(Source::new(relative(folder, &path), text));
    }
    Ok(Some(sources))
}
