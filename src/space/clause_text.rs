//! Kinds of value in the author's words: `status Pending`, `fields only ESMEVariant`.

use crate::policy::{Policy, Service, Test};
use crate::space::{Cube, Layout};
use crate::space::{Dimension, Lookup, RuleSpace, SetLookup, SetTest};

/// The clauses of a box, without those that leave nothing out, in checking order.
pub fn clauses(
    policy: &Policy,
    service: &Service,
    rule_space: &RuleSpace,
    layout: &Layout,
    cube: &Cube,
) -> Vec<String> {
    let clause = |attribute: usize| {
        self::clause(
            policy,
            service,
            &rule_space.dimensions[attribute],
            attribute,
            &layout.choice_flags(cube, attribute),
        )
    };
    (0..rule_space.dimensions.len()).filter_map(clause).collect()
}

/// A clause that says which classes of an attribute; nothing where it is every class.
pub fn clause(
    policy: &Policy,
    service: &Service,
    dimension: &Dimension,
    attribute: usize,
    inside: &[bool],
) -> Option<String> {
    let declared = |nth: &usize| !dimension.classes[*nth].undeclared;
    if (0..dimension.classes.len()).filter(declared).all(|nth| inside[nth]) {
        return None;
    }
    let name = &policy.attributes[attribute].name;
    let values = policy.values(attribute, service);
    let said = match &dimension.lookup {
        Lookup::Plain(class_of) => plain(&values, class_of, inside),
        Lookup::Set(lookup) => set(&values, dimension, lookup, inside),
        Lookup::Unseen => return None,
    };
    Some(format!("{name} {said}"))
}

fn plain(values: &[&str], class_of: &[u32], inside: &[bool]) -> String {
    let is_inside = |class: &u32| inside[*class as usize];
    let count = class_of.iter().filter(|class| is_inside(class)).count();
    let wanted = (class_of.len() - count) * 2 >= count;
    let of_kind = values.iter().zip(class_of).filter(|(_, class)| is_inside(class) == wanted);
    listed(if wanted { "" } else { "not " }, of_kind.map(|(value, _)| *value))
}

/// Words with commas between them.
fn listed<'w>(before: &str, words: impl Iterator<Item = &'w str>) -> String {
    let mut list = before.to_owned();
    for (nth, word) in words.enumerate() {
        list.push_str(if nth > 0 { ", " } else { "" });
        list.push_str(word);
    }
    list
}

/// A question, by its place among those that are asked, and the answer to it that is meant.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Literal {
    nth: usize,
    test: SetTest,
    holds: bool,
}

/// How the questions come out for some subsets, and whether these are meant. One class may have several of them: what a rule
/// asks twice of an attribute, its classes tell apart only together.
#[derive(Clone, Copy)]
struct Row {
    outcome: u128,
    inside: bool,
}

impl Literal {
    fn admits(&self, row: &Row) -> bool {
        (row.outcome >> self.nth & 1 == 1) == self.holds
    }

    fn words(&self, values: &[&str]) -> String {
        let inside = values.iter().zip(0..).filter(|(_, nth)| self.test.listed.contains(*nth));
        let list = listed("", inside.map(|(name, _)| *name));
        match (self.test.test, self.holds) {
            (Test::Exactly, true) if list.is_empty() => "none".to_owned(),
            (Test::Exactly, false) if list.is_empty() => "anything".to_owned(),
            (Test::In, true) | (Test::Excludes | Test::Not, false) => list,
            (Test::In, false) | (Test::Excludes | Test::Not, true) => format!("excludes {list}"),
            (Test::Only, true) => format!("only {list}"),
            (Test::Only, false) => format!("not only {list}"),
            (Test::Includes, true) => format!("includes {list}"),
            (Test::Includes, false) => format!("not all of {list}"),
            (Test::Exactly, true) => format!("exactly {list}"),
            (Test::Exactly, false) => format!("not exactly {list}"),
            (Test::Any, _) => "any".to_owned(),
        }
    }
}

/// Kinds of subset: by questions that all hold, else by questions of which one holds, else one by one.
fn set(values: &[&str], dimension: &Dimension, lookup: &SetLookup, inside: &[bool]) -> String {
    let declared = lookup.outcomes().filter(|(_, class)| !dimension.classes[*class].undeclared);
    let rows: Vec<Row> = declared.map(|(outcome, class)| Row { outcome, inside: inside[class] }).collect();
    let literals = |holds: bool| {
        lookup.tests.iter().enumerate().map(move |(nth, test)| Literal { nth, test: *test, holds })
    };
    let all: Vec<Literal> = literals(true).chain(literals(false)).collect();
    if let Some(found) = conjunction(&rows, &all) {
        return said(&found, values);
    }
    if let Some(found) = union(&rows, &all) {
        return found.iter().map(|one| one.words(values)).collect::<Vec<_>>().join(", or ");
    }
    // Each way in which the questions come out is what all their answers say together.
    let alone = |row: &Row| {
        let only = |other: &Row| Row { inside: other.outcome == row.outcome, ..*other };
        let rows: Vec<Row> = rows.iter().map(only).collect();
        conjunction(&rows, &all).map_or_else(|| "any".to_owned(), |found| said(&found, values))
    };
    let each: Vec<String> = rows.iter().filter(|row| row.inside).map(alone).collect();
    each.join(", or ")
}

fn said(literals: &[Literal], values: &[&str]) -> String {
    literals.iter().map(|literal| literal.words(values)).collect::<Vec<_>>().join(" and ")
}

/// A few questions that each admit some of what is meant and nothing else, and together all of it.
fn union(rows: &[Row], literals: &[Literal]) -> Option<Vec<Literal>> {
    let admits_no_other = |one: &&Literal| rows.iter().all(|row| row.inside || !one.admits(row));
    let mut left: Vec<&Row> = rows.iter().filter(|row| row.inside).collect();
    let mut found = Vec::new();
    let within: Vec<&Literal> = literals.iter().filter(admits_no_other).collect();
    while !left.is_empty() {
        let covered = |one: &Literal| left.iter().filter(|row| one.admits(row)).count();
        let best = within.iter().rev().max_by_key(|one| covered(one)).filter(|one| covered(one) > 0)?;
        left.retain(|row| !best.admits(row));
        found.push(**best);
    }
    found.sort_unstable_by_key(|one| (one.test.listed.0.trailing_zeros(), one.test, one.holds));
    Some(found)
}

/// The fewest questions that admit what is meant and nothing else, if any do together.
fn conjunction(rows: &[Row], literals: &[Literal]) -> Option<Vec<Literal>> {
    let implied = |literal: &Literal| rows.iter().all(|row| !row.inside || literal.admits(row));
    let mut found: Vec<Literal> = literals.iter().copied().filter(implied).collect();
    let exact =
        |chosen: &[Literal]| rows.iter().all(|row| row.inside == chosen.iter().all(|one| one.admits(row)));
    if !exact(&found) {
        return None;
    }
    if let Some(one) = found.iter().find(|one| exact(std::slice::from_ref(one))) {
        return Some(vec![*one]);
    }
    // What the others say already is left out, the negations first.
    for nth in (0..found.len()).rev() {
        let without: Vec<Literal> =
            found.iter().enumerate().filter(|(other, _)| *other != nth).map(|(_, one)| *one).collect();
        if exact(&without) {
            found = without;
        }
    }
    Some(found)
}
