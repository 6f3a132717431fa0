//! The body of a request: the names of its fields, and the few values that a policy needs.

use std::borrow::Cow;
use std::collections::HashMap;

use jiff::Timestamp;

use crate::error::{ErrorKind, Fault, quote};
use crate::eui::Eui64;
use crate::header::Header;
use crate::limits::{Limits, MAX_VALUES};
use crate::service::{Detail, Service, Subject};
use crate::value::{eui, instant};
use crate::xml::{Node, Tag, Xml, append, expect_blank, trim};

pub(crate) const BODY: &str = "Body";
const SIGNED_PRE_COMMAND: &str = "SignedPreCommand";
const PAYLOAD: &str = "GBCSPayload";
const EXECUTION_DATE_TIME: &str = "ExecutionDateTime";

/// The contents of the body
#[derive(Default)]
pub(crate) struct Body {
    pub(crate) signed: bool,
    pub(crate) fields: Vec<String>,
    pub(crate) subjects: Vec<Eui64>,
    pub(crate) other_device: Option<Eui64>,
    pub(crate) named_point: Option<String>,
    /// When it is to be carried out, and where `ExecutionDateTime` begins
    pub(crate) execution: Option<(Timestamp, usize)>,
    /// The values of the element whose value the schema ties to the rest of the body
    pub(crate) details: Vec<String>,
    pub(crate) texts: Vec<ElementText>,
}

/// The texts of an element of the body, which a policy may read.
pub(crate) struct ElementText {
    pub(crate) path: String,
    /// Each different text once, in the order of their first appearance
    pub(crate) values: Vec<String>,
    /// Why a policy cannot read them, at the first text of which this is so
    pub(crate) fault: Option<Fault>,
}

/// Reads a `Body` that was just opened, up to its end.
pub(crate) fn read_body(xml: &mut Xml<'_>, header: &Header, limits: &Limits) -> Result<Body, Fault> {
    let Some(tag) = xml.child()? else {
        return Err(xml.fault(ErrorKind::NoBody));
    };
    let signed = is_signed(&tag, header)?;
    let mut reader = BodyReader::new(header, signed, limits);
    if signed {
        reader.read_signed_pre_command(xml, &tag)?;
    } else {
        reader.read_body_element(xml, &tag)?;
    }
    if let Some(tag) = xml.child()? {
        return Err(tag.fault(ErrorKind::TwoBodies(quote(tag.name))));
    }
    reader.finish(tag.at)
}

/// Whether the body element is a Signed Pre-Command. Refuses body elements that the service does not
/// have.
fn is_signed(tag: &Tag<'_>, header: &Header) -> Result<bool, Fault> {
    tag.expect_duis()?;
    let service = header.service;
    let needs_signature = matches!(header.command_variant, 5..=7);
    let kind = match (tag.name == SIGNED_PRE_COMMAND, tag.name == service.body) {
        (true, _) if !service.critical => ErrorKind::NotCritical(service.variant),
        (true, _) if !needs_signature => ErrorKind::Signed(header.command_variant),
        (true, _) => return Ok(true),
        (_, true) if service.critical && needs_signature => {
            ErrorKind::Unsigned(header.command_variant, service.body)
        }
        (_, true) => return Ok(false),
        _ => ErrorKind::Body {
            found: quote(tag.name),
            variant: service.variant,
            expected: service.body,
            owner: Service::of_body(tag.name).map(|owner| owner.variant),
        },
    };
    Err(tag.fault(kind))
}

impl ElementText {
    /// Adds a text, or notes why no policy can read it: it has more bytes than `most`, or is not readable.
    fn take(&mut self, tag: &Tag<'_>, text: &str, most: usize, readable: Result<(), Fault>) {
        let is_known = self.values.iter().any(|known| known == text);
        let fault = match readable {
            Err(fault) => Some(fault),
            Ok(()) if text.len() > most => Some(tag.fault(ErrorKind::LongText(quote(tag.name), most))),
            Ok(()) if self.values.len() == MAX_VALUES && !is_known => {
                Some(tag.fault(ErrorKind::TooMany("values of one element", MAX_VALUES)))
            }
            Ok(()) => None,
        };
        if self.fault.is_none() {
            self.fault = fault;
        }
        if self.fault.is_none() && !is_known {
            self.values.push(text.to_owned());
        }
    }
}

