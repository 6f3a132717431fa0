//! A rule that the cells of a matrix name: its effect, its clauses and its sources.

use serde::Serialize;

use crate::explain::rule_note::{RuleNote, note};
use meterwarden::policy::{Effect, Policy};

/// One rule.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct RuleEntry<'p> {
    /// `permit` or `forbid`.
    pub effect: &'static str,
    #[serde(flatten)]
    note: RuleNote<'p>,
    /// Its clauses as they are written, without those that have a key of their own.
    pub clauses: Vec<String>,
}

impl RuleEntry<'_> {
    /// `8.4/esme-variant-correction`
    pub fn name(&self) -> &str {
        self.note.rule
    }

    /// Its description, for people.
    pub fn text(&self) -> &str {
        self.note.text
    }

    /// Its place: `path:line:column`.
    pub fn place(&self) -> &str {
        &self.note.place
    }

    /// When it is in force, in words.
    pub fn in_force(&self) -> &str {
        &self.note.in_force
    }

    /// The modifications from which it takes its dates, by name and title.
    pub fn modifications(&self) -> &[String] {
        &self.note.modifications
    }

    /// The clause of the industry code that it implements.
    pub fn source(&self) -> Option<&str> {
        self.note.source
    }

    /// The assumption on which it is based.
    pub fn assumed(&self) -> Option<&str> {
        self.note.assumed
    }
}

pub(super) fn entry(policy: &Policy, index: usize) -> RuleEntry<'_> {
    let rule = &policy.rules()[index];
    let effect = match rule.effect {
        Effect::Permit => "permit",
        Effect::Forbid => "forbid",
    };
    let when = rule.when.iter().map(|index| format!("when {}", policy.conditions()[*index].name));
    let clauses = rule.clauses.iter().map(|clause| one_line(policy.text(clause.span)));
    RuleEntry { effect, note: note(policy, rule), clauses: when.chain(clauses).collect() }
}

/// A text on one line, with single spaces.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
