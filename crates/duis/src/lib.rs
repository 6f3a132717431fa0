//! Reads DUIS messages and decides them by a `meterwarden` policy.
//!
//! ```text
//!         read             requests                 Plan::decide
//! bytes ────────▶ Message ──────────▶ SubjectRequests ──────────▶ Answer
//!                             ▲                           ▲
//!                         Inventory                     Plan
//!         YAML files, 8.2 responses, your database
//! ```
//!
//! # What it reads
//!
//! - [`read()`]: DUIS 5.x requests, such as those of the schema 5.4, of all 129 Service Reference
//!   Variants. The result is a [`Message`]: its sender, its service, its devices and the fields of its
//!   body. At most 16 MiB of XML in UTF-8.
//! - [`FileInventory`]: inventory files in YAML (described in `docs/formats.md`) and real responses to
//!   8.2 Read Inventory. An [`Inventory`] knows what a message does not state: the User Roles of the
//!   sender, its relation to the device on the date on which the request takes effect, and the status
//!   and type of the device. Implement the trait to use a database.
//!
//! # What comes out
//!
//! - [`requests()`] makes one [`Request`](meterwarden::Request) for each device and each User Role of
//!   the sender.
//! - [`decide()`] decides them, and returns one [`Answer`] for each device: the decision in the role
//!   with the best outcome.
//!
//! The time of execution of a message is an instant; the clock of the policy says on which day it is. Devices and parties are identified by [`Eui64`]. A
//! [`Place`] counts bytes from 0, and lines and characters from 1.
//!
//! # Errors
//!
//! [`MessageError`] and [`InventoryError`] state what is wrong and where. A message
//! with an error is never permitted. Every limit that a message or a file can exceed is in `limits.rs`.
//!
//! # What it does not do
//!
//! It does not verify signatures. It does not compare the elements inside a body element with the
//! schema, except those that name devices and those that state what the message asks for.
//!
//! # Sources
//!
//! The DUIS XML Schema 5.4 for the structure of messages; the GB Companion Specification (GBCS) for
//! the Signed Pre-Commands; the Smart Energy Code (SEC) for the User Roles and for who is responsible
//! for a device. What could not be found in a public source is marked *Assumed* where it is used.
//!
//! # Example
//!
//! ```
//! use meterwarden::{Policy, Source, Timestamp};
//! use meterwarden_duis::{FileInventory, read, requests};
//!
//! let message = br#"
//!     <Request xmlns="http://www.dccinterface.co.uk/ServiceUserGateway" schemaVersion="5.4">
//!       <Header>
//!         <RequestID>0A-00-00-00-00-00-00-51:0A-00-00-00-00-00-00-01:7</RequestID>
//!         <CommandVariant>1</CommandVariant>
//!         <ServiceReference>4.18</ServiceReference>
//!         <ServiceReferenceVariant>4.18</ServiceReferenceVariant>
//!       </Header>
//!       <Body><ReadMeterBalance/></Body>
//!     </Request>"#;
//! let message = read(message)?;
//! assert_eq!(message.service.variant, "4.18");
//!
//! let inventory = FileInventory::default().yaml("
//! parties:
//!   - { id: 0A-00-00-00-00-00-00-51, roles: [IS] }
//! devices:
//!   - { id: 0A-00-00-00-00-00-00-01, type: ESME, status: Commissioned }
//! ")?;
//! let rules = r#"attribute role "User Role" { refuse E2 "not this role"  IS }"#;
//! let policy = Policy::from_sources(vec![Source::new("example.rules", rules)])?;
//! let received: Timestamp = "2026-01-01T09:30:00Z".parse()?;
//! let subjects = requests(&message, &policy, &inventory, received)?;
//! assert_eq!(subjects[0].device, Some(message.target));
//! assert_eq!(subjects[0].requests.len(), 1); // one role, one request
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod limits;
mod namespace;
mod place;
mod eui;
mod error;
mod service;
mod message;
mod well_formed;
mod xml;
mod date_time;
mod value;
mod mpxn;
mod root;
mod header;
mod body;
mod read;
mod inventory;
mod inventory_error;
mod inventory_yaml;
mod inventory_response;
mod file_inventory;
mod home;
mod times;
mod requests;
mod answer;

pub use answer::{Answer, OwnedAnswer, answers, decide};
pub use error::{ErrorKind, MessageError};
pub use eui::{Eui64, EuiError};
pub use file_inventory::FileInventory;
pub use inventory::{Device, Direction, Facts, Inventory, Listed, Lookup, MeteringPoint, Part, Question};
pub use inventory_error::{InventoryError, Origin};
pub use limits::Limits;
pub use message::Message;
pub use mpxn::Mpxn;
pub use namespace::NAMESPACE;
pub use place::Place;
pub use read::{read, read_within};
pub use requests::{SubjectRequests, requests};
pub use service::{Detail, Service, Subject};
