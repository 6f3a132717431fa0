//! What can be wrong with a message, and where.

use crate::eui::EuiError;
use crate::place::Place;

/// Why a message cannot be read or asked about, and the place in it that shows why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {kind}")]
pub struct MessageError {
    /// Where in the message.
    pub place: Place,
    /// What is wrong there.
    pub kind: ErrorKind,
}

/// What is wrong. Texts of the message are shortened, so an error is always short.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// More than 16 MiB
    #[error("the message has {0} bytes, more than the {max} allowed", max = crate::MAX_BYTES)]
    TooLarge(usize),
    /// A byte `FF`
    #[error("this is not UTF-8")]
    NotUtf8,
    /// `<?xml version="1.0" encoding="ISO-8859-1"?>`
    #[error("the encoding is `{0}`, only UTF-8 is read")]
    Encoding(String),
    /// `<sr:Request>` without its end
    #[error("this is not XML: {0}")]
    NotXml(String),
    /// `<!DOCTYPE …>`
    #[error("a document type declaration is not allowed")]
    Doctype,
    /// `&company;`
    #[error("the entity `{0}` is not one of XML's own five, and no others are allowed")]
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
        /// The element that is there.
        found: String,
        /// The element that should be.
        expected: &'static str,
    },
    /// `<Request xmlns="http://example.com">`
    #[error("`{0}` is not in the namespace `{namespace}`", namespace = crate::NAMESPACE)]
    Namespace(String),
    /// `schemaVersion="4.0"`
    #[error("schemaVersion is `{0}`, only 5.x is read")]
    SchemaVersion(String),
    /// `<Request xmlns="…">`
    #[error("`{within}` has no `{what}`")]
    Missing {
        /// The element or attribute that is not there.
        what: &'static str,
        /// Where it should be.
        within: &'static str,
    },
    /// `<Header><Colour/>`
    #[error("`{found}` has no place here, in `{within}`")]
    Unexpected {
        /// The element or attribute that is there.
        found: String,
        /// What it stands in.
        within: &'static str,
    },
    /// `<DeviceID>…</DeviceID><DeviceID>…</DeviceID>`
    #[error("`{0}` stands here a second time")]
    Twice(String),
    /// `<Body>8.4 please`
    #[error("the text `{0}` has no place here")]
    StrayText(String),
    /// `<DeviceID>0A</DeviceID>`
    #[error("`{found}` is not an EUI-64: {wrong}")]
    Eui {
        /// The text that is there.
        found: String,
        /// What is wrong with it.
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
    #[error("`{found}` is no Service Reference Variant{}", did_you_mean(.nearest))]
    UnknownVariant {
        /// The text that is there.
        found: String,
        /// The nearest that there is.
        nearest: Option<&'static str>,
    },
    /// `<ServiceReference>8.3` with `<ServiceReferenceVariant>8.4`
    #[error("`{variant}` belongs to the Service Reference `{reference}`, not to `{found}`")]
    Reference {
        /// The Service Reference Variant of the message.
        variant: &'static str,
        /// The Service Reference that it belongs to.
        reference: &'static str,
        /// The Service Reference of the message.
        found: String,
    },
    /// `<Body><DecommissionDevice>` in an 8.4
    #[error("`{found}` is not the body of `{variant}`, `{expected}` is{}", belongs_to(.owner))]
    Body {
        /// The body element that is there.
        found: String,
        /// The Service Reference Variant of the message.
        variant: &'static str,
        /// The body element that belongs to it.
        expected: &'static str,
        /// The Service Reference Variant that the body element belongs to.
        owner: Option<&'static str>,
    },
    /// `<Body><SignedPreCommand>` in an 8.4
    #[error("`{0}` is not critical and never comes as a `SignedPreCommand`")]
    NotCritical(&'static str),
    /// `<Body><SignedPreCommand>` with Command Variant 4
    #[error("a `SignedPreCommand` comes with Command Variant 5, 6 or 7, not `{0}`")]
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
    #[error("`{variant}` asks for one thing, `{found}` is a second")]
    SecondChoice {
        /// The second.
        found: String,
        /// The Service Reference Variant of the message.
        variant: &'static str,
    },
    /// `<DSPScheduledServiceReferenceVariant>4.6.1` with `<DSPReadNetworkData>`
    #[error("`{found}` is not how `{variant}` is scheduled")]
    Scheduled {
        /// The element that is there.
        found: String,
        /// The Service Reference Variant to be scheduled.
        variant: &'static str,
    },
    /// `<ReadInventory/>`
    #[error("`{0}` does not say what it asks for")]
    NoChoice(&'static str),
    /// `<ExecutionDateTime>tomorrow</ExecutionDateTime>`
    #[error("`{0}` is not a date and time such as 2023-06-29T00:00:00Z")]
    DateTime(String),
    /// An originator that no inventory file lists among its parties
    #[error("the originator `{0}` is not a party in the inventory")]
    UnknownOriginator(crate::Eui64),
    /// A party with no roles
    #[error("the originator `{0}` holds no User Role in the inventory")]
    NoRole(crate::Eui64),
    /// The database behind the inventory is away
    #[error("the inventory does not answer: {0}")]
    Inventory(String),
}

fn did_you_mean(nearest: &Option<&str>) -> String {
    nearest.map_or(String::new(), |nearest| format!(", did you mean `{nearest}`?"))
}

fn belongs_to(owner: &Option<&str>) -> String {
    owner.map_or(String::new(), |owner| format!("; it belongs to `{owner}`"))
}

/// Something wrong at a byte, before anyone counted lines.
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

/// A text of the message as an error shows it: on one line, and no longer than one.
pub(crate) fn quote(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown: String = text.chars().take(LONGEST).flat_map(char::escape_debug).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}
