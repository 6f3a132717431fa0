//! Regions of changes in the author's words.

use jiff::civil::Date;
use serde::Serialize;

use super::MOST_REGIONS;
use super::cause::{Cause, causes};
use super::count::Count;
use super::space::Space;
use super::tally::Tally;
use super::vocabulary::Joint;
use super::walk::Change;
use crate::witness;
use meterwarden::decide::request::Request;
use meterwarden::policy::{Edge, Window};
use meterwarden::space::clause_text;
use meterwarden::space::{Cube, Diagram, Node, cover};

/// What changed in one direction.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Part {
    /// How many requests, over the values and declared fields of the attributes that the service's rules look at. One
    /// that changes on several dates counts once.
    pub cases: Count,
    /// What share of the service's requests that is.
    pub share: f64,
    /// Regions as large as can be that are these requests, together, exactly. They may overlap.
    pub regions: Vec<Region>,
    /// How many requests are in no region shown; nothing where all are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unshown: Option<Count>,
}

/// A region: requests that agree with all of some clauses, for a time.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Region {
    /// The first date, where it has one.
    pub from: Option<Date>,
    /// The first date for which it no longer holds, where it has one.
    pub until: Option<Date>,
    /// Clauses in the words of the language, all of which must hold; none means every request.
    pub clauses: Vec<String>,
    /// How many requests.
    pub cases: Count,
    /// The rules to which it is due.
    pub causes: Vec<Cause>,
    /// One of its requests, on a date for which it holds.
    pub witness: Request,
}

/// What is refused with one code and was with another.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct CodeChange {
    /// The code before; nothing where none is assigned.
    pub before: Option<String>,
    /// The code after.
    pub after: Option<String>,
    /// Which requests.
    #[serde(flatten)]
    pub part: Part,
}

/// What is known of the changes of one service.
pub(super) struct Telling<'s, 'p> {
    pub(super) joint: &'s Joint<'p>,
    pub(super) space: &'s Space<'p>,
    pub(super) changes: &'s Diagram<Change>,
    pub(super) tally: Tally<'s>,
    pub(super) dates: Option<[Date; 2]>,
    /// How many requests the service has.
    pub(super) whole: Count,
}

impl Part {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.cases.is_zero()
    }
}

impl Telling<'_, '_> {
    /// All of one change.
    pub(super) fn part(&self, change: Change) -> Part {
        if !self.changes.nodes.contains(&Node::End(change)) {
            return Part::default();
        }
        let region = self.changes.map(|end| *end == change);
        let cases = self.tally.of(change);
        let (boxes, rest) = cover(&region, &self.space.layout, MOST_REGIONS);
        let mut regions: Vec<Region> =
            boxes.iter().flat_map(|one| self.runs(one)).map(|one| self.said(&one, change)).collect();
        regions.sort_by_key(|one| (one.from, one.until.is_none(), one.until));
        Part {
            share: cases.share_of(&self.whole),
            cases,
            regions,
            unshown: (!rest.is_empty()).then(|| self.tally.of_region(&rest)),
        }
    }

    /// The changes of codes, in the order of the codes; each with its regions, if they are wanted.
    pub(super) fn codes(&self, regions: bool) -> Vec<CodeChange> {
        let name = |place: u16| self.joint.codes.name(place).map(str::to_owned);
        let pairs = self.changes.nodes.iter().filter_map(|node| match node {
            Node::End(Change::Code(before, after)) => Some((*before, *after)),
            _ => None,
        });
        let change = |(before, after): (u16, u16)| {
            let change = Change::Code(before, after);
            let part = if regions { self.part(change) } else { self.counted(change) };
            CodeChange { before: name(before), after: name(after), part }
        };
        let mut changes: Vec<CodeChange> = pairs.map(change).collect();
        changes.sort_by(|one, other| (&one.before, &one.after).cmp(&(&other.before, &other.after)));
        changes
    }

    /// How much there is of a change, without the words.
    fn counted(&self, change: Change) -> Part {
        let cases = self.tally.of(change);
        let share = cases.share_of(&self.whole);
        Part { share, regions: Vec::new(), unshown: Some(cases.clone()), cases }
    }

