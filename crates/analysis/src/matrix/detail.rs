//! What is permitted in a cell, in the author's words, and how a refusal answers.

use jiff::civil::Date;
use serde::Serialize;

use super::cell::{Page, Place};
use super::level::{Pick, Scene};
use super::question::{Asked, NONE};
use meterwarden::decide::request::Request;
use meterwarden::decide::{Outcome, Refusal};
use meterwarden::plan::Plan;
use meterwarden::space;
use meterwarden::space::clause_text;

/// More of a cell that is about one service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Detail {
    /// What is permitted beside what the cell and the filters say: clauses that must all hold, in any one of
    /// these lists. An empty list is everything.
    pub when: Vec<Vec<String>>,
    /// How the requests are refused, where all of them are refused alike.
    pub refusal: Option<Refused>,
}

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// The response code; nothing where none is assigned.
    pub code: Option<String>,
    /// The attribute that stops it.
    pub attribute: String,
    /// Why, for people.
    pub reason: String,
}

impl From<&Refusal<'_>> for Refused {
    fn from(refusal: &Refusal<'_>) -> Self {
        Self {
            code: refusal.code.map(str::to_owned),
            attribute: refusal.attribute.to_owned(),
            reason: refusal.reason.to_owned(),
        }
    }
}

pub(super) fn of(
    plan: &Plan,
    asked: &Asked<'_>,
    at: Date,
    service: usize,
    page: &Page<'_>,
    place: &Place,
    picks: &[Pick],
) -> Detail {
    let when = regions(plan, service, page, picks);
    let refusal = if when.is_empty() { refusal(plan, asked, at, service, place) } else { None };
    Detail { when, refusal }
}

/// The largest boxes of what is permitted, without the attributes that the cell and the filters speak of.
fn regions(plan: &Plan, service: usize, page: &Page<'_>, picks: &[Pick]) -> Vec<Vec<String>> {
    let policy = plan.policy();
    let service = &policy.services()[service];
    let scene = Scene { policy, service, rule_spaces: &[page.rule_space] };
    let layout = space::layout(&page.rule_space.dimensions);
    let mut room = layout.all();
    for (nth, pick) in picks.iter().enumerate() {
        let left = scene.classes(nth, pick);
        layout.keep(&mut room, nth, |class| left[class]);
    }
    let mut said: Vec<Vec<String>> = Vec::new();
    for mut cube in space::permitted_in(page.rule_space, &layout, &room) {
        for (nth, _) in picks.iter().enumerate().filter(|(_, pick)| **pick != Pick::Any) {
            if layout.choice_flags(&cube, nth) == layout.choice_flags(&room, nth) {
                layout.widen(&mut cube, nth);
            }
        }
        let clauses = clause_text::clauses(policy, service, page.rule_space, &layout, &cube);
        if !said.contains(&clauses) {
            said.push(clauses);
        }
    }
    said
}

/// How all requests of a cell are refused; nothing where it cannot be said of all of them at once.
fn refusal(plan: &Plan, asked: &Asked<'_>, at: Date, service: usize, place: &Place) -> Option<Refused> {
    let policy = plan.policy();
    let mut request = Request::new(&policy.services()[service].name, at);
    for (attribute, one) in policy.attributes().iter().enumerate() {
        let own = place.values.iter().find(|(side, _)| *side == attribute).map(|(_, value)| value.as_str());
        let meant = own.or_else(|| match asked.names[attribute].as_deref() {
            Some([only]) => Some(only.as_str()),
            _ => None,
        });
        request = match meant {
            Some(value) if !one.set => request.value(&one.name, value),
            Some(NONE) => request.set(&one.name, [""; 0]),
            _ => request,
        };
    }
    match plan.decide(&request).ok()?.outcome {
        Outcome::Refuse(refusal) => Some(Refused::from(&refusal)),
        Outcome::Permit { .. } | Outcome::Undetermined { .. } => None,
    }
}
