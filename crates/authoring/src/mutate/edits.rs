//! Every small change of a policy: each as the one rule, condition or service that would stand there instead.

use jiff::civil::Date;

use meterwarden::policy::source::Span;
use meterwarden::policy::{
    Clause, Condition, Covered, Edge, Effect, Item, Policy, Rule, Service, Test, Window,
};

/// A change, and what would stand there instead.
#[derive(Clone, Debug)]
pub(super) struct Edit {
    /// Where the rules would be changed.
    pub(super) span: Span,
    /// The rule or condition, or the service whose `fields` it is.
    pub(super) of: String,
    /// What would be changed, as a person reads it.
    pub(super) words: String,
    /// The service in which it would be changed.
    pub(super) service: Option<usize>,
    pub(super) instead: Instead,
}

/// What a change puts in the place of what.
#[derive(Clone, Debug)]
pub(super) enum Instead {
    /// Another rule in the place of that of this number.
    Rule(usize, Box<Rule>),
    /// Another condition.
    Condition(usize, Box<Condition>),
    /// Another service: other fields, or other rules that cover it.
    Service(usize, Box<Service>),
}

impl Instead {
    /// Puts it in its place, and takes out what stood there: doing it twice changes nothing.
    pub(super) fn swap(&mut self, policy: &mut Policy) {
        match self {
            Self::Rule(nth, rule) => policy.swap_rule(*nth, rule),
            Self::Condition(nth, condition) => policy.swap_condition(*nth, condition),
            Self::Service(nth, service) => policy.swap_service(*nth, service),
        }
    }

    /// The services that it may make a difference to.
    pub(super) fn services(&self, policy: &Policy) -> Vec<usize> {
        let with = |concerned: &dyn Fn(usize) -> bool| {
            let services = policy.services().iter().enumerate();
            let with = services.filter(|(_, one)| one.rules.iter().any(|covered| concerned(covered.rule)));
            with.map(|(nth, _)| nth).collect()
        };
        match self {
            Self::Rule(nth, _) => with(&|rule| rule == *nth),
            Self::Condition(nth, _) => with(&|rule| policy.rules()[rule].when.contains(nth)),
            Self::Service(nth, _) => vec![*nth],
        }
    }
}

/// Never in force.
const NEVER: Window = Window::new(Edge::Never, Edge::Never);

/// All changes: those of the rules in policy order, then those of the conditions and of the services' fields.
pub(super) fn all(policy: &Policy) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (nth, rule) in policy.rules().iter().enumerate() {
        let instead = |rule: Rule| Instead::Rule(nth, Box::new(rule));
        for (span, words, made) in of_rule(policy, rule) {
            edits.push(Edit {
                span,
                of: rule.name.clone(),
                words,
                service: rule.service,
                instead: instead(made),
            });
        }
        edits.extend(coverage(policy, nth));
    }
    for (nth, condition) in policy.conditions().iter().enumerate() {
        for (span, words, made) in of_condition(policy, condition) {
            let instead = Instead::Condition(nth, Box::new(made));
            edits.push(Edit { span, of: condition.name.clone(), words, service: None, instead });
        }
    }
    for (nth, service) in policy.services().iter().enumerate() {
        for (span, words, made) in of_fields(service) {
            let instead = Instead::Service(nth, Box::new(made));
            edits.push(Edit { span, of: service.name.clone(), words, service: Some(nth), instead });
        }
    }
    edits
}

/// A place, what is changed there, and what comes of it.
type Change<T> = (Span, String, T);

fn of_rule(policy: &Policy, rule: &Rule) -> Vec<Change<Rule>> {
    let with = |change: &dyn Fn(&mut Rule)| {
        let mut made = rule.clone();
        change(&mut made);
        made
    };
    let mut all = vec![(rule.name_span, "left out".to_owned(), with(&|made| made.window = NEVER))];
    for (span, words, window) in of_window(policy, rule.window, rule.spans.said().dates, rule.name_span) {
        all.push((span, words, with(&|made| made.window = window)));
    }
    for (nth, condition) in rule.when.iter().enumerate() {
        let span = rule.spans.said().when.get(nth).copied().unwrap_or(rule.name_span);
        let words = format!("`when {}` left out", policy.conditions()[*condition].name);
        all.push((span, words, with(&|made| made.when.retain(|kept| kept != condition))));
    }
    for (span, words, clauses) in of_clauses(policy, &rule.clauses, rule.service) {
        all.push((span, words, with(&|made| made.clauses.clone_from(&clauses))));
    }
    if rule.refuse.is_some() && rule.effect == Effect::Forbid && !rule.clauses.is_empty() {
        all.push((rule.name_span, "its own `refuse` left out".to_owned(), with(&|made| made.refuse = None)));
    }
    all
}

