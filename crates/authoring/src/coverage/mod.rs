//! How much of the rules the scenarios show: which rules decided, which clauses made the difference on their own, and
//! how much of the space of requests some case pins. docs/coverage.md says it in full.

mod example;
mod pinned;
mod report;
mod sharp;
mod showing;

use std::collections::BTreeMap;

pub(crate) use example::Usual;
pub(crate) use showing::{Part, Showing, Stretch};
use showing::{bounds, parts};

use serde::Serialize;

use crate::scenario::{Filter, ScenarioFile};
use meterwarden::decide::request::Request;
use meterwarden::plan::Plan;
use meterwarden::policy::source::Span;
use meterwarden::policy::{Edge, Policy, Rule, Service};

/// What the cases show of a policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Every rule, in policy order.
    pub rules: Vec<RuleCoverage>,
    /// Every service, in policy order.
    pub services: Vec<ServiceCoverage>,
}

/// What the cases show of one rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleCoverage {
    /// `8.4/esme-variant-correction`
    #[serde(rename = "rule")]
    pub name: String,
    /// The file and the line of its name.
    pub place: String,
    /// Whether a case was decided by it: a permit that matches in a permitted case, a forbid that matches in a case that
    /// a permit matches too.
    pub hit: Seen,
    /// Its clauses, its dates first and those of its conditions' cases last.
    pub clauses: Vec<ClauseCoverage>,
}

/// What the cases show of one clause of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClauseCoverage {
    /// As the rule says it: `status Pending`.
    #[serde(rename = "clause")]
    pub text: String,
    /// The case of a condition that it stands in, if it does.
    #[serde(flatten)]
    pub case: Option<CaseOf>,
    /// The file and the line of the clause, or of the `when` that brings it in.
    pub place: String,
    /// Seen true: the rule decides.
    #[serde(rename = "true")]
    pub holds: Seen,
    /// Seen false on its own: all of the rule holds but this clause, and that makes the difference.
    #[serde(rename = "false-alone")]
    pub fails: Seen,
}

/// A case of a condition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CaseOf {
    /// The condition's name.
    pub condition: String,
    /// The number of the case, counted from 1.
    pub case: usize,
}

/// Whether a case shows something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Seen {
    /// No request could show it.
    Never,
    /// A case could, and none does.
    #[default]
    #[serde(rename = "no")]
    Not,
    /// A case does.
    #[serde(rename = "yes")]
    Shown,
}

/// How much of one service's space is pinned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ServiceCoverage {
    /// `8.4`
    #[serde(rename = "service")]
    pub name: String,
    /// How many cases are about it.
    pub cases: usize,
    /// How many of its cells a case pins.
    pub pinned: Share,
}

/// A part of a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Share {
    /// How many.
    pub part: u64,
    /// Of how many.
    pub whole: u64,
}

impl Share {
    /// In tenths of a percent, rounded down, so that 100 % is said of the whole alone. Nothing of nothing is all of it.
    pub fn permille(self) -> u64 {
        self.part.saturating_mul(1000).checked_div(self.whole).unwrap_or(1000)
    }
}

impl Coverage {
    /// How many rules were hit, of those that can be.
    pub fn rules_hit(&self) -> Share {
        share(self.rules.iter().map(|rule| rule.hit))
    }

    /// How many clauses were seen true and false on their own, of those that can be.
    pub fn clauses_shown(&self) -> Share {
        share(self.rules.iter().flat_map(|rule| &rule.clauses).map(ClauseCoverage::seen))
    }

    /// How many cells of all services are pinned.
    pub fn space_pinned(&self) -> Share {
        self.services.iter().fold(Share::default(), |sum, service| Share {
            part: sum.part + service.pinned.part,
            whole: sum.whole + service.pinned.whole,
        })
    }
}

impl ClauseCoverage {
    /// Whether both constraints are shown. A clause of which one constraint cannot be shown cannot be shown at all.
    pub fn seen(&self) -> Seen {
        self.holds.min(self.fails)
    }
}

fn share(all: impl Iterator<Item = Seen>) -> Share {
    let can: Vec<Seen> = all.filter(|seen| *seen != Seen::Never).collect();
    let shown = can.iter().filter(|seen| **seen == Seen::Shown).count();
    Share { part: shown as u64, whole: can.len() as u64 }
}

/// Works out what the cases of scenario files show of a policy, whether they pass or not. Where a filter names services,
/// of their rules alone.
pub fn coverage(plan: &Plan, files: &[ScenarioFile], filter: &Filter) -> Coverage {
    let policy = plan.policy();
    let stretches = Stretch::all(policy);
    let cases = by_service(plan, files);
    let mut seen = Shown::of(policy, &stretches);
    for (stretches, requests) in stretches.iter().zip(&cases) {
        for request in requests {
            seen.add(stretches, request);
        }
    }
    let service = |rule: usize| Some(policy.services()[policy.rules()[rule].service?].name.as_str());
    let rules = (0..policy.rules().len()).filter(|rule| filter.is_about_rule_of(service(*rule)));
    let mut services = services(plan, &cases);
    services.retain(|one| filter.is_about(&one.name));
    Coverage { rules: rules.map(|rule| seen.rule(policy, rule)).collect(), services }
}

/// The requests of the cases: `cases[s]` are about `policy.services()[s]`.
pub(crate) fn by_service<'f>(plan: &Plan, files: &'f [ScenarioFile]) -> Vec<Vec<&'f Request>> {
    let mut cases = vec![Vec::new(); plan.policy().services().len()];
    for case in files.iter().flat_map(|file| &file.cases) {
        if let Some(service) = plan.policy().service_place(&case.request.service) {
            cases[service].push(&case.request);
        }
    }
    cases
}

