//! `idle-refuse`: a forbid that answers with what its attribute answers anyway.

use std::collections::BTreeSet;

use super::fix;
use super::scene::{Scene, Scenes};
use meterwarden::language::diagnostic::{Code, Diagnostic};
use meterwarden::policy::Answer;

pub(super) fn find(scenes: &Scenes<'_>, dropped: &BTreeSet<usize>) -> Vec<Diagnostic> {
    let rules = scenes.policy.rules().iter().enumerate().filter(|(nth, _)| !dropped.contains(nth));
    let said =
        rules.filter_map(|(nth, rule)| Some((nth, rule, rule.refuse.as_ref()?, rule.spans.said().refuse?)));
    let idle = said.filter(|(nth, _, own, _)| {
        let mut scenes = scenes.of_rule(*nth).peekable();
        scenes.peek().is_some() && scenes.all(|(_, scene)| is_idle(scene, *nth, own))
    });
    idle.map(|(_, rule, _, span)| {
        let message = format!("`{}` answers the same without its `refuse`", rule.name);
        let found = Diagnostic::new(Code::IdleRefuse, span, message).help("drop the line");
        match fix::line(scenes.policy, span) {
            Some(line) => found.fix(line, ""),
            None => found,
        }
    })
    .collect()
}

/// Whether the attribute at which each box of a forbid answers has the same answer for everything the box matches.
fn is_idle(scene: &Scene<'_>, rule: usize, own: &Answer) -> bool {
    scene.boxes_of(rule).all(|(nth, _)| {
        let Some(attribute) = scene.rule_space.boxes[nth].answers.checked_sub(1) else { return false };
        let dimension = &scene.rule_space.dimensions[attribute];
        let mut matched = dimension.classes.iter().filter(|class| class.passes(nth));
        matched.all(|class| {
            class.refuse.as_deref().unwrap_or(&scene.policy.attributes()[attribute].refuse) == own
        })
    })
}