/// The dates of a rule or an item: each bound left out, a day earlier and a day later.
fn of_window(policy: &Policy, window: Window, named: [Option<Span>; 2], place: Span) -> Vec<Change<Window>> {
    let mut all = Vec::new();
    let words = |span: Option<Span>, word: &str| span.map_or_else(|| word.to_owned(), |it| policy.words(it));
    if window.from != Edge::Start {
        let text = words(named[0], "since");
        let mut say = |from: Edge, what: &str| {
            let made = Window { from, ..window };
            all.push((named[0].unwrap_or(place), format!("`{text}` {what}"), made));
        };
        say(Edge::Start, "left out");
        shifted(window.from).into_iter().for_each(|(from, what)| say(from, what));
    }
    if window.until != Edge::Never {
        let text = words(named[1], "until");
        let mut say = |until: Edge, what: &str| {
            let made = Window { until, ..window };
            all.push((named[1].unwrap_or(place), format!("`{text}` {what}"), made));
        };
        say(Edge::Never, "left out");
        shifted(window.until).into_iter().for_each(|(until, what)| say(until, what));
    }
    all
}

fn shifted(edge: Edge) -> Vec<(Edge, &'static str)> {
    let Edge::On(date) = edge else { return Vec::new() };
    let days = [(Date::yesterday(date), "a day earlier"), (Date::tomorrow(date), "a day later")];
    days.into_iter().filter_map(|(date, what)| date.ok().map(|date| (Edge::On(date), what))).collect()
}

/// A list of clauses with one of them left out, or with another list.
fn of_clauses(policy: &Policy, clauses: &[Clause], service: Option<usize>) -> Vec<Change<Vec<Clause>>> {
    let mut all = Vec::new();
    for (nth, clause) in clauses.iter().enumerate().filter(|(_, clause)| clause.test != Test::Any) {
        let text = short(&policy.words(clause.span));
        let mut rest = clauses.to_vec();
        rest.remove(nth);
        all.push((clause.span, format!("`{text}` left out"), rest));
        for (words, items) in of_list(policy, clause, &text, service) {
            let mut changed = clauses.to_vec();
            changed[nth].items = items;
            all.push((clause.span, words, changed));
        }
    }
    all
}

/// A clause's list with a value less, a value more, or a value at another time.
fn of_list(policy: &Policy, clause: &Clause, text: &str, service: Option<usize>) -> Vec<(String, Vec<Item>)> {
    let names = match service {
        Some(service) => policy.values(clause.attribute, &policy.services()[service]),
        None => {
            policy.attributes()[clause.attribute].values.iter().map(|value| value.name.as_str()).collect()
        }
    };
    let mut all = Vec::new();
    let mut listed: Vec<u32> = clause.items.iter().map(|item| item.value).collect();
    listed.sort_unstable();
    listed.dedup();
    for (value, name) in (0..).zip(&names) {
        if !listed.contains(&value) {
            let more = Item::new(value, Window::ALWAYS, clause.span, clause.span);
            let items = clause.items.iter().cloned().chain([more]).collect();
            all.push((format!("`{name}` added to `{text}`"), items));
        } else if listed.len() > 1 || clause.test == Test::Exactly {
            let items = clause.items.iter().filter(|item| item.value != value).cloned().collect();
            all.push((format!("`{name}` taken out of `{text}`"), items));
        }
    }
    for (nth, item) in clause.items.iter().enumerate() {
        let name = names.get(item.value as usize).copied().unwrap_or_default();
        for (_, words, window) in of_window(policy, *item.window(), [None; 2], clause.span) {
            let mut items = clause.items.clone();
            items[nth] = item.at(window);
            all.push((format!("`{name}` in `{text}`: its {}", words.replace('`', "")), items));
        }
    }
    all
}

/// A clause of which the middle does not matter to whoever looks for it.
fn short(text: &str) -> String {
    const MOST: usize = 60;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    let kept: String = text.chars().take(MOST).collect();
    let kept = kept.rsplit_once(',').map_or(kept.as_str(), |(kept, _)| kept);
    format!("{kept}, …")
}

