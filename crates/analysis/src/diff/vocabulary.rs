//! The words of two policies as one vocabulary, so that what they say can be held constraint by constraint.
//!
//! Attributes and values are the same where their names are. A request that says a value which one of the two does not
//! have is no request to that one, and never permitted by it; an attribute that it does not have, it does not look at.

use std::borrow::Cow;

use super::codes::{Answers, Codes};
use meterwarden::base::bit_set::{bits, mask};
use meterwarden::policy::{Attribute, Field, Policy, Service, Test, Window};
use meterwarden::space::{Allowed, Constraint, SetTest, Subset};

/// Two vocabularies as one.
pub(super) struct Joint<'p> {
    /// A policy of the attributes of both and of nothing else.
    pub(super) policy: Policy,
    /// Each of the two.
    pub(super) own: [Own<'p>; 2],
    /// What each of the two answers at each joint attribute.
    pub(super) answers: [Vec<Answers>; 2],
    /// Every code that either can answer with.
    pub(super) codes: Codes<'p>,
    /// Whether both go through the attributes in the same order. Otherwise their codes cannot be held constraint by constraint.
    pub(super) same_order: bool,
    /// Whether a refusal at some attribute has another code, or is checked by one of the two alone.
    pub(super) answers_differ: bool,
    /// Whether one of the two has a value that the other does not have.
    pub(super) values_differ: bool,
    /// Whether the two vocabularies are the same, names and order and answers.
    pub(super) identical: bool,
}

/// One of two policies in the joint words.
pub(super) struct Own<'p> {
    pub(super) policy: &'p Policy,
    /// `attributes[a]` is the joint attribute that its attribute `a` is.
    attributes: Vec<usize>,
    /// `of[j]` is its attribute that joint attribute `j` is, if it has it.
    pub(super) of: Vec<Option<usize>>,
    /// `values[a][v]` is the joint value that value `v` of its attribute `a` is.
    values: Vec<Vec<u32>>,
    /// For each joint attribute the joint values that it has; nothing where it has them all.
    missing: Vec<Option<Vec<bool>>>,
    /// Whether all of these are where they are in the joint words.
    in_place: bool,
}

impl<'p> Joint<'p> {
    pub(super) fn new(before: &'p Policy, after: &'p Policy) -> Self {
        let mut attributes: Vec<Attribute> = after.attributes().iter().map(bare).collect();
        let mut place = 0;
        for one in before.attributes() {
            match attributes.iter().position(|known| same(known, one)) {
                Some(known) => {
                    place = known + 1;
                    add_values(&mut attributes[known], one);
                }
                None => {
                    attributes.insert(place, bare(one));
                    place += 1;
                }
            }
        }
        let own = [before, after].map(|policy| Own::new(policy, &attributes));
        let same_order = own.iter().all(|own| own.attributes.is_sorted());
        let fields = after.fields_attribute().or(before.fields_attribute()).and_then(|_| {
            own.iter().find_map(|own| own.policy.fields_attribute().map(|fields| own.attributes[fields]))
        });
        let mut codes = Codes::new();
        let answers = own.each_ref().map(|own| own.answers(&attributes, &mut codes));
        codes.add_rules([before, after]);
        let answers_differ = answers[0] != answers[1];
        let values_differ = own.iter().any(|own| own.missing.iter().any(Option::is_some));
        Self {
            policy: Policy::of_vocabulary(attributes, fields),
            own,
            answers,
            codes,
            same_order,
            answers_differ,
            values_differ,
            identical: identical(before, after) && !answers_differ,
        }
    }

    /// What a refusal at the first attribute of one of the two answers.
    pub(super) fn first(&self, law: usize) -> u16 {
        self.own[law].attributes.first().map_or(Codes::NONE, |first| self.answers[law][*first].own)
    }

    /// The fields of a service in both policies, as a service of the joint policy.
    pub(super) fn service(&self, services: [Option<&Service>; 2]) -> Service {
        let named = services[1].or(services[0]);
        let mut fields: Vec<Field> = Vec::new();
        for field in services.iter().rev().flatten().filter_map(|one| one.fields.as_ref()).flatten() {
            if !fields.iter().any(|known| known.name == field.name) {
                fields.push(Field { window: Window::ALWAYS, ..field.clone() });
            }
        }
        let looks = services.map(|one| one.is_some_and(|one| one.fields.is_some()));
        if looks.contains(&true) && services.iter().flatten().any(|one| one.fields.is_none()) {
            let span = fields.first().map_or(Default::default(), |field| field.span);
            fields.push(Field { name: ANYTHING_ELSE.to_owned(), window: Window::ALWAYS, span });
        }
        Service {
            name: named.map_or_else(String::new, |one| one.name.clone()),
            text: named.map_or_else(String::new, |one| one.text.clone()),
            doc: String::new(),
            tags: Vec::new(),
            fields: looks.contains(&true).then_some(fields),
            closed: None,
            rules: Vec::new(),
            span: Default::default(),
        }
    }
}

/// Whether both have the same attributes with the same values in the same order.
fn identical(before: &Policy, after: &Policy) -> bool {
    let names = |one: &Attribute| one.values.iter().map(|value| value.name.clone()).collect::<Vec<_>>();
    before.fields_attribute() == after.fields_attribute()
        && before.attributes().len() == after.attributes().len()
        && before
            .attributes()
            .iter()
            .zip(after.attributes())
            .all(|(one, other)| same(one, other) && names(one) == names(other))
}

/// What stands for every element that neither service names, where one of the two does not look at the body.
const ANYTHING_ELSE: &str = "(anything else)";

fn same(one: &Attribute, other: &Attribute) -> bool {
    one.name == other.name && one.set == other.set
}

