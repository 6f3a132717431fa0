//! The response code of every refusal of a plan, looked up in its policy once: who decides asks for it each time.

use crate::plan::table::{DecisionTable, TableOutcome, TableRefusal};
use crate::policy::{Answer, Policy};

/// The `n`th is that of refusal `n` of the index; nothing where it has none.
#[derive(Clone, Debug)]
pub(crate) struct Codes(Vec<Option<Box<str>>>);

impl Codes {
    pub(crate) fn of(policy: &Policy, index: &DecisionTable) -> Self {
        let code = |refused| answer(policy, refused)?.code.as_deref().map(Box::from);
        Self(index.refusals().iter().map(code).collect())
    }

    /// The code of what a request comes to that is answered by number.
    #[inline]
    pub(crate) fn get(&self, end: TableOutcome) -> Option<&str> {
        self.0.get(end.refusal()?)?.as_deref()
    }
}

/// What a refusal answers: the forbid's own answer, where it has one; or else that of the value, or of the attribute.
#[inline]
pub(crate) fn answer<'p>(policy: &'p Policy, refused: &TableRefusal) -> Option<&'p Answer> {
    if refused.own
        && let Some(rule) = refused.forbid.and_then(|rule| policy.rules.get(rule as usize))
        && let Some(own) = &rule.refuse
    {
        return Some(own);
    }
    let attribute = policy.attributes.get(usize::from(refused.check).saturating_sub(1))?;
    let value = refused.value.filter(|_| !attribute.set);
    let value = value.and_then(|value| attribute.values.get(value as usize)?.refuse.as_ref());
    Some(value.unwrap_or(&attribute.refuse))
}
