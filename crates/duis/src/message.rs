//! What one request says, read but not yet looked up in any inventory.

use jiff::civil::Date;

use crate::eui::Eui64;
use crate::place::Place;
use crate::service::Service;

/// What one request says of itself. Made by [`read`](crate::read()).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Message {
    /// Who sent it: the first part of `RequestID`.
    pub originator: Eui64,
    /// Whom it is addressed to: a device, or for the requests that the DCC answers itself the DCC.
    pub target: Eui64,
    /// The originator's number for it.
    pub counter: u64,
    /// `5.4`
    pub schema_version: String,
    /// 1 to 8.
    pub command_variant: u8,
    /// The service asked for.
    pub service: &'static Service,
    /// Whether the body is a `SignedPreCommand`, which hides everything but when to carry it out.
    pub signed: bool,
    /// The names of the body's leaf elements in the order of their first appearance, the element
    /// that names the subject aside. `None`, where the body hides them.
    pub fields: Option<Vec<String>>,
    /// The devices that the message is about; none, if it asks the DCC about something else.
    pub subjects: Vec<Eui64>,
    /// A second device that the body names.
    pub other_device: Option<Eui64>,
    /// The date, in UTC, on which it asks to be carried out.
    pub execution: Option<Date>,
    /// The values of the element that the service's `detail` means; several only
    /// for `6.24.1`.
    pub details: Vec<String>,
    /// Where `RequestID` begins, for an error about the originator.
    pub request_id_place: Place,
}
