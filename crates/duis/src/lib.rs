//! From a DUIS message to requests that a `meterwarden` policy decides.
//!
//! ```text
//!           read                requests                  decide
//! bytes ───────────▶ Message ───────────────▶ SubjectRequests ───────────▶ Answer
//!        header, body            ▲                              ▲
//!                            Inventory                         Plan
//!              YAML files, 8.2 responses, your database
//! ```
//!
//! A [`Message`] is what a DUIS 5.x request says of itself: who asks whom for which service, about
//! which devices, and which fields its body carries. An [`Inventory`] knows the rest: the User
//! Roles of the sender, what it is to the device on the day the request takes effect, the device's
//! status and type. Together they make one [`Request`](meterwarden::Request) a device and User
//! Role, and a [`Plan`](meterwarden::Plan) decides them; [`decide()`] does the last two steps in
//! one.
//!
//! A message that is not read is never a permit, and an error names the place in the message. What
//! is absent on purpose: signatures are not verified, and the inside of a body element is not
//! compared with the schema, beyond what says which devices it is about and what is asked of them.

mod place;
mod error;
mod eui;
mod service;
mod message;
mod xml;
mod moment;
mod header;
mod body;
mod read;
mod inventory;
mod yaml;
mod read_inventory;
mod inventory_error;
mod file_inventory;
mod links;
mod facts;
mod answer;

pub use answer::{Answer, AnswerError, decide};
pub use error::{ErrorKind, MessageError};
pub use eui::{Eui64, EuiError};
pub use facts::{SubjectRequests, requests};
pub use file_inventory::FileInventory;
pub use inventory::{Device, Inventory, Lookup};
pub use inventory_error::InventoryError;
pub use message::Message;
pub use place::Place;
pub use read::read;
pub use service::{Detail, Service, Subject};

/// The namespace of every DUIS element.
pub const NAMESPACE: &str = "http://www.dccinterface.co.uk/ServiceUserGateway";

/// The longest message that is read: 16 MiB.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;
