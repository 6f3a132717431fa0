//! What is said of the changes of a service, whatever the format: parts, and in them regions below what they are due to.

use meterwarden_analysis::diff::{
    Cause, CodeChange, Contribution, Count, KnownBy, Part, Region, ServiceDiff,
};

use crate::region;

/// What happens to the requests of a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// They are permitted and were not.
    Opens,
    /// They were permitted and are not.
    Closes,
    /// They are refused with another code.
    Recodes,
}

/// One part of what changes in a service.
#[derive(Debug)]
pub(crate) struct Section<'d> {
    pub(crate) change: Change,
    /// `newly permitted: 12 of 48,384 cases (0.025 %)`
    pub(crate) title: String,
    pub(crate) groups: Vec<Group<'d>>,
    /// What no region shows.
    pub(crate) unshown: Option<String>,
}

/// Regions that are due to the same.
#[derive(Debug)]
pub(crate) struct Group<'d> {
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
    pub(crate) fn regions(&self) -> usize {
        self.groups.iter().map(|group| group.regions.len()).sum()
    }
}

/// `8.4 Update Inventory`, and whether it is new or gone.
pub(crate) fn service(one: &ServiceDiff) -> String {
    let known = match one.known {
        KnownBy::Both => "",
        KnownBy::After => " (new)",
        KnownBy::Before => " (gone)",
    };
    format!("{} {}", one.service, one.text).trim_end().to_owned() + known
}

/// What opens, what closes, and, if they are wanted, the changes of codes.
pub(crate) fn sections(one: &ServiceDiff, codes: bool) -> Vec<Section<'_>> {
    let opens = section(one, Change::Opens, "newly permitted", &one.wider);
    let closes = section(one, Change::Closes, "newly refused", &one.narrower);
    let recodes = one.codes.iter().filter(|_| codes);
    let recodes = recodes.map(|change| section(one, Change::Recodes, &code_change(change), &change.part));
    opens.into_iter().chain(closes).chain(recodes.flatten()).collect()
}

fn section<'d>(one: &ServiceDiff, change: Change, what: &str, part: &'d Part) -> Option<Section<'d>> {
    if part.is_empty() {
        return None;
    }
    let regions = match part.regions.len() {
        0 | 1 => String::new(),
        many if all(&part.regions) > part.cases => format!(", in {many} regions that overlap"),
        many => format!(", in {many} regions"),
    };
    Some(Section {
        change,
        title: format!("{what}: {}{regions}", region::cases_of(&part.cases, &one.space)),
        groups: groups(&part.regions),
        unshown: part.unshown.as_ref().map(|count| format!("{} in no region shown", region::cases(count))),
    })
}

fn all(regions: &[Region]) -> Count {
    regions.iter().map(|region| &region.cases).sum()
}

/// In the order of the first region of each.
fn groups(regions: &[Region]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for region in regions {
        match groups.iter_mut().find(|group| group.causes == region.causes) {
            Some(group) => group.regions.push(region),
            None => groups.push(Group { causes: &region.causes, regions: vec![region] }),
        }
    }
    groups
}

/// `E4 → E5`
fn code_change(one: &CodeChange) -> String {
    let name = |code: &Option<String>| code.clone().unwrap_or_else(|| "no code".to_owned());
    format!("{} → {}", name(&one.before), name(&one.after))
}

/// More pairs of codes than this are not named where they are only counted.
const MOST_PAIRS: usize = 5;

/// The services of which more than codes changes, and those of which only codes do: they come last, so that they hide
/// nothing.
pub(crate) fn apart(services: &[ServiceDiff]) -> (Vec<&ServiceDiff>, Vec<&ServiceDiff>) {
    let permits =
        |one: &&ServiceDiff| one.known != KnownBy::Both || !one.wider.is_empty() || !one.narrower.is_empty();
    services.iter().partition(permits)
}

/// `306 of 48,384 cases (0.63 %): E4 → E5 (294), E4 → no code (12)`; nothing where none is another.
pub(crate) fn codes(one: &ServiceDiff) -> Option<String> {
    if one.codes.is_empty() {
        return None;
    }
    let mut changes: Vec<&CodeChange> = one.codes.iter().collect();
    changes.sort_by(|one, other| other.part.cases.cmp(&one.part.cases)); // the largest first, else by code
    let number =
        |change: &&CodeChange| format!("{} ({})", code_change(change), region::number(&change.part.cases));
    let mut each: Vec<String> = changes.iter().take(MOST_PAIRS).map(number).collect();
    if changes.len() > MOST_PAIRS {
        each.push(format!("and {} more", changes.len() - MOST_PAIRS));
    }
    let count = region::cases_of(&recoded(one), &one.space);
    Some(format!("{count}: {}", each.join(", ")))
}

/// `only response codes differ in 2 services`
pub(crate) fn recoded_alone(services: usize) -> String {
    let ending = if services == 1 { "" } else { "s" };
    format!("only response codes differ in {services} service{ending}")
}

/// How many refusals have another code. No request has two.
pub(crate) fn recoded(one: &ServiceDiff) -> Count {
    one.codes.iter().map(|change| &change.part.cases).sum()
}

/// `8.4/esme-variant-correction permits it`
pub(crate) fn does(cause: &Cause) -> String {
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

/// What the rule says; of a line of fields there is nothing more to say.
pub(crate) fn says(cause: &Cause) -> Option<&str> {
    let of_fields = matches!(cause.does, Contribution::LeavesOut | Contribution::Declares);
    (!of_fields && !cause.text.is_empty()).then_some(cause.text.as_str())
}

/// Where it stands, and the modifications that bring it about.
pub(crate) fn origin(cause: &Cause) -> Vec<&str> {
    let place = Some(cause.place.as_str()).filter(|place| !place.is_empty());
    place.into_iter().chain(cause.modifications.iter().map(String::as_str)).collect()
}
