//! Every small edit of a policy, each with the rule, condition or service that it produces.

use jiff::civil::Date;

use crate::limits::MAX_CLAUSE_CHARACTERS;
use meterwarden::policy::source::Span;
use meterwarden::policy::{
    Clause, Condition, Covered, Edge, Effect, ListItem, Policy, Rule, Service, Test, Window,
};

/// One small edit.
#[derive(Clone, Debug)]
pub(super) struct Edit {
    /// The place of the edit.
    pub(super) span: Span,
    /// The name of the rule or condition, or of the service whose `fields` are edited.
    pub(super) of: String,
    /// The edit in words.
    pub(super) words: String,
    /// The service that the edited rule is in, if it is in one.
    pub(super) service: Option<usize>,
    pub(super) replacement: Replacement,
}

/// The part of a policy that an edit replaces, by its index, and the new part.
#[derive(Clone, Debug)]
pub(super) enum Replacement {
    Rule(usize, Box<Rule>),
    Condition(usize, Box<Condition>),
    /// A service with other fields, or with other rules that cover it.
    Service(usize, Box<Service>),
}

impl Replacement {
    /// Exchanges the new part and the part in the policy. Doing it twice restores the policy.
    pub(super) fn swap(&mut self, policy: &mut Policy) {
        match self {
            Self::Rule(index, rule) => policy.swap_rule(*index, rule),
            Self::Condition(index, condition) => policy.swap_condition(*index, condition),
            Self::Service(index, service) => policy.swap_service(*index, service),
        }
    }

    /// The services for which the edit can change an answer.
    pub(super) fn services(&self, policy: &Policy) -> Vec<usize> {
        let covered_by = |is_edited: &dyn Fn(usize) -> bool| {
            let services = policy.services().iter().enumerate();
            let covered =
                services.filter(|(_, service)| service.rules.iter().any(|covered| is_edited(covered.rule)));
            covered.map(|(index, _)| index).collect()
        };
        match self {
            Self::Rule(index, _) => covered_by(&|rule| rule == *index),
            Self::Condition(index, _) => covered_by(&|rule| policy.rules()[rule].when.contains(index)),
            Self::Service(index, _) => vec![*index],
        }
    }
}

/// Never in force.
const NEVER: Window = Window::new(Edge::Never, Edge::Never);

/// All edits: first those of the rules in policy order, then those of the conditions, then those of the services'
/// fields.
pub(super) fn all(policy: &Policy) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (index, rule) in policy.rules().iter().enumerate() {
        for (span, words, edited) in of_rule(policy, rule) {
            let replacement = Replacement::Rule(index, Box::new(edited));
            edits.push(Edit { span, of: rule.name.clone(), words, service: rule.service, replacement });
        }
        edits.extend(of_covered_services(policy, index));
    }
    for (index, condition) in policy.conditions().iter().enumerate() {
        for (span, words, edited) in of_condition(policy, condition) {
            let replacement = Replacement::Condition(index, Box::new(edited));
            edits.push(Edit { span, of: condition.name.clone(), words, service: None, replacement });
        }
    }
    for (index, service) in policy.services().iter().enumerate() {
        for (span, words, edited) in of_fields(service) {
            let replacement = Replacement::Service(index, Box::new(edited));
            edits.push(Edit { span, of: service.name.clone(), words, service: Some(index), replacement });
        }
    }
    edits
}

/// The place of an edit, the edit in words, and its result.
type Change<T> = (Span, String, T);

fn of_rule(policy: &Policy, rule: &Rule) -> Vec<Change<Rule>> {
    let with = |edit: &dyn Fn(&mut Rule)| {
        let mut edited = rule.clone();
        edit(&mut edited);
        edited
    };
    let mut changes = vec![(rule.name_span, "left out".to_owned(), with(&|rule| rule.window = NEVER))];
    for (span, words, window) in of_window(policy, rule.window, rule.spans.get().dates, rule.name_span) {
        changes.push((span, words, with(&|rule| rule.window = window)));
    }
    for (index, condition) in rule.when.iter().enumerate() {
        let span = rule.spans.get().when.get(index).copied().unwrap_or(rule.name_span);
        let words = format!("`when {}` left out", policy.conditions()[*condition].name);
        changes.push((span, words, with(&|rule| rule.when.retain(|kept| kept != condition))));
    }
    for (span, words, clauses) in of_clauses(policy, &rule.clauses, rule.service) {
        changes.push((span, words, with(&|rule| rule.clauses.clone_from(&clauses))));
    }
    if rule.refuse.is_some() && rule.effect == Effect::Forbid && !rule.clauses.is_empty() {
        let words = "its own `refuse` left out".to_owned();
        changes.push((rule.name_span, words, with(&|rule| rule.refuse = None)));
    }
    changes
}

