//! The facts that a message does not carry: parties, devices, registrations and nominations.

use std::borrow::Cow;
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
    /// The User Roles of a party; `None` if the party is not known.
    fn roles(&self, party: Eui64) -> Lookup<Option<Cow<'_, [String]>>>;

    /// The entry of a device in the Smart Metering Inventory; `None` if it has no entry.
    fn device(&self, device: Eui64) -> Lookup<Option<Cow<'_, Device>>>;

    /// The devices linked to a device, in a stable order. A link holds in both directions.
    fn linked(&self, device: Eui64) -> Lookup<Vec<Eui64>>;

    /// The party that held the registration of a metering point, in a role, on a date; `None` if the
    /// inventory has no such registration.
    fn registrant(&self, mpxn: Mpxn, role: &str, on: Date) -> Lookup<Option<Eui64>>;

    /// Whether, on a date, a party was the agent that the registered supplier had nominated for a
    /// device.
    fn nominated(&self, device: Eui64, party: Eui64, on: Date) -> Lookup<bool>;

    /// The identifiers of the DCC. A request that no device carries out is addressed to one of them.
    fn dcc(&self) -> Lookup<Cow<'_, [Eui64]>>;

    /// Whether a part of the inventory is complete. What a complete part does not list does not exist.
    /// What another part does not list is not known: a request does not state it, and the decision is
    /// undetermined where it depends on it.
    fn is_complete(&self, part: Part) -> bool;
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
