//! What is the least that would have to be different for a refused request to be permitted, proved: the fewest
//! attributes, every choice of as few, and of each every value that does it.
//!
//! The requests that are permitted are a region. Going through its diagram from the end to the start, each node knows
//! the fewest attributes in which the request differs from one that is permitted from there on; nothing is searched.

use serde::Serialize;

use crate::permitted_set::{Permitted, TooComplex, permitted};
use crate::witness;
use meterwarden::decide::request::{Fact, Request};
use meterwarden::decide::{Facts, InputError, facts};
use meterwarden::plan::Plan;
use meterwarden::policy::Policy;
use meterwarden::space::clause_text;
use meterwarden::space::{Cube, Region, cover};

/// Which facts may be other than they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Changing {
    /// Every one.
    #[default]
    Anything,
    /// Those that the vocabulary marks `sender`: what the sender says in the message.
    BySender,
    /// Those of these attributes.
    Attributes(Vec<String>),
}

/// The least changes that make a request permitted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Counterfactuals {
    /// How many attributes have to change: with fewer, whatever they say, it stays refused.
    pub attributes: usize,
    /// What would do, in checking order of the attributes.
    pub remedies: Vec<Counterfactual>,
    /// Whether there are more that change as few attributes.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
}

/// One change that makes a request permitted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Counterfactual {
    /// What the changed attributes have to be, in the words of the language: any choice of the values named will do.
    pub say: Vec<String>,
    /// The request with one such choice.
    pub example: Request,
}

/// A service whose rules tell too many classes of request apart, or a request in other words than the policy's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CounterfactualError {
    /// What the request says is not of the policy's vocabulary.
    #[error(transparent)]
    Input(#[from] InputError),
    /// `--changing statsu`
    #[error("the policy has no attribute `{attribute}`{help}")]
    UnknownAttribute {
        /// What was asked for.
        attribute: String,
        /// What may have been meant.
        help: String,
    },
    /// The rules of the service explode.
    #[error(transparent)]
    TooComplex(#[from] TooComplex),
}

/// More sets of attributes than this are not tried for a request that leaves something unsaid.
const MOST_TRIED: usize = 20_000;

impl Changing {
    /// Whether the policy has these attributes.
    ///
    /// # Errors
    ///
    /// It has not, and what may have been meant.
    pub fn check(&self, policy: &Policy) -> Result<(), CounterfactualError> {
        may_change(policy, self).map(|_| ())
    }
}

/// The least changes that make a request permitted, at most so many of them. What is unsaid counts as changed where
/// it has to be said; otherwise the changed request is permitted whatever it is.
///
/// Nothing, if it is permitted already, if the policy does not know the service, or if no change of these facts makes
/// it permitted on its date.
///
/// ```
/// use std::sync::Arc;
/// use meterwarden::{Date, Policy, Request, Source, compile};
/// use meterwarden_analysis::counterfactual::Changing;
///
/// let rules = r#"
///     attribute role "User Role" always { refuse E2 "not this role"  IS ED }
///     attribute status "SMI Status" always { refuse E5 "not in this status"  Pending Commissioned }
///     service 4.2 "Read Instantaneous Export Registers" {
///         permit network "the network operator reads" {
///             role ED  status Commissioned  source "DUIS service request matrix, row 4.2"
///         }
///     }"#;
/// let plan = compile(Arc::new(Policy::from_sources(vec![Source::new("example.rules", rules)])?));
/// let request = Request::new("4.2", Date::constant(2026, 1, 1)).value("role", "ED").value("status", "Pending");
///
/// let least = plan.counterfactuals(&request, &Changing::Anything, 10)?.unwrap();
/// assert_eq!((least.attributes, &least.remedies[0].say[0][..]), (1, "status Commissioned"));
/// assert!(plan.decide(&least.remedies[0].example)?.is_permit());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// The request or the attributes are not in the policy's words, or the service's rules tell too many classes of request
/// apart.
pub fn counterfactuals(
    plan: &Plan,
    request: &Request,
    changing: &Changing,
    most: usize,
) -> Result<Option<Counterfactuals>, CounterfactualError> {
    match permitted(plan, &request.service, request.at)? {
        Some(permitted) => permitted.counterfactuals(request, changing, most),
        None => {
            plan.decide(request)?;
            Ok(None)
        }
    }
}

impl Permitted<'_> {
    /// The least changes that make a request for this service, on this date, permitted; as [`Plan::remedies`].
    ///
    /// # Errors
    ///
    /// The request or the attributes are not in the policy's words; or the request leaves so much unsaid that what would
    /// do cannot be gone through.
    pub fn counterfactuals(
        &self,
        request: &Request,
        changing: &Changing,
        most: usize,
    ) -> Result<Option<Counterfactuals>, CounterfactualError> {
        let may_change = may_change(self.policy, changing)?;
        let facts = facts(self.policy, self.rule_space, request)?;
        Ok(Case { permitted: self, facts, request, may_change }.least(most)?)
    }
}