/// The services that a rule outside of them covers: each left out, each further one covered, each at another time.
fn coverage(policy: &Policy, rule: usize) -> Vec<Edit> {
    let one = &policy.rules()[rule];
    let Some(span) = one.spans.said().covers else { return Vec::new() };
    let mut edits = Vec::new();
    for (nth, service) in policy.services().iter().enumerate() {
        let place = service.rules.iter().position(|covered| covered.rule == rule);
        let known = place.and_then(|place| service.rules.get(place)).cloned();
        let open = one.effect == Effect::Forbid || service.closed.is_none();
        for (words, covered) in of_covered(rule, &service.name, known.as_ref(), open) {
            let mut made = service.clone();
            match place {
                Some(place) => made.rules[place] = covered,
                None => {
                    let before = made.rules.partition_point(|known| known.rule < rule);
                    made.rules.insert(before, covered);
                }
            }
            let instead = Instead::Service(nth, Box::new(made));
            edits.push(Edit { span, of: one.name.clone(), words, service: None, instead });
        }
    }
    edits
}

fn of_covered(rule: usize, service: &str, known: Option<&Covered>, open: bool) -> Vec<(String, Covered)> {
    let always = |covers: bool| Covered {
        rule,
        covered: if covers { vec![Window::ALWAYS] } else { Vec::new() },
        left_out: Vec::new(),
    };
    let covers = |at: &dyn Fn(bool) -> bool| {
        known.is_some_and(|known| {
            let windows = known.covered.iter().chain(&known.left_out);
            let edges = windows.flat_map(Window::edges).chain([Edge::Start]);
            edges.filter(|edge| *edge != Edge::Never).any(|edge| at(known.holds(edge)))
        })
    };
    let mut all = Vec::new();
    if covers(&|holds| holds) {
        all.push((format!("no longer covers {service}"), always(false)));
    }
    if open && (known.is_none() || covers(&|holds| !holds)) {
        all.push((format!("covers {service} always"), always(true)));
    }
    let Some(known) = known else { return all };
    for (list, word) in [(&known.covered, "covers"), (&known.left_out, "leaves out")] {
        for (nth, window) in list.iter().enumerate() {
            for (what, made) in of_dates(*window) {
                let mut changed = known.clone();
                let list = if word == "covers" { &mut changed.covered } else { &mut changed.left_out };
                list[nth] = made;
                all.push((format!("{word} {service} with its date {what}"), changed));
            }
        }
    }
    all
}

/// A window of an item, a day to either constraint. That the item has no date at all is another change.
fn of_dates(window: Window) -> Vec<(&'static str, Window)> {
    let from = shifted(window.from).into_iter().map(|(from, what)| (what, Window { from, ..window }));
    let until = shifted(window.until).into_iter().map(|(until, what)| (what, Window { until, ..window }));
    from.chain(until).collect()
}

fn of_condition(policy: &Policy, condition: &Condition) -> Vec<Change<Condition>> {
    let mut all = Vec::new();
    for (nth, case) in condition.cases.iter().enumerate() {
        let place = case.first().map_or(condition.span, |clause| clause.span);
        if condition.cases.len() > 1 {
            let mut made = condition.clone();
            made.cases.remove(nth);
            all.push((place, format!("case {} left out", nth + 1), made));
        }
        for (span, words, clauses) in of_clauses(policy, case, None) {
            let mut made = condition.clone();
            made.cases[nth] = clauses;
            all.push((span, format!("in case {} {words}", nth + 1), made));
        }
    }
    all
}

fn of_fields(service: &Service) -> Vec<Change<Service>> {
    let mut all = Vec::new();
    for (nth, field) in service.fields.iter().flatten().enumerate() {
        let with = |window: Window| {
            let mut made = service.clone();
            if let Some(field) = made.fields.iter_mut().flatten().nth(nth) {
                field.window = window;
            }
            made
        };
        let name = &field.name;
        all.push((field.span, format!("the field `{name}` no longer declared"), with(NEVER)));
        if field.window != Window::ALWAYS {
            all.push((field.span, format!("the field `{name}` without its date"), with(Window::ALWAYS)));
        }
        for (what, window) in of_dates(field.window) {
            all.push((field.span, format!("the field `{name}` with its date {what}"), with(window)));
        }
    }
    all
}
