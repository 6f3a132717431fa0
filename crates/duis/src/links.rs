//! From a device to its metering points.

use crate::eui::Eui64;
use crate::inventory::{Device, Inventory, Lookup};

const HUB: &str = "CHF";

/// The metering points by which someone is responsible for a device.
///
/// A device has its own; only one that has none looks at the devices linked to it, and only where
/// those have none either through a hub at what the hub serves, no further. A gas device looks at
/// gas devices only, and an electricity device at electricity meters only, so that no link makes a
/// gas meter the electricity supplier's. A hub, a display and a consumer's own device look at both.
///
/// *Assumed:* the code's definition of the Responsible Supplier of a device that is no meter is not
/// public.
pub(crate) fn metering_points(inventory: &dyn Inventory, id: Eui64, device: &Device) -> Lookup<Vec<String>> {
    if !device.mpxns.is_empty() {
        return Ok(device.mpxns.clone());
    }
    let neighbours = neighbours(inventory, id)?;
    let points = points_of(device, &neighbours);
    if !points.is_empty() || device.device_type == HUB {
        return Ok(points);
    }
    let mut served = Vec::new();
    for (hub, _) in neighbours.iter().filter(|(_, neighbour)| neighbour.device_type == HUB) {
        served.extend(self::neighbours(inventory, *hub)?);
    }
    Ok(points_of(device, &served))
}

fn neighbours(inventory: &dyn Inventory, id: Eui64) -> Lookup<Vec<(Eui64, Device)>> {
    let mut found = Vec::new();
    for linked in inventory.linked(id)? {
        if let Some(device) = inventory.device(linked)? {
            found.push((linked, device.into_owned()));
        }
    }
    Ok(found)
}

/// The metering points of those devices that say something about this one.
fn points_of(device: &Device, others: &[(Eui64, Device)]) -> Vec<String> {
    let fuel = fuel(&device.device_type);
    let speaks = |other: &Device| fuel.is_none() || fuel == self::fuel(&other.device_type);
    let mut points: Vec<String> = Vec::new();
    for point in others.iter().filter(|(_, other)| speaks(other)).flat_map(|(_, other)| &other.mpxns) {
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

fn fuel(device_type: &str) -> Option<Fuel> {
    match device_type {
        "ESME" | "HCALCS" => Some(Fuel::Electricity),
        "GSME" | "GPF" => Some(Fuel::Gas),
        _ => None,
    }
}
