//! One mistake, one finding: of two findings that say the same about one place, only the more precise is reported.

use meterwarden::language::diagnostic::{Code, Diagnostic};
use meterwarden::policy::source::Span;

/// Pairs of codes. Where there is a finding of the first code, a finding of the second adds nothing.
const MORE_PRECISE: &[(Code, Code)] = &[
    (Code::RepeatedItem, Code::IdleItem),
    (Code::RepeatedItem, Code::IdleService),
    (Code::RepeatedItem, Code::IdleExcept),
    (Code::UnusedField, Code::NeverCarried),
    (Code::ServicesAlike, Code::RepeatedText),
    (Code::AlreadyPermitted, Code::RepeatedText),
];

pub(super) fn suppress_duplicates(mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    for (precise, duplicate) in MORE_PRECISE {
        if findings.iter().any(|finding| finding.code == *duplicate) {
            let places = FindingPlaces::of(&findings, *precise);
            findings.retain(|finding| finding.code != *duplicate || !places.overlap(finding.span));
        }
    }
    findings
}

/// The places that the findings of one code are about or refer to, sorted and merged so that they do not overlap.
struct FindingPlaces(Vec<Span>);

impl FindingPlaces {
    fn of(findings: &[Diagnostic], code: Code) -> Self {
        let of_code = findings.iter().filter(|finding| finding.code == code);
        let spans =
            of_code.flat_map(|finding| finding.because.iter().map(|(span, _)| *span).chain([finding.span]));
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

    /// Whether a place overlaps one of these places.
    fn overlap(&self, place: Span) -> bool {
        let first = self.0.partition_point(|span| (span.file, span.end) <= (place.file, place.start));
        self.0.get(first).is_some_and(|span| span.file == place.file && span.start < place.end)
    }
}