/// Of each attribute, whether it may change.
fn may_change(policy: &Policy, changing: &Changing) -> Result<Vec<bool>, CounterfactualError> {
    if let Changing::Attributes(names) = changing {
        let unknown = names.iter().find(|name| policy.attribute_place(name).is_none());
        if let Some(attribute) = unknown {
            let known = policy.attributes().iter().map(|one| one.name.as_str());
            let help =
                meterwarden::base::suggest::did_you_mean(attribute, known).map(|near| format!("; {near}"));
            let (attribute, help) = (attribute.clone(), help.unwrap_or_default());
            return Err(CounterfactualError::UnknownAttribute { attribute, help });
        }
    }
    let may = |one: &meterwarden::policy::Attribute| match changing {
        Changing::Anything => true,
        Changing::BySender => one.sender,
        Changing::Attributes(names) => names.contains(&one.name),
    };
    Ok(policy.attributes().iter().map(may).collect())
}

/// One request.
struct Case<'p> {
    permitted: &'p Permitted<'p>,
    facts: Facts,
    request: &'p Request,
    may_change: Vec<bool>,
}

impl Case<'_> {
    fn least(&self, most: usize) -> Result<Option<Counterfactuals>, TooComplex> {
        let open = &self.permitted.room.attributes;
        let complete = open.iter().all(|attribute| self.facts.class(*attribute).is_some());
        let sets = if complete { self.of_complete() } else { self.of_partial()? };
        let size = sets.first().map(|set| set.count_ones() as usize);
        let Some(attributes) = size.filter(|size| *size > 0) else { return Ok(None) };
        let mut remedies = Vec::new();
        for set in sets {
            let still = most.saturating_sub(remedies.len()) + 1;
            let (boxes, _) = cover(&self.left(set), &self.permitted.room.layout, still);
            remedies.extend(boxes.iter().map(|cube| self.remedy(cube, set)));
            if remedies.len() > most {
                break;
            }
        }
        let more = remedies.len() > most;
        remedies.truncate(most);
        Ok(Some(Counterfactuals { attributes, remedies, more }))
    }

    /// The choice that the request makes in a dimension.
    fn said(&self, dimension: usize) -> Option<usize> {
        let class = self.facts.class(self.permitted.room.attributes[dimension])? as usize;
        self.permitted.room.classes[dimension].iter().position(|known| *known == class)
    }

    fn may_change(&self, dimension: usize) -> bool {
        self.may_change[self.permitted.room.attributes[dimension]]
    }

    /// The smallest sets of dimensions, a bit each, in which a request that says everything has to change.
    fn of_complete(&self) -> Vec<u64> {
        let region = &self.permitted.region;
        let least = region.fold(
            |inside| Sets { size: 0, sets: if *inside { vec![0] } else { Vec::new() } },
            |dimension, next, known: &[Sets]| {
                let mut least = Sets::default();
                for (choice, next) in next.iter().enumerate() {
                    if self.said(dimension) == Some(choice) {
                        least.add(&known[*next], 0);
                    } else if self.may_change(dimension) {
                        least.add(&known[*next], 1 << dimension);
                    }
                }
                least
            },
        );
        let mut sets = least.into_iter().nth(region.root).unwrap_or_default().sets;
        sets.sort_unstable_by_key(|set| set.reverse_bits());
        sets.reverse();
        sets
    }

    /// The same of a request that leaves something unsaid. What has to change whatever else does is in every set; with it,
    /// of the others one is tried, then two, and so on.
    fn of_partial(&self) -> Result<Vec<u64>, TooComplex> {
        let dimensions = 0..self.permitted.room.attributes.len();
        let open: Vec<usize> = dimensions.filter(|dimension| self.may_change(*dimension)).collect();
        let all = open.iter().fold(0, |set, dimension| set | 1 << dimension);
        if self.left(all).is_empty() {
            return Ok(Vec::new());
        }
        let needed = |dimension: &usize| self.left(all & !(1 << dimension)).is_empty();
        let (needed, others): (Vec<usize>, Vec<usize>) = open.into_iter().partition(needed);
        let needed = needed.iter().fold(0, |set, dimension| set | 1 << dimension);
        let mut tried = 0;
        for size in 0..=others.len() {
            tried += choices(others.len(), size);
            if tried > MOST_TRIED {
                break;
            }
            let sets = combinations(&others, size).into_iter().map(|set| set | needed);
            let found: Vec<u64> = sets.filter(|set| !self.left(*set).is_empty()).collect();
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Err(TooComplex { service: self.permitted.service.name.clone() })
    }

    /// What is permitted where only these dimensions change: of the others what is said stays, and what is unsaid may be
    /// anything.
    fn left(&self, set: u64) -> Region {
        let kept = |dimension: usize| set >> dimension & 1 == 0;
        let said = self.permitted.region.given(|dimension| self.said(dimension).filter(|_| kept(dimension)));
        let unsaid = (0..self.permitted.room.attributes.len())
            .filter(|dimension| kept(*dimension) && self.said(*dimension).is_none());
        unsaid.fold(said, |region, dimension| region.forall(dimension))
    }

    fn remedy(&self, cube: &Cube, set: u64) -> Counterfactual {
        let Permitted { policy, service, rule_space, room, .. } = self.permitted;
        let changed = (0..room.attributes.len()).filter(|dimension| set >> dimension & 1 == 1);
        let mut say = Vec::new();
        let mut example = self.request.clone();
        for attribute in changed.map(|dimension| room.attributes[dimension]) {
            let dimension = &rule_space.dimensions[attribute];
            let constraint = room.class_flags(rule_space, cube, attribute);
            say.extend(clause_text::clause(policy, service, dimension, attribute, &constraint));
            let class = constraint.iter().position(|inside| *inside).unwrap_or_default();
            let fact = witness::fact(policy, service, dimension, attribute, class);
            put(&mut example, &policy.attributes()[attribute].name, fact);
        }
        Counterfactual { say, example }
    }
}

