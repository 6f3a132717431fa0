//! How much of the rules the scenarios cover: which rules decided, which clauses made the difference on their own, and
//! how much of the space of requests some case pins. docs/coverage.md defines it in full.

mod clause_space;
mod obligation;
mod pinned_cells;
mod report;
mod state;
mod typical_request;

pub(crate) use obligation::{ClauseId, Obligation, ObligationInterval};
pub(crate) use state::CoverageState;
pub(crate) use typical_request::TypicalFacts;

use serde::Serialize;

use crate::scenario::{Filter, ScenarioFile};
use meterwarden::decide::request::Request;
use meterwarden::plan::Plan;

/// What the cases cover of a policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Every rule, in policy order.
    pub rules: Vec<RuleCoverage>,
    /// Every service, in policy order.
    pub services: Vec<ServiceCoverage>,
}

/// What the cases cover of one rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleCoverage {
    /// `8.4/esme-variant-correction`
    #[serde(rename = "rule")]
    pub name: String,
    /// The file and the line of its name.
    pub place: String,
    /// Whether it decided a case: a permit that matches in a permitted case, or a forbid that matches in a case that a
    /// permit matches too.
    pub hit: Status,
    /// Its clauses: first its dates, then its own clauses, then those of its conditions.
    pub clauses: Vec<ClauseCoverage>,
}

/// What the cases cover of one clause of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClauseCoverage {
    /// As the rule has it: `status Pending`.
    #[serde(rename = "clause")]
    pub text: String,
    /// The alternative of a condition that the clause is in, if it is in one.
    #[serde(flatten)]
    pub alternative: Option<AlternativeOf>,
    /// The file and the line of the clause, or of the `when` that names its condition.
    pub place: String,
    /// Whether it was true in a case that the rule decides.
    #[serde(rename = "true")]
    pub holds: Status,
    /// Whether it was false on its own: everything else of the rule holds, and this clause makes the difference.
    #[serde(rename = "false-alone")]
    pub fails: Status,
}

/// An alternative of a condition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AlternativeOf {
    /// The condition's name.
    pub condition: String,
    /// The number of the alternative, counted from 1.
    #[serde(rename = "case")]
    pub number: usize,
}

/// Whether a case covers something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Status {
    /// No request could cover it.
    #[serde(rename = "never")]
    Impossible,
    /// A case could cover it, and none does.
    #[default]
    #[serde(rename = "no")]
    Uncovered,
    /// A case covers it.
    #[serde(rename = "yes")]
    Covered,
}

/// How much of one service's space of requests is pinned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ServiceCoverage {
    /// `8.4`
    #[serde(rename = "service")]
    pub name: String,
    /// The number of cases about it.
    pub cases: usize,
    /// The number of its cells that a case pins.
    pub pinned: Share,
}

/// A part of a whole, as two counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Share {
    /// The count of the part.
    pub part: u64,
    /// The count of the whole.
    pub whole: u64,
}

impl Share {
    /// The share in tenths of a percent, rounded down, so that only the whole is 100 %. 0/0 counts as 100 %.
    pub fn permille(self) -> u64 {
        self.part.saturating_mul(1000).checked_div(self.whole).unwrap_or(1000)
    }
}

impl Coverage {
    /// The number of rules that were hit, out of those that can be.
    pub fn rules_hit(&self) -> Share {
        covered(self.rules.iter().map(|rule| rule.hit))
    }

    /// The number of clauses that were seen true and false on their own, out of those that can be.
    pub fn clauses_shown(&self) -> Share {
        covered(self.rules.iter().flat_map(|rule| &rule.clauses).map(ClauseCoverage::status))
    }

    /// The number of cells of all services that are pinned.
    pub fn space_pinned(&self) -> Share {
        self.services.iter().fold(Share::default(), |sum, service| Share {
            part: sum.part + service.pinned.part,
            whole: sum.whole + service.pinned.whole,
        })
    }
}

impl ClauseCoverage {
    /// Whether the clause was seen both true and false on its own. It is impossible if either is.
    pub fn status(&self) -> Status {
        self.holds.min(self.fails)
    }
}

fn covered(statuses: impl Iterator<Item = Status>) -> Share {
    let possible: Vec<Status> = statuses.filter(|status| *status != Status::Impossible).collect();
    let covered = possible.iter().filter(|status| **status == Status::Covered).count();
    Share { part: covered as u64, whole: possible.len() as u64 }
}

/// What the cases of scenario files cover of a policy, whether they pass or not. If the filter names services, only the
/// rules of these services are measured.
pub fn coverage(plan: &Plan, files: &[ScenarioFile], filter: &Filter) -> Coverage {
    let policy = plan.policy();
    let intervals = ObligationInterval::all(policy);
    let requests = requests_by_service(plan, files);
    let mut state = CoverageState::of(policy, &intervals);
    for (intervals, requests) in intervals.iter().zip(&requests) {
        for request in requests {
            state.add(intervals, request);
        }
    }
    let service = |rule: usize| Some(policy.services()[policy.rules()[rule].service?].name.as_str());
    let rules = (0..policy.rules().len()).filter(|rule| filter.is_about_rule_of(service(*rule)));
    let rules = rules.map(|rule| state.rule(policy, rule)).collect();
    let services =
        policy.services().iter().zip(&requests).filter(|(service, _)| filter.is_about(&service.name));
    let services = services.map(|(service, requests)| ServiceCoverage {
        name: service.name.clone(),
        cases: requests.len(),
        pinned: pinned_cells::pinned_cells(plan, service, requests),
    });
    Coverage { rules, services: services.collect() }
}

/// The requests of the cases: `requests[s]` are those for `policy.services()[s]`.
pub(crate) fn requests_by_service<'f>(plan: &Plan, files: &'f [ScenarioFile]) -> Vec<Vec<&'f Request>> {
    let mut requests = vec![Vec::new(); plan.policy().services().len()];
    for case in files.iter().flat_map(|file| &file.cases) {
        if let Some(service) = plan.policy().service_index_of(&case.request.service) {
            requests[service].push(&case.request);
        }
    }
    requests
}
