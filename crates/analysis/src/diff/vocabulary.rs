//! The joint vocabulary of two versions, in which the rules of both can be compared.
//!
//! Attributes, and values, are the same if their names are the same. If a request states a value that a version does
//! not have, that version does not know the request and never permits it. An attribute that a version does not have,
//! it does not check.

use std::borrow::Cow;

use super::codes::{CodeList, RefusalCodes};
use meterwarden::base::bit_set::{bits, mask};
use meterwarden::policy::{Attribute, Field, Policy, Service, Test, Window};
use meterwarden::space::{Allowed, Constraint, SetTest, Subset};

/// The vocabularies of two versions as one. Version 0 is before, version 1 is after.
pub(super) struct JointVocabulary<'p> {
    /// A policy that has the attributes of both versions and nothing else.
    pub(super) policy: Policy,
    pub(super) versions: [VersionVocabulary<'p>; 2],
    /// `refusal_codes[version][attribute]`: the codes of a refusal at a joint attribute.
    pub(super) refusal_codes: [Vec<RefusalCodes>; 2],
    /// Every code that either version can answer.
    pub(super) codes: CodeList<'p>,
    /// Whether both versions check the attributes in the same order. If not, their codes cannot be compared check by
    /// check.
    pub(super) same_order: bool,
    /// Whether a refusal at any attribute has another code, or only one version checks the attribute.
    pub(super) codes_differ: bool,
    /// Whether either version has a value that the other does not have.
    pub(super) values_differ: bool,
    /// Whether the vocabularies are identical: names, order and codes.
    pub(super) identical: bool,
}

/// The vocabulary of one version, and its places in the joint vocabulary.
pub(super) struct VersionVocabulary<'p> {
    pub(super) policy: &'p Policy,
    /// The joint attribute of each of its attributes.
    attributes: Vec<usize>,
    /// The attribute of the version for each joint attribute, if it has it.
    of_joint: Vec<Option<usize>>,
    /// `values[a][v]` is the joint value of value `v` of its attribute `a`.
    values: Vec<Vec<u32>>,
    /// For each joint attribute, which of the joint values the version has; `None` if it has all of them.
    known_values: Vec<Option<Vec<bool>>>,
    /// Whether attributes and values have the same places as in the joint vocabulary.
    in_place: bool,
}

impl<'p> JointVocabulary<'p> {
    pub(super) fn new(before: &'p Policy, after: &'p Policy) -> Self {
        let attributes = joint_attributes(before, after);
        let versions = [before, after].map(|policy| VersionVocabulary::new(policy, &attributes));
        let same_order = versions.iter().all(|version| version.attributes.is_sorted());
        let fields = after.fields_attribute().or(before.fields_attribute()).and_then(|_| {
            versions.iter().find_map(|version| {
                version.policy.fields_attribute().map(|fields| version.attributes[fields])
            })
        });
        let mut codes = CodeList::new();
        let refusal_codes = versions.each_ref().map(|version| version.refusal_codes(&attributes, &mut codes));
        codes.add_rules([before, after]);
        let codes_differ = refusal_codes[0] != refusal_codes[1];
        let values_differ = versions.iter().any(|version| version.known_values.iter().any(Option::is_some));
        Self {
            policy: Policy::of_vocabulary(attributes, fields),
            versions,
            refusal_codes,
            codes,
            same_order,
            codes_differ,
            values_differ,
            identical: identical(before, after) && !codes_differ,
        }
    }

    /// The code of a refusal at the first attribute of a version.
    pub(super) fn first_code(&self, version: usize) -> u16 {
        let first = self.versions[version].attributes.first();
        first.map_or(CodeList::NONE, |first| self.refusal_codes[version][*first].attribute)
    }

