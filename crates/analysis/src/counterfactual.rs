//! The least change that would make a refused request permitted: the fewest attributes, every set of that many
//! attributes, and for each of these attributes every value that makes the request permitted.
//!
//! The result is exact, because it is calculated from the region of all permitted requests (see [`Permitted`]).
//!
//! - A request that states every attribute is compared with each path of the region's diagram. A path is a set of
//!   permitted requests, and the request must change exactly where it differs from the path. The fewest differences
//!   from a node on are the fewest differences from one of its branches on, plus one if the branch is not the
//!   request's own choice. So each node is visited once, and no path is left out.
//! - For a request that leaves attributes unstated, sets of attributes are tested one by one, the small ones first. A
//!   set works if some values of its attributes make the request permitted with every value of the unstated attributes
//!   outside of the set. If a set works, every larger set that contains it works, too. Therefore an attribute without
//!   which the set of all attributes does not work is in every working set, and only the other attributes need to be
//!   combined.

use serde::Serialize;

use crate::combinations::{combinations, count_combinations};
use crate::limits::MOST_SETS_TRIED;
use crate::permitted_set::{Permitted, TooComplex, permitted};
use crate::witness;
use meterwarden::base::bit_set::{bits, has};
use meterwarden::base::suggest;
use meterwarden::decide::request::{Fact, Request};
use meterwarden::decide::{Facts, InputError, facts};
use meterwarden::plan::Plan;
use meterwarden::policy::{Attribute, Policy};
use meterwarden::space::{Cube, Region, clause_text, cover};

/// The attributes that may change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Changing {
    /// Every attribute.
    #[default]
    Anything,
    /// The attributes that the vocabulary marks `sender`: those that the sender states in the message.
    BySender,
    /// These attributes.
    Attributes(Vec<String>),
}

/// The least changes that make a request permitted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Counterfactuals {
    /// The number of attributes that must change. With fewer changes the request is never permitted.
    pub attributes: usize,
    /// The changes, in check order of their attributes.
    pub remedies: Vec<Counterfactual>,
    /// Whether there are more changes of this number of attributes.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
}

/// One change that makes a request permitted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Counterfactual {
    /// Clauses for the changed attributes, in the rule language. Any values that agree with all of them make the
    /// request permitted.
    pub say: Vec<String>,
    /// The request with such values.
    pub example: Request,
}

/// Why the least changes cannot be calculated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CounterfactualError {
    /// The request uses an attribute or a value that the policy does not have.
    #[error(transparent)]
    Input(#[from] InputError),
    /// `--changing statsu`
    #[error("the policy has no attribute `{attribute}`{help}")]
    UnknownAttribute {
        /// The unknown name.
        attribute: String,
        /// A similar name.
        help: String,
    },
    /// The rules of the service distinguish too many classes of request, or the request leaves too much unstated.
    #[error(transparent)]
    TooComplex(#[from] TooComplex),
}

impl Changing {
    /// Checks that the policy has these attributes.
    ///
    /// # Errors
    ///
    /// The policy does not have one of them.
    pub fn check(&self, policy: &Policy) -> Result<(), CounterfactualError> {
        self.flags(policy).map(|_| ())
    }

    /// For each attribute, whether it may change.
    fn flags(&self, policy: &Policy) -> Result<Vec<bool>, CounterfactualError> {
        if let Self::Attributes(names) = self
            && let Some(unknown) = names.iter().find(|name| policy.attribute_index_of(name).is_none())
        {
            let known = policy.attributes().iter().map(|attribute| attribute.name.as_str());
            let help = suggest::did_you_mean(unknown, known)
                .map_or_else(String::new, |similar| format!("; {similar}"));
            return Err(CounterfactualError::UnknownAttribute { attribute: unknown.clone(), help });
        }
        let may_change = |attribute: &Attribute| match self {
            Self::Anything => true,
            Self::BySender => attribute.sender,
            Self::Attributes(names) => names.contains(&attribute.name),
        };
        Ok(policy.attributes().iter().map(may_change).collect())
    }
}

/// The least changes that make a request permitted, at most `most` of them. An unstated attribute counts as changed if
/// it must be stated; otherwise the changed request is permitted with every value of it.
///
/// `None` if the request is already permitted, if the policy does not have the service, or if no change of these
/// attributes makes the request permitted on its date.
///
/// ```
/// use std::sync::Arc;
/// use meterwarden::{Date, Policy, Request, Source, compile};
/// use meterwarden_analysis::counterfactual::{Changing, counterfactuals};
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
/// let least = counterfactuals(&plan, &request, &Changing::Anything, 10)?.unwrap();
/// assert_eq!((least.attributes, &least.remedies[0].say[0][..]), (1, "status Commissioned"));
/// assert!(plan.decide(&least.remedies[0].example)?.is_permit());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// The policy does not have an attribute or a value of the request, or an attribute of `changing`; or the service's
/// rules distinguish too many classes of request.
pub fn counterfactuals(
    plan: &Plan,
    request: &Request,
    changing: &Changing,
    most: usize,
) -> Result<Option<Counterfactuals>, CounterfactualError> {
    match permitted(plan, &request.service, request.at)? {
        Some(permitted) => permitted.counterfactuals(request, changing, most),
        None => {
            // The decision reports names that the policy does not have.
            plan.decide(request)?;
            Ok(None)
        }
    }
}

impl Permitted<'_> {
    /// The least changes that make a request for this service, on this date, permitted; as [`counterfactuals`].
    ///
    /// # Errors
    ///
    /// The policy does not have an attribute or a value of the request, or an attribute of `changing`; or the request
    /// leaves so much unstated that not all sets of attributes can be tried.
    pub fn counterfactuals(
        &self,
        request: &Request,
        changing: &Changing,
        most: usize,
    ) -> Result<Option<Counterfactuals>, CounterfactualError> {
        let may_change = changing.flags(self.policy)?;
        let facts = facts(self.policy, self.rule_space, request)?;
        Ok(LeastChangeSearch { permitted: self, facts, request, may_change }.search(most)?)
    }
}

