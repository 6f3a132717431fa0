//! A name that is unknown in several places is most likely misspelt, or missing, where it is declared: one mistake, and
//! one finding.

use std::collections::HashMap;

use crate::diagnostic::{Code, Diagnostic};

/// The findings, those that several places share as one at the first of them.
pub(super) fn folded(mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    found.sort_by_key(|one| one.span);
    let mut places: HashMap<(Code, String), usize> = HashMap::new();
    for one in found.iter().filter(|one| is_unknown(one.code)) {
        *places.entry((one.code, one.message.clone())).or_default() += 1;
    }
    let mut kept = Vec::new();
    for mut one in found {
        let key = (one.code, one.message.clone());
        match places.get(&key).copied() {
            Some(0) => continue, // said at the first place
            Some(count) if count > 1 => {
                places.insert(key, 0);
                let places = if count > 2 { "places" } else { "place" };
                one.label = Some(format!("and in {} more {places}", count - 1));
            }
            _ => {}
        }
        kept.push(one);
    }
    kept
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
