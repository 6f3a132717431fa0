//! Mutation testing of rules: whether the cases would detect that the rules say something else. Every clause, value,
//! date, condition and rule is removed, extended or moved, one small edit at a time. docs/coverage.md lists the edits.

mod edits;
mod equivalence;
mod report;

use serde::Serialize;

use crate::coverage::{Share, TypicalFacts};
use crate::scenario::{Case, Filter, ScenarioFile};
use meterwarden::decide::request::Request;
use meterwarden::decide::{Decision, decide_in};
use meterwarden::plan::Plan;
use meterwarden::policy::{Policy, Service};
use meterwarden::space::{ServicePlan, service_plan};

use edits::Edit;

/// The mutants of a policy, and what happened to each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mutation {
    /// First those of the rules, in policy order, then those of the conditions, then those of the fields of services.
    pub mutants: Vec<Mutant>,
}

/// The policy with one small edit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mutant {
    /// The file and the line of the edit.
    pub place: String,
    /// The rule or condition that is edited, or the service whose `fields` are.
    pub of: String,
    /// The edit: `` `Pending` added to `status Commissioned` ``.
    pub change: String,
    /// What happened to it.
    #[serde(flatten)]
    pub fate: Fate,
}

/// What happened to a mutant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "fate")]
pub enum Fate {
    /// A case that passes for the policy fails for the mutant.
    #[serde(rename = "noticed")]
    Killed {
        /// The first such case: its file, its line and its name.
        by: String,
    },
    /// Every case passes, although some requests are answered differently.
    #[serde(rename = "unnoticed")]
    Survived(Witness),
    /// Every request is answered the same, so that no case could kill it.
    #[serde(rename = "equivalent")]
    Equivalent,
}

/// A request that would kill a mutant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Witness {
    /// The request.
    pub request: Request,
    /// The attributes for which it does not state what most cases of its service state.
    pub unusual: Vec<String>,
    /// The decision of the policy, as text.
    pub before: String,
    /// The decision of the mutant, as text.
    pub after: String,
}

impl Mutation {
    /// The number of mutants that are killed, out of those that can be.
    pub fn killed(&self) -> Share {
        let possible = self.mutants.iter().filter(|mutant| mutant.fate != Fate::Equivalent);
        let killed = self.mutants.iter().filter(|mutant| matches!(mutant.fate, Fate::Killed { .. }));
        Share { part: killed.count() as u64, whole: possible.count() as u64 }
    }

    /// The mutants that no case kills.
    pub fn survivors(&self) -> impl Iterator<Item = (&Mutant, &Witness)> {
        self.mutants.iter().filter_map(|mutant| match &mutant.fate {
            Fate::Survived(witness) => Some((mutant, witness)),
            _ => None,
        })
    }
}

/// Tries every mutant of a policy against the cases of scenario files. A case that fails for the policy itself kills
/// nothing. If the filter names services, only the rules of these services are edited.
pub fn mutate(plan: &Plan, files: &[ScenarioFile], filter: &Filter) -> Mutation {
    let policy = plan.policy();
    let suite = TestSuite::of(plan, files);
    let mut mutated = policy.clone();
    let service_name = |edit: &Edit| edit.service.map(|service| policy.services()[service].name.as_str());
    let edits = edits::all(policy).into_iter().filter(|edit| filter.is_about_rule_of(service_name(edit)));
    let mutants = edits.map(|mut edit| {
        let services = edit.replacement.services(policy);
        edit.replacement.swap(&mut mutated);
        let fate = suite.fate(&mutated, &services);
        edit.replacement.swap(&mut mutated);
        Mutant { place: policy.line(edit.span), of: edit.of, change: edit.words, fate }
    });
    Mutation { mutants: mutants.collect() }
}

/// The cases that can kill a mutant, and the facts that are typical of them.
struct TestSuite<'s> {
    plan: &'s Plan,
    /// `cases[s]` are those for `policy.services()[s]` that pass, each with the path of its file.
    cases: Vec<Vec<(&'s str, &'s Case)>>,
    typical: TypicalFacts,
}

impl<'s> TestSuite<'s> {
    fn of(plan: &'s Plan, files: &'s [ScenarioFile]) -> Self {
        let mut cases = vec![Vec::new(); plan.policy().services().len()];
        let every_case =
            files.iter().flat_map(|file| file.cases.iter().map(|case| (file.path.as_str(), case)));
        for (path, case) in every_case {
            let passes = plan.decide(&case.request).is_ok_and(|decision| case.expected.is(&decision));
            if let Some(service) = plan.policy().service_index_of(&case.request.service).filter(|_| passes) {
                cases[service].push((path, case));
            }
        }
        let typical = TypicalFacts::of(cases.iter().flatten().map(|(_, case)| &case.request));
        Self { plan, cases, typical }
    }

    /// What happens to a mutant. `services` are those that its edit can concern.
    fn fate(&self, mutated: &Policy, services: &[usize]) -> Fate {
        let killer = services.iter().find_map(|service| self.first_failing(mutated, *service));
        if let Some((path, case)) = killer {
            return Fate::Killed { by: format!("{path}:{}: {}", case.line, case.name) };
        }
        let witness = services.iter().find_map(|service| self.witness(mutated, *service));
        witness.map_or(Fate::Equivalent, Fate::Survived)
    }

    /// The first case of a service that fails for a mutant.
    fn first_failing(&self, mutated: &Policy, index: usize) -> Option<(&'s str, &'s Case)> {
        let cases = self.cases[index].iter();
        let service = &mutated.services()[index];
        let plan = (!self.cases[index].is_empty()).then(|| service_plan(mutated, service))?;
        let passes = |case: &Case| {
            decide(mutated, service, &plan, &case.request).is_some_and(|decision| case.expected.is(&decision))
        };
        cases.copied().find(|(_, case)| !passes(case))
    }

    /// A request for a service that the mutant answers differently.
    fn witness(&self, mutated: &Policy, index: usize) -> Option<Witness> {
        let policy = self.plan.policy();
        let difference = equivalence::difference(policy, mutated, index)?;
        let requests = self.cases[index].iter().map(|(_, case)| &case.request);
        let typical = TypicalFacts::of(requests).or(&self.typical);
        let request = typical.request(
            policy,
            &policy.services()[index],
            &difference.dimensions,
            &difference.cube,
            difference.interval,
        );
        let before = self.plan.decide(&request).ok()?.to_string();
        let service = &mutated.services()[index];
        let after = decide(mutated, service, &service_plan(mutated, service), &request)?.to_string();
        let unusual = typical.unusual(&request);
        Some(Witness { request, unusual, before, after })
    }
}

fn decide<'p>(
    policy: &'p Policy,
    service: &'p Service,
    plan: &'p ServicePlan,
    request: &Request,
) -> Option<Decision<'p>> {
    decide_in(policy, service, plan.at(request.at), request).ok()
}