    /// A service with the fields of both versions.
    pub(super) fn service(&self, services: [Option<&Service>; 2]) -> Service {
        let named = services[1].or(services[0]);
        let mut fields: Vec<Field> = Vec::new();
        for field in services.iter().rev().flatten().filter_map(|service| service.fields.as_ref()).flatten() {
            if !fields.iter().any(|known| known.place == field.place) {
                // Where the versions do not agree on the name of a place, or on the place of a name, the place itself is
                // what both understand.
                let mut declared =
                    services.iter().flatten().flat_map(|service| service.fields.iter().flatten());
                let agree = declared.all(|other| (other.place == field.place) == (other.name == field.name));
                let name = if agree { field.name.clone() } else { field.place.clone() };
                fields.push(Field { name, window: Window::ALWAYS, ..field.clone() });
            }
        }
        let checks_fields = services.map(|service| service.is_some_and(|service| service.fields.is_some()));
        // A service without a line of fields accepts every field. If only the other version has such a line, the two
        // can differ on fields that neither names.
        let accepts_every_field = services.iter().flatten().any(|service| service.fields.is_none());
        if checks_fields.contains(&true) && accepts_every_field {
            let span = fields.first().map_or(Default::default(), |field| field.span);
            let [name, place] = [ANYTHING_ELSE; 2].map(str::to_owned);
            fields.push(Field { name, place, window: Window::ALWAYS, span });
        }
        Service {
            name: named.map_or_else(String::new, |service| service.name.clone()),
            text: named.map_or_else(String::new, |service| service.text.clone()),
            doc: String::new(),
            tags: Vec::new(),
            fields: checks_fields.contains(&true).then_some(fields),
            texts: Vec::new(),
            closed: None,
            rules: Vec::new(),
            span: Default::default(),
        }
    }
}

/// The field that represents every field which neither version names.
const ANYTHING_ELSE: &str = "(anything else)";

/// The attributes of both versions with the values of both: those of `after` in order, and each further attribute of
/// `before` after the one that it follows there.
fn joint_attributes(before: &Policy, after: &Policy) -> Vec<Attribute> {
    let mut attributes: Vec<Attribute> = after.attributes().iter().map(without_value_codes).collect();
    let mut place = 0;
    for attribute in before.attributes() {
        match attributes.iter().position(|joint| same_attribute(joint, attribute)) {
            Some(joint) => {
                place = joint + 1;
                add_values(&mut attributes[joint], attribute);
            }
            None => {
                attributes.insert(place, without_value_codes(attribute));
                place += 1;
            }
        }
    }
    attributes
}

/// Whether both policies have the same attributes with the same values, in the same order.
fn identical(before: &Policy, after: &Policy) -> bool {
    let names =
        |attribute: &Attribute| attribute.values.iter().map(|value| value.name.clone()).collect::<Vec<_>>();
    let mut pairs = before.attributes().iter().zip(after.attributes());
    before.fields_attribute() == after.fields_attribute()
        && before.attributes().len() == after.attributes().len()
        && pairs.all(|(before, after)| same_attribute(before, after) && names(before) == names(after))
}

fn same_attribute(left: &Attribute, right: &Attribute) -> bool {
    left.name == right.name && left.set == right.set
}

fn without_value_codes(attribute: &Attribute) -> Attribute {
    let mut copy = attribute.clone();
    copy.values.iter_mut().for_each(|value| value.refuse = None);
    copy
}

/// Adds the values that only another version of the attribute has.
fn add_values(attribute: &mut Attribute, other: &Attribute) {
    for value in &other.values {
        if !attribute.value_index.contains_key(&value.name) {
            let place = u32::try_from(attribute.values.len()).unwrap_or(u32::MAX);
            attribute.value_index.insert(value.name.clone(), place);
            attribute.values.push(value.clone());
        }
    }
}

impl<'p> VersionVocabulary<'p> {
    fn new(policy: &'p Policy, joint: &[Attribute]) -> Self {
        let place = |attribute: &Attribute| {
            joint.iter().position(|joint| same_attribute(joint, attribute)).unwrap_or_default()
        };
        let attributes: Vec<usize> = policy.attributes().iter().map(place).collect();
        let of_joint =
            (0..joint.len()).map(|index| attributes.iter().position(|joint| *joint == index)).collect();
        let values = |(attribute, place): (&Attribute, &usize)| -> Vec<u32> {
            let joint = &joint[*place].value_index;
            let names = attribute.values.iter().map(|value| &value.name);
            names.map(|name| joint.get(name).copied().unwrap_or_default()).collect()
        };
        let values: Vec<Vec<u32>> = policy.attributes().iter().zip(&attributes).map(values).collect();
        let mut known_values = vec![None; joint.len()];
        for (index, place) in attributes.iter().enumerate() {
            if values[index].len() < joint[*place].values.len() {
                let mut known = vec![false; joint[*place].values.len()];
                values[index].iter().for_each(|value| known[*value as usize] = true);
                known_values[*place] = Some(known);
            }
        }
        let in_place = attributes.iter().copied().eq(0..joint.len())
            && known_values.iter().all(Option::is_none)
            && values.iter().all(|values| counts_up(values));
        Self { policy, attributes, of_joint, values, known_values, in_place }
    }

