//! One service in one interval: its boxes as cubes, and the rule of each box.

use std::borrow::Cow;
use std::num::NonZeroUsize;

use jiff::civil::Date;

use meterwarden::base::parallel;
use meterwarden::decide::request::Request;
use meterwarden::plan::Plan;
use meterwarden::policy::{Edge, Policy, Service};
use meterwarden::space::{Cube, Layout, Remainder, cubes, declared, layout};
use meterwarden::space::{RuleSpace, rule_space};
use meterwarden_analysis::witness;

/// One service in one interval.
pub(super) struct ServiceInterval<'p> {
    pub(super) policy: &'p Policy,
    /// The index of the service in the policy.
    pub(super) service: usize,
    pub(super) rule_space: Cow<'p, RuleSpace>,
    /// A day of the interval; `None` if the interval is only proposed.
    pub(super) day: Option<Date>,
    pub(super) layout: Layout,
    /// All requests without undeclared fields.
    pub(super) declared: Cube,
    /// `cubes[b]` is box `b` of the rule space, limited to requests without undeclared fields. It may be empty.
    pub(super) cubes: Vec<Cube>,
    /// The number of boxes of permits. They come first; the other boxes are of forbids.
    pub(super) permits: usize,
}

/// A box of a service in an interval.
#[derive(Clone, Copy)]
pub(super) struct NumberedBox<'i> {
    /// The index of the box in the rule space.
    pub(super) index: usize,
    /// The index of its rule in the policy.
    pub(super) rule: usize,
    pub(super) cube: &'i Cube,
}

/// All intervals of all services, service by service and in order of time. The last interval of a service may be the
/// one in which all proposed modifications are in force.
pub(super) struct ServiceIntervals<'p> {
    pub(super) policy: &'p Policy,
    pub(super) all: Vec<ServiceInterval<'p>>,
    /// `of_rule[r]`: the indices of the intervals in which rule `r` has boxes.
    of_rule: Vec<Vec<usize>>,
    /// `of_service[s]`: where the intervals of service `s` begin and end.
    of_service: Vec<(usize, usize)>,
}

impl<'p> ServiceIntervals<'p> {
    pub(super) fn of(plan: &'p Plan, threads: NonZeroUsize) -> Self {
        let policy = plan.policy();
        let latest_day = latest_day(policy);
        let services: Vec<(usize, &Service)> = policy.services().iter().enumerate().collect();
        let by_service = parallel::map(&services, threads, |(index, service)| {
            intervals_of(plan, *index, service, latest_day)
        });
        let mut all: Vec<ServiceInterval<'p>> = Vec::new();
        let mut of_service = Vec::new();
        for intervals in by_service {
            let start = all.len();
            all.extend(intervals);
            of_service.push((start, all.len()));
        }
        let mut of_rule = vec![Vec::new(); policy.rules().len()];
        for (index, interval) in all.iter().enumerate() {
            for rule_box in &interval.rule_space.boxes {
                let intervals: &mut Vec<usize> = &mut of_rule[rule_box.rule];
                if intervals.last() != Some(&index) {
                    intervals.push(index);
                }
            }
        }
        Self { policy, all, of_rule, of_service }
    }

    /// The intervals of a service.
    pub(super) fn of_service(&self, service: usize) -> impl Iterator<Item = &ServiceInterval<'p>> {
        let (start, end) = self.of_service.get(service).copied().unwrap_or_default();
        self.all.iter().take(end).skip(start)
    }

    /// The intervals in which a rule has boxes.
    pub(super) fn of_rule(&self, rule: usize) -> impl Iterator<Item = &ServiceInterval<'p>> {
        self.of_rule.get(rule).into_iter().flatten().filter_map(|index| self.all.get(*index))
    }
}

/// The intervals of one service.
fn intervals_of<'p>(
    plan: &'p Plan,
    index: usize,
    service: &Service,
    latest_day: Date,
) -> Vec<ServiceInterval<'p>> {
    let policy = plan.policy();
    let rule_spaces = &plan.service_plan(index).rule_spaces;
    let ends = rule_spaces.iter().skip(1).map(|next| Some(next.from)).chain([None]);
    let mut intervals: Vec<ServiceInterval<'p>> = rule_spaces
        .iter()
        .zip(ends)
        .map(|(rule_space, end)| {
            let day = day_in(rule_space.from, end, latest_day);
            ServiceInterval::new(policy, index, Cow::Borrowed(rule_space), day)
        })
        .collect();
    let mut modifications = policy.modifications().iter();
    let any_proposed = modifications.any(|modification| modification.effective == Edge::Never);
    if any_proposed && policy.has_proposals(service) {
        let proposed = rule_space(policy, service, Edge::Never);
        intervals.push(ServiceInterval::new(policy, index, Cow::Owned(proposed), None));
    }
    intervals
}

