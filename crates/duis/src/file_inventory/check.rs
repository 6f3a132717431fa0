//! What can be checked only after the last file: names of parties and devices, and the directions of metering points.

use crate::eui::Eui64;
use crate::home::{EXPORT_SUPPLIER, IMPORT_SUPPLIER};
use crate::inventory::{Direction, Part};
use crate::inventory_error::InventoryError;
use crate::mpxn::Mpxn;

use super::{FileInventory, Location};

impl FileInventory {
    /// The inventory after its last file.
    ///
    /// # Errors
    ///
    /// A registration, a nomination or a pre-notifier of a party that is not listed. A link or a nomination of a device
    /// that is not listed, if all devices are. A metering point that is for import in one place and for export in
    /// another, by the devices or by the role of a registration.
    pub fn checked(self) -> Result<Self, InventoryError> {
        self.check_parties()?;
        if self.complete.contains(&Part::Devices) {
            self.check_devices()?;
        }
        self.check_directions()?;
        Ok(self)
    }

    fn check_parties(&self) -> Result<(), InventoryError> {
        let registrations = self.registrations.values().flatten();
        let registrations = registrations.map(|it| ("holder of a registration", it.holding.party, it.at));
        let nominations = self.nominations.values().flatten();
        let nominations = nominations.map(|(holding, at)| ("nominated agent", holding.party, *at));
        let pre_notifiers = self.devices.values().filter_map(|entry| {
            Some(("pre-notifier", entry.device.pre_notifier?, entry.in_yaml.unwrap_or(entry.at)))
        });
        let mut named = registrations.chain(nominations).chain(pre_notifiers);
        match named.find(|(_, party, _)| !self.parties.contains_key(party)) {
            Some((what, party, at)) => {
                Err(InventoryError::UnknownParty { origin: self.origin(at), what, party })
            }
            None => Ok(()),
        }
    }

    fn check_devices(&self) -> Result<(), InventoryError> {
        let is_unknown = |device: &Eui64| !self.devices.contains_key(device);
        let links = self.devices.iter().flat_map(|(id, entry)| {
            let at = entry.in_yaml.unwrap_or(entry.at);
            self.links.get(id).into_iter().flatten().map(move |linked| (*linked, at))
        });
        let nominations = self.nominations.iter();
        let nominations =
            nominations.flat_map(|(device, holdings)| holdings.iter().map(|(_, at)| (*device, *at)));
        match links.chain(nominations).find(|(device, _)| is_unknown(device)) {
            Some((device, at)) => Err(InventoryError::UnknownDevice { origin: self.origin(at), device }),
            None => Ok(()),
        }
    }

    fn check_directions(&self) -> Result<(), InventoryError> {
        let mut points: Vec<(Mpxn, Direction, Location)> = Vec::new();
        for entry in self.devices.values() {
            let at = entry.in_yaml.unwrap_or(entry.at);
            for point in &entry.device.points {
                self.check_roles(point.mpxn, point.direction, at)?;
                points.push((point.mpxn, point.direction, at));
            }
        }
        points.sort_unstable_by_key(|(mpxn, direction, _)| (*mpxn, *direction));
        let both = points.windows(2).find_map(|pair| match pair {
            [(mpxn, Direction::Import, import), (other, Direction::Export, export)] if mpxn == other => {
                Some((*mpxn, *import, *export))
            }
            _ => None,
        });
        match both {
            Some((mpxn, import, export)) => Err(InventoryError::BothDirections {
                mpxn,
                import: self.origin(import),
                export: self.origin(export),
            }),
            None => Ok(()),
        }
    }

    /// The Import Supplier is registered for import points, and the Export Supplier for export points.
    fn check_roles(&self, mpxn: Mpxn, direction: Direction, at: Location) -> Result<(), InventoryError> {
        let (wrong_role, direction) = match direction {
            Direction::Import => (EXPORT_SUPPLIER, "import"),
            Direction::Export => (IMPORT_SUPPLIER, "export"),
        };
        let mut registrations = self.registrations.get(&mpxn).into_iter().flatten();
        match registrations.find(|registration| &*registration.holding.role == wrong_role) {
            Some(registration) => Err(InventoryError::WrongDirection {
                mpxn,
                role: wrong_role.to_owned(),
                registration: self.origin(registration.at),
                direction,
                point: self.origin(at),
            }),
            None => Ok(()),
        }
    }
}
