//! Value classes in the words of the rule language: `status Pending`, `fields only ESMEVariant`.

use crate::base::order::sorted_by;
use crate::policy::{Policy, Service, Test};
use crate::space::{Cube, Layout};
use crate::space::{Dimension, Lookup, Members, RuleSpace, SetLookup, SetTest};

/// The clauses of a box in checking order, except those that leave nothing out.
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

/// The clause for some classes of an attribute; nothing where it is every class that the service declares. `inside` has
/// a flag for each class.
pub fn clause(
    policy: &Policy,
    service: &Service,
    dimension: &Dimension,
    attribute: usize,
    inside: &[bool],
) -> Option<String> {
    clause_among(policy, service, dimension, attribute, inside, None)
}

/// The same for an attribute of which a request states these members, if it is a set attribute: the clause is about the
/// other values. Nothing where all of their subsets are inside.
pub fn clause_among(
    policy: &Policy,
    service: &Service,
    dimension: &Dimension,
    attribute: usize,
    inside: &[bool],
    members: Option<Members>,
) -> Option<String> {
    let is_declared = |class: usize| !dimension.classes[class].undeclared;
    let values = policy.values(attribute, service);
    let text = match &dimension.lookup {
        Lookup::Plain(class_of) if inside.contains(&false) => plain(&values, class_of, inside),
        Lookup::Set(lookup) => {
            let outcomes = dimension.outcomes_among(members).into_iter();
            let rows = outcomes.map(|(outcome, class)| (outcome, class as usize));
            let rows = rows.filter(|(_, class)| is_declared(*class));
            let rows: Vec<Row> =
                rows.map(|(outcome, class)| Row { outcome, inside: inside[class] }).collect();
            if rows.iter().all(|row| row.inside) {
                return None;
            }
            set(&values, &rows, &tests(lookup, members))
        }
        Lookup::Plain(_) | Lookup::Unseen => return None,
    };
    Some(format!("{} {text}", policy.attributes[attribute].name))
}

/// The tests that distinguish subsets with these members, each with its bit in an outcome.
fn tests(lookup: &SetLookup, members: Option<Members>) -> Vec<(usize, SetTest)> {
    let known = members.unwrap_or_default();
    let open = lookup.values.without(lookup.undeclared()).without(known.present).without(known.absent);
    let tests = lookup.tests.iter().enumerate();
    let among = |test: &SetTest| if members.is_some() { test.among(open, known) } else { Some(*test) };
    tests.filter_map(|(bit, test)| Some((bit, among(test)?))).collect()
}

fn plain(values: &[&str], class_of: &[u32], inside: &[bool]) -> String {
    let is_inside = |class: &u32| inside[*class as usize];
    let count = class_of.iter().filter(|class| is_inside(class)).count();
    // A short `not` list instead of a long plain one.
    let lists_inside = (class_of.len() - count) * 2 >= count;
    let listed_values = values.iter().zip(class_of).filter(|(_, class)| is_inside(class) == lists_inside);
    listed(if lists_inside { "" } else { "not " }, listed_values.map(|(value, _)| *value))
}

/// Words with commas between them.
fn listed<'w>(before: &str, words: impl Iterator<Item = &'w str>) -> String {
    let mut list = before.to_owned();
    for (index, word) in words.enumerate() {
        list.push_str(if index > 0 { ", " } else { "" });
        list.push_str(word);
    }
    list
}

/// A test that must hold, or must not.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Literal {
    /// The bit of the test in an outcome.
    bit: usize,
    test: SetTest,
    holds: bool,
}

/// An outcome of the tests, and whether the subsets that have it are inside. A class may have several outcomes: where a
/// box has two tests of an attribute, its classes distinguish only whether both hold.
#[derive(Clone, Copy)]
struct Row {
    outcome: u128,
    inside: bool,
}

impl Literal {
    fn admits(&self, row: &Row) -> bool {
        (row.outcome >> self.bit & 1 == 1) == self.holds
    }

