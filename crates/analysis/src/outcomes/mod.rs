//! The snapshot of a service: the requests that it permits, as text that a person reviews. The text is a list of boxes,
//! each as large as possible, under the time for which they hold.
//!
//! The text shows *every* largest box. Which these are depends on the permitted requests alone, not on how the rules
//! are written. So the text changes only where the permitted requests change: a box disappears because it lost a
//! request, or because it is now part of a larger box that gained one; a box appears because it gained a request, or
//! because it is what remains of a larger box that lost one. A list without the boxes that other boxes cover together
//! would be shorter, but each of its boxes would then also depend on changes of the other boxes.
//!
//! [`ask`](fn@crate::ask) shows the same requests in another form; [`value_space`] explains why.

mod value_space;

use std::fmt::Write;

use meterwarden::base::bit_set::bits;
use meterwarden::plan::Plan;
use meterwarden::policy::{Edge, Policy, Service, Window};
use meterwarden::space::{Cube, ServicePlan, absorb};
use value_space::{AttributeDimensions, SetConstraint, ValueSpace};

/// The text of what the policy permits for a service; `None` if the policy does not have the service.
///
/// A box is a paragraph of clauses in the rule language, under the time for which it holds. A request is permitted if
/// it agrees with all clauses of any box of its date. The text depends on what is permitted, not on how the rules are
/// written.
pub fn outcomes(plan: &Plan, service: &str) -> Option<String> {
    let policy = plan.policy();
    let (service, plan) = plan.service(service)?;
    let space = ValueSpace::new(policy, service, plan.rule_spaces.len());
    let boxes = shown(&space, permitted(&space, policy, service, plan)).into_iter();
    let mut boxes: Vec<(Window, Cube)> = boxes.map(|cube| (window(&space, plan, &cube), cube)).collect();
    boxes.sort_by_key(|(time, cube)| (time.from, time.until != Edge::Never, time.until, cube.order()));
    let boxes = boxes.iter().map(|(time, cube)| (*time, clauses(&space, policy, service, cube)));
    Some(text(service, &boxes.collect::<Vec<_>>()))
}

/// The boxes to show: every largest box, except those that constrain several values of a set and are covered by simpler
/// boxes. If the relation must be `registered` in one box and `nominated` in another, the request with both is in each
/// of the two, and needs no box of its own.
fn shown(space: &ValueSpace, permitted: Vec<Cube>) -> Vec<Cube> {
    let largest = space.largest(permitted);
    let mut shown: Vec<Cube> = Vec::new();
    for constraint in
        [SetConstraint::SingleValues, SetConstraint::AnyOfSeveral, SetConstraint::SeveralTogether]
    {
        let simple = largest.iter().filter(|cube| space.set_constraint(cube) == constraint);
        let uncovered: Vec<Cube> = simple.filter(|cube| !space.covered(cube, &shown)).cloned().collect();
        shown.extend(uncovered);
    }
    shown
}

/// The permitted requests as boxes: what the permits match, without what the service does not declare and what the
/// forbids match. The boxes may be of any size.
fn permitted(space: &ValueSpace, policy: &Policy, service: &Service, plan: &ServicePlan) -> Vec<Cube> {
    let (mut permitted, mut forbidden) = (Vec::new(), Vec::new());
    for (interval, rule_space) in plan.rule_spaces.iter().enumerate() {
        let cubes = |index: usize| space.cubes(&rule_space.boxes[index], interval);
        for mut cube in bits(&rule_space.permits).flat_map(cubes) {
            remove_undeclared(space, policy, service, rule_space.from, &mut cube);
            permitted.push(cube);
        }
        forbidden.extend(bits(&rule_space.forbids).flat_map(cubes));
    }
    absorb(&mut permitted);
    for forbid in forbidden {
        permitted = permitted.iter().flat_map(|cube| space.layout.minus(cube, &forbid)).collect();
        absorb(&mut permitted);
    }
    permitted
}

/// Removes from a box the fields that the service does not declare on a date.
fn remove_undeclared(space: &ValueSpace, policy: &Policy, service: &Service, at: Edge, cube: &mut Cube) {
    let Some(attribute) = policy.fields_attribute().and_then(|fields| space.attributes.get(fields)) else {
        return;
    };
    for (index, field) in service.fields.iter().flatten().enumerate() {
        if !field.window.contains(at) {
            space.remove(cube, attribute.present(index));
        }
    }
}

