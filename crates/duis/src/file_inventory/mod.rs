//! An inventory from files: YAML, and real responses to 8.2 Read Inventory.

mod add;
mod check;
mod words;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use meterwarden::Policy;
use smallvec::SmallVec;

use crate::eui::Eui64;
use crate::inventory::{Device, Facts, Inventory, Listed, Lookup, Part, Question};
use crate::inventory_error::Origin;
use crate::mpxn::Mpxn;

use words::Words;

/// The contents of any number of inventory files, held in memory.
///
/// ```
/// use meterwarden_duis::FileInventory;
///
/// let inventory = FileInventory::default().yaml("parties: [{ id: 0A-00-00-00-00-00-00-01, roles:
/// [IS] }]")?.checked()?;
/// # Ok::<(), meterwarden_duis::InventoryError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct FileInventory {
    /// The names of the files that were added, for errors
    files: Vec<String>,
    words: Words,
    complete: BTreeSet<Part>,
    dcc: Vec<Eui64>,
    parties: BTreeMap<Eui64, Party>,
    devices: BTreeMap<Eui64, Entry>,
    /// In the order of the identifiers
    links: BTreeMap<Eui64, SmallVec<[Eui64; 3]>>,
    registrations: BTreeMap<Mpxn, Vec<Registration>>,
    /// By device
    nominations: BTreeMap<Eui64, Vec<(Holding, Location)>>,
}

/// A line of a file, as an index into the names of the files
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Location {
    file: u32,
    line: u32,
}

#[derive(Clone, Debug)]
struct Party {
    roles: Vec<String>,
    at: Location,
}

#[derive(Clone, Debug)]
struct Entry {
    device: Device,
    /// Where it was listed first
    at: Location,
    /// Where a YAML file lists it
    in_yaml: Option<Location>,
}

/// A registration, and where it is
#[derive(Clone, Debug)]
struct Registration {
    holding: Holding,
    at: Location,
}

/// A registration or nomination that a party holds from a day (included) until a day (excluded).
#[derive(Clone, Debug)]
struct Holding {
    /// Empty for a nomination, which has no role
    role: Arc<str>,
    party: Eui64,
    from: Date,
    until: Option<Date>,
}

impl FileInventory {
    /// An inventory without files, in which a word that the policy does not have is an error of the YAML file that
    /// states it: a User Role, Device Type, SMI Status, SMETS generation or ESME Variant. A word of a Read Inventory
    /// response that the policy does not have is an error of the answers for its device.
    pub fn for_policy(policy: &Policy) -> Self {
        Self { words: Words::of(policy), ..Self::default() }
    }

    fn origin(&self, at: Location) -> Origin {
        Origin { file: self.files.get(at.file as usize).cloned().unwrap_or_default(), line: at.line }
    }
}

impl Holding {
    /// Whether another party holds the same thing, in the same role, on some day.
    fn contradicts(&self, other: &Self) -> bool {
        let begins_before_end =
            |first: &Self, second: &Self| second.until.is_none_or(|until| first.from < until);
        self.party != other.party
            && self.role == other.role
            && begins_before_end(self, other)
            && begins_before_end(other, self)
    }

    fn includes(&self, on: Date) -> bool {
        self.from <= on && self.until.is_none_or(|until| on < until)
    }
}

impl Inventory for FileInventory {
    fn facts(&self, question: &Question<'_>) -> Lookup<Facts<'_>> {
        let mut facts = Facts {
            complete: Cow::Owned(self.complete.iter().copied().collect()),
            dcc: Cow::Borrowed(&self.dcc),
            roles: self.parties.get(&question.originator).map(|party| Cow::Borrowed(party.roles.as_slice())),
            ..Facts::default()
        };
        for asked in question.devices {
            self.add_listed(*asked, &mut facts);
            for linked in self.linked(*asked) {
                self.add_listed(*linked, &mut facts);
                for next in self.linked(*linked) {
                    self.add_listed(*next, &mut facts);
                }
            }
            let mut nominations = self.nominations.get(asked).into_iter().flatten();
            let is_agent = |nomination: &Holding| {
                nomination.party == question.originator && nomination.includes(question.on)
            };
            if nominations.any(|(nomination, _)| is_agent(nomination)) {
                facts.nominated.insert(*asked);
            }
        }
        let points = facts.devices.values().flat_map(|listed| &listed.device.points);
        let registered = points.filter_map(|point| {
            let registrations = self.registrations.get(&point.mpxn)?.iter().map(|it| &it.holding);
            let on_the_date = registrations.filter(|holding| holding.includes(question.on));
            Some((point.mpxn, on_the_date.map(|it| (Cow::Borrowed(&*it.role), it.party)).collect()))
        });
        facts.registrations = registered.collect();
        Ok(facts)
    }
}

impl FileInventory {
    fn linked(&self, device: Eui64) -> &[Eui64] {
        self.links.get(&device).map(SmallVec::as_slice).unwrap_or_default()
    }

    fn add_listed<'i>(&'i self, device: Eui64, facts: &mut Facts<'i>) {
        if let Some(entry) = self.devices.get(&device) {
            let linked = Cow::Borrowed(self.linked(device));
            facts.devices.insert(device, Listed { device: Cow::Borrowed(&entry.device), linked });
        }
    }
}
