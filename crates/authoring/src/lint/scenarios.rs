//! `scenario-file`, `unknown-in-scenario`, `unused-fixture`: what is wrong with the scenario files that stand beside the rules.

use std::num::NonZeroUsize;

use crate::scenario;
use crate::scenario::{Case, Expected, ScenarioError};
use meterwarden::base::suggest;
use meterwarden::language::diagnostic::{Code, Diagnostic, Diagnostics};
use meterwarden::plan::Plan;
use meterwarden::policy::source::{Source, Span};
use meterwarden::policy::{Answer, Policy};

/// What is to be said of scenario files: that they cannot be used, or that they name what the policy does not have.
pub fn lint_scenarios(plan: &Plan, mut files: Vec<Source>) -> Diagnostics {
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let found = match scenario::read(plan.policy(), &files, NonZeroUsize::MIN) {
        Ok(read) => {
            let cases = read.iter().flat_map(|file| file.cases.iter().map(move |case| (&file.path, case)));
            let named = cases.flat_map(|(path, case)| of_case(plan.policy(), &files, path, case));
            named.chain(unused_fixtures(&files)).collect()
        }
        Err(wrong) => wrong.iter().filter_map(|one| unusable(&files, one)).collect(),
    };
    Diagnostics::new(files, found)
}

fn unusable(files: &[Source], wrong: &ScenarioError) -> Option<Diagnostic> {
    let (file, source) = file(files, &wrong.path)?;
    let start = source.byte(wrong.error.line, wrong.error.column);
    let rest = source.text.get(start..).unwrap_or_default();
    let word = rest.find(|c: char| c.is_whitespace() || ",:[]{}\"".contains(c)).unwrap_or(rest.len());
    let span = span(file, start, start + word);
    Some(Diagnostic::new(Code::ScenarioFile, span, wrong.error.message.clone()))
}

/// Fixtures that nothing names.
fn unused_fixtures(files: &[Source]) -> Vec<Diagnostic> {
    let say = |(path, name, [line, column]): (&str, String, [usize; 2])| {
        let (nth, source) = file(files, path)?;
        let start = source.byte(line, column);
        let span = span(nth, start, start + name.len());
        let message = format!("no case and no other fixture names the fixture `{name}`");
        let help = "name it under `start` or `with`, or drop it";
        Some(Diagnostic::new(Code::UnusedFixture, span, message).help(help))
    };
    scenario::unused_fixtures(files).into_iter().filter_map(say).collect()
}

fn of_case(policy: &Policy, files: &[Source], path: &str, case: &Case) -> Vec<Diagnostic> {
    let Some((nth, source)) = file(files, path) else { return Vec::new() };
    let say = |unknown: Unknown<'_>| {
        let span = place(source, nth, case.line, unknown.name);
        let message = format!("`{}` is no {}", unknown.name, unknown.class);
        Diagnostic::new(Code::UnknownInScenario, span, message).maybe_help(unknown.help)
    };
    let expected = expected(policy, &case.expected);
    service(policy, case).into_iter().chain(expected).map(say).collect()
}

/// A name that the policy does not have.
struct Unknown<'c> {
    class: String,
    name: &'c str,
    help: Option<String>,
}

impl<'c> Unknown<'c> {
    fn new<'p>(class: impl Into<String>, name: &'c str, known: impl Iterator<Item = &'p str>) -> Self {
        Self { class: class.into(), name, help: suggest::did_you_mean(name, known) }
    }
}

/// The service of a case. That an unknown one is refused may be the very point of it.
fn service<'c>(policy: &Policy, case: &'c Case) -> Option<Unknown<'c>> {
    let refused = matches!(&case.expected, Expected::Refuse { code: None, .. });
    let known = policy.services().iter().map(|one| one.name.as_str());
    (policy.service(&case.request.service).is_none() && !refused)
        .then(|| Unknown::new("service of the policy", &case.request.service, known))
}

/// What its expectation names.
fn expected<'c>(policy: &Policy, expected: &'c Expected) -> Vec<Unknown<'c>> {
    let (rule, code, attributes): (Option<&String>, Option<&String>, Vec<&String>) = match expected {
        Expected::Permit { rule } => (rule.as_ref(), None, Vec::new()),
        Expected::Refuse { code, attribute, rule } => {
            (rule.as_ref(), code.as_ref(), attribute.iter().filter(|one| *one != "service").collect())
        }
        Expected::Undetermined { needs } => (None, None, needs.iter().flatten().collect()),
    };
    let mut found = Vec::new();
    let rules = || policy.rules().iter().map(|one| one.name.as_str());
    found.extend(
        rule.filter(|rule| rules().all(|known| known != *rule))
            .map(|rule| Unknown::new("rule of the policy", rule, rules())),
    );
    let codes = codes(policy);
    let unknown_code = code.filter(|code| !codes.contains(&code.as_str()));
    found.extend(
        unknown_code.map(|code| Unknown::new("response code of the policy", code, codes.iter().copied())),
    );
    let names = || policy.attributes().iter().map(|one| one.name.as_str());
    let unknown = attributes.into_iter().filter(|one| policy.attribute(one).is_none());
    found.extend(unknown.map(|one| Unknown::new("attribute of the policy", one, names())));
    found
}

/// Every response code that the policy can answer with.
fn codes(policy: &Policy) -> Vec<&str> {
    let attributes = policy.attributes().iter();
    let values =
        attributes.clone().flat_map(|one| one.values.iter().filter_map(|value| value.refuse.as_ref()));
    let rules = policy.rules().iter().filter_map(|rule| rule.refuse.as_ref());
    let answers = attributes.map(|one| &one.refuse).chain(values).chain(rules);
    let mut codes: Vec<&str> = answers.filter_map(|answer: &Answer| answer.code.as_deref()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

fn file<'s>(files: &'s [Source], path: &str) -> Option<(usize, &'s Source)> {
    files.iter().enumerate().find(|(_, source)| source.path == path)
}

/// Where a case says a name: the first place from its line on, or else in the lines above, which it shares with others.
fn place(source: &Source, file: usize, line: usize, name: &str) -> Span {
    let from = source.byte(line, 1);
    let (above, below) = source.text.split_at_checked(from).unwrap_or((&source.text, ""));
    let (start, length) = match (word(below, name), word(above, name)) {
        (Some(at), _) => (from + at, name.len()),
        (None, Some(at)) => (at, name.len()),
        (None, None) => (from, below.lines().next().map_or(0, str::len)),
    };
    span(file, start, start + length)
}

/// Where a text holds a name that is not part of a longer one.
fn word(text: &str, name: &str) -> Option<usize> {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    text.match_indices(name).map(|(at, _)| at).find(|at| {
        let before = text.get(..*at).and_then(|before| before.chars().next_back());
        let behind = text.get(at + name.len()..).and_then(|behind| behind.chars().next());
        !before.is_some_and(part) && !behind.is_some_and(part)
    })
}

fn span(file: usize, start: usize, end: usize) -> Span {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Span { file: number(file), start: number(start), end: number(end) }
}