/// The time for which a box holds. It is without gaps.
fn window(space: &ValueSpace, plan: &ServicePlan, cube: &Cube) -> Window {
    let first = space.intervals(cube).next().unwrap_or(0);
    let last = space.intervals(cube).last().unwrap_or(0);
    let start = |interval: usize| plan.rule_spaces.get(interval).map(|rule_space| rule_space.from);
    Window::new(start(first).unwrap_or(Edge::Start), start(last + 1).unwrap_or(Edge::Never))
}

/// The clauses of a box in check order, without those that every request satisfies.
fn clauses(space: &ValueSpace, policy: &Policy, service: &Service, cube: &Cube) -> Vec<String> {
    let of_attribute = |(index, attribute): (usize, &AttributeDimensions)| {
        let values = policy.values(index, service);
        let texts = if attribute.set {
            set_clauses(space, *attribute, &values, cube, policy.fields_attribute() == Some(index))
        } else {
            plain_clause(space, *attribute, &values, cube).into_iter().collect()
        };
        texts.into_iter().map(move |text| format!("{} {text}", policy.attributes()[index].name))
    };
    space.attributes.iter().enumerate().flat_map(of_attribute).collect()
}

/// The values of a plain attribute, or `not` the other values where that list is less than half as long.
fn plain_clause(
    space: &ValueSpace,
    attribute: AttributeDimensions,
    values: &[&str],
    cube: &Cube,
) -> Option<String> {
    let (inside, outside) = split(values, |value| space.has(cube, attribute.value(value)));
    match outside.len() {
        0 => None,
        count if count * 2 < inside.len() => Some(format!("not {}", outside.join(", "))),
        _ => Some(inside.join(", ")),
    }
}

/// The values of a set attribute that must be present, and those that may be.
fn set_clauses(
    space: &ValueSpace,
    attribute: AttributeDimensions,
    values: &[&str],
    cube: &Cube,
    is_fields: bool,
) -> Vec<String> {
    let (required, _) = split(values, |value| space.requires(cube, attribute, value));
    let (possible, excluded) = split(values, |value| space.has(cube, attribute.present(value)));
    if possible.is_empty() {
        return if values.is_empty() { Vec::new() } else { vec!["none".to_owned()] };
    }
    let only = format!("only {}", possible.join(", "));
    if required == possible {
        return if required.len() == 1 {
            vec![only]
        } else {
            vec![format!("exactly {}", required.join(", "))]
        };
    }
    let includes = match required.as_slice() {
        [] => None,
        [value] if !is_fields => Some((*value).to_owned()),
        _ => Some(format!("includes {}", required.join(", "))),
    };
    let excludes = (!excluded.is_empty()).then(|| format!("excludes {}", excluded.join(", ")));
    match includes {
        Some(includes) => {
            let rest = if excluded.len() <= possible.len() { excludes } else { Some(only) };
            [Some(includes), rest].into_iter().flatten().collect()
        }
        None if space.has(cube, attribute.empty()) => excludes.into_iter().collect(),
        None => vec![only],
    }
}

/// The values for which something holds, and the other values.
fn split<'v>(values: &[&'v str], holds: impl Fn(usize) -> bool) -> (Vec<&'v str>, Vec<&'v str>) {
    let names = |wanted: bool| {
        let matching = values.iter().enumerate().filter(|(index, _)| holds(*index) == wanted);
        matching.map(|(_, name)| *name).collect()
    };
    (names(true), names(false))
}

fn text(service: &Service, boxes: &[(Window, Vec<String>)]) -> String {
    let mut text = format!("{} {}\n", service.name, service.text);
    let mut last = None;
    for (time, clauses) in boxes {
        if last.replace(time) != Some(time) {
            let _ = writeln!(text, "\n  {}", heading(*time));
        }
        let anything = ["anything".to_owned()];
        let clauses = if clauses.is_empty() { &anything[..] } else { clauses };
        for (index, clause) in clauses.iter().enumerate() {
            let mark = if index == 0 { '-' } else { ' ' };
            let _ = writeln!(text, "    {mark} {clause}");
        }
    }
    if boxes.is_empty() {
        text.push_str("\n  nothing, to anybody\n");
    }
    text
}

fn heading(time: Window) -> String {
    match (time.from, time.until) {
        (Edge::On(from), Edge::On(until)) => format!("from {from} until {until}"),
        (Edge::On(from), _) => format!("from {from}"),
        (_, Edge::On(until)) => format!("until {until}"),
        _ => "always".to_owned(),
    }
}
