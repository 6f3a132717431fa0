//! A real response to an 8.2 Read Inventory, read for its devices.

use crate::error::{ErrorKind, Fault, MessageError, quote};
use crate::eui::Eui64;
use crate::header::eui;
use crate::inventory::Device;
use crate::read::{expect_duis, root, to_end};
use crate::xml::{Tag, Xml};

const DEVICE: &str = "Device";

/// The devices of the `DSPInventory` in a DUIS 5.x `Response`.
///
/// The generation is what the region says, as `SMETSCHTSVersion` is free text: SMETS1 where
/// `CSPRegion` is `SMETS1` or a SMETS1 Service Provider is named, SMETS2 where the region is
/// another known one.
///
/// # Errors
///
/// Bytes that are not XML in UTF-8, or not such a response; elements that are not about devices are
/// passed over.
pub(crate) fn read_inventory(bytes: &[u8]) -> Result<Vec<(Eui64, Device)>, MessageError> {
    response(bytes).map_err(|fault| fault.in_text(bytes))
}

fn response(bytes: &[u8]) -> Result<Vec<(Eui64, Device)>, Fault> {
    let mut xml = Xml::new(bytes)?;
    root(&mut xml, "Response")?;
    let mut path = ["Body", "ResponseMessage", "DSPInventory"].into_iter();
    let mut within = "Response";
    for what in path.by_ref() {
        descend(&mut xml, what, within)?;
        within = what;
    }
    let mut devices = Vec::new();
    while let Some(tag) = xml.child()? {
        expect_duis(&tag)?;
        if tag.name != DEVICE {
            return Err(Fault::new(tag.at, ErrorKind::Unexpected { found: quote(tag.name), within }));
        }
        devices.push(device(&mut xml, &tag)?);
    }
    for _ in 0..3 {
        while xml.child()?.is_some() {
            xml.skip()?;
        }
    }
    to_end(&mut xml)?;
    Ok(devices)
}

/// Opens the next element of this name in the current one, and passes over those before it.
fn descend(xml: &mut Xml<'_>, what: &'static str, within: &'static str) -> Result<(), Fault> {
    while let Some(tag) = xml.child()? {
        if tag.name == what {
            return expect_duis(&tag);
        }
        xml.skip()?;
    }
    Err(xml.fault(ErrorKind::Missing { what, within }))
}

/// What a `Device` says, as far as it matters here.
#[derive(Default)]
struct Said {
    id: Option<Eui64>,
    device_type: Option<String>,
    status: Option<String>,
    esme_variant: Option<String>,
    mpxns: Vec<String>,
    region: Option<String>,
    service_provider: bool,
}

fn device(xml: &mut Xml<'_>, whole: &Tag<'_>) -> Result<(Eui64, Device), Fault> {
    let mut said = Said::default();
    while let Some(tag) = xml.child()? {
        expect_duis(&tag)?;
        element(xml, &tag, &mut said)?;
    }
    let missing = |what| Fault::new(whole.at, ErrorKind::Missing { what, within: DEVICE });
    let id = said.id.ok_or_else(|| missing("DeviceID"))?;
    let device_type = said.device_type.ok_or_else(|| missing("DeviceType"))?;
    let generation = match said.region.as_deref() {
        _ if said.service_provider => Some("SMETS1"),
        Some("SMETS1") => Some("SMETS1"),
        Some("North" | "Central" | "South" | "4G North" | "4G Central" | "4G South") => Some("SMETS2"),
        _ => None,
    };
    Ok((
        id,
        Device {
            device_type,
            status: said.status,
            generation: generation.map(str::to_owned),
            esme_variant: said.esme_variant,
            mpxns: said.mpxns,
            pre_notifier: None,
        },
    ))
}

fn element(xml: &mut Xml<'_>, tag: &Tag<'_>, said: &mut Said) -> Result<(), Fault> {
    let twice = match tag.name {
        "DeviceID" => {
            let text = xml.leaf(DEVICE)?;
            said.id.replace(eui(&text, tag.at)?).is_some()
        }
        "DeviceType" => said.device_type.replace(xml.leaf(DEVICE)?.into_owned()).is_some(),
        "DeviceStatus" => said.status.replace(xml.leaf(DEVICE)?.into_owned()).is_some(),
        "ESMEVariant" => said.esme_variant.replace(xml.leaf(DEVICE)?.into_owned()).is_some(),
        "CSPRegion" => said.region.replace(xml.leaf(DEVICE)?.into_owned()).is_some(),
        "S1SP" => {
            xml.skip()?;
            std::mem::replace(&mut said.service_provider, true)
        }
        "ImportMPxN" | "SecondaryImportMPAN" | "ExportMPAN" => {
            said.mpxns.push(xml.leaf(DEVICE)?.into_owned());
            false
        }
        _ => {
            xml.skip()?;
            false
        }
    };
    if twice { Err(Fault::new(tag.at, ErrorKind::Twice(quote(tag.name)))) } else { Ok(()) }
}
