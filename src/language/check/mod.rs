//! Syntax trees to a [`Policy`]: every name is resolved, and every mistake is reported in one run.

mod clauses;
mod clock;
mod conditions;
mod contradiction;
mod covered_services;
mod dates;
mod modifications;
mod names;
mod repeated;
mod respelt;
mod rules;
mod run_together;
mod services;
mod size;
mod unanswered;
mod vocabulary;

use std::num::NonZeroUsize;
use std::sync::{Arc, OnceLock};

use crate::base::parallel;
use crate::language::ast;
use crate::language::ast::{File, Item};
use crate::language::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::language::fingerprint;
use crate::language::parse::{Parsed, Unread};
use crate::policy::source::{Lines, Source};
use crate::policy::{Edge, Policy};

use names::Names;

/// Resolves parsed rule files, in path order, to a policy.
///
/// # Errors
///
/// Every mistake in the files, syntax errors included, in the order of the text.
pub fn check(sources: Vec<Source>, parsed: Vec<Parsed>) -> Result<Policy, Diagnostics> {
    let (policy, findings) = resolve(sources, Trees::of(parsed), &[]);
    if !findings.is_empty() {
        return Err(Diagnostics::new(policy.sources, findings));
    }
    Ok(policy)
}

/// The policy with other dates for its modifications, in the order of its register.
pub(crate) fn with_dates(policy: &Policy, dates: &[Edge]) -> Policy {
    let trees = Trees { files: Arc::clone(policy.trees()), syntax: Vec::new(), unread: Vec::new() };
    // The policy has passed the check, so a finding now can only be about dates that no author wrote.
    let (policy, _) = resolve(policy.sources.clone(), trees, dates);
    policy
}

/// What the parser made of the rule files.
struct Trees {
    files: Arc<[File]>,
    /// The syntax errors of all files.
    syntax: Vec<Diagnostic>,
    /// What could not be read of each file.
    unread: Vec<Unread>,
}

impl Trees {
    fn of(parsed: Vec<Parsed>) -> Self {
        let (mut files, mut syntax, mut unread) = (Vec::new(), Vec::new(), Vec::new());
        for file in parsed {
            files.push(file.file);
            syntax.extend(file.found);
            unread.push(file.unread);
        }
        Self { files: files.into(), syntax, unread }
    }
}

/// The policy, as far as it can be understood, and everything that is wrong with it.
fn resolve(sources: Vec<Source>, trees: Trees, dates: &[Edge]) -> (Policy, Vec<Diagnostic>) {
    let Trees { files, syntax, unread } = trees;
    let items = Items::of(&files);
    let mut names = Names::new(&unread);
    let modifications = modifications::resolve(&items, dates, &mut names);
    let clock = clock::resolve(&items, &mut names);
    let tags = services::tags(&items, &mut names);
    let vocabulary = vocabulary::resolve(&items, &mut names);
    let conditions = conditions::resolve(&items, &mut names);
    let mut services = services::resolve(&items, &mut names);
    let threads = rules::threads(&items);
    let (fingerprint, mut rules) = parallel::both(
        threads,
        || fingerprint::of(&sources),
        || rules::resolve(&items, &mut names, &services, &conditions, threads),
    );
    rules::check_orphans(&unread, &mut names, &conditions);
    covered_services::resolve(&mut rules, &mut services, &tags, &mut names);
    let policy = Policy {
        lines: Lines::of(&sources),
        sources,
        files: OnceLock::from(Arc::clone(&files)),
        fingerprint,
        attribute_index: index(vocabulary.attributes.iter().map(|attribute| &attribute.name)),
        attributes: vocabulary.attributes,
        fields: names.fields,
        groups: vocabulary.groups,
        modifications,
        clock,
        conditions,
        tags,
        service_index: index(services.iter().map(|service| &service.name)),
        services,
        rules: rules.rules,
    };
    check_policy(&policy, &rules.unclear, threads, &mut names, syntax.is_empty());
    let findings = findings(syntax, &items, &policy.sources, &mut names);
    (policy, findings)
}

