//! Permits and forbids: their dates, clauses and conditions, and what each must say.

use std::num::NonZeroUsize;

use super::clauses::{self, Fields, Place};
use super::conditions::{empty_source, missing_source, misspelt_line};
use super::names::{Names, Table};
use super::{Body, Items, Ruled, dates, run_together, vocabulary};
use crate::base::parallel;
use crate::base::suggest;
use crate::language::ast;
use crate::language::ast::{Bound, Part};
use crate::language::diagnostic::{Code, Diagnostic};
use crate::language::parse::Parsed;
use crate::policy::rule_spans::{RareSpans, Spans};
use crate::policy::{Answer, Clause, Condition, Effect, MOST_COMBINATIONS, Rule, Service};

/// Fewer rules than this are checked in the time that a thread needs to begin.
const WORTH_A_THREAD: usize = 1_000;

/// All rules, in policy order.
pub(super) struct Resolved<'a> {
    pub(super) made: Vec<Rule>,
    /// How each says which services it covers.
    pub(super) covers: Vec<Option<&'a ast::Covers>>,
    /// Whether anything is wrong with it, so that nothing follows from it.
    pub(super) unclear: Vec<bool>,
}

impl<'a> Resolved<'a> {
    fn of(rules: usize) -> Self {
        let (made, covers) = (Vec::with_capacity(rules), Vec::with_capacity(rules));
        Self { made, covers, unclear: Vec::with_capacity(rules) }
    }

    fn extend(&mut self, other: Self) {
        self.made.extend(other.made);
        self.covers.extend(other.covers);
        self.unclear.extend(other.unclear);
    }

    fn push(&mut self, (made, unclear): (Rule, bool), covers: Option<&'a ast::Covers>) {
        self.made.push(made);
        self.unclear.push(unclear);
        self.covers.push(covers);
    }
}

/// A service or a rule outside of services, as the text has it.
enum Written<'a> {
    Rule(&'a ast::Rule),
    Service { nth: usize, written: &'a ast::Service, body: Body },
}

/// How many threads to check rules on.
pub(super) fn threads(items: &Items<'_>, bodies: &[Body]) -> NonZeroUsize {
    let outside = items.ruled.iter().filter(|ruled| matches!(ruled, Ruled::Rule(_))).count();
    parallel::threads(outside + bodies.iter().map(Vec::len).sum::<usize>() >= WORTH_A_THREAD)
}

pub(super) fn resolve<'a>(
    items: &Items<'a>,
    bodies: Vec<Body>,
    names: &mut Names<'a>,
    services: &[Service],
    conditions: &[Condition],
    threads: NonZeroUsize,
) -> Resolved<'a> {
    let written = written(items, bodies);
    let mut outside = Table::default();
    for (nth, one) in written.iter().enumerate() {
        if let Written::Rule(rule) = one {
            names.declare(&mut outside, "rule", &rule.name, nth);
        }
    }
    let rules = count(&written);
    let known = &*names;
    let parts = parallel::map(runs(written, threads.get()), threads, |run| {
        let mut names = known.apart();
        (each(run, &mut names, services, conditions), names.into_found())
    });
    let mut all = Resolved::of(rules);
    for (part, found) in parts {
        all.extend(part);
        names.join(found);
    }
    all
}

/// Every service with its rules, and every rule outside, in the order of the text.
fn written<'a>(items: &Items<'a>, bodies: Vec<Body>) -> Vec<Written<'a>> {
    let mut bodies = bodies.into_iter().enumerate();
    let written = items.ruled.iter().filter_map(|ruled| match ruled {
        Ruled::Rule(rule) => Some(Written::Rule(rule)),
        Ruled::Service(written) => bodies.next().map(|(nth, body)| Written::Service { nth, written, body }),
    });
    written.collect()
}

/// How many rules there are.
fn count(written: &[Written<'_>]) -> usize {
    let rules = written.iter().map(|one| match one {
        Written::Rule(_) => 1,
        Written::Service { body, .. } => body.len(),
    });
    rules.sum()
}

/// All of it in runs, several for each thread, so that one with much to do holds up no other.
fn runs<'a>(written: Vec<Written<'a>>, threads: usize) -> Vec<Vec<Written<'a>>> {
    const FOR_A_THREAD: usize = 8;
    let runs = if threads == 1 { 1 } else { threads * FOR_A_THREAD };
    let length = written.len().div_ceil(runs).max(1);
    let mut rest = written.into_iter();
    std::iter::from_fn(|| Some(rest.by_ref().take(length).collect()))
        .take_while(|run: &Vec<Written<'_>>| !run.is_empty())
        .collect()
}

