//! `unread-file`: a file beside the rules that looks as if it were read, and is not.

use meterwarden::language::diagnostic::{Code, Diagnostic, Diagnostics};
use meterwarden::language::parse::parse;
use meterwarden::policy::source::{Source, Span};

/// Endings that are slips for one that is read.
const SLIPS: &[(&str, &str)] = &[
    (".rule", ".rules"),
    (".rules.txt", ".rules"),
    (".scenarios.yml", ".scenarios.yaml"),
    (".scenario.yaml", ".scenarios.yaml"),
    (".scenario.yml", ".scenarios.yaml"),
    (".scenarios.yaml.txt", ".scenarios.yaml"),
];

/// The endings that are read, in lower case.
const READ: &[&str] = &[".rules", ".scenarios.yaml"];

/// Whether the name of a file that is not read makes one look into it.
pub fn is_likely_rule_file(path: &str) -> bool {
    slip(path).is_some() || path.to_lowercase().ends_with(".txt")
}

/// What is to be said of the files of a folder that are neither rules nor scenarios.
pub fn lint_unread(mut files: Vec<Source>) -> Diagnostics {
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let found = files.iter().zip(0..).filter_map(|(source, file)| unread(source, file)).collect();
    Diagnostics::new(files, found)
}

fn unread(source: &Source, file: u32) -> Option<Diagnostic> {
    let name = source.path.rsplit('/').next().unwrap_or(&source.path);
    let (stem, ending) = match slip(&source.path) {
        Some((length, ending)) => (name.get(..name.len() - length)?, ending),
        None if holds_rules(source) => (name.rsplit_once('.').map_or(name, |(stem, _)| stem), ".rules"),
        None => return None,
    };
    let message = format!("`{name}` is not read");
    let found = Diagnostic::new(Code::UnreadFile, Span { file, start: 0, end: 0 }, message);
    Some(found.help(format!("call it `{stem}{ending}`, or move it to another folder")))
}

/// How long the wrong ending of a path is, and the right one.
fn slip(path: &str) -> Option<(usize, &'static str)> {
    let lower = path.to_lowercase();
    let known = |ending: &&&str| lower.ends_with(**ending) && !path.ends_with(**ending);
    if let Some(ending) = READ.iter().find(known) {
        return Some((ending.len(), ending));
    }
    SLIPS.iter().find(|(wrong, _)| lower.ends_with(wrong)).map(|(wrong, right)| (wrong.len(), *right))
}

fn holds_rules(source: &Source) -> bool {
    let parsed = parse(source, 0);
    !parsed.file.items.is_empty() && parsed.found.is_empty()
}
