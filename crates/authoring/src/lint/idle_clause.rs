//! `idle-clause`: a clause without which a rule matches the same requests.

use super::clause_values::ClauseValues;
use super::removal;
use super::rule_trial::{RuleTrial, about};
use meterwarden::language::diagnostic::{Code, Diagnostic};
use meterwarden::policy::{Clause, Edge, Effect, Test};

/// Drops every idle clause from the rule on trial.
pub(super) fn find(trial: &mut RuleTrial<'_>) {
    for index in (0..trial.rule.clauses.len()).rev() {
        let clause = &trial.rule.clauses[index];
        let any = Clause { test: Test::Any, items: Vec::new(), ..clause.clone() };
        if clause.test == Test::Any || !trial.same_with(index, &any) {
            continue;
        }
        let clause = trial.rule.to_mut().clauses.remove(index);
        let finding = finding(trial, &clause, &any);
        trial.found.push(finding);
    }
}

/// The finding about a clause that is dropped from the rule already.
fn finding(trial: &RuleTrial<'_>, clause: &Clause, any: &Clause) -> Diagnostic {
    let policy = trial.policy;
    let attribute = &policy.attributes()[clause.attribute];
    let excludes_a_value =
        |at: &Edge| ClauseValues::of(policy, &trial.rule, *at).distinguish(&[], clause, any);
    let written = policy.text(clause.span);
    let message = if trial.moments.iter().any(excludes_a_value) {
        format!("`{written}` changes nothing: the rest of `{}` requires the same", trial.rule.name)
    } else {
        format!("`{written}` changes nothing: it lets everything through")
    };
    let finding = Diagnostic::new(Code::IdleClause, clause.span, message);
    let others = about(trial.rule.clauses.iter(), clause.attribute);
    let finding =
        others.iter().fold(finding, |finding, other| finding.because(other.span, "this requires the same"));
    if attribute.always && trial.rule.effect == Effect::Permit && !names(trial, clause.attribute) {
        let any = format!("{} any", attribute.name);
        return finding.help(format!("write `{any}`")).fix(clause.span, any);
    }
    let finding = finding.help("drop the clause");
    match removal::line(policy, clause.span) {
        Some(line) => finding.fix(line, ""),
        None => finding,
    }
}

/// Whether the rule has a clause about an attribute, itself or in every alternative of a condition.
fn names(trial: &RuleTrial<'_>, attribute: usize) -> bool {
    let names = |clauses: &Vec<Clause>| clauses.iter().any(|clause| clause.attribute == attribute);
    let mut conditions = trial.rule.when.iter().map(|index| &trial.policy.conditions()[*index]);
    names(&trial.rule.clauses) || conditions.any(|condition| condition.cases.iter().all(names))
}
