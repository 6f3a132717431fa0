//! The devices in a real response to an 8.2 Read Inventory.

use crate::error::{ErrorKind, Fault, MessageError, quote};
use crate::eui::Eui64;
use crate::inventory::{Device, Direction, MeteringPoint};
use crate::limits::Limits;
use crate::place::Place;
use crate::root::{expect_end, open_root};
use crate::value::{eui, metering_point};
use crate::xml::{Tag, Xml};

const RESPONSE: &str = "Response";
const DEVICE: &str = "Device";

/// The elements from the root down to the devices
const PATH: [&str; 3] = ["Body", "ResponseMessage", "DSPInventory"];

/// The devices of the `DSPInventory` in a DUIS 5.x `Response`.
///
/// `SMETSCHTSVersion` is free text, so the generation follows from the region: SMETS1 if `CSPRegion`
/// is `SMETS1` or if the response names a SMETS1 Service Provider, SMETS2 if it is another known
/// region.
///
/// # Errors
///
/// Bytes that are not XML in UTF-8, or not such a response. Elements that are not about devices are
/// skipped.
pub(crate) fn devices_in_response(bytes: &[u8]) -> Result<Vec<ListedDevice>, MessageError> {
    read_response(bytes).map_err(|fault| fault.in_text(bytes))
}

/// A device of a response
pub(crate) struct ListedDevice {
    pub(crate) id: Eui64,
    pub(crate) device: Device,
    /// Where its element begins
    pub(crate) place: Place,
}

fn read_response(bytes: &[u8]) -> Result<Vec<ListedDevice>, Fault> {
    let mut xml = Xml::new(bytes, Limits::DEFAULT.bytes)?;
    open_root(&mut xml, RESPONSE)?;
    let mut within = RESPONSE;
    for what in PATH {
        descend(&mut xml, what, within)?;
        within = what;
    }
    let mut devices = Vec::new();
    let mut place = Place::of(bytes, 0);
    while let Some(tag) = xml.child()? {
        tag.expect_duis()?;
        if tag.name != DEVICE {
            return Err(tag.fault(ErrorKind::Unexpected { found: quote(tag.name), within }));
        }
        place = place.forward(bytes, tag.at);
        let (id, device) = device(&mut xml, &tag)?;
        devices.push(ListedDevice { id, device, place });
    }
    // The devices ended with the last element of the path; its parents and the root are still open.
    for _ in PATH {
        while xml.child()?.is_some() {
            xml.skip()?;
        }
    }
    expect_end(&mut xml)?;
    Ok(devices)
}

/// Opens the next element of this name in the current one, and skips those before it.
fn descend(xml: &mut Xml<'_>, what: &'static str, within: &'static str) -> Result<(), Fault> {
    while let Some(tag) = xml.child()? {
        if tag.name == what {
            return tag.expect_duis();
        }
        xml.skip()?;
    }
    Err(xml.fault(ErrorKind::Missing { what, within }))
}

/// The contents of a `Device`, as far as an inventory needs them
#[derive(Default)]
struct DeviceElements {
    id: Option<Eui64>,
    device_type: Option<String>,
    status: Option<String>,
    esme_variant: Option<String>,
    points: Vec<MeteringPoint>,
    region: Option<String>,
    has_smets1_service_provider: bool,
}

/// Reads a `Device` that was just opened, up to its end.
fn device(xml: &mut Xml<'_>, device_tag: &Tag<'_>) -> Result<(Eui64, Device), Fault> {
    let mut elements = DeviceElements::default();
    while let Some(tag) = xml.child()? {
        tag.expect_duis()?;
        take_element(xml, &tag, &mut elements)?;
    }
    let missing = |what| device_tag.fault(ErrorKind::Missing { what, within: DEVICE });
    let id = elements.id.ok_or_else(|| missing("DeviceID"))?;
    let generation = generation(&elements).map(Into::into);
    let device_type = elements.device_type.ok_or_else(|| missing("DeviceType"))?;
    let device = Device {
        device_type: device_type.into(),
        status: elements.status.map(Into::into),
        generation,
        esme_variant: elements.esme_variant.map(Into::into),
        points: elements.points,
        pre_notifier: None,
    };
    Ok((id, device))
}

fn generation(elements: &DeviceElements) -> Option<&'static str> {
    match elements.region.as_deref() {
        _ if elements.has_smets1_service_provider => Some("SMETS1"),
        Some("SMETS1") => Some("SMETS1"),
        Some("North" | "Central" | "South" | "4G North" | "4G Central" | "4G South") => Some("SMETS2"),
        _ => None,
    }
}

/// Reads one element of a `Device`. Refuses the second appearance of an element that holds one value.
fn take_element(xml: &mut Xml<'_>, tag: &Tag<'_>, elements: &mut DeviceElements) -> Result<(), Fault> {
    let is_repeated = match tag.name {
        "DeviceID" => {
            let text = xml.leaf(DEVICE)?;
            elements.id.replace(eui(&text, tag.at)?).is_some()
        }
        "DeviceType" => elements.device_type.replace(xml.leaf(DEVICE)?.into_owned()).is_some(),
        "DeviceStatus" => elements.status.replace(xml.leaf(DEVICE)?.into_owned()).is_some(),
        "ESMEVariant" => elements.esme_variant.replace(xml.leaf(DEVICE)?.into_owned()).is_some(),
        "CSPRegion" => elements.region.replace(xml.leaf(DEVICE)?.into_owned()).is_some(),
        "S1SP" => {
            xml.skip()?;
            std::mem::replace(&mut elements.has_smets1_service_provider, true)
        }
        "ImportMPxN" | "SecondaryImportMPAN" | "ExportMPAN" => {
            let mpxn = metering_point(&xml.leaf(DEVICE)?, tag.at)?;
            let direction = if tag.name == "ExportMPAN" { Direction::Export } else { Direction::Import };
            elements.points.push(MeteringPoint { mpxn, direction });
            false
        }
        _ => {
            xml.skip()?;
            false
        }
    };
    if is_repeated { Err(tag.fault(ErrorKind::Twice(quote(tag.name)))) } else { Ok(()) }
}
