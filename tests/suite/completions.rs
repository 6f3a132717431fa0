//! A request with so many completions that deciding does not go through them.

use std::fmt::Write;
use std::sync::Arc;

use meterwarden::{Date, Outcome, Plan, Policy, Request, Source, compile};

/// Eight permits distinguish all values of six attributes, which `check` accepts. No rule constrains the
/// seventh.
fn policy() -> Policy {
    let mut rules = String::new();
    for name in ["a", "b", "c", "d", "e", "f", "g"] {
        let _ = writeln!(rules, "attribute {name} \"{name}\" {{ refuse E1 \"no\" 1 2 3 4 5 6 7 8 }}");
    }
    rules += "service 1.1 \"One\" {\n";
    for value in 1..=8 {
        let clauses: Vec<String> =
            ["a", "b", "c", "d", "e", "f"].map(|name| format!("{name} {value}")).to_vec();
        let _ = writeln!(rules, "permit p{value} \"p\" {{ {} source \"row {value}\" }}", clauses.join(" "));
    }
    Policy::from_sources(vec![Source::new("a.rules", rules + "}")]).unwrap()
}

fn decide_without_facts(plan: &Plan) -> Outcome<'_> {
    plan.decide(&Request::new("1.1", Date::constant(2026, 1, 1))).unwrap().outcome
}

#[test]
fn more_completions_than_check_accepts_are_undetermined() {
    let mut policy = policy();
    let plan = compile(Arc::new(policy.clone()));
    assert!(matches!(decide_without_facts(&plan), Outcome::Undetermined { needs, .. } if needs.len() == 6));
    // Only in a file that nobody checked do the permits distinguish the values of a seventh attribute.
    for index in 0..policy.rules().len() {
        let mut rule = policy.rules()[index].clone();
        let mut seventh = rule.clauses[0].clone();
        seventh.attribute = 6;
        rule.clauses.push(seventh);
        policy.swap_rule(index, &mut rule);
    }
    let plan = Plan::from_bytes(&compile(Arc::new(policy)).to_bytes()).unwrap();
    assert!(matches!(decide_without_facts(&plan), Outcome::Undetermined { needs, .. } if needs.is_empty()));
}
