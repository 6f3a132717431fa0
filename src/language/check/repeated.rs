//! A name that is unknown in several places is most likely misspelt, or missing, where it is declared: one mistake, and
//! one finding.

use std::collections::HashMap;

use crate::language::diagnostic::{Code, Diagnostic};
use crate::policy::source::Span;

/// The findings, those that several places share as one at the first of them. Where they all seem to mean one name,
/// that is most likely the one misspelt: `declared` tells where it is declared.
pub(super) fn folded(
    mut found: Vec<Diagnostic>,
    declared: impl Fn(Code, &str) -> Option<Span>,
) -> Vec<Diagnostic> {
    found.sort_by_key(|one| one.span);
    let mut places: HashMap<(Code, String), usize> = HashMap::new();
    for one in found.iter().filter(|one| is_unknown(one.code)) {
        *places.entry(mistake(one)).or_default() += 1;
    }
    let mut kept: Vec<Diagnostic> = Vec::new();
    for mut one in found {
        let key = mistake(&one);
        match places.get(&key).copied() {
            Some(0) => {
                // Said at the first place, with which it is mended.
                let first = kept.iter_mut().find(|first| (first.code, &first.message) == (key.0, &key.1));
                first.into_iter().for_each(|first| first.fix.append(&mut one.fix));
                continue;
            }
            Some(count) if count > 1 => {
                places.insert(key, 0);
                let places = if count > 2 { "places" } else { "place" };
                one.label = Some(format!("and in {} more {places}", count - 1));
                if let Some(meant) = meant(&one).and_then(|name| declared(one.code, name)) {
                    one = one.because(meant, "is this one misspelt?");
                }
            }
            _ => {}
        }
        kept.push(one);
    }
    kept
}

/// What makes two findings one mistake: the name, and what was meant by it. A value that attributes share is
/// misspelt for all of them.
fn mistake(one: &Diagnostic) -> (Code, String) {
    match meant(one) {
        Some(_) => (one.code, format!("{:?} {:?}", one.message.split('`').nth(1), one.help)),
        None => (one.code, one.message.clone()),
    }
}

/// The name that a finding proposes, if it is one only.
fn meant(one: &Diagnostic) -> Option<&str> {
    one.help.as_ref()?.strip_prefix("did you mean `")?.strip_suffix("`?").filter(|name| !name.contains('`'))
}

/// Whether it says that a name means nothing.
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
