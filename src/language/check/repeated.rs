//! A name that is unknown in several places is most likely misspelt or missing where it is declared. That is one
//! mistake, so it is one finding.

use std::collections::{HashMap, HashSet};

use crate::language::diagnostic::{Code, Diagnostic};
use crate::policy::source::Span;

/// The findings in the order of the text, with those about one unknown name merged into the first of them. If they all
/// suggest the same name, that name is most likely the one that is misspelt; `declaration` is where it is declared.
pub(super) fn merge(
    mut findings: Vec<Diagnostic>,
    declaration: impl Fn(Code, &str) -> Option<Span>,
) -> Vec<Diagnostic> {
    findings.sort_by_key(|finding| finding.span);
    let mut counts: HashMap<Mistake, usize> = HashMap::new();
    for finding in findings.iter().filter(|finding| is_unknown(finding.code)) {
        *counts.entry(mistake(finding)).or_default() += 1;
    }
    let mut merged_mistakes: HashSet<Mistake> = HashSet::new();
    let mut merged: Vec<Diagnostic> = Vec::new();
    for mut finding in findings {
        let mistake = mistake(&finding);
        let count = counts.get(&mistake).copied().unwrap_or_default();
        if count > 1 {
            if !merged_mistakes.insert(mistake) {
                continue;
            }
            let places = if count > 2 { "places" } else { "place" };
            finding.label = Some(format!("and in {} more {places}", count - 1));
            if let Some(span) = suggestion(&finding).and_then(|name| declaration(finding.code, name)) {
                finding = finding.because(span, "is this one misspelt?");
            }
        }
        merged.push(finding);
    }
    merged
}

/// What makes two findings one mistake: the code, and a text that they share.
type Mistake = (Code, String);

/// If a finding suggests one name, its mistake is the unknown name and this suggestion: a value that several attributes
/// share is misspelt for all of them. Otherwise it is the message.
fn mistake(finding: &Diagnostic) -> Mistake {
    match suggestion(finding) {
        Some(_) => (finding.code, format!("{:?} {:?}", finding.message.split('`').nth(1), finding.help)),
        None => (finding.code, finding.message.clone()),
    }
}

/// The name that a finding suggests, if it suggests exactly one.
fn suggestion(finding: &Diagnostic) -> Option<&str> {
    let name = finding.help.as_ref()?.strip_prefix("did you mean `")?.strip_suffix("`?")?;
    (!name.contains('`')).then_some(name)
}

/// Whether a code is about an unknown name.
pub(super) fn is_unknown(code: Code) -> bool {
    matches!(
        code,
        Code::UnknownAttribute
            | Code::UnknownValue
            | Code::UnknownField
            | Code::UnknownCondition
            | Code::UnknownModification
            | Code::UnknownService
            | Code::UnknownTag
    )
}
