//! The space of a service: its requests, with one value for each value class.

use std::collections::{BTreeMap, BTreeSet};

use super::law::{Box, FIELDS, Facts, Law, Listed, Stated, UNDECLARED};
use super::model::{Book, Clause, Covers, Item, Refuse, Selector, Window};
use meterwarden::language::ast::SelectorKind;

/// For each attribute, one fact for each class of facts.
pub(crate) struct Space {
    axes: Vec<(String, Vec<Stated>)>,
}

impl Space {
    /// The space of a service, the same on every date: lists are compared as written, including dates.
    pub(crate) fn of(book: &Book, service: &str) -> Self {
        let clauses = clauses(book, service);
        let mut axes = Vec::new();
        for attribute in &book.attributes {
            let name = &attribute.name;
            let mut alike: BTreeMap<ValueClass, Vec<String>> = BTreeMap::new();
            let fields = &book.services[service].fields;
            let declared: Vec<(String, Vec<Window>)> = if name == FIELDS {
                let Some(fields) = fields else { continue };
                fields.iter().map(|field| (field.name.clone(), field.windows.clone())).collect()
            } else {
                book.values(name).into_iter().map(|value| (value, Vec::new())).collect()
            };
            for (value, windows) in declared {
                let lists = lists(book, &clauses, name, &value);
                let refuse = attribute.own_refuse.get(&value).cloned();
                alike.entry(ValueClass { lists, refuse, windows }).or_default().push(value);
            }
            let facts = if attribute.set {
                sets(alike.into_values().collect(), name == FIELDS)
            } else {
                alike.values().map(|values| Stated::Value(values[0].clone())).collect()
            };
            axes.push((name.clone(), facts));
        }
        Self { axes }
    }

    /// The same space under one law: facts that no clause of a rule in force and no response code distinguishes are one
    /// class.
    pub(crate) fn under(&self, law: &Law) -> Self {
        let boxes = law.permits.iter().chain(&law.forbids).flat_map(|rule| &rule.boxes);
        let clauses: Vec<&Listed> = boxes.flat_map(|rule_box| &rule_box.clauses).collect();
        let mut axes = Vec::new();
        for (name, fact) in &self.axes {
            let about: Vec<&&Listed> = clauses.iter().filter(|clause| clause.attribute == *name).collect();
            let axis = law.axes.iter().find(|axis| axis.name == *name).unwrap();
            let class = |fact: &Stated| {
                let holds: Vec<bool> = about.iter().map(|clause| clause.holds(fact)).collect();
                let alone = Facts::from([(name.clone(), fact.clone())]);
                let refuse = match fact {
                    Stated::Value(value) => axis.own_refuse.get(value).cloned(),
                    _ => None,
                };
                (holds, law.has_undeclared(&alone), refuse)
            };
            let mut seen = BTreeSet::new();
            let facts_of_classes = fact.iter().filter(|fact| seen.insert(class(fact))).cloned().collect();
            axes.push((name.clone(), facts_of_classes));
        }
        Self { axes }
    }

    /// The attributes, and the number of classes of each.
    pub(crate) fn widths(&self) -> impl Iterator<Item = (&str, usize)> {
        self.axes.iter().map(|(name, facts)| (name.as_str(), facts.len()))
    }

    /// The number of cells.
    pub(crate) fn size(&self) -> usize {
        self.axes.iter().map(|(_, facts)| facts.len()).product()
    }

    /// A cell by its number.
    pub(crate) fn cell(&self, mut number: usize) -> Facts {
        let mut facts = Facts::new();
        for (name, fact) in &self.axes {
            facts.insert(name.clone(), fact[number % fact.len()].clone());
            number /= fact.len();
        }
        facts
    }

