//! `idle-when`, `idle-clause`, `idle-item`, `idle-dates`: parts of a rule without which it matches the same requests and
//! they are answered alike.
//!
//! The parts are tried one by one, conditions first, else the last first, each against what is left of the rule: what is found can be dropped
//! all at once. A clause or an item is held against its own rule alone. That a forbid has the last word on a value is no
//! reason to leave it unsaid: authors repeat in a permit what a forbid says, so that the permit can be read alone.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::ops::Range;

use super::values::Values;
use super::{fix, variant};
use meterwarden::language::diagnostic::{Code, Diagnostic};
use meterwarden::policy::rule_spans::Spans;
use meterwarden::policy::source::Span;
use meterwarden::policy::{Clause, Condition, Edge, Effect, Item, Policy, Rule, Service, Test, Window};
use meterwarden::space::{clauses, combinations};

/// Of some of the rules. `dropped` are those that can be dropped whole, of which nothing more is said.
pub(super) fn of_rules(policy: &Policy, some: Range<usize>, dropped: &BTreeSet<usize>) -> Vec<Diagnostic> {
    let rules = policy.rules().iter().enumerate().take(some.end).skip(some.start);
    let kept = rules.filter(|(nth, _)| !dropped.contains(nth));
    let found = kept.flat_map(|(nth, rule)| {
        let mut trial = Trial::new(policy, Cow::Borrowed(rule), times(policy, nth, rule));
        trial.whens(nth);
        trial.clauses();
        trial.items();
        trial.dates();
        trial.found
    });
    found.collect()
}

/// Of the cases of conditions.
pub(super) fn of_cases(policy: &Policy) -> Vec<Diagnostic> {
    let of_cases = policy.conditions().iter().flat_map(|one| one.cases.iter().map(move |case| (one, case)));
    let found = of_cases.flat_map(|(condition, case)| {
        let rule = standing_for(condition, case);
        let times = moments(policy.rule_windows(&rule));
        let mut trial = Trial::new(policy, Cow::Owned(rule), times);
        trial.clauses();
        trial.items();
        trial.dates();
        trial.found
    });
    found.collect()
}

/// A moment of each stretch in which a rule is in force somewhere and does not change.
pub(super) fn times(policy: &Policy, nth: usize, rule: &Rule) -> Vec<Edge> {
    let selectors = rule.selectors.iter().map(|selector| &selector.window);
    let service = rule.service.and_then(|nth| policy.services().get(nth));
    let fields = service.into_iter().flat_map(Service::field_windows);
    let windows = policy.rule_windows(rule).chain(selectors).chain(fields);
    let mut times = moments(windows);
    let covers = |at: Edge| {
        let mut covering = policy.services().iter().flat_map(|service| &service.rules);
        rule.service.is_some() || covering.any(|covered| covered.rule == nth && covered.holds(at))
    };
    times.retain(|at| rule.window.contains(*at) && covers(*at));
    times
}

pub(super) fn moments<'w>(windows: impl Iterator<Item = &'w Window>) -> Vec<Edge> {
    let mut moments = vec![Edge::Start];
    windows.for_each(|window| {
        for edge in window.edges() {
            if !moments.contains(&edge) {
                moments.push(edge);
            }
        }
    });
    moments.sort_unstable();
    moments
}

/// A case as a rule that says nothing else, so that both are looked at in one way.
pub(super) fn standing_for(condition: &Condition, case: &[Clause]) -> Rule {
    Rule {
        name: condition.name.clone(),
        text: String::new(),
        doc: String::new(),
        effect: Effect::Permit,
        service: None,
        window: Window::ALWAYS,
        clauses: case.to_vec(),
        when: Vec::new(),
        spans: Spans::default(),
        selectors: Vec::new(),
        source: None,
        assumed: None,
        refuse: None,
        span: condition.span,
        name_span: condition.span,
    }
}

/// A rule without what has been found to be idle in it.
struct Trial<'p> {
    policy: &'p Policy,
    rule: Cow<'p, Rule>,
    /// A moment of each stretch in which the rule is in force somewhere and does not change.
    times: Vec<Edge>,
    /// Which cases of its conditions go together.
    combinations: Vec<Vec<usize>>,
    /// Whether anything passes the rule as it stands, for each moment and each combination.
    possible: Vec<OnceCell<bool>>,
    found: Vec<Diagnostic>,
}

impl<'p> Trial<'p> {
    fn new(policy: &'p Policy, rule: Cow<'p, Rule>, times: Vec<Edge>) -> Self {
        let combinations = combinations(policy, &rule);
        let possible = vec![OnceCell::new(); times.len() * combinations.len()];
        Self { policy, rule, times, combinations, possible, found: Vec::new() }
    }

