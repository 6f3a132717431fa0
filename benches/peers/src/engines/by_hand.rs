//! What a good programmer would write for this vocabulary and no other: every value is a bit, a request is the bits of its
//! values, a rule the bits that it takes, and a rule matches a request that has no bit besides.
//!
//! The bits of the attributes stand in checking order, so that the lowest bit that a permit does not take says at which
//! check it drops out, and with which code. A set of a few values has a bit for each subset. `fields` has one bit in
//! its place, which says whether the rule's own test of them fails.

use meterwarden::Date;
use meterwarden::policy::{Answer, Edge, Policy, Service, Test};
use rustc_hash::FxHashMap;

use super::words::Words;
use crate::engine::{Engine, Verdict, Why};
use crate::law::{Law, RuleBox, Wants, values};
use crate::message::{Message, Said};

/// The one attribute whose values each service declares, by its place.
const FIELDS: usize = 1;

/// Stands for everything that a service does not declare.
const UNDECLARED: u64 = 1 << 62;

/// Stands in every set of fields, so that a test without a list has something to meet.
const ALWAYS: u64 = 1 << 63;

/// A request in bits.
#[derive(Clone, Copy, Debug)]
struct Ask {
    service: u32,
    at: Date,
    said: u128,
    fields: u64,
}

/// A rule in bits.
#[derive(Clone, Debug)]
struct Mask {
    /// The bits that it does not take.
    not: u128,
    fields: FieldTest,
    /// The attribute at which a forbid answers.
    answers: usize,
    /// Its place in the policy's list of rules.
    rule: usize,
}

/// What a rule asks of the fields: all of `must`, nothing outside `may`, and one of `any`.
#[derive(Clone, Copy, Debug)]
struct FieldTest {
    must: u64,
    may: u64,
    any: u64,
}

#[derive(Debug)]
struct Epoch {
    from: Date,
    permits: Box<[Mask]>,
    forbids: Box<[Mask]>,
    /// The fields that are declared; everything where the body is not looked at.
    declared: u64,
}

#[derive(Debug)]
struct ServiceTable {
    /// In order of date, beginning before every date.
    epochs: Vec<Epoch>,
    fields: Option<Words>,
}

pub(crate) struct ByHand<'p> {
    services: Vec<ServiceTable>,
    service_ids: FxHashMap<&'p str, u32>,
    /// `words[a]` gives a value of attribute `a` its bit: for a set, its bit in the subset.
    words: Vec<Words>,
    places: Places,
    /// `whys[b]` is what a refusal at bit `b` says.
    whys: Vec<Why<'p>>,
    /// `rules[r]` is what rule `r` is called, and answers with if it says so.
    rules: Vec<(&'p str, Option<&'p Answer>)>,
    prepared: Vec<Ask>,
}

/// Where the bits of each attribute are.
#[derive(Debug)]
struct Places {
    /// `starts[a]` is the first bit of attribute `a`; the last is the end.
    starts: Vec<u32>,
    /// `attributes[b]` is the attribute of bit `b`.
    attributes: Vec<u8>,
}

impl<'p> ByHand<'p> {
    /// Fills in the tables for every date on which the law changes.
    pub(crate) fn new(policy: &'p Policy, dates: &[Date]) -> Self {
        let places = Places::of(policy);
        let words = (0..policy.attributes().len()).map(|attribute| {
            let names = policy.attributes()[attribute].values.iter().map(|value| value.name.as_str());
            Words::new(&names.collect::<Vec<_>>())
        });
        let rule_ids: FxHashMap<&str, usize> =
            policy.rules().iter().enumerate().map(|(nth, rule)| (rule.name.as_str(), nth)).collect();
        let table = |service| service_table(policy, service, dates, &places, &rule_ids);
        Self {
            services: policy.services().iter().map(table).collect(),
            service_ids: policy.services().iter().map(|service| service.name.as_str()).zip(0..).collect(),
            words: words.collect(),
            whys: whys(policy, &places),
            rules: policy.rules().iter().map(|rule| (rule.name.as_str(), rule.refuse.as_ref())).collect(),
            places,
            prepared: Vec::new(),
        }
    }

