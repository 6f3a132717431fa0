//! What is wrong with a request that is not in the policy's vocabulary.

use std::fmt;

use crate::base::suggest;
use crate::policy::{Attribute, Policy};

/// A request states something that is not in the policy's vocabulary.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InputError {
    /// `{"statsu": "Pending"}`
    UnknownAttribute {
        /// The name in the request.
        attribute: String,
        /// A similar name that the policy has.
        suggestion: Option<String>,
    },
    /// `{"status": "pending"}`
    UnknownValue {
        /// The attribute.
        attribute: String,
        /// The value in the request.
        value: String,
        /// A similar value of the attribute.
        suggestion: Option<String>,
    },
    /// `{"relation": "registered"}`
    NotAList(String),
    /// `{"status": ["Pending"]}`
    NotAValue(String),
    /// `{"status": "Pending", …, "status": "Pending"}`
    SaidTwice(String),
    /// `{"relation": {"present": ["registered"], "absent": ["registered"]}}`
    PresentAndAbsent(String),
    /// The number of a service or attribute is not of this plan's policy.
    OtherPlan,
}

// Written by hand: without the feature `parse` the engine depends on no macro crate.
impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownAttribute { attribute, suggestion } => {
                write!(f, "the policy has no attribute `{attribute}`{}", Help(suggestion))
            }
            Self::UnknownValue { attribute, value, suggestion } => {
                write!(f, "`{attribute}` has no value `{value}`{}", Help(suggestion))
            }
            Self::NotAList(attribute) => {
                write!(f, "`{attribute}` is a set attribute: give a list of its values, which may be empty")
            }
            Self::NotAValue(attribute) => {
                write!(f, "`{attribute}` is a plain attribute: give one value, not a list")
            }
            Self::SaidTwice(attribute) => write!(f, "`{attribute}` is said twice"),
            Self::PresentAndAbsent(attribute) => {
                write!(f, "`{attribute}` has a value that is both present and absent")
            }
            Self::OtherPlan => f.write_str("the service or the attribute is of another policy"),
        }
    }
}

impl std::error::Error for InputError {}

impl InputError {
    pub(crate) fn unknown_attribute(policy: &Policy, name: &str) -> Self {
        let names =
            policy.attributes.iter().map(|attribute| attribute.name.as_str()).chain(["service", "at"]);
        let suggestion = suggest::nearest(name, names).map(str::to_owned);
        Self::UnknownAttribute { attribute: name.to_owned(), suggestion }
    }

    pub(crate) fn unknown_value(attribute: &Attribute, value: &str) -> Self {
        let names = attribute.values.iter().map(|value| value.name.as_str());
        let suggestion = suggest::nearest(value, names).map(str::to_owned);
        Self::UnknownValue { attribute: attribute.name.clone(), value: value.to_owned(), suggestion }
    }
}

struct Help<'s>(&'s Option<String>);

impl fmt::Display for Help<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_ref().map_or(Ok(()), |name| write!(f, "; did you mean `{name}`?"))
    }
}