    fn whens(&mut self, nth: usize) {
        for place in (0..self.rule.when.len()).rev() {
            if self.narrows(place) {
                continue;
            }
            let mut without = self.rule.clone().into_owned();
            let condition = &self.policy.conditions()[without.when.remove(place)];
            let mut said = without.spans.said().clone();
            let span = said.when.remove(place);
            without.spans = Spans::new(said);
            if !variant::alike(self.policy, nth, &without) {
                continue;
            }
            let message = format!(
                "`when {}` changes nothing in `{}`: the rest of it says as much",
                condition.name, self.rule.name
            );
            let found = Diagnostic::new(Code::IdleWhen, span, message)
                .because(condition.span, "a case of it holds for all that the rest lets through")
                .help("drop the line, or the clauses that repeat it");
            self.found.push(found);
            self.rule = Cow::Owned(without);
            self.combinations = combinations(self.policy, &self.rule);
            self.possible = vec![OnceCell::new(); self.times.len() * self.combinations.len()];
        }
    }

    /// Whether one attribute alone shows that a `when` leaves something out: the quick answer, nearly always.
    fn narrows(&self, place: usize) -> bool {
        let Some(at) = self.times.first() else { return false };
        let values = Values::of(self.policy, &self.rule, *at);
        let mut rest = self.rule.clone().into_owned();
        let condition = rest.when.remove(place);
        let cases = &self.policy.conditions()[condition].cases;
        combinations(self.policy, &rest).iter().any(|chosen| {
            let said: Vec<&Clause> = clauses(self.policy, &rest, chosen).collect();
            possible(&values, &said, None)
                && (0..self.policy.attributes().len()).any(|attribute| {
                    let lists: Vec<Vec<&Clause>> =
                        cases.iter().map(|case| about(case.iter(), attribute)).collect();
                    let pass = about(said.iter().copied(), attribute);
                    lists.iter().all(|list| !list.is_empty()) && values.escapes(attribute, &pass, &lists)
                })
        })
    }

    fn clauses(&mut self) {
        for place in (0..self.rule.clauses.len()).rev() {
            let clause = &self.rule.clauses[place];
            let any = Clause { test: Test::Any, items: Vec::new(), ..clause.clone() };
            if clause.test == Test::Any || !self.same_with(place, &any) {
                continue;
            }
            let clause = self.rule.to_mut().clauses.remove(place);
            let found = self.idle_clause(&clause, &any);
            self.found.push(found);
        }
    }

    fn idle_clause(&self, clause: &Clause, any: &Clause) -> Diagnostic {
        let attribute = &self.policy.attributes()[clause.attribute];
        let tells = |at: &Edge| Values::of(self.policy, &self.rule, *at).tell_apart(&[], clause, any);
        let written = self.policy.text(clause.span);
        let message = if self.times.iter().any(tells) {
            format!("`{written}` changes nothing: the rest of `{}` says as much", self.rule.name)
        } else {
            format!("`{written}` changes nothing: it lets everything through")
        };
        let found = Diagnostic::new(Code::IdleClause, clause.span, message);
        let others = about(self.rule.clauses.iter(), clause.attribute);
        let found = others.iter().fold(found, |found, other| found.because(other.span, "this says as much"));
        if attribute.always && self.rule.effect == Effect::Permit && !self.says(clause.attribute) {
            let any = format!("{} any", attribute.name);
            return found.help(format!("say `{any}`")).fix(clause.span, any);
        }
        let found = found.help("drop the clause");
        match fix::line(self.policy, clause.span) {
            Some(line) => found.fix(line, ""),
            None => found,
        }
    }

    /// Whether what is left of the rule says an attribute, itself or in every case of a condition.
    fn says(&self, attribute: usize) -> bool {
        let says = |clauses: &Vec<Clause>| clauses.iter().any(|clause| clause.attribute == attribute);
        let conditions = self.rule.when.iter().map(|id| &self.policy.conditions()[*id]);
        says(&self.rule.clauses) || conditions.into_iter().any(|one| one.cases.iter().all(says))
    }

    fn items(&mut self) {
        for place in 0..self.rule.clauses.len() {
            let items = written_items(&self.rule.clauses[place]);
            // The last item of a list is not for dropping.
            for span in items.iter().rev().filter(|_| items.len() > 1).copied() {
                let clause = &self.rule.clauses[place];
                let mut without = clause.clone();
                without.items.retain(|item| item.span() != span);
                if without.items.is_empty() || !self.same_with(place, &without) {
                    continue;
                }
                let found = self.idle_item(clause, &without, span);
                self.found.push(found);
                self.rule.to_mut().clauses[place] = without;
            }
        }
    }

