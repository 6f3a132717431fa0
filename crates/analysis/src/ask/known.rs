//! What is known of a request, in terms of values: names resolved, groups spelt out.

use super::question::{AskError, Given, Question};
use meterwarden::base::suggest;
use meterwarden::language::ast::{Group, Item};
use meterwarden::policy::{Policy, Service, Test};
use meterwarden::space::{Dimension, Lookup, SetTest, Subset, witnesses};

/// What is known of one attribute.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) attribute: usize,
    test: Test,
    /// The values meant, groups spelt out. Of `fields` each service has its own.
    names: Vec<String>,
}

impl Known {
    pub(super) fn all(policy: &Policy, question: &Question) -> Result<Vec<Self>, AskError> {
        question.given.iter().map(|given| Self::new(policy, given)).collect()
    }

    fn new(policy: &Policy, given: &Given) -> Result<Self, AskError> {
        let attribute = attribute(policy, &given.attribute)?;
        let one = &policy.attributes()[attribute];
        match (one.set, given.test) {
            (false, Test::Only | Test::Includes | Test::Excludes | Test::Exactly) => {
                return Err(AskError::Plain { attribute: one.name.clone() });
            }
            (true, Test::Not) => return Err(AskError::Set { attribute: one.name.clone() }),
            _ => {}
        }
        let mut names = Vec::new();
        for value in &given.values {
            let meant = values(policy, attribute, value).ok_or_else(|| unknown(policy, attribute, value))?;
            names.extend(meant);
        }
        Ok(Self { attribute, test: given.test, names })
    }

    /// Whether it is about a body that holds something: one of some fields, or all of them.
    fn asks_for_some(&self) -> bool {
        !self.names.is_empty() && !matches!(self.test, Test::Excludes | Test::Not | Test::Any)
    }

    /// Whether a value of a plain attribute agrees.
    pub(super) fn allows(&self, value: &str) -> bool {
        match self.test {
            Test::Any => true,
            Test::Not => !self.names.iter().any(|name| name == value),
            _ => self.names.iter().any(|name| name == value),
        }
    }
}

/// For each class of an dimension, whether some of it agrees with all that is known of the attribute. What a service does not
/// declare counts where somebody asks for it by its name, and nowhere else.
pub(super) fn meant(
    policy: &Policy,
    service: &Service,
    dimension: &Dimension,
    attribute: usize,
    known: &[Known],
) -> Vec<bool> {
    let about: Vec<&Known> = known.iter().filter(|one| one.attribute == attribute).collect();
    if about.is_empty() {
        return dimension.classes.iter().map(|class| !class.undeclared).collect();
    }
    let mut meant = vec![false; dimension.classes.len()];
    match &dimension.lookup {
        Lookup::Unseen => meant.fill(Body::new(&[], &about).is_possible()),
        Lookup::Plain(_) => {
            for (nth, value) in (0u32..).zip(&policy.attributes()[attribute].values) {
                let agrees = about.iter().all(|one| one.allows(&value.name));
                meant[dimension.class_of_value(nth) as usize] |= agrees;
            }
        }
        Lookup::Set(lookup) => {
            let body = Body::new(&policy.values(attribute, service), &about);
            let undeclared = lookup.undeclared().with(body.further);
            for subset in body.subsets(&lookup.tests, undeclared) {
                let counts = subset.0 & undeclared.0 & !body.asked_for.0 == 0;
                meant[dimension.class_of_subset(body.as_declared(subset)) as usize] |=
                    counts && body.agrees(subset);
            }
        }
    }
    meant
}

/// A set as a question sees it: the values of a service, and after them what the question names besides.
struct Body {
    all: Subset,
    /// What the question names and the service does not declare.
    further: Subset,
    /// What is asked for, and not only left out.
    asked_for: Subset,
    /// What is asked, each.
    tests: Vec<SetTest>,
}