    /// The bits of a message; nothing for an unknown service.
    fn resolve(&self, message: &Message<'_>) -> Option<Ask> {
        let service = *self.service_ids.get(message.service)?;
        let mut ask = Ask { service, at: message.at, said: 0, fields: ALWAYS };
        for (attribute, said) in message.said().into_iter().enumerate() {
            let start = self.places.starts[attribute];
            match said {
                Said::One(value) => ask.said |= 1 << (start + self.words[attribute].id(value).unwrap()),
                Said::Set(fields) if attribute == FIELDS => {
                    if let Some(words) = &self.services[service as usize].fields {
                        let bit = |field| words.id(field).map_or(UNDECLARED, |id| 1 << id);
                        ask.fields |= fields.iter().fold(0, |bits, field| bits | bit(field));
                    }
                }
                Said::Set(values) => {
                    let bit = |value| 1 << self.words[attribute].id(value).unwrap();
                    let subset: u32 = values.iter().fold(0, |bits, value| bits | bit(value));
                    ask.said |= 1 << (start + subset);
                }
            }
        }
        Some(ask)
    }

    /// "What a request gets", in docs/language.md.
    fn decide(&self, ask: &Ask) -> Verdict<'p> {
        let epochs = &self.services[ask.service as usize].epochs;
        let epoch = epochs.iter().rev().find(|epoch| epoch.from <= ask.at).unwrap_or(&epochs[0]);

        let mut forbid: Option<&Mask> = None;
        for mask in &epoch.forbids {
            if mask.misses(ask) == 0 && forbid.is_none_or(|known| mask.answers < known.answers) {
                forbid = Some(mask);
            }
        }
        let mut last = ask.said.trailing_zeros();
        let mut permit = None;
        for mask in &epoch.permits {
            let misses = mask.misses(ask);
            if misses == 0 {
                permit = Some(mask);
                break;
            }
            last = last.max(misses.trailing_zeros());
        }
        let undeclared = ask.fields & !epoch.declared != 0;
        match permit {
            Some(mask) if forbid.is_none() && !undeclared => {
                return Verdict::Permit(Some(self.rules[mask.rule].0));
            }
            Some(_) => last = u32::MAX,
            None => {}
        }
        if undeclared {
            last = last.min(self.places.starts[FIELDS]);
        }
        if let Some(mask) = forbid {
            let fails = if last == u32::MAX { u8::MAX } else { self.places.attributes[last as usize] };
            if mask.answers <= usize::from(fails) {
                return Verdict::Refuse(Some(self.forbidden(mask, ask)));
            }
        }
        Verdict::Refuse(Some(self.whys[last as usize]))
    }

    fn forbidden(&self, mask: &Mask, ask: &Ask) -> Why<'p> {
        let start = self.places.starts[mask.answers];
        // Of `fields` a request has no bit, and the attribute has one answer.
        let bit = if mask.answers == FIELDS { 0 } else { (ask.said >> start).trailing_zeros() };
        let why = self.whys[(start + bit) as usize];
        let own = self.rules[mask.rule].1;
        own.map_or(why, |answer| Why { code: answer.code.as_deref(), ..why })
    }
}

impl Mask {
    /// The bits of a request that the rule does not take, and that of `fields` where its test of them fails.
    #[inline]
    fn misses(&self, ask: &Ask) -> u128 {
        let FieldTest { must, may, any } = self.fields;
        let fails = (ask.fields & must != must) | (ask.fields & !may != 0) | (ask.fields & any == 0);
        ask.said & self.not | u128::from(fails) << FIELDS_BIT
    }
}

/// `role` stands before `fields`, and has this many values; [`Places::of`] looks after it.
const FIELDS_BIT: u32 = 9;

impl Places {
    fn of(policy: &Policy) -> Self {
        let mut places = Self { starts: vec![0], attributes: Vec::new() };
        for (nth, attribute) in policy.attributes().iter().enumerate() {
            let width = match attribute.set {
                true if nth == FIELDS => 1,
                true => 1 << attribute.values.len(),
                false => attribute.values.len(),
            };
            places.attributes.extend(vec![nth as u8; width]);
            places.starts.push(places.attributes.len() as u32);
        }
        assert!(places.attributes.len() <= 128, "more values than a mask has bits");
        assert_eq!(places.starts[FIELDS], FIELDS_BIT, "`fields` stands elsewhere");
        places
    }

    fn of_attribute(&self, nth: usize) -> std::ops::Range<u32> {
        self.starts[nth]..self.starts[nth + 1]
    }
}