    fn idle_item(&self, clause: &Clause, without: &Clause, span: Span) -> Diagnostic {
        let item = self.policy.text(span);
        let listed = |clause: &Clause, at: Edge| {
            let mut listed: Vec<u32> = clause.listed(at).collect();
            listed.sort_unstable();
            listed.dedup();
            listed
        };
        let items = clause.items.iter().filter(|item| item.span() == span);
        let never = items.into_iter().all(|item| !self.times.iter().any(|at| item.window().contains(*at)));
        let message = if never {
            format!("`{item}` is never in the list while `{}` is in force", self.rule.name)
        } else if self.times.iter().all(|at| listed(clause, *at) == listed(without, *at)) {
            format!("`{item}` is in the list already")
        } else {
            format!(
                "`{item}` changes nothing: the rest of `{}` leaves no request that it is about",
                self.rule.name
            )
        };
        let found = Diagnostic::new(Code::IdleItem, span, message).help("drop the item");
        match fix::item(self.policy, &written_items(clause), span) {
            Some(item) => found.fix(item, ""),
            None => found,
        }
    }

    fn dates(&mut self) {
        for place in 0..self.rule.clauses.len() {
            for nth in 0..self.rule.clauses[place].items.len() {
                let item = self.rule.clauses[place].items[nth].clone();
                if item.span() == item.name_span || !self.is_value(place, &item) {
                    continue;
                }
                self.idle_dates(place, nth, &item);
            }
        }
    }

    /// Whether an item is a value itself, and not a group of values with dates of their own.
    fn is_value(&self, place: usize, item: &Item) -> bool {
        let clause = &self.rule.clauses[place];
        let is_field = self.policy.fields_attribute() == Some(clause.attribute);
        let values = &self.policy.attributes()[clause.attribute].value_index;
        is_field || values.contains_key(self.policy.text(item.name_span))
    }

    fn idle_dates(&mut self, place: usize, nth: usize, item: &Item) {
        let written = *item.window();
        let Window { from, until, .. } = written;
        let lasting = [
            (from != Edge::Start, Window::ALWAYS),
            (from != Edge::Start, Window { from: Edge::Start, named: [None, written.named[1]], ..written }),
            (true, Window { until: Edge::Never, named: [written.named[0], None], ..written }),
        ];
        for (_, window) in lasting.into_iter().filter(|(applies, window)| *applies && *window != written) {
            let mut lasting = self.rule.clauses[place].clone();
            lasting.items[nth] = item.at(window);
            if !self.same_with(place, &lasting) {
                continue;
            }
            let (word, changes) = match (window.from == from, window.until == until) {
                (false, false) => ("the dates", "change"),
                (false, true) => ("`since`", "changes"),
                _ => ("`until`", "changes"),
            };
            let name = self.policy.text(item.name_span);
            let message =
                format!("{word} of `{name}` {changes} nothing while `{}` is in force", self.rule.name);
            let found = Diagnostic::new(Code::IdleDates, item.span(), message);
            let found = found.help(format!("drop {word}"));
            let whole = window == Window::ALWAYS;
            self.found.push(if whole { found.fix(item.span(), name) } else { found });
            self.rule.to_mut().clauses[place] = lasting;
            return;
        }
    }

    /// Whether the rule matches the same requests with another clause in place of one.
    fn same_with(&self, place: usize, other: &Clause) -> bool {
        self.times.iter().enumerate().all(|(time, at)| {
            let values = Values::of(self.policy, &self.rule, *at);
            self.combinations.iter().enumerate().all(|(nth, cases)| {
                let said = || clauses(self.policy, &self.rule, cases);
                let one = &self.rule.clauses[place];
                let others = said().enumerate().filter(|(nth, _)| *nth != place).map(|(_, clause)| clause);
                if !values.tell_apart(&about(others, one.attribute), one, other) {
                    return true;
                }
                // What passes a rule passes all the more what is left of it.
                let whole = &self.possible[time * self.combinations.len() + nth];
                let possible = |but| possible(&values, &said().collect::<Vec<_>>(), but);
                !(*whole.get_or_init(|| possible(None)) || possible(Some(one.attribute)))
            })
        })
    }
}

fn about<'c>(clauses: impl Iterator<Item = &'c Clause>, attribute: usize) -> Vec<&'c Clause> {
    clauses.filter(|clause| clause.attribute == attribute).collect()
}

/// Whether any request passes these clauses, as far as the other attributes go.
fn possible(values: &Values<'_>, said: &[&Clause], but: Option<usize>) -> bool {
    said.iter().filter(|clause| Some(clause.attribute) != but).all(|clause| {
        let attribute = clause.attribute;
        values.any(attribute, &about(said.iter().copied(), attribute))
    })
}

/// The items of a list as they are written, in order.
fn written_items(clause: &Clause) -> Vec<Span> {
    let mut spans: Vec<Span> = clause.items.iter().map(Item::span).collect();
    spans.dedup();
    spans
}