fn services(plan: &Plan, cases: &[Vec<&Request>]) -> Vec<ServiceCoverage> {
    let one = |(service, requests): (&Service, &Vec<&Request>)| {
        let (part, whole) = pinned::cells(plan, service, requests);
        ServiceCoverage { name: service.name.clone(), cases: requests.len(), pinned: Share { part, whole } }
    };
    plan.policy().services().iter().zip(cases).map(one).collect()
}

/// What can be shown, and what has been.
pub(crate) struct Shown {
    /// Of each rule, whether it was hit.
    rules: Vec<Seen>,
    /// Of each clause of a rule, whether it was seen to hold and to fail alone.
    clauses: BTreeMap<(usize, Part), [Seen; 2]>,
}

impl Shown {
    /// Nothing shown yet.
    pub(crate) fn of(policy: &Policy, stretches: &[Vec<Stretch<'_>>]) -> Self {
        let mut shown = Self { rules: vec![Seen::Never; policy.rules().len()], clauses: BTreeMap::new() };
        for (nth, rule) in policy.rules().iter().enumerate() {
            let own = parts(policy, rule, &[]).into_iter().flatten();
            for part in bounds(rule).chain(own) {
                shown.clauses.insert((nth, part), [Seen::Never; 2]);
            }
        }
        for stretch in stretches.iter().flatten() {
            for showing in &stretch.showings {
                let known = shown.showing(showing).all(|seen| *seen == Seen::Not);
                if !known && stretch.example(showing).is_some() {
                    shown.showing(showing).for_each(|seen| *seen = Seen::Not);
                }
            }
        }
        shown
    }

    /// What a showing shows.
    fn showing<'s>(&'s mut self, showing: &'s Showing) -> impl Iterator<Item = &'s mut Seen> {
        let constraint = usize::from(!showing.holds);
        for part in &showing.parts {
            self.clauses.entry((showing.rule, *part)).or_insert([Seen::Never; 2]);
        }
        let rule = self.rules.get_mut(showing.rule).filter(|_| showing.holds);
        let of_rule = (showing.rule, Part::Since)..(showing.rule + 1, Part::Since);
        let clauses = self.clauses.range_mut(of_rule).filter(|((_, part), _)| showing.parts.contains(part));
        rule.into_iter().chain(clauses.map(move |(_, constraints)| &mut constraints[constraint]))
    }

    /// Whether a showing would show something new. A clause of which only one constraint can be shown is not worth it.
    pub(crate) fn lacks(&self, showing: &Showing) -> bool {
        let constraint = usize::from(!showing.holds);
        let lacks = |part: &Part| {
            let constraints = self.clauses.get(&(showing.rule, *part)).copied().unwrap_or([Seen::Never; 2]);
            constraints[constraint] == Seen::Not && constraints[1 - constraint] != Seen::Never
        };
        showing.parts.iter().any(lacks) || (showing.holds && self.rules[showing.rule] == Seen::Not)
    }

    /// Notes that a showing is shown.
    pub(crate) fn note(&mut self, showing: &Showing) {
        self.showing(showing).for_each(|seen| *seen = Seen::Shown);
    }

    /// Notes what a request shows.
    pub(crate) fn add(&mut self, stretches: &[Stretch<'_>], request: &Request) {
        let found = stretches.iter().rev().find(|one| one.sharp.time.from <= Edge::On(request.at));
        let Some(stretch) = found else { return };
        let Ok(cube) = stretch.sharp.cube(request) else { return };
        for showing in &stretch.showings {
            if self.lacks(showing) && stretch.is_shown(showing, &cube) {
                self.note(showing);
            }
        }
    }

    fn rule(&self, policy: &Policy, nth: usize) -> RuleCoverage {
        let rule = &policy.rules()[nth];
        let of_rule = self.clauses.range((nth, Part::Since)..(nth + 1, Part::Since));
        let clause = |((_, part), constraints): (&(usize, Part), &[Seen; 2])| {
            let (span, case, line) = part.place(policy, rule);
            let [holds, fails] = *constraints;
            ClauseCoverage { text: policy.words(span), case, place: policy.line(line), holds, fails }
        };
        RuleCoverage {
            name: rule.name.clone(),
            place: policy.line(rule.name_span),
            hit: self.rules[nth],
            clauses: of_rule.map(clause).collect(),
        }
    }
}

impl Part {
    /// The clause in the text, the case in which it stands, and the line of the rule that brings it in.
    fn place(self, policy: &Policy, rule: &Rule) -> (Span, Option<CaseOf>, Span) {
        let plain =
            |span: Option<Span>| (span.unwrap_or(rule.name_span), None, span.unwrap_or(rule.name_span));
        match self {
            Self::Since => plain(rule.spans.said().dates[0]),
            Self::Until => plain(rule.spans.said().dates[1]),
            Self::Own(nth) => plain(rule.clauses.get(nth).map(|clause| clause.span)),
            Self::Case { when, case, clause } => {
                let condition = &policy.conditions()[rule.when[when]];
                let of = CaseOf { condition: condition.name.clone(), case: case + 1 };
                let line = rule.spans.said().when.get(when).copied().unwrap_or(rule.name_span);
                (condition.cases[case][clause].span, Some(of), line)
            }
        }
    }
}
