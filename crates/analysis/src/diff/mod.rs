//! What an edit does: every request that one of two policies permits and the other does not, exactly, in the author's
//! words, with the rule and the modification that make the difference.
//!
//! ```text
//! two plans ──Joint──▶ one vocabulary ──Space──▶ one list of boxes ──walk──▶ Diagram<Change> ──cover──▶ Region, in words
//! ```
//!
//! Nothing is sampled and nothing is solved: both laws are walked constraint by constraint, and as soon as nothing that tells them
//! apart can still match, the walk is over.

mod cause;
mod codes;
mod count;
mod law;
mod said;
mod space;
mod tally;
mod times;
mod vocabulary;
mod walk;

use crate::service_selector::selected;
use std::num::NonZeroUsize;

use jiff::civil::Date;
use serde::Serialize;

use crate::permitted_set::TooComplex;
use crate::service_order;
use crate::service_selector::UnknownService;
pub use cause::{Cause, Contribution};
pub use count::Count;
use meterwarden::base::parallel;
use meterwarden::plan::Plan;
use meterwarden::policy::{Edge, Policy};
use meterwarden::space::TooLarge;
use said::Telling;
pub use said::{CodeChange, Part, Region};
use space::Space;
use tally::Tally;
use times::{Known, times};
use vocabulary::Joint;

/// One constraint of a comparison: a policy, on every date or on one.
#[derive(Clone, Copy, Debug)]
pub struct Version<'p> {
    /// The policy.
    pub plan: &'p Plan,
    /// The date that chooses the law; nothing for every date. A date on one constraint alone is meant for both.
    pub at: Option<Date>,
}

/// What differs between two policies.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Diff {
    /// The fingerprints of the policies, before and after.
    pub policies: [String; 2],
    /// The dates that chose the law, where it is not every date.
    pub dates: Option<[Date; 2]>,
    /// Whether response codes are compared. They are not where the two check the attributes in another order.
    pub codes_compared: bool,
    /// The services that differ, in the order of their numbers.
    pub services: Vec<ServiceDiff>,
}

/// What differs in one service.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ServiceDiff {
    /// `8.4`
    pub service: String,
    /// `Update Inventory`
    pub text: String,
    /// Whether both know it.
    pub known: KnownBy,
    /// How many requests its rules tell apart, over the values and declared fields of every attribute that they look at.
    pub space: Count,
    /// What is permitted and was not.
    pub wider: Part,
    /// What was permitted and is not.
    pub narrower: Part,
    /// What is refused as before, with another response code.
    pub codes: Vec<CodeChange>,
}

/// Which of two policies know a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum KnownBy {
    /// Both.
    Both,
    /// It is new.
    After,
    /// It is gone.
    Before,
}

/// Why two policies cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DiffError {
    /// The rules of a service explode.
    #[error(transparent)]
    TooComplex(#[from] TooComplex),
    /// A service that neither policy has.
    #[error(transparent)]
    UnknownService(#[from] UnknownService),
}

/// More regions of a service than these are counted, and not shown.
const MOST_REGIONS: usize = 200;

/// Everything that differs between two policies.
///
/// ```
/// use std::sync::Arc;
/// use meterwarden::{Policy, Source, compile};
/// use meterwarden_analysis::diff::{Version, diff};
///
/// let plan = |roles: &str| {
///     let text = format!(r#"
///         attribute role "User Role" always {{ refuse E2 "not this role"  IS ED OU }}
///         service 7.7 "Read Auxiliary Load Control Switch Data" {{
///             permit read "who may read it" {{ role {roles}  source "DUIS service request matrix, row 7.7" }}
///         }}"#);
///     compile(Arc::new(Policy::from_sources(vec![Source::new("example.rules", text)]).unwrap()))
/// };
/// let (before, after) = (plan("IS, OU"), plan("IS, OU, ED"));
/// let found = diff(Version { plan: &before, at: None }, Version { plan: &after, at: None })?;
/// assert_eq!(found.services[0].wider.regions[0].clauses, ["role ED"]);
/// assert!(found.services[0].narrower.is_empty());
/// # Ok::<(), meterwarden_analysis::diff::DiffError>(())
/// ```
///
/// # Errors
///
/// The rules of a service tell too many classes of request apart.
pub fn diff(before: Version<'_>, after: Version<'_>) -> Result<Diff, DiffError> {
    diff_of(before, after, &Wanted::default())
}

/// What is wanted of a difference.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The services that are meant: `8.4`, `8.*`, `tag critical`; all where none is named.
    pub services: Vec<String>,
    /// Whether changes of response code are wanted region by region. They are counted in any case; to word the regions
    /// takes as long as all the rest.
    pub code_regions: bool,
    /// So many threads share the services out; one, where nothing is said. What is found is the same.
    pub threads: Option<NonZeroUsize>,
}

