//! `forbids-disagree`: two forbids that answer at one attribute of one request, with different answers. Then the order of
//! the files decides which of them is heard.

use std::collections::HashSet;

use super::scene::{Scene, Scenes};
use meterwarden::decide::request::Request;
use meterwarden::language::diagnostic::{Code, Diagnostic};
use meterwarden::policy::{Answer, Policy};
use meterwarden::space::{Cube, Remainder};

pub(super) fn find(scenes: &Scenes<'_>) -> Vec<Diagnostic> {
    let policy = scenes.policy;
    let mut told: HashSet<(usize, usize)> = HashSet::new();
    let mut found = Vec::new();
    for scene in &scenes.all {
        for (one, other) in pairs(scene) {
            let rules = (scene.rule_space.boxes[one].rule, scene.rule_space.boxes[other].rule);
            if told.contains(&rules) {
                continue;
            }
            if let Some(clash) = clash(scene, one, other) {
                told.insert(rules);
                found.push(finding(policy, rules, clash));
            }
        }
    }
    found
}

/// Boxes of two forbids that answer at one place, of which at least one says what; in policy order.
fn pairs<'s>(scene: &'s Scene<'_>) -> impl Iterator<Item = (usize, usize)> + 's {
    let boxes = &scene.rule_space.boxes;
    let own = |nth: usize| scene.policy.rules()[boxes[nth].rule].refuse.as_ref();
    (scene.permits..boxes.len()).flat_map(move |one| {
        (one + 1..boxes.len())
            .filter(move |other| boxes[one].answers == boxes[*other].answers && own(one) != own(*other))
            .filter(move |other| boxes[one].rule != boxes[*other].rule)
            .map(move |other| (one, other))
    })
}

/// A request on which two forbids disagree.
struct Clash {
    attribute: Option<usize>,
    answers: [Answer; 2],
    witness: Option<Request>,
}

/// A request at which the first of two boxes answers, and the second would answer something else.
fn clash(scene: &Scene<'_>, one: usize, other: usize) -> Option<Clash> {
    let both = scene.layout.and(&scene.whole(one), &scene.whole(other))?;
    let check = scene.rule_space.boxes[one].answers;
    let Some(attribute) = check.checked_sub(1) else {
        let part = answered(scene, one, &both)?;
        let answers = [answer(scene, one, None)?, answer(scene, other, None)?];
        return Some(Clash { attribute: None, answers, witness: scene.request(&part) });
    };
    let after_fields = scene.policy.fields_attribute().is_some_and(|fields| attribute > fields);
    let both = if after_fields { scene.layout.and(&both, &scene.room)? } else { both };
    (0..scene.rule_space.dimensions[attribute].classes.len()).find_map(|class| {
        let answers =
            [answer(scene, one, Some((attribute, class)))?, answer(scene, other, Some((attribute, class)))?];
        if answers[0] == answers[1] {
            return None;
        }
        let mut slice = both.clone();
        scene.layout.keep(&mut slice, attribute, |nth| nth == class);
        let part = answered(scene, one, &slice)?;
        Some(Clash { attribute: Some(attribute), answers, witness: scene.request(&part) })
    })
}

/// What a box of a forbid answers for a class of the attribute that it answers at.
fn answer(scene: &Scene<'_>, nth: usize, at: Option<(usize, usize)>) -> Option<Answer> {
    let own = scene.policy.rules()[scene.rule_space.boxes[nth].rule].refuse.as_ref();
    let of_kind = |(attribute, class): (usize, usize)| {
        let of_value = scene.rule_space.dimensions[attribute].classes[class].refuse.as_deref();
        of_value.unwrap_or(&scene.policy.attributes()[attribute].refuse)
    };
    own.or_else(|| at.map(of_kind)).cloned()
}

/// The part of a cube in which a box of a forbid is the one that answers: nothing fails before, and no forbid before it
/// answers at the same attribute.
fn answered(scene: &Scene<'_>, nth: usize, within: &Cube) -> Option<Cube> {
    let check = scene.rule_space.boxes[nth].answers;
    let earlier: Vec<Cube> = (scene.permits..scene.rule_space.boxes.len())
        .filter(|other| (scene.rule_space.boxes[*other].answers, *other) < (check, nth))
        .map(|other| scene.whole(other))
        .collect();
    let left = |cube: &Cube| match scene.layout.remainder(cube, earlier.iter()) {
        Remainder::Part(part) => Some(part),
        Remainder::Nothing | Remainder::Unknown => None,
    };
    if check < 2 {
        return left(within);
    }
    // Some permit is alive before the attribute.
    (0..scene.permits).find_map(|permit| {
        let passes = |at: usize, class: usize| {
            at + 1 >= check || scene.rule_space.dimensions[at].classes[class].passes(permit)
        };
        left(&scene.layout.and(within, &scene.layout.cube(passes))?)
    })
}

fn finding(policy: &Policy, (first, second): (usize, usize), clash: Clash) -> Diagnostic {
    let (first, second) = (&policy.rules()[first], &policy.rules()[second]);
    let place = match clash.attribute {
        Some(attribute) => format!("at `{}`", policy.attributes()[attribute].name),
        None => "before the first attribute".to_owned(),
    };
    let message = format!(
        "`{}` and `{}` refuse the same requests {place}, with different answers",
        first.name, second.name
    );
    let says = |answer: &Answer| match &answer.code {
        Some(code) => format!("{code}, “{}”", answer.reason),
        None => format!("no code, “{}”", answer.reason),
    };
    let [one, other] = &clash.answers;
    let found = Diagnostic::new(Code::ForbidsDisagree, second.name_span, message)
        .label(format!("would answer {}", says(other)))
        .because(first.name_span, format!("stands first and answers {}", says(one)))
        .help("let both answer the same, or let one of them leave out what the other forbids");
    Diagnostic { witness: clash.witness, ..found }
}
