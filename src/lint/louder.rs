//! One mistake, one finding: of two that say the same of one place, the one whose words say more.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// Where a finding of the first code stands, one of the second adds nothing.
const LOUDER: &[(Code, Code)] = &[
    (Code::RepeatedItem, Code::IdleItem),
    (Code::RepeatedItem, Code::IdleService),
    (Code::RepeatedItem, Code::IdleExcept),
    (Code::UnusedField, Code::NeverCarried),
    (Code::ServicesAlike, Code::RepeatedText),
    (Code::AlreadyPermitted, Code::RepeatedText),
];

pub(super) fn only(found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let drowned = |one: &Diagnostic| {
        let louder = LOUDER.iter().filter(|(_, quieter)| *quieter == one.code).map(|(louder, _)| *louder);
        louder
            .into_iter()
            .any(|louder| found.iter().any(|other| other.code == louder && is_about(other, one.span)))
    };
    let keep: Vec<bool> = found.iter().map(|one| !drowned(one)).collect();
    found.into_iter().zip(keep).filter_map(|(one, keep)| keep.then_some(one)).collect()
}

/// Whether a finding is about a place, or explains itself by it.
fn is_about(one: &Diagnostic, place: Span) -> bool {
    let overlap = |span: &Span| span.file == place.file && span.start < place.end && place.start < span.end;
    overlap(&one.span) || one.because.iter().any(|(span, _)| overlap(span))
}
