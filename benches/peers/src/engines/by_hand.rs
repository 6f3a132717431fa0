//! A program that is written for this vocabulary only. Every value is a bit. A request is the bits of its values, and a
//! rule is a mask of the bits that it does not permit. The rule matches if the request has no bit of the mask.
//!
//! The bits of the attributes are in check order, so the lowest bit in both the request and the mask shows the first
//! check that fails, and its code. A set of a few values has a bit for each subset. `fields` has a single bit, which is
//! set if the test of the rule on the fields fails.

use meterwarden::Date;
use meterwarden::policy::{Answer, Edge, Policy, Service, Test};
use rustc_hash::FxHashMap;

use super::name_table::NameTable;
use crate::engine::{Engine, Refusal, Verdict};
use crate::message::{FactRef, Message};
use crate::service_rules::{Constraint, RuleBox, ServiceRules, values};

/// The index of `fields`, the one attribute whose values each service declares
const FIELDS: usize = 1;

/// The bit for every field that a service does not declare
const UNDECLARED: u64 = 1 << 62;

/// A bit of every set of fields, so that the test `any` of a rule without such a test always passes
const ALWAYS: u64 = 1 << 63;

/// A request as bits
#[derive(Clone, Copy, Debug)]
struct RequestBits {
    service: u32,
    at: Date,
    values: u128,
    fields: u64,
}

/// A box of a rule as a mask
#[derive(Clone, Debug)]
struct Mask {
    /// The bits of the values that it does not match
    not: u128,
    fields: FieldTest,
    /// The last attribute with a constraint: a forbid refuses at this check
    refuses_at: usize,
    /// Its index in the rules of the policy
    rule: usize,
}

/// The test of a rule on the fields: all of `must`, nothing outside `may`, and at least one of `any`
#[derive(Clone, Copy, Debug)]
struct FieldTest {
    must: u64,
    may: u64,
    any: u64,
}

/// The rules of a service in an interval: from a date until the next interval begins
#[derive(Debug)]
struct Interval {
    from: Date,
    permits: Box<[Mask]>,
    forbids: Box<[Mask]>,
    /// The declared fields; all bits if the service declares no fields, so that they are not checked
    declared: u64,
}

#[derive(Debug)]
struct ServiceTable {
    /// In the order of their dates; the first begins before every date
    intervals: Vec<Interval>,
    /// The numbers of the declared fields
    fields: Option<NameTable>,
}

pub(crate) struct ByHand<'p> {
    services: Vec<ServiceTable>,
    service_ids: FxHashMap<&'p str, u32>,
    /// `values[a]` gives a value of attribute `a` its bit; for a set, its bit in the number of the subset.
    values: Vec<NameTable>,
    layout: BitLayout,
    /// `refusals[b]` is the refusal at bit `b`.
    refusals: Vec<Refusal<'p>>,
    /// `rules[r]` is the name of rule `r`, and its own answer if it has one.
    rules: Vec<(&'p str, Option<&'p Answer>)>,
    prepared: Vec<RequestBits>,
}

/// The bits of each attribute
#[derive(Debug)]
struct BitLayout {
    /// `starts[a]` is the first bit of attribute `a`; the last entry is the end.
    starts: Vec<u32>,
    /// `attributes[b]` is the attribute of bit `b`.
    attributes: Vec<u8>,
}

impl<'p> ByHand<'p> {
    /// Makes the tables for every date on which the rules change.
    pub(crate) fn new(policy: &'p Policy, dates: &[Date]) -> Self {
        let layout = BitLayout::of(policy);
        let value_tables = (0..policy.attributes().len()).map(|attribute| {
            let names = policy.attributes()[attribute].values.iter().map(|value| value.name.as_str());
            NameTable::new(&names.collect::<Vec<_>>())
        });
        let rule_ids: FxHashMap<&str, usize> =
            policy.rules().iter().enumerate().map(|(index, rule)| (rule.name.as_str(), index)).collect();
        let table = |service| service_table(policy, service, dates, &layout, &rule_ids);
        Self {
            services: policy.services().iter().map(table).collect(),
            service_ids: policy.services().iter().map(|service| service.name.as_str()).zip(0..).collect(),
            values: value_tables.collect(),
            refusals: refusals(policy, &layout),
            rules: policy.rules().iter().map(|rule| (rule.name.as_str(), rule.refuse.as_ref())).collect(),
            layout,
            prepared: Vec::new(),
        }
    }

    /// The bits of a message; `None` if its service is unknown
    fn resolve(&self, message: &Message<'_>) -> Option<RequestBits> {
        let service = *self.service_ids.get(message.service)?;
        let mut request = RequestBits { service, at: message.at, values: 0, fields: ALWAYS };
        for (attribute, fact) in message.fact_values().into_iter().enumerate() {
            let start = self.layout.starts[attribute];
            match fact {
                FactRef::Value(value) => {
                    request.values |= 1 << (start + self.values[attribute].id(value).unwrap())
                }
                FactRef::Set(fields) if attribute == FIELDS => {
                    if let Some(declared) = &self.services[service as usize].fields {
                        let bit = |field| declared.id(field).map_or(UNDECLARED, |id| 1 << id);
                        request.fields |= fields.iter().fold(0, |bits, field| bits | bit(field));
                    }
                }
                FactRef::Set(values) => {
                    let bit = |value| 1 << self.values[attribute].id(value).unwrap();
                    let subset: u32 = values.iter().fold(0, |bits, value| bits | bit(value));
                    request.values |= 1 << (start + subset);
                }
            }
        }
        Some(request)
    }

