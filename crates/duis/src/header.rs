//! The header of a request: the sender, the addressee and the service.

use std::borrow::Cow;
use std::ops::Range;

use crate::error::{ErrorKind, Fault, quote};
use crate::eui::Eui64;
use crate::service::Service;
use crate::value::eui;
use crate::xml::{Tag, Xml, trim};

pub(crate) const HEADER: &str = "Header";

/// The contents of the header, checked as far as possible without the body
pub(crate) struct Header {
    pub(crate) originator: Eui64,
    pub(crate) target: Eui64,
    pub(crate) counter: u64,
    pub(crate) request_id_at: usize,
    pub(crate) command_variant: u8,
    pub(crate) service: &'static Service,
}

/// The elements of a header in the order of the schema, and whether each is required
const ELEMENTS: [(&str, bool); 6] = [
    ("RequestID", true),
    ("FirstInSequence", false),
    ("PrecedingServiceRequestID", false),
    ("CommandVariant", true),
    ("ServiceReference", true),
    ("ServiceReferenceVariant", true),
];

/// Reads a header that was just opened, up to its end.
pub(crate) fn read_header(xml: &mut Xml<'_>) -> Result<Header, Fault> {
    let [id, first, preceding, command_variant, reference, variant] = read_leaves(xml)?;
    let (originator, target, counter) = request_id(&id)?;
    check_boolean(&first)?;
    if preceding.at.is_some() {
        request_id(&preceding)?;
    }
    let service = service(&reference, &variant)?;
    Ok(Header {
        originator,
        target,
        counter,
        request_id_at: id.at_or_start(),
        command_variant: digit_1_to_8(&command_variant)?,
        service,
    })
}

/// The text of an element and the byte at which the element begins; `None` if it is absent
#[derive(Default)]
struct Leaf<'a> {
    text: Cow<'a, str>,
    at: Option<usize>,
}

impl Leaf<'_> {
    fn at_or_start(&self) -> usize {
        self.at.unwrap_or(0)
    }

    fn fault(&self, kind: ErrorKind) -> Fault {
        Fault::new(self.at_or_start(), kind)
    }
}

/// The texts of the six elements, each at most once and in order
fn read_leaves<'a>(xml: &mut Xml<'a>) -> Result<[Leaf<'a>; 6], Fault> {
    let mut leaves: [Leaf<'a>; 6] = Default::default();
    let mut next_index = 0;
    while let Some(tag) = xml.child()? {
        let index = index_of(&tag, &leaves)?;
        if index < next_index {
            return Err(unexpected(&tag));
        }
        check_skipped(next_index..index, xml.at)?;
        if let (Some(leaf), Some((name, _))) = (leaves.get_mut(index), ELEMENTS.get(index)) {
            let text = xml.leaf(name)?;
            *leaf = Leaf { text, at: Some(tag.at) };
        }
        next_index = index + 1;
    }
    check_skipped(next_index..ELEMENTS.len(), xml.at)?;
    Ok(leaves)
}

fn index_of(tag: &Tag<'_>, leaves: &[Leaf<'_>; 6]) -> Result<usize, Fault> {
    tag.expect_duis()?;
    let index = ELEMENTS.iter().position(|(name, _)| *name == tag.name);
    let index = index.ok_or_else(|| unexpected(tag))?;
    match leaves.get(index) {
        Some(Leaf { at: Some(_), .. }) => Err(tag.fault(ErrorKind::Twice(tag.name.to_owned()))),
        _ => Ok(index),
    }
}

fn unexpected(tag: &Tag<'_>) -> Fault {
    tag.fault(ErrorKind::Unexpected { found: quote(tag.name), within: HEADER })
}

/// Refuses a header that leaves out a required element.
fn check_skipped(skipped: Range<usize>, at: usize) -> Result<(), Fault> {
    match ELEMENTS.get(skipped).unwrap_or_default().iter().find(|(_, required)| *required) {
        Some((what, _)) => Err(Fault::new(at, ErrorKind::Missing { what, within: HEADER })),
        None => Ok(()),
    }
}

/// The originator, the target and the counter.
fn request_id(leaf: &Leaf<'_>) -> Result<(Eui64, Eui64, u64), Fault> {
    let text = trim(&leaf.text);
    let mut parts = text.split(':');
    let (Some(originator), Some(target), Some(counter), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(leaf.fault(ErrorKind::RequestId(quote(text))));
    };
    let originator = eui(originator, leaf.at_or_start())?;
    let target = eui(target, leaf.at_or_start())?;
    let is_canonical = counter == "0" || !counter.starts_with(['0', '+']);
    match counter.parse() {
        Ok(counter) if is_canonical => Ok((originator, target, counter)),
        _ => Err(leaf.fault(ErrorKind::Counter(quote(counter)))),
    }
}

fn check_boolean(leaf: &Leaf<'_>) -> Result<(), Fault> {
    match (leaf.at, trim(&leaf.text)) {
        (None, _) | (_, "true" | "false" | "1" | "0") => Ok(()),
        (_, text) => Err(leaf.fault(ErrorKind::Boolean(quote(text)))),
    }
}

fn digit_1_to_8(leaf: &Leaf<'_>) -> Result<u8, Fault> {
    match trim(&leaf.text).as_bytes() {
        [digit @ b'1'..=b'8'] => Ok(digit - b'0'),
        _ => Err(leaf.fault(ErrorKind::CommandVariant(quote(trim(&leaf.text))))),
    }
}

/// The service of the header. Refuses a Service Reference that does not belong to the variant.
fn service(reference: &Leaf<'_>, variant: &Leaf<'_>) -> Result<&'static Service, Fault> {
    let service = Service::find(&variant.text).ok_or_else(|| {
        let nearest = Service::nearest(&variant.text);
        variant.fault(ErrorKind::UnknownVariant { found: quote(&variant.text), nearest })
    })?;
    if reference.text == service.reference() {
        return Ok(service);
    }
    Err(reference.fault(ErrorKind::Reference {
        variant: service.variant,
        reference: service.reference(),
        found: quote(&reference.text),
    }))
}
