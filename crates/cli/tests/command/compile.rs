//! `compile`, and answers from the plan that it wrote.

use insta::assert_snapshot;

use crate::diff::{FILE, repository};

#[test]
fn a_plan_is_written_and_answers_as_its_rules_do() {
    let sandbox = repository("compile");
    let mut page = String::new();
    let mut add = |line: &str| page += &(sandbox.page(&format!("meterwarden {line}")) + "\n");
    add("compile --rules rules --output rules.mwplan");
    let ask = "ask --service 1.1 'role Supplier' --at 2024-06-01 --rules";
    add(&format!("{ask} rules.mwplan"));
    add("diff rules.mwplan rules");
    add("diff rules.mwplan,without:MP1 rules.mwplan");
    let [rules, plan] = ["rules", "rules.mwplan"]
        .map(|source| sandbox.run(&format!("meterwarden {ask} {source} --format json")).stdout);
    assert_eq!(rules, plan);
    assert_snapshot!(page);
}

#[test]
fn files_that_are_no_plan_and_rules_with_errors() {
    let sandbox = repository("compile-wrong");
    sandbox.page("meterwarden compile --rules rules --output rules.mwplan");
    let written = std::fs::read(sandbox.path("rules.mwplan")).expect("a plan");
    let mut page = String::new();
    let mut add = |line: &str| page += &(sandbox.page(&format!("meterwarden {line}")) + "\n");
    std::fs::write(sandbox.path("cut.mwplan"), &written[..written.len() / 2]).expect("half of it");
    std::fs::write(sandbox.path("later.mwplan"), [&written[..8], &[9, 0], &written[10..]].concat())
        .expect("a later one");
    add("ask --service 1.1 --rules cut.mwplan");
    add("ask --service 1.1 --rules later.mwplan");
    add(&format!("ask --service 1.1 --rules {FILE}"));
    add("compile --rules rules --output nowhere/rules.mwplan");
    sandbox.replace(FILE, "role Supplier  status Live ", "role Suplier  status Live ");
    add("compile --rules rules --output rules.mwplan");
    assert_eq!(std::fs::read(sandbox.path("rules.mwplan")).expect("a plan"), written);
    assert_snapshot!(page);
}