/// The body as far as it has been read
struct BodyReader<'a> {
    service: &'static Service,
    limits: Limits,
    body: Body,
    /// For each path in `body.fields`, its index in `body.texts`, to add each only once
    field_paths: HashMap<String, usize>,
    /// The children of the body element whose value has been read and which must not be repeated
    read_once: Vec<&'a str>,
    /// The thing that the body asks for, if its service permits exactly one
    choice: Option<Tag<'a>>,
}

impl<'a> BodyReader<'a> {
    fn new(header: &Header, signed: bool, limits: &Limits) -> Self {
        let service = header.service;
        let mut body = Body { signed, ..Body::default() };
        if service.subject == Subject::Target {
            body.subjects.push(header.target);
        }
        Self {
            service,
            limits: *limits,
            body,
            field_paths: HashMap::new(),
            read_once: Vec::new(),
            choice: None,
        }
    }

    /// Reads a `SignedPreCommand`, up to its end: an execution date, which may be absent, and the signed command, which
    /// is not decoded.
    fn read_signed_pre_command(&mut self, xml: &mut Xml<'a>, signed_tag: &Tag<'a>) -> Result<(), Fault> {
        let mut has_payload = false;
        while let Some(tag) = xml.child()? {
            tag.expect_duis()?;
            if !matches!(tag.name, EXECUTION_DATE_TIME | PAYLOAD) || (has_payload && tag.name != PAYLOAD) {
                let found = quote(tag.name);
                return Err(tag.fault(ErrorKind::Unexpected { found, within: SIGNED_PRE_COMMAND }));
            }
            self.expect_first(&tag)?;
            if tag.name == EXECUTION_DATE_TIME {
                self.body.execution = Some((instant(&xml.leaf(EXECUTION_DATE_TIME)?, tag.at)?, tag.at));
            } else {
                let payload = xml.leaf(PAYLOAD)?;
                is_base64(&payload).then_some(()).ok_or_else(|| tag.fault(ErrorKind::NotBase64(PAYLOAD)))?;
                has_payload = true;
            }
        }
        let missing = ErrorKind::Missing { what: PAYLOAD, within: SIGNED_PRE_COMMAND };
        if has_payload { Ok(()) } else { Err(signed_tag.fault(missing)) }
    }

    /// Reads the body element, up to its end. Text is collected until the next tag. Before a child, and
    /// at the end of an element with children, it must be blank.
    fn read_body_element(&mut self, xml: &mut Xml<'a>, body_tag: &Tag<'a>) -> Result<(), Fault> {
        let mut open = vec![*body_tag];
        // The path of the innermost element, and its length without each of the elements.
        let (mut path, mut lengths) = (String::new(), Vec::new());
        let mut is_leaf = true;
        let (mut text, mut text_at) = (Cow::Borrowed(""), body_tag.at);
        while let Some(innermost) = open.last().copied() {
            match xml.next()? {
                Node::Open(tag) => {
                    tag.expect_duis()?;
                    expect_blank(&std::mem::take(&mut text), text_at)?;
                    self.note_choice(&tag, open.len())?;
                    self.expect_no_value(&tag, &innermost, open.len())?;
                    lengths.push(path.len());
                    path.push_str(if path.is_empty() { "" } else { "/" });
                    path.push_str(tag.name);
                    let is_long = path.len() > self.limits.path_bytes;
                    let too_long = || tag.fault(ErrorKind::LongPath(quote(tag.name), self.limits.path_bytes));
                    (!is_long).then_some(()).ok_or_else(too_long)?;
                    open.push(tag);
                    is_leaf = true;
                }
                Node::Text(piece) => {
                    text_at = if text.is_empty() { xml.at } else { text_at };
                    append(&mut text, piece);
                }
                Node::Close => {
                    let text = std::mem::take(&mut text);
                    let depth = open.len();
                    open.pop();
                    match (is_leaf, depth) {
                        (true, 2..) => {
                            if depth == 2 && self.reads_value(innermost.name) {
                                xml.expect_undivided(innermost.at)?;
                            }
                            let undivided = xml.expect_undivided(innermost.at);
                            self.take_leaf(&innermost, &text, &path, undivided)?;
                        }
                        _ => expect_blank(&text, text_at)?,
                    }
                    path.truncate(lengths.pop().unwrap_or_default());
                    is_leaf = false;
                }
                Node::End => break,
            }
        }
        Ok(())
    }

