//! What a question states about a request, in terms of values: names are resolved, and groups are replaced by their
//! values.

use super::question::{AskError, Given, Question};
use meterwarden::base::suggest;
use meterwarden::policy::{Policy, Service, Test};
use meterwarden::space::{Dimension, Lookup, SetTest, Subset, witnesses};

/// What a question states about one attribute.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) attribute: usize,
    test: Test,
    /// The values, with the values of each group in its place. Names and not numbers, because each service numbers its
    /// own fields.
    names: Vec<String>,
}

impl Known {
    pub(super) fn all(policy: &Policy, question: &Question) -> Result<Vec<Self>, AskError> {
        question.given.iter().map(|given| Self::new(policy, given)).collect()
    }

    fn new(policy: &Policy, given: &Given) -> Result<Self, AskError> {
        let attribute = attribute(policy, &given.attribute)?;
        let declared = &policy.attributes()[attribute];
        match (declared.set, given.test) {
            (false, Test::Only | Test::Includes | Test::Excludes | Test::Exactly) => {
                return Err(AskError::Plain { attribute: declared.name.clone() });
            }
            (true, Test::Not) => return Err(AskError::Set { attribute: declared.name.clone() }),
            _ => {}
        }
        let mut names = Vec::new();
        for value in &given.values {
            let values = values(policy, attribute, value);
            names.extend(values.ok_or_else(|| unknown_value(policy, attribute, value))?);
        }
        Ok(Self { attribute, test: given.test, names })
    }

    /// Whether it requires that the request has some values or all of them, so that a body cannot be empty.
    fn asks_for_some(&self) -> bool {
        !self.names.is_empty() && !matches!(self.test, Test::Excludes | Test::Not | Test::Any)
    }

    /// Whether a value of a plain attribute satisfies it.
    pub(super) fn allows(&self, value: &str) -> bool {
        match self.test {
            Test::Any => true,
            Test::Not => !self.names.iter().any(|name| name == value),
            _ => self.names.iter().any(|name| name == value),
        }
    }
}

/// For each class of a dimension, whether some value or subset in it satisfies everything that the question states
/// about the attribute. Values that the service does not declare count only if the question asks for them by name.
pub(super) fn meant(
    policy: &Policy,
    service: &Service,
    dimension: &Dimension,
    attribute: usize,
    known: &[Known],
) -> Vec<bool> {
    let about: Vec<&Known> = known.iter().filter(|known| known.attribute == attribute).collect();
    if about.is_empty() {
        return dimension.classes.iter().map(|class| !class.undeclared).collect();
    }
    let mut meant = vec![false; dimension.classes.len()];
    match &dimension.lookup {
        Lookup::Unseen => meant.fill(Body::new(&[], &about).is_possible()),
        Lookup::Plain(_) => {
            for (index, value) in (0u32..).zip(&policy.attributes()[attribute].values) {
                let agrees = about.iter().all(|known| known.allows(&value.name));
                meant[dimension.class_of_value(index) as usize] |= agrees;
            }
        }
        Lookup::Set(lookup) => {
            let body = Body::new(&policy.values(attribute, service), &about);
            let undeclared = lookup.undeclared().with(body.further);
            for subset in body.subsets(&lookup.tests, undeclared) {
                let counts = subset.0 & undeclared.0 & !body.asked_for.0 == 0;
                meant[dimension.class_of_subset(body.as_declared(subset)) as usize] |=
                    counts && body.satisfied_by(subset);
            }
        }
    }
    meant
}

/// The values of a set attribute that a question is about: those of a service, and after them the others that the
/// question names.
struct Body {
    all: Subset,
    /// What the question names and the service does not declare.
    further: Subset,
    /// What the question requires, and does not only exclude.
    asked_for: Subset,
    /// The tests of the question.
    tests: Vec<SetTest>,
}

