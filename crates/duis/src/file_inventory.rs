//! An inventory from files: YAML, and real responses to 8.2 Read Inventory.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde_yaml::{Location, Spanned};

use crate::eui::Eui64;
use crate::inventory::{Device, Inventory, Lookup};
use crate::inventory_error::InventoryError;
use crate::inventory_response::devices_in_response;
use crate::inventory_yaml::{self, Day};
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
    parties: BTreeMap<Eui64, Vec<String>>,
    devices: BTreeMap<Eui64, Device>,
    /// The devices that a YAML file lists; a second YAML entry for one of them is an error.
    devices_in_yaml: BTreeSet<Eui64>,
    links: BTreeMap<Eui64, BTreeSet<Eui64>>,
    /// By metering point
    registrations: BTreeMap<String, Vec<Holding>>,
    /// By device
    nominations: BTreeMap<Eui64, Vec<Holding>>,
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
    /// Adds a file: a Read Inventory response if it begins with `<`, otherwise YAML.
    ///
    /// # Errors
    ///
    /// Those of [`yaml`](Self::yaml) and [`response`](Self::response).
    pub fn file(self, text: &str) -> Result<Self, InventoryError> {
        let is_xml = text.trim_start_matches('\u{FEFF}').trim_start().starts_with('<');
        if is_xml { self.response(text.as_bytes()) } else { self.yaml(text) }
    }

    /// Adds a YAML file.
    ///
    /// # Errors
    ///
    /// Text that is not an inventory, an unknown key, a device or party that a YAML file has already
    /// listed, a party without a role, an `until` that is not after its `from`, and a device with
    /// other values in a file that was added before.
    pub fn yaml(mut self, text: &str) -> Result<Self, InventoryError> {
        let file = inventory_yaml::parse(text).map_err(Box::new)?;
        for party in file.parties {
            self.add_party(party)?;
        }
        for device in file.devices {
            self.add_device(device)?;
        }
        for registration in file.registrations {
            let inventory_yaml::Registration { mpxn, role, party, from, until } = registration;
            self.registrations.entry(mpxn).or_default().push(holding(role, party, &from, until)?);
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
    /// Bytes that are not a DUIS 5.x response with an inventory, and a device with other values in a
    /// file that was added before.
    pub fn response(mut self, bytes: &[u8]) -> Result<Self, InventoryError> {
        let devices = devices_in_response(bytes)?;
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
            self.link(id, linked);
        }
        self.combine(
            id,
            Device {
                device_type: device.device_type,
                status: device.status,
                generation: device.generation,
                esme_variant: device.esme_variant,
                mpxns: device.mpxns,
                pre_notifier: device.pre_notifier,
            },
        )
    }

    /// Adds a link in both directions.
    fn link(&mut self, first: Eui64, second: Eui64) {
        self.links.entry(first).or_default().insert(second);
        self.links.entry(second).or_default().insert(first);
    }

    /// Adds the facts of one more file about a device to those of the files before.
    fn combine(&mut self, id: Eui64, new: Device) -> Result<(), InventoryError> {
        let Some(device) = self.devices.get_mut(&id) else {
            self.devices.insert(id, new);
            return Ok(());
        };
        let conflict = |what, first: &str, second: &str| {
            let (first, second) = (first.to_owned(), second.to_owned());
            InventoryError::Conflict { id, what, first, second }
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
        device.pre_notifier = device.pre_notifier.or(new.pre_notifier);
        let new_mpxns: Vec<_> = new.mpxns.into_iter().filter(|mpxn| !device.mpxns.contains(mpxn)).collect();
        device.mpxns.extend(new_mpxns);
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
    fn covers(&self, role: &str, party: Eui64, on: Date) -> bool {
        let includes_day = self.from <= on && self.until.is_none_or(|until| on < until);
        self.role == role && self.party == party && includes_day
    }
}

impl Inventory for FileInventory {
    fn roles(&self, party: Eui64) -> Lookup<Option<Cow<'_, [String]>>> {
        Ok(self.parties.get(&party).map(|roles| Cow::Borrowed(roles.as_slice())))
    }

    fn device(&self, device: Eui64) -> Lookup<Option<Cow<'_, Device>>> {
        Ok(self.devices.get(&device).map(Cow::Borrowed))
    }

    fn linked(&self, device: Eui64) -> Lookup<Vec<Eui64>> {
        Ok(self.links.get(&device).into_iter().flatten().copied().collect())
    }

    fn registered(&self, mpxn: &str, role: &str, party: Eui64, on: Date) -> Lookup<bool> {
        let mut registrations = self.registrations.get(mpxn).into_iter().flatten();
        Ok(registrations.any(|registration| registration.covers(role, party, on)))
    }

    fn nominated(&self, device: Eui64, party: Eui64, on: Date) -> Lookup<bool> {
        let mut nominations = self.nominations.get(&device).into_iter().flatten();
        Ok(nominations.any(|nomination| nomination.covers("", party, on)))
    }
}
