//! Describes the changes of one service: its regions in the rule language, with counts, causes and witnesses.

use jiff::civil::Date;
use num_bigint::BigUint;

use super::cause::{Causes, Direction};
use super::change_diagram::Change;
use super::count::Count;
use super::joint_space::JointSpace;
use super::part::{CodeChange, Part, Region};
use super::request_counter::RequestCounter;
use super::vocabulary::JointVocabulary;
use crate::limits::MOST_DIFF_REGIONS;
use crate::witness;
use meterwarden::decide::request::Request;
use meterwarden::policy::{Edge, Window};
use meterwarden::space::{Cube, Diagram, Node, clause_text, cover};

/// The changes of one service, before they are described.
pub(super) struct ServiceChanges<'s, 'p> {
    pub(super) joint: &'s JointVocabulary<'p>,
    pub(super) space: &'s JointSpace<'p>,
    pub(super) changes: &'s Diagram<Change>,
    pub(super) counter: RequestCounter<'s>,
    pub(super) dates: Option<[Date; 2]>,
    /// The number of requests of the service.
    pub(super) size: Count,
}

impl ServiceChanges<'_, '_> {
    /// The requests with a change, and their regions.
    pub(super) fn part(&self, change: Change) -> Part {
        if !self.changes.nodes.contains(&Node::End(change)) {
            return Part::default();
        }
        let region = self.changes.map(|end| *end == change);
        let cases = self.counter.with_change(change);
        let (boxes, rest) = cover(&region, &self.space.layout, MOST_DIFF_REGIONS);
        let runs = boxes.iter().flat_map(|cube| self.runs(cube));
        let mut regions: Vec<Region> = runs.map(|cube| self.region(&cube, change)).collect();
        regions.sort_by_key(|region| (region.from, region.until.is_none(), region.until));
        Part {
            share: cases.share_of(&self.size),
            cases,
            regions,
            unshown: (!rest.is_empty()).then(|| self.counter.in_region(&rest)),
        }
    }

    /// The changes of codes, in the order of the codes; with their regions only if these are wanted.
    pub(super) fn code_changes(&self, with_regions: bool) -> Vec<CodeChange> {
        let name = |place: u16| self.joint.codes.name(place).map(str::to_owned);
        let code_changes = self.changes.nodes.iter().filter_map(|node| match node {
            Node::End(Change::Code(before, after)) => Some((*before, *after)),
            _ => None,
        });
        let code_change = |(before, after): (u16, u16)| {
            let change = Change::Code(before, after);
            let part = if with_regions { self.part(change) } else { self.count(change) };
            CodeChange { before: name(before), after: name(after), part }
        };
        let mut changes: Vec<CodeChange> = code_changes.map(code_change).collect();
        changes.sort_by(|left, right| (&left.before, &left.after).cmp(&(&right.before, &right.after)));
        changes
    }

    /// The number of requests with a change, without their regions.
    fn count(&self, change: Change) -> Part {
        let cases = self.counter.with_change(change);
        let share = cases.share_of(&self.size);
        Part { share, regions: Vec::new(), unshown: Some(cases.clone()), cases }
    }

    /// The parts of a box that hold without gaps in time. Two intervals of the space need not be adjacent, because
    /// intervals without a difference are not in it.
    fn runs(&self, cube: &Cube) -> Vec<Cube> {
        let (layout, intervals) = (&self.space.layout, &self.space.intervals);
        let taken: Vec<usize> = layout.taken(cube, 0).collect();
        let adjoins =
            |left: &usize, right: &usize| intervals[*left].time.until == intervals[*right].time.from;
        let run = |run: &[usize]| {
            let mut part = cube.clone();
            layout.keep(&mut part, 0, |interval| run.contains(&interval));
            part
        };
        taken.chunk_by(adjoins).map(run).collect()
    }

    fn region(&self, cube: &Cube, change: Change) -> Region {
        let space = self.space;
        let intervals: Vec<usize> = space.layout.taken(cube, 0).collect();
        let time = |interval: Option<&usize>| {
            interval.map_or(Window::ALWAYS, |interval| space.intervals[*interval].time)
        };
        let (from, until) = (time(intervals.first()).from, time(intervals.last()).until);
        let weights = (1..space.weights.len()).map(|dimension| {
            let taken = space.layout.taken(cube, dimension);
            taken.map(|choice| space.weights[dimension][choice]).fold(0, u128::saturating_add)
        });
        let causes = |direction: Direction| {
            let dates = self.dates.map(|dates| dates.map(Edge::On));
            Causes::new(self.joint, space, dates, cube, direction).find()
        };
        Region {
            from: date(from),
            until: date(until),
            clauses: self.clauses(cube),
            cases: Count(weights.map(BigUint::from).product()),
            causes: match change {
                Change::Wider => causes(Direction::Wider),
                Change::Narrower => causes(Direction::Narrower),
                Change::Same | Change::Code(..) => Vec::new(),
            },
            witness: self.witness(cube, from, until),
        }
    }

    fn clauses(&self, cube: &Cube) -> Vec<String> {
        let space = self.space;
        let clause = |(attribute, dimension)| {
            let inside = space.layout.choice_flags(cube, attribute + 1);
            clause_text::clause(space.policy, &space.service, dimension, attribute, &inside)
        };
        space.dimensions.iter().enumerate().filter_map(clause).collect()
    }

    /// A request of a box that states every attribute that the rules check.
    fn witness(&self, cube: &Cube, from: Edge, until: Edge) -> Request {
        let space = self.space;
        let at = match (self.dates, from, until) {
            (Some([_, after]), ..) => after,
            (_, Edge::On(from), _) => from,
            (_, _, Edge::On(until)) => until.yesterday().unwrap_or(until),
            _ => self.any_day(),
        };
        let mut request = Request::new(space.service.name.clone(), at);
        // `fields` is always stated: fields that are not stated could be undeclared ones.
        let is_stated = |attribute: usize| {
            space.dimensions[attribute].classes.len() > 1
                || (space.policy.fields_attribute() == Some(attribute) && space.service.fields.is_some())
        };
        for (attribute, dimension) in
            space.dimensions.iter().enumerate().filter(|(index, _)| is_stated(*index))
        {
            let Some(class) = space.layout.taken(cube, attribute + 1).next() else { continue };
            let name = &space.policy.attributes()[attribute].name;
            let fact = witness::fact(space.policy, &space.service, dimension, attribute, class);
            request.facts.extend(fact.map(|fact| (name.clone(), fact)));
        }
        request
    }

    /// A day for what holds on every date: the first on which every modification with a date is in force.
    fn any_day(&self) -> Date {
        let versions = self.joint.versions.iter();
        let modifications = versions.flat_map(|version| version.policy.modifications());
        let dates = modifications.filter_map(|modification| date(modification.effective));
        dates.max().unwrap_or(Date::constant(2000, 1, 1))
    }
}

fn date(edge: Edge) -> Option<Date> {
    if let Edge::On(date) = edge { Some(date) } else { None }
}