    /// A region for each unbroken run of time.
    fn runs(&self, region: &Cube) -> Vec<Cube> {
        let layout = &self.space.layout;
        let mut runs: Vec<Vec<usize>> = Vec::new();
        for stretch in layout.taken(region, 0) {
            let adjoins = |run: &&mut Vec<usize>| {
                let last = run.last().map(|last| self.space.stretches[*last].time.until);
                last == Some(self.space.stretches[stretch].time.from)
            };
            match runs.last_mut().filter(adjoins) {
                Some(run) => run.push(stretch),
                None => runs.push(vec![stretch]),
            }
        }
        let run = |run: Vec<usize>| {
            let mut one = region.clone();
            (0..layout.choices(0)).for_each(|nth| layout.put(&mut one, 0, nth, run.contains(&nth)));
            one
        };
        runs.into_iter().map(run).collect()
    }

    fn said(&self, region: &Cube, change: Change) -> Region {
        let space = self.space;
        let stretches: Vec<usize> = space.layout.taken(region, 0).collect();
        let time = |nth: Option<&usize>| nth.map_or(Window::ALWAYS, |nth| space.stretches[*nth].time);
        let (from, until) = (time(stretches.first()).from, time(stretches.last()).until);
        let cells = (1..space.weights.len()).map(|dimension| {
            let taken = space.layout.taken(region, dimension);
            taken.map(|choice| space.weights[dimension][choice]).fold(0, u128::saturating_add)
        });
        let edges = self.dates.map(|dates| dates.map(Edge::On));
        let causes = match change {
            Change::Wider => causes(self.joint, space, edges, region, true),
            Change::Narrower => causes(self.joint, space, edges, region, false),
            Change::Same | Change::Code(..) => Vec::new(),
        };
        Region {
            from: day(from),
            until: day(until),
            clauses: self.clauses(region),
            cases: Count(cells.map(num_bigint::BigUint::from).product()),
            causes,
            witness: self.witness(region, from, until),
        }
    }

    fn clauses(&self, region: &Cube) -> Vec<String> {
        let space = self.space;
        let constraint = |attribute: usize| {
            let inside = space.layout.choice_flags(region, attribute + 1);
            clause_text::clause(
                space.policy,
                &space.service,
                &space.dimensions[attribute],
                attribute,
                &inside,
            )
        };
        (0..space.dimensions.len()).filter_map(constraint).collect()
    }

    /// A request of a region that says everything that the rules look at.
    fn witness(&self, region: &Cube, from: Edge, until: Edge) -> Request {
        let space = self.space;
        let at = match (self.dates, from, until) {
            (Some([_, after]), ..) => after,
            (_, Edge::On(from), _) => from,
            (_, _, Edge::On(until)) => until.yesterday().unwrap_or(until),
            _ => self.any_day(),
        };
        let mut request = Request::new(space.service.name.clone(), at);
        // Unsaid fields might be undeclared ones.
        let matters = |attribute: usize| {
            space.dimensions[attribute].classes.len() > 1
                || (space.policy.fields_attribute() == Some(attribute) && space.service.fields.is_some())
        };
        for (attribute, dimension) in space.dimensions.iter().enumerate().filter(|(nth, _)| matters(*nth)) {
            let Some(class) = space.layout.taken(region, attribute + 1).next() else { continue };
            let name = &space.policy.attributes()[attribute].name;
            let fact = witness::fact(space.policy, &space.service, dimension, attribute, class);
            request.facts.extend(fact.map(|fact| (name.clone(), fact)));
        }
        request
    }

    /// A day for what is so on every date: one on which every firm modification is in force.
    fn any_day(&self) -> Date {
        let modifications = self.joint.own.iter().flat_map(|own| own.policy.modifications());
        modifications.filter_map(|one| day(one.effective)).max().unwrap_or(Date::constant(2000, 1, 1))
    }
}

fn day(edge: Edge) -> Option<Date> {
    if let Edge::On(date) = edge { Some(date) } else { None }
}
