//! One cell: what is permitted of the requests that agree with its row, its column and the filters.

use std::collections::BTreeMap;
use std::hash::Hash;

use jiff::civil::Date;
use serde::Serialize;

use super::detail::{self, Detail};
use super::extent::{Extent, extent, reached};
use super::level::{Level, Pick, Scene};
use super::question::{Asked, Question, Side, pick};
use meterwarden::base::bit_set::{RuleSet, bits};
use meterwarden::plan::Plan;
use meterwarden::space::RuleSpace;
use meterwarden::space::{Diagram, Walk};

/// What is permitted of the requests of a cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Every request, none, or some.
    pub verdict: Verdict,
    /// The share that is permitted, from 0 to 1; services weigh the same.
    pub share: f64,
    /// The permits that let some through, as places in the policy's list.
    pub permits: Vec<usize>,
    /// The forbids that stop some that a permit would let through.
    pub forbids: Vec<usize>,
    /// How it stood on the date with which it is compared.
    pub was: Option<Verdict>,
    /// How it differs from that date, if it does.
    pub change: Option<Change>,
    /// More of it, where the question asks for that.
    pub detail: Option<Detail>,
}

/// How many of a cell's requests are permitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// None, whatever is left open.
    Never,
    /// It depends on what is left open.
    Sometimes,
    /// Every one, whatever is left open.
    Always,
}

/// How what is permitted in a cell differs between two dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Nothing was permitted; something is.
    Gained,
    /// Something was permitted; nothing is.
    Lost,
    /// All that was permitted is, and more.
    Widened,
    /// Less is permitted than was, and nothing else.
    Narrowed,
    /// Something that was permitted is not, and the other way round.
    Changed,
}

/// What a cell is about, beside the filters.
pub(super) struct Place {
    /// The service, where a side is by service.
    pub(super) services: Option<usize>,
    /// The values of its sides, by attribute.
    pub(super) values: Vec<(usize, String)>,
}

impl Place {
    pub(super) fn at(&mut self, asked: &Asked<'_>, side: Side, name: &str) {
        match side {
            Side::Attribute(attribute) => self.values.push((attribute, name.to_owned())),
            Side::Service => self.services = asked.policy.service_place(name),
        }
    }
}

/// What the boxes that survive come to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub(super) struct End {
    pub(super) permits: Vec<usize>,
    pub(super) forbids: Vec<usize>,
}

impl End {
    pub(super) fn permitted(&self) -> bool {
        !self.permits.is_empty() && self.forbids.is_empty()
    }
}

/// One service on one date: its diagram, made once for all its cells.
pub(super) struct Page<'p> {
    pub(super) rule_space: &'p RuleSpace,
    pub(super) levels: Vec<Level>,
    pub(super) diagram: Diagram<End>,
}

/// Whether something is permitted on each of two dates.
pub(super) type Both = (bool, bool);

/// A service on both dates, where its rules differ between them.
pub(super) struct Comparison<'p> {
    then: Page<'p>,
    rule_spaces: [&'p RuleSpace; 2],
    pub(super) levels: Vec<Level>,
    pub(super) diagram: Diagram<Both>,
}

/// What has been worked out of each service so far.
pub(super) struct Book<'p, 'q> {
    plan: &'p Plan,
    asked: &'q Asked<'p>,
    question: &'q Question,
    pages: BTreeMap<usize, (Page<'p>, Option<Comparison<'p>>)>,
}

impl<'p, 'q> Book<'p, 'q> {
    pub(super) fn new(plan: &'p Plan, asked: &'q Asked<'p>, question: &'q Question) -> Self {
        Self { plan, asked, question, pages: BTreeMap::new() }
    }

    /// A cell; where no side is by service, of all services that are meant together.
    pub(super) fn cell(&mut self, place: &Place) -> Cell {
        let services = place.services.map_or_else(|| self.asked.services.clone(), |one| vec![one]);
        let parts: Vec<Part> = services.iter().map(|service| self.part(*service, place)).collect();
        let mut cell = joined(&parts, self.question.against.is_some());
        if self.question.detail {
            let single = (services.len() == 1).then(|| services.first().copied()).flatten();
            let page = single.and_then(|service| Some((service, &self.pages.get(&service)?.0)));
            cell.detail = page.map(|(service, page)| {
                let picks = picks(self.asked, service, place);
                detail::of(self.plan, self.asked, self.question.at, service, page, place, &picks)
            });
        }
        cell
    }