/// The rules of a run; of each service the tree goes once it is resolved.
fn each<'a>(
    run: Vec<Written<'a>>,
    names: &mut Names<'_>,
    services: &[Service],
    conditions: &[Condition],
) -> Resolved<'a> {
    let mut all = Resolved::of(count(&run));
    for one_of_run in run {
        match one_of_run {
            Written::Rule(rule) => {
                let made = one(rule, Place::Outside, None, names, conditions);
                all.push(made, covers_of(rule));
            }
            Written::Service { nth, written, body } => {
                let fields = fields_by_name(&services[nth], written);
                let place = Place::Service { name: &written.name.text, fields: fields.as_ref() };
                each_once(&body, names);
                for rule in body {
                    all.push(one(&rule, place, Some(nth), names, conditions), None);
                }
            }
        }
    }
    all
}

/// Declares the names of a service's rules, of which nobody else speaks.
fn each_once(rules: &[ast::Rule], names: &mut Names<'_>) {
    let mut inside = Table::default();
    for (nth, rule) in rules.iter().enumerate() {
        names.declare(&mut inside, "rule", &rule.name, nth);
    }
}

/// Which services a rule says that it covers.
fn covers_of(rule: &ast::Rule) -> Option<&ast::Covers> {
    rule.parts.iter().find_map(|part| if let Part::Covers(covers) = part { Some(covers) } else { None })
}

/// What is wrong with the rules of services that could not be read; nothing else comes of them.
pub(super) fn orphans(parsed: &[Parsed], names: &mut Names<'_>, conditions: &[Condition]) {
    for rule in parsed.iter().flat_map(|file| &file.orphans) {
        one(rule, Place::Unread, None, names, conditions);
    }
}

fn fields_by_name<'a>(service: &Service, written: &'a ast::Service) -> Option<Fields<'a>> {
    let fields = service.fields.as_ref()?;
    let written = written.fields.iter().flat_map(|line| &line.items);
    let id = |name: &str| fields.iter().zip(0u32..).find(|(field, _)| field.name == name);
    let named = written.filter_map(|item| {
        let (field, nth) = id(&item.name.text)?;
        Some((item.name.text.as_str(), (nth, field.span)))
    });
    Some(named.collect())
}

/// What stands between the braces of a rule, by class.
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
}

/// A rule, and whether anything is wrong with it.
fn one(
    rule: &ast::Rule,
    place: Place<'_, '_>,
    service: Option<usize>,
    names: &mut Names<'_>,
    conditions: &[Condition],
) -> (Rule, bool) {
    let parts = Parts::of(rule);
    let said = names.found.len();
    let before = names.doubts();
    let window = dates::window(names, &parts.since, &parts.until);
    let source = single("`source`", &parts.source, names, |it| it.span);
    let assumed = single("`assumed`", &parts.assumed, names, |it| it.span);
    let clauses = clauses::resolve(&parts.clauses, place, names);
    let clauses: Vec<Clause> = clauses.into_iter().flatten().collect();
    let when: Vec<Option<usize>> = parts.when.iter().map(|name| condition(name, names)).collect();
    let when_known = !when.contains(&None) && !when.iter().flatten().any(|id| names.unclear[*id]);
    let when: Vec<usize> = when.into_iter().flatten().collect();
    clauses::each_plain_once(&clauses, names);
    not_too_many(rule, &when, conditions, names);
    let unclear = names.doubts() > before || !when_known;
    let misspelt = parts.clauses.iter().any(|clause| misspelt_line(clause, names));
    empty_source(&rule.name, &[("source", source), ("assumed", assumed)], names);
    if source.is_none() && assumed.is_none() && !misspelt {
        missing_source("rule", &rule.name, names);
    }
    if rule.effect == Effect::Permit && when_known {
        says_always(rule, &parts, &when, conditions, names);
    }
    covers(rule, &parts, place, names);
    run_together::fold(rule, &mut names.found, said);
    let text = rule.text.as_ref().map_or_else(String::new, |text| text.text.to_string());
    let made = Rule {
        name: match place {
            Place::Service { name, .. } => format!("{name}/{}", rule.name.text),
            Place::Unread | Place::Outside | Place::Case => rule.name.text.to_string(),
        },
        refuse: refuse(rule, &parts, &text, names),
        text,
        doc: rule.doc.clone(),
        effect: rule.effect,
        service,
        window,
        clauses,
        when,
        spans: Spans::new(RareSpans {
            when: parts.when.iter().map(|name| name.span).collect(),
            dates: [&parts.since, &parts.until].map(|bounds| bounds.first().map(|bound| bound.span)),
            covers: parts.covers.first().map(|covers| covers.span),
            refuse: parts.refuse.first().map(|refuse| refuse.span),
        }),
        selectors: Vec::new(),
        source: source.map(|it| it.text.to_string()),
        assumed: assumed.map(|it| it.text.to_string()),
        span: rule.span,
        name_span: rule.name.span,
    };
    (made, unclear)
}