/// The search for the least changes of one request. A set of dimensions is a `u64` with a bit for each dimension.
struct LeastChangeSearch<'p> {
    permitted: &'p Permitted<'p>,
    facts: Facts,
    request: &'p Request,
    /// For each attribute, whether it may change.
    may_change: Vec<bool>,
}

impl LeastChangeSearch<'_> {
    fn search(&self, most: usize) -> Result<Option<Counterfactuals>, TooComplex> {
        let is_complete = self.dimensions().all(|dimension| self.stated(dimension).is_some());
        let sets = if is_complete { self.sets_of_complete() } else { self.sets_of_partial()? };
        let size = sets.first().map(|set| set.count_ones() as usize);
        let Some(attributes) = size.filter(|size| *size > 0) else { return Ok(None) };
        let mut remedies = Vec::new();
        for set in sets {
            // One more than is shown, to know whether there are more.
            let missing = most.saturating_sub(remedies.len()) + 1;
            let (boxes, _) = cover(&self.permitted_changing(set), &self.permitted.subspace.layout, missing);
            remedies.extend(boxes.iter().map(|cube| self.remedy(cube, set)));
            if remedies.len() > most {
                break;
            }
        }
        let more = remedies.len() > most;
        remedies.truncate(most);
        Ok(Some(Counterfactuals { attributes, remedies, more }))
    }

    fn dimensions(&self) -> std::ops::Range<usize> {
        0..self.permitted.subspace.attributes.len()
    }

    /// The choice that the request states in a dimension.
    fn stated(&self, dimension: usize) -> Option<usize> {
        let class = self.facts.class(self.permitted.subspace.attributes[dimension])? as usize;
        self.permitted.subspace.classes[dimension].iter().position(|open| *open == class)
    }

    fn may_change(&self, dimension: usize) -> bool {
        self.may_change[self.permitted.subspace.attributes[dimension]]
    }

    /// The smallest sets of dimensions in which a request that states everything must change.
    fn sets_of_complete(&self) -> Vec<u64> {
        let region = &self.permitted.region;
        let by_node = region.fold(
            |inside| SmallestSets { size: 0, sets: if *inside { vec![0] } else { Vec::new() } },
            |dimension, next, by_node: &[SmallestSets]| {
                let mut smallest = SmallestSets::default();
                for (choice, next) in next.iter().enumerate() {
                    if self.stated(dimension) == Some(choice) {
                        smallest.add(&by_node[*next], 0);
                    } else if self.may_change(dimension) {
                        smallest.add(&by_node[*next], 1 << dimension);
                    }
                }
                smallest
            },
        );
        let mut sets = by_node.into_iter().nth(region.root).unwrap_or_default().sets;
        // In check order: a set with an earlier dimension comes first.
        sets.sort_unstable_by_key(|set| std::cmp::Reverse(set.reverse_bits()));
        sets
    }

    /// The smallest sets of dimensions that a request with unstated attributes must change or state.
    fn sets_of_partial(&self) -> Result<Vec<u64>, TooComplex> {
        let changeable: Vec<usize> =
            self.dimensions().filter(|dimension| self.may_change(*dimension)).collect();
        let every = set_of(&changeable);
        if !self.works(every) {
            return Ok(Vec::new());
        }
        let is_needed = |dimension: &usize| !self.works(every & !(1 << dimension));
        let (needed, others): (Vec<usize>, Vec<usize>) = changeable.into_iter().partition(is_needed);
        let needed = set_of(&needed);
        let mut tried = 0;
        for size in 0..=others.len() {
            tried += count_combinations(others.len(), size);
            if tried > MOST_SETS_TRIED {
                break;
            }
            let sets = combinations(&others, size).into_iter().map(|set| set | needed);
            let working: Vec<u64> = sets.filter(|set| self.works(*set)).collect();
            if !working.is_empty() {
                return Ok(working);
            }
        }
        Err(TooComplex { service: self.permitted.service.name.clone() })
    }

    /// Whether a change of these dimensions can make the request permitted.
    fn works(&self, set: u64) -> bool {
        !self.permitted_changing(set).is_empty()
    }

    /// The permitted requests that differ from the request in these dimensions alone. Outside of the set, a stated
    /// dimension keeps its choice, and an unstated one must be permitted with every choice.
    fn permitted_changing(&self, set: u64) -> Region {
        let is_kept = |dimension: usize| !has(&[set], dimension);
        let stated =
            self.permitted.region.given(|dimension| self.stated(dimension).filter(|_| is_kept(dimension)));
        let unstated =
            self.dimensions().filter(|dimension| is_kept(*dimension) && self.stated(*dimension).is_none());
        let changed = unstated.fold(stated, |region, dimension| {
            self.permitted.with_every_completion(&region, &self.facts, dimension)
        });
        // Where it is enough to state more members of a set, no member changes.
        let completing = changed.within(&self.permitted.subspace.layout, &self.completions());
        if completing.is_empty() { changed } else { completing }
    }

    /// The box of the requests that have the members that the request states.
    fn completions(&self) -> Cube {
        let Permitted { subspace, .. } = self.permitted;
        subspace.layout.cube(|dimension, choice| {
            let attribute = subspace.attributes[dimension];
            self.facts.members(attribute).is_none()
                || self.facts.may_be(attribute, subspace.classes[dimension][choice])
        })
    }

    /// The change to the values of a box, in these dimensions.
    fn remedy(&self, cube: &Cube, set: u64) -> Counterfactual {
        let Permitted { policy, service, rule_space, subspace, .. } = self.permitted;
        let mut say = Vec::new();
        let mut example = self.request.clone();
        for attribute in bits(&[set]).map(|dimension| subspace.attributes[dimension]) {
            let dimension = &rule_space.dimensions[attribute];
            let inside = subspace.class_flags(rule_space, cube, attribute);
            let mut classes = inside.iter().enumerate().filter(|(_, inside)| **inside);
            let completes = classes.all(|(class, _)| self.facts.may_be(attribute, class));
            let members = self.facts.members(attribute).filter(|_| completes);
            say.extend(clause_text::clause_among(policy, service, dimension, attribute, &inside, members));
            let class = inside.iter().position(|inside| *inside).unwrap_or_default();
            let fact = witness::fact_among(policy, service, dimension, attribute, class, members);
            replace_fact(&mut example, &policy.attributes()[attribute].name, fact);
        }
        Counterfactual { say, example }
    }
}

fn replace_fact(request: &mut Request, attribute: &str, fact: Option<Fact>) {
    request.facts.retain(|(name, _)| name != attribute);
    request.facts.extend(fact.map(|fact| (attribute.to_owned(), fact)));
}

/// The smallest sets of dimensions that were added, all of one size.
#[derive(Clone, Debug, Default)]
struct SmallestSets {
    size: u32,
    sets: Vec<u64>,
}

impl SmallestSets {
    /// Adds the sets of a branch, each with the dimensions of `more`, unless they are larger than the sets so far.
    fn add(&mut self, branch: &Self, more: u64) {
        let size = branch.size + more.count_ones();
        if branch.sets.is_empty() || (!self.sets.is_empty() && size > self.size) {
            return;
        }
        if self.sets.is_empty() || size < self.size {
            *self = Self { size, sets: Vec::new() };
        }
        for set in branch.sets.iter().map(|set| set | more) {
            if !self.sets.contains(&set) {
                self.sets.push(set);
            }
        }
    }
}

fn set_of(dimensions: &[usize]) -> u64 {
    dimensions.iter().fold(0, |set, dimension| set | 1 << dimension)
}
