//! A rule as a reader of a matrix meets it: what it does, what it says, and what it rests on.

use serde::Serialize;

use crate::explain::note::{RuleNote, note};
use meterwarden::policy::{Effect, Policy};

/// One rule.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct RuleEntry<'p> {
    /// `permit` or `forbid`.
    pub effect: &'static str,
    #[serde(flatten)]
    note: RuleNote<'p>,
    /// Its clauses as they are written, but for those that the other keys give.
    pub clauses: Vec<String>,
}

impl RuleEntry<'_> {
    /// `8.4/esme-variant-correction`
    pub fn name(&self) -> &str {
        self.note.rule
    }

    /// What it says, for people.
    pub fn text(&self) -> &str {
        self.note.text
    }

    /// Where it stands: `path:line:column`.
    pub fn place(&self) -> &str {
        &self.note.place
    }

    /// When it is in force, in words.
    pub fn in_force(&self) -> &str {
        &self.note.in_force
    }

    /// The modifications that its dates are those of, by name and title.
    pub fn modifications(&self) -> &[String] {
        &self.note.modifications
    }

    /// The clause of the code that it carries out.
    pub fn source(&self) -> Option<&str> {
        self.note.source
    }

    /// The assumption that it rests on.
    pub fn assumed(&self) -> Option<&str> {
        self.note.assumed
    }
}

pub(super) fn entry(policy: &Policy, nth: usize) -> RuleEntry<'_> {
    let rule = &policy.rules()[nth];
    let effect = match rule.effect {
        Effect::Permit => "permit",
        Effect::Forbid => "forbid",
    };
    let when = rule.when.iter().map(|nth| format!("when {}", policy.conditions()[*nth].name));
    let own = rule.clauses.iter().map(|clause| one_line(policy.text(clause.span)));
    RuleEntry { effect, note: note(policy, rule), clauses: when.chain(own).collect() }
}

/// A text on one line, with single blanks.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
