//! The vocabulary of a policy: attributes, their values, and how a refusal answers; the tags of services.

use std::collections::HashMap;

use super::source::Span;

/// A property of a request, with a finite list of values.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// `status`
    pub name: String,
    /// What the attribute is, for people.
    pub text: String,
    /// Whether a request states any subset of the values, not exactly one of them.
    pub set: bool,
    /// Whether every permit must have a clause about it.
    pub always: bool,
    /// Whether the message itself states the value, so that its sender can change the value.
    pub sender: bool,
    /// What a refusal at this attribute answers.
    pub refuse: Answer,
    /// The values, in the order of the text. Empty for `fields`: each service declares its own.
    pub values: Vec<Value>,
    /// The declaration.
    pub span: Span,
    /// `value_index[name]` is the index of the value in `values`.
    pub value_index: HashMap<String, u32>,
}

/// One value of an attribute.
#[derive(Clone, Debug)]
pub struct Value {
    /// `Commissioned`
    pub name: String,
    /// What the value means, for people.
    pub text: String,
    /// What a refusal of this value answers, if that differs from the attribute's answer.
    pub refuse: Option<Answer>,
    /// The name in the declaration.
    pub span: Span,
}

/// What a refusal answers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Answer {
    /// The response code; `None` if none is assigned.
    pub code: Option<String>,
    /// The reason, for people.
    pub reason: String,
}

/// A tag that services have.
#[derive(Clone, Debug)]
pub struct Tag {
    /// `critical`
    pub name: String,
    /// What the tag means.
    pub text: String,
    /// The declaration.
    pub span: Span,
}
