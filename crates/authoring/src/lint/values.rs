//! What clauses ask of one attribute, value by value: is there a value that one lets through and another does not?

use meterwarden::policy::{Clause, Edge, Effect, Policy, Rule, Test};
use meterwarden::space::{SetTest, Subset, witnesses};

/// What a request may say of the attributes that a rule is about, at a time.
pub(super) struct Values<'p> {
    policy: &'p Policy,
    rule: &'p Rule,
    at: Edge,
}

/// What a request says of one attribute.
#[derive(Clone, Copy)]
enum Said {
    Value(u32),
    Subset(Subset),
}

/// Sets of so many values are gone through subset by subset.
const MOST_LISTED: usize = 6;

impl<'p> Values<'p> {
    pub(super) fn of(policy: &'p Policy, rule: &'p Rule, at: Edge) -> Self {
        Self { policy, rule, at }
    }

    /// Whether some value passes all of these clauses, which are about one attribute.
    pub(super) fn any(&self, attribute: usize, pass: &[&Clause]) -> bool {
        self.find(attribute, pass, &[], |_| true)
    }

    /// Whether some value that passes `pass` passes one of two further clauses and not the other.
    pub(super) fn tell_apart(&self, pass: &[&Clause], one: &Clause, other: &Clause) -> bool {
        let differs = |said| self.holds(one, said) != self.holds(other, said);
        self.find(one.attribute, pass, &[one, other], differs)
    }

    /// Whether some value passes `pass` and fails every one of some lists of clauses.
    pub(super) fn escapes(&self, attribute: usize, pass: &[&Clause], lists: &[Vec<&Clause>]) -> bool {
        let further: Vec<&Clause> = lists.iter().flatten().copied().collect();
        let fails = |said| lists.iter().all(|list| !list.iter().all(|clause| self.holds(clause, said)));
        self.find(attribute, pass, &further, fails)
    }

    /// Whether a value that passes is a wanted one. `further` are the other clauses that tell which are wanted.
    fn find(
        &self,
        attribute: usize,
        pass: &[&Clause],
        further: &[&Clause],
        wanted: impl Fn(Said) -> bool,
    ) -> bool {
        let found = |said: Said| pass.iter().all(|clause| self.holds(clause, said)) && wanted(said);
        let known = &self.policy.attributes()[attribute];
        if !known.set {
            return (0..).take(known.values.len()).map(Said::Value).any(found);
        }
        if self.policy.fields_attribute() != Some(attribute) && known.values.len() <= MOST_LISTED {
            return (0..1 << known.values.len()).map(|bits| Said::Subset(Subset(bits))).any(found);
        }
        let tests: Vec<SetTest> = pass.iter().chain(further).map(|clause| self.test(clause)).collect();
        // What is nearly always an example, before all there is to try.
        let inside = self.inside(attribute);
        let lists = tests.iter().map(|test| Subset(test.listed.0 & inside.0));
        [Subset::default()].into_iter().chain(lists).map(Said::Subset).any(&found)
            || self.subsets(attribute, inside, &tests).into_iter().map(Said::Subset).any(&found)
    }

    /// Everything that a set can hold, but for what no service declares. A permit is never about what its service does
    /// not declare at the time; a forbid may be.
    fn inside(&self, attribute: usize) -> Subset {
        if self.policy.fields_attribute() != Some(attribute) {
            return Subset::of((0..).take(self.policy.attributes()[attribute].values.len()));
        }
        let service = self.rule.service.and_then(|nth| self.policy.services().get(nth));
        let fields = service.and_then(|service| service.fields.as_ref()).into_iter().flatten().zip(0..);
        let permit = self.rule.effect == Effect::Permit;
        Subset::of(fields.filter(|(field, _)| !permit || field.window.contains(self.at)).map(|(_, nth)| nth))
    }

    /// One subset for each way in which tests come out.
    fn subsets(&self, attribute: usize, inside: Subset, tests: &[SetTest]) -> Vec<Subset> {
        let forbids_fields =
            self.policy.fields_attribute() == Some(attribute) && self.rule.effect == Effect::Forbid;
        let outside = if forbids_fields { Subset::UNKNOWN } else { Subset::default() };
        witnesses(inside, outside, tests)
    }

    fn holds(&self, clause: &Clause, said: Said) -> bool {
        match said {
            Said::Subset(subset) => self.test(clause).holds(subset),
            Said::Value(value) => match clause.test {
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
