//! Adds files to an inventory. A file that contradicts itself or an earlier one is an error.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use serde_yaml::Spanned;

use crate::error::quote;
use crate::eui::Eui64;
use crate::inventory::{Device, Direction, MeteringPoint, Part};
use crate::inventory_error::InventoryError;
use crate::inventory_response::{ListedDevice, devices_in_response};
use crate::inventory_yaml::{self, Day, Records, read_records};
use crate::place::Place;

use super::words::Kind;
use super::{Entry, FileInventory, Holding, Location, Party, Registration};

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
    /// linked to itself, and a device with other values in a file that was added before. Also a word that
    /// the policy does not have, if the inventory is [for a policy](Self::for_policy).
    pub fn yaml(mut self, text: &str) -> Result<Self, InventoryError> {
        self.files.push(format!("file {}", self.files.len() + 1));
        self.add_yaml(text)
    }

    fn add_yaml(mut self, text: &str) -> Result<Self, InventoryError> {
        read_records(text, &mut self)?;
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
        let mut listed = BTreeMap::new();
        for ListedDevice { id, place, .. } in &devices {
            if let Some(first) = listed.insert(*id, self.location(*place)) {
                let first = self.origin(first);
                return Err(InventoryError::Twice { place: *place, what: "device", id: *id, first });
            }
        }
        let mut hubs = devices.iter().filter(|listed| &*listed.device.device_type == "CHF");
        let only_hub = hubs.next().filter(|_| hubs.next().is_none()).map(|hub| hub.id);
        for ListedDevice { id, mut device, place } in devices {
            let is_off_the_log =
                matches!(device.status.as_deref(), Some("Pending" | "Decommissioned" | "Withdrawn"));
            if let Some(hub) = only_hub.filter(|hub| *hub != id && !is_off_the_log) {
                self.link(id, hub);
            }
            device.device_type = self.words.shared(&device.device_type);
            let mut share = |word: Option<Arc<str>>| word.map(|word| self.words.shared(&word));
            let words = [device.status, device.generation, device.esme_variant].map(&mut share);
            [device.status, device.generation, device.esme_variant] = words;
            let at = self.location(place);
            self.combine(id, Entry { device, at, in_yaml: None }, place)?;
        }
        Ok(self)
    }

    /// The line of a place in the file that is being added
    fn location(&self, place: Place) -> Location {
        let to_u32 = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Location { file: to_u32(self.files.len().saturating_sub(1)), line: to_u32(place.line) }
    }

    /// Adds a link in both directions.
    fn link(&mut self, first: Eui64, second: Eui64) {
        for (from, to) in [(first, second), (second, first)] {
            let links = self.links.entry(from).or_default();
            if let Err(index) = links.binary_search(&to) {
                links.insert(index, to);
            }
        }
    }

    /// Adds the facts of one more file about a device to those of the files before. A fact that both
    /// state must be the same.
    fn combine(&mut self, id: Eui64, new: Entry, place: Place) -> Result<(), InventoryError> {
        let Some(entry) = self.devices.get_mut(&id) else {
            self.devices.insert(id, new);
            return Ok(());
        };
        let first_at = entry.at;
        entry.in_yaml = entry.in_yaml.or(new.in_yaml);
        let Err(Contradiction { what, first, second }) = add_facts(&mut entry.device, new.device) else {
            return Ok(());
        };
        let (first_value, first) = (first, Box::new(self.origin(first_at)));
        Err(InventoryError::Conflict { place, id, what, first_value, first, second })
    }
}

impl Records for FileInventory {
    fn complete(&mut self, part: Part) {
        self.complete.insert(part);
    }

    fn dcc(&mut self, id: Eui64) {
        self.dcc.push(id);
    }

    fn party(&mut self, party: inventory_yaml::Party) -> Result<(), InventoryError> {
        let (id, place) = (party.id.value, place(&party.roles));
        if party.roles.value.is_empty() {
            return Err(InventoryError::NoRole { place, id });
        }
        for role in &party.roles.value {
            self.words.stated(Kind::Role, role, place)?;
        }
        let place = self::place(&party.id);
        let new = Party { roles: party.roles.value, at: self.location(place) };
        match self.parties.insert(id, new) {
            Some(Party { at, .. }) => {
                Err(InventoryError::Twice { place, what: "party", id, first: self.origin(at) })
            }
            None => Ok(()),
        }
    }

