//! Permits and forbids: their dates, clauses and conditions, and what each rule must state.

use std::num::NonZeroUsize;

use super::clauses::{self, Fields, Owner};
use super::conditions::{check_empty_source, is_misspelt_line, report_missing_source};
use super::names::{DeclaredAttribute, Names, Table};
use super::{Items, Ruled, dates, run_together, text_of, vocabulary};
use crate::base::parallel;
use crate::base::suggest;
use crate::language::ast;
use crate::language::ast::{Bound, Part};
use crate::language::diagnostic::{Code, Diagnostic};
use crate::language::parse::Unread;
use crate::limits::{MOST_COMBINATIONS, PARALLEL_RULES};
use crate::policy::rule_spans::{RareSpans, RuleSpans};
use crate::policy::source::Span;
use crate::policy::{Answer, Clause, Condition, Effect, Field, Rule, Service};

/// All rules, in policy order.
pub(super) struct Resolved<'a> {
    pub(super) rules: Vec<Rule>,
    /// `covers[r]` is the `services` line of rule `r`.
    pub(super) covers: Vec<Option<&'a ast::Covers>>,
    /// `unclear[r]`: whether anything is wrong with rule `r`, so that no further finding may be based on it.
    pub(super) unclear: Vec<bool>,
}

impl<'a> Resolved<'a> {
    fn with_capacity(rules: usize) -> Self {
        let (made, covers) = (Vec::with_capacity(rules), Vec::with_capacity(rules));
        Self { rules: made, covers, unclear: Vec::with_capacity(rules) }
    }

    fn extend(&mut self, more: Self) {
        self.rules.extend(more.rules);
        self.covers.extend(more.covers);
        self.unclear.extend(more.unclear);
    }

    fn push(&mut self, (rule, unclear): (Rule, bool), covers: Option<&'a ast::Covers>) {
        self.rules.push(rule);
        self.unclear.push(unclear);
        self.covers.push(covers);
    }
}

/// On how many threads to check rules.
pub(super) fn threads(items: &Items<'_>) -> NonZeroUsize {
    parallel::threads(rule_count(&items.ruled) >= PARALLEL_RULES)
}

fn rule_count(ruled: &[Ruled<'_>]) -> usize {
    ruled.iter().map(Ruled::rule_count).sum()
}

pub(super) fn resolve<'a>(
    items: &Items<'a>,
    names: &mut Names<'a>,
    services: &[Service],
    conditions: &[Condition],
    threads: NonZeroUsize,
) -> Resolved<'a> {
    let mut outside = Table::default();
    for (index, ruled) in items.ruled.iter().enumerate() {
        if let Ruled::Rule(rule) = ruled {
            names.declare(&mut outside, "rule", &rule.name, index);
        }
    }
    let shared = &*names;
    let parts = parallel::map(runs(&items.ruled, threads.get()), threads, |run| {
        let mut names = shared.fork();
        (resolve_run(run, &mut names, services, conditions), names.into_findings())
    });
    let mut resolved = Resolved::with_capacity(rule_count(&items.ruled));
    for (part, findings) in parts {
        resolved.extend(part);
        names.join(findings);
    }
    resolved
}

/// The items in runs. There are several runs for each thread, so that a run with much work does not delay the others.
fn runs<'i, 'a>(ruled: &'i [Ruled<'a>], threads: usize) -> std::slice::Chunks<'i, Ruled<'a>> {
    const FOR_A_THREAD: usize = 8;
    let runs = if threads == 1 { 1 } else { threads * FOR_A_THREAD };
    ruled.chunks(ruled.len().div_ceil(runs).max(1))
}

fn resolve_run<'a>(
    run: &[Ruled<'a>],
    names: &mut Names<'_>,
    services: &[Service],
    conditions: &[Condition],
) -> Resolved<'a> {
    let mut resolved = Resolved::with_capacity(rule_count(run));
    for ruled in run {
        match ruled {
            Ruled::Rule(rule) => {
                let made = resolve_rule(rule, Owner::Outside, None, names, conditions);
                resolved.push(made, covers_of(rule));
            }
            Ruled::Service(index, service) => {
                let fields = services[*index].fields.as_deref().map(fields_by_name);
                let owner = Owner::Service { name: &service.name.text, fields: fields.as_ref() };
                declare_rules(&service.rules, names);
                for rule in &service.rules {
                    resolved.push(resolve_rule(rule, owner, Some(*index), names, conditions), None);
                }
            }
        }
    }
    resolved
}

/// Declares the names of a service's rules. Nothing else refers to them, so the table is dropped.
fn declare_rules(rules: &[ast::Rule], names: &mut Names<'_>) {
    let mut inside = Table::default();
    for (index, rule) in rules.iter().enumerate() {
        names.declare(&mut inside, "rule", &rule.name, index);
    }
}

/// The first `services` line of a rule.
fn covers_of(rule: &ast::Rule) -> Option<&ast::Covers> {
    rule.parts.iter().find_map(|part| if let Part::Covers(covers) = part { Some(covers) } else { None })
}

