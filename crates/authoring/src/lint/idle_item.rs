//! `idle-item`: an item of a list without which a rule matches the same requests.

use super::removal;
use super::rule_trial::{RuleTrial, item_spans};
use meterwarden::language::diagnostic::{Code, Diagnostic};
use meterwarden::policy::source::Span;
use meterwarden::policy::{Clause, Edge};

/// Drops every idle item from the rule on trial.
pub(super) fn find(trial: &mut RuleTrial<'_>) {
    for index in 0..trial.rule.clauses.len() {
        let spans = item_spans(&trial.rule.clauses[index]);
        if spans.len() < 2 {
            continue; // a list keeps at least one item
        }
        for span in spans.into_iter().rev() {
            let clause = &trial.rule.clauses[index];
            let mut shorter = clause.clone();
            shorter.items.retain(|item| item.span() != span);
            if shorter.items.is_empty() || !trial.same_with(index, &shorter) {
                continue;
            }
            let finding = finding(trial, clause, &shorter, span);
            trial.found.push(finding);
            trial.rule.to_mut().clauses[index] = shorter;
        }
    }
}

fn finding(trial: &RuleTrial<'_>, clause: &Clause, shorter: &Clause, span: Span) -> Diagnostic {
    let item = trial.policy.text(span);
    let listed = |clause: &Clause, at: Edge| {
        let mut listed: Vec<u32> = clause.listed(at).collect();
        listed.sort_unstable();
        listed.dedup();
        listed
    };
    let mut items = clause.items.iter().filter(|item| item.span() == span);
    let is_never_listed = items.all(|item| !trial.moments.iter().any(|at| item.window().contains(*at)));
    let message = if is_never_listed {
        format!("`{item}` is never in the list while `{}` is in force", trial.rule.name)
    } else if trial.moments.iter().all(|at| listed(clause, *at) == listed(shorter, *at)) {
        format!("`{item}` is in the list already")
    } else {
        format!(
            "`{item}` changes nothing: the rest of `{}` leaves no request that it is about",
            trial.rule.name
        )
    };
    let finding = Diagnostic::new(Code::IdleItem, span, message).help("drop the item");
    match removal::item(trial.policy, &item_spans(clause), span) {
        Some(item) => finding.fix(item, ""),
        None => finding,
    }
}