/// Says something of an attribute in place of what was said.
fn put(request: &mut Request, attribute: &str, fact: Option<Fact>) {
    request.facts.retain(|(name, _)| name != attribute);
    request.facts.extend(fact.map(|fact| (attribute.to_owned(), fact)));
}

/// Sets of dimensions, all of one size, the smallest found.
#[derive(Clone, Debug, Default)]
struct Sets {
    size: u32,
    sets: Vec<u64>,
}

impl Sets {
    /// Takes on other sets, with a dimension more in each, if they are as small.
    fn add(&mut self, others: &Self, more: u64) {
        let size = others.size + more.count_ones();
        if others.sets.is_empty() || (!self.sets.is_empty() && size > self.size) {
            return;
        }
        if self.sets.is_empty() || size < self.size {
            *self = Self { size, sets: Vec::new() };
        }
        for set in &others.sets {
            if !self.sets.contains(&(set | more)) {
                self.sets.push(set | more);
            }
        }
    }
}

/// Every choice of so many of some dimensions, a bit each, the early ones first.
fn combinations(of: &[usize], size: usize) -> Vec<u64> {
    let Some(less) = size.checked_sub(1) else { return vec![0] };
    let from = |first: usize| {
        combinations(&of[first + 1..], less).into_iter().map(move |rest| rest | 1 << of[first])
    };
    (0..of.len()).flat_map(from).collect()
}

/// How many such choices there are.
fn choices(of: usize, size: usize) -> usize {
    (0..size).fold(1, |count: usize, nth| count.saturating_mul(of - nth) / (nth + 1))
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_choice_is_made_once() {
        for (of, size) in [(0, 0), (3, 2), (6, 3), (5, 5)] {
            let dimensions: Vec<usize> = (0..of).collect();
            assert_eq!(super::combinations(&dimensions, size).len(), super::choices(of, size));
        }
        assert_eq!(super::combinations(&[0, 2, 3], 2), [0b0101, 0b1001, 0b1100]);
        assert_eq!(super::combinations(&[1], 0), [0]);
        assert_eq!(super::combinations(&[1], 2), [0; 0]);
    }
}
