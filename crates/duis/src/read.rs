//! From the bytes of a request to a message.

use crate::body::{BODY, Body, ElementText, read_body};
use crate::error::{ErrorKind, Fault, MessageError, quote};
use crate::header::{HEADER, Header, read_header};
use crate::limits::Limits;
use crate::message::{BodyText, Message};
use crate::place::Place;
use crate::root::{expect_end, open_root};
use crate::xml::{Namespace, Xml};

const REQUEST: &str = "Request";

/// Reads a DUIS 5.x `Request`, of any of the 129 Service Reference Variants.
///
/// The elements may have any prefix that is bound to [`NAMESPACE`](crate::NAMESPACE), or none if it is
/// the default namespace. A `ds:Signature` after the body is skipped: the gateway must verify it,
/// before or after.
///
/// # Errors
///
/// - A message that is too long, that is not in UTF-8, or that is not well-formed XML with namespaces; a document type
///   declaration, and an entity that is not one of the five of XML.
/// - A schema version that is not known: 5.0, 5.1, 5.3 and 5.4 are.
/// - A comment, a processing instruction or a CDATA section in a text that is read.
/// - A message that does not have the structure of a request: a header with known elements in order, then a body with
///   exactly one element, the one that belongs to the Service Reference Variant. The elements inside the body element are
///   not compared with the schema, as a policy names the fields that it permits.
///
/// The error is the first one in the message, with its place.
pub fn read(bytes: &[u8]) -> Result<Message, MessageError> {
    read_within(bytes, &Limits::DEFAULT)
}

/// Reads a `Request` as [`read`] does, within other limits.
///
/// ```
/// use meterwarden_duis::{Limits, read_within};
///
/// let mut limits = Limits::default();
/// limits.bytes = 3;
/// let error = read_within(b"<Request/>", &limits).unwrap_err();
/// assert_eq!(error.kind.to_string(), "the message has 10 bytes, more than the limit of 3");
/// ```
///
/// # Errors
///
/// Those of [`read`].
pub fn read_within(bytes: &[u8], limits: &Limits) -> Result<Message, MessageError> {
    read_request(bytes, limits).map_err(|fault| fault.in_text(bytes))
}

fn read_request(bytes: &[u8], limits: &Limits) -> Result<Message, Fault> {
    let mut xml = Xml::new(bytes, limits.bytes)?;
    let schema_version = open_root(&mut xml, REQUEST)?;
    open_next(&mut xml, HEADER)?;
    let header = read_header(&mut xml)?;
    open_next(&mut xml, BODY)?;
    let body = read_body(&mut xml, &header, limits)?;
    let has_signature = skip_signature(&mut xml)?;
    let places = Places::of(bytes, &header, &body);
    Ok(message(header, body, schema_version, has_signature, places))
}

/// The places that a message keeps, for errors that are found later
struct Places {
    request_id: Place,
    execution: Option<Place>,
    /// Those of the texts that no policy can read, in the order of the texts
    texts: Vec<Option<Place>>,
}

impl Places {
    fn of(bytes: &[u8], header: &Header, body: &Body) -> Self {
        let place = |offset: usize| Place::of(bytes, offset);
        let faults = body.texts.iter().map(|text| text.fault.as_ref().map(|fault| fault.at));
        let mut texts = vec![None; body.texts.len()];
        let mut in_order: Vec<_> =
            faults.zip(&mut texts).filter_map(|(at, place)| Some((at?, place))).collect();
        in_order.sort_unstable_by_key(|(at, _)| *at);
        let mut last = place(0);
        for (at, place) in in_order {
            last = last.forward(bytes, at);
            *place = Some(last);
        }
        Self {
            request_id: place(header.request_id_at),
            execution: body.execution.map(|(_, at)| place(at)),
            texts,
        }
    }
}

fn message(
    header: Header,
    body: Body,
    schema_version: String,
    has_signature: bool,
    places: Places,
) -> Message {
    let text = |(text, place): (ElementText, Option<Place>)| BodyText {
        path: text.path,
        values: text.values,
        error: text.fault.zip(place).map(|(fault, place)| MessageError { place, kind: fault.kind }),
    };
    Message {
        originator: header.originator,
        target: header.target,
        counter: header.counter,
        schema_version,
        command_variant: header.command_variant,
        service: header.service,
        signed: body.signed,
        fields: (!body.signed).then_some(body.fields),
        subjects: body.subjects,
        other_device: body.other_device,
        named_point: body.named_point,
        execution: body.execution.map(|(instant, _)| instant),
        execution_place: places.execution,
        texts: body.texts.into_iter().zip(places.texts).map(text).collect(),
        has_signature,
        request_id_place: places.request_id,
    }
}

/// Opens the next element of the root, which must have this name.
fn open_next(xml: &mut Xml<'_>, what: &'static str) -> Result<(), Fault> {
    let Some(tag) = xml.child()? else {
        return Err(xml.fault(ErrorKind::Missing { what, within: REQUEST }));
    };
    if tag.name == what {
        return tag.expect_duis();
    }
    Err(tag.fault(match (tag.namespace, tag.name) {
        (Namespace::Duis, HEADER) => ErrorKind::Twice(HEADER.to_owned()),
        (Namespace::Duis, BODY) | (Namespace::Signature, _) => ErrorKind::Missing { what, within: REQUEST },
        _ => ErrorKind::Unexpected { found: quote(tag.name), within: REQUEST },
    }))
}

/// Reads from the end of the body to the end of the message. At most one signature may follow.
/// Returns whether one does.
fn skip_signature(xml: &mut Xml<'_>) -> Result<bool, Fault> {
    let mut has_signature = false;
    while let Some(tag) = xml.child()? {
        let is_signature = tag.namespace == Namespace::Signature && tag.name == "Signature";
        if !is_signature || has_signature {
            return Err(tag.fault(match tag.name {
                HEADER | BODY => ErrorKind::Twice(tag.name.to_owned()),
                name if is_signature => ErrorKind::Twice(name.to_owned()),
                name => ErrorKind::Unexpected { found: quote(name), within: REQUEST },
            }));
        }
        has_signature = true;
        xml.skip()?;
    }
    expect_end(xml)?;
    Ok(has_signature)
}
