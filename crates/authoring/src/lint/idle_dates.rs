//! `idle-dates`: dates of an item without which a rule matches the same requests.

use super::rule_trial::RuleTrial;
use meterwarden::language::diagnostic::{Code, Diagnostic};
use meterwarden::policy::{Edge, ListItem, Window};

/// Drops idle dates from the items of the rule on trial.
pub(super) fn find(trial: &mut RuleTrial<'_>) {
    for clause in 0..trial.rule.clauses.len() {
        for index in 0..trial.rule.clauses[clause].items.len() {
            let item = trial.rule.clauses[clause].items[index].clone();
            let has_dates = item.span() != item.name_span;
            if has_dates && is_value(trial, clause, &item) {
                drop_dates(trial, clause, index, &item);
            }
        }
    }
}

/// Whether an item is a value, and not a group, whose values can have dates of their own.
fn is_value(trial: &RuleTrial<'_>, clause: usize, item: &ListItem) -> bool {
    let clause = &trial.rule.clauses[clause];
    let is_field = trial.policy.fields_attribute() == Some(clause.attribute);
    let values = &trial.policy.attributes()[clause.attribute].value_index;
    is_field || values.contains_key(trial.policy.text(item.name_span))
}

/// Drops the dates of an item, as many as can go: both if possible, else the first, else the last.
fn drop_dates(trial: &mut RuleTrial<'_>, clause: usize, index: usize, item: &ListItem) {
    let written = *item.window();
    let Window { from, until, .. } = written;
    let longer = [
        (from != Edge::Start, Window::ALWAYS),
        (from != Edge::Start, Window { from: Edge::Start, named: [None, written.named[1]], ..written }),
        (true, Window { until: Edge::Never, named: [written.named[0], None], ..written }),
    ];
    for (_, window) in longer.into_iter().filter(|(applies, window)| *applies && *window != written) {
        let mut edited = trial.rule.clauses[clause].clone();
        edited.items[index] = item.at(window);
        if !trial.same_with(clause, &edited) {
            continue;
        }
        let (dates, change) = match (window.from == from, window.until == until) {
            (false, false) => ("the dates", "change"),
            (false, true) => ("`since`", "changes"),
            _ => ("`until`", "changes"),
        };
        let name = trial.policy.text(item.name_span);
        let message = format!("{dates} of `{name}` {change} nothing while `{}` is in force", trial.rule.name);
        let finding = Diagnostic::new(Code::IdleDates, item.span(), message).help(format!("drop {dates}"));
        let drops_all = window == Window::ALWAYS;
        trial.found.push(if drops_all { finding.fix(item.span(), name) } else { finding });
        trial.rule.to_mut().clauses[clause] = edited;
        return;
    }
}