impl Body {
    fn new(values: &[&str], about: &[&Known]) -> Self {
        let mut names = values.to_vec();
        for name in about.iter().flat_map(|one| &one.names) {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        // A bit each, and for all that there is no bit for, the last.
        let bit = |nth: usize| match u32::try_from(nth) {
            Ok(nth) if nth < 127 => Subset::of([nth]),
            _ => Subset::UNKNOWN,
        };
        let union = |one: Subset, other: Subset| one.with(other);
        let listed = |one: &Known| {
            let place = |name: &String| names.iter().position(|known| known == name);
            one.names.iter().filter_map(place).map(bit).fold(Subset::default(), union)
        };
        Self {
            all: (0..names.len()).map(bit).fold(Subset::default(), union),
            further: (values.len()..names.len()).map(bit).fold(Subset::default(), union),
            asked_for: about
                .iter()
                .filter(|one| one.asks_for_some())
                .map(|one| listed(one))
                .fold(Subset::default(), union),
            tests: about.iter().map(|one| SetTest { test: one.test, listed: listed(one) }).collect(),
        }
    }

    /// One subset for each way in which the rules' questions and these can come out; where all of it is said, that alone.
    fn subsets(&self, rules: &[SetTest], undeclared: Subset) -> Vec<Subset> {
        match self.tests.iter().find(|one| one.test == Test::Exactly) {
            Some(whole) => vec![whole.listed],
            None => witnesses(self.all, undeclared, &[rules, &self.tests].concat()),
        }
    }

    fn agrees(&self, subset: Subset) -> bool {
        self.tests.iter().all(|test| test.holds(subset))
    }

    /// As the rules of the service see a subset: what it does not declare is something unknown.
    fn as_declared(&self, subset: Subset) -> Subset {
        let declared = Subset(subset.0 & !self.further.0);
        if subset.meets(self.further) { declared.with(Subset::UNKNOWN) } else { declared }
    }

    /// Whether there is any set that agrees.
    fn is_possible(&self) -> bool {
        witnesses(self.all, Subset::default(), &self.tests).into_iter().any(|one| self.agrees(one))
    }
}

/// Whether a question asks for fields by name. A service that has no line of fields has none of them.
pub(super) fn asks_for_fields(policy: &Policy, known: &[Known]) -> bool {
    known.iter().any(|one| policy.fields_attribute() == Some(one.attribute) && one.asks_for_some())
}

pub(super) fn attribute(policy: &Policy, name: &str) -> Result<usize, AskError> {
    policy.attribute_place(name).ok_or_else(|| AskError::UnknownAttribute {
        attribute: name.to_owned(),
        help: suggest::did_you_mean(name, policy.attributes().iter().map(|one| one.name.as_str())),
    })
}

/// The values that a name means: itself, or those of a group; nothing where there is neither. A field may be one of any
/// service.
fn values(policy: &Policy, attribute: usize, name: &str) -> Option<Vec<String>> {
    let one = &policy.attributes()[attribute];
    let is_field = |service: &Service| service.fields.iter().flatten().any(|field| field.name == name);
    let known = if policy.fields_attribute() == Some(attribute) {
        policy.services().iter().any(is_field)
    } else {
        one.value_index.contains_key(name)
    };
    if known {
        return Some(vec![name.to_owned()]);
    }
    let group = groups(policy, attribute).find(|group| group.name.text == name)?;
    Some(group.items.iter().map(|item| item.name.text.to_string()).collect())
}

/// The groups of an attribute.
fn groups(policy: &Policy, attribute: usize) -> impl Iterator<Item = &Group> {
    let items = policy.files().iter().flat_map(|file| &file.items);
    items.filter_map(move |item| match item {
        Item::Group(group) if group.attribute.text == policy.attributes()[attribute].name => Some(group),
        _ => None,
    })
}

fn unknown(policy: &Policy, attribute: usize, value: &str) -> AskError {
    let one = &policy.attributes()[attribute];
    let fields = policy.services().iter().flat_map(|service| service.fields.iter().flatten());
    let fields =
        fields.map(|field| field.name.as_str()).filter(|_| policy.fields_attribute() == Some(attribute));
    let values = one.values.iter().map(|value| value.name.as_str());
    let known: Vec<&str> =
        values.chain(groups(policy, attribute).map(|group| group.name.text.as_str())).chain(fields).collect();
    let help = suggest::did_you_mean(value, known.iter().copied())
        .or_else(|| (known.len() <= 20).then(|| format!("there is {}", known.join(", "))));
    AskError::UnknownValue { attribute: one.name.clone(), value: value.to_owned(), help }
}