impl Body {
    fn new(values: &[&str], about: &[&Known]) -> Self {
        let mut names = values.to_vec();
        for name in about.iter().flat_map(|known| &known.names) {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        // Each of the first 127 names has a bit; all other names share the last one.
        let bit = |index: usize| match u32::try_from(index) {
            Ok(index) if index < 127 => Subset::of([index]),
            _ => Subset::UNKNOWN,
        };
        let union = |a: Subset, b: Subset| a.with(b);
        let listed = |known: &Known| {
            let index = |name: &String| names.iter().position(|listed| listed == name);
            known.names.iter().filter_map(index).map(bit).fold(Subset::default(), union)
        };
        Self {
            all: (0..names.len()).map(bit).fold(Subset::default(), union),
            further: (values.len()..names.len()).map(bit).fold(Subset::default(), union),
            asked_for: about
                .iter()
                .filter(|known| known.asks_for_some())
                .map(|known| listed(known))
                .fold(Subset::default(), union),
            tests: about.iter().map(|known| SetTest { test: known.test, listed: listed(known) }).collect(),
        }
    }

    /// One subset for each combination of results of the rules' tests and the question's tests. If the question states
    /// the whole set, only that set.
    fn subsets(&self, rules: &[SetTest], undeclared: Subset) -> Vec<Subset> {
        match self.tests.iter().find(|test| test.test == Test::Exactly) {
            Some(exactly) => vec![exactly.listed],
            None => witnesses(self.all, undeclared, &[rules, &self.tests].concat()),
        }
    }

    fn satisfied_by(&self, subset: Subset) -> bool {
        self.tests.iter().all(|test| test.holds(subset))
    }

    /// A subset as the rules of the service see it: all values that the service does not declare are one unknown value.
    fn as_declared(&self, subset: Subset) -> Subset {
        let declared = Subset(subset.0 & !self.further.0);
        if subset.meets(self.further) { declared.with(Subset::UNKNOWN) } else { declared }
    }

    /// Whether any set satisfies the question.
    fn is_possible(&self) -> bool {
        witnesses(self.all, Subset::default(), &self.tests)
            .into_iter()
            .any(|subset| self.satisfied_by(subset))
    }
}

/// Whether a question requires fields by name. A service without a `fields` line has none of them.
pub(super) fn asks_for_fields(policy: &Policy, known: &[Known]) -> bool {
    known.iter().any(|known| policy.fields_attribute() == Some(known.attribute) && known.asks_for_some())
}

pub(super) fn attribute(policy: &Policy, name: &str) -> Result<usize, AskError> {
    policy.attribute_index_of(name).ok_or_else(|| AskError::UnknownAttribute {
        attribute: name.to_owned(),
        help: suggest::did_you_mean(
            name,
            policy.attributes().iter().map(|attribute| attribute.name.as_str()),
        ),
    })
}

/// The values that a name means: itself, or those of a group; `None` if there is neither. A field may be a field of any
/// service.
fn values(policy: &Policy, attribute: usize, name: &str) -> Option<Vec<String>> {
    let is_field = |service: &Service| service.fields.iter().flatten().any(|field| field.name == name);
    let known = if policy.fields_attribute() == Some(attribute) {
        policy.services().iter().any(is_field)
    } else {
        policy.attributes()[attribute].value_index.contains_key(name)
    };
    if known {
        return Some(vec![name.to_owned()]);
    }
    let group = policy.groups_of(attribute).find(|group| group.name == name)?;
    Some(policy.values_of_group(group).map(str::to_owned).collect())
}

fn unknown_value(policy: &Policy, attribute: usize, value: &str) -> AskError {
    let declared = &policy.attributes()[attribute];
    let fields = policy.services().iter().flat_map(|service| service.fields.iter().flatten());
    let fields =
        fields.map(|field| field.name.as_str()).filter(|_| policy.fields_attribute() == Some(attribute));
    let values = declared.values.iter().map(|value| value.name.as_str());
    let known: Vec<&str> =
        values.chain(policy.groups_of(attribute).map(|group| group.name.as_str())).chain(fields).collect();
    let help = suggest::did_you_mean(value, known.iter().copied())
        .or_else(|| (known.len() <= 20).then(|| format!("there is {}", known.join(", "))));
    AskError::UnknownValue { attribute: declared.name.clone(), value: value.to_owned(), help }
}
