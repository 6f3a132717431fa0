//! The devices of one home: the metering points that decide who is responsible for a device, and whether two devices are
//! on the log of one hub.

use crate::eui::Eui64;
use crate::inventory::{Device, Inventory, Lookup, Part};

const HUB: &str = "CHF";

/// The Device Types that have metering points of their own
const METERS: [&str; 2] = ["ESME", "GSME"];

/// The metering points of a device
#[derive(Default)]
pub(crate) struct MeteringPoints {
    pub(crate) mpxns: Vec<String>,
    /// Whether there are no others
    pub(crate) are_all: bool,
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
pub(crate) fn metering_points(
    inventory: &dyn Inventory,
    id: Eui64,
    device: &Device,
) -> Lookup<MeteringPoints> {
    if !device.mpxns.is_empty() {
        return Ok(MeteringPoints { mpxns: device.mpxns.clone(), are_all: true });
    }
    if is_meter(device) {
        return Ok(MeteringPoints::default());
    }
    let neighbours = neighbours(inventory, id)?;
    let of_links = points_of_same_fuel(device, &neighbours);
    // A hub does not reach the meters of a second hub. And if not all is known, there may be a link to a meter, which
    // would then be the only one that counts.
    if !of_links.mpxns.is_empty() || !of_links.are_all || device.device_type == HUB {
        return Ok(of_links);
    }
    let mut served_by_hub = Neighbours { devices: Vec::new(), are_all: true };
    for (hub, _) in neighbours.devices.iter().filter(|(_, neighbour)| neighbour.device_type == HUB) {
        let served = self::neighbours(inventory, *hub)?;
        served_by_hub.devices.extend(served.devices);
        served_by_hub.are_all &= served.are_all;
    }
    Ok(points_of_same_fuel(device, &served_by_hub))
}

fn is_meter(device: &Device) -> bool {
    METERS.contains(&device.device_type.as_str())
}

/// The devices linked to a device
struct Neighbours {
    devices: Vec<(Eui64, Device)>,
    /// Whether there are no others
    are_all: bool,
}

/// The linked devices that the inventory holds. A linked device that it does not hold may be a meter or a hub, even where
/// the devices are declared complete: then the inventory contradicts itself.
fn neighbours(inventory: &dyn Inventory, id: Eui64) -> Lookup<Neighbours> {
    let mut neighbours = Neighbours { devices: Vec::new(), are_all: inventory.is_complete(Part::Links) };
    for linked in inventory.linked(id)? {
        match inventory.device(linked)? {
            Some(device) => neighbours.devices.push((linked, device.into_owned())),
            None => neighbours.are_all = false,
        }
    }
    Ok(neighbours)
}

/// The metering points of the neighbours that have the fuel of the device, each once; of all
/// neighbours if the device has no fuel. They are all if the neighbours are all, and every meter among them lists its own.
fn points_of_same_fuel(device: &Device, neighbours: &Neighbours) -> MeteringPoints {
    let device_fuel = fuel(&device.device_type);
    let has_same_fuel =
        |neighbour: &Device| device_fuel.is_none() || device_fuel == fuel(&neighbour.device_type);
    let mut points = MeteringPoints { mpxns: Vec::new(), are_all: neighbours.are_all };
    for (_, neighbour) in neighbours.devices.iter().filter(|(_, neighbour)| has_same_fuel(neighbour)) {
        points.are_all &= !is_meter(neighbour) || !neighbour.mpxns.is_empty();
        for point in &neighbour.mpxns {
            if !points.mpxns.contains(point) {
                points.mpxns.push(point.clone());
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
    inventory: &dyn Inventory,
    (id, device): (Eui64, &Device),
    (other_id, other): (Eui64, &Device),
) -> Lookup<Option<&'static str>> {
    let (own, other) = (hubs(inventory, id, device)?, hubs(inventory, other_id, other)?);
    Ok(if own.ids.iter().any(|hub| other.ids.contains(hub)) {
        Some("SameHub")
    } else if !own.are_all || !other.are_all {
        // There may be a link to the same hub.
        None
    } else if other.ids.is_empty() {
        Some("NoHub")
    } else {
        Some("OtherHub")
    })
}

/// The hubs on whose log a device is
struct Hubs {
    ids: Vec<Eui64>,
    /// Whether there are no others
    are_all: bool,
}

fn hubs(inventory: &dyn Inventory, id: Eui64, device: &Device) -> Lookup<Hubs> {
    if device.device_type == HUB {
        return Ok(Hubs { ids: vec![id], are_all: true });
    }
    let Neighbours { devices, are_all } = neighbours(inventory, id)?;
    let hubs = devices.into_iter().filter(|(_, neighbour)| neighbour.device_type == HUB);
    Ok(Hubs { ids: hubs.map(|(id, _)| id).collect(), are_all })
}
