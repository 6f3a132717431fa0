//! One cell: what is permitted among the requests that agree with its row, its column and the filters.

use serde::Serialize;

use super::detail::Detail;
use super::permitted_share::Share;
use super::service_diagram::PermittedInBoth;

/// What is permitted among the requests of a cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Whether every request, none, or some are permitted.
    pub verdict: Verdict,
    /// The share that is permitted, from 0 to 1. In a cell about several services, each service has the same weight.
    pub share: f64,
    /// The permits that permit some of the requests, as places in the policy's list.
    pub permits: Vec<usize>,
    /// The forbids that refuse some requests which a permit matches.
    pub forbids: Vec<usize>,
    /// The verdict on the date with which the matrix is compared.
    pub was: Option<Verdict>,
    /// How the cell differs from that date, if it does.
    pub change: Option<Change>,
    /// More about the cell, if the question asks for it.
    pub detail: Option<Detail>,
}

/// How many of a cell's requests are permitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// None, with any values of the attributes that the cell leaves open.
    Never,
    /// It depends on the attributes that the cell leaves open.
    Sometimes,
    /// Every one, with any values of the attributes that the cell leaves open.
    Always,
}

/// How the permitted requests of a cell differ between two dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Nothing was permitted; something is.
    Gained,
    /// Something was permitted; nothing is.
    Lost,
    /// All that was permitted still is, and more.
    Widened,
    /// Some of what was permitted no longer is, and nothing else changed.
    Narrowed,
    /// Some of what was permitted no longer is, and some of what was not permitted is.
    Changed,
}

/// The part of a cell that is about one service.
pub(super) struct ServicePart {
    pub(super) now: Share,
    pub(super) then: Share,
    /// The combinations that occur of being permitted then and now.
    pub(super) outcomes: Vec<PermittedInBoth>,
    pub(super) permits: Vec<usize>,
    pub(super) forbids: Vec<usize>,
}

/// The cell that its parts make together.
pub(super) fn joined(parts: &[ServicePart], compared: bool) -> Cell {
    let union = |rules: fn(&ServicePart) -> &Vec<usize>| {
        let mut union: Vec<usize> = parts.iter().flat_map(|part| rules(part).iter().copied()).collect();
        union.sort_unstable();
        union.dedup();
        union
    };
    let now = verdict(parts.iter().map(|part| part.now));
    let then = verdict(parts.iter().map(|part| part.then));
    let occurs = |outcome: PermittedInBoth| parts.iter().any(|part| part.outcomes.contains(&outcome));
    let count = parts.len().max(1) as f64;
    Cell {
        verdict: now,
        share: parts.iter().map(|part| part.now.share).sum::<f64>() / count,
        permits: union(|part| &part.permits),
        forbids: union(|part| &part.forbids),
        was: compared.then_some(then),
        change: change(then, now, occurs((true, false)), occurs((false, true))).filter(|_| compared),
        detail: None,
    }
}

fn verdict(shares: impl Iterator<Item = Share> + Clone) -> Verdict {
    match (shares.clone().any(|share| share.some), shares.clone().all(|share| share.all)) {
        (false, _) => Verdict::Never,
        (true, true) => Verdict::Always,
        (true, false) => Verdict::Sometimes,
    }
}

fn change(then: Verdict, now: Verdict, loses_some: bool, gains_some: bool) -> Option<Change> {
    match (then, now, loses_some, gains_some) {
        (_, _, false, false) => None,
        (Verdict::Never, ..) => Some(Change::Gained),
        (_, Verdict::Never, ..) => Some(Change::Lost),
        (_, _, false, true) => Some(Change::Widened),
        (_, _, true, false) => Some(Change::Narrowed),
        (_, _, true, true) => Some(Change::Changed),
    }
}