    /// Decides as docs/language.md defines it: forbids, then permits, then the refusal at the latest failed check.
    fn decide(&self, request: &RequestBits) -> Verdict<'p> {
        let intervals = &self.services[request.service as usize].intervals;
        let interval =
            intervals.iter().rev().find(|interval| interval.from <= request.at).unwrap_or(&intervals[0]);

        let mut forbid: Option<&Mask> = None;
        for mask in &interval.forbids {
            if mask.failed_bits(request) == 0 && forbid.is_none_or(|first| mask.refuses_at < first.refuses_at)
            {
                forbid = Some(mask);
            }
        }
        // The service may have no permit; then the first check fails.
        let mut last_failed = request.values.trailing_zeros();
        let mut permit = None;
        for mask in &interval.permits {
            let failed = mask.failed_bits(request);
            if failed == 0 {
                permit = Some(mask);
                break;
            }
            last_failed = last_failed.max(failed.trailing_zeros());
        }
        let has_undeclared = request.fields & !interval.declared != 0;
        match permit {
            Some(mask) if forbid.is_none() && !has_undeclared => {
                return Verdict::Permit(Some(self.rules[mask.rule].0));
            }
            Some(_) => last_failed = u32::MAX,
            None => {}
        }
        if has_undeclared {
            last_failed = last_failed.min(self.layout.starts[FIELDS]);
        }
        if let Some(mask) = forbid {
            let failed_attribute =
                if last_failed == u32::MAX { u8::MAX } else { self.layout.attributes[last_failed as usize] };
            if mask.refuses_at <= usize::from(failed_attribute) {
                return Verdict::Refuse(Some(self.refusal_of_forbid(mask, request)));
            }
        }
        Verdict::Refuse(Some(self.refusals[last_failed as usize]))
    }

    fn refusal_of_forbid(&self, mask: &Mask, request: &RequestBits) -> Refusal<'p> {
        let start = self.layout.starts[mask.refuses_at];
        // A request has no bit for `fields`, and the attribute has one answer.
        let bit = if mask.refuses_at == FIELDS { 0 } else { (request.values >> start).trailing_zeros() };
        let refusal = self.refusals[(start + bit) as usize];
        let own_answer = self.rules[mask.rule].1;
        own_answer.map_or(refusal, |answer| Refusal { code: answer.code.as_deref(), ..refusal })
    }
}

impl Mask {
    /// The bits of a request that the rule does not match, and the bit of `fields` if its test on them fails. The rule
    /// matches if there are none.
    #[inline]
    fn failed_bits(&self, request: &RequestBits) -> u128 {
        let FieldTest { must, may, any } = self.fields;
        let fails =
            (request.fields & must != must) | (request.fields & !may != 0) | (request.fields & any == 0);
        request.values & self.not | u128::from(fails) << FIELDS_BIT
    }
}

/// The bit of `fields`: the number of values of `role`, the only attribute before it. [`BitLayout::of`] checks it.
const FIELDS_BIT: u32 = 9;

impl BitLayout {
    fn of(policy: &Policy) -> Self {
        let mut layout = Self { starts: vec![0], attributes: Vec::new() };
        for (index, attribute) in policy.attributes().iter().enumerate() {
            let width = match attribute.set {
                true if index == FIELDS => 1,
                true => 1 << attribute.values.len(),
                false => attribute.values.len(),
            };
            layout.attributes.extend(vec![index as u8; width]);
            layout.starts.push(layout.attributes.len() as u32);
        }
        assert!(layout.attributes.len() <= 128, "more values than a mask has bits");
        assert_eq!(layout.starts[FIELDS], FIELDS_BIT, "`fields` has another bit");
        layout
    }

    fn of_attribute(&self, index: usize) -> std::ops::Range<u32> {
        self.starts[index]..self.starts[index + 1]
    }
}

/// The refusal at each bit
fn refusals<'p>(policy: &'p Policy, layout: &BitLayout) -> Vec<Refusal<'p>> {
    let refusal = |bit: usize| {
        let index = usize::from(layout.attributes[bit]);
        let attribute = &policy.attributes()[index];
        let value = attribute.values.get(bit - layout.starts[index] as usize).filter(|_| !attribute.set);
        let answer = value.and_then(|value| value.refuse.as_ref()).unwrap_or(&attribute.refuse);
        Refusal { attribute: &attribute.name, code: answer.code.as_deref() }
    };
    (0..layout.attributes.len()).map(refusal).collect()
}

