//! `contradiction`: a rule that never matches a request, because its clauses contradict each other.

use crate::language::diagnostic::{Code, Diagnostic};
use crate::policy::{Clause, Edge, Policy, Rule, Test, Window};
use crate::space::{clauses, combinations, impossible_attribute};

pub(super) fn check(policy: &Policy, unclear: &[bool]) -> Vec<Diagnostic> {
    let clear = policy.rules.iter().zip(unclear).filter(|(_, unclear)| !**unclear);
    clear.filter_map(|(rule, _)| of_rule(policy, rule)).collect()
}

fn of_rule(policy: &Policy, rule: &Rule) -> Option<Diagnostic> {
    if surely_possible(rule) {
        return None;
    }
    let times = times(policy, rule);
    let combinations = combinations(policy, rule);
    let moments = times.iter().flat_map(|at| combinations.iter().map(move |cases| (at, cases)));
    let blocked: Option<Vec<usize>> =
        moments.map(|(at, cases)| impossible_attribute(policy, rule, cases, *at)).collect();
    let first = *blocked?.first()?;
    Some(finding(policy, rule, first, &combinations))
}

/// Whether each clause is about an attribute of its own and lists something on every date. Nearly all rules are like
/// this, and the full check can be skipped for them: clauses about different attributes cannot contradict each other.
fn surely_possible(rule: &Rule) -> bool {
    let lists = |clause: &Clause| clause.windows().any(|window| *window == Window::ALWAYS);
    let easy =
        |clause: &Clause| matches!(clause.test, Test::In | Test::Only | Test::Includes) && lists(clause);
    let alone = |index: usize, clause: &Clause| {
        rule.clauses[..index].iter().all(|earlier| earlier.attribute != clause.attribute)
    };
    rule.when.is_empty()
        && rule.clauses.iter().enumerate().all(|(index, clause)| easy(clause) && alone(index, clause))
}

/// The first date of each interval in which the rule is in force and does not change.
pub(super) fn times(policy: &Policy, rule: &Rule) -> Vec<Edge> {
    let mut times: Vec<Edge> =
        policy.rule_windows(rule).flat_map(Window::edges).chain([Edge::Start]).collect();
    times.retain(|at| rule.window.contains(*at));
    times.sort_unstable();
    times.dedup();
    times
}

fn finding(policy: &Policy, rule: &Rule, attribute: usize, combinations: &[Vec<usize>]) -> Diagnostic {
    let name = &policy.attributes[attribute].name;
    let own = rule.clauses.iter().filter(|clause| clause.attribute == attribute);
    let own: Vec<&Clause> = own.collect();
    let all: Vec<&Clause> =
        clauses(policy, rule, &combinations[0]).filter(|clause| clause.attribute == attribute).collect();
    let place = own.first().map_or(rule.name_span, |clause| clause.span);
    let among = if own.len() > 1 { &own } else { &all };
    let other = among.iter().find(|clause| clause.span != place);
    let message = match (own.len(), other) {
        (1, Some(_)) => {
            format!("the clause of `{}` about `{name}` contradicts every case of its conditions", rule.name)
        }
        (0, _) => format!("the conditions of `{}` contradict each other about `{name}`", rule.name),
        (_, Some(_)) => format!("the clauses of `{}` about `{name}` contradict each other", rule.name),
        (_, None) => format!("no value of `{name}` is left for `{}`", rule.name),
    };
    let finding = Diagnostic::new(Code::Contradiction, place, message)
        .help("change one of the clauses, or drop the rule");
    match other {
        Some(other) if own.len() < 2 && combinations.len() > 1 => {
            finding.because(other.span, "this contradicts it, and so does every other case")
        }
        Some(other) => finding.because(other.span, "this contradicts it"),
        None => finding,
    }
}
