//! The devices of one home: the metering points that decide who is responsible for a device, and whether two devices are
//! on the log of one hub.

use crate::eui::Eui64;
use crate::inventory::{Device, Direction, Facts, Listed, Part};
use crate::mpxn::Mpxn;

const HUB: &str = "CHF";

/// The Device Types that have metering points of their own
const METERS: [&str; 2] = ["ESME", "GSME"];

/// The metering points of a device
#[derive(Default)]
pub(crate) struct MeteringPoints {
    pub(crate) points: Vec<(Mpxn, Supply)>,
    /// Whether there are no others
    pub(crate) are_all: bool,
}

/// What a metering point is to the meter that measures it
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Supply {
    Import,
    /// The meter has an import point, too.
    Export,
    /// The meter has no import point.
    ExportOnly,
}

impl Supply {
    /// The role in which a supplier is registered for the point if it is the supplier in a role; `None` if it is not for
    /// this role. The Import Supplier is registered for the import point, or, if there is none, for the export point. The
    /// Export Supplier is registered for the export point of a system that has an import point (SEC glossary).
    pub(crate) fn registered_role(self, role: &str) -> Option<&str> {
        match (role, self) {
            (IMPORT_SUPPLIER, Self::Export) | (EXPORT_SUPPLIER, Self::Import | Self::ExportOnly) => None,
            (IMPORT_SUPPLIER, Self::ExportOnly) => Some(EXPORT_SUPPLIER),
            _ => Some(role),
        }
    }
}

pub(crate) const IMPORT_SUPPLIER: &str = "IS";
pub(crate) const EXPORT_SUPPLIER: &str = "ES";

/// The metering points that a device itself measures
fn own_points(device: &Device) -> impl Iterator<Item = (Mpxn, Supply)> {
    let has_import = device.points.iter().any(|point| point.direction == Direction::Import);
    device.points.iter().map(move |point| {
        let supply = match (point.direction, has_import) {
            (Direction::Import, _) => Supply::Import,
            (Direction::Export, true) => Supply::Export,
            (Direction::Export, false) => Supply::ExportOnly,
        };
        (point.mpxn, supply)
    })
}

/// The metering points by which a party is responsible for a device:
///
/// 1. those of the device itself. A meter has no others: if the inventory lists none, they are not known;
/// 2. if it has none, those of the devices linked to it;
/// 3. if it is linked to no meter and is not a hub, those of the devices that its hub serves.
///
/// Gas devices use only gas devices and electricity devices only electricity devices, so that a link
/// never makes the electricity supplier responsible for a gas meter. A hub, a display or a consumer's
/// own device has no fuel and uses both.
///
/// *Assumed:* the definition of the Responsible Supplier of a device that is not a meter is not
/// public.
pub(crate) fn metering_points(facts: &Facts<'_>, Listed { device, linked }: &Listed<'_>) -> MeteringPoints {
    if !device.points.is_empty() {
        return MeteringPoints { points: own_points(device).collect(), are_all: true };
    }
    if is_meter(device) {
        return MeteringPoints::default();
    }
    let neighbours = neighbours(facts, linked);
    let of_links = points_of_same_fuel(device, &neighbours);
    // A hub does not reach the meters of a second hub. And if not all is known, there may be a link to a meter, which
    // would then be the only one that counts.
    if !of_links.points.is_empty() || !of_links.are_all || is_hub(device) {
        return of_links;
    }
    let mut served_by_hub = Neighbours { devices: Vec::new(), are_all: true };
    for (_, hub) in neighbours.devices.iter().filter(|(_, neighbour)| is_hub(&neighbour.device)) {
        let served = self::neighbours(facts, &hub.linked);
        served_by_hub.devices.extend(served.devices);
        served_by_hub.are_all &= served.are_all;
    }
    points_of_same_fuel(device, &served_by_hub)
}

fn is_hub(device: &Device) -> bool {
    &*device.device_type == HUB
}

fn is_meter(device: &Device) -> bool {
    METERS.contains(&&*device.device_type)
}

/// The devices linked to a device
struct Neighbours<'f> {
    devices: Vec<(Eui64, &'f Listed<'f>)>,
    /// Whether there are no others
    are_all: bool,
}

/// The linked devices that the inventory lists. A linked device that it does not list may be a meter or a hub, even where
/// the devices are declared complete: then the inventory contradicts itself.
fn neighbours<'f>(facts: &'f Facts<'_>, linked: &[Eui64]) -> Neighbours<'f> {
    let mut neighbours = Neighbours { devices: Vec::new(), are_all: facts.is_complete(Part::Links) };
    for id in linked {
        match facts.devices.get(id) {
            Some(listed) => neighbours.devices.push((*id, listed)),
            None => neighbours.are_all = false,
        }
    }
    neighbours
}

/// The metering points of the neighbours that have the fuel of the device, each once; of all
/// neighbours if the device has no fuel. They are all if the neighbours are all, and every meter among them lists its own.
fn points_of_same_fuel(device: &Device, neighbours: &Neighbours<'_>) -> MeteringPoints {
    let device_fuel = fuel(&device.device_type);
    let has_same_fuel =
        |neighbour: &Device| device_fuel.is_none() || device_fuel == fuel(&neighbour.device_type);
    let neighbouring = neighbours.devices.iter().map(|(_, listed)| &*listed.device);
    let mut points = MeteringPoints { points: Vec::new(), are_all: neighbours.are_all };
    for neighbour in neighbouring.filter(|neighbour| has_same_fuel(neighbour)) {
        points.are_all &= !is_meter(neighbour) || !neighbour.points.is_empty();
        for point in own_points(neighbour) {
            if !points.points.contains(&point) {
                points.points.push(point);
            }
        }
    }
    points
}

#[derive(PartialEq, Eq)]
enum Fuel {
    Electricity,
    Gas,
}

/// The fuel of a Device Type; `None` if both fuels share it.
fn fuel(device_type: &str) -> Option<Fuel> {
    match device_type {
        "ESME" | "HCALCS" => Some(Fuel::Electricity),
        "GSME" | "GPF" => Some(Fuel::Gas),
        _ => None,
    }
}

/// The device that a message is about is its second device, too.
pub(crate) const SAME_DEVICE: &str = "SameDevice";

/// On which hub's log the second device is, seen from the first; `None` if it is not known. A hub is on its own log.
///
/// *Assumed:* a link between a hub and another device means that the device is on the hub's log.
pub(crate) fn link_of(
    facts: &Facts<'_>,
    (id, device): (Eui64, &Listed<'_>),
    (other_id, other): (Eui64, &Listed<'_>),
) -> Option<&'static str> {
    let (own, other) = (hubs(facts, id, device), hubs(facts, other_id, other));
    if own.ids.iter().any(|hub| other.ids.contains(hub)) {
        Some("SameHub")
    } else if !own.are_all || !other.are_all {
        // There may be a link to the same hub.
        None
    } else if other.ids.is_empty() {
        Some("NoHub")
    } else {
        Some("OtherHub")
    }
}

/// The hubs on whose log a device is
struct Hubs {
    ids: Vec<Eui64>,
    /// Whether there are no others
    are_all: bool,
}

fn hubs(facts: &Facts<'_>, id: Eui64, listed: &Listed<'_>) -> Hubs {
    if is_hub(&listed.device) {
        return Hubs { ids: vec![id], are_all: true };
    }
    let Neighbours { devices, are_all } = neighbours(facts, &listed.linked);
    let hubs = devices.into_iter().filter(|(_, neighbour)| is_hub(&neighbour.device));
    Hubs { ids: hubs.map(|(id, _)| id).collect(), are_all }
}