/// `index[name]` is the position of a name.
fn index<'n>(names: impl Iterator<Item = &'n String>) -> std::collections::HashMap<String, usize> {
    names.cloned().zip(0..).collect()
}

/// What can only be checked once the policy is complete.
fn check_policy(
    policy: &Policy,
    unclear: &[bool],
    threads: NonZeroUsize,
    names: &mut Names<'_>,
    parsed: bool,
) {
    if !names.findings.iter().any(|finding| finding.code == Code::TooLarge) {
        let (contradictions, unanswered) = parallel::both(
            threads,
            || contradiction::check(policy, unclear),
            || unanswered::check(policy, unclear),
        );
        names.findings.extend(contradictions);
        names.findings.extend(unanswered);
    }
    // The size of a policy that has other mistakes means nothing.
    if names.findings.is_empty() && parsed {
        names.findings = size::check(policy);
    }
}

/// All findings: the syntax errors, with the words of the vocabulary where it explains them, and the others, with one
/// finding for a mistake that shows in several places.
fn findings(
    syntax: Vec<Diagnostic>,
    items: &Items<'_>,
    sources: &[Source],
    names: &mut Names<'_>,
) -> Vec<Diagnostic> {
    let syntax: Vec<_> =
        syntax.into_iter().map(|finding| respelt::with_values(finding, sources, names)).collect();
    let findings = std::mem::take(&mut names.findings);
    let mut findings = repeated::merge(findings, |code, name| names.declaration(code, name));
    if let Some(missing) = vocabulary::missing(items) {
        findings.retain(|finding| !repeated::is_unknown(finding.code) && finding.code != Code::Misplaced);
        if !names.may_be_lost(|word| word == "attribute") {
            findings.push(missing);
        }
    }
    syntax.into_iter().chain(findings).collect()
}

/// What the files declare, by kind, in policy order.
#[derive(Default)]
struct Items<'a> {
    attributes: Vec<&'a ast::Attribute>,
    groups: Vec<&'a ast::Group>,
    tags: Vec<&'a ast::Tag>,
    conditions: Vec<&'a ast::Condition>,
    modifications: Vec<&'a ast::Modification>,
    clocks: Vec<&'a ast::Clock>,
    services: Vec<&'a ast::Service>,
    /// Services and the rules outside them, in the order of the text: this is the order of the rules.
    ruled: Vec<Ruled<'a>>,
}

/// An item that has rules, or is one.
enum Ruled<'a> {
    /// A service, with its index in `services`.
    Service(usize, &'a ast::Service),
    Rule(&'a ast::Rule),
}

impl Ruled<'_> {
    fn rule_count(&self) -> usize {
        match self {
            Self::Service(_, service) => service.rules.len(),
            Self::Rule(_) => 1,
        }
    }
}

impl<'a> Items<'a> {
    fn of(files: &'a [File]) -> Self {
        let mut items = Self::default();
        for item in files.iter().flat_map(|file| &file.items) {
            match item {
                Item::Attribute(attribute) => items.attributes.push(attribute),
                Item::Group(group) => items.groups.push(group),
                Item::Tag(tag) => items.tags.push(tag),
                Item::Condition(condition) => items.conditions.push(condition),
                Item::Modification(modification) => items.modifications.push(modification),
                Item::Clock(clock) => items.clocks.push(clock),
                Item::Service(service) => {
                    items.ruled.push(Ruled::Service(items.services.len(), service));
                    items.services.push(service);
                }
                Item::Rule(rule) => items.ruled.push(Ruled::Rule(rule)),
            }
        }
        items
    }
}

/// The text of an optional description; empty if there is none.
fn text_of(text: Option<&ast::Name>) -> String {
    text.map_or_else(String::new, |text| text.text.to_string())
}
