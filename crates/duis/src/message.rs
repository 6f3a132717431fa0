//! A message as it was read, before any inventory is asked.

use jiff::civil::Date;
use serde::Serialize;

use crate::eui::Eui64;
use crate::place::Place;
use crate::service::Service;

/// The contents of one DUIS request, as far as a policy needs them. Made by [`read`](crate::read()). It can be sent to
/// another thread and serialised; its service is then the Service Reference Variant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Message {
    /// The sender: the first part of `RequestID`
    pub originator: Eui64,
    /// The addressee, the second part of `RequestID`: a device, or the DCC for requests that the DCC
    /// answers itself
    pub target: Eui64,
    /// The originator's number for the message: the third part of `RequestID`
    pub counter: u64,
    /// `5.4`
    pub schema_version: String,
    /// 1 to 8
    pub command_variant: u8,
    /// The service that the message asks for
    pub service: &'static Service,
    /// Whether the body is a `SignedPreCommand`, which hides everything except the execution date
    pub signed: bool,
    /// The names of the body's leaf elements in the order of their first appearance, without the
    /// element that names the subject; `None` if a `SignedPreCommand` hides them
    pub fields: Option<Vec<String>>,
    /// The devices that the message is about; empty if it is about no device
    pub subjects: Vec<Eui64>,
    /// A second device that the body names, in the element that its service has for it
    pub other_device: Option<Eui64>,
    /// The metering point that the body names, if its service has an element for it
    pub named_point: Option<String>,
    /// The date, in UTC, on which the message asks to be carried out: `ExecutionDateTime`
    pub execution: Option<Date>,
    /// The values of the element whose value is a fact for the rules, if its service has one; more than one only for `6.24.1`
    pub details: Vec<String>,
    /// Whether a `ds:Signature` follows the body. The signature is not verified.
    pub has_signature: bool,
    /// The place of `RequestID`, for errors about the originator
    #[serde(skip)]
    pub request_id_place: Place,
}

impl Message {
    /// The `RequestID`: originator, target and counter with `:` between them.
    pub fn request_id(&self) -> String {
        format!("{}:{}:{}", self.originator, self.target, self.counter)
    }
}
