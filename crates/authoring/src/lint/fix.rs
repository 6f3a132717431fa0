//! What to take out of the text where something can be dropped.

use meterwarden::policy::Policy;
use meterwarden::policy::source::Span;

/// A part of a rule, with its whole lines where it stands alone on them. Nothing where a comment would lose what it is
/// about.
pub(super) fn line(policy: &Policy, span: Span) -> Option<Span> {
    let text = policy.sources().get(span.file as usize)?.text.as_str();
    let (before, after) = (text.get(..span.start as usize)?, text.get(span.end as usize..)?);
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let rest = after.split_inclusive('\n').next().unwrap_or_default();
    if text.get(span.start as usize..span.end as usize)?.contains("//") || rest.contains("//") {
        return None;
    }
    if before.get(start..)?.trim().is_empty() && rest.trim().is_empty() {
        return place(span, start, span.end as usize + rest.len());
    }
    place(span, before.trim_end_matches([' ', '\t']).len(), span.end as usize)
}

/// An item of a list, with the comma that joins it to the others. Nothing where a comment stands between them.
pub(super) fn item(policy: &Policy, list: &[Span], item: Span) -> Option<Span> {
    let at = list.iter().position(|one| *one == item)?;
    let span = match (at.checked_sub(1).and_then(|before| list.get(before)), list.get(at + 1)) {
        (Some(before), _) => Span { start: before.end, ..item },
        (None, Some(after)) => Span { end: after.start, ..item },
        (None, None) => return None,
    };
    (!policy.text(span).contains("//")).then_some(span)
}

fn place(span: Span, start: usize, end: usize) -> Option<Span> {
    Some(Span { file: span.file, start: u32::try_from(start).ok()?, end: u32::try_from(end).ok()? })
}
