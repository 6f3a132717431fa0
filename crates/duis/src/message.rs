//! A message as it was read, before any inventory is asked.

use jiff::Timestamp;
use serde::Serialize;

use crate::error::MessageError;
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
    /// The paths of the body's leaf elements in the order of their first appearance, without the
    /// element that names the subject; `None` if a `SignedPreCommand` hides them. A path is the names of
    /// the elements from below the body element down to the leaf, joined by `/`
    pub fields: Option<Vec<String>>,
    /// The devices that the message is about; empty if it is about no device
    pub subjects: Vec<Eui64>,
    /// A second device that the body names, in the element that its service has for it
    pub other_device: Option<Eui64>,
    /// The metering point that the body names, if its service has an element for it
    pub named_point: Option<String>,
    /// When the message asks to be carried out: `ExecutionDateTime`
    pub execution: Option<Timestamp>,
    /// The place of `ExecutionDateTime`, for errors about it
    #[serde(skip)]
    pub execution_place: Option<Place>,
    /// The texts of the elements in `fields`
    pub(crate) texts: Vec<BodyText>,
    /// Whether a `ds:Signature` follows the body. The signature is not verified.
    pub has_signature: bool,
    /// The place of `RequestID`, for errors about the originator
    #[serde(skip)]
    pub request_id_place: Place,
}

/// The texts of an element of the body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct BodyText {
    /// Its path, as in [`Message::fields`]
    pub(crate) path: String,
    /// Each different text once, in the order of their first appearance
    pub(crate) values: Vec<String>,
    /// Why a policy cannot read them
    #[serde(skip)]
    pub(crate) error: Option<MessageError>,
}

impl Message {
    /// The different texts of the element at a path of [`fields`](Self::fields), in the order of their
    /// first appearance. There are none if the body has no such element, or a `SignedPreCommand` hides it.
    ///
    /// # Errors
    ///
    /// A second such element (but for the Remote Party Roles of a 6.24.1), more than 7 different texts, a text of more than 100 bytes, or one with a comment, a processing
    /// instruction or a CDATA section in it: these are no values of an attribute.
    pub fn texts(&self, path: &str) -> Result<&[String], MessageError> {
        let Some(text) = self.texts.iter().find(|text| text.path == path) else { return Ok(&[]) };
        text.error.clone().map_or(Ok(&text.values), Err)
    }

    /// The `RequestID`: originator, target and counter with `:` between them.
    pub fn request_id(&self) -> String {
        format!("{}:{}:{}", self.originator, self.target, self.counter)
    }
}
