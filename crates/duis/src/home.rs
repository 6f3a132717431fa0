//! The devices of one home: the metering points that decide who is responsible for a device, and whether two devices are
//! on the log of one hub.

use crate::eui::Eui64;
use crate::inventory::{Device, Inventory, Lookup, Part};

const HUB: &str = "CHF";

/// The metering points of a device
pub(crate) struct MeteringPoints {
    pub(crate) mpxns: Vec<String>,
    /// Whether there are no others. What comes from links is complete only if the links are.
    pub(crate) are_all: bool,
}

/// The metering points by which a party is responsible for a device:
///
/// 1. those of the device itself;
/// 2. if it has none, those of the devices linked to it;
/// 3. if those have none either and the device is not a hub, those of the devices that its hub serves.
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
    let mpxns = metering_points_of_links(inventory, id, device)?;
    Ok(MeteringPoints { mpxns, are_all: knows_all_links(inventory) })
}

fn metering_points_of_links(inventory: &dyn Inventory, id: Eui64, device: &Device) -> Lookup<Vec<String>> {
    let neighbours = linked_devices(inventory, id)?;
    let points = points_of_same_fuel(device, &neighbours);
    // A hub does not reach the meters of a second hub. And a link that the inventory does not know may lead to a meter,
    // which would then be the only one that counts.
    if !points.is_empty() || device.device_type == HUB || !knows_all_links(inventory) {
        return Ok(points);
    }
    let mut served_by_hub = Vec::new();
    for (hub, _) in neighbours.iter().filter(|(_, neighbour)| neighbour.device_type == HUB) {
        served_by_hub.extend(linked_devices(inventory, *hub)?);
    }
    Ok(points_of_same_fuel(device, &served_by_hub))
}

/// Whether every link, and the device at its other end, is known. A linked device that is not listed may be a meter or a
/// hub.
fn knows_all_links(inventory: &dyn Inventory) -> bool {
    inventory.is_complete(Part::Links) && inventory.is_complete(Part::Devices)
}

/// The linked devices that the inventory holds.
fn linked_devices(inventory: &dyn Inventory, id: Eui64) -> Lookup<Vec<(Eui64, Device)>> {
    let mut devices = Vec::new();
    for linked in inventory.linked(id)? {
        if let Some(device) = inventory.device(linked)? {
            devices.push((linked, device.into_owned()));
        }
    }
    Ok(devices)
}

/// The metering points of the neighbours that have the fuel of the device, each once; of all
/// neighbours if the device has no fuel.
fn points_of_same_fuel(device: &Device, neighbours: &[(Eui64, Device)]) -> Vec<String> {
    let device_fuel = fuel(&device.device_type);
    let has_same_fuel =
        |neighbour: &Device| device_fuel.is_none() || device_fuel == fuel(&neighbour.device_type);
    let matching = neighbours.iter().filter(|(_, neighbour)| has_same_fuel(neighbour));
    let mut points: Vec<String> = Vec::new();
    for point in matching.flat_map(|(_, neighbour)| &neighbour.mpxns) {
        if !points.contains(point) {
            points.push(point.clone());
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
    let own_hubs = hubs(inventory, id, device)?;
    let other_hubs = hubs(inventory, other_id, other)?;
    let has_all_links = knows_all_links(inventory);
    let are_hubs = device.device_type == HUB && other.device_type == HUB;
    Ok(if own_hubs.iter().any(|hub| other_hubs.contains(hub)) {
        Some("SameHub")
    } else if !has_all_links && !are_hubs {
        // A link that the inventory does not know may lead to the same hub.
        None
    } else if other_hubs.is_empty() {
        Some("NoHub")
    } else {
        Some("OtherHub")
    })
}

fn hubs(inventory: &dyn Inventory, id: Eui64, device: &Device) -> Lookup<Vec<Eui64>> {
    if device.device_type == HUB {
        return Ok(vec![id]);
    }
    let neighbours = linked_devices(inventory, id)?;
    Ok(neighbours
        .into_iter()
        .filter(|(_, neighbour)| neighbour.device_type == HUB)
        .map(|(id, _)| id)
        .collect())
}
