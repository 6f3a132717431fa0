//! The text to remove when a part of a rule is dropped.

use meterwarden::policy::Policy;
use meterwarden::policy::source::Span;

/// A part of a rule, with its whole lines if nothing else is on them. `None` if a comment would lose what it is about.
pub(super) fn line(policy: &Policy, part: Span) -> Option<Span> {
    let text = policy.sources().get(part.file as usize)?.text.as_str();
    let (before, after) = (text.get(..part.start as usize)?, text.get(part.end as usize..)?);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let rest_of_line = after.split_inclusive('\n').next().unwrap_or_default();
    if text.get(part.start as usize..part.end as usize)?.contains("//") || rest_of_line.contains("//") {
        return None;
    }
    if before.get(line_start..)?.trim().is_empty() && rest_of_line.trim().is_empty() {
        return span(part.file, line_start, part.end as usize + rest_of_line.len());
    }
    span(part.file, before.trim_end_matches([' ', '\t']).len(), part.end as usize)
}

/// An item of a list, with the comma that joins it to the others. `None` if it is the only item, or if there is a
/// comment between the items.
pub(super) fn item(policy: &Policy, list: &[Span], item: Span) -> Option<Span> {
    let index = list.iter().position(|other| *other == item)?;
    let span = match (index.checked_sub(1).and_then(|before| list.get(before)), list.get(index + 1)) {
        (Some(before), _) => Span { start: before.end, ..item },
        (None, Some(after)) => Span { end: after.start, ..item },
        (None, None) => return None,
    };
    (!policy.text(span).contains("//")).then_some(span)
}

fn span(file: u32, start: usize, end: usize) -> Option<Span> {
    Some(Span { file, start: u32::try_from(start).ok()?, end: u32::try_from(end).ok()? })
}
