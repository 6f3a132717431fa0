//! What an edit does: every request whose outcome differs between two policies, exactly, in the rule language, with the
//! rules and modifications that cause the difference.
//!
//! ```text
//! two plans ──▶ JointVocabulary ──▶ JointSpace: boxes of both ──walk──▶ Diagram<Change> ──cover──▶ Region, in words
//! ```
//!
//! Nothing is sampled. The joint space of a service divides its requests into classes that the boxes of *both* versions
//! treat alike, so that one comparison for each combination of classes is a comparison of every request. The walk makes
//! these comparisons check by check, and each state of it only once.

mod cause;
mod change_diagram;
mod codes;
mod count;
mod interval;
mod joint_boxes;
mod joint_space;
mod part;
mod request_counter;
mod service_changes;
mod vocabulary;

use std::num::NonZeroUsize;

use jiff::civil::Date;
use serde::Serialize;

use crate::permitted_set::TooComplex;
use crate::service_order;
use crate::service_selector::{UnknownService, selected};
pub use cause::{Cause, Contribution};
use change_diagram::{Change, changes};
pub use count::Count;
use interval::{VersionService, intervals};
use joint_space::JointSpace;
use meterwarden::base::parallel;
use meterwarden::plan::Plan;
use meterwarden::policy::{Edge, Policy};
use meterwarden::space::TooLarge;
pub use part::{CodeChange, Part, Region};
use request_counter::RequestCounter;
use service_changes::ServiceChanges;
use vocabulary::JointVocabulary;

/// One of the two versions that are compared: a policy, on every date or on one.
#[derive(Clone, Copy, Debug)]
pub struct Version<'p> {
    /// The policy.
    pub plan: &'p Plan,
    /// The date whose rules apply; `None` for every date. A date of one version alone applies to both.
    pub at: Option<Date>,
}

/// What differs between two versions.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Diff {
    /// The fingerprints of the policies, before and after.
    pub policies: [String; 2],
    /// The dates whose rules are compared; `None` for every date.
    pub dates: Option<[Date; 2]>,
    /// Whether response codes are compared. They are not if the policies check the attributes in different orders.
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
    /// Which of the policies have it.
    pub known: KnownBy,
    /// The number of requests of the service, over the values and declared fields of every attribute that its rules
    /// check.
    pub space: Count,
    /// The requests that were not permitted and are.
    pub wider: Part,
    /// The requests that were permitted and are not.
    pub narrower: Part,
    /// The requests that are refused before and after, with different response codes.
    pub codes: Vec<CodeChange>,
}

/// Which of two policies have a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum KnownBy {
    /// Both.
    Both,
    /// Only the policy after: the service is new.
    After,
    /// Only the policy before: the service was removed.
    Before,
}

/// Why two policies cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DiffError {
    /// The rules of a service distinguish too many classes of request.
    #[error(transparent)]
    TooComplex(#[from] TooComplex),
    /// A service that neither policy has.
    #[error(transparent)]
    UnknownService(#[from] UnknownService),
}

/// Options of a comparison.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The services to compare: `8.4`, `8.*`, `tag critical`; every service if it is empty.
    pub services: Vec<String>,
    /// Whether the regions of changed response codes are wanted. Their requests are always counted; describing the
    /// regions takes as long as everything else.
    pub code_regions: bool,
    /// The number of threads; one if it is `None`. The result does not depend on it.
    pub threads: Option<NonZeroUsize>,
}

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
/// let diff = diff(Version { plan: &before, at: None }, Version { plan: &after, at: None })?;
/// assert_eq!(diff.services[0].wider.regions[0].clauses, ["role ED"]);
/// assert!(diff.services[0].narrower.is_empty());
/// # Ok::<(), meterwarden_analysis::diff::DiffError>(())
/// ```
///
/// # Errors
///
/// The rules of a service distinguish too many classes of request.
pub fn diff(before: Version<'_>, after: Version<'_>) -> Result<Diff, DiffError> {
    diff_of(before, after, &Wanted::default())
}

