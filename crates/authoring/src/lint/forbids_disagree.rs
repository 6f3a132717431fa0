//! `forbids-disagree`: two forbids that refuse the same request at the same attribute, with different answers. Then the
//! order of the files decides which answer is given.

use std::collections::HashSet;

use super::service_interval::{ServiceInterval, ServiceIntervals};
use meterwarden::decide::request::Request;
use meterwarden::language::diagnostic::{Code, Diagnostic};
use meterwarden::policy::{Answer, Policy};
use meterwarden::space::{Cube, Remainder};

pub(super) fn find(intervals: &ServiceIntervals<'_>) -> Vec<Diagnostic> {
    let mut reported: HashSet<(usize, usize)> = HashSet::new();
    let mut found = Vec::new();
    for interval in &intervals.all {
        for (first, second) in candidate_pairs(interval) {
            let rules = (interval.rule_space.boxes[first].rule, interval.rule_space.boxes[second].rule);
            if reported.contains(&rules) {
                continue;
            }
            if let Some(conflict) = conflict(interval, first, second) {
                reported.insert(rules);
                found.push(finding(intervals.policy, rules, conflict));
            }
        }
    }
    found
}

/// Pairs of boxes of two forbids that answer at the same attribute and have different `refuse` lines, in policy order.
fn candidate_pairs<'i>(interval: &'i ServiceInterval<'_>) -> impl Iterator<Item = (usize, usize)> + 'i {
    let boxes = &interval.rule_space.boxes;
    let refuse = |index: usize| interval.policy.rules()[boxes[index].rule].refuse.as_ref();
    (interval.permits..boxes.len()).flat_map(move |first| {
        (first + 1..boxes.len())
            .filter(move |second| boxes[first].answers == boxes[*second].answers)
            .filter(move |second| refuse(first) != refuse(*second))
            .filter(move |second| boxes[first].rule != boxes[*second].rule)
            .map(move |second| (first, second))
    })
}

/// A request on which two forbids disagree.
struct Conflict {
    /// The attribute at which they answer; `None` before the first attribute.
    attribute: Option<usize>,
    answers: [Answer; 2],
    witness: Option<Request>,
}

/// A request that the first of two boxes refuses, and that the second would refuse with another answer.
fn conflict(interval: &ServiceInterval<'_>, first: usize, second: usize) -> Option<Conflict> {
    let both = interval.layout.and(&interval.whole_box(first), &interval.whole_box(second))?;
    let Some(attribute) = interval.rule_space.boxes[first].answers.checked_sub(1) else {
        let part = answered_by(interval, first, &both)?;
        let answers = [answer(interval, first, None)?, answer(interval, second, None)?];
        return Some(Conflict { attribute: None, answers, witness: interval.request(&part) });
    };
    // After the fields attribute, a request with undeclared fields is refused already.
    let is_after_fields = interval.policy.fields_attribute().is_some_and(|fields| attribute > fields);
    let both = if is_after_fields { interval.layout.and(&both, &interval.declared)? } else { both };
    (0..interval.rule_space.dimensions[attribute].classes.len()).find_map(|class| {
        let at = Some((attribute, class));
        let answers = [answer(interval, first, at)?, answer(interval, second, at)?];
        if answers[0] == answers[1] {
            return None;
        }
        let mut slice = both.clone();
        interval.layout.keep(&mut slice, attribute, |other| other == class);
        let part = answered_by(interval, first, &slice)?;
        Some(Conflict { attribute: Some(attribute), answers, witness: interval.request(&part) })
    })
}

/// The answer of a box of a forbid, for a value class of the attribute at which it answers.
fn answer(interval: &ServiceInterval<'_>, index: usize, at: Option<(usize, usize)>) -> Option<Answer> {
    let own = interval.policy.rules()[interval.rule_space.boxes[index].rule].refuse.as_ref();
    let of_class = |(attribute, class): (usize, usize)| {
        let of_value = interval.rule_space.dimensions[attribute].classes[class].refuse.as_deref();
        of_value.unwrap_or(&interval.policy.attributes()[attribute].refuse)
    };
    own.or_else(|| at.map(of_class)).cloned()
}

/// The part of a cube that a box of a forbid refuses: no check before it refuses, and no earlier forbid answers at the
/// same attribute.
fn answered_by(interval: &ServiceInterval<'_>, index: usize, cube: &Cube) -> Option<Cube> {
    let boxes = &interval.rule_space.boxes;
    let check = boxes[index].answers;
    let earlier: Vec<Cube> = (interval.permits..boxes.len())
        .filter(|other| (boxes[*other].answers, *other) < (check, index))
        .map(|other| interval.whole_box(other))
        .collect();
    let outside_earlier = |cube: &Cube| match interval.layout.remainder(cube, earlier.iter()) {
        Remainder::Part(part) => Some(part),
        Remainder::Nothing | Remainder::Unknown => None,
    };
    if check < 2 {
        return outside_earlier(cube);
    }
    // The request must reach the attribute: some permit still matches on all attributes before it.
    (0..interval.permits).find_map(|permit| {
        let passes = |attribute: usize, class: usize| {
            attribute + 1 >= check || interval.rule_space.dimensions[attribute].classes[class].passes(permit)
        };
        outside_earlier(&interval.layout.and(cube, &interval.layout.cube(passes))?)
    })
}

fn finding(policy: &Policy, (first, second): (usize, usize), conflict: Conflict) -> Diagnostic {
    let (first, second) = (&policy.rules()[first], &policy.rules()[second]);
    let place = match conflict.attribute {
        Some(attribute) => format!("at `{}`", policy.attributes()[attribute].name),
        None => "before the first attribute".to_owned(),
    };
    let message = format!(
        "`{}` and `{}` refuse the same requests {place}, with different answers",
        first.name, second.name
    );
    let words = |answer: &Answer| match &answer.code {
        Some(code) => format!("{code}, “{}”", answer.reason),
        None => format!("no code, “{}”", answer.reason),
    };
    let [first_answer, second_answer] = &conflict.answers;
    let finding = Diagnostic::new(Code::ForbidsDisagree, second.name_span, message)
        .label(format!("would answer {}", words(second_answer)))
        .because(first.name_span, format!("comes first and answers {}", words(first_answer)))
        .help("let both answer the same, or let one of them leave out what the other forbids");
    Diagnostic { witness: conflict.witness, ..finding }
}
