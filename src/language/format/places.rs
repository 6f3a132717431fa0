//! Every place in a tree, so that two trees can be compared wherever their words stand.

use crate::language::ast::{
    Attribute, Bound, Clause, Condition, Covers, DatePart, Dated, File, Group, Item, Modification, Name,
    Part, Refuse, Rule, Selector, SelectorKind, Service, Tag, Test,
};
use crate::policy::source::Span;

/// Gives every span of a file to a function that may change it.
pub(super) fn of_file(file: &mut File, change: &mut dyn FnMut(&mut Span)) {
    let mut places = Places(change);
    for comment in &mut file.comments {
        places.span(&mut comment.span);
    }
    for item in &mut file.items {
        places.item(item);
    }
}

struct Places<'f>(&'f mut dyn FnMut(&mut Span));

impl Places<'_> {
    fn span(&mut self, span: &mut Span) {
        (self.0)(span);
    }

    fn name(&mut self, name: &mut Name) {
        self.span(&mut name.span);
    }

    fn names<'n>(&mut self, names: impl IntoIterator<Item = &'n mut Name>) {
        names.into_iter().for_each(|name| self.name(name));
    }

    fn item(&mut self, item: &mut Item) {
        match item {
            Item::Attribute(attribute) => self.attribute(attribute),
            Item::Group(Group { span, doc: _, attribute, name, items }) => {
                self.span(span);
                self.names([attribute, name]);
                self.dated(items);
            }
            Item::Tag(Tag { span, doc: _, name, text }) => {
                self.span(span);
                self.name(name);
                self.names(text);
            }
            Item::Condition(condition) => self.condition(condition),
            Item::Modification(modification) => self.modification(modification),
            Item::Service(service) => self.service(service),
            Item::Rule(rule) => self.rule(rule),
        }
    }

    fn attribute(&mut self, attribute: &mut Attribute) {
        let Attribute { span, doc: _, set: _, name, text, always, sender, like, refuse, values } = attribute;
        self.span(span);
        self.name(name);
        self.names(text);
        always.iter_mut().chain(sender).for_each(|span| self.span(span));
        self.names(like);
        refuse.iter_mut().for_each(|refuse| self.refuse(refuse));
        for value in values {
            self.name(&mut value.name);
            self.names(&mut value.text);
            value.refuse.iter_mut().for_each(|refuse| self.refuse(refuse));
        }
    }

    fn refuse(&mut self, refuse: &mut Refuse) {
        let Refuse { span, code, text } = refuse;
        self.span(span);
        self.names(code);
        self.names(text);
    }

    fn condition(&mut self, condition: &mut Condition) {
        let Condition { span, doc: _, name, text, source, assumed, cases } = condition;
        self.span(span);
        self.name(name);
        self.names(text);
        self.names(source);
        self.names(assumed);
        for case in cases {
            self.span(&mut case.span);
            case.clauses.iter_mut().for_each(|clause| self.clause(clause));
        }
    }

    fn modification(&mut self, modification: &mut Modification) {
        let Modification { span, doc: _, name, text, effective, proposed, source } = modification;
        self.span(span);
        self.name(name);
        self.names(text);
        self.names(effective);
        proposed.iter_mut().for_each(|span| self.span(span));
        self.names(source);
    }

    fn service(&mut self, service: &mut Service) {
        let Service { span, doc: _, name, text, tags, fields, closed, rules } = service;
        self.span(span);
        self.name(name);
        self.names(text);
        self.names(tags);
        for line in fields {
            self.span(&mut line.span);
            self.dated(&mut line.items);
        }
        self.names(closed);
        rules.iter_mut().for_each(|rule| self.rule(rule));
    }

    fn rule(&mut self, rule: &mut Rule) {
        let Rule { span, doc: _, effect: _, name, text, parts } = rule;
        self.span(span);
        self.name(name);
        self.names(text);
        for part in parts {
            match part {
                Part::Covers(covers) => self.covers(covers),
                Part::When(name) | Part::Source(name) | Part::Assumed(name) => self.name(name),
                Part::Since(bound) | Part::Until(bound) => self.bound(bound),
                Part::Refuse(refuse) => self.refuse(refuse),
                Part::Clause(clause) => self.clause(clause),
            }
        }
    }

    fn covers(&mut self, covers: &mut Covers) {
        let Covers { span, items, except } = covers;
        self.span(span);
        for Selector { span, kind, dates } in items.iter_mut().chain(except) {
            self.span(span);
            match kind {
                SelectorKind::All => {}
                SelectorKind::Tag(name) | SelectorKind::Family(name) | SelectorKind::Service(name) => {
                    self.name(name);
                }
            }
            self.dates(dates);
        }
    }

    fn clause(&mut self, clause: &mut Clause) {
        let Clause { span, attribute, test } = clause;
        self.span(span);
        self.name(attribute);
        match test {
            Test::Any | Test::None => {}
            Test::In(items) | Test::Not(items) | Test::Only(items) => self.dated(items),
            Test::Includes(items) | Test::Excludes(items) | Test::Exactly(items) => self.dated(items),
            Test::Text(text) => self.name(text),
        }
    }

    fn dated(&mut self, items: &mut [Dated]) {
        for Dated { name, dates } in items {
            self.name(name);
            if let Some(dates) = dates {
                self.span(&mut dates.span);
                self.dates(&mut dates.parts);
            }
        }
    }

    fn dates(&mut self, dates: &mut [DatePart]) {
        for date in dates {
            match date {
                DatePart::Since(bound) | DatePart::Until(bound) => self.bound(bound),
            }
        }
    }

    fn bound(&mut self, bound: &mut Bound) {
        self.span(&mut bound.span);
        self.name(&mut bound.name);
    }
}