/// An attribute without what it answers.
fn bare(one: &Attribute) -> Attribute {
    let mut made = one.clone();
    made.values.iter_mut().for_each(|value| value.refuse = None);
    made
}

fn add_values(known: &mut Attribute, other: &Attribute) {
    for value in &other.values {
        if !known.value_index.contains_key(&value.name) {
            let place = u32::try_from(known.values.len()).unwrap_or(u32::MAX);
            known.value_index.insert(value.name.clone(), place);
            known.values.push(value.clone());
        }
    }
}

impl<'p> Own<'p> {
    fn new(policy: &'p Policy, joint: &[Attribute]) -> Self {
        let place = |one: &Attribute| joint.iter().position(|known| same(known, one)).unwrap_or_default();
        let attributes: Vec<usize> = policy.attributes().iter().map(place).collect();
        let of = (0..joint.len()).map(|nth| attributes.iter().position(|one| *one == nth)).collect();
        let values = |(one, place): (&Attribute, &usize)| -> Vec<u32> {
            let known = &joint[*place].value_index;
            one.values.iter().map(|value| known.get(&value.name).copied().unwrap_or_default()).collect()
        };
        let values: Vec<Vec<u32>> = policy.attributes().iter().zip(&attributes).map(values).collect();
        let mut missing = vec![None; joint.len()];
        for (nth, place) in attributes.iter().enumerate() {
            if values[nth].len() < joint[*place].values.len() {
                let mut known = vec![false; joint[*place].values.len()];
                values[nth].iter().for_each(|value| known[*value as usize] = true);
                missing[*place] = Some(known);
            }
        }
        let counted = |values: &Vec<u32>| values.iter().zip(0..).all(|(value, nth)| *value == nth);
        let in_place = attributes.iter().copied().eq(0..joint.len())
            && missing.iter().all(Option::is_none)
            && values.iter().all(counted);
        Self { policy, attributes, of, values, missing, in_place }
    }

    /// What a refusal answers at each joint attribute.
    fn answers(&self, joint: &[Attribute], codes: &mut Codes<'p>) -> Vec<Answers> {
        let at = |(attribute, joint): (&Option<usize>, &Attribute)| {
            let Some(own) = *attribute else {
                return Answers { checked: false, own: Codes::NONE, values: Vec::new() };
            };
            let known = &self.policy.attributes()[own];
            let whole = codes.add(&known.refuse);
            let mut values = vec![whole; joint.values.len()];
            for (value, place) in known.values.iter().zip(&self.values[own]) {
                if let Some(refuse) = &value.refuse {
                    values[*place as usize] = codes.add(refuse);
                }
            }
            Answers { checked: true, own: whole, values }
        };
        self.of.iter().zip(joint).map(at).collect()
    }

    /// A place in the order of its checks, in that of the joint ones.
    pub(super) fn check(&self, check: usize) -> usize {
        check.checked_sub(1).map_or(0, |attribute| self.attributes[attribute] + 1)
    }

    /// Clauses of a rule for a service.
    pub(super) fn constraints<'s>(
        &self,
        constraints: &'s [Constraint],
        fields: &[u32],
    ) -> Cow<'s, [Constraint]> {
        if self.in_place && fields.iter().zip(0..).all(|(field, nth)| *field == nth) {
            return Cow::Borrowed(constraints);
        }
        constraints.iter().map(|constraint| self.constraint(constraint, fields)).collect()
    }

    fn constraint(&self, constraint: &Constraint, fields: &[u32]) -> Constraint {
        let (attribute, values) = (self.attributes[constraint.attribute], &self.values[constraint.attribute]);
        let allowed = match &constraint.allowed {
            Allowed::Values(allowed) => {
                let width = self.missing[attribute].as_ref().map_or(values.len(), Vec::len);
                let mut joint = mask(width, |_| false);
                for value in bits(allowed).map(|own| values[own] as usize) {
                    joint[value / 64] |= 1 << (value % 64);
                }
                Allowed::Values(joint)
            }
            Allowed::Subsets(test) => {
                let is_fields = self.policy.fields_attribute() == Some(constraint.attribute);
                let places = if is_fields { fields } else { values };
                let listed = (0u32..).zip(places).filter(|(nth, _)| test.listed.contains(*nth));
                let listed = Subset::of(listed.map(|(_, place)| *place));
                Allowed::Subsets(SetTest { listed, ..*test })
            }
        };
        Constraint { attribute, allowed }
    }

    /// For each attribute of which this policy does not have all values, what it has no word for.
    pub(super) fn unknown(&self, joint: &Policy) -> Vec<Constraint> {
        let missing = self.missing.iter().enumerate().filter_map(|(nth, known)| Some((nth, known.as_ref()?)));
        let constraint = |(attribute, known): (usize, &Vec<bool>)| {
            let unknown = (0u32..).zip(known).filter(|(_, known)| !**known).map(|(nth, _)| nth);
            let allowed = if joint.attributes()[attribute].set {
                Allowed::Subsets(SetTest { test: Test::In, listed: Subset::of(unknown) })
            } else {
                Allowed::Values(mask(known.len(), |value| !known[value]))
            };
            Constraint { attribute, allowed }
        };
        missing.map(constraint).collect()
    }
}

/// The places of a service's fields among those of the joint service.
pub(super) fn field_places(joint: &Service, own: Option<&Service>) -> Vec<u32> {
    let known: Vec<&str> = joint.fields.iter().flatten().map(|field| field.name.as_str()).collect();
    let place =
        |name: &str| known.iter().position(|one| *one == name).and_then(|nth| u32::try_from(nth).ok());
    let fields = own.and_then(|own| own.fields.as_ref()).into_iter().flatten();
    fields.map(|field| place(&field.name).unwrap_or_default()).collect()
}
