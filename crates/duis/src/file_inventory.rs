//! An inventory from files: YAML, and real responses to 8.2 Read Inventory.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde_yaml::{Location, Spanned};

use crate::error::quote;
use crate::eui::Eui64;
use crate::inventory::{Device, Inventory, Lookup, Part};
use crate::inventory_error::InventoryError;
use crate::inventory_response::devices_in_response;
use crate::inventory_yaml::{self, Day, Mpxn};
use crate::place::Place;

/// The contents of any number of inventory files, held in memory.
///
/// ```
/// use meterwarden_duis::FileInventory;
///
/// let inventory = FileInventory::default().yaml("parties: [{ id: 0A-00-00-00-00-00-00-01, roles:
/// [IS] }]")?;
/// # Ok::<(), meterwarden_duis::InventoryError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct FileInventory {
    /// The names of the files that were added, for errors
    files: Vec<String>,
    complete: BTreeSet<Part>,
    dcc: Vec<Eui64>,
    parties: BTreeMap<Eui64, Vec<String>>,
    devices: BTreeMap<Eui64, (Device, FileNumber)>,
    /// The devices that a YAML file lists; a second YAML entry for one of them is an error.
    devices_in_yaml: BTreeSet<Eui64>,
    links: BTreeMap<Eui64, BTreeSet<Eui64>>,
    /// By metering point
    registrations: BTreeMap<String, Vec<Registration>>,
    /// By device
    nominations: BTreeMap<Eui64, Vec<Holding>>,
}

/// A file, as an index into the names of the files
type FileNumber = u32;

/// A registration, and where it is
#[derive(Clone, Debug)]
struct Registration {
    holding: Holding,
    file: FileNumber,
    line: u32,
}

/// A registration or nomination that a party holds from a day (included) until a day (excluded).
#[derive(Clone, Debug)]
struct Holding {
    /// Empty for a nomination, which has no role
    role: String,
    party: Eui64,
    from: Date,
    until: Option<Date>,
}

impl FileInventory {
    /// Adds a file: a Read Inventory response if it begins with `<`, otherwise YAML. Errors about a later
    /// file may show the name of this one.
    ///
    /// # Errors
    ///
    /// Those of [`yaml`](Self::yaml) and [`response`](Self::response).
    pub fn file(mut self, name: &str, text: &str) -> Result<Self, InventoryError> {
        self.files.push(format!("`{}`", quote(name)));
        let is_xml = text.trim_start_matches('\u{FEFF}').trim_start().starts_with('<');
        if is_xml { self.add_response(text.as_bytes()) } else { self.add_yaml(text) }
    }

    /// Adds the text of a YAML file.
    ///
    /// # Errors
    ///
    /// Text that is not an inventory, an unknown key, a device or party that a YAML file has already
    /// listed, a party without a role, an `until` that is not after its `from`, a metering point of no
    /// legal length, two parties that hold a metering point in one role at one time, a device that is
    /// linked to itself, and a device with other values in a file that was added before.
    pub fn yaml(mut self, text: &str) -> Result<Self, InventoryError> {
        self.files.push(format!("file {}", self.files.len() + 1));
        self.add_yaml(text)
    }

    fn add_yaml(mut self, text: &str) -> Result<Self, InventoryError> {
        let file = inventory_yaml::parse(text).map_err(Box::new)?;
        self.complete.extend(file.complete);
        self.dcc.extend(file.dcc);
        for party in file.parties {
            self.add_party(party)?;
        }
        for device in file.devices {
            self.add_device(device)?;
        }
        for registration in file.registrations {
            self.add_registration(registration)?;
        }
        for nomination in file.nominations {
            let inventory_yaml::Nomination { device, party, from, until } = nomination;
            let holding = holding(String::new(), party, &from, until)?;
            self.nominations.entry(device).or_default().push(holding);
        }
        Ok(self)
    }

