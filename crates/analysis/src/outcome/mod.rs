//! What a policy permits, as text that a person reviews: for each service the permitted requests as boxes,
//! each as large as can be, with the time for which it holds.
//!
//! The text shows *every* largest box. That depends on what is permitted and on nothing else, and it changes where
//! the permitted requests change and nowhere else: a box that goes has lost a request, or lies in one that
//! gained a request; a box that comes has gained one, or lies in one that lost one. (Leaving out boxes that
//! others cover together would be shorter, but would tie each box to changes of the others.)

mod space;

use std::fmt::Write;

use meterwarden::plan::Plan;
use meterwarden::policy::{Edge, Policy, Service, Window};
use meterwarden::space::{Cube, absorb};
use meterwarden::space::{RuleBox, RuleSpace, ServicePlan};
use space::{Asks, Place, Space};

/// What the policy permits for a service; nothing where it does not know the service.
///
/// A box is a paragraph of clauses in the words of the language, all of which must hold, below the time for which it
/// holds; a request is permitted if it lies in any box of its date. The text depends on what is permitted,
/// not on how the rules say it, and a change of one permission is a change of its own boxes.
pub fn outcomes(plan: &Plan, service: &str) -> Option<String> {
    let policy = plan.policy();
    let (service, plan) = plan.service(service)?;
    let space = space(policy, service, plan);
    let mut boxes: Vec<(Window, Cube)> = Vec::new();
    for cube in shown(&space, permitted(&space, policy, service, plan)) {
        boxes.push((window(&space, plan, &cube), cube));
    }
    boxes.sort_by_key(|(time, cube)| (time.from, time.until != Edge::Never, time.until, cube.order()));
    let boxes = boxes.iter().map(|(time, cube)| (*time, clauses(&space, policy, service, cube)));
    Some(page(service, &boxes.collect::<Vec<_>>()))
}

fn space(policy: &Policy, service: &Service, plan: &ServicePlan) -> Space {
    let sizes = policy.attributes().iter().enumerate();
    let sizes = sizes.map(|(nth, attribute)| (policy.value_count(nth, service), attribute.set));
    Space::new(&sizes.collect::<Vec<_>>(), plan.rule_spaces.len())
}

/// The boxes to show: of all the largest, those that ask of a set for several values, any or all of them, only where they
/// say something that simpler ones do not. Where one User must be `registered` and another `nominated`, who is
/// both is in the boxes of each, and needs none of its own.
fn shown(space: &Space, permitted: Vec<Cube>) -> Vec<Cube> {
    let largest = space.largest(permitted);
    let mut shown: Vec<Cube> = Vec::new();
    for asked in [Asks::One, Asks::AnyOfSeveral, Asks::SeveralAtOnce] {
        let such = largest.iter().filter(|cube| space.asks(cube) == asked);
        let news: Vec<Cube> = such.filter(|cube| !space.covered(cube, &shown)).cloned().collect();
        shown.extend(news);
    }
    shown
}

/// Everything that is permitted, in boxes of any size.
fn permitted(space: &Space, policy: &Policy, service: &Service, plan: &ServicePlan) -> Vec<Cube> {
    let of = |forbids: bool| -> Vec<Cube> {
        let rule_spaces = plan.rule_spaces.iter().enumerate();
        rule_spaces
            .flat_map(|(nth, rule_space)| {
                boxes(rule_space, forbids).flat_map(move |one| space.boxes(one, nth))
            })
            .collect()
    };
    let mut cubes = of(false);
    for cube in &mut cubes {
        declared(space, policy, service, plan, cube);
    }
    absorb(&mut cubes);
    for forbid in of(true) {
        cubes = cubes.iter().flat_map(|cube| space.layout.minus(cube, &forbid)).collect();
        absorb(&mut cubes);
    }
    cubes
}

/// The boxes of the permits, or of the forbids.
fn boxes(rule_space: &RuleSpace, forbids: bool) -> impl Iterator<Item = &RuleBox> {
    let mask = if forbids { &rule_space.forbids } else { &rule_space.permits };
    meterwarden::base::bit_set::bits(mask).filter_map(|nth| rule_space.boxes.get(nth))
}

/// Takes out of a box what the service does not declare at its time.
fn declared(space: &Space, policy: &Policy, service: &Service, plan: &ServicePlan, cube: &mut Cube) {
    let Some(place) = policy.fields_attribute().and_then(|fields| space.attributes.get(fields)) else {
        return;
    };
    let stretches = plan.rule_spaces.iter().enumerate();
    let at =
        stretches.filter(|(nth, _)| space.holds(cube, *nth)).map(|(_, rule_space)| rule_space.from).next();
    for (nth, field) in service.fields.iter().flatten().enumerate() {
        if at.is_some_and(|at| !field.window.contains(at)) {
            space.drop(cube, place.present(nth));
        }
    }
}

