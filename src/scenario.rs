//! Scenarios: cases beside the rules that say what a request must get, and the run over them.

use std::fmt;

use crate::compile::Plan;
use crate::decide::{Decision, Outcome};
use crate::request::{Draft, Request};
use crate::suggest;
use crate::yaml::{self, Node, YamlError};

/// A `*.scenarios.yaml` file: a shared starting point, and cases that say what differs from it.
#[derive(Clone, Debug)]
pub struct ScenarioFile {
    /// Its path under the policy's folder.
    pub path: String,
    /// Its cases, in the order of the text.
    pub cases: Vec<Case>,
}

/// One case.
#[derive(Clone, Debug)]
pub struct Case {
    /// What it is about, for people; no other case of the file has the same.
    pub name: String,
    /// The line it begins on.
    pub line: usize,
    /// The whole request: the start, and what differs.
    pub request: Request,
    /// What it must get.
    pub expected: Expected,
}

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
        /// The forbid that answers.
        rule: Option<String>,
    },
    /// `expect: undetermined`, `needs: [relation]`
    Undetermined {
        /// Exactly the attributes on which it depends.
        needs: Option<Vec<String>>,
    },
}

/// A scenario file that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}:{}:{}: {}", error.line, error.column, error.message)]
pub struct ScenarioError {
    /// Its path under the policy's folder.
    pub path: String,
    /// What is wrong, and where.
    pub error: YamlError,
}

/// What came of the cases of one file.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// How many cases got what they expect.
    pub passed: usize,
    /// The others, in order.
    pub failed: Vec<Failed>,
}

/// A case that did not get what it expects.
#[derive(Clone, Debug)]
pub struct Failed {
    /// The file and the line of the case.
    pub place: String,
    /// Its name.
    pub name: String,
    /// What it expects, as a person reads it.
    pub expected: String,
    /// What it got, as a person reads it.
    pub got: String,
    /// Why, where the request could be decided.
    pub because: String,
}

impl ScenarioFile {
    /// Reads a scenario file. Every case ends up with a whole request.
    ///
    /// # Errors
    ///
    /// The text is not YAML, or not scenarios: the first place at which it is not.
    pub fn parse(path: &str, text: &str) -> Result<Self, ScenarioError> {
        let cases = yaml::parse(text).and_then(|root| cases(&root));
        let located = |error| ScenarioError { path: path.to_owned(), error };
        Ok(Self { path: path.to_owned(), cases: cases.map_err(located)? })
    }
}

fn cases(root: &Node) -> Result<Vec<Case>, YamlError> {
    let mut start = Draft::default();
    let mut listed = None;
    for (key, value) in root.map("a scenario file")? {
        match key.scalar("a name")? {
            "start" => start.add(value)?,
            "cases" => listed = Some(value.list("`cases`")?),
            other => return Err(unknown(key, other, &["start", "cases"])),
        }
    }
    let listed = listed.ok_or_else(|| root.error("a scenario file needs `cases`"))?;
    let mut cases: Vec<Case> = Vec::with_capacity(listed.len());
    for node in listed {
        let case = case(node, &start)?;
        if let Some(first) = cases.iter().find(|first| first.name == case.name) {
            let message =
                format!("two cases are called \"{}\"; the first is on line {}", case.name, first.line);
            return Err(node.error(message));
        }
        cases.push(case);
    }
    Ok(cases)
}

fn case(node: &Node, start: &Draft) -> Result<Case, YamlError> {
    let mut draft = start.clone();
    let mut words = Words::default();
    for (key, value) in node.map("a case")? {
        match key.scalar("a name")? {
            "name" => words.name = Some(value.scalar("`name`")?),
            "with" => draft.add(value)?,
            "without" => without(&mut draft, value)?,
            "expect" => words.expect = Some((value, value.scalar("`expect`")?)),
            "rule" => words.rule = Some((key, value.scalar("`rule`")?)),
            "code" => words.code = Some((key, value)),
            "needs" => words.needs = Some((key, value)),
            other => return Err(unknown(key, other, KEYS)),
        }
    }
    let name = words.name.ok_or_else(|| node.error("the case has no `name`"))?.to_owned();
    let expected = words.expected(node)?;
    Ok(Case { name, line: node.line, request: draft.finish(node)?, expected })
}

const KEYS: &[&str] = &["name", "with", "without", "expect", "rule", "code", "needs"];

fn without(draft: &mut Draft, value: &Node) -> Result<(), YamlError> {
    for name in value.list("`without`")? {
        let text = name.scalar("a name")?;
        if !draft.remove(text) {
            return Err(name.error(format!("the request does not say `{text}`, so it cannot be left out")));
        }
    }
    Ok(())
}

fn unknown(key: &Node, name: &str, known: &[&str]) -> YamlError {
    let help = suggest::did_you_mean(name, known.iter().copied())
        .unwrap_or_else(|| format!("known are {}", suggest::join(known, "and")));
    key.error(format!("`{name}` is not known here; {help}"))
}