    /// Adds the devices of a real response to an 8.2 Read Inventory. A YAML file may add facts about
    /// the same devices, such as the pre-notifier, but must not contradict the response.
    ///
    /// The response does not state which device is linked to which hub. *Assumed:* if it lists exactly
    /// one hub, every device whose status puts it on a hub's log (not Pending, Decommissioned or
    /// Withdrawn) is linked to that hub.
    ///
    /// # Errors
    ///
    /// Bytes that are not a DUIS 5.x response with an inventory, a device that it lists twice, and a
    /// device with other values in a file that was added before.
    pub fn response(mut self, bytes: &[u8]) -> Result<Self, InventoryError> {
        self.files.push(format!("file {}", self.files.len() + 1));
        self.add_response(bytes)
    }

    fn add_response(mut self, bytes: &[u8]) -> Result<Self, InventoryError> {
        let devices = devices_in_response(bytes)?;
        let mut ids = BTreeSet::new();
        if let Some((id, _)) = devices.iter().find(|(id, _)| !ids.insert(*id)) {
            return Err(InventoryError::TwiceInResponse(*id));
        }
        let mut hubs = devices.iter().filter(|(_, device)| device.device_type == "CHF");
        let only_hub = hubs.next().filter(|_| hubs.next().is_none()).map(|(id, _)| *id);
        for (id, device) in devices {
            let is_off_the_log =
                matches!(device.status.as_deref(), Some("Pending" | "Decommissioned" | "Withdrawn"));
            if let Some(hub) = only_hub.filter(|hub| *hub != id && !is_off_the_log) {
                self.link(id, hub);
            }
            self.combine(id, device)?;
        }
        Ok(self)
    }

    fn add_party(&mut self, party: inventory_yaml::Party) -> Result<(), InventoryError> {
        let id = party.id.value;
        if party.roles.value.is_empty() {
            return Err(InventoryError::NoRole { place: place(&party.roles.defined), id });
        }
        match self.parties.insert(id, party.roles.value) {
            Some(_) => Err(InventoryError::Twice { place: place(&party.id.defined), what: "party", id }),
            None => Ok(()),
        }
    }

    fn add_device(&mut self, device: inventory_yaml::Device) -> Result<(), InventoryError> {
        let id = device.id.value;
        if !self.devices_in_yaml.insert(id) {
            return Err(InventoryError::Twice { place: place(&device.id.defined), what: "device", id });
        }
        for linked in device.linked {
            if linked.value == id {
                return Err(InventoryError::LinkedToItself { place: place(&linked.defined), id });
            }
            self.link(id, linked.value);
        }
        self.combine(
            id,
            Device {
                device_type: device.device_type,
                status: device.status,
                generation: device.generation,
                esme_variant: device.esme_variant,
                mpxns: device.mpxns.into_iter().map(|Mpxn(mpxn)| mpxn).collect(),
                pre_notifier: device.pre_notifier,
            },
        )
    }

    /// Adds a registration. Refuses one that overlaps with that of another party.
    fn add_registration(&mut self, registration: inventory_yaml::Registration) -> Result<(), InventoryError> {
        let inventory_yaml::Registration { mpxn, role, party, from, until } = registration;
        let place = place(&mpxn.defined);
        let Mpxn(mpxn) = mpxn.value;
        let holding = holding(role, party, &from, until)?;
        let file = self.file_number();
        let registrations = self.registrations.entry(mpxn.clone()).or_default();
        if let Some(first) = registrations.iter().find(|first| first.holding.contradicts(&holding)) {
            return Err(InventoryError::TwoRegistrants {
                place,
                mpxn,
                role: holding.role,
                party,
                first_party: first.holding.party,
                first_line: usize::try_from(first.line).unwrap_or(usize::MAX),
                first_file: self.files.get(first.file as usize).cloned().unwrap_or_default(),
            });
        }
        let line = u32::try_from(place.line).unwrap_or(u32::MAX);
        registrations.push(Registration { holding, file, line });
        Ok(())
    }

    /// The number of the file that is being added.
    fn file_number(&self) -> FileNumber {
        FileNumber::try_from(self.files.len().saturating_sub(1)).unwrap_or(FileNumber::MAX)
    }

    /// Adds a link in both directions.
    fn link(&mut self, first: Eui64, second: Eui64) {
        self.links.entry(first).or_default().insert(second);
        self.links.entry(second).or_default().insert(first);
    }

