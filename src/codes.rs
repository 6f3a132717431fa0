//! The response code of every refusal of a plan, looked up in its policy once: who decides asks for it each time.

use crate::index::{End, Index, Refused};
use crate::policy::{Answer, Policy};

/// So many codes are looked through for one that is known: more than any law has. What stands behind them stands several times.
const MOST_SHARED: usize = 256;

/// Each code once, and which of them a refusal answers.
#[derive(Clone, Debug)]
pub(crate) struct Codes {
    /// `of[n]` is that of refusal `n` of the index, as a place in the list of codes.
    of: Vec<u32>,
    /// Nothing stands for no code.
    codes: Vec<Option<Box<str>>>,
}

impl Codes {
    pub(crate) fn of(policy: &Policy, index: &Index) -> Self {
        let mut codes: Vec<Option<Box<str>>> = Vec::new();
        let of = index.refusals().iter().map(|refused| {
            let code = answer(policy, refused).and_then(|answer| answer.code.as_deref());
            let known = codes.iter().take(MOST_SHARED).position(|known| known.as_deref() == code);
            let nth = known.unwrap_or_else(|| {
                codes.push(code.map(Box::from));
                codes.len() - 1
            });
            u32::try_from(nth).unwrap_or(u32::MAX)
        });
        let of = of.collect();
        Self { of, codes }
    }

    /// The code of what a request comes to that is answered by number.
    #[inline]
    pub(crate) fn get(&self, end: End) -> Option<&str> {
        let nth = *self.of.get(end.refusal()?)?;
        self.codes.get(nth as usize)?.as_deref()
    }
}

/// What a refusal answers: the forbid's own answer, where it has one; or else that of the value, or of the attribute.
#[inline]
pub(crate) fn answer<'p>(policy: &'p Policy, refused: &Refused) -> Option<&'p Answer> {
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
