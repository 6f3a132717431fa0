//! `unread-file`: a file beside the rules that looks like a rule file or a scenario file, and is not read.

use meterwarden::language::diagnostic::{Code, Diagnostic, Diagnostics};
use meterwarden::parse;
use meterwarden::policy::source::{Source, Span};

/// Wrong endings, each with the ending that is probably meant.
const WRONG_ENDINGS: &[(&str, &str)] = &[
    (".rule", ".rules"),
    (".rules.txt", ".rules"),
    (".scenarios.yml", ".scenarios.yaml"),
    (".scenario.yaml", ".scenarios.yaml"),
    (".scenario.yml", ".scenarios.yaml"),
    (".scenarios.yaml.txt", ".scenarios.yaml"),
];

/// The endings of files that are read, in small letters.
const READ_ENDINGS: &[&str] = &[".rules", ".scenarios.yaml"];

/// Whether a file that is not read has a name that makes it worth examining with [`lint_unread`].
pub fn is_likely_rule_file(path: &str) -> bool {
    wrong_ending(path).is_some() || path.to_lowercase().ends_with(".txt")
}

/// The findings about files of a policy's folder that are neither rule files nor scenario files.
pub fn lint_unread(mut files: Vec<Source>) -> Diagnostics {
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let found = files.iter().zip(0..).filter_map(|(source, file)| finding(source, file)).collect();
    Diagnostics::new(files, found)
}

fn finding(source: &Source, file: u32) -> Option<Diagnostic> {
    let name = source.path.rsplit('/').next().unwrap_or(&source.path);
    let (stem, ending) = match wrong_ending(&source.path) {
        Some((length, ending)) => (name.get(..name.len() - length)?, ending),
        None if is_rules(source) => (name.rsplit_once('.').map_or(name, |(stem, _)| stem), ".rules"),
        None => return None,
    };
    let message = format!("`{name}` is not read");
    let finding = Diagnostic::new(Code::UnreadFile, Span { file, start: 0, end: 0 }, message);
    Some(finding.help(format!("call it `{stem}{ending}`, or move it to another folder")))
}

/// The length of the wrong ending of a path, and the right ending.
fn wrong_ending(path: &str) -> Option<(usize, &'static str)> {
    let lower = path.to_lowercase();
    let has_capitals = |ending: &&&str| lower.ends_with(**ending) && !path.ends_with(**ending);
    if let Some(ending) = READ_ENDINGS.iter().find(has_capitals) {
        return Some((ending.len(), ending));
    }
    WRONG_ENDINGS.iter().find(|(wrong, _)| lower.ends_with(wrong)).map(|(wrong, right)| (wrong.len(), *right))
}

/// Whether the text is valid rules.
fn is_rules(source: &Source) -> bool {
    let parsed = parse(source, 0);
    !parsed.file.items.is_empty() && parsed.found.is_empty()
}
