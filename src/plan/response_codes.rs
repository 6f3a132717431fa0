//! The response code of each refusal of a plan. It is looked up once, because gateways ask for it with each decision.

use crate::plan::table::{DecisionTable, TableOutcome, TableRefusal};
use crate::policy::{Answer, Policy};

/// The code of each refusal of the table, by the number of the refusal. `None` if it has no code.
#[derive(Clone, Debug)]
pub(crate) struct ResponseCodes(Vec<Option<Box<str>>>);

impl ResponseCodes {
    pub(crate) fn of(policy: &Policy, table: &DecisionTable) -> Self {
        let code = |refusal| answer(policy, refusal)?.code.as_deref().map(Box::from);
        Self(table.refusals().iter().map(code).collect())
    }

    /// The code of an outcome. `None` for what is not a refusal.
    #[inline]
    pub(crate) fn get(&self, outcome: TableOutcome) -> Option<&str> {
        self.0.get(outcome.refusal()?)?.as_deref()
    }
}

/// The answer of a refusal: the forbid's own if it has one, otherwise the value's own, otherwise the attribute's.
#[inline]
pub(crate) fn answer<'p>(policy: &'p Policy, refusal: &TableRefusal) -> Option<&'p Answer> {
    let forbid = refusal.forbid.and_then(|rule| policy.rules.get(rule as usize));
    if let Some(answer) = forbid.and_then(|rule| rule.refuse.as_ref()) {
        return Some(answer);
    }
    let attribute = policy.attributes.get(usize::from(refusal.check).saturating_sub(1))?;
    let value = refusal.value.filter(|_| !attribute.set);
    let value = value.and_then(|value| attribute.values.get(value as usize)?.refuse.as_ref());
    Some(value.unwrap_or(&attribute.refuse))
}
