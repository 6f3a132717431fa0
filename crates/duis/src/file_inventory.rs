//! An inventory out of files: YAML, and the answers to real 8.2 Read Inventory requests.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::eui::Eui64;
use crate::inventory::{Device, Inventory, Lookup};
use crate::inventory_error::InventoryError;
use crate::place::Place;
use crate::read_inventory::read_inventory;
use crate::yaml::{self, Day};

/// Everything that a number of inventory files say, held in memory.
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
    /// The devices that a YAML file describes, and so no other may.
    described: BTreeSet<Eui64>,
    links: BTreeMap<Eui64, BTreeSet<Eui64>>,
    /// By metering point.
    registrations: BTreeMap<String, Vec<Held>>,
    /// By device.
    nominations: BTreeMap<Eui64, Vec<Held>>,
}

/// What a party holds, and when: half-open.
#[derive(Clone, Debug)]
struct Held {
    /// Empty for a nomination.
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

    /// Adds what a YAML file says.
    ///
    /// # Errors
    ///
    /// Text that is no inventory, an unknown key, a device or party that stands in a YAML file
    /// already, a window without a day in it, and a device of which a Read Inventory response says
    /// something else.
    pub fn yaml(mut self, text: &str) -> Result<Self, InventoryError> {
        let file = yaml::file(text).map_err(Box::new)?;
        for party in file.parties {
            self.add_party(party)?;
        }
        for device in file.devices {
            self.add_device(device)?;
        }
        for it in file.registrations {
            let held = held(it.role, it.party, &it.from, it.until)?;
            self.registrations.entry(it.mpxn).or_default().push(held);
        }
        for it in file.nominations {
            let held = held(String::new(), it.party, &it.from, it.until)?;
            self.nominations.entry(it.device).or_default().push(held);
        }
        Ok(self)
    }

    /// Adds the devices of a real response to an 8.2 Read Inventory. A YAML file may say more of
    /// the same devices (who pre-notified one, say), but nothing else.
    ///
    /// The response does not say which device hangs on which hub. *Assumed:* if it lists one hub
    /// only, the devices that are on a hub's log by their status (not Pending, Decommissioned or
    /// Withdrawn) are linked to it.
    ///
    /// # Errors
    ///
    /// Bytes that are no DUIS 5.x response with an inventory in it, and a device of which another
    /// file says something else.
    pub fn response(mut self, bytes: &[u8]) -> Result<Self, InventoryError> {
        let devices = read_inventory(bytes)?;
        let mut hubs = devices.iter().filter(|(_, device)| device.device_type == "CHF");
        let hub = hubs.next().filter(|_| hubs.next().is_none()).map(|(id, _)| *id);
        for (id, device) in devices {
            let off_the_log =
                matches!(device.status.as_deref(), Some("Pending" | "Decommissioned" | "Withdrawn"));
            if let Some(hub) = hub.filter(|hub| *hub != id && !off_the_log) {
                self.link(id, hub);
            }
            self.combine(id, device)?;
        }
        Ok(self)
    }

    fn add_party(&mut self, party: yaml::Party) -> Result<(), InventoryError> {
        let id = party.id.value;
        if party.roles.value.is_empty() {
            return Err(InventoryError::NoRole { place: place(&party.roles.defined), id });
        }
        match self.parties.insert(id, party.roles.value) {
            Some(_) => Err(InventoryError::Twice { place: place(&party.id.defined), what: "party", id }),
            None => Ok(()),
        }
    }

    fn add_device(&mut self, device: yaml::Device) -> Result<(), InventoryError> {
        let id = device.id.value;
        if !self.described.insert(id) {
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

    /// A link holds both ways, whichever end says it.
    fn link(&mut self, one: Eui64, other: Eui64) {
        self.links.entry(one).or_default().insert(other);
        self.links.entry(other).or_default().insert(one);
    }

    /// Adds what one more file says of a device to what is known of it.
    fn combine(&mut self, id: Eui64, new: Device) -> Result<(), InventoryError> {
        let Some(known) = self.devices.get_mut(&id) else {
            self.devices.insert(id, new);
            return Ok(());
        };
        let conflict = |what, first: &str, second: &str| {
            let (first, second) = (first.to_owned(), second.to_owned());
            InventoryError::Conflict { id, what, first, second }
        };
        if known.device_type != new.device_type {
            return Err(conflict("type", &known.device_type, &new.device_type));
        }
        for (what, known, new) in [
            ("status", &mut known.status, new.status),
            ("generation", &mut known.generation, new.generation),
            ("ESME variant", &mut known.esme_variant, new.esme_variant),
        ] {
            match (known.as_deref(), new.as_deref()) {
                (Some(first), Some(second)) if first != second => {
                    return Err(conflict(what, first, second));
                }
                (None, Some(_)) => *known = new,
                _ => {}
            }
        }
        known.pre_notifier = known.pre_notifier.or(new.pre_notifier);
        let further: Vec<_> = new.mpxns.into_iter().filter(|mpxn| !known.mpxns.contains(mpxn)).collect();
        known.mpxns.extend(further);
        Ok(())
    }
}

fn held(
    role: String,
    party: Eui64,
    from: &serde_yaml::Spanned<Day>,
    until: Option<Day>,
) -> Result<Held, InventoryError> {
    let (Day(start), until) = (from.value, until.map(|Day(until)| until));
    match until.filter(|until| *until <= start) {
        Some(until) => Err(InventoryError::Window { place: place(&from.defined), from: start, until }),
        None => Ok(Held { role, party, from: start, until }),
    }
}

fn place(location: &serde_yaml::Location) -> Place {
    let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let offset = location.span().byte_offset().unwrap_or(0);
    Place { offset: number(offset), line: number(location.line()), column: number(location.column()) }
}

impl Held {
    fn covers(&self, role: &str, party: Eui64, on: Date) -> bool {
        let in_time = self.from <= on && self.until.is_none_or(|until| on < until);
        self.role == role && self.party == party && in_time
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
        let held = self.registrations.get(mpxn).into_iter().flatten();
        Ok(held.into_iter().any(|held| held.covers(role, party, on)))
    }

    fn nominated(&self, device: Eui64, party: Eui64, on: Date) -> Lookup<bool> {
        let held = self.nominations.get(&device).into_iter().flatten();
        Ok(held.into_iter().any(|held| held.covers("", party, on)))
    }
}