    fn words(&self, values: &[&str]) -> String {
        let names = values.iter().zip(0..).filter(|(_, value)| self.test.listed.contains(*value));
        let list = listed("", names.map(|(name, _)| *name));
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

/// Some classes of subsets as tests: as tests that must all hold, otherwise as alternatives of one test each, otherwise
/// outcome by outcome. `tests` are those that distinguish the rows, each with its bit in an outcome.
fn set(values: &[&str], rows: &[Row], tests: &[(usize, SetTest)]) -> String {
    let literals =
        |holds: bool| tests.iter().map(move |(bit, test)| Literal { bit: *bit, test: *test, holds });
    let literals: Vec<Literal> = literals(true).chain(literals(false)).collect();
    if let Some(all) = conjunction(rows, &literals) {
        return joined(&all, values);
    }
    if let Some(alternatives) = union(rows, &literals) {
        return alternatives.iter().map(|literal| literal.words(values)).collect::<Vec<_>>().join(", or ");
    }
    let of_outcome = |row: &Row| {
        let only = |other: &Row| Row { inside: other.outcome == row.outcome, ..*other };
        let rows: Vec<Row> = rows.iter().map(only).collect();
        conjunction(&rows, &literals).map_or_else(|| "any".to_owned(), |all| joined(&all, values))
    };
    let alternatives: Vec<String> = rows.iter().filter(|row| row.inside).map(of_outcome).collect();
    alternatives.join(", or ")
}

fn joined(literals: &[Literal], values: &[&str]) -> String {
    literals.iter().map(|literal| literal.words(values)).collect::<Vec<_>>().join(" and ")
}

/// A few tests, each of which admits only rows that are inside, and which together admit all of these.
fn union(rows: &[Row], literals: &[Literal]) -> Option<Vec<Literal>> {
    let admits_inside_only = |literal: &&Literal| rows.iter().all(|row| row.inside || !literal.admits(row));
    let candidates: Vec<&Literal> = literals.iter().filter(admits_inside_only).collect();
    let mut left: Vec<&Row> = rows.iter().filter(|row| row.inside).collect();
    let mut chosen = Vec::new();
    while !left.is_empty() {
        let admitted = |literal: &Literal| left.iter().filter(|row| literal.admits(row)).count();
        // Of equals the first, which `max_by_key` takes of a reversed list.
        let best = candidates.iter().rev().max_by_key(|literal| admitted(literal))?;
        if admitted(best) == 0 {
            return None;
        }
        left.retain(|row| !best.admits(row));
        chosen.push(**best);
    }
    let key = |literal: &Literal| (literal.test.listed.0.trailing_zeros(), literal.test, literal.holds);
    Some(sorted_by(chosen, |left, right| key(left).cmp(&key(right))))
}

/// The fewest tests that together admit what is inside and nothing else, if there are any.
fn conjunction(rows: &[Row], literals: &[Literal]) -> Option<Vec<Literal>> {
    let implied = |literal: &Literal| rows.iter().all(|row| !row.inside || literal.admits(row));
    let mut chosen: Vec<Literal> = literals.iter().copied().filter(implied).collect();
    let is_exact = |chosen: &[Literal]| {
        rows.iter().all(|row| row.inside == chosen.iter().all(|literal| literal.admits(row)))
    };
    // If all tests that hold inside admit too much, no choice of them is exact.
    if !is_exact(&chosen) {
        return None;
    }
    if let Some(single) = chosen.iter().find(|literal| is_exact(std::slice::from_ref(literal))) {
        return Some(vec![*single]);
    }
    // Tests that the others imply are left out, from the end: so negations are left out first.
    for index in (0..chosen.len()).rev() {
        let mut without = chosen.clone();
        without.remove(index);
        if is_exact(&without) {
            chosen = without;
        }
    }
    Some(chosen)
}