    /// Adds the facts of one more file about a device to those of the files before. A fact that both
    /// state must be the same.
    fn combine(&mut self, id: Eui64, new: Device) -> Result<(), InventoryError> {
        let file = self.file_number();
        let Some((device, first_file)) = self.devices.get_mut(&id) else {
            self.devices.insert(id, (new, file));
            return Ok(());
        };
        let first_file = self.files.get(*first_file as usize).cloned().unwrap_or_default();
        let conflict = |what, first: &str, second: &str| {
            let (first, second, first_file) = (first.to_owned(), second.to_owned(), first_file.clone());
            InventoryError::Conflict { id, what, first, first_file, second }
        };
        if device.device_type != new.device_type {
            return Err(conflict("type", &device.device_type, &new.device_type));
        }
        for (what, value, new_value) in [
            ("status", &mut device.status, new.status),
            ("generation", &mut device.generation, new.generation),
            ("ESME variant", &mut device.esme_variant, new.esme_variant),
        ] {
            match (value.as_deref(), new_value.as_deref()) {
                (Some(first), Some(second)) if first != second => {
                    return Err(conflict(what, first, second));
                }
                (None, Some(_)) => *value = new_value,
                _ => {}
            }
        }
        match (device.pre_notifier, new.pre_notifier) {
            (Some(first), Some(second)) if first != second => {
                return Err(conflict("pre-notifier", &first.to_string(), &second.to_string()));
            }
            (first, second) => device.pre_notifier = first.or(second),
        }
        let sorted = |mpxns: &[String]| BTreeSet::from_iter(mpxns.iter().cloned());
        let [first, second] = [sorted(&device.mpxns), sorted(&new.mpxns)];
        if device.mpxns.is_empty() {
            device.mpxns = new.mpxns;
        } else if !second.is_empty() && first != second {
            let list = |mpxns: BTreeSet<String>| mpxns.into_iter().collect::<Vec<_>>().join(", ");
            return Err(conflict("metering points", &list(first), &list(second)));
        }
        Ok(())
    }
}

fn holding(
    role: String,
    party: Eui64,
    from: &Spanned<Day>,
    until: Option<Day>,
) -> Result<Holding, InventoryError> {
    let (Day(start), until) = (from.value, until.map(|Day(until)| until));
    match until.filter(|until| *until <= start) {
        Some(until) => Err(InventoryError::Window { place: place(&from.defined), from: start, until }),
        None => Ok(Holding { role, party, from: start, until }),
    }
}

fn place(location: &Location) -> Place {
    let to_usize = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let offset = location.span().byte_offset().unwrap_or(0);
    Place { offset: to_usize(offset), line: to_usize(location.line()), column: to_usize(location.column()) }
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
    fn roles(&self, party: Eui64) -> Lookup<Option<Cow<'_, [String]>>> {
        Ok(self.parties.get(&party).map(|roles| Cow::Borrowed(roles.as_slice())))
    }

    fn device(&self, device: Eui64) -> Lookup<Option<Cow<'_, Device>>> {
        Ok(self.devices.get(&device).map(|(device, _)| Cow::Borrowed(device)))
    }

    fn linked(&self, device: Eui64) -> Lookup<Vec<Eui64>> {
        Ok(self.links.get(&device).into_iter().flatten().copied().collect())
    }

    fn registrant(&self, mpxn: &str, role: &str, on: Date) -> Lookup<Option<Eui64>> {
        let mut registrations = self.registrations.get(mpxn).into_iter().flatten();
        let registration = registrations
            .find(|registration| registration.holding.role == role && registration.holding.includes(on));
        Ok(registration.map(|registration| registration.holding.party))
    }

    fn nominated(&self, device: Eui64, party: Eui64, on: Date) -> Lookup<bool> {
        let mut nominations = self.nominations.get(&device).into_iter().flatten();
        Ok(nominations.any(|nomination| nomination.party == party && nomination.includes(on)))
    }

    fn dcc(&self) -> Lookup<Cow<'_, [Eui64]>> {
        Ok(Cow::Borrowed(&self.dcc))
    }

    fn is_complete(&self, part: Part) -> bool {
        self.complete.contains(&part)
    }
}