/// Reports what is wrong with the rules of services that could not be read. These rules are not part of the policy.
pub(super) fn check_orphans(unread: &[Unread], names: &mut Names<'_>, conditions: &[Condition]) {
    for rule in unread.iter().flat_map(|file| &file.orphans) {
        resolve_rule(rule, Owner::UnreadService, None, names, conditions);
    }
}

fn fields_by_name(fields: &[Field]) -> Fields<'_> {
    fields.iter().zip(0..).map(|(field, index)| (field.name.as_str(), (index, field))).collect()
}

/// The lines between the braces of a rule, by kind.
#[derive(Default)]
struct Parts<'a> {
    covers: Vec<&'a ast::Covers>,
    when: Vec<&'a ast::Name>,
    since: Vec<&'a Bound>,
    until: Vec<&'a Bound>,
    source: Vec<&'a ast::Name>,
    assumed: Vec<&'a ast::Name>,
    refuse: Vec<&'a ast::Refuse>,
    clauses: Vec<&'a ast::Clause>,
}

impl<'a> Parts<'a> {
    fn of(rule: &'a ast::Rule) -> Self {
        let mut parts = Self::default();
        for part in &rule.parts {
            match part {
                Part::Covers(covers) => parts.covers.push(covers),
                Part::When(name) => parts.when.push(name),
                Part::Since(bound) => parts.since.push(bound),
                Part::Until(bound) => parts.until.push(bound),
                Part::Source(text) => parts.source.push(text),
                Part::Assumed(text) => parts.assumed.push(text),
                Part::Refuse(refuse) => parts.refuse.push(refuse),
                Part::Clause(clause) => parts.clauses.push(clause),
            }
        }
        parts
    }

    fn spans(&self) -> RuleSpans {
        RuleSpans::new(RareSpans {
            when: self.when.iter().map(|name| name.span).collect(),
            dates: [&self.since, &self.until].map(|bounds| bounds.first().map(|bound| bound.span)),
            covers: self.covers.first().map(|covers| covers.span),
            refuse: self.refuse.first().map(|refuse| refuse.span),
        })
    }
}

/// A rule, and whether anything is wrong with it.
fn resolve_rule(
    rule: &ast::Rule,
    owner: Owner<'_>,
    service: Option<usize>,
    names: &mut Names<'_>,
    conditions: &[Condition],
) -> (Rule, bool) {
    let parts = Parts::of(rule);
    let (findings, doubts) = (names.findings.len(), names.doubts());
    let window = dates::window(names, &parts.since, &parts.until);
    let source = first("`source`", &parts.source, names, |text| text.span);
    let assumed = first("`assumed`", &parts.assumed, names, |text| text.span);
    let clauses = clauses::resolve(&parts.clauses, owner, names);
    let clauses: Vec<Clause> = clauses.into_iter().flatten().collect();
    let when: Vec<Option<usize>> = parts.when.iter().map(|name| condition(name, names)).collect();
    let when_is_clear = !when.contains(&None) && !when.iter().flatten().any(|id| names.unclear[*id]);
    let when: Vec<usize> = when.into_iter().flatten().collect();
    clauses::check_plain_once(&clauses, names);
    check_combinations(rule, &when, conditions, names);
    let unclear = names.doubts() > doubts || !when_is_clear;
    check_source(rule, &parts, source, assumed, names);
    if rule.effect == Effect::Permit && when_is_clear {
        check_always(rule, &parts, &when, conditions, names);
    }
    check_covers(rule, &parts, owner, names);
    run_together::merge(rule, &mut names.findings, findings);
    let text = text_of(rule.text.as_ref());
    let made = Rule {
        name: match owner {
            Owner::Service { name, .. } => format!("{name}/{}", rule.name.text),
            Owner::UnreadService | Owner::Outside | Owner::Case => rule.name.text.to_string(),
        },
        refuse: refuse(rule, &parts, &text, names),
        text,
        doc: rule.doc.clone(),
        effect: rule.effect,
        service,
        window,
        clauses,
        when,
        spans: parts.spans(),
        selectors: Vec::new(),
        source: source.map(|text| text.text.to_string()),
        assumed: assumed.map(|text| text.text.to_string()),
        span: rule.span,
        name_span: rule.name.span,
    };
    (made, unclear)
}

/// The first of several lines that a rule may have once; each further line is a finding.
fn first<'r, T>(
    what: &str,
    lines: &[&'r T],
    names: &mut Names<'_>,
    span: impl Fn(&T) -> Span,
) -> Option<&'r T> {
    let (first, rest) = lines.split_first()?;
    for again in rest {
        names.report_said_twice(what, span(again), span(first));
    }
    Some(first)
}

