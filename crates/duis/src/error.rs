//! Errors in messages, and their places.

use jiff::Timestamp;

use crate::eui::{Eui64, EuiError};
use crate::limits::{MAX_QUOTED_CHARACTERS, MPXN_CHARACTERS};
use crate::namespace::NAMESPACE;
use crate::namespace::SCHEMA_VERSIONS;
use crate::place::Place;

/// Why a message cannot be read, or why no request can be made of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {kind}")]
pub struct MessageError {
    /// The place in the message that shows the error.
    pub place: Place,
    /// What is wrong there.
    pub kind: ErrorKind,
}

/// What is wrong. Quoted text of the message is cut off after 60 characters, so an error is always
/// short. The documentation of most kinds is an example.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// More than 16 MiB
    #[error("the message has {0} bytes, more than the limit of {1}")]
    TooLarge(usize, usize),
    /// A byte `FF`
    #[error("this is not UTF-8")]
    NotUtf8,
    /// `<?xml version="1.0" encoding="ISO-8859-1"?>`
    #[error("the encoding is `{0}`; only UTF-8 is supported")]
    Encoding(String),
    /// `<sr:Request>` without its end
    #[error("this is not XML: {0}")]
    NotXml(String),
    /// `<!DOCTYPE …>`
    #[error("a document type declaration is not supported")]
    Doctype,
    /// `&company;`
    #[error("the entity `{0}` is not one of the five of XML; no other entity is supported")]
    Entity(String),
    /// `<a><a><a>…`
    #[error("elements are nested more than {0} deep")]
    TooDeep(usize),
    /// `<a a1="" a2="" …>`
    #[error("the element has more than {0} attributes")]
    TooManyAttributes(usize),
    /// `<Response …>`
    #[error("the root is `{found}`, not `{expected}`")]
    Root {
        /// The element in the message
        found: String,
        /// The element that must be there
        expected: &'static str,
    },
    /// `<Request xmlns="http://example.com">`
    #[error("`{0}` is not in the namespace `{namespace}`", namespace = NAMESPACE)]
    Namespace(String),
    /// `schemaVersion="4.0"`
    #[error("schemaVersion is `{0}`; only {known} are supported", known = SCHEMA_VERSIONS.join(", "))]
    SchemaVersion(String),
    /// `<Request xmlns="…">`
    #[error("`{within}` has no `{what}`")]
    Missing {
        /// The missing element or attribute
        what: &'static str,
        /// The element that must contain it
        within: &'static str,
    },
    /// `<Header><Colour/>`
    #[error("`{found}` is not expected here in `{within}`")]
    Unexpected {
        /// The element or attribute in the message
        found: String,
        /// The element that contains it
        within: &'static str,
    },
    /// `<DeviceID>…</DeviceID><DeviceID>…</DeviceID>`
    #[error("`{0}` appears a second time")]
    Twice(String),
    /// `<CommandVariant><!-- which? -->1</CommandVariant>`
    #[error("this text has a comment, a processing instruction or a CDATA section in it; write it plainly")]
    Divided,
    /// `<Body>8.4 please`
    #[error("the text `{0}` is not expected here")]
    StrayText(String),
    /// `<DeviceID>0A</DeviceID>`
    #[error("`{found}` is not an EUI-64: {wrong}")]
    Eui {
        /// The text in the message
        found: String,
        /// Why it is not an EUI-64
        wrong: EuiError,
    },
    /// `<RequestID>1</RequestID>`
    #[error("`{0}` is not an originator, a target and a counter with `:` between them")]
    RequestId(String),
    /// `…:18446744073709551616`
    #[error("`{0}` is not a counter from 0 to 18446744073709551615")]
    Counter(String),
    /// `<CommandVariant>9</CommandVariant>`
    #[error("`{0}` is not a Command Variant from 1 to 8")]
    CommandVariant(String),
    /// `<FirstInSequence>perhaps</FirstInSequence>`
    #[error("`{0}` is neither `true` nor `false`")]
    Boolean(String),
    /// `<ServiceReferenceVariant>8.44</ServiceReferenceVariant>`
    #[error("`{found}` is not a Service Reference Variant{}", did_you_mean(.nearest))]
    UnknownVariant {
        /// The text in the message
        found: String,
        /// The most similar variant, if one is similar
        nearest: Option<&'static str>,
    },
    /// `<ServiceReference>8.3` with `<ServiceReferenceVariant>8.4`
    #[error("`{variant}` belongs to the Service Reference `{reference}`, not to `{found}`")]
    Reference {
        /// The Service Reference Variant of the message
        variant: &'static str,
        /// The Service Reference that it belongs to
        reference: &'static str,
        /// The Service Reference of the message
        found: String,
    },
    /// `<Body><DecommissionDevice>` in an 8.4
    #[error("the body of `{variant}` is `{expected}`, not `{found}`{}", belongs_to(.owner))]
    Body {
        /// The body element in the message
        found: String,
        /// The Service Reference Variant of the message
        variant: &'static str,
        /// The body element that belongs to it
        expected: &'static str,
        /// The Service Reference Variant that the body element belongs to, if it belongs to one
        owner: Option<&'static str>,
    },
    /// `<Body><SignedPreCommand>` in an 8.4
    #[error("`{0}` is not critical, so its body is never a `SignedPreCommand`")]
    NotCritical(&'static str),
    /// `<Body><SignedPreCommand>` with Command Variant 4
    #[error("a `SignedPreCommand` has Command Variant 5, 6 or 7, not `{0}`")]
    Signed(u8),
    /// `<Body><EnableSupply>` with Command Variant 5
    #[error("with Command Variant `{0}` the body of a critical service is a `SignedPreCommand`, not `{1}`")]
    Unsigned(u8, &'static str),
    /// `<Body/>`
    #[error("the body is empty")]
    NoBody,
    /// `<Body><EnableSupply/><DisableSupply/></Body>`
    #[error("the body has a second element, `{0}`")]
    TwoBodies(String),
    /// `<UpdateInventory>` with `<DeleteDevice/>` and `<UpdateMPxN>`
    #[error("`{variant}` asks for exactly one thing; `{found}` is a second")]
    SecondChoice {
        /// The second element
        found: String,
        /// The Service Reference Variant of the message
        variant: &'static str,
    },
    /// `<DSPScheduledServiceReferenceVariant>4.6.1` with `<DSPReadNetworkData>`
    #[error("`{found}` is not the element that schedules `{variant}`")]
    Scheduled {
        /// The element in the message
        found: String,
        /// The Service Reference Variant that the message schedules
        variant: &'static str,
    },
    /// `<ReadInventory/>`
    #[error("`{0}` does not state what it asks for")]
    NoChoice(&'static str),
    /// 50,001 entries of `DeviceIDList`
    #[error("the message has more than {1} {0}")]
    TooMany(&'static str, usize),
    /// `<a…a><a…a>`, with names of 600 bytes
    #[error("the path of `{0}` in the body has more than {1} bytes")]
    LongPath(String, usize),
    /// `<ESMEVariant>AAAAAA…`
    #[error("the text of `{0}` has more than {1} bytes, and the policy reads it")]
    LongText(String, usize),
    /// `<ESMEVariant>NotApplicable</ESMEVariant>`: the word means that there is no such element
    #[error("`{text}` cannot be the text of `{path}`")]
    NotAText {
        /// The text in the message
        text: &'static str,
        /// The path of the element
        path: String,
    },
    /// A message received on 2023-06-29 with `<ExecutionDateTime>2015-01-01T00:00:00Z</ExecutionDateTime>`
    #[error(
        "the request asks to be carried out at {execution}, more than {} before its receipt at {at}", length(*tolerance)
    )]
    ExecutionPast {
        /// When the request asks to be carried out
        execution: Timestamp,
        /// When it was received
        at: Timestamp,
        /// What the clock of the policy tolerates, in seconds
        tolerance: u64,
    },
    /// A message received on 2023-06-29 with `<ExecutionDateTime>2030-01-01T00:00:00Z</ExecutionDateTime>`, where
    /// the clock of the policy has a horizon of 30 days
    #[error(
        "the request asks to be carried out at {execution}, more than {} after its receipt at {at}", length(*horizon)
    )]
    ExecutionFar {
        /// When the request asks to be carried out
        execution: Timestamp,
        /// When it was received
        at: Timestamp,
        /// The horizon of the clock of the policy, in seconds
        horizon: u64,
    },
    /// `<GBCSPayload>command</GBCSPayload>`
    #[error("`{0}` is not base64")]
    NotBase64(&'static str),
    /// `<ImportMPxN>12 34</ImportMPxN>` in a response
    #[error("`{0}` is not a metering point: 1 to {limit} characters without blanks", limit = MPXN_CHARACTERS)]
    MeteringPoint(String),
    /// `<ExecutionDateTime>tomorrow</ExecutionDateTime>`
    #[error("`{0}` is not a date and time such as 2023-06-29T00:00:00Z")]
    DateTime(String),
    /// An inventory without the identifiers of the DCC
    #[error("`{0}` is addressed to the DCC, and the inventory does not state its identifiers (`dcc`)")]
    NoDcc(&'static str),
    /// An 8.4 for a device instead of for the DCC
    #[error("`{variant}` is addressed to the DCC, and `{target}` is not one of its identifiers")]
    NotDcc {
        /// The target of the message
        target: Eui64,
        /// The Service Reference Variant of the message
        variant: &'static str,
    },
    /// An originator that no inventory file lists among its parties
    #[error("the originator `{0}` is not a party in the inventory")]
    UnknownOriginator(Eui64),
    /// A party without roles
    #[error("the originator `{0}` holds no User Role in the inventory")]
    NoRole(Eui64),
    /// The database of the inventory is down
    #[error("the inventory does not answer: {0}")]
    Inventory(String),
}

impl MessageError {
    /// The response code (DUIS) of a message with this error, where one is known.
    ///
    /// *Assumed*, from a public list that is not the specification: E1 is for a combination of User and User Role that
    /// is not valid. The codes of other errors are not public.
    pub fn response_code(&self) -> Option<&'static str> {
        match self.kind {
            ErrorKind::UnknownOriginator(_) | ErrorKind::NoRole(_) => Some("E1"),
            _ => None,
        }
    }
}