    /// A random cell of the space. Every second one is in some box of a permit, where the answers differ most.
    pub(crate) fn draw(&self, law: &Law, dice: &mut Dice) -> Facts {
        let boxes: Vec<&Box> = law.permits.iter().flat_map(|rule| &rule.boxes).collect();
        let near =
            if boxes.is_empty() || dice.below(2) == 0 { None } else { Some(boxes[dice.below(boxes.len())]) };
        let mut facts = Facts::new();
        for (name, fact) in &self.axes {
            let inside = |fact: &&Stated| near.is_none_or(|near_box| near_box.matches_at(name, Some(fact)));
            let inside: Vec<&Stated> = fact.iter().filter(inside).collect();
            let fact = if inside.is_empty() {
                &fact[dice.below(fact.len())]
            } else {
                inside[dice.below(inside.len())]
            };
            facts.insert(name.clone(), fact.clone());
        }
        facts
    }
}

/// The lists and codes that a value is in. Two values with the same are one class.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct ValueClass {
    /// The lists that name it, each by its number, with the dates between which it does.
    lists: BTreeSet<(usize, Vec<Window>)>,
    refuse: Option<Refuse>,
    windows: Vec<Window>,
}

/// Every clause of every rule that covers the service on some date, and of the conditions that those rules name.
fn clauses<'b>(book: &'b Book, service: &str) -> Vec<&'b Clause> {
    let mut clauses = Vec::new();
    for rule in book.rules.iter().filter(|rule| may_cover(book, &rule.covers, service)) {
        clauses.extend(&rule.clauses);
        clauses.extend(rule.when.iter().flat_map(|condition| &book.conditions[condition]).flatten());
    }
    clauses
}

fn may_cover(book: &Book, covers: &Covers, service: &str) -> bool {
    let undated = |item: &Selector| item.window == Window::default();
    let selects = |item: &Selector| match &item.kind {
        SelectorKind::All => true,
        SelectorKind::Tag(tag) => book.services[service].tags.iter().any(|name| *name == tag.text),
        SelectorKind::Family(start) => service.starts_with(start.text.as_str()),
        SelectorKind::Service(name) => name.text == service,
    };
    match covers {
        Covers::Inside(owner) => owner == service,
        Covers::Named { items, except } => {
            items.iter().any(selects) && !except.iter().any(|item| undated(item) && selects(item))
        }
    }
}

fn lists(book: &Book, clauses: &[&Clause], attribute: &str, value: &str) -> BTreeSet<(usize, Vec<Window>)> {
    let mut found = BTreeSet::new();
    for (number, clause) in clauses.iter().enumerate().filter(|(_, clause)| clause.attribute == attribute) {
        for item in &clause.list {
            for windows in windows(book, attribute, item, value) {
                found.insert((number, windows));
            }
        }
    }
    found
}

/// The dates under which an item of a list means the value: its own and, in a group, the member's.
fn windows(book: &Book, attribute: &str, item: &Item, value: &str) -> Vec<Vec<Window>> {
    if item.name == value {
        return vec![item.windows.clone()];
    }
    let members = if attribute == FIELDS { None } else { book.group(attribute, &item.name) };
    let members = members.unwrap_or_default().iter().filter(|member| member.name == value);
    members.map(|member| [item.windows.clone(), member.windows.clone()].concat()).collect()
}

/// Sets of values of one class: of each class none, one or all of them; for fields also with one that the service does
/// not declare.
fn sets(mut alike: Vec<Vec<String>>, fields: bool) -> Vec<Stated> {
    if fields {
        alike.push(vec![UNDECLARED.to_owned()]);
    }
    let mut sets = vec![BTreeSet::new()];
    for values in &alike {
        let mut choices = vec![&values[..0], &values[..1]];
        if values.len() > 1 {
            choices.push(values);
        }
        let with = |set: &BTreeSet<String>, more: &[String]| set.iter().chain(more).cloned().collect();
        sets = sets.iter().flat_map(|set| choices.iter().map(move |more| with(set, more))).collect();
    }
    sets.into_iter().map(Stated::Set).collect()
}

/// Pseudorandom numbers, the same on every run.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: &str) -> Self {
        Self(seed.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        }))
    }

    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % bound as u64).unwrap()
    }
}
