//! An [`DecisionTable`] as bytes, and whether one that was read fits its policy.

use std::num::NonZeroU8;

use rustc_hash::FxHashSet;

use super::grid::{Column, Grid, Grids, MOST_BOXES};
use super::outcomes::{TableOutcomes, TableRefusal};
use super::set_ids::{MOST, SetIds, SetKinds};
use super::{Day, DecisionTable, Interval, NodeRef, Own, Vocabulary};
use crate::base::wire::{Reader, Wire, wire};
use crate::policy::Policy;
use crate::space::MOST_TESTS;

impl Wire for DecisionTable {
    fn write(&self, out: &mut Vec<u8>) {
        self.table.write(out);
        self.services.write(out);
        self.intervals.write(out);
        self.grids.write(out);
        self.ends.write(out);
        self.sets.write(out);
        self.fields.write(out);
    }

    fn read(input: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            table: Wire::read(input)?,
            services: Wire::read(input)?,
            intervals: Wire::read(input)?,
            grids: Wire::read(input)?,
            ends: Wire::read(input)?,
            sets: Wire::read(input)?,
            fields: Wire::read(input)?,
            names: Vocabulary::default(),
        })
    }
}

wire!(Interval { from, own, above });
wire!(TableOutcomes { permits, rules, refusals });
wire!(Grids { columns, words, rules });
wire!(Grid { columns, rules, width, permits });
wire!(Column { asked, first, attribute, own });
wire!(TableRefusal { check, forbid, own, value });
wire!(SetKinds { tests, outcomes, subsets });

impl Wire for Day {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
    }

    fn read(input: &mut Reader<'_>) -> Option<Self> {
        Wire::read(input).map(Self)
    }
}

impl Wire for Own {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Grid(grid) => {
                true.write(out);
                grid.write(out);
            }
            Self::Diagram(place) => {
                false.write(out);
                place.write(out);
            }
        }
    }

    fn read(input: &mut Reader<'_>) -> Option<Self> {
        if bool::read(input)? {
            Wire::read(input).map(Self::Grid)
        } else {
            Wire::read(input).map(Self::Diagram)
        }
    }
}

impl Wire for NonZeroU8 {
    fn write(&self, out: &mut Vec<u8>) {
        self.get().write(out);
    }

    fn read(input: &mut Reader<'_>) -> Option<Self> {
        u8::read(input).and_then(Self::new)
    }
}

impl Wire for SetIds {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Unseen => 0u8.write(out),
            Self::TooMany => 3u8.write(out),
            Self::Bits { values, more } => {
                1u8.write(out);
                values.write(out);
                more.write(out);
            }
            Self::Kinds(classes) => {
                2u8.write(out);
                classes.write(out);
            }
        }
    }

    fn read(input: &mut Reader<'_>) -> Option<Self> {
        match u8::read(input)? {
            0 => Some(Self::Unseen),
            1 => Some(Self::Bits { values: Wire::read(input)?, more: Wire::read(input)? }),
            2 => Wire::read(input).map(Self::Kinds),
            3 => Some(Self::TooMany),
            _ => None,
        }
    }
}

impl DecisionTable {
    /// The same with the names of a policy.
    pub(crate) fn named(self, policy: &Policy) -> Self {
        Self { names: Vocabulary::of(policy), ..self }
    }

    /// Whether every place is one, every way leads to an end, and no end is of a rule or a value that the policy does not
    /// have.
    pub(crate) fn fits(&self, policy: &Policy) -> bool {
        let sets = |sets: &[SetIds], number: usize| sets.len() == number && sets.iter().all(SetIds::fits);
        sets(&self.sets, policy.attributes.len())
            && sets(&self.fields, policy.services.len())
            && self.ends.fits(policy)
            && self.grids.rules.iter().all(|rule| (*rule as usize) < policy.rules.len())
            && self.stretches_fit(policy)
            && self.forks_fit(policy)
    }

    fn stretches_fit(&self, policy: &Policy) -> bool {
        let places = self.services.first() == Some(&0)
            && self.services.last().is_some_and(|last| *last as usize == self.intervals.len())
            && self.services.len() == policy.services.len() + 1
            && self.services.is_sorted();
        let begins = |service: &[u32]| {
            let own = self.intervals.get(service[0] as usize..service[1] as usize).unwrap_or_default();
            own.first().is_some_and(|first| first.from == Day(i32::MIN))
                && own.is_sorted_by_key(|one| one.from)
        };
        let own = |own: Own, fields: &SetIds| match own {
            Own::Grid(grid) => self.grid_fits(grid, policy, fields),
            Own::Diagram(place) => self.is_place(place, false),
        };
        let ends = |(service, fields): (&[u32], &SetIds)| {
            let intervals = &self.intervals[service[0] as usize..service[1] as usize];
            intervals.iter().all(|one| own(one.own, fields) && self.is_place(one.above, true))
        };
        places && self.services.windows(2).all(begins) && self.services.windows(2).zip(&self.fields).all(ends)
    }

    /// Whether each column of a grid has a word for everything that can be said of its attribute, none for nothing said,
    /// and each permit is a rule.
    fn grid_fits(&self, grid: Grid, policy: &Policy, fields: &SetIds) -> bool {
        let column = |column: &Column| {
            let (attribute, first) = (usize::from(column.attribute), column.first as usize);
            let width = || {
                if policy.fields == Some(attribute) { fields.number() } else { self.width(policy, attribute) }
            };
            attribute < policy.attributes.len()
                && first > 0
                && self.grids.words.get(first) == Some(&0)
                && first + width() < self.grids.words.len()
        };
        let columns = self.grids.columns(grid);
        columns.len() == usize::from(grid.width.get())
            && columns.iter().all(column)
            && usize::from(grid.permits) <= MOST_BOXES
            && grid.rules as usize + usize::from(grid.permits) <= self.grids.rules.len()
    }

