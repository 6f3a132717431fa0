//! The header of a request: who asks whom for which service.

use std::borrow::Cow;

use crate::error::{ErrorKind, Fault, quote};
use crate::eui::Eui64;
use crate::service::Service;
use crate::xml::{Tag, Xml, trim};

pub(crate) const HEADER: &str = "Header";

/// What the header says, checked as far as it can be without the body.
pub(crate) struct Header {
    pub(crate) originator: Eui64,
    pub(crate) target: Eui64,
    pub(crate) counter: u64,
    pub(crate) request_id_at: usize,
    pub(crate) command_variant: u8,
    pub(crate) service: &'static Service,
}

/// The elements of a header, in the order of the schema, and whether each must be there.
const ELEMENTS: [(&str, bool); 6] = [
    ("RequestID", true),
    ("FirstInSequence", false),
    ("PrecedingServiceRequestID", false),
    ("CommandVariant", true),
    ("ServiceReference", true),
    ("ServiceReferenceVariant", true),
];

/// Reads a header that was just opened, up to its end.
pub(crate) fn header(xml: &mut Xml<'_>) -> Result<Header, Fault> {
    let [id, first, preceding, command_variant, reference, variant] = leaves(xml)?;
    let (originator, target, counter) = request_id(&id)?;
    boolean(&first)?;
    if preceding.at.is_some() {
        request_id(&preceding)?;
    }
    let service = service(&reference, &variant)?;
    Ok(Header {
        originator,
        target,
        counter,
        request_id_at: id.place(),
        command_variant: number(&command_variant)?,
        service,
    })
}

/// An element's text and where it begins; no place, if it is not there.
#[derive(Default)]
struct Leaf<'a> {
    text: Cow<'a, str>,
    at: Option<usize>,
}

impl Leaf<'_> {
    fn place(&self) -> usize {
        self.at.unwrap_or(0)
    }

    fn fault(&self, kind: ErrorKind) -> Fault {
        Fault::new(self.place(), kind)
    }
}

/// The texts of the six elements, each at most once and in order.
fn leaves<'a>(xml: &mut Xml<'a>) -> Result<[Leaf<'a>; 6], Fault> {
    let mut leaves: [Leaf<'a>; 6] = Default::default();
    let mut next = 0;
    while let Some(tag) = xml.child()? {
        let index = index_of(&tag, &leaves)?;
        if index < next {
            return Err(out_of_order(&tag));
        }
        missing(next..index, xml.at)?;
        if let (Some(leaf), Some((name, _))) = (leaves.get_mut(index), ELEMENTS.get(index)) {
            let text = xml.leaf(name)?;
            *leaf = Leaf { text, at: Some(tag.at) };
        }
        next = index + 1;
    }
    missing(next..ELEMENTS.len(), xml.at)?;
    Ok(leaves)
}

fn index_of(tag: &Tag<'_>, known: &[Leaf<'_>; 6]) -> Result<usize, Fault> {
    crate::read::expect_duis(tag)?;
    let index = ELEMENTS.iter().position(|(name, _)| *name == tag.name);
    let index = index.ok_or_else(|| out_of_order(tag))?;
    match known.get(index) {
        Some(Leaf { at: Some(_), .. }) => Err(Fault::new(tag.at, ErrorKind::Twice(tag.name.to_owned()))),
        _ => Ok(index),
    }
}

fn out_of_order(tag: &Tag<'_>) -> Fault {
    Fault::new(tag.at, ErrorKind::Unexpected { found: quote(tag.name), within: HEADER })
}

/// Refuses to pass over an element that must be there.
fn missing(passed: std::ops::Range<usize>, at: usize) -> Result<(), Fault> {
    match ELEMENTS.get(passed).unwrap_or_default().iter().find(|(_, needed)| *needed) {
        Some((what, _)) => Err(Fault::new(at, ErrorKind::Missing { what, within: HEADER })),
        None => Ok(()),
    }
}

fn request_id(leaf: &Leaf<'_>) -> Result<(Eui64, Eui64, u64), Fault> {
    let text = trim(&leaf.text);
    let mut parts = text.split(':');
    let (Some(originator), Some(target), Some(counter), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(leaf.fault(ErrorKind::RequestId(quote(text))));
    };
    let originator = eui(originator, leaf.place())?;
    let target = eui(target, leaf.place())?;
    let canonical = counter == "0" || !counter.starts_with(['0', '+']);
    match counter.parse() {
        Ok(counter) if canonical => Ok((originator, target, counter)),
        _ => Err(leaf.fault(ErrorKind::Counter(quote(counter)))),
    }
}

/// Reads an EUI-64 out of an element that begins at `at`.
pub(crate) fn eui(text: &str, at: usize) -> Result<Eui64, Fault> {
    let text = trim(text);
    text.parse().map_err(|wrong| Fault::new(at, ErrorKind::Eui { found: quote(text), wrong }))
}

fn boolean(leaf: &Leaf<'_>) -> Result<(), Fault> {
    match (leaf.at, trim(&leaf.text)) {
        (None, _) | (_, "true" | "false" | "1" | "0") => Ok(()),
        (_, other) => Err(leaf.fault(ErrorKind::Boolean(quote(other)))),
    }
}

fn number(leaf: &Leaf<'_>) -> Result<u8, Fault> {
    match trim(&leaf.text).as_bytes() {
        [digit @ b'1'..=b'8'] => Ok(digit - b'0'),
        _ => Err(leaf.fault(ErrorKind::CommandVariant(quote(trim(&leaf.text))))),
    }
}

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
