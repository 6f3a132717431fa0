//! The changes of a service in parts, for every format: sections, and in them regions grouped by their causes.

use meterwarden_analysis::diff::{
    Cause, CodeChange, Contribution, Count, KnownBy, Part, Region, ServiceDiff,
};

use crate::limits::CODE_PAIRS;
use crate::region;
use crate::wording::{count, titled};

/// What happens to the requests of a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// They are permitted, and were not
    Opens,
    /// They were permitted, and are not
    Closes,
    /// They are refused with another response code
    Recodes,
}

/// A part of the changes of a service.
#[derive(Debug)]
pub(crate) struct Section<'d> {
    pub(crate) change: Change,
    /// `newly permitted: 12 of 48,384 requests (0.025 %)`
    pub(crate) title: String,
    pub(crate) groups: Vec<CauseGroup<'d>>,
    /// How many requests no region shows.
    pub(crate) unshown: Option<String>,
}

/// Regions that have the same causes.
#[derive(Debug)]
pub(crate) struct CauseGroup<'d> {
    pub(crate) causes: &'d [Cause],
    pub(crate) regions: Vec<&'d Region>,
}

impl Change {
    /// `+`, `-`, `~`
    pub(crate) fn sign(self) -> char {
        match self {
            Self::Opens => '+',
            Self::Closes => '-',
            Self::Recodes => '~',
        }
    }
}

impl Section<'_> {
    /// The number of regions.
    pub(crate) fn regions(&self) -> usize {
        self.groups.iter().map(|group| group.regions.len()).sum()
    }
}

/// `8.4 Update Inventory`, and whether the service is new or gone.
pub(crate) fn service_title(diff: &ServiceDiff) -> String {
    let known = match diff.known {
        KnownBy::Both => "",
        KnownBy::After => " (new)",
        KnownBy::Before => " (gone)",
    };
    titled(&diff.service, &diff.text) + known
}

/// `from 2023-06-29: 12 requests`
pub(crate) fn region_title(region: &Region, timed: bool) -> String {
    let requests = region::requests(&region.cases);
    if timed { format!("{}: {requests}", region::time(region.from, region.until)) } else { requests }
}

/// What is newly permitted, what is newly refused, and, if `codes`, the changes of response codes.
pub(crate) fn sections(diff: &ServiceDiff, codes: bool) -> Vec<Section<'_>> {
    let opens = section(diff, Change::Opens, "newly permitted", &diff.wider);
    let closes = section(diff, Change::Closes, "newly refused", &diff.narrower);
    let recodes = diff.codes.iter().filter(|_| codes);
    let recodes = recodes.map(|change| section(diff, Change::Recodes, &code_change(change), &change.part));
    opens.into_iter().chain(closes).chain(recodes.flatten()).collect()
}

fn section<'d>(diff: &ServiceDiff, change: Change, verb: &str, part: &'d Part) -> Option<Section<'d>> {
    if part.is_empty() {
        return None;
    }
    let requests_of_regions: Count = part.regions.iter().map(|region| &region.cases).sum();
    let regions = match part.regions.len() {
        0 | 1 => String::new(),
        count if requests_of_regions > part.cases => format!(", in {count} regions that overlap"),
        count => format!(", in {count} regions"),
    };
    Some(Section {
        change,
        title: format!("{verb}: {}{regions}", region::requests_of(&part.cases, &diff.space)),
        groups: groups(&part.regions),
        unshown: part.unshown.as_ref().map(|count| format!("{} in no region shown", region::requests(count))),
    })
}

/// The groups are in the order of the first region of each.
fn groups(regions: &[Region]) -> Vec<CauseGroup<'_>> {
    let mut groups: Vec<CauseGroup<'_>> = Vec::new();
    for region in regions {
        match groups.iter_mut().find(|group| group.causes == region.causes) {
            Some(group) => group.regions.push(region),
            None => groups.push(CauseGroup { causes: &region.causes, regions: vec![region] }),
        }
    }
    groups
}

/// `E4 → E5`
fn code_change(change: &CodeChange) -> String {
    let name = |code: &Option<String>| code.clone().unwrap_or_else(|| "no code".to_owned());
    format!("{} → {}", name(&change.before), name(&change.after))
}

/// The services that are new or gone or permit more or less, and the services of which only response codes change. The
/// latter are shown last, so that they hide nothing.
pub(crate) fn partition(services: &[ServiceDiff]) -> (Vec<&ServiceDiff>, Vec<&ServiceDiff>) {
    let changes_outcomes = |diff: &&ServiceDiff| {
        diff.known != KnownBy::Both || !diff.wider.is_empty() || !diff.narrower.is_empty()
    };
    services.iter().partition(changes_outcomes)
}

/// `306 of 48,384 requests (0.63 %): E4 → E5 (294), E4 → no code (12)`; `None` if no response code changes.
pub(crate) fn code_summary(diff: &ServiceDiff) -> Option<String> {
    if diff.codes.is_empty() {
        return None;
    }
    let mut changes: Vec<&CodeChange> = diff.codes.iter().collect();
    // The largest first; changes of the same size stay in the order of their codes.
    changes.sort_by(|left, right| right.part.cases.cmp(&left.part.cases));
    let entry =
        |change: &&CodeChange| format!("{} ({})", code_change(change), region::number(&change.part.cases));
    let mut entries: Vec<String> = changes.iter().take(CODE_PAIRS).map(entry).collect();
    if changes.len() > CODE_PAIRS {
        entries.push(format!("and {} more", changes.len() - CODE_PAIRS));
    }
    let requests = region::requests_of(&recoded(diff), &diff.space);
    Some(format!("{requests}: {}", entries.join(", ")))
}

/// `only response codes differ in 2 services`
pub(crate) fn only_codes_differ(services: usize) -> String {
    format!("only response codes differ in {}", count(services, "service"))
}

/// How many requests are refused with another response code. A request has one code, so that the sum counts it once.
pub(crate) fn recoded(diff: &ServiceDiff) -> Count {
    diff.codes.iter().map(|change| &change.part.cases).sum()
}

/// `8.4/esme-variant-correction permits it`
pub(crate) fn effect(cause: &Cause) -> String {
    let rule = &cause.rule;
    match cause.does {
        Contribution::Permits => format!("{rule} permits it"),
        Contribution::Forbids => format!("{rule} forbids it"),
        Contribution::LeavesOut => format!("the fields of {rule} leave it out"),
        Contribution::NoLongerPermits => format!("{rule} no longer permits it"),
        Contribution::NoLongerForbids => format!("{rule} no longer forbids it"),
        Contribution::Declares => format!("the fields of {rule} declare it"),
    }
}

/// The text of the rule; a list of fields has none.
pub(crate) fn rule_text(cause: &Cause) -> Option<&str> {
    let is_of_fields = matches!(cause.does, Contribution::LeavesOut | Contribution::Declares);
    (!is_of_fields && !cause.text.is_empty()).then_some(cause.text.as_str())
}

/// The place of the rule, and the modifications that cause the change.
pub(crate) fn origin(cause: &Cause) -> Vec<&str> {
    let place = Some(cause.place.as_str()).filter(|place| !place.is_empty());
    place.into_iter().chain(cause.modifications.iter().map(String::as_str)).collect()
}