fn whys<'p>(policy: &'p Policy, places: &Places) -> Vec<Why<'p>> {
    let why = |bit: usize| {
        let nth = usize::from(places.attributes[bit]);
        let attribute = &policy.attributes()[nth];
        let value = attribute.values.get(bit - places.starts[nth] as usize).filter(|_| !attribute.set);
        let answer = value.and_then(|value| value.refuse.as_ref()).unwrap_or(&attribute.refuse);
        Why { attribute: &attribute.name, code: answer.code.as_deref() }
    };
    (0..places.attributes.len()).map(why).collect()
}

fn service_table(
    policy: &Policy,
    service: &Service,
    dates: &[Date],
    places: &Places,
    rule_ids: &FxHashMap<&str, usize>,
) -> ServiceTable {
    let mut epochs: Vec<Epoch> = Vec::new();
    let mut known: Option<Law<'_>> = None;
    for from in [Date::MIN].iter().chain(dates) {
        let law = Law::of(policy, service, *from);
        if known.as_ref() != Some(&law) {
            let masks = |boxes: &[RuleBox<'_>]| {
                boxes.iter().filter_map(|one| mask(policy, service, one, places, rule_ids)).collect()
            };
            let declared = service.fields.iter().flatten().zip(0..);
            let declared = declared.filter(|(field, _)| field.window.contains(Edge::On(*from)));
            let declared = declared.fold(ALWAYS, |bits, (_, id)| bits | 1 << id);
            epochs.push(Epoch {
                from: *from,
                permits: masks(&law.permits),
                forbids: masks(&law.forbids),
                declared: if service.fields.is_some() { declared } else { u64::MAX },
            });
            known = Some(law);
        }
    }
    let fields = service.fields.is_some().then(|| Words::new(&values(policy, service, FIELDS)));
    ServiceTable { epochs, fields }
}

/// A box in bits; nothing where no request meets it.
fn mask(
    policy: &Policy,
    service: &Service,
    one: &RuleBox<'_>,
    places: &Places,
    rule_ids: &FxHashMap<&str, usize>,
) -> Option<Mask> {
    let mut not = 0u128;
    let mut fields = FieldTest { must: 0, may: u64::MAX, any: u64::MAX };
    for (nth, wants) in one.wants.iter().enumerate() {
        let names = values(policy, service, nth);
        let place = |value: &str| names.iter().position(|name| *name == value).unwrap() as u32;
        let bits = |values: &[&str]| values.iter().fold(0u64, |bits, value| bits | 1 << place(value));
        match wants {
            Wants::Anything => {}
            Wants::OneOf(values) => {
                let others =
                    places.of_attribute(nth).zip(0..).filter(|(_, value)| bits(values) >> value & 1 == 0);
                not |= others.fold(0, |bits, (bit, _)| bits | 1 << bit);
            }
            Wants::Set(tests) if nth == FIELDS => {
                tests.iter().for_each(|(test, list)| fields.and(*test, bits(list)));
            }
            Wants::Set(tests) => {
                let meets = |subset: u64| tests.iter().all(|(test, list)| holds(*test, bits(list), subset));
                let others = places.of_attribute(nth).zip(0..).filter(|(_, subset)| !meets(*subset));
                not |= others.fold(0, |bits, (bit, _)| bits | 1 << bit);
                places.of_attribute(nth).zip(0..).find(|(_, subset)| meets(*subset))?;
            }
        }
    }
    if fields.must & !fields.may != 0 || fields.any & fields.may == 0 {
        return None;
    }
    let answers = one.wants.iter().rposition(|wants| *wants != Wants::Anything).unwrap();
    Some(Mask { not, fields, answers, rule: rule_ids[one.rule.name.as_str()] })
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
    /// Asks for one thing more.
    fn and(&mut self, test: Test, list: u64) {
        match test {
            Test::Any => {}
            Test::In => self.meets(list),
            Test::Not | Test::Excludes => self.may &= !list,
            Test::Only => {
                self.may &= list | ALWAYS;
                self.meets(list);
            }
            Test::Includes => self.must |= list,
            Test::Exactly => {
                self.must |= list;
                self.may &= list | ALWAYS;
            }
        }
    }

    fn meets(&mut self, list: u64) {
        assert_eq!(self.any, u64::MAX, "two lists that fields must meet; nobody has written that yet");
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

    fn prebuilt(&mut self, nth: usize) -> Verdict<'_> {
        self.decide(&self.prepared[nth])
    }

    fn strings(&mut self, message: &Message<'_>) -> Verdict<'_> {
        match self.resolve(message) {
            Some(ask) => self.decide(&ask),
            None => Verdict::Refuse(Some(Why { attribute: "service", code: None })),
        }
    }
}