/// The dates of a rule or an item: each date left out, a day earlier and a day later.
fn of_window(
    policy: &Policy,
    window: Window,
    date_spans: [Option<Span>; 2],
    place: Span,
) -> Vec<Change<Window>> {
    let mut changes = Vec::new();
    let mut of_date = |date_span: Option<Span>, word: &str, edited: Vec<(&str, Window)>| {
        let text = date_span.map_or_else(|| word.to_owned(), |span| policy.words(span));
        for (what, window) in edited {
            changes.push((date_span.unwrap_or(place), format!("`{text}` {what}"), window));
        }
    };
    if window.from != Edge::Start {
        let always = [("left out", Window { from: Edge::Start, ..window })];
        of_date(date_spans[0], "since", always.into_iter().chain(from_shifted(window)).collect());
    }
    if window.until != Edge::Never {
        let always = [("left out", Window { until: Edge::Never, ..window })];
        of_date(date_spans[1], "until", always.into_iter().chain(until_shifted(window)).collect());
    }
    changes
}

/// A window that begins a day earlier, and a day later.
fn from_shifted(window: Window) -> impl Iterator<Item = (&'static str, Window)> {
    shifted(window.from).into_iter().map(move |(from, what)| (what, Window { from, ..window }))
}

/// A window that ends a day earlier, and a day later.
fn until_shifted(window: Window) -> impl Iterator<Item = (&'static str, Window)> {
    shifted(window.until).into_iter().map(move |(until, what)| (what, Window { until, ..window }))
}

fn shifted(edge: Edge) -> Vec<(Edge, &'static str)> {
    let Edge::On(date) = edge else { return Vec::new() };
    let days = [(Date::yesterday(date), "a day earlier"), (Date::tomorrow(date), "a day later")];
    days.into_iter().filter_map(|(date, what)| date.ok().map(|date| (Edge::On(date), what))).collect()
}

/// Clauses without one of them, or with another list in one of them.
fn of_clauses(policy: &Policy, clauses: &[Clause], service: Option<usize>) -> Vec<Change<Vec<Clause>>> {
    let mut changes = Vec::new();
    for (index, clause) in clauses.iter().enumerate().filter(|(_, clause)| clause.test != Test::Any) {
        let text = shortened(&policy.words(clause.span));
        let mut rest = clauses.to_vec();
        rest.remove(index);
        changes.push((clause.span, format!("`{text}` left out"), rest));
        for (words, items) in of_list(policy, clause, &text, service) {
            let mut edited = clauses.to_vec();
            edited[index].items = items;
            changes.push((clause.span, words, edited));
        }
    }
    changes
}

/// A clause's list with one value added, one value removed, or one value at other dates.
fn of_list(
    policy: &Policy,
    clause: &Clause,
    text: &str,
    service: Option<usize>,
) -> Vec<(String, Vec<ListItem>)> {
    let names = match service {
        Some(service) => policy.values(clause.attribute, &policy.services()[service]),
        None => {
            policy.attributes()[clause.attribute].values.iter().map(|value| value.name.as_str()).collect()
        }
    };
    let mut changes = Vec::new();
    let mut listed: Vec<u32> = clause.items.iter().map(|item| item.value).collect();
    listed.sort_unstable();
    listed.dedup();
    for (value, name) in (0..).zip(&names) {
        if !listed.contains(&value) {
            let added = ListItem::new(value, Window::ALWAYS, clause.span, clause.span);
            let items = clause.items.iter().cloned().chain([added]).collect();
            changes.push((format!("`{name}` added to `{text}`"), items));
        } else if listed.len() > 1 || clause.test == Test::Exactly {
            let items = clause.items.iter().filter(|item| item.value != value).cloned().collect();
            changes.push((format!("`{name}` taken out of `{text}`"), items));
        }
    }
    for (index, item) in clause.items.iter().enumerate() {
        let name = names.get(item.value as usize).copied().unwrap_or_default();
        for (_, words, window) in of_window(policy, *item.window(), [None; 2], clause.span) {
            let mut items = clause.items.clone();
            items[index] = item.at(window);
            changes.push((format!("`{name}` in `{text}`: its {}", words.replace('`', "")), items));
        }
    }
    changes
}

/// The beginning of a clause: as many whole items as fit.
fn shortened(text: &str) -> String {
    if text.chars().count() <= MAX_CLAUSE_CHARACTERS {
        return text.to_owned();
    }
    let kept: String = text.chars().take(MAX_CLAUSE_CHARACTERS).collect();
    let kept = kept.rsplit_once(',').map_or(kept.as_str(), |(kept, _)| kept);
    format!("{kept}, …")
}

