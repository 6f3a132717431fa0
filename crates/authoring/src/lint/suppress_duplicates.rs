//! One mistake, one finding: of two that say the same of one place, the one whose words say more.

use meterwarden::language::diagnostic::{Code, Diagnostic};
use meterwarden::policy::source::Span;

/// Where a finding of the first code stands, one of the second adds nothing.
const LOUDER: &[(Code, Code)] = &[
    (Code::RepeatedItem, Code::IdleItem),
    (Code::RepeatedItem, Code::IdleService),
    (Code::RepeatedItem, Code::IdleExcept),
    (Code::UnusedField, Code::NeverCarried),
    (Code::ServicesAlike, Code::RepeatedText),
    (Code::AlreadyPermitted, Code::RepeatedText),
];

pub(super) fn only(mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    for (louder, quieter) in LOUDER {
        if found.iter().any(|one| one.code == *quieter) {
            let told = Told::by(&found, *louder);
            found.retain(|one| one.code != *quieter || !told.about(one.span));
        }
    }
    found
}

/// The places that findings of one code are about, or explain themselves by: apart from each other and in order.
struct Told(Vec<Span>);

impl Told {
    fn by(found: &[Diagnostic], code: Code) -> Self {
        let such = found.iter().filter(|one| one.code == code);
        let spans = such.flat_map(|one| one.because.iter().map(|(span, _)| *span).chain([one.span]));
        let mut spans: Vec<Span> = spans.collect();
        spans.sort_unstable_by_key(|span| (span.file, span.start));
        spans.dedup_by(|next, last| {
            let overlap = next.file == last.file && next.start < last.end;
            if overlap {
                last.end = last.end.max(next.end);
            }
            overlap
        });
        Self(spans)
    }

    fn about(&self, place: Span) -> bool {
        let first = self.0.partition_point(|span| (span.file, span.end) <= (place.file, place.start));
        self.0.get(first).is_some_and(|span| span.file == place.file && span.start < place.end)
    }
}
