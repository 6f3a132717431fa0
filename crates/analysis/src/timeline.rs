//! The dates on which the outcomes of a policy change, with the changes and modifications of each date; and how the
//! timelines of two policies differ.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;

use crate::diff::{DiffError, Part, ServiceDiff, Version, Wanted, diff_of};
use crate::explain::rule_note::titled;
use crate::service_selector::selected;
use meterwarden::plan::Plan;
use meterwarden::policy::Edge;

/// A date on which outcomes change.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Moment {
    /// The first date with the new outcomes.
    pub date: Date,
    /// The modifications that come into force on it, by name and title.
    pub modifications: Vec<String>,
    /// The changes, service by service.
    pub services: Vec<ServiceDiff>,
}

/// Two timelines side by side.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Comparison {
    /// What differs before the first date on which either policy changes.
    pub beginning: Vec<ServiceDiff>,
    /// Every date on which either policy changes, in order.
    pub dates: Vec<Compared>,
}

/// One date in two timelines.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Compared {
    /// The date.
    pub date: Date,
    /// How the timelines differ on it.
    pub status: Status,
    /// The changes of the policy before; `None` if it does not change on this date.
    pub before: Option<Moment>,
    /// The changes of the policy after; `None` if it does not change on this date.
    pub after: Option<Moment>,
}

/// How two timelines differ on a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Both have the same changes.
    Same,
    /// Only the timeline after has changes.
    New,
    /// Only the timeline before has changes.
    Gone,
    /// Both have changes, and these differ.
    Different,
}

/// Every date on which the outcomes of some services change, in order. `services` are selectors (`8.4`, `8.*`,
/// `tag critical`); without any, every service is included. A change of only the code of a refusal is a change, too.
///
/// # Errors
///
/// The policy has no such service, or its rules distinguish too many classes of request.
pub fn timeline(plan: &Plan, services: &[String]) -> Result<Vec<Moment>, DiffError> {
    let policy = plan.policy();
    let plans = selected(policy, services)?.into_iter().filter_map(|service| plan.service(&service.name));
    let starts = plans.flat_map(|(_, plan)| plan.rule_spaces.iter().map(|rule_space| rule_space.from));
    let dates: BTreeSet<Date> = starts.filter_map(date).collect();
    let wanted = Wanted { services: services.to_vec(), code_regions: true, threads: None };
    let mut moments = Vec::new();
    for date in dates {
        let Ok(day_before) = date.yesterday() else { continue };
        let [before, after] = [day_before, date].map(|at| Version { plan, at: Some(at) });
        let services = diff_of(before, after, &wanted)?.services;
        if services.is_empty() {
            continue;
        }
        let effective = policy.modifications().iter().enumerate();
        let effective = effective.filter(|(_, modification)| modification.effective == Edge::On(date));
        let modifications = effective.map(|(index, _)| titled(policy, index)).collect();
        moments.push(Moment { date, modifications, services });
    }
    Ok(moments)
}

/// The timelines of two policies side by side, date by date.
///
/// # Errors
///
/// As [`timeline`]. A service that only one of the policies has is no error.
pub fn compare(before: &Plan, after: &Plan, services: &[String]) -> Result<Comparison, DiffError> {
    let day = Some(day_before_all([before, after]));
    let wanted = Wanted { services: services.to_vec(), code_regions: true, threads: None };
    let [first, second] = [before, after].map(|plan| Version { plan, at: day });
    let beginning = diff_of(first, second, &wanted)?.services;
    let moments = |plan: &Plan| {
        // A service that only the other policy has does not change here.
        let is_known = |selector: &&String| selected(plan.policy(), std::slice::from_ref(*selector)).is_ok();
        let known: Vec<String> = services.iter().filter(is_known).cloned().collect();
        if known.is_empty() && !services.is_empty() { Ok(Vec::new()) } else { timeline(plan, &known) }
    };
    let (before, after) = (moments(before)?, moments(after)?);
    let dates: BTreeSet<Date> = before.iter().chain(&after).map(|moment| moment.date).collect();
    let on = |moments: &[Moment], date: Date| moments.iter().find(|moment| moment.date == date).cloned();
    let compared = |date: Date| {
        let (before, after) = (on(&before, date), on(&after, date));
        let status = match (&before, &after) {
            (None, _) => Status::New,
            (_, None) => Status::Gone,
            (Some(before), Some(after)) if changes(before) == changes(after) => Status::Same,
            _ => Status::Different,
        };
        Compared { date, status, before, after }
    };
    Ok(Comparison { beginning, dates: dates.into_iter().map(compared).collect() })
}

/// A day before the first change of either policy.
fn day_before_all(plans: [&Plan; 2]) -> Date {
    let rule_spaces = plans.into_iter().flat_map(|plan| plan.services()).flat_map(|plan| &plan.rule_spaces);
    let first = rule_spaces.filter_map(|rule_space| date(rule_space.from)).min();
    first.and_then(|date| date.yesterday().ok()).unwrap_or(Date::constant(2000, 1, 1))
}

fn date(edge: Edge) -> Option<Date> {
    if let Edge::On(date) = edge { Some(date) } else { None }
}

/// The changes of a moment, without the names and places of rules. For each service it contains the clauses of every
/// region: first of the requests that become permitted, then of those that no longer are, then of each change of code.
type Changes<'m> = Vec<(&'m str, Vec<Vec<&'m [String]>>)>;

fn changes(moment: &Moment) -> Changes<'_> {
    moment.services.iter().map(|service| (service.service.as_str(), parts(service))).collect()
}

fn parts(service: &ServiceDiff) -> Vec<Vec<&[String]>> {
    let codes = service.codes.iter().map(|change| clauses(&change.part));
    [clauses(&service.wider), clauses(&service.narrower)].into_iter().chain(codes).collect()
}

fn clauses(part: &Part) -> Vec<&[String]> {
    part.regions.iter().map(|region| region.clauses.as_slice()).collect()
}