    fn part(&mut self, service: usize, place: &Place) -> Part {
        let picks = picks(self.asked, service, place);
        let (plan, question) = (self.plan, self.question);
        let (page, comparison) = self.pages.entry(service).or_insert_with(|| {
            (
                page(plan, service, question.at),
                question.against.and_then(|date| comparison(plan, service, question.at, date)),
            )
        });
        let (now, permits, forbids) = read(scene(plan, service, &[page.rule_space]), page, &picks);
        let mut part = Part { now, then: now, both: Vec::new(), permits, forbids };
        if let Some(compared) = comparison {
            part.then = read(scene(plan, service, &[compared.then.rule_space]), &compared.then, &picks).0;
            part.both = weights(scene(plan, service, &compared.rule_spaces), &compared.levels, &picks)
                .map_or_else(Vec::new, |weights| {
                    reached(&compared.diagram, &weights).into_iter().copied().collect()
                });
        } else {
            part.both.extend(now.some.then_some((true, true)));
        }
        part
    }
}

/// A cell's share of one service.
struct Part {
    now: Extent,
    then: Extent,
    /// The combinations that occur of being permitted then, and now.
    both: Vec<Both>,
    permits: Vec<usize>,
    forbids: Vec<usize>,
}

fn joined(parts: &[Part], compared: bool) -> Cell {
    let union = |of: fn(&Part) -> &Vec<usize>| {
        let mut all: Vec<usize> = parts.iter().flat_map(|part| of(part).iter().copied()).collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    let count = parts.len().max(1) as f64;
    let (now, then) =
        (verdict(parts.iter().map(|part| part.now)), verdict(parts.iter().map(|part| part.then)));
    let seen = |wanted: Both| parts.iter().any(|part| part.both.contains(&wanted));
    let change = match (then, now, seen((true, false)), seen((false, true))) {
        (_, _, false, false) => None,
        (Verdict::Never, ..) => Some(Change::Gained),
        (_, Verdict::Never, ..) => Some(Change::Lost),
        (_, _, false, true) => Some(Change::Widened),
        (_, _, true, false) => Some(Change::Narrowed),
        _ => Some(Change::Changed),
    };
    Cell {
        verdict: now,
        share: parts.iter().map(|part| part.now.share).sum::<f64>() / count,
        permits: union(|part| &part.permits),
        forbids: union(|part| &part.forbids),
        was: compared.then_some(then),
        change: change.filter(|_| compared),
        detail: None,
    }
}

fn verdict(extents: impl Iterator<Item = Extent> + Clone) -> Verdict {
    match (extents.clone().any(|extent| extent.some), extents.clone().all(|extent| extent.all)) {
        (false, _) => Verdict::Never,
        (true, true) => Verdict::Always,
        (true, false) => Verdict::Sometimes,
    }
}

/// For each attribute what the cell and the filters leave of it.
fn picks(asked: &Asked<'_>, service: usize, place: &Place) -> Vec<Pick> {
    let service = &asked.policy.services()[service];
    let names = asked.names.iter().enumerate().map(|(attribute, names)| {
        let own = place.values.iter().find(|(side, _)| *side == attribute);
        own.map(|(_, value)| vec![value.as_str()])
            .or_else(|| names.as_ref().map(|names| names.iter().map(String::as_str).collect()))
    });
    let pick = |(attribute, names): (usize, Option<Vec<&str>>)| {
        names.map_or(Pick::Any, |names| pick(asked.policy, service, attribute, &names))
    };
    names.enumerate().map(pick).collect()
}

/// What each choice of each attribute weighs; nothing where a pick leaves nothing.
fn weights(scene: Scene<'_>, levels: &[Level], picks: &[Pick]) -> Option<Vec<Vec<f64>>> {
    let weigh = |(attribute, (level, pick)): (usize, (&Level, &Pick))| scene.weights(level, attribute, pick);
    levels.iter().zip(picks).enumerate().map(weigh).collect()
}

pub(super) fn scene<'p>(plan: &'p Plan, service: usize, rule_spaces: &'p [&'p RuleSpace]) -> Scene<'p> {
    let policy = plan.policy();
    Scene { policy, service: &policy.services()[service], rule_spaces }
}

const NOTHING: Extent = Extent { share: 0.0, some: false, all: false };

/// How much of a cell is permitted, by which permits, and what forbids take away.
pub(super) fn read(scene: Scene<'_>, page: &Page<'_>, picks: &[Pick]) -> (Extent, Vec<usize>, Vec<usize>) {
    let Some(weights) = weights(scene, &page.levels, picks) else { return (NOTHING, Vec::new(), Vec::new()) };
    let ends = reached(&page.diagram, &weights);
    let permits = ends.iter().filter(|end| end.permitted()).flat_map(|end| &end.permits).copied().collect();
    let forbids = ends.iter().flat_map(|end| &end.forbids).copied().collect();
    (extent(&page.diagram, &weights, End::permitted), permits, forbids)
}