/// What a case says beside its request.
#[derive(Default)]
struct Words<'n> {
    name: Option<&'n str>,
    expect: Option<(&'n Node, &'n str)>,
    rule: Option<(&'n Node, &'n str)>,
    code: Option<(&'n Node, &'n Node)>,
    needs: Option<(&'n Node, &'n Node)>,
}

impl Words<'_> {
    fn expected(&self, node: &Node) -> Result<Expected, YamlError> {
        let (place, decision) =
            self.expect.ok_or_else(|| node.error("the case does not say what it `expect`s"))?;
        let rule = self.rule.map(|(_, rule)| rule.to_owned());
        let misplaced = |key: Option<&Node>, word: &str| {
            key.map_or(Ok(()), |key| Err(key.error(format!("`{word}` says nothing of `expect: {decision}`"))))
        };
        match decision {
            "permit" => {
                misplaced(self.code.map(|(key, _)| key), "code")?;
                misplaced(self.needs.map(|(key, _)| key), "needs")?;
                Ok(Expected::Permit { rule })
            }
            "refuse" => {
                misplaced(self.needs.map(|(key, _)| key), "needs")?;
                Ok(Expected::Refuse { code: self.code(node)?, rule })
            }
            "undetermined" => {
                misplaced(self.code.map(|(key, _)| key), "code")?;
                misplaced(self.rule.map(|(key, _)| key), "rule")?;
                Ok(Expected::Undetermined { needs: self.needs()? })
            }
            other => Err(place.error(format!("`{other}` is not one of permit, refuse and undetermined"))),
        }
    }

    fn code(&self, node: &Node) -> Result<Option<String>, YamlError> {
        let hint = "a refusal says its `code`; `code: null` where none is assigned";
        let (_, code) = self.code.ok_or_else(|| node.error(hint))?;
        match &code.kind {
            yaml::Kind::Null => Ok(None),
            _ => Ok(Some(code.scalar("`code`")?.to_owned())),
        }
    }

    fn needs(&self) -> Result<Option<Vec<String>>, YamlError> {
        let Some((_, list)) = self.needs else { return Ok(None) };
        let names = list.list("`needs`")?.iter().map(|name| name.scalar("a name").map(str::to_owned));
        names.collect::<Result<_, _>>().map(Some)
    }
}

/// Decides every case of a file.
pub fn run(plan: &Plan, file: &ScenarioFile) -> Report {
    let mut report = Report::default();
    for case in &file.cases {
        match compare(plan, case) {
            Ok(()) => report.passed += 1,
            Err((got, because)) => report.failed.push(Failed {
                place: format!("{}:{}", file.path, case.line),
                name: case.name.clone(),
                expected: case.expected.to_string(),
                got,
                because,
            }),
        }
    }
    report
}

/// What a case got and why, where that is not what it expects.
fn compare(plan: &Plan, case: &Case) -> Result<(), (String, String)> {
    let decision = plan.decide(&case.request).map_err(|error| (error.to_string(), String::new()))?;
    if case.expected.is(&decision) {
        return Ok(());
    }
    let explanation = plan.explain(&case.request).map_or_else(|_| String::new(), |found| found.to_string());
    Err((decision.to_string(), nearest_only(&explanation)))
}

/// An explanation without its first line, which is the decision, and without the further permits.
fn nearest_only(explanation: &str) -> String {
    let paragraphs = explanation.split("\n\n").filter(|text| !text.starts_with("further permit"));
    let kept = paragraphs.collect::<Vec<_>>().join("\n\n");
    kept.split_once('\n').map_or_else(String::new, |(_, rest)| rest.trim_end().to_owned())
}

impl Expected {
    /// Whether a decision is what is expected.
    pub fn is(&self, decision: &Decision<'_>) -> bool {
        match (self, &decision.outcome) {
            (Self::Permit { rule }, Outcome::Permit { rule: got, .. }) => {
                rule.as_deref().is_none_or(|rule| rule == *got)
            }
            (Self::Refuse { code, rule }, Outcome::Refuse(refusal)) => {
                code.as_deref() == refusal.code && (rule.is_none() || rule.as_deref() == refusal.rule)
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
                rule.as_ref().map_or(Ok(()), |rule| write!(f, " by {rule}"))
            }
            Self::Refuse { code, rule } => {
                write!(f, "refuse {}", code.as_deref().unwrap_or("without a code"))?;
                rule.as_ref().map_or(Ok(()), |rule| write!(f, " [{rule}]"))
            }
            Self::Undetermined { needs } => {
                f.write_str("undetermined")?;
                needs
                    .as_ref()
                    .map_or(Ok(()), |needs| write!(f, ": it depends on {}", suggest::join(needs, "and")))
            }
        }
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}", self.place, self.name)?;
        writeln!(f, "  expected  {}", self.expected)?;
        write!(f, "  got       {}", self.got)?;
        for line in self.because.lines() {
            let indent = if line.is_empty() { "" } else { "    " };
            write!(f, "\n{indent}{line}")?;
        }
        Ok(())
    }
}
