//! Bytes to a message.

use crate::body::{BODY, Body, body};
use crate::error::{ErrorKind, Fault, MessageError, quote};
use crate::header::{HEADER, Header, header};
use crate::message::Message;
use crate::place::Place;
use crate::xml::{Node, Ns, Tag, Xml, attributes, trim};

const REQUEST: &str = "Request";
const SCHEMA_VERSION: &str = "schemaVersion";

/// Reads a DUIS 5.x `Request`, any of its 129 Service Reference Variants.
///
/// Any prefix bound to [`NAMESPACE`](crate::NAMESPACE) will do, and so will the default namespace.
/// A `ds:Signature` after the body is passed over: whether it is genuine is for the gateway to find
/// out, before or after.
///
/// # Errors
///
/// A message that is too long, that is not XML in UTF-8, that declares a document type or names an
/// entity, or that is not a request as the schema frames it: a header of known elements in order,
/// one body element, the one of its Service Reference Variant. The first thing wrong is named with
/// its place. What stands inside the body element is not compared with the schema, as a policy
/// names the fields that it permits.
pub fn read(bytes: &[u8]) -> Result<Message, MessageError> {
    request(bytes).map_err(|fault| fault.in_text(bytes))
}

fn request(bytes: &[u8]) -> Result<Message, Fault> {
    let mut xml = Xml::new(bytes)?;
    let schema_version = root(&mut xml, REQUEST)?;
    expect(&mut xml, HEADER)?;
    let header = header(&mut xml)?;
    expect(&mut xml, BODY)?;
    let body = body(&mut xml, &header)?;
    signature(&mut xml)?;
    Ok(message(header, body, schema_version, bytes))
}

fn message(header: Header, body: Body, schema_version: String, bytes: &[u8]) -> Message {
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
        other_device: body.other,
        execution: body.execution,
        details: body.details,
        request_id_place: Place::of(bytes, header.request_id_at),
    }
}

/// Opens the root element, which must have this name and a schema version of 5.x.
pub(crate) fn root(xml: &mut Xml<'_>, expected: &'static str) -> Result<String, Fault> {
    let Some(tag) = xml.child()? else {
        return Err(xml.fault(ErrorKind::Missing { what: expected, within: "the message" }));
    };
    if tag.name != expected {
        return Err(Fault::new(tag.at, ErrorKind::Root { found: quote(tag.name), expected }));
    }
    expect_duis(&tag)?;
    schema_version(&tag, expected)
}

fn schema_version(tag: &Tag<'_>, within: &'static str) -> Result<String, Fault> {
    let mut version = None;
    for (name, value) in attributes(tag) {
        if name.0 == SCHEMA_VERSION {
            version = Some(trim(&value).to_owned());
        } else if name.prefix().is_none() && name.0 != "xmlns" {
            return Err(Fault::new(tag.at, ErrorKind::Unexpected { found: quote(name.0), within }));
        }
    }
    let Some(version) = version else {
        return Err(Fault::new(tag.at, ErrorKind::Missing { what: SCHEMA_VERSION, within }));
    };
    let minor = version.strip_prefix("5.").unwrap_or_default();
    if version != "5" && (minor.is_empty() || !minor.bytes().all(|byte| byte.is_ascii_digit())) {
        return Err(Fault::new(tag.at, ErrorKind::SchemaVersion(quote(&version))));
    }
    Ok(version)
}

/// Opens the element that must come next in the root.
fn expect(xml: &mut Xml<'_>, what: &'static str) -> Result<(), Fault> {
    let Some(tag) = xml.child()? else {
        return Err(xml.fault(ErrorKind::Missing { what, within: REQUEST }));
    };
    if tag.name == what {
        return expect_duis(&tag);
    }
    let kind = match (tag.namespace, tag.name) {
        (Ns::Duis, HEADER) => ErrorKind::Twice(HEADER.to_owned()),
        (Ns::Duis, BODY) | (Ns::Signature, _) => ErrorKind::Missing { what, within: REQUEST },
        _ => ErrorKind::Unexpected { found: quote(tag.name), within: REQUEST },
    };
    Err(Fault::new(tag.at, kind))
}

/// Refuses an element of another namespace.
pub(crate) fn expect_duis(tag: &Tag<'_>) -> Result<(), Fault> {
    match tag.namespace {
        Ns::Duis => Ok(()),
        _ => Err(Fault::new(tag.at, ErrorKind::Namespace(quote(tag.name)))),
    }
}

/// Passes over one signature and reads to the end of the message.
fn signature(xml: &mut Xml<'_>) -> Result<(), Fault> {
    let mut signed = false;
    while let Some(tag) = xml.child()? {
        let is_signature = tag.namespace == Ns::Signature && tag.name == "Signature";
        if !is_signature || signed {
            let kind = match tag.name {
                HEADER | BODY => ErrorKind::Twice(tag.name.to_owned()),
                name if is_signature => ErrorKind::Twice(name.to_owned()),
                name => ErrorKind::Unexpected { found: quote(name), within: REQUEST },
            };
            return Err(Fault::new(tag.at, kind));
        }
        signed = true;
        xml.skip()?;
    }
    to_end(xml)
}

/// Reads what may follow the root: nothing but blanks, comments and processing instructions.
pub(crate) fn to_end(xml: &mut Xml<'_>) -> Result<(), Fault> {
    while !matches!(xml.next()?, Node::End) {}
    Ok(())
}