    fn device(&mut self, device: inventory_yaml::Device) -> Result<(), InventoryError> {
        let (id, place) = (device.id.value, place(&device.id));
        if let Some(at) = self.devices.get(&id).and_then(|entry| entry.in_yaml) {
            return Err(InventoryError::Twice { place, what: "device", id, first: self.origin(at) });
        }
        for linked in device.linked {
            if linked.value == id {
                return Err(InventoryError::LinkedToItself { place: self::place(&linked), id });
            }
            self.link(id, linked.value);
        }
        let device_type = self.words.stated(Kind::DeviceType, &device.device_type, place)?;
        let mut word = |kind, word: Option<String>| match word {
            Some(word) => self.words.stated(kind, &word, place).map(Some),
            None => Ok(None),
        };
        let status = word(Kind::Status, device.status)?;
        let generation = word(Kind::Generation, device.generation)?;
        let esme_variant = word(Kind::EsmeVariant, device.esme_variant)?;
        let point = |direction| move |mpxn| MeteringPoint { mpxn, direction };
        let import = device.import_mpxns.into_iter().map(point(Direction::Import));
        let export = device.export_mpans.into_iter().map(point(Direction::Export));
        let mut points: Vec<MeteringPoint> = import.chain(export).collect();
        points.shrink_to_fit();
        let pre_notifier = device.pre_notifier;
        let device = Device { device_type, status, generation, esme_variant, points, pre_notifier };
        let at = self.location(place);
        self.combine(id, Entry { device, at, in_yaml: Some(at) }, place)
    }

    /// Adds a registration. Refuses one that overlaps with that of another party.
    fn registration(&mut self, registration: inventory_yaml::Registration) -> Result<(), InventoryError> {
        let inventory_yaml::Registration { mpxn, role, party, from, until } = registration;
        let place = place(&mpxn);
        let role = self.words.stated(Kind::Role, &role, place)?;
        let holding = holding(role, party, &from, until)?;
        let at = self.location(place);
        let registrations = self.registrations.entry(mpxn.value).or_default();
        let contradicts = |first: &&Registration| first.holding.contradicts(&holding);
        if let Some(first) = registrations.iter().find(contradicts).cloned() {
            return Err(InventoryError::TwoRegistrants {
                place,
                mpxn: mpxn.value,
                role: holding.role.to_string(),
                party,
                first_party: first.holding.party,
                first: self.origin(first.at),
            });
        }
        registrations.push(Registration { holding, at });
        Ok(())
    }

    fn nomination(&mut self, nomination: inventory_yaml::Nomination) -> Result<(), InventoryError> {
        let inventory_yaml::Nomination { device, party, from, until } = nomination;
        let holding = holding(self.words.shared(""), party, &from, until)?;
        let at = self.location(place(&device));
        self.nominations.entry(device.value).or_default().push((holding, at));
        Ok(())
    }
}

/// Two values of one fact about a device
struct Contradiction {
    what: &'static str,
    first: String,
    second: String,
}

/// Adds what another file states about a device. A fact that both state must be the same.
fn add_facts(device: &mut Device, new: Device) -> Result<(), Contradiction> {
    let contradiction = |what, first: &str, second: &str| {
        Err(Contradiction { what, first: first.to_owned(), second: second.to_owned() })
    };
    if device.device_type != new.device_type {
        return contradiction("type", &device.device_type, &new.device_type);
    }
    for (what, value, new_value) in [
        ("status", &mut device.status, new.status),
        ("generation", &mut device.generation, new.generation),
        ("ESME variant", &mut device.esme_variant, new.esme_variant),
    ] {
        match (value.as_deref(), new_value.as_deref()) {
            (Some(first), Some(second)) if first != second => return contradiction(what, first, second),
            (None, Some(_)) => *value = new_value,
            _ => {}
        }
    }
    match (device.pre_notifier, new.pre_notifier) {
        (Some(first), Some(second)) if first != second => {
            return contradiction("pre-notifier", &first.to_string(), &second.to_string());
        }
        (first, second) => device.pre_notifier = first.or(second),
    }
    let sorted = |points: &[MeteringPoint]| {
        let mut points = points.to_vec();
        points.sort_unstable();
        points.dedup();
        points
    };
    let [first, second] = [sorted(&device.points), sorted(&new.points)];
    if device.points.is_empty() {
        device.points = new.points;
    } else if !second.is_empty() && first != second {
        return contradiction("metering points", &list(&first), &list(&second));
    }
    Ok(())
}

/// `1200000000021, 1200000000022 (export)`
fn list(points: &[MeteringPoint]) -> String {
    let text = |point: &MeteringPoint| match point.direction {
        Direction::Import => point.mpxn.to_string(),
        Direction::Export => format!("{} (export)", point.mpxn),
    };
    points.iter().map(text).collect::<Vec<_>>().join(", ")
}

fn holding(
    role: Arc<str>,
    party: Eui64,
    from: &Spanned<Day>,
    until: Option<Day>,
) -> Result<Holding, InventoryError> {
    let (Day(start), until) = (from.value, until.map(|Day(until)| until));
    match until.filter(|until: &Date| *until <= start) {
        Some(until) => Err(InventoryError::Window { place: place(from), from: start, until }),
        None => Ok(Holding { role, party, from: start, until }),
    }
}

fn place<T>(spanned: &Spanned<T>) -> Place {
    let location = &spanned.defined;
    let to_usize = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let offset = location.span().byte_offset().unwrap_or(0);
    Place { offset: to_usize(offset), line: to_usize(location.line()), column: to_usize(location.column()) }
}
