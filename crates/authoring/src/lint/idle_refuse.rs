//! `idle-refuse`: a forbid whose `refuse` is the answer that its attribute gives anyway.

use std::collections::BTreeSet;

use super::removal;
use super::service_interval::{ServiceInterval, ServiceIntervals};
use meterwarden::language::diagnostic::{Code, Diagnostic};
use meterwarden::policy::Answer;

pub(super) fn find(intervals: &ServiceIntervals<'_>, redundant: &BTreeSet<usize>) -> Vec<Diagnostic> {
    let rules = intervals.policy.rules().iter().enumerate().filter(|(index, _)| !redundant.contains(index));
    let with_refuse = rules
        .filter_map(|(index, rule)| Some((index, rule, rule.refuse.as_ref()?, rule.spans.get().refuse?)));
    let idle = with_refuse.filter(|(index, _, refuse, _)| {
        let mut intervals = intervals.of_rule(*index).peekable();
        intervals.peek().is_some() && intervals.all(|interval| is_idle(interval, *index, refuse))
    });
    idle.map(|(_, rule, _, span)| {
        let message = format!("`{}` answers the same without its `refuse`", rule.name);
        let finding = Diagnostic::new(Code::IdleRefuse, span, message).help("drop the line");
        match removal::line(intervals.policy, span) {
            Some(line) => finding.fix(line, ""),
            None => finding,
        }
    })
    .collect()
}

/// Whether the attribute at which each box of a forbid answers has this answer for everything that the box matches.
fn is_idle(interval: &ServiceInterval<'_>, rule: usize, refuse: &Answer) -> bool {
    interval.boxes_of(rule).all(|numbered| {
        let answers = interval.rule_space.boxes[numbered.index].answers;
        let Some(attribute) = answers.checked_sub(1) else { return false };
        let default = &interval.policy.attributes()[attribute].refuse;
        let classes = interval.rule_space.dimensions[attribute].classes.iter();
        let mut matched = classes.filter(|class| class.passes(numbered.index));
        matched.all(|class| class.refuse.as_deref().unwrap_or(default) == refuse)
    })
}
