//! The body of a request: which fields it carries, and the few values that a policy asks about.

use std::borrow::Cow;
use std::collections::HashSet;

use jiff::civil::Date;

use crate::error::{ErrorKind, Fault, quote};
use crate::eui::Eui64;
use crate::header::{Header, eui};
use crate::moment::date_of;
use crate::service::{Detail, Service, Subject};
use crate::xml::{Node, Tag, Xml, append, expect_blank, trim};

pub(crate) const BODY: &str = "Body";
pub(crate) const SIGNED_PRE_COMMAND: &str = "SignedPreCommand";

/// What the body says.
#[derive(Default)]
pub(crate) struct Body {
    pub(crate) signed: bool,
    pub(crate) fields: Vec<String>,
    pub(crate) subjects: Vec<Eui64>,
    pub(crate) other: Option<Eui64>,
    pub(crate) execution: Option<Date>,
    pub(crate) details: Vec<String>,
}

/// Reads a `Body` that was just opened, up to its end.
pub(crate) fn body(xml: &mut Xml<'_>, header: &Header) -> Result<Body, Fault> {
    let Some(tag) = xml.child()? else {
        return Err(xml.fault(ErrorKind::NoBody));
    };
    let signed = is_signed(&tag, header)?;
    let mut reading = Reading::new(header, signed);
    reading.element(xml, &tag)?;
    if let Some(tag) = xml.child()? {
        return Err(Fault::new(tag.at, ErrorKind::TwoBodies(quote(tag.name))));
    }
    reading.finish(tag.at)
}