/// The services that a rule outside services covers: each left out, each further service covered, each at other dates.
fn of_covered_services(policy: &Policy, rule_index: usize) -> Vec<Edit> {
    let rule = &policy.rules()[rule_index];
    let Some(span) = rule.spans.get().covers else { return Vec::new() };
    let mut edits = Vec::new();
    for (service_index, service) in policy.services().iter().enumerate() {
        let position = service.rules.iter().position(|covered| covered.rule == rule_index);
        let current = position.and_then(|position| service.rules.get(position)).cloned();
        let may_be_covered = rule.effect == Effect::Forbid || service.closed.is_none();
        for (words, covered) in of_covered(rule_index, &service.name, current.as_ref(), may_be_covered) {
            let mut edited = service.clone();
            match position {
                Some(position) => edited.rules[position] = covered,
                None => {
                    let position = edited.rules.partition_point(|covered| covered.rule < rule_index);
                    edited.rules.insert(position, covered);
                }
            }
            let replacement = Replacement::Service(service_index, Box::new(edited));
            edits.push(Edit { span, of: rule.name.clone(), words, service: None, replacement });
        }
    }
    edits
}

/// How else a rule could cover a service. `current` is how it covers the service now, if it does.
fn of_covered(
    rule: usize,
    service: &str,
    current: Option<&Covered>,
    may_be_covered: bool,
) -> Vec<(String, Covered)> {
    let windows = |covered: Vec<Window>| Covered { rule, covered, left_out: Vec::new() };
    let on_some_date = |holds: bool| {
        current.is_some_and(|current| {
            let windows = current.covered.iter().chain(&current.left_out);
            let edges = windows.flat_map(Window::edges).chain([Edge::Start]);
            edges.filter(|edge| *edge != Edge::Never).any(|edge| current.holds(edge) == holds)
        })
    };
    let mut changes = Vec::new();
    if on_some_date(true) {
        changes.push((format!("no longer covers {service}"), windows(Vec::new())));
    }
    if may_be_covered && (current.is_none() || on_some_date(false)) {
        changes.push((format!("covers {service} always"), windows(vec![Window::ALWAYS])));
    }
    let Some(current) = current else { return changes };
    for (index, window) in current.covered.iter().enumerate() {
        for (what, window) in dates_shifted(*window) {
            let mut edited = current.clone();
            edited.covered[index] = window;
            changes.push((format!("covers {service} with its date {what}"), edited));
        }
    }
    for (index, window) in current.left_out.iter().enumerate() {
        for (what, window) in dates_shifted(*window) {
            let mut edited = current.clone();
            edited.left_out[index] = window;
            changes.push((format!("leaves out {service} with its date {what}"), edited));
        }
    }
    changes
}

/// A window with each of its dates a day earlier and a day later.
fn dates_shifted(window: Window) -> impl Iterator<Item = (&'static str, Window)> {
    from_shifted(window).chain(until_shifted(window))
}

fn of_condition(policy: &Policy, condition: &Condition) -> Vec<Change<Condition>> {
    let mut changes = Vec::new();
    for (index, alternative) in condition.cases.iter().enumerate() {
        let place = alternative.first().map_or(condition.span, |clause| clause.span);
        let number = index + 1;
        if condition.cases.len() > 1 {
            let mut edited = condition.clone();
            edited.cases.remove(index);
            changes.push((place, format!("alternative {number} left out"), edited));
        }
        for (span, words, clauses) in of_clauses(policy, alternative, None) {
            let mut edited = condition.clone();
            edited.cases[index] = clauses;
            changes.push((span, format!("in alternative {number}: {words}"), edited));
        }
    }
    changes
}

fn of_fields(service: &Service) -> Vec<Change<Service>> {
    let mut changes = Vec::new();
    for (index, field) in service.fields.iter().flatten().enumerate() {
        let with = |window: Window| {
            let mut edited = service.clone();
            if let Some(field) = edited.fields.iter_mut().flatten().nth(index) {
                field.window = window;
            }
            edited
        };
        let name = &field.name;
        changes.push((field.span, format!("the field `{name}` no longer declared"), with(NEVER)));
        if field.window != Window::ALWAYS {
            changes.push((field.span, format!("the field `{name}` without its date"), with(Window::ALWAYS)));
        }
        for (what, window) in dates_shifted(field.window) {
            changes.push((field.span, format!("the field `{name}` with its date {what}"), with(window)));
        }
    }
    changes
}