/// One service on one date.
pub(super) fn page(plan: &Plan, service: usize, at: Date) -> Page<'_> {
    page_of(plan, service, plan.service_plan(service).at(at))
}

pub(super) fn page_of<'p>(plan: &'p Plan, service: usize, rule_space: &'p RuleSpace) -> Page<'p> {
    let levels = scene(plan, service, &[rule_space]).levels();
    let end = |alive: &[u64]| End {
        permits: rules(rule_space, alive, &rule_space.permits),
        forbids: rules(rule_space, alive, &rule_space.forbids),
    };
    let diagram = Boxes { levels: &levels, rule_spaces: &[rule_space], end }.diagram();
    Page { rule_space, levels, diagram }
}

/// A service on two dates; nothing where its rules are the same on both.
fn comparison(plan: &Plan, service: usize, now: Date, then: Date) -> Option<Comparison<'_>> {
    let rule_spaces = [plan.service_plan(service).at(then), plan.service_plan(service).at(now)];
    (!std::ptr::eq(rule_spaces[0], rule_spaces[1])).then(|| compare(plan, service, rule_spaces))
}

/// A service in two stretches of time, the earlier one first.
pub(super) fn compare<'p>(plan: &'p Plan, service: usize, rule_spaces: [&'p RuleSpace; 2]) -> Comparison<'p> {
    let levels = scene(plan, service, &rule_spaces).levels();
    let end = |alive: &[u64]| {
        let (one, other) = alive.split_at(rule_spaces[0].permits.len());
        (permitted(rule_spaces[0], one), permitted(rule_spaces[1], other))
    };
    let diagram = Boxes { levels: &levels, rule_spaces: &rule_spaces, end }.diagram();
    Comparison { then: page_of(plan, service, rule_spaces[0]), rule_spaces, levels, diagram }
}

/// Goes through the levels with the boxes that are alive, those of several rule_spaces side by side; `end` says what the boxes
/// that survive come to.
struct Boxes<'l, F> {
    levels: &'l [Level],
    rule_spaces: &'l [&'l RuleSpace],
    end: F,
}

impl<E: Clone + Eq + Hash, F: Fn(&[u64]) -> E> Boxes<'_, F> {
    fn diagram(&self) -> Diagram<E> {
        let all = |rule_space: &&RuleSpace| -> RuleSet {
            rule_space
                .permits
                .iter()
                .zip(&rule_space.forbids)
                .map(|(permits, forbids)| permits | forbids)
                .collect()
        };
        let choices: Vec<usize> = self.levels.iter().map(|level| level.choices.len()).collect();
        Diagram::whole(self, &choices, self.settled(self.rule_spaces.iter().flat_map(all).collect()))
    }

    /// The same boxes where the same follows.
    fn settled(&self, mut alive: RuleSet) -> RuleSet {
        settle(self.rule_spaces, &mut alive);
        alive
    }
}

impl<E: Clone + Eq + Hash, F: Fn(&[u64]) -> E> Walk for Boxes<'_, F> {
    type State = RuleSet;
    type End = E;

    fn step(&self, alive: &RuleSet, attribute: usize, choice: usize) -> RuleSet {
        let passes = &self.levels[attribute].choices[choice];
        self.settled(passes.iter().zip(alive).map(|(passes, alive)| passes & alive).collect())
    }

    fn end(&self, alive: &RuleSet, attribute: usize) -> Option<E> {
        let settled = attribute == self.levels.len() || alive.iter().all(|word| *word == 0);
        settled.then(|| (self.end)(alive))
    }
}

/// Where no permit of an rule_space is alive, its forbids make no difference any more.
fn settle(rule_spaces: &[&RuleSpace], alive: &mut RuleSet) {
    let mut rest = alive.as_mut_slice();
    for rule_space in rule_spaces {
        let (own, others) = rest.split_at_mut(rule_space.permits.len());
        if own.iter().zip(&rule_space.permits).all(|(alive, permits)| alive & permits == 0) {
            own.fill(0);
        }
        rest = others;
    }
}

fn permitted(rule_space: &RuleSpace, alive: &[u64]) -> bool {
    let any = |of: &RuleSet| alive.iter().zip(of).any(|(alive, of)| alive & of != 0);
    any(&rule_space.permits) && !any(&rule_space.forbids)
}

/// The rules of the boxes that are alive and of one class, in policy order.
fn rules(rule_space: &RuleSpace, alive: &[u64], of: &RuleSet) -> Vec<usize> {
    let alive: RuleSet = alive.iter().zip(of).map(|(alive, of)| alive & of).collect();
    let mut rules: Vec<usize> = bits(&alive).map(|nth| rule_space.boxes[nth].rule).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}
