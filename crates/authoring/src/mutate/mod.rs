//! Whether the scenarios would notice if the rules said something else: every clause, value, date, condition and rule is
//! left out, added to or moved in turn, one small change at a time. docs/coverage.md says which changes there are.

mod edits;
mod report;
mod same;

use serde::Serialize;

use crate::coverage::{Share, Usual};
use crate::scenario::{Case, Filter, ScenarioFile};
use meterwarden::decide::request::Request;
use meterwarden::decide::{Decision, decide_in};
use meterwarden::plan::Plan;
use meterwarden::policy::{Policy, Service};
use meterwarden::space::{ServicePlan, service_plan};

use edits::Edit;

/// The changes that were tried, and what came of each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mutation {
    /// In the order of the rules; behind them the conditions and the fields of services.
    pub mutants: Vec<Mutant>,
}

/// One small change of the rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mutant {
    /// The file and the line that would be changed.
    pub place: String,
    /// The rule or condition that would be changed, or the service whose `fields` it is.
    pub of: String,
    /// What would be changed: `` `Pending` added to `status Commissioned` ``.
    pub change: String,
    /// What came of it.
    #[serde(flatten)]
    pub fate: Fate,
}

/// What came of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase", tag = "fate")]
pub enum Fate {
    /// A case no longer gets what it expects.
    Noticed {
        /// The first such case: its file, its line and its name.
        by: String,
    },
    /// Every case gets what it expects, although requests are answered differently.
    Unnoticed(Witness),
    /// No request is answered differently, so that nothing could notice it.
    Equivalent,
}

/// A request that would notice a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Witness {
    /// The request.
    pub request: Request,
    /// The attributes of which it says something else than most cases of its service.
    pub unusual: Vec<String>,
    /// What it gets, in words.
    pub before: String,
    /// What it would get after the change.
    pub after: String,
}

impl Mutation {
    /// How many changes are noticed, of those that can be.
    pub fn noticed(&self) -> Share {
        let can = self.mutants.iter().filter(|one| one.fate != Fate::Equivalent);
        let noticed = self.mutants.iter().filter(|one| matches!(one.fate, Fate::Noticed { .. }));
        Share { part: noticed.count() as u64, whole: can.count() as u64 }
    }

    /// The changes that no case notices.
    pub fn unnoticed(&self) -> impl Iterator<Item = (&Mutant, &Witness)> {
        self.mutants.iter().filter_map(|one| match &one.fate {
            Fate::Unnoticed(witness) => Some((one, witness)),
            _ => None,
        })
    }
}

/// Tries every small change of a policy against the cases of scenario files. A case that does not get what it expects as
/// the rules are notices nothing. Where a filter names services, their rules alone are changed.
pub fn mutate(plan: &Plan, files: &[ScenarioFile], filter: &Filter) -> Mutation {
    let policy = plan.policy();
    let bench = Bench::of(plan, files);
    let mut changed = policy.clone();
    let wanted =
        |edit: &Edit| filter.is_about_rule_of(edit.service.map(|nth| policy.services()[nth].name.as_str()));
    let mutants = edits::all(policy).into_iter().filter(wanted).map(|mut edit| {
        let services = edit.instead.services(policy);
        edit.instead.swap(&mut changed);
        let fate = bench.fate(&changed, &services);
        edit.instead.swap(&mut changed);
        mutant(policy, edit, fate)
    });
    Mutation { mutants: mutants.collect() }
}

fn mutant(policy: &Policy, edit: Edit, fate: Fate) -> Mutant {
    Mutant { place: policy.line(edit.span), of: edit.of, change: edit.words, fate }
}

/// The cases that can notice something, and what is usually said in them.
struct Bench<'b> {
    plan: &'b Plan,
    /// `cases[s]` are about `policy.services()[s]`, each with its file's path.
    cases: Vec<Vec<(&'b str, &'b Case)>>,
    usual: Usual,
}

impl<'b> Bench<'b> {
    fn of(plan: &'b Plan, files: &'b [ScenarioFile]) -> Self {
        let mut cases = vec![Vec::new(); plan.policy().services().len()];
        let all = files.iter().flat_map(|file| file.cases.iter().map(|case| (file.path.as_str(), case)));
        for (path, case) in all {
            let passes = plan.decide(&case.request).is_ok_and(|decision| case.expected.is(&decision));
            if let Some(service) = plan.policy().service_place(&case.request.service).filter(|_| passes) {
                cases[service].push((path, case));
            }
        }
        let usual = Usual::of(cases.iter().flatten().map(|(_, case)| &case.request));
        Self { plan, cases, usual }
    }

    fn fate(&self, changed: &Policy, services: &[usize]) -> Fate {
        let noticing = services.iter().find_map(|nth| self.noticed(changed, *nth));
        if let Some((path, case)) = noticing {
            return Fate::Noticed { by: format!("{path}:{}: {}", case.line, case.name) };
        }
        let witness = services.iter().find_map(|nth| self.witness(changed, *nth));
        witness.map_or(Fate::Equivalent, Fate::Unnoticed)
    }

    /// The first case of a service that notices a change.
    fn noticed(&self, changed: &Policy, nth: usize) -> Option<(&'b str, &'b Case)> {
        let service = &changed.services()[nth];
        let cases = self.cases[nth].iter();
        let plan = (!self.cases[nth].is_empty()).then(|| service_plan(changed, service))?;
        let passes = |case: &Case| {
            decide(changed, service, &plan, &case.request).is_some_and(|it| case.expected.is(&it))
        };
        cases.copied().find(|(_, case)| !passes(case))
    }

    /// A request for a service that a change makes a difference to.
    fn witness(&self, changed: &Policy, nth: usize) -> Option<Witness> {
        let policy = self.plan.policy();
        let found = same::difference(policy, changed, nth)?;
        let service = &policy.services()[nth];
        let usual = Usual::of(self.cases[nth].iter().map(|(_, case)| &case.request)).or(&self.usual);
        let request = usual.request(policy, service, &found.dimensions, &found.cube, found.time);
        let before = self.plan.decide(&request).ok()?.to_string();
        let after = decide(
            changed,
            &changed.services()[nth],
            &service_plan(changed, &changed.services()[nth]),
            &request,
        )?
        .to_string();
        let unusual = usual.unusual(&request);
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
