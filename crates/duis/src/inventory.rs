//! The facts that a message does not carry: parties, devices, registrations and nominations.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::sync::Arc;

use jiff::civil::Date;
use serde::Deserialize;

use crate::eui::Eui64;
use crate::mpxn::Mpxn;

/// The answer of an inventory, or the reason why it cannot answer, such as a database that is down.
/// An error never means that something is absent.
pub type Lookup<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// The source of the facts that a message does not carry: a database, or the files of a
/// [`FileInventory`](crate::FileInventory).
pub trait Inventory {
    /// What the inventory knows of a message's sender and devices. It is asked once for each message, so that a
    /// database can answer in one round, whatever the number of devices.
    fn facts(&self, question: &Question<'_>) -> Lookup<Facts<'_>>;
}

/// What a message asks of an inventory.
#[derive(Clone, Copy, Debug)]
pub struct Question<'q> {
    /// The party that sent the message
    pub originator: Eui64,
    /// The devices that the message is about, and its second device: each once, in the order of their identifiers
    pub devices: &'q [Eui64],
    /// The date for which responsibility is tested
    pub on: Date,
}

/// What an inventory knows for a message. What is not in it is not known, or does not exist if its part is complete.
#[derive(Clone, Debug, Default)]
pub struct Facts<'i> {
    /// The parts of the inventory that are complete. What a complete part does not list does not exist. What another
    /// part does not list is not known: a request does not state it, and the decision is undetermined where it depends
    /// on it
    pub complete: Cow<'i, [Part]>,
    /// The identifiers of the DCC. A request that no device carries out is addressed to one of them
    pub dcc: Cow<'i, [Eui64]>,
    /// The User Roles of the originator; `None` if it is not a party
    pub roles: Option<Cow<'i, [String]>>,
    /// The devices that the question names, those linked to them, and those linked to these
    pub devices: BTreeMap<Eui64, Listed<'i>>,
    /// By metering point of these devices: the roles in which it is registered on the date, each with its holder
    pub registrations: BTreeMap<Mpxn, Vec<(Cow<'i, str>, Eui64)>>,
    /// The devices of the question for which, on the date, the originator is the agent that the registered supplier has
    /// nominated
    pub nominated: BTreeSet<Eui64>,
}

/// A device that an inventory lists.
#[derive(Clone, Debug)]
pub struct Listed<'i> {
    /// Its entry in the Smart Metering Inventory
    pub device: Cow<'i, Device>,
    /// The devices linked to it, in a stable order. A link holds in both directions. They are needed for a device that
    /// the question names and for those linked to it
    pub linked: Cow<'i, [Eui64]>,
}

impl Facts<'_> {
    pub(crate) fn is_complete(&self, part: Part) -> bool {
        self.complete.contains(&part)
    }

    /// The party that holds the registration of a metering point in a role; `None` if none is listed.
    pub(crate) fn registrant(&self, mpxn: Mpxn, role: &str) -> Option<Eui64> {
        let registrations = self.registrations.get(&mpxn)?;
        registrations.iter().find(|(held_as, _)| held_as == role).map(|(_, party)| *party)
    }
}

/// A part of an inventory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Part {
    /// The devices of the Smart Metering Inventory
    Devices,
    /// The links between devices
    Links,
    /// Who sent the Device Pre-notification of each device
    PreNotifiers,
    /// Who held the registration of each metering point
    Registrations,
    /// The agents that registered suppliers have nominated
    Nominations,
}

/// A device in the Smart Metering Inventory. Types, statuses and generations are texts, as the
/// vocabulary of the policy, not this crate, defines which values exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// `ESME`
    pub device_type: Arc<str>,
    /// `Commissioned`; `None` if it is not known, and for a device of a type that has no status
    pub status: Option<Arc<str>>,
    /// `SMETS2`; `None` if it is not known
    pub generation: Option<Arc<str>>,
    /// `AD`
    pub esme_variant: Option<Arc<str>>,
    /// The metering points that the device itself measures
    pub points: Vec<MeteringPoint>,
    /// The party that sent its 12.2 Device Pre-notification
    pub pre_notifier: Option<Eui64>,
}

/// A metering point of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MeteringPoint {
    /// Its number
    pub mpxn: Mpxn,
    /// Whether the energy comes to the premises or leaves them
    pub direction: Direction,
}

/// Whether a metering point is for the import or the export of energy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// An `ImportMPxN` or a `SecondaryImportMPAN`; every MPRN
    Import,
    /// An `ExportMPAN`
    Export,
}
