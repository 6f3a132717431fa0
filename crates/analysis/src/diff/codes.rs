//! The response codes of two policies, as numbers.

use rustc_hash::FxHashMap;

use meterwarden::policy::{Answer, Policy};

/// The codes that one version answers at one joint attribute, as places in the list of codes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RefusalCodes {
    /// Whether the version has the attribute.
    pub(super) checked: bool,
    /// The code of the attribute.
    pub(super) attribute: u16,
    /// The code for each joint value: its own, or that of the attribute.
    pub(super) values: Vec<u16>,
}

impl RefusalCodes {
    /// The code for a value; that of the attribute for a subset, which has no code of its own.
    pub(super) fn of(&self, value: Option<u32>) -> u16 {
        value.and_then(|value| self.values.get(value as usize)).copied().unwrap_or(self.attribute)
    }
}

/// Every code that either of two policies can answer, each once. The first entry means that no code is assigned.
pub(super) struct CodeList<'p> {
    list: Vec<Option<&'p str>>,
    places: FxHashMap<Option<&'p str>, u16>,
}

impl<'p> CodeList<'p> {
    /// No code is assigned.
    pub(super) const NONE: u16 = 0;
    /// The request is unknown to the policy: it does not have the service, or a value of the request.
    pub(super) const UNKNOWN: u16 = u16::MAX;
    /// The code of the attribute at which the request is refused.
    pub(super) const ATTRIBUTE: u16 = u16::MAX - 1;
    /// The last place of the list. All codes after it share this place.
    const LAST: u16 = Self::ATTRIBUTE - 1;

    pub(super) fn new() -> Self {
        Self { list: vec![None], places: FxHashMap::from_iter([(None, Self::NONE)]) }
    }

    pub(super) fn add(&mut self, answer: &'p Answer) -> u16 {
        let code = answer.code.as_deref();
        *self.places.entry(code).or_insert_with(|| {
            self.list.push(code);
            u16::try_from(self.list.len() - 1).unwrap_or(u16::MAX).min(Self::LAST)
        })
    }

    /// Adds the codes of the forbids that have one.
    pub(super) fn add_rules(&mut self, policies: [&'p Policy; 2]) {
        let rules = policies.iter().flat_map(|policy| policy.rules());
        for refuse in rules.filter_map(|rule| rule.refuse.as_ref()) {
            self.add(refuse);
        }
    }

    /// The place of the code of an answer of either policy.
    pub(super) fn place(&self, answer: &Answer) -> u16 {
        self.places.get(&answer.code.as_deref()).copied().unwrap_or(Self::LAST)
    }

    /// The code at a place.
    pub(super) fn name(&self, place: u16) -> Option<&'p str> {
        self.list.get(place as usize).copied().flatten()
    }
}
