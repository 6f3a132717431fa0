//! What can be worked out for a service without any other service: its numbers and its bitmaps.

use super::SetIds;
use super::bitmaps::{Bitmaps, undeclared};
use super::boxes::BoxCache;
use super::partly_stated::PARTLY_STATED;
use super::table_input::TableInput;
use crate::base::order::distinct;
use crate::policy::{Clause, Edge, Policy, Service, Test, edges};
use crate::space::{SetTest, Subset};

/// A service before its diagrams are made.
pub(super) struct ServiceDraft {
    /// How the subsets of its fields are numbered.
    pub(super) fields: SetIds,
    /// In order; the first begins before every date.
    pub(super) intervals: Vec<IntervalDraft>,
}

pub(super) struct IntervalDraft {
    pub(super) from: Edge,
    /// `None` if the rules ask more than can be numbered.
    pub(super) bitmaps: Option<Bitmaps>,
}

/// The numbers that are the same for every service.
pub(super) struct Numbering<'p> {
    policy: &'p Policy,
    /// By attribute: how subsets are numbered. Not used for fields.
    pub(super) sets: Vec<SetIds>,
    /// Whether every value has a number that fits into a request.
    values_fit: bool,
}

impl<'p> Numbering<'p> {
    pub(super) fn of(policy: &'p Policy) -> Self {
        let clauses = |attribute: usize| {
            let of_rules = policy.rules.iter().flat_map(|rule| &rule.clauses);
            let of_conditions =
                policy.conditions.iter().flat_map(|condition| condition.cases.iter().flatten());
            of_rules.chain(of_conditions).filter(move |clause| clause.attribute == attribute)
        };
        let sets = policy.attributes.iter().enumerate().map(|(index, attribute)| {
            if !attribute.set || policy.fields == Some(index) {
                return SetIds::Unseen;
            }
            SetIds::of(attribute.values.len(), tests(clauses(index)), &[])
        });
        let values_fit =
            policy.attributes.iter().all(|attribute| attribute.values.len() < usize::from(PARTLY_STATED));
        Self { policy, sets: sets.collect(), values_fit }
    }

    pub(super) fn draft(&self, service: &Service) -> ServiceDraft {
        let policy = self.policy;
        let mut cache = BoxCache::of(policy, service);
        let starts = cache.starts(service);
        let fields = self.fields(service, &starts);
        let has_numbers = self.values_fit && fields != SetIds::TooMany && self.sets_have_numbers(service);
        let intervals = starts.into_iter().map(|from| {
            let input = TableInput { policy, service, at: from, fields: &fields, sets: &self.sets };
            IntervalDraft { from, bitmaps: has_numbers.then(|| input.bitmaps(&input.boxes(&mut cache))) }
        });
        let intervals = intervals.collect();
        ServiceDraft { fields, intervals }
    }

    /// Whether every set attribute that the rules of a service constrain has numbers. Fields are not considered.
    fn sets_have_numbers(&self, service: &Service) -> bool {
        if !self.sets.contains(&SetIds::TooMany) {
            return true;
        }
        // The first attribute is a column of every service, whether its rules constrain it or not.
        if self.sets.first() == Some(&SetIds::TooMany) {
            return false;
        }
        let rules = service.rules.iter().map(|covered| &self.policy.rules[covered.rule]);
        let mut clauses = rules.flat_map(|rule| {
            let of_conditions =
                self.policy.conditions_of(rule).flat_map(|condition| condition.cases.iter().flatten());
            rule.clauses.iter().chain(of_conditions)
        });
        clauses.all(|clause| self.sets[clause.attribute] != SetIds::TooMany)
    }

    /// How the subsets of the fields of a service are numbered.
    fn fields(&self, service: &Service, starts: &[Edge]) -> SetIds {
        let (Some(attribute), Some(fields)) = (self.policy.fields, &service.fields) else {
            return SetIds::Unseen;
        };
        let clauses = service.rules.iter().flat_map(|covered| &self.policy.rules[covered.rule].clauses);
        let tests = tests(clauses.filter(|clause| clause.attribute == attribute));
        let undeclared: Vec<Subset> = distinct(starts.iter().map(|at| undeclared(fields, *at)));
        SetIds::of(fields.len(), tests, &undeclared)
    }
}

/// Every test that clauses on one set attribute make at some time.
fn tests<'p>(clauses: impl Iterator<Item = &'p Clause>) -> impl Iterator<Item = SetTest> {
    clauses.filter(|clause| clause.test != Test::Any).flat_map(|clause| {
        let times = [Edge::Start, Edge::Never].into_iter().chain(edges(clause.windows()));
        times.map(|at| SetTest { test: clause.test, listed: Subset::of(clause.listed(at)) })
    })
}