/// Whether the body is a Signed Pre-Command, if it is a body that this service has.
fn is_signed(tag: &Tag<'_>, header: &Header) -> Result<bool, Fault> {
    crate::read::expect_duis(tag)?;
    let service = header.service;
    let with_signed = matches!(header.command_variant, 5..=7);
    let kind = match (tag.name == SIGNED_PRE_COMMAND, tag.name == service.body) {
        (true, _) if !service.critical => ErrorKind::NotCritical(service.variant),
        (true, _) if !with_signed => ErrorKind::Signed(header.command_variant),
        (true, _) => return Ok(true),
        (_, true) if service.critical && with_signed => {
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
    Err(Fault::new(tag.at, kind))
}

/// The body so far, and what was met.
struct Reading<'a> {
    service: &'static Service,
    body: Body,
    fields: HashSet<&'a str>,
    /// The elements right below the body element whose value was read, to refuse them a second
    /// time.
    values: Vec<&'a str>,
    /// Which of the things it may ask for it does ask for, where it may ask for one only.
    choice: Option<Tag<'a>>,
}

impl<'a> Reading<'a> {
    fn new(header: &Header, signed: bool) -> Self {
        let service = header.service;
        let mut body = Body { signed, ..Body::default() };
        if service.subject == Subject::Target {
            body.subjects.push(header.target);
        }
        Self { service, body, fields: HashSet::new(), values: Vec::new(), choice: None }
    }

    /// Reads the body element, up to its end.
    fn element(&mut self, xml: &mut Xml<'a>, tag: &Tag<'a>) -> Result<(), Fault> {
        let mut open = vec![*tag];
        let mut is_leaf = true;
        let (mut text, mut text_at) = (Cow::Borrowed(""), tag.at);
        while let Some(innermost) = open.last().copied() {
            match xml.next()? {
                Node::Open(tag) => {
                    crate::read::expect_duis(&tag)?;
                    expect_blank(&std::mem::take(&mut text), text_at)?;
                    self.choose(&tag, open.len())?;
                    self.expect_outside(&tag, &innermost, open.len())?;
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
                        (true, 2..) => self.leaf(&innermost, &text, depth == 2)?,
                        _ => expect_blank(&text, text_at)?,
                    }
                    is_leaf = false;
                }
                Node::End => break,
            }
        }
        Ok(())
    }

    /// Counts the elements right below the body element, where the schema leaves the choice of one.
    fn choose(&mut self, tag: &Tag<'a>, depth: usize) -> Result<(), Fault> {
        let is_choice = self.service.choice && depth == 1 && !self.stands_beside(tag.name);
        if is_choice && self.choice.replace(*tag).is_some() {
            let (found, variant) = (quote(tag.name), self.service.variant);
            return Err(Fault::new(tag.at, ErrorKind::SecondChoice { found, variant }));
        }
        Ok(())
    }

    /// Refuses an element inside one whose text matters.
    fn expect_outside(&self, tag: &Tag<'a>, parent: &Tag<'a>, depth: usize) -> Result<(), Fault> {
        let Service { subject, other, detail, .. } = *self.service;
        let texts = [Some("ExecutionDateTime"), subject.element(), other, detail.map(Detail::element)];
        match texts.into_iter().flatten().find(|name| depth == 2 && *name == parent.name) {
            Some(within) => {
                let found = quote(tag.name);
                Err(Fault::new(tag.at, ErrorKind::Unexpected { found, within }))
            }
            None => Ok(()),
        }
    }

    /// Whether an element stands beside the choice.
    fn stands_beside(&self, name: &str) -> bool {
        match (self.service.subject, self.service.detail) {
            (_, Some(Detail::Schedules)) => !name.starts_with("DSP") || name.starts_with("DSPScheduled"),
            (Subject::DeviceId, _) => name == "DeviceID",
            _ => false,
        }
    }

    /// Takes an element without elements in it; `near` says that it stands right below the body
    /// element.
    fn leaf(&mut self, tag: &Tag<'a>, text: &str, near: bool) -> Result<(), Fault> {
        let is_subject = near && self.value(tag, text)?;
        if !is_subject && !self.body.signed && self.fields.insert(tag.name) {
            self.body.fields.push(tag.name.to_owned());
        }
        Ok(())
    }

    /// Takes the value of a leaf that matters; true if it names the subject.
    fn value(&mut self, tag: &Tag<'a>, text: &str) -> Result<bool, Fault> {
        let (name, at) = (tag.name, tag.at);
        if name == "ExecutionDateTime" {
            self.once(tag)?;
            let text = trim(text);
            let date = date_of(text).ok_or_else(|| Fault::new(at, ErrorKind::DateTime(quote(text))))?;
            self.body.execution = Some(date);
        } else if self.body.signed {
            // Its other elements are the signed command, not the service's own.
        } else if self.service.subject.element() == Some(name) {
            self.once(tag)?;
            self.subjects(text, at)?;
            return Ok(true);
        } else if self.service.other == Some(name) {
            self.once(tag)?;
            self.body.other = Some(eui(text, at)?);
        } else if let Some(detail) = self.service.detail.filter(|detail| detail.element() == name) {
            self.detail(detail, tag, text)?;
        }
        Ok(false)
    }

    fn subjects(&mut self, text: &str, at: usize) -> Result<(), Fault> {
        if self.service.subject != Subject::DeviceIdList {
            self.body.subjects.push(eui(text, at)?);
            return Ok(());
        }
        for entry in text.split(',') {
            self.body.subjects.push(eui(entry, at)?);
        }
        Ok(())
    }

    fn detail(&mut self, detail: Detail, tag: &Tag<'a>, text: &str) -> Result<(), Fault> {
        if detail != Detail::Credentials {
            self.once(tag)?;
        }
        let is_token = matches!(detail, Detail::Credential | Detail::Credentials);
        let value = if is_token { trim(text) } else { text };
        if !self.body.details.iter().any(|known| known == value) {
            self.body.details.push(value.to_owned());
        }
        Ok(())
    }

    fn once(&mut self, tag: &Tag<'a>) -> Result<(), Fault> {
        if self.values.contains(&tag.name) {
            return Err(Fault::new(tag.at, ErrorKind::Twice(quote(tag.name))));
        }
        self.values.push(tag.name);
        Ok(())
    }

    /// Refuses a body that leaves out what says what it is about.
    fn finish(self, at: usize) -> Result<Body, Fault> {
        if self.body.signed {
            return Ok(self.body);
        }
        let Service { subject, other, detail, choice, body: within, .. } = *self.service;
        let needed = [
            (subject.element().filter(|_| subject != Subject::MaybeDeviceId), self.body.subjects.is_empty()),
            (other, self.body.other.is_none()),
            (detail.map(Detail::element), self.body.details.is_empty()),
        ];
        match needed.into_iter().find(|(element, absent)| element.is_some() && *absent) {
            Some((Some(what), _)) => Err(Fault::new(at, ErrorKind::Missing { what, within })),
            _ if choice && self.choice.is_none() => Err(Fault::new(at, ErrorKind::NoChoice(within))),
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
            let found = quote(variant);
            return Err(Fault::new(tag.at, ErrorKind::UnknownVariant { found, nearest }));
        };
        if tag.name.strip_prefix("DSP") == Some(service.body) {
            return Ok(());
        }
        let (found, variant) = (quote(tag.name), service.variant);
        Err(Fault::new(tag.at, ErrorKind::Scheduled { found, variant }))
    }
}