fn single<'r, T>(
    what: &str,
    all: &[&'r T],
    names: &mut Names<'_>,
    span: impl Fn(&T) -> crate::policy::source::Span,
) -> Option<&'r T> {
    let (first, rest) = all.split_first()?;
    for again in rest {
        names.said_twice(what, span(again), span(first));
    }
    Some(first)
}

fn condition(name: &ast::Name, names: &mut Names<'_>) -> Option<usize> {
    if let Some((id, _)) = names.conditions.get(name.text.as_str()) {
        return Some(*id);
    }
    let known = Names::sorted(&names.conditions);
    let help = match names.attribute_table.contains_key(name.text.as_str()) {
        true => format!("`{0}` is an attribute: write `{0}` and its values, without `when`", name.text),
        false => "declare it with `condition`".to_owned(),
    };
    names.unknown(Code::UnknownCondition, "condition", name, known, Some(help));
    None
}

fn not_too_many(rule: &ast::Rule, when: &[usize], conditions: &[Condition], names: &mut Names<'_>) {
    let cases = when.iter().map(|id| conditions[*id].cases.len());
    let combinations = cases.fold(1, usize::saturating_mul);
    if combinations > MOST_COMBINATIONS {
        let message = format!(
            "the cases of the conditions of `{}` combine in {combinations} ways; {MOST_COMBINATIONS} are the most",
            rule.name.text
        );
        let found = Diagnostic::new(Code::TooLarge, rule.name.span, message);
        names.report(found.help("write one condition for all of them"));
    }
}

/// An omission permits, so a permit says what the vocabulary marks `always`, itself or in every case.
fn says_always(
    rule: &ast::Rule,
    parts: &Parts<'_>,
    when: &[usize],
    conditions: &[Condition],
    names: &mut Names<'_>,
) {
    let said =
        parts.clauses.iter().map(|clause| Some(names.attribute_table.get(clause.attribute.text.as_str())?.0));
    let Some(said) = said.collect::<Option<Vec<usize>>>() else { return }; // one of them may be misspelt
    let says = |attribute: usize| {
        let about = |clauses: &Vec<Clause>| clauses.iter().any(|clause| clause.attribute == attribute);
        said.contains(&attribute) || when.iter().any(|id| conditions[*id].cases.iter().all(about))
    };
    let missing = |(id, known): (usize, &super::names::Known<'_>)| {
        // An attribute declared twice is meant once.
        let meant = names.attribute_table.get(known.name).is_some_and(|(first, _)| *first == id);
        (known.always && meant && !says(id)).then(|| known.name.to_owned())
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

/// A rule outside of services says which it covers, and no other does.
fn covers(rule: &ast::Rule, parts: &Parts<'_>, place: Place<'_, '_>, names: &mut Names<'_>) {
    let covers = single("`services`", &parts.covers, names, |it| it.span);
    match (place, covers) {
        (Place::Outside, None) => {
            let message = format!("the rule `{}` does not say which services it covers", rule.name.text);
            let found = Diagnostic::new(Code::MissingServices, rule.name.span, message);
            names.report(found.help("say `services all`, or name services or tags"));
        }
        (Place::Service { .. } | Place::Unread | Place::Case, Some(covers)) => {
            let message = "a rule of a service covers that service only";
            let found = Diagnostic::new(Code::Misplaced, covers.span, message);
            names.report(found.help("drop the line, or move the rule out of the service"));
        }
        (Place::Outside, Some(_)) | (_, None) => {}
    }
}

fn refuse(rule: &ast::Rule, parts: &Parts<'_>, text: &str, names: &mut Names<'_>) -> Option<Answer> {
    let refuse = single("`refuse`", &parts.refuse, names, |it| it.span)?;
    if rule.effect == Effect::Permit {
        let message = format!("`{}` is a permit, and a permit refuses nothing", rule.name.text);
        let found = Diagnostic::new(Code::Misplaced, refuse.span, message);
        names.report(found.help("drop the line, or write a forbid"));
        return None;
    }
    let otherwise = if text.is_empty() { &rule.name.text } else { text };
    Some(vocabulary::answer(Some(refuse), otherwise))
}
