//! What two policies answer to a refusal, as numbers.

use rustc_hash::FxHashMap;

use meterwarden::policy::{Answer, Policy};

/// What a policy answers at one joint attribute, as places in the list of codes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Answers {
    /// Whether it has the attribute.
    pub(super) checked: bool,
    /// What a refusal answers there.
    pub(super) own: u16,
    /// The same to each joint value.
    pub(super) values: Vec<u16>,
}

impl Answers {
    /// What a refusal answers to a value that may have an answer of its own, or to any other.
    pub(super) fn to(&self, value: Option<u32>) -> u16 {
        value.and_then(|value| self.values.get(value as usize)).copied().unwrap_or(self.own)
    }
}

/// Every code that either of two policies can answer with, each once; the first is none.
pub(super) struct Codes<'p> {
    list: Vec<Option<&'p str>>,
    known: FxHashMap<Option<&'p str>, u16>,
}

impl<'p> Codes<'p> {
    pub(super) const NONE: u16 = 0;
    /// Where an answer has no place: that a policy does not know the service, or has no word for what is said.
    pub(super) const UNKNOWN: u16 = u16::MAX;
    /// The attribute's own code.
    pub(super) const OWN: u16 = u16::MAX - 1;

    pub(super) fn new() -> Self {
        Self { list: vec![None], known: FxHashMap::from_iter([(None, Self::NONE)]) }
    }

    pub(super) fn add(&mut self, answer: &'p Answer) -> u16 {
        let code = answer.code.as_deref();
        *self.known.entry(code).or_insert_with(|| {
            self.list.push(code);
            u16::try_from(self.list.len() - 1).unwrap_or(u16::MAX).min(Self::OWN - 1)
        })
    }

    pub(super) fn add_rules(&mut self, policies: [&'p Policy; 2]) {
        for refuse in
            policies.iter().flat_map(|policy| policy.rules()).filter_map(|rule| rule.refuse.as_ref())
        {
            self.add(refuse);
        }
    }

    /// The place of the code of an answer that one of the policies has.
    pub(super) fn place(&self, answer: &Answer) -> u16 {
        self.known.get(&answer.code.as_deref()).copied().unwrap_or(Self::OWN - 1)
    }

    /// The code of a place.
    pub(super) fn name(&self, place: u16) -> Option<&'p str> {
        self.list.get(place as usize).copied().flatten()
    }
}
