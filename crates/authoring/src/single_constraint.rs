//! Boxes of one constraint alone, which make a rule space distinguish the values that pass it from the others.

use meterwarden::policy::Test;
use meterwarden::space::{Allowed, Constraint, RuleBox, SetTest, Subset};

/// A box that has only this constraint. `rule` is the rule that it is stored under.
pub(crate) fn box_of(rule: usize, constraint: Constraint) -> RuleBox {
    RuleBox { rule, cases: Vec::new(), constraints: [constraint].into(), answers: 0 }
}

/// The constraint that a set attribute includes, or excludes, one value.
pub(crate) fn on_member(attribute: usize, test: Test, value: u32) -> Constraint {
    let test = SetTest { test, listed: Subset::of([value]) };
    Constraint { attribute, allowed: Allowed::Subsets(test) }
}