/// The day on which the last modification with a date takes effect. It is the day of requests for a service that never
/// changes.
fn latest_day(policy: &Policy) -> Date {
    let dates = policy.modifications().iter().filter_map(|modification| match modification.effective {
        Edge::On(date) => Some(date),
        Edge::Start | Edge::Never => None,
    });
    dates.max().unwrap_or(Date::constant(2000, 1, 1))
}

/// A day in an interval: its first day, the last day before its end, or `latest_day` if it has neither start nor end.
fn day_in(from: Edge, end: Option<Edge>, latest_day: Date) -> Option<Date> {
    match (from, end) {
        (Edge::On(date), _) => Some(date),
        (_, Some(Edge::On(end))) => end.yesterday().ok(),
        _ => Some(latest_day),
    }
}

impl<'p> ServiceInterval<'p> {
    pub(super) fn new(
        policy: &'p Policy,
        service: usize,
        rule_space: Cow<'p, RuleSpace>,
        day: Option<Date>,
    ) -> Self {
        let layout = layout(&rule_space.dimensions);
        let declared = declared(&layout, policy, &rule_space.dimensions);
        let mut cubes = cubes(&layout, &rule_space);
        cubes.iter_mut().for_each(|cube| cube.limit(&declared));
        let permits = rule_space.permits.iter().map(|word| word.count_ones() as usize).sum();
        Self { policy, service, rule_space, day, layout, declared, cubes, permits }
    }

    /// Every box.
    pub(super) fn boxes(&self) -> impl Iterator<Item = NumberedBox<'_>> {
        let boxes = self.rule_space.boxes.iter().zip(&self.cubes).enumerate();
        boxes.map(|(index, (rule_box, cube))| NumberedBox { index, rule: rule_box.rule, cube })
    }

    /// The boxes of a rule.
    pub(super) fn boxes_of(&self, rule: usize) -> impl Iterator<Item = NumberedBox<'_>> {
        self.boxes().filter(move |numbered| numbered.rule == rule)
    }

    /// The boxes of permits.
    pub(super) fn permit_boxes(&self) -> impl Iterator<Item = NumberedBox<'_>> {
        self.boxes().take(self.permits)
    }

    /// A box, including its requests with undeclared fields.
    pub(super) fn whole_box(&self, index: usize) -> Cube {
        self.layout
            .cube(|attribute, class| self.rule_space.dimensions[attribute].classes[class].passes(index))
    }

    pub(super) fn is_permit(&self, index: usize) -> bool {
        index < self.permits
    }

    /// The part of a cube that is in none of the selected boxes.
    pub(super) fn outside(&self, cube: &Cube, selected: impl Fn(&NumberedBox<'_>) -> bool) -> Remainder {
        let boxes = self.boxes().filter(|numbered| selected(numbered)).map(|numbered| numbered.cube);
        self.layout.remainder(cube, boxes)
    }

    /// Whether the selected boxes cover a cube. `false` if that would take too long to find out.
    pub(super) fn is_covered(&self, cube: &Cube, selected: impl Fn(&NumberedBox<'_>) -> bool) -> bool {
        self.outside(cube, selected) == Remainder::Nothing
    }

    /// A request in a cube. It states only the attributes that make a difference.
    pub(super) fn request(&self, cube: &Cube) -> Option<Request> {
        let classes = self.layout.first(cube)?;
        let service = self.policy.services().get(self.service)?;
        let mut request = Request::new(&service.name, self.day?);
        let attributes = self.policy.attributes().iter().zip(&self.rule_space.dimensions).enumerate();
        for (index, (attribute, dimension)) in attributes {
            if dimension.classes.len() == 1 {
                continue; // its value makes no difference
            }
            let fact = witness::fact(self.policy, service, dimension, index, *classes.get(index)?);
            request.facts.extend(fact.map(|fact| (attribute.name.clone(), fact)));
        }
        Some(request)
    }
}