fn condition(name: &ast::Name, names: &mut Names<'_>) -> Option<usize> {
    if let Some((condition, _)) = names.conditions.get(name.text.as_str()) {
        return Some(*condition);
    }
    let known = Names::sorted(&names.conditions);
    let help = match names.attribute_table.contains_key(name.text.as_str()) {
        true => format!("`{0}` is an attribute: write `{0}` and its values, without `when`", name.text),
        false => "declare it with `condition`".to_owned(),
    };
    names.report_unknown(Code::UnknownCondition, "condition", name, known, Some(help));
    None
}

fn check_combinations(rule: &ast::Rule, when: &[usize], conditions: &[Condition], names: &mut Names<'_>) {
    let cases = when.iter().map(|condition| conditions[*condition].cases.len());
    let combinations = cases.fold(1, usize::saturating_mul);
    if combinations > MOST_COMBINATIONS {
        let message = format!(
            "the cases of the conditions of `{}` combine in {combinations} ways; {MOST_COMBINATIONS} are the most",
            rule.name.text
        );
        let finding = Diagnostic::new(Code::TooLarge, rule.name.span, message);
        names.report(finding.help("write one condition for all of them"));
    }
}

fn check_source(
    rule: &ast::Rule,
    parts: &Parts<'_>,
    source: Option<&ast::Name>,
    assumed: Option<&ast::Name>,
    names: &mut Names<'_>,
) {
    let misspelt = parts.clauses.iter().any(|clause| is_misspelt_line(clause, names));
    check_empty_source(&rule.name, &[("source", source), ("assumed", assumed)], names);
    if source.is_none() && assumed.is_none() && !misspelt {
        report_missing_source("rule", &rule.name, names);
    }
}

/// A permit without a clause about an attribute permits every value of it. So a permit must have a clause about each
/// attribute that the vocabulary marks `always`, itself or in every case of one of its conditions.
fn check_always(
    rule: &ast::Rule,
    parts: &Parts<'_>,
    when: &[usize],
    conditions: &[Condition],
    names: &mut Names<'_>,
) {
    let tested =
        parts.clauses.iter().map(|clause| Some(names.attribute_table.get(clause.attribute.text.as_str())?.0));
    // An unknown attribute may be a misspelt `always` attribute.
    let Some(tested) = tested.collect::<Option<Vec<usize>>>() else { return };
    let is_tested = |attribute: usize| {
        let about = |clauses: &Vec<Clause>| clauses.iter().any(|clause| clause.attribute == attribute);
        tested.contains(&attribute) || when.iter().any(|id| conditions[*id].cases.iter().all(about))
    };
    let missing = |(index, attribute): (usize, &DeclaredAttribute<'_>)| {
        // Of an attribute that is declared twice, only the first declaration counts.
        let counts = names.attribute_table.get(attribute.name).is_some_and(|(first, _)| *first == index);
        (attribute.always && counts && !is_tested(index)).then(|| attribute.name.to_owned())
    };
    let missing: Vec<String> = names.attributes.iter().enumerate().filter_map(missing).collect();
    if missing.is_empty() {
        return;
    }
    let list = suggest::join(&suggest::ticked(&missing), "and");
    let message = format!("the permit `{}` does not say {list}", rule.name.text);
    let any: Vec<String> = missing.iter().map(|name| format!("`{name} any`")).collect();
    let help = format!("say which values it means, or {} if every value will do", suggest::join(&any, "and"));
    names.report(Diagnostic::new(Code::MissingAlways, rule.name.span, message).help(help));
}

/// A rule outside services states which services it covers, and a rule in a service does not.
fn check_covers(rule: &ast::Rule, parts: &Parts<'_>, owner: Owner<'_>, names: &mut Names<'_>) {
    let covers = first("`services`", &parts.covers, names, |covers| covers.span);
    match (owner, covers) {
        (Owner::Outside, None) => {
            let message = format!("the rule `{}` does not say which services it covers", rule.name.text);
            let finding = Diagnostic::new(Code::MissingServices, rule.name.span, message);
            names.report(finding.help("say `services all`, or name services or tags"));
        }
        (Owner::Service { .. } | Owner::UnreadService | Owner::Case, Some(covers)) => {
            let message = "a rule of a service covers that service only";
            let finding = Diagnostic::new(Code::Misplaced, covers.span, message);
            names.report(finding.help("drop the line, or move the rule out of the service"));
        }
        (Owner::Outside, Some(_)) | (_, None) => {}
    }
}

fn refuse(rule: &ast::Rule, parts: &Parts<'_>, text: &str, names: &mut Names<'_>) -> Option<Answer> {
    let refuse = first("`refuse`", &parts.refuse, names, |refuse| refuse.span)?;
    if rule.effect == Effect::Permit {
        let message = format!("`{}` is a permit, and a permit refuses nothing", rule.name.text);
        let finding = Diagnostic::new(Code::Misplaced, refuse.span, message);
        names.report(finding.help("drop the line, or write a forbid"));
        return None;
    }
    let default_reason = if text.is_empty() { &rule.name.text } else { text };
    Some(vocabulary::answer(Some(refuse), default_reason))
}
