//! What a case expects, as written and as compared with a decision.

use std::fmt;

use crate::yaml::{Kind, Node, YamlError};
use meterwarden::base::suggest;
use meterwarden::decide::{Decision, Outcome};

/// What a case expects. What it leaves out may be anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// `expect: permit`, `rule: 8.4/esme-variant-correction`
    Permit {
        /// The permit that is named.
        rule: Option<String>,
    },
    /// `expect: refuse`, `code: E5`
    Refuse {
        /// The response code, or that none is assigned.
        code: Option<String>,
        /// The attribute at which it is refused; `service` where no attribute stops it.
        attribute: Option<String>,
        /// The forbid that answers.
        rule: Option<String>,
    },
    /// `expect: undetermined`, `needs: [relation]`
    Undetermined {
        /// Exactly the attributes on which it depends.
        needs: Option<Vec<String>>,
    },
}

impl Expected {
    /// What a case expects that a decision is exactly what it must get.
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

    /// Whether a decision is what is expected.
    pub fn is(&self, decision: &Decision<'_>) -> bool {
        let may_be =
            |expected: &Option<String>, got: Option<&str>| expected.is_none() || expected.as_deref() == got;
        match (self, &decision.outcome) {
            (Self::Permit { rule }, Outcome::Permit { rule: got, .. }) => may_be(rule, Some(got)),
            (Self::Refuse { code, attribute, rule }, Outcome::Refuse(refusal)) => {
                code.as_deref() == refusal.code
                    && may_be(attribute, Some(refusal.attribute))
                    && may_be(rule, refusal.rule)
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

/// Writes what a case says, or nothing where it says nothing.
fn also(
    f: &mut fmt::Formatter<'_>,
    before: &str,
    said: Option<impl fmt::Display>,
    after: &str,
) -> fmt::Result {
    said.map_or(Ok(()), |said| write!(f, "{before}{said}{after}"))
}

/// What a case says beside its name and its request, each word with the key and the value in the text.
#[derive(Default)]
pub(super) struct Words<'n> {
    expect: Option<&'n Node>,
    said: Vec<(&'static str, &'n Node, &'n Node)>,
}

/// The words that say what must come out, and of which decisions.
const WORDS: &[(&str, &[&str])] = &[
    ("rule", &["permit", "refuse"]),
    ("code", &["refuse"]),
    ("attribute", &["refuse"]),
    ("needs", &["undetermined"]),
];

impl<'n> Words<'n> {
    /// Keeps a word for later, if it is one that says what must come out.
    pub(super) fn take(&mut self, word: &str, key: &'n Node, value: &'n Node) -> Result<bool, YamlError> {
        if word == "expect" {
            value.scalar("`expect`")?;
            self.expect = Some(value);
            return Ok(true);
        }
        let known = WORDS.iter().find(|(known, _)| *known == word);
        self.said.extend(known.map(|(known, _)| (*known, key, value)));
        Ok(known.is_some())
    }

    /// What they say together.
    pub(super) fn expected(&self, case: &Node) -> Result<Expected, YamlError> {
        let place = self.expect.ok_or_else(|| case.error("the case does not say what it `expect`s"))?;
        let decision = place.scalar("`expect`")?;
        if !matches!(decision, "permit" | "refuse" | "undetermined") {
            return Err(place.error(format!("`{decision}` is not one of permit, refuse and undetermined")));
        }
        self.fit(decision)?;
        match decision {
            "permit" => Ok(Expected::Permit { rule: self.text("rule")? }),
            "refuse" => Ok(Expected::Refuse {
                code: self.code(case)?,
                attribute: self.text("attribute")?,
                rule: self.text("rule")?,
            }),
            _ => Ok(Expected::Undetermined { needs: self.needs()? }),
        }
    }

    /// Whether each says something of such a decision.
    fn fit(&self, decision: &str) -> Result<(), YamlError> {
        let misplaced = self.said.iter().find(|(word, ..)| {
            let known = WORDS.iter().find(|(known, _)| known == word);
            known.is_none_or(|(_, of)| !of.contains(&decision))
        });
        misplaced.map_or(Ok(()), |(word, key, _)| {
            Err(key.error(format!("`{word}` says nothing of `expect: {decision}`")))
        })
    }

    fn value(&self, word: &str) -> Option<&'n Node> {
        self.said.iter().find(|(said, ..)| *said == word).map(|(.., value)| *value)
    }

    fn text(&self, word: &str) -> Result<Option<String>, YamlError> {
        let text = self.value(word).map(|value| value.scalar(&format!("`{word}`")).map(str::to_owned));
        text.transpose()
    }

    fn code(&self, case: &Node) -> Result<Option<String>, YamlError> {
        let hint = "a refusal says its `code`; `code: null` where none is assigned";
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