    /// Notes what the body asks for, if the schema has a choice among the children of the body
    /// element. Refuses a second choice.
    fn note_choice(&mut self, tag: &Tag<'a>, depth: usize) -> Result<(), Fault> {
        let is_choice = self.service.choice && depth == 1 && !self.is_beside_choice(tag.name);
        if is_choice && self.choice.replace(*tag).is_some() {
            let (found, variant) = (quote(tag.name), self.service.variant);
            return Err(tag.fault(ErrorKind::SecondChoice { found, variant }));
        }
        Ok(())
    }

    /// Refuses an element inside a child of the body element from which a value is read.
    fn expect_no_value(&self, tag: &Tag<'a>, parent: &Tag<'a>, depth: usize) -> Result<(), Fault> {
        match self.values().find(|name| depth == 2 && *name == parent.name) {
            Some(within) => Err(tag.fault(ErrorKind::Unexpected { found: quote(tag.name), within })),
            None => Ok(()),
        }
    }

    /// Whether a value is read from a child of the body element.
    fn reads_value(&self, name: &str) -> bool {
        self.values().any(|value| value == name)
    }

    /// The children of the body element from which a value is read
    fn values(&self) -> impl Iterator<Item = &'static str> {
        let Service { subject, other, detail, point, .. } = *self.service;
        let detail = detail.map(Detail::element);
        [Some(EXECUTION_DATE_TIME), subject.element(), other, detail, point].into_iter().flatten()
    }

    /// Whether a child of the body element is not part of the choice.
    fn is_beside_choice(&self, name: &str) -> bool {
        match (self.service.subject, self.service.detail) {
            (_, Some(Detail::Schedules)) => !name.starts_with("DSP") || name.starts_with("DSPScheduled"),
            (Subject::DeviceId, _) => name == "DeviceID",
            _ => false,
        }
    }

    /// Takes an element that contains no elements. It becomes a field unless it names the subject.
    fn take_leaf(
        &mut self,
        tag: &Tag<'a>,
        text: &str,
        path: &str,
        undivided: Result<(), Fault>,
    ) -> Result<(), Fault> {
        let is_child_of_body = path == tag.name;
        let is_subject = is_child_of_body && self.take_value(tag, text)?;
        if is_subject {
            return Ok(());
        }
        let count = self.body.texts.len();
        let index = self.field_paths.get(path).copied().unwrap_or(count);
        if index == count {
            if count == self.limits.fields {
                return Err(tag.fault(ErrorKind::TooMany("different elements", self.limits.fields)));
            }
            self.field_paths.insert(path.to_owned(), index);
            self.body.fields.push(path.to_owned());
            self.body.texts.push(ElementText { path: path.to_owned(), values: Vec::new(), fault: None });
        }
        let detail = self.service.detail.filter(|detail| is_child_of_body && detail.element() == tag.name);
        let readable = match undivided {
            Ok(()) if index < count && detail != Some(Detail::Credentials) => {
                Err(tag.fault(ErrorKind::Twice(quote(tag.name))))
            }
            undivided => undivided,
        };
        if let Some(entry) = self.body.texts.get_mut(index) {
            let is_token = detail.is_some_and(Detail::is_token);
            entry.take(tag, if is_token { trim(text) } else { text }, self.limits.value_bytes, readable);
        }
        Ok(())
    }

    /// Takes the value of a leaf if a policy needs it. Returns whether the leaf names the subject.
    fn take_value(&mut self, tag: &Tag<'a>, text: &str) -> Result<bool, Fault> {
        let name = tag.name;
        if name == EXECUTION_DATE_TIME {
            self.expect_first(tag)?;
            self.body.execution = Some((instant(text, tag.at)?, tag.at));
        } else if self.service.subject.element() == Some(name) {
            self.expect_first(tag)?;
            self.take_subjects(tag, text)?;
            return Ok(true);
        } else if self.service.other == Some(name) {
            self.expect_first(tag)?;
            self.body.other_device = Some(eui(text, tag.at)?);
        } else if self.service.point == Some(name) {
            self.expect_first(tag)?;
            self.body.named_point = Some(trim(text).to_owned());
        } else if let Some(detail) = self.service.detail.filter(|detail| detail.element() == name) {
            self.take_detail(detail, tag, text)?;
        }
        Ok(false)
    }

    fn take_subjects(&mut self, tag: &Tag<'a>, text: &str) -> Result<(), Fault> {
        if self.service.subject != Subject::DeviceIdList {
            self.body.subjects.push(eui(text, tag.at)?);
            return Ok(());
        }
        for entry in text.split(',') {
            if self.body.subjects.len() == self.limits.devices {
                return Err(tag.fault(ErrorKind::TooMany("devices", self.limits.devices)));
            }
            self.body.subjects.push(eui(entry, tag.at)?);
        }
        Ok(())
    }

    fn take_detail(&mut self, detail: Detail, tag: &Tag<'a>, text: &str) -> Result<(), Fault> {
        if detail != Detail::Credentials {
            self.expect_first(tag)?;
        }
        let value = if detail.is_token() { trim(text) } else { text };
        if !self.body.details.iter().any(|detail| detail == value) {
            if self.body.details.len() == MAX_VALUES {
                return Err(tag.fault(ErrorKind::TooMany("values of one element", MAX_VALUES)));
            }
            self.body.details.push(value.to_owned());
        }
        Ok(())
    }

    /// Refuses the second appearance of an element.
    fn expect_first(&mut self, tag: &Tag<'a>) -> Result<(), Fault> {
        if self.read_once.contains(&tag.name) {
            return Err(tag.fault(ErrorKind::Twice(quote(tag.name))));
        }
        self.read_once.push(tag.name);
        Ok(())
    }

    /// Refuses a body, beginning at `at`, without an element that the service requires.
    fn finish(self, at: usize) -> Result<Body, Fault> {
        if self.body.signed {
            return Ok(self.body);
        }
        let Service { subject, other, detail, point, choice, body: within, .. } = *self.service;
        let required = [
            (subject.element().filter(|_| subject != Subject::MaybeDeviceId), self.body.subjects.is_empty()),
            (other, self.body.other_device.is_none()),
            (detail.map(Detail::element), self.body.details.is_empty()),
            (point, self.body.named_point.is_none()),
        ];
        match required.into_iter().find(|(element, is_absent)| element.is_some() && *is_absent) {
            Some((Some(what), _)) => Err(Fault::new(at, ErrorKind::Missing { what, within })),
            _ if choice && self.choice.is_none() => Err(Fault::new(at, ErrorKind::NoChoice(within))),
            _ if self.body.subjects.len() * self.body.fields.len() > self.limits.field_facts => {
                Err(Fault::new(
                    at,
                    ErrorKind::TooMany("elements, counted for each device", self.limits.field_facts),
                ))
            }
            _ => {
                self.check_schedule()?;
                Ok(self.body)
            }
        }
    }

    /// Refuses a schedule that names one service and describes another.
    fn check_schedule(&self) -> Result<(), Fault> {
        let scheduled = self.body.details.first();
        let (Some(Detail::Schedules), Some(variant), Some(tag)) =
            (self.service.detail, scheduled, self.choice)
        else {
            return Ok(());
        };
        let Some(service) = Service::find(variant) else {
            let nearest = Service::nearest(variant);
            return Err(tag.fault(ErrorKind::UnknownVariant { found: quote(variant), nearest }));
        };
        if tag.name.strip_prefix("DSP") == Some(service.body) {
            return Ok(());
        }
        Err(tag.fault(ErrorKind::Scheduled { found: quote(tag.name), variant: service.variant }))
    }
}

/// Whether a text is base64 that encodes at least one byte, as `xs:base64Binary` has it: blanks may stand between the
/// characters, and `=` fills up the last group of four.
fn is_base64(text: &str) -> bool {
    let characters = || text.bytes().filter(|byte| !byte.is_ascii_whitespace());
    let padding = characters().rev().take_while(|byte| *byte == b'=').count();
    let length = characters().count();
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let last = characters().rev().nth(padding);
    // The bits of the last character that encode nothing are zero, so that no command has two forms.
    let ends_well = match padding {
        0 => true,
        1 => last.is_some_and(|byte| b"AEIMQUYcgkosw048".contains(&byte)),
        _ => last.is_some_and(|byte| b"AQgw".contains(&byte)),
    };
    length > 0
        && length % 4 == 0
        && padding <= 2
        && ends_well
        && characters().take(length - padding).all(is_digit)
}