/// What differs between two policies, with options.
///
/// # Errors
///
/// As [`diff()`], or neither policy has a service that `wanted` names.
pub fn diff_of(before: Version<'_>, after: Version<'_>, wanted: &Wanted) -> Result<Diff, DiffError> {
    let policies = [before.plan.policy(), after.plan.policy()];
    let names = service_names(policies, &wanted.services)?;
    let dates = match (before.at.or(after.at), after.at.or(before.at)) {
        (Some(before), Some(after)) => Some([before, after]),
        _ => None,
    };
    let joint = JointVocabulary::new(policies[0], policies[1]);
    let compare = |name: &&str| {
        let services = [before.plan.service(name), after.plan.service(name)];
        service_diff(&joint, services, dates, wanted.code_regions)
            .map_err(|TooLarge| TooComplex { service: (*name).to_owned() })
    };
    let compared = parallel::map(&names, wanted.threads.unwrap_or(NonZeroUsize::MIN), compare);
    let compared: Vec<Option<ServiceDiff>> = compared.into_iter().collect::<Result<_, _>>()?;
    Ok(Diff {
        policies: policies.map(|policy| policy.fingerprint().to_owned()),
        dates,
        codes_compared: joint.same_order,
        services: compared.into_iter().flatten().collect(),
    })
}

/// The selected services of either policy, in the order of their numbers.
fn service_names<'p>(
    policies: [&'p Policy; 2],
    selectors: &[String],
) -> Result<Vec<&'p str>, UnknownService> {
    let every = ["all".to_owned()];
    let mut names: Vec<&str> = Vec::new();
    for selector in if selectors.is_empty() { &every[..] } else { selectors } {
        let [before, after] = policies.map(|policy| selected(policy, std::slice::from_ref(selector)));
        // It is enough if one of the policies has the service.
        let services = match (before, after) {
            (Err(_), Err(unknown)) if !selectors.is_empty() => return Err(unknown),
            (before, after) => [before.unwrap_or_default(), after.unwrap_or_default()].concat(),
        };
        names.extend(services.iter().map(|service| service.name.as_str()));
    }
    names.sort_by(|left, right| service_order::by_number(left, right));
    names.dedup();
    Ok(names)
}

/// `None` if the service does not differ.
fn service_diff<'p>(
    joint: &JointVocabulary<'p>,
    services: [VersionService<'p>; 2],
    dates: Option<[Date; 2]>,
    code_regions: bool,
) -> Result<Option<ServiceDiff>, TooLarge> {
    let at = dates.map_or([None; 2], |dates| dates.map(|date| Some(Edge::On(date))));
    let Some(space) = JointSpace::new(joint, services, &intervals(services, at))? else { return Ok(None) };
    let diagram = changes(&space, joint)?;
    let counter = RequestCounter::new(&space, &diagram);
    let changes =
        ServiceChanges { joint, space: &space, changes: &diagram, counter, dates, size: space.size() };
    let (wider, narrower) = (changes.part(Change::Wider), changes.part(Change::Narrower));
    let codes = changes.code_changes(code_regions);
    if wider.is_empty() && narrower.is_empty() && codes.is_empty() && services.iter().all(Option::is_some) {
        return Ok(None);
    }
    Ok(Some(ServiceDiff {
        service: space.service.name.clone(),
        text: space.service.text.clone(),
        known: match services {
            [Some(_), Some(_)] => KnownBy::Both,
            [None, _] => KnownBy::After,
            [_, None] => KnownBy::Before,
        },
        space: changes.size,
        wider,
        narrower,
        codes,
    }))
}

impl Diff {
    /// Whether any request is newly permitted, and whether any is no longer permitted.
    pub fn directions(&self) -> [bool; 2] {
        let any =
            |part: fn(&ServiceDiff) -> &Part| self.services.iter().any(|service| !part(service).is_empty());
        [any(|service| &service.wider), any(|service| &service.narrower)]
    }
}
