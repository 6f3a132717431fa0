//! `scenario-file`, `unknown-in-scenario`, `unused-fixture`: what is wrong with the scenario files beside the rules.

use std::num::NonZeroUsize;

use crate::scenario;
use crate::scenario::{Case, Expected, ScenarioError, UnusedFixture};
use meterwarden::base::suggest;
use meterwarden::language::diagnostic::{Code, Diagnostic, Diagnostics};
use meterwarden::plan::Plan;
use meterwarden::policy::source::{Source, Span};
use meterwarden::policy::{Answer, Policy};

/// The findings about scenario files: they cannot be used, or they name what the policy does not have, or they declare
/// a fixture that nothing names.
pub fn lint_scenarios(plan: &Plan, mut files: Vec<Source>) -> Diagnostics {
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let found = match scenario::read(plan.policy(), &files, NonZeroUsize::MIN) {
        Ok(read) => {
            let cases = read.iter().flat_map(|file| file.cases.iter().map(move |case| (&file.path, case)));
            let unknown = cases.flat_map(|(path, case)| unknown_names(plan.policy(), &files, path, case));
            unknown.chain(unused_fixtures(&files)).collect()
        }
        Err(errors) => errors.iter().filter_map(|error| unusable_file(&files, error)).collect(),
    };
    Diagnostics::new(files, found)
}

fn unusable_file(files: &[Source], error: &ScenarioError) -> Option<Diagnostic> {
    let (file, source) = find_file(files, &error.path)?;
    let start = source.byte(error.error.line, error.error.column);
    let rest = source.text.get(start..).unwrap_or_default();
    let length = rest.find(|c: char| c.is_whitespace() || ",:[]{}\"".contains(c)).unwrap_or(rest.len());
    let span = span(file, start, start + length);
    Some(Diagnostic::new(Code::ScenarioFile, span, error.error.message.clone()))
}

fn unused_fixtures(files: &[Source]) -> Vec<Diagnostic> {
    let finding = |fixture: UnusedFixture<'_>| {
        let (file, source) = find_file(files, fixture.path)?;
        let start = source.byte(fixture.line, fixture.column);
        let span = span(file, start, start + fixture.name.len());
        let message = format!("no case and no other fixture names the fixture `{}`", fixture.name);
        let help = "name it under `start` or `with`, or drop it";
        Some(Diagnostic::new(Code::UnusedFixture, span, message).help(help))
    };
    scenario::unused_fixtures(files).into_iter().filter_map(finding).collect()
}

fn unknown_names(policy: &Policy, files: &[Source], path: &str, case: &Case) -> Vec<Diagnostic> {
    let Some((file, source)) = find_file(files, path) else { return Vec::new() };
    let finding = |unknown: UnknownName<'_>| {
        let span = place(source, file, case.line, unknown.name);
        let message = format!("`{}` is no {}", unknown.name, unknown.kind);
        Diagnostic::new(Code::UnknownInScenario, span, message).maybe_help(unknown.help)
    };
    let service = unknown_service(policy, case);
    service.into_iter().chain(unknown_in_expected(policy, &case.expected)).map(finding).collect()
}

/// A name that the policy does not have.
struct UnknownName<'c> {
    /// What it should be: `rule of the policy`.
    kind: &'static str,
    name: &'c str,
    help: Option<String>,
}

impl<'c> UnknownName<'c> {
    fn new<'p>(kind: &'static str, name: &'c str, known: impl Iterator<Item = &'p str>) -> Self {
        Self { kind, name, help: suggest::did_you_mean(name, known) }
    }
}

/// The service of a case. A case may test that an unknown service is refused.
fn unknown_service<'c>(policy: &Policy, case: &'c Case) -> Option<UnknownName<'c>> {
    let expects_refusal = matches!(&case.expected, Expected::Refuse { code: None, .. });
    let known = policy.services().iter().map(|service| service.name.as_str());
    (policy.service(&case.request.service).is_none() && !expects_refusal)
        .then(|| UnknownName::new("service of the policy", &case.request.service, known))
}

/// The unknown names in the expected outcome of a case.
fn unknown_in_expected<'c>(policy: &Policy, expected: &'c Expected) -> Vec<UnknownName<'c>> {
    let (rule, code, attributes): (Option<&String>, Option<&String>, Vec<&String>) = match expected {
        Expected::Permit { rule } => (rule.as_ref(), None, Vec::new()),
        Expected::Refuse { code, attribute, rule } => {
            (rule.as_ref(), code.as_ref(), attribute.iter().filter(|name| *name != "service").collect())
        }
        Expected::Undetermined { needs } => (None, None, needs.iter().flatten().collect()),
    };
    let rules = || policy.rules().iter().map(|rule| rule.name.as_str());
    let unknown_rule = rule.filter(|rule| rules().all(|known| known != *rule));
    let codes = codes(policy);
    let unknown_code = code.filter(|code| !codes.contains(&code.as_str()));
    let names = || policy.attributes().iter().map(|attribute| attribute.name.as_str());
    let unknown_attributes = attributes.into_iter().filter(|name| policy.attribute(name).is_none());

    let mut found = Vec::new();
    found.extend(unknown_rule.map(|rule| UnknownName::new("rule of the policy", rule, rules())));
    found.extend(
        unknown_code.map(|code| UnknownName::new("response code of the policy", code, codes.iter().copied())),
    );
    found.extend(unknown_attributes.map(|name| UnknownName::new("attribute of the policy", name, names())));
    found
}

/// Every response code that the policy can answer with.
fn codes(policy: &Policy) -> Vec<&str> {
    let attributes = policy.attributes().iter();
    let values = attributes.clone().flat_map(|attribute| &attribute.values);
    let of_values = values.filter_map(|value| value.refuse.as_ref());
    let of_rules = policy.rules().iter().filter_map(|rule| rule.refuse.as_ref());
    let answers = attributes.map(|attribute| &attribute.refuse).chain(of_values).chain(of_rules);
    let mut codes: Vec<&str> = answers.filter_map(|answer: &Answer| answer.code.as_deref()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

fn find_file<'s>(files: &'s [Source], path: &str) -> Option<(usize, &'s Source)> {
    files.iter().enumerate().find(|(_, source)| source.path == path)
}

/// The place of a name in a case: the first one from the line of the case on, otherwise the first in the lines before,
/// which the case shares with others.
fn place(source: &Source, file: usize, line: usize, name: &str) -> Span {
    let case_start = source.byte(line, 1);
    let (before, after) = source.text.split_at_checked(case_start).unwrap_or((&source.text, ""));
    let (start, length) = match (find_word(after, name), find_word(before, name)) {
        (Some(offset), _) => (case_start + offset, name.len()),
        (None, Some(offset)) => (offset, name.len()),
        (None, None) => (case_start, after.lines().next().map_or(0, str::len)),
    };
    span(file, start, start + length)
}

/// The offset of a name in a text, where it is not part of a longer name.
fn find_word(text: &str, name: &str) -> Option<usize> {
    let is_name_character = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    text.match_indices(name).map(|(offset, _)| offset).find(|offset| {
        let before = text.get(..*offset).and_then(|before| before.chars().next_back());
        let after = text.get(offset + name.len()..).and_then(|after| after.chars().next());
        !before.is_some_and(is_name_character) && !after.is_some_and(is_name_character)
    })
}

fn span(file: usize, start: usize, end: usize) -> Span {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Span { file: number(file), start: number(start), end: number(end) }
}