/// The time for which a box holds.
fn window(space: &Space, plan: &ServicePlan, cube: &Cube) -> Window {
    let inside = |nth: &usize| space.holds(cube, *nth);
    let first = (0..space.stretches).find(inside).unwrap_or(0);
    let last = (0..space.stretches).rfind(inside).unwrap_or(0);
    let start = |nth: usize| plan.rule_spaces.get(nth).map(|rule_space| rule_space.from);
    Window::new(start(first).unwrap_or(Edge::Start), start(last + 1).unwrap_or(Edge::Never))
}

/// The clauses of a box, without those that leave nothing out, in checking order.
fn clauses(space: &Space, policy: &Policy, service: &Service, cube: &Cube) -> Vec<String> {
    let clause = |(nth, place): (usize, &Place)| {
        let values = policy.values(nth, service);
        let said = if place.set {
            subsets(space, *place, &values, cube, policy.fields_attribute() == Some(nth))
        } else {
            plain(space, *place, &values, cube).into_iter().collect()
        };
        said.into_iter().map(move |said| format!("{} {said}", policy.attributes()[nth].name))
    };
    space.attributes.iter().enumerate().flat_map(clause).collect()
}

fn plain(space: &Space, place: Place, values: &[&str], cube: &Cube) -> Option<String> {
    let (yes, no) = split(values, |nth| space.has(cube, place.value(nth)));
    match no.len() {
        0 => None,
        few if few * 2 < yes.len() => Some(format!("not {}", no.join(", "))),
        _ => Some(yes.join(", ")),
    }
}

/// What a box says of a set: which values must be there, and which may.
fn subsets(space: &Space, place: Place, values: &[&str], cube: &Cube, fields: bool) -> Vec<String> {
    let (must, _) = split(values, |nth| !space.has(cube, place.absent(nth)));
    let (may, not) = split(values, |nth| space.has(cube, place.present(nth)));
    if may.is_empty() {
        return if values.is_empty() { Vec::new() } else { vec!["none".to_owned()] };
    }
    let only = format!("only {}", may.join(", "));
    if must == may {
        return if must.len() == 1 { vec![only] } else { vec![format!("exactly {}", must.join(", "))] };
    }
    let includes = match must.as_slice() {
        [] => None,
        [one] if !fields => Some((*one).to_owned()),
        _ => Some(format!("includes {}", must.join(", "))),
    };
    let excludes = (!not.is_empty()).then(|| format!("excludes {}", not.join(", ")));
    let short = if not.len() <= may.len() { excludes.clone() } else { Some(only.clone()) };
    match includes {
        Some(includes) => [Some(includes), short].into_iter().flatten().collect(),
        None if space.has(cube, place.none()) => excludes.into_iter().collect(),
        None => vec![only],
    }
}

/// Those for which something holds, and those for which it does not.
fn split<'v>(values: &[&'v str], inside: impl Fn(usize) -> bool) -> (Vec<&'v str>, Vec<&'v str>) {
    let (yes, no): (Vec<_>, Vec<_>) = values.iter().enumerate().partition(|(nth, _)| inside(*nth));
    let names = |some: Vec<(usize, &&'v str)>| some.into_iter().map(|(_, name)| *name).collect();
    (names(yes), names(no))
}

fn page(service: &Service, boxes: &[(Window, Vec<String>)]) -> String {
    let mut page = format!("{} {}\n", service.name, service.text);
    let mut last = None;
    for (time, clauses) in boxes {
        if last.replace(time) != Some(time) {
            let _ = writeln!(page, "\n  {}", heading(*time));
        }
        let anything = ["anything".to_owned()];
        let clauses = if clauses.is_empty() { &anything[..] } else { clauses };
        for (nth, clause) in clauses.iter().enumerate() {
            let mark = if nth == 0 { '-' } else { ' ' };
            let _ = writeln!(page, "    {mark} {clause}");
        }
    }
    if boxes.is_empty() {
        page.push_str("\n  nothing, to anybody\n");
    }
    page
}

fn heading(time: Window) -> String {
    match (time.from, time.until) {
        (Edge::On(from), Edge::On(until)) => format!("from {from} until {until}"),
        (Edge::On(from), _) => format!("from {from}"),
        (_, Edge::On(until)) => format!("until {until}"),
        _ => "always".to_owned(),
    }
}
