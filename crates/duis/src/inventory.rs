//! What a gateway must know besides the message: parties, devices, and who holds what.

use std::borrow::Cow;
use std::error::Error;

use jiff::civil::Date;

use crate::eui::Eui64;

/// What an inventory answers, or why it cannot: a database may be away. That is never the same as
/// "not there".
pub type Lookup<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Where the facts come from that a message does not carry. A database may stand behind it, or the
/// files of a [`FileInventory`](crate::FileInventory).
pub trait Inventory {
    /// The User Roles that a party holds; `None`, if there is no such party.
    fn roles(&self, party: Eui64) -> Lookup<Option<Cow<'_, [String]>>>;

    /// What the Smart Metering Inventory holds of a device; `None`, if it does not hold it.
    fn device(&self, device: Eui64) -> Lookup<Option<Cow<'_, Device>>>;

    /// The devices linked to a device, whichever of the two names the other, in a stable order.
    fn linked(&self, device: Eui64) -> Lookup<Vec<Eui64>>;

    /// Whether a party held the registration of a metering point, in a role, on a date.
    fn registered(&self, mpxn: &str, role: &str, party: Eui64, on: Date) -> Lookup<bool>;

    /// Whether a party was, on a date, the agent that the registered supplier nominated for a
    /// device.
    fn nominated(&self, device: Eui64, party: Eui64, on: Date) -> Lookup<bool>;
}

/// A device as the Smart Metering Inventory holds it. Types, statuses and generations are texts, as
/// the policy's vocabulary, not this crate, says which there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// `ESME`
    pub device_type: String,
    /// `Commissioned`; `None` for a Type 2 device, which has no status.
    pub status: Option<String>,
    /// `SMETS2`; `None` where nobody knows.
    pub generation: Option<String>,
    /// `AD`
    pub esme_variant: Option<String>,
    /// The metering points that the device itself measures.
    pub mpxns: Vec<String>,
    /// Who sent its 12.2 Device Pre-notification.
    pub pre_notifier: Option<Eui64>,
}
