//! Every date on which what a policy decides changes, what changes on it, and through which modification; and how two
//! policies differ in that: what was known to be in force, and what is.

use crate::service_selector::selected;
use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;

use crate::diff::{DiffError, Part, ServiceDiff, Version, Wanted, diff_of};
use meterwarden::plan::Plan;
use meterwarden::policy::Edge;

/// What changes on one date.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Moment {
    /// The first date of the new law.
    pub date: Date,
    /// The modifications that come into force on it, by name and title.
    pub modifications: Vec<String>,
    /// What changes, service by service.
    pub services: Vec<ServiceDiff>,
}

/// Two timelines side by side.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Comparison {
    /// What differs before the first date on which anything changes.
    pub beginning: Vec<ServiceDiff>,
    /// Every date on which something changes in one of the two, in order.
    pub dates: Vec<Compared>,
}

/// One date in two timelines.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Compared {
    /// The date.
    pub date: Date,
    /// How the two differ.
    pub status: Status,
    /// What was known to change on it; nothing where nothing was.
    pub before: Option<Moment>,
    /// What is known to change on it.
    pub after: Option<Moment>,
}

/// How a date stands in two timelines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// The same changes in both.
    Same,
    /// It is only known after.
    New,
    /// It was only known before.
    Gone,
    /// Something changes on it in both, and not the same.
    Different,
}

/// Every date on which the outcomes of some services change (`8.4`, `8.*`, `tag critical`; all where none is named), in
/// order. What changes only the code of a refusal counts, too.
///
/// # Errors
///
/// The policy has no such service, or its rules tell too many classes of request apart.
pub fn timeline(plan: &Plan, services: &[String]) -> Result<Vec<Moment>, DiffError> {
    let policy = plan.policy();
    let meant = selected(policy, services)?;
    let plans = meant.iter().filter_map(|service| plan.service(&service.name));
    let starts = plans.flat_map(|(_, plan)| plan.rule_spaces.iter().map(|rule_space| rule_space.from));
    let dates: BTreeSet<Date> =
        starts.filter_map(|from| if let Edge::On(date) = from { Some(date) } else { None }).collect();
    let wanted = Wanted { services: services.to_vec(), code_regions: true, threads: None };
    let mut moments = Vec::new();
    for date in dates {
        let Ok(day_before) = date.yesterday() else { continue };
        let [before, after] = [day_before, date].map(|at| Version { plan, at: Some(at) });
        let changed = diff_of(before, after, &wanted)?;
        if changed.services.is_empty() {
            continue;
        }
        let named = policy.modifications().iter().filter(|one| one.effective == Edge::On(date));
        let modifications =
            named.map(|one| format!("{} {}", one.name, one.text).trim_end().to_owned()).collect();
        moments.push(Moment { date, modifications, services: changed.services });
    }
    Ok(moments)
}

/// The timelines of two policies side by side, date by date: what was known, and what is.
///
/// # Errors
///
/// As [`timeline`]. A service that only one of the two has is no error.
pub fn compare(before: &Plan, after: &Plan, services: &[String]) -> Result<Comparison, DiffError> {
    let day = Some(before_all([before, after]));
    let wanted = Wanted { services: services.to_vec(), code_regions: true, threads: None };
    let [first, second] = [before, after].map(|plan| Version { plan, at: day });
    let beginning = diff_of(first, second, &wanted)?.services;
    let moments = |plan: &Plan| {
        // What only the other one has changes on no date here.
        let knows = |one: &&String| selected(plan.policy(), std::slice::from_ref(one)).is_ok();
        let known: Vec<String> = services.iter().filter(knows).cloned().collect();
        if known.is_empty() && !services.is_empty() { Ok(Vec::new()) } else { timeline(plan, &known) }
    };
    let (was, is) = (moments(before)?, moments(after)?);
    let dates: BTreeSet<Date> = was.iter().chain(&is).map(|one| one.date).collect();
    let on = |moments: &[Moment], date: Date| moments.iter().find(|one| one.date == date).cloned();
    let compared = |date: Date| {
        let (before, after) = (on(&was, date), on(&is, date));
        let status = match (&before, &after) {
            (None, _) => Status::New,
            (_, None) => Status::Gone,
            (Some(before), Some(after)) if says(before) == says(after) => Status::Same,
            _ => Status::Different,
        };
        Compared { date, status, before, after }
    };
    Ok(Comparison { beginning, dates: dates.into_iter().map(compared).collect() })
}

/// A day before anything changes in either of two policies.
fn before_all(plans: [&Plan; 2]) -> Date {
    let rule_spaces = plans.into_iter().flat_map(|plan| plan.services()).flat_map(|plan| &plan.rule_spaces);
    let dates = rule_spaces
        .filter_map(|rule_space| if let Edge::On(date) = rule_space.from { Some(date) } else { None });
    dates.min().and_then(|date| date.yesterday().ok()).unwrap_or(Date::constant(2000, 1, 1))
}

/// What a moment says, whatever the rules are called and wherever they stand: of each service the clauses of every region,
/// first those that open, then those that close, then those whose code changes.
type Says<'m> = Vec<(&'m str, Vec<Vec<&'m [String]>>)>;

fn says(moment: &Moment) -> Says<'_> {
    moment.services.iter().map(|service| (service.service.as_str(), parts(service))).collect()
}

fn parts(service: &ServiceDiff) -> Vec<Vec<&[String]>> {
    let codes = service.codes.iter().map(|one| clauses(&one.part));
    [clauses(&service.wider), clauses(&service.narrower)].into_iter().chain(codes).collect()
}

fn clauses(part: &Part) -> Vec<&[String]> {
    part.regions.iter().map(|one| one.clauses.as_slice()).collect()
}
