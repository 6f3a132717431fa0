//! The expected outcome of a case: how it is written, and how it is compared with a decision.

use std::fmt;

use crate::yaml::{Kind, Node, YamlError};
use meterwarden::base::suggest;
use meterwarden::decide::{Decision, Outcome};

/// The expected outcome of a case. A part that is `None` may be anything, except the code of a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// `expect: permit`, `rule: 8.4/esme-variant-correction`
    Permit {
        /// The permit that decides.
        rule: Option<String>,
    },
    /// `expect: refuse`, `code: E5`
    Refuse {
        /// The response code; `None` if no code is assigned.
        code: Option<String>,
        /// The attribute at which the request is refused; `service` if it is refused before the first attribute.
        attribute: Option<String>,
        /// The forbid that refuses.
        rule: Option<String>,
    },
    /// `expect: undetermined`, `needs: [relation]`
    Undetermined {
        /// Exactly the attributes on which the outcome depends.
        needs: Option<Vec<String>>,
    },
}

impl Expected {
    /// The expectation that only this decision meets.
    pub fn of(decision: &Decision<'_>) -> Self {
        let text = |text: Option<&str>| text.map(str::to_owned);
        match &decision.outcome {
            Outcome::Permit { rule, .. } => Self::Permit { rule: text(Some(rule)) },
            Outcome::Refuse(refusal) => Self::Refuse {
                code: text(refusal.code),
                attribute: text(Some(refusal.attribute)),
                rule: text(refusal.rule),
            },
            Outcome::Undetermined { needs, .. } => {
                Self::Undetermined { needs: Some(needs.iter().map(|name| (*name).to_owned()).collect()) }
            }
        }
    }

    /// Whether a decision meets the expectation.
    pub fn is(&self, decision: &Decision<'_>) -> bool {
        let matches =
            |expected: &Option<String>, got: Option<&str>| expected.is_none() || expected.as_deref() == got;
        match (self, &decision.outcome) {
            (Self::Permit { rule }, Outcome::Permit { rule: got, .. }) => matches(rule, Some(got)),
            (Self::Refuse { code, attribute, rule }, Outcome::Refuse(refusal)) => {
                code.as_deref() == refusal.code
                    && matches(attribute, Some(refusal.attribute))
                    && matches(rule, refusal.rule)
            }
            (Self::Undetermined { needs }, Outcome::Undetermined { needs: got, .. }) => {
                needs.as_ref().is_none_or(|needs| needs == got)
            }
            _ => false,
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Permit { rule } => {
                f.write_str("permit")?;
                also(f, " by ", rule.as_ref(), "")
            }
            Self::Refuse { code, attribute, rule } => {
                write!(f, "refuse {}", code.as_deref().unwrap_or("without a code"))?;
                also(f, " at ", attribute.as_ref(), "")?;
                also(f, " [", rule.as_ref(), "]")
            }
            Self::Undetermined { needs } => {
                f.write_str("undetermined")?;
                also(f, ": it depends on ", needs.as_ref().map(|needs| suggest::join(needs, "and")), "")
            }
        }
    }
}

/// Writes an optional part with the text before and after it.
fn also(
    f: &mut fmt::Formatter<'_>,
    before: &str,
    part: Option<impl fmt::Display>,
    after: &str,
) -> fmt::Result {
    part.map_or(Ok(()), |part| write!(f, "{before}{part}{after}"))
}

/// The keys of a case that state its expected outcome, each with its key node and its value node.
#[derive(Default)]
pub(super) struct Expectation<'n> {
    expect: Option<&'n Node>,
    keys: Vec<(&'static str, &'n Node, &'n Node)>,
}

/// The keys beside `expect`, and the outcomes that they apply to.
const KEYS: &[(&str, &[&str])] = &[
    ("rule", &["permit", "refuse"]),
    ("code", &["refuse"]),
    ("attribute", &["refuse"]),
    ("needs", &["undetermined"]),
];

impl<'n> Expectation<'n> {
    /// Takes a key if it is one that states the expected outcome. Whether it is.
    pub(super) fn take(&mut self, word: &str, key: &'n Node, value: &'n Node) -> Result<bool, YamlError> {
        if word == "expect" {
            value.scalar("`expect`")?;
            self.expect = Some(value);
            return Ok(true);
        }
        let known = KEYS.iter().find(|(name, _)| *name == word);
        self.keys.extend(known.map(|(name, _)| (*name, key, value)));
        Ok(known.is_some())
    }

    /// The expected outcome that the keys state together.
    pub(super) fn expected(&self, case: &Node) -> Result<Expected, YamlError> {
        let place = self.expect.ok_or_else(|| case.error("the case has no `expect`"))?;
        let outcome = place.scalar("`expect`")?;
        if !matches!(outcome, "permit" | "refuse" | "undetermined") {
            return Err(place.error(format!("`{outcome}` is not one of permit, refuse and undetermined")));
        }
        self.check_keys(outcome)?;
        match outcome {
            "permit" => Ok(Expected::Permit { rule: self.text("rule")? }),
            "refuse" => Ok(Expected::Refuse {
                code: self.code(case)?,
                attribute: self.text("attribute")?,
                rule: self.text("rule")?,
            }),
            _ => Ok(Expected::Undetermined { needs: self.needs()? }),
        }
    }

    /// Checks that every key applies to this outcome.
    fn check_keys(&self, outcome: &str) -> Result<(), YamlError> {
        let misplaced = self.keys.iter().find(|(word, ..)| {
            let known = KEYS.iter().find(|(name, _)| name == word);
            known.is_none_or(|(_, outcomes)| !outcomes.contains(&outcome))
        });
        misplaced.map_or(Ok(()), |(word, key, _)| {
            Err(key.error(format!("`{word}` does not apply to `expect: {outcome}`")))
        })
    }

    fn value(&self, word: &str) -> Option<&'n Node> {
        self.keys.iter().find(|(name, ..)| *name == word).map(|(.., value)| *value)
    }

    fn text(&self, word: &str) -> Result<Option<String>, YamlError> {
        let text = self.value(word).map(|value| value.scalar(&format!("`{word}`")).map(str::to_owned));
        text.transpose()
    }

    fn code(&self, case: &Node) -> Result<Option<String>, YamlError> {
        let hint = "`expect: refuse` needs a `code`; write `code: null` if none is assigned";
        match &self.value("code").ok_or_else(|| case.error(hint))?.kind {
            Kind::Null => Ok(None),
            _ => self.text("code"),
        }
    }

    fn needs(&self) -> Result<Option<Vec<String>>, YamlError> {
        let Some(list) = self.value("needs") else { return Ok(None) };
        let names = list.list("`needs`")?.iter().map(|name| name.scalar("a name").map(str::to_owned));
        names.collect::<Result<_, _>>().map(Some)
    }
}
