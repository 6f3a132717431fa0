//! A [`Policy`] as bytes.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::base::wire::{Reader, Wire, wire};
use crate::policy::rule_spans::{RareSpans, RuleSpans};
use crate::policy::source::{Lines, Source, Span};
use crate::policy::{
    Answer, Attribute, Clause, Clock, Condition, Covered, Edge, Effect, ElementText, Field, Group, ListItem,
    Modification, Policy, Rule, Selector, Service, Tag, Test, Value, Window, Zone,
};

impl Wire for Policy {
    fn write(&self, out: &mut Vec<u8>) {
        self.sources.write(out);
        self.fingerprint.write(out);
        self.attributes.write(out);
        self.fields.write(out);
        self.groups.write(out);
        self.modifications.write(out);
        self.clock.write(out);
        self.conditions.write(out);
        self.tags.write(out);
        self.services.write(out);
        self.rules.write(out);
    }

    fn read(input: &mut Reader<'_>) -> Option<Self> {
        let sources = Vec::read(input)?;
        let fingerprint = String::read(input)?;
        let attributes = Vec::<Attribute>::read(input)?;
        let (fields, groups) = (Option::read(input)?, Vec::read(input)?);
        let (modifications, clock) = (Vec::read(input)?, Clock::read(input)?);
        let (conditions, tags) = (Vec::read(input)?, Vec::read(input)?);
        let services = Vec::<Service>::read(input)?;
        Some(Self {
            lines: Lines::of(&sources),
            #[cfg(feature = "parse")]
            files: std::sync::OnceLock::new(),
            sources,
            fingerprint,
            attribute_index: indices(attributes.iter().map(|attribute| &attribute.name)),
            attributes,
            fields,
            groups,
            modifications,
            clock,
            conditions,
            tags,
            service_index: indices(services.iter().map(|service| &service.name)),
            services,
            rules: Vec::read(input)?,
        })
    }
}

/// The index of each name.
fn indices<'n>(names: impl Iterator<Item = &'n String>) -> HashMap<String, usize> {
    names.cloned().zip(0..).collect()
}

impl Wire for Attribute {
    fn write(&self, out: &mut Vec<u8>) {
        self.name.write(out);
        self.text.write(out);
        [self.set, self.always].write(out);
        self.sender.write(out);
        self.refuse.write(out);
        self.values.write(out);
        self.span.write(out);
    }

    fn read(input: &mut Reader<'_>) -> Option<Self> {
        let (name, text) = (String::read(input)?, String::read(input)?);
        let [set, always] = Wire::read(input)?;
        let (sender, refuse) = (bool::read(input)?, Answer::read(input)?);
        let values = Vec::<Value>::read(input)?;
        let value_index = values.iter().map(|value| value.name.clone()).zip(0..).collect();
        Some(Self { name, text, set, always, sender, refuse, values, span: Span::read(input)?, value_index })
    }
}

wire!(Source { path, text });
wire!(Span { file, start, end });
wire!(Value { name, text, refuse, span });
wire!(Answer { code, reason });
wire!(Window { from, until, named });
wire!(Group { attribute, name, items, span });
wire!(Modification { name, text, effective, source, span });
wire!(Condition { name, text, source, assumed, cases, span });
wire!(Tag { name, text, span });
wire!(Service { name, text, doc, tags, fields, texts, closed, rules, span });
wire!(ElementText { attribute, path, span });
wire!(Clock { zone, tolerance, horizon, cancellation, span });
wire!(Zone { name, rule });
wire!(Field { name, place, window, span });
wire!(Covered { rule, covered, left_out });
wire!(Rule {
    name,
    text,
    doc,
    effect,
    service,
    window,
    clauses,
    when,
    spans,
    selectors,
    source,
    assumed,
    refuse,
    span,
    name_span,
});
wire!(Selector { services, window, except, named, span });
wire!(Clause { attribute, test, span, items });
wire!(RareSpans { when, dates, covers, refuse });

impl Wire for RuleSpans {
    fn write(&self, out: &mut Vec<u8>) {
        self.get().write(out);
    }

    fn read(input: &mut Reader<'_>) -> Option<Self> {
        RareSpans::read(input).map(Self::new)
    }
}

impl Wire for ListItem {
    fn write(&self, out: &mut Vec<u8>) {
        self.value.write(out);
        self.window().write(out);
        [self.span(), self.name_span].write(out);
    }

    fn read(input: &mut Reader<'_>) -> Option<Self> {
        let (value, window) = (u32::read(input)?, Window::read(input)?);
        let [span, name_span] = Wire::read(input)?;
        Some(Self::new(value, window, span, name_span))
    }
}

impl Wire for Edge {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Start => 0u8.write(out),
            Self::Never => 1u8.write(out),
            Self::On(date) => {
                2u8.write(out);
                date.write(out);
            }
        }
    }

    fn read(input: &mut Reader<'_>) -> Option<Self> {
        match u8::read(input)? {
            0 => Some(Self::Start),
            1 => Some(Self::Never),
            2 => Date::read(input).map(Self::On),
            _ => None,
        }
    }
}

impl Wire for Date {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend(self.year().to_le_bytes());
        out.extend([self.month(), self.day()].map(|part| part as u8));
    }

    fn read(input: &mut Reader<'_>) -> Option<Self> {
        let [low, high, month, day] = *input.bytes::<4>()?;
        Self::new(i16::from_le_bytes([low, high]), month.try_into().ok()?, day.try_into().ok()?).ok()
    }
}

impl Wire for Effect {
    fn write(&self, out: &mut Vec<u8>) {
        (*self == Self::Forbid).write(out);
    }

    fn read(input: &mut Reader<'_>) -> Option<Self> {
        Some(if bool::read(input)? { Self::Forbid } else { Self::Permit })
    }
}

/// A test is stored as its index in this list.
const TESTS: [Test; 7] =
    [Test::Any, Test::In, Test::Not, Test::Only, Test::Includes, Test::Excludes, Test::Exactly];

impl Wire for Test {
    fn write(&self, out: &mut Vec<u8>) {
        TESTS.iter().position(|test| test == self).unwrap_or_default().write(out);
    }

    fn read(input: &mut Reader<'_>) -> Option<Self> {
        TESTS.get(usize::read(input)?).copied()
    }
}