/// `2 days`: a length of time in the largest unit of which it is a whole number
fn length(seconds: u64) -> String {
    let units = [(86_400, "day"), (3_600, "hour"), (60, "minute")];
    let whole = units.into_iter().find(|(unit, _)| seconds > 0 && seconds.is_multiple_of(*unit));
    let (unit, name) = whole.unwrap_or((1, "second"));
    let count = seconds / unit;
    format!("{count} {name}{}", if count == 1 { "" } else { "s" })
}

pub(crate) fn did_you_mean(nearest: &Option<impl AsRef<str>>) -> String {
    nearest.as_ref().map_or(String::new(), |nearest| format!("; did you mean `{}`?", nearest.as_ref()))
}

fn belongs_to(owner: &Option<&str>) -> String {
    owner.map_or(String::new(), |owner| format!(", which is the body of `{owner}`"))
}

/// An error at a byte. Lines are counted only when the error leaves the reader.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) at: usize,
    pub(crate) kind: ErrorKind,
}

impl Fault {
    pub(crate) fn new(at: usize, kind: ErrorKind) -> Self {
        Self { at, kind }
    }

    pub(crate) fn in_text(self, bytes: &[u8]) -> MessageError {
        MessageError { place: Place::of(bytes, self.at), kind: self.kind }
    }
}

/// Text of the message as an error shows it: on one line, cut off after
/// [`MAX_QUOTED_CHARACTERS`], with control and other invisible characters escaped.
pub(crate) fn quote(text: &str) -> String {
    let mut quoted: String = text.chars().take(MAX_QUOTED_CHARACTERS).flat_map(char::escape_debug).collect();
    if text.chars().nth(MAX_QUOTED_CHARACTERS).is_some() {
        quoted.push('…');
    }
    quoted
}
