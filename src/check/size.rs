//! `too-large`: a service whose space of requests is too large to be decided exactly while facts are missing.

use super::names::Names;
use crate::compile::{MOST_TESTS, distinct_tests, epoch, service_edges};
use crate::diagnostic::{Code, Diagnostic};
use crate::policy::{Edge, Policy, Service};

/// The largest space that a service may have, in kinds of request.
const MOST_CELLS: u64 = 1_000_000;

pub(super) fn check(policy: &Policy, names: &mut Names<'_>) {
    for service in &policy.services {
        let starts = [Edge::Start].into_iter().chain(service_edges(policy, service));
        if let Some(found) = starts.into_iter().find_map(|at| too_large(policy, service, at)) {
            names.report(found);
        }
    }
}

fn too_large(policy: &Policy, service: &Service, at: Edge) -> Option<Diagnostic> {
    let epoch = epoch(policy, service, at);
    for (nth, attribute) in policy.attributes.iter().enumerate() {
        let tests = distinct_tests(nth, &epoch.boxes).len();
        if tests > MOST_TESTS {
            let message = format!(
                "the rules of service `{}` ask {tests} different questions about `{}`; {MOST_TESTS} are the most",
                service.name, attribute.name
            );
            return Some(Diagnostic::new(Code::TooLarge, service.span, message).help(HELP));
        }
    }
    let cells = epoch.cells();
    (cells > MOST_CELLS).then(|| {
        let message = format!(
            "the rules of service `{}` tell {cells} kinds of request apart; {MOST_CELLS} are the most",
            service.name
        );
        Diagnostic::new(Code::TooLarge, service.span, message).help(HELP)
    })
}

const HELP: &str =
    "let its rules name fewer different lists, or split the service's rules between fewer attributes";
