//! The values of one attribute that clauses let through: is there a value that one clause lets through and another does
//! not?

use crate::limits::MAX_ENUMERATED_SET_VALUES;
use meterwarden::policy::{Clause, Edge, Effect, Policy, Rule, Test};
use meterwarden::space::{SetTest, Subset, witnesses};

/// The values that a request can state for the attributes of a rule, at one moment.
pub(super) struct ClauseValues<'p> {
    policy: &'p Policy,
    rule: &'p Rule,
    at: Edge,
}

/// The value of one attribute in a request.
#[derive(Clone, Copy)]
enum Value {
    Plain(u32),
    Set(Subset),
}

impl<'p> ClauseValues<'p> {
    pub(super) fn of(policy: &'p Policy, rule: &'p Rule, at: Edge) -> Self {
        Self { policy, rule, at }
    }

    /// Whether some value passes all of these clauses, which are about one attribute.
    pub(super) fn any(&self, attribute: usize, pass: &[&Clause]) -> bool {
        self.exists(attribute, pass, &[], |_| true)
    }

    /// Whether some value that passes `pass` passes one of two further clauses and fails the other.
    pub(super) fn distinguish(&self, pass: &[&Clause], a: &Clause, b: &Clause) -> bool {
        let differs = |value| self.holds(a, value) != self.holds(b, value);
        self.exists(a.attribute, pass, &[a, b], differs)
    }

    /// Whether some value that passes `pass` fails every one of these lists of clauses.
    pub(super) fn escapes(&self, attribute: usize, pass: &[&Clause], lists: &[Vec<&Clause>]) -> bool {
        let further: Vec<&Clause> = lists.iter().flatten().copied().collect();
        let fails_all = |value| lists.iter().all(|list| !list.iter().all(|clause| self.holds(clause, value)));
        self.exists(attribute, pass, &further, fails_all)
    }

    /// Whether some value that passes `pass` is wanted. `further` are the other clauses that `wanted` depends on.
    fn exists(
        &self,
        attribute: usize,
        pass: &[&Clause],
        further: &[&Clause],
        wanted: impl Fn(Value) -> bool,
    ) -> bool {
        let found = |value: Value| pass.iter().all(|clause| self.holds(clause, value)) && wanted(value);
        let declared = &self.policy.attributes()[attribute];
        let count = declared.values.len();
        if !declared.set {
            return (0..).take(count).map(Value::Plain).any(found);
        }
        if self.policy.fields_attribute() != Some(attribute) && count <= MAX_ENUMERATED_SET_VALUES {
            return (0..1 << count).map(|bits| Value::Set(Subset(bits))).any(found);
        }
        let tests: Vec<SetTest> = pass.iter().chain(further).map(|clause| self.test(clause)).collect();
        // The empty set and the listed sets are quick to try, and nearly always one of them is an example.
        let members = self.members(attribute);
        let lists = tests.iter().map(|test| Subset(test.listed.0 & members.0));
        [Subset::default()].into_iter().chain(lists).map(Value::Set).any(&found)
            || self.subsets(attribute, members, &tests).into_iter().map(Value::Set).any(&found)
    }

    /// Everything that a set can contain, except fields that no service declares. A permit is never about fields that
    /// its service does not declare at the moment; a forbid may be.
    fn members(&self, attribute: usize) -> Subset {
        if self.policy.fields_attribute() != Some(attribute) {
            return Subset::of((0..).take(self.policy.attributes()[attribute].values.len()));
        }
        let service = self.rule.service.and_then(|index| self.policy.services().get(index));
        let fields = service.and_then(|service| service.fields.as_ref()).into_iter().flatten().zip(0..);
        let is_permit = self.rule.effect == Effect::Permit;
        let possible = fields.filter(|(field, _)| !is_permit || field.window.contains(self.at));
        Subset::of(possible.map(|(_, index)| index))
    }

    /// One subset for each combination of results that the tests can have.
    fn subsets(&self, attribute: usize, members: Subset, tests: &[SetTest]) -> Vec<Subset> {
        let forbids_fields =
            self.policy.fields_attribute() == Some(attribute) && self.rule.effect == Effect::Forbid;
        let outside = if forbids_fields { Subset::UNKNOWN } else { Subset::default() };
        witnesses(members, outside, tests)
    }

    fn holds(&self, clause: &Clause, value: Value) -> bool {
        match value {
            Value::Set(subset) => self.test(clause).holds(subset),
            Value::Plain(value) => match clause.test {
                Test::Any => true,
                Test::In => clause.listed(self.at).any(|listed| listed == value),
                _ => !clause.listed(self.at).any(|listed| listed == value),
            },
        }
    }

    fn test(&self, clause: &Clause) -> SetTest {
        SetTest { test: clause.test, listed: Subset::of(clause.listed(self.at)) }
    }
}
