//! Trees to a [`Policy`]: every name gets its meaning, every finding is reported at once.

mod clauses;
mod conditions;
mod contradiction;
mod coverage;
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

use std::sync::OnceLock;

use crate::base::parallel;
use crate::language::ast;
use crate::language::ast::Item;
use crate::language::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::language::fingerprint;
use crate::language::parse::{Parsed, parse};
use crate::policy::source::{Lines, Source};
use crate::policy::{Edge, Policy};

use names::Names;

/// Resolves parsed rule files, in path order, to a policy.
///
/// # Errors
///
/// Every finding of the run, syntax errors included, in the order of the text.
pub fn check(sources: Vec<Source>, parsed: Vec<Parsed>) -> Result<Policy, Diagnostics> {
    let (policy, found) = resolve(sources, parsed, &[]);
    if !found.is_empty() {
        return Err(Diagnostics::new(policy.sources, found));
    }
    Ok(policy)
}

/// A policy with other dates for its modifications, in the order of its list.
pub(crate) fn as_if(policy: &Policy, dates: &[Edge]) -> Policy {
    let sources = policy.sources.clone();
    let parsed: Vec<Parsed> = sources.iter().zip(0..).map(|(source, file)| parse(source, file)).collect();
    // It loaded; what is found now is about dates that nobody wrote.
    let (resolved, _) = resolve(sources, parsed, dates);
    Policy { files: policy.files.clone(), ..resolved }
}

/// The policy, as far as it can be understood, and all that is wrong with it.
fn resolve(sources: Vec<Source>, mut parsed: Vec<Parsed>, dates: &[Edge]) -> (Policy, Vec<Diagnostic>) {
    let bodies = bodies(&mut parsed);
    let items = Items::of(&parsed);
    let mut names = Names::new(&parsed);
    let mut modifications = modifications::resolve(&items, &mut names);
    for ((one, known), date) in modifications.iter_mut().zip(&mut names.dates).zip(dates) {
        (one.effective, *known) = (*date, Some(*date));
    }
    let tags = services::tags(&items, &mut names);
    let (attributes, fields) = vocabulary::resolve(&items, &mut names);
    let conditions = conditions::resolve(&items, &mut names);
    let mut services = services::resolve(&items, &bodies, &mut names);
    let threads = rules::threads(&items, &bodies);
    let (fingerprint, mut rules) = parallel::both(
        threads,
        || fingerprint::of(&sources),
        || rules::resolve(&items, bodies, &mut names, &services, &conditions, threads),
    );
    rules::orphans(&parsed, &mut names, &conditions);
    coverage::resolve(&mut rules, &mut services, &tags, &mut names);
    let index = |names: Vec<String>| names.into_iter().enumerate().map(|(at, name)| (name, at)).collect();
    let policy = Policy {
        fingerprint,
        attribute_index: index(attributes.iter().map(|one| one.name.clone()).collect()),
        service_index: index(services.iter().map(|one| one.name.clone()).collect()),
        lines: Lines::of(&sources),
        sources,
        files: OnceLock::new(),
        attributes,
        fields,
        modifications,
        conditions,
        tags,
        services,
        rules: rules.made,
    };
    if !names.found.iter().any(|one| one.code == Code::TooLarge) {
        let (contradictions, unanswered) = parallel::both(
            threads,
            || contradiction::check(&policy, &rules.unclear),
            || unanswered::check(&policy, &rules.unclear),
        );
        names.found.extend(contradictions);
        names.found.extend(unanswered);
    }
    if names.found.is_empty() && parsed.iter().all(|file| file.found.is_empty()) {
        names.found = size::check(&policy); // the sizes of a policy that does not load mean nothing
    }
    let syntax = parsed.iter().flat_map(|file| &file.found);
    let syntax: Vec<_> =
        syntax.map(|one| respelt::with_values(one.clone(), &policy.sources, &names)).collect();
    let found = std::mem::take(&mut names.found);
    let mut told = repeated::folded(found, |code, name| names.declared(code, name));
    if let Some(missing) = vocabulary::missing(&items) {
        told.retain(|one| !repeated::is_unknown(one.code) && one.code != Code::Misplaced);
        if !names.may_be_lost(|word| word == "attribute") {
            told.push(missing);
        }
    }
    let found: Vec<_> = syntax.into_iter().chain(told).collect();
    (policy, found)
}

/// The rules of a service, nearly all of what its tree holds: taken out of it, so that each can go once it is resolved.
type Body = Vec<ast::Rule>;

/// The rules of each service, in policy order.
fn bodies(parsed: &mut [Parsed]) -> Vec<Body> {
    let items = parsed.iter_mut().flat_map(|parsed| &mut parsed.file.items);
    let services = items.filter_map(|item| if let Item::Service(one) = item { Some(one) } else { None });
    services.map(|service| std::mem::take(&mut service.rules)).collect()
}

/// What the files declare, by class, in policy order.
#[derive(Default)]
struct Items<'a> {
    attributes: Vec<&'a ast::Attribute>,
    groups: Vec<&'a ast::Group>,
    tags: Vec<&'a ast::Tag>,
    conditions: Vec<&'a ast::Condition>,
    modifications: Vec<&'a ast::Modification>,
    services: Vec<&'a ast::Service>,
    /// Services and the rules outside of them, as they stand in the text: rules are in policy order.
    ruled: Vec<Ruled<'a>>,
}

enum Ruled<'a> {
    Service(&'a ast::Service),
    Rule(&'a ast::Rule),
}

impl<'a> Items<'a> {
    fn of(parsed: &'a [Parsed]) -> Self {
        let mut items = Self::default();
        for item in parsed.iter().flat_map(|parsed| &parsed.file.items) {
            match item {
                Item::Attribute(one) => items.attributes.push(one),
                Item::Group(one) => items.groups.push(one),
                Item::Tag(one) => items.tags.push(one),
                Item::Condition(one) => items.conditions.push(one),
                Item::Modification(one) => items.modifications.push(one),
                Item::Service(one) => {
                    items.services.push(one);
                    items.ruled.push(Ruled::Service(one));
                }
                Item::Rule(one) => items.ruled.push(Ruled::Rule(one)),
            }
        }
        items
    }
}
