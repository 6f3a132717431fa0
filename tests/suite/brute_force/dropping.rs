//! Rule files without some of their parts, which are identified by their spans.

use std::collections::BTreeSet;

use meterwarden::Span;
use meterwarden::language::ast::{Clause, Dated, Effect, File, Item, Part, Rule, SelectorKind, Test};

/// A part of a policy that could be left out.
#[derive(Clone, Debug)]
pub(crate) struct RulePart {
    pub(crate) what: PartKind,
    /// The span of a finding about it.
    pub(crate) span: Span,
    /// The rule, as `8.4/name`, or the condition.
    pub(crate) owner: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PartKind {
    Permit,
    Forbid,
    When,
    Clause,
    /// An item of a list of several.
    Item,
    /// The dates of an item.
    Dates,
    /// A service that a rule names, and the number of items of the line that include it.
    Service,
    Except,
    Case,
}

/// Every part that could be left out.
pub(crate) fn parts(files: &[File]) -> Vec<RulePart> {
    let mut found = Vec::new();
    for item in files.iter().flat_map(|file| &file.items) {
        match item {
            Item::Rule(rule) => of_rule(rule, rule.name.text.to_string(), &mut found),
            Item::Service(service) => {
                for rule in &service.rules {
                    of_rule(rule, format!("{}/{}", service.name.text, rule.name.text), &mut found);
                }
            }
            Item::Condition(condition) => {
                for case in &condition.cases {
                    let span = case.clauses.first().unwrap().span.to(case.clauses.last().unwrap().span);
                    found.push(RulePart {
                        what: PartKind::Case,
                        span,
                        owner: condition.name.text.to_string(),
                    });
                }
            }
            _ => {}
        }
    }
    found
}

fn of_rule(rule: &Rule, owner: String, found: &mut Vec<RulePart>) {
    let mut push = |what, span| found.push(RulePart { what, span, owner: owner.clone() });
    push(if rule.effect == Effect::Permit { PartKind::Permit } else { PartKind::Forbid }, rule.name.span);
    for part in &rule.parts {
        match part {
            Part::When(name) => push(PartKind::When, name.span),
            Part::Clause(clause) => {
                if clause.test != Test::Any {
                    push(PartKind::Clause, clause.span);
                }
                let list = listed(clause);
                for item in list {
                    if list.len() > 1 {
                        push(PartKind::Item, item.span());
                    }
                    if item.dates.is_some() && !item.name.text.starts_with("of-") {
                        push(PartKind::Dates, item.span());
                    }
                }
            }
            Part::Covers(covers) => {
                for item in covers.items.iter().filter(|_| covers.items.len() == 1) {
                    if matches!(item.kind, SelectorKind::Service(_)) {
                        push(PartKind::Service, item.span);
                    }
                }
                covers.except.iter().for_each(|item| push(PartKind::Except, item.span));
            }
            _ => {}
        }
    }
}

fn listed(clause: &Clause) -> &[Dated] {
    match &clause.test {
        Test::In(list) | Test::Not(list) | Test::Only(list) => list,
        Test::Includes(list) | Test::Excludes(list) | Test::Exactly(list) => list,
        Test::Any | Test::None | Test::Text(_) => &[],
    }
}

/// What is left out: whole parts, and the dates of items.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dropped {
    pub(crate) parts: BTreeSet<Span>,
    pub(crate) dates: BTreeSet<Span>,
}

impl Dropped {
    pub(crate) fn and(&self, part: &RulePart) -> Self {
        let mut with = self.clone();
        let set = if part.what == PartKind::Dates { &mut with.dates } else { &mut with.parts };
        set.insert(part.span);
        with
    }

    /// The files without what is left out.
    pub(crate) fn from(&self, files: &[File]) -> Vec<File> {
        let mut files = files.to_vec();
        for file in &mut files {
            file.items
                .retain(|item| !matches!(item, Item::Rule(rule) if self.parts.contains(&rule.name.span)));
            for item in &mut file.items {
                match item {
                    Item::Rule(rule) => self.of_rule(rule),
                    Item::Service(service) => {
                        service.rules.retain(|rule| !self.parts.contains(&rule.name.span));
                        service.rules.iter_mut().for_each(|rule| self.of_rule(rule));
                    }
                    Item::Condition(condition) => {
                        condition.cases.retain(|case| {
                            let ends = case.clauses.first().zip(case.clauses.last());
                            !ends.is_some_and(|(first, last)| self.parts.contains(&first.span.to(last.span)))
                        });
                        condition.cases.iter_mut().for_each(|case| self.of_clauses(&mut case.clauses));
                    }
                    _ => {}
                }
            }
        }
        files
    }

    fn of_rule(&self, rule: &mut Rule) {
        rule.parts.retain(|part| match part {
            Part::Clause(clause) => !self.parts.contains(&clause.span),
            Part::When(name) => !self.parts.contains(&name.span),
            Part::Refuse(refuse) => !self.parts.contains(&refuse.span),
            _ => true,
        });
        for part in &mut rule.parts {
            match part {
                Part::Clause(clause) => self.of_list(clause),
                Part::Covers(covers) => {
                    covers.items.retain(|item| !self.parts.contains(&item.span));
                    covers.except.retain(|item| !self.parts.contains(&item.span));
                }
                _ => {}
            }
        }
    }

    fn of_clauses(&self, clauses: &mut Vec<Clause>) {
        clauses.retain(|clause| !self.parts.contains(&clause.span));
        clauses.iter_mut().for_each(|clause| self.of_list(clause));
    }

    fn of_list(&self, clause: &mut Clause) {
        let (Test::In(list)
        | Test::Not(list)
        | Test::Only(list)
        | Test::Includes(list)
        | Test::Excludes(list)
        | Test::Exactly(list)) = &mut clause.test
        else {
            return;
        };
        list.retain(|item| !self.parts.contains(&item.span()));
        list.iter_mut().filter(|item| self.dates.contains(&item.span())).for_each(|item| item.dates = None);
    }
}