fn service_table(
    policy: &Policy,
    service: &Service,
    dates: &[Date],
    layout: &BitLayout,
    rule_ids: &FxHashMap<&str, usize>,
) -> ServiceTable {
    let mut intervals: Vec<Interval> = Vec::new();
    let mut previous: Option<ServiceRules<'_>> = None;
    for from in [Date::MIN].iter().chain(dates) {
        let rules = ServiceRules::on(policy, service, *from);
        if previous.as_ref() != Some(&rules) {
            let masks = |boxes: &[RuleBox<'_>]| {
                boxes
                    .iter()
                    .filter_map(|rule_box| mask(policy, service, rule_box, layout, rule_ids))
                    .collect()
            };
            let declared = service.fields.iter().flatten().zip(0..);
            let declared = declared.filter(|(field, _)| field.window.contains(Edge::On(*from)));
            let declared = declared.fold(ALWAYS, |bits, (_, id)| bits | 1 << id);
            intervals.push(Interval {
                from: *from,
                permits: masks(&rules.permits),
                forbids: masks(&rules.forbids),
                declared: if service.fields.is_some() { declared } else { u64::MAX },
            });
            previous = Some(rules);
        }
    }
    let fields = service.fields.is_some().then(|| NameTable::new(&values(policy, service, FIELDS)));
    ServiceTable { intervals, fields }
}

/// A box as a mask; `None` if no request matches it
fn mask(
    policy: &Policy,
    service: &Service,
    rule_box: &RuleBox<'_>,
    layout: &BitLayout,
    rule_ids: &FxHashMap<&str, usize>,
) -> Option<Mask> {
    let mut not = 0u128;
    let mut fields = FieldTest { must: 0, may: u64::MAX, any: u64::MAX };
    for (index, constraint) in rule_box.constraints.iter().enumerate() {
        let names = values(policy, service, index);
        let id = |value: &str| names.iter().position(|name| *name == value).unwrap() as u32;
        let bits = |values: &[&str]| values.iter().fold(0u64, |bits, value| bits | 1 << id(value));
        match constraint {
            Constraint::Any => {}
            Constraint::OneOf(values) => {
                let others =
                    layout.of_attribute(index).zip(0..).filter(|(_, value)| bits(values) >> value & 1 == 0);
                not |= others.fold(0, |bits, (bit, _)| bits | 1 << bit);
            }
            Constraint::Set(tests) if index == FIELDS => {
                tests.iter().for_each(|(test, list)| fields.and(*test, bits(list)));
            }
            Constraint::Set(tests) => {
                let passes = |subset: u64| tests.iter().all(|(test, list)| holds(*test, bits(list), subset));
                let others = layout.of_attribute(index).zip(0..).filter(|(_, subset)| !passes(*subset));
                not |= others.fold(0, |bits, (bit, _)| bits | 1 << bit);
                layout.of_attribute(index).zip(0..).find(|(_, subset)| passes(*subset))?;
            }
        }
    }
    if fields.must & !fields.may != 0 || fields.any & fields.may == 0 {
        return None;
    }
    let constrained = |constraint: &Constraint<'_>| *constraint != Constraint::Any;
    let refuses_at = rule_box.constraints.iter().rposition(constrained).unwrap();
    Some(Mask { not, fields, refuses_at, rule: rule_ids[rule_box.rule.name.as_str()] })
}

fn holds(test: Test, list: u64, set: u64) -> bool {
    match test {
        Test::Any => true,
        Test::In => set & list != 0,
        Test::Not | Test::Excludes => set & list == 0,
        Test::Only => set != 0 && set & !list == 0,
        Test::Includes => set & list == list,
        Test::Exactly => set == list,
    }
}

impl FieldTest {
    /// Adds a test.
    fn and(&mut self, test: Test, list: u64) {
        match test {
            Test::Any => {}
            Test::In => self.require_any(list),
            Test::Not | Test::Excludes => self.may &= !list,
            Test::Only => {
                self.may &= list | ALWAYS;
                self.require_any(list);
            }
            Test::Includes => self.must |= list,
            Test::Exactly => {
                self.must |= list;
                self.may &= list | ALWAYS;
            }
        }
    }

    fn require_any(&mut self, list: u64) {
        assert_eq!(self.any, u64::MAX, "two tests `any` on the fields of one rule are not supported");
        self.any = list;
    }
}

impl Engine for ByHand<'_> {
    fn name(&self) -> &'static str {
        "written by hand"
    }

    fn prepare(&mut self, messages: &[Message<'_>]) {
        self.prepared = messages.iter().map(|message| self.resolve(message).unwrap()).collect();
    }

    fn prebuilt(&mut self, index: usize) -> Verdict<'_> {
        self.decide(&self.prepared[index])
    }

    fn strings(&mut self, message: &Message<'_>) -> Verdict<'_> {
        match self.resolve(message) {
            Some(request) => self.decide(&request),
            None => Verdict::Refuse(Some(Refusal { attribute: "service", code: None })),
        }
    }
}