    /// The codes of a refusal at each joint attribute.
    fn refusal_codes(&self, joint: &[Attribute], codes: &mut CodeList<'p>) -> Vec<RefusalCodes> {
        let at = |(attribute, joint): (&Option<usize>, &Attribute)| {
            let Some(index) = *attribute else {
                return RefusalCodes { checked: false, attribute: CodeList::NONE, values: Vec::new() };
            };
            let attribute = &self.policy.attributes()[index];
            let attribute_code = codes.add(&attribute.refuse);
            let mut values = vec![attribute_code; joint.values.len()];
            for (value, place) in attribute.values.iter().zip(&self.values[index]) {
                if let Some(refuse) = &value.refuse {
                    values[*place as usize] = codes.add(refuse);
                }
            }
            RefusalCodes { checked: true, attribute: attribute_code, values }
        };
        self.of_joint.iter().zip(joint).map(at).collect()
    }

    /// A check of the version as a check of the joint vocabulary. Check 0 comes before all attributes, check `a + 1` is
    /// that of attribute `a`.
    pub(super) fn check(&self, check: usize) -> usize {
        check.checked_sub(1).map_or(0, |attribute| self.attributes[attribute] + 1)
    }

    /// The constraints of a box in joint terms. `fields` are the places of the service's fields among the joint fields.
    pub(super) fn constraints<'s>(
        &self,
        constraints: &'s [Constraint],
        fields: &[u32],
    ) -> Cow<'s, [Constraint]> {
        if self.in_place && counts_up(fields) {
            return Cow::Borrowed(constraints);
        }
        constraints.iter().map(|constraint| self.constraint(constraint, fields)).collect()
    }

    fn constraint(&self, constraint: &Constraint, fields: &[u32]) -> Constraint {
        let (attribute, values) = (self.attributes[constraint.attribute], &self.values[constraint.attribute]);
        let allowed = match &constraint.allowed {
            Allowed::Values(allowed) => {
                let count = self.known_values[attribute].as_ref().map_or(values.len(), Vec::len);
                let mut is_allowed = vec![false; count];
                bits(allowed).for_each(|value| is_allowed[values[value] as usize] = true);
                Allowed::Values(mask(count, |value| is_allowed[value]))
            }
            Allowed::Subsets(test) => {
                let is_fields = self.policy.fields_attribute() == Some(constraint.attribute);
                let places = if is_fields { fields } else { values };
                let listed = (0u32..).zip(places).filter(|(value, _)| test.listed.contains(*value));
                let listed = Subset::of(listed.map(|(_, place)| *place));
                Allowed::Subsets(SetTest { listed, ..*test })
            }
        };
        Constraint { attribute, allowed }
    }

    /// For each attribute of which the version does not have all joint values, a constraint to the missing values.
    pub(super) fn unknown(&self, joint: &Policy) -> Vec<Constraint> {
        let incomplete = self.known_values.iter().enumerate();
        let incomplete = incomplete.filter_map(|(attribute, known)| Some((attribute, known.as_ref()?)));
        let constraint = |(attribute, known): (usize, &Vec<bool>)| {
            let missing = (0u32..).zip(known).filter(|(_, known)| !**known).map(|(value, _)| value);
            let allowed = if joint.attributes()[attribute].set {
                Allowed::Subsets(SetTest { test: Test::In, listed: Subset::of(missing) })
            } else {
                Allowed::Values(mask(known.len(), |value| !known[value]))
            };
            Constraint { attribute, allowed }
        };
        incomplete.map(constraint).collect()
    }
}

/// Whether each place is its own index.
fn counts_up(places: &[u32]) -> bool {
    places.iter().copied().zip(0..).all(|(place, index): (u32, u32)| place == index)
}

/// The places of a service's fields among those of the joint service.
pub(super) fn field_places(joint: &Service, service: Option<&Service>) -> Vec<u32> {
    let joint: Vec<&str> = joint.fields.iter().flatten().map(|field| field.place.as_str()).collect();
    let index = |place: &str| {
        joint.iter().position(|joint| *joint == place).and_then(|index| u32::try_from(index).ok())
    };
    let fields = service.and_then(|service| service.fields.as_ref()).into_iter().flatten();
    fields.map(|field| index(&field.place).unwrap_or_default()).collect()
}