    /// Whether it is a fork in the table or an end that there is; above services there may be none.
    fn is_place(&self, place: NodeRef, above: bool) -> bool {
        match place {
            NodeRef::RULES => true,
            NodeRef::NONE => above,
            _ if place.is_end() => self.ends.has(place),
            _ => self.table.get(place.offset()) == Some(&NodeRef::OPEN),
        }
    }

    /// Whether each fork has a branch for everything that can be said of its attribute, and leads on to later attributes
    /// alone: so every way comes to an end. A fork begins with what answers where nothing is said.
    fn forks_fit(&self, policy: &Policy) -> bool {
        let mut attributes: Vec<Option<usize>> = vec![None; self.table.len()];
        let mut end = self.table.len();
        for root in self.intervals.iter().flat_map(Interval::roots).filter(|one| !one.is_end()) {
            if !asked(&mut attributes, root, policy) {
                return false;
            }
        }
        // What leads to a fork stands behind it, so that its attribute is known by the time it is come to.
        for start in (0..self.table.len()).rev().filter(|nth| self.table[*nth] == NodeRef::OPEN) {
            let branches = &self.table[start + 1..end];
            end = start;
            let Some(attribute) = attributes[start] else { continue };
            let is_fields = policy.fields == Some(attribute);
            if !is_fields && self.width(policy, attribute) != branches.len() {
                return false;
            }
            for branch in branches {
                let fork = !branch.is_end();
                let on = || {
                    usize::from(branch.attribute()) > attribute
                        && branch.offset() < start
                        && asked(&mut attributes, *branch, policy)
                };
                if !self.is_place(*branch, true) || (fork && !{ on }()) {
                    return false;
                }
            }
        }
        end == 0 && self.fields_fit(policy)
    }

    /// How much can be said of an attribute that means the same in every service.
    fn width(&self, policy: &Policy, attribute: usize) -> usize {
        if policy.attributes[attribute].set {
            self.sets[attribute].number()
        } else {
            policy.attributes[attribute].values.len()
        }
    }

    /// Whether the forks on fields that a service comes to have a branch for each set of its fields.
    fn fields_fit(&self, policy: &Policy) -> bool {
        let Some(fields) = policy.fields else { return true };
        let mut seen = FxHashSet::default();
        self.services.windows(2).zip(&self.fields).all(|(service, sets)| {
            seen.clear();
            let own = &self.intervals[service[0] as usize..service[1] as usize];
            let mut open: Vec<NodeRef> = own.iter().flat_map(Interval::roots).collect();
            while let Some(place) = open.pop() {
                if place.is_end() || usize::from(place.attribute()) > fields || !seen.insert(place) {
                    continue;
                }
                let branches = self.branches(place);
                if usize::from(place.attribute()) < fields {
                    open.extend(branches);
                } else if branches.len() != sets.number() {
                    return false;
                }
            }
            true
        })
    }

    /// The branches of a fork, but the first.
    fn branches(&self, fork: NodeRef) -> &[NodeRef] {
        let rest = self.table.get(fork.offset() + 1..).unwrap_or_default();
        let length = rest.iter().position(|place| *place == NodeRef::OPEN).unwrap_or(rest.len());
        &rest[..length]
    }
}

/// Notes the attribute that a fork asks of, as whatever leads to it says; false where they do not agree, or where there is
/// no such attribute.
fn asked(attributes: &mut [Option<usize>], fork: NodeRef, policy: &Policy) -> bool {
    let attribute = usize::from(fork.attribute());
    let Some(known) = attributes.get_mut(fork.offset()) else { return false };
    attribute < policy.attributes.len() && *known.get_or_insert(attribute) == attribute
}

impl Interval {
    /// Where its diagrams begin.
    fn roots(&self) -> impl Iterator<Item = NodeRef> + use<> {
        let own = if let Own::Diagram(place) = self.own { Some(place) } else { None };
        own.into_iter().chain([self.above])
    }
}

impl SetIds {
    fn fits(&self) -> bool {
        match self {
            Self::Unseen | Self::TooMany => true,
            Self::Bits { values, .. } => *values <= 8,
            Self::Kinds(classes) => {
                classes.tests.len() <= MOST_TESTS
                    && classes.subsets.len() == classes.outcomes.len()
                    && classes.subsets.len() <= MOST
            }
        }
    }
}

impl TableOutcomes {
    fn fits(&self, policy: &Policy) -> bool {
        let rule = |rule: u32| (rule as usize) < policy.rules.len();
        let refusal = |one: &TableRefusal| {
            let attribute = policy.attributes.get(usize::from(one.check).saturating_sub(1));
            let values = attribute.map_or(0, |one| one.values.len());
            attribute.is_some()
                && one.forbid.is_none_or(rule)
                && one.value.is_none_or(|value| (value as usize) < values)
        };
        self.permits.is_sorted()
            && self.permits.last().is_none_or(|last| *last as usize == self.rules.len())
            && self.rules.iter().all(|one| rule(*one))
            && self.refusals.iter().all(refusal)
    }

    /// Whether there is such an end. One that permits names a permit.
    fn has(&self, end: NodeRef) -> bool {
        if end.is_permit() { !self.permits(end).is_empty() } else { self.refusal(end).is_some() }
    }
}
