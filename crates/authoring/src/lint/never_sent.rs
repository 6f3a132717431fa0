//! `never-sent`: a service that nobody may ever send.

use std::collections::BTreeSet;

use super::service_interval::{ServiceInterval, ServiceIntervals};
use meterwarden::language::diagnostic::{Code, Diagnostic};
use meterwarden::policy::{Effect, Service};

/// Services of which no request is ever permitted. A service with a redundant permit is left out: the finding about the
/// permit says it already.
pub(super) fn find(intervals: &ServiceIntervals<'_>, redundant_permits: &BTreeSet<usize>) -> Vec<Diagnostic> {
    let services = intervals.policy.services().iter().enumerate();
    let never_sent = services.filter(|(index, service)| {
        let is_reported = service.rules.iter().any(|covered| redundant_permits.contains(&covered.rule));
        service.closed.is_none() && !is_reported && intervals.of_service(*index).all(permits_nothing)
    });
    never_sent.map(|(_, service)| finding(intervals, service)).collect()
}

/// Whether every request of an interval is refused.
pub(super) fn permits_nothing(interval: &ServiceInterval<'_>) -> bool {
    interval
        .permit_boxes()
        .all(|permit| interval.is_covered(permit.cube, |other| !interval.is_permit(other.index)))
}

fn finding(intervals: &ServiceIntervals<'_>, service: &Service) -> Diagnostic {
    let message = format!("nobody may ever send service `{}`", service.name);
    let covering = service.rules.iter().filter_map(|covered| intervals.policy.rules().get(covered.rule));
    let permits = covering.filter(|rule| rule.effect == Effect::Permit);
    let finding = Diagnostic::new(Code::NeverSent, service.span, message)
        .help("write a permit for it, or say why there is none: `closed \"…\"`");
    permits.fold(finding, |finding, rule| {
        finding.because(rule.name_span, "every request that it matches is forbidden")
    })
}