/// The same of some services, or with the regions of changes of code.
///
/// # Errors
///
/// As [`diff()`], and that neither policy has a service of that name.
pub fn diff_of(before: Version<'_>, after: Version<'_>, wanted: &Wanted) -> Result<Diff, DiffError> {
    let policies = [before.plan.policy(), after.plan.policy()];
    let names = names(policies, &wanted.services)?;
    let dates = before.at.or(after.at).map(|_| [before.at.or(after.at), after.at.or(before.at)]);
    let dates = dates.and_then(|[before, after]| Some([before?, after?]));
    let joint = Joint::new(policies[0], policies[1]);
    let differs = |name: &&str| {
        let known = [before.plan.service(name), after.plan.service(name)];
        service(&joint, known, dates, wanted.code_regions)
            .map_err(|TooLarge| TooComplex { service: (*name).to_owned() })
    };
    let found = parallel::map(&names, wanted.threads.unwrap_or(NonZeroUsize::MIN), differs);
    let found: Vec<Option<ServiceDiff>> = found.into_iter().collect::<Result<_, _>>()?;
    Ok(Diff {
        policies: policies.map(|policy| policy.fingerprint().to_owned()),
        dates,
        codes_compared: joint.same_order,
        services: found.into_iter().flatten().collect(),
    })
}

/// The services of either policy that are meant, in the order of their numbers.
fn names<'p>(policies: [&'p Policy; 2], services: &[String]) -> Result<Vec<&'p str>, UnknownService> {
    let all = ["all".to_owned()];
    let mut names: Vec<&str> = Vec::new();
    for one in if services.is_empty() { &all[..] } else { services } {
        let [before, after] = policies.map(|policy| selected(policy, std::slice::from_ref(one)));
        // A policy may know nothing of a service that the other one has.
        let meant = match (before, after) {
            (Err(_), Err(unknown)) if !services.is_empty() => return Err(unknown),
            (before, after) => [before.unwrap_or_default(), after.unwrap_or_default()].concat(),
        };
        names.extend(meant.iter().map(|service| service.name.as_str()));
    }
    names.sort_by(|one, other| service_order::by_number(one, other));
    names.dedup();
    Ok(names)
}

fn service<'p>(
    joint: &Joint<'p>,
    known: [Known<'p>; 2],
    dates: Option<[Date; 2]>,
    code_regions: bool,
) -> Result<Option<ServiceDiff>, TooLarge> {
    let at = dates.map_or([None; 2], |dates| dates.map(|date| Some(Edge::On(date))));
    let Some(space) = Space::of(joint, known, &times(known, at))? else { return Ok(None) };
    let changes = walk::changes(&space, joint)?;
    let tally = Tally::new(&space, &changes);
    let telling = Telling { joint, space: &space, changes: &changes, tally, dates, whole: space.size() };
    let [wider, narrower] = [walk::Change::Wider, walk::Change::Narrower].map(|change| telling.part(change));
    let codes = telling.codes(code_regions);
    if wider.is_empty() && narrower.is_empty() && codes.is_empty() && known.iter().all(Option::is_some) {
        return Ok(None);
    }
    Ok(Some(ServiceDiff {
        service: space.service.name.clone(),
        text: space.service.text.clone(),
        known: match known {
            [Some(_), Some(_)] => KnownBy::Both,
            [None, _] => KnownBy::After,
            [_, None] => KnownBy::Before,
        },
        space: telling.whole,
        wider,
        narrower,
        codes,
    }))
}

impl Diff {
    /// Whether anything is permitted that was not, and whether anything is not that was.
    pub fn directions(&self) -> [bool; 2] {
        let any = |part: fn(&ServiceDiff) -> &Part| self.services.iter().any(|one| !part(one).is_empty());
        [any(|one| &one.wider), any(|one| &one.narrower)]
    }
}
