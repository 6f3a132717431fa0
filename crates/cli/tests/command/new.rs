//! `new`: its files pass their own checks, and it overwrites nothing.

use std::fmt::Write;

use insta::assert_snapshot;

use crate::docs::commands;
use crate::sandbox::{Sandbox, seen};

#[test]
fn a_policy_to_begin_with() {
    let sandbox = Sandbox::new("new-begin");
    let mut page = sandbox.page("meterwarden new heating");
    for file in sandbox.files() {
        write!(page, "──── {file}\n{}", sandbox.read(&file)).unwrap();
    }
    assert_snapshot!(page);
}

/// Every command of the workflow and of the hooks succeeds.
#[test]
fn it_passes_its_own_checks() {
    let sandbox = Sandbox::with_a_policy("new-checks");
    let (workflow, hooks) =
        (sandbox.read(".github/workflows/policy.yml"), sandbox.read(".pre-commit-config.yaml"));
    let (workflow, hooks) = (commands(&workflow), commands(&hooks));
    assert_eq!((workflow.len(), hooks.len()), (4, 4), "{workflow:?} {hooks:?}");
    for line in workflow.iter().chain(&hooks) {
        let output = sandbox.run(line);
        assert!(output.status.success(), "{line}\n{}", seen(&output));
    }
}

#[test]
fn nothing_is_overwritten() {
    for file in
        ["README.md", "rules/vocabulary.rules", ".github/workflows/policy.yml", "rules/outcomes/1.1.txt"]
    {
        let sandbox = Sandbox::new("new-twice");
        sandbox.write(file, "mine\n");
        assert_snapshot!(file.replace('/', "-"), sandbox.page("meterwarden new ."));
        assert_eq!((sandbox.files(), sandbox.read(file)), (vec![file.to_owned()], "mine\n".to_owned()));
    }
    let sandbox = Sandbox::new("new-file");
    sandbox.write("heating", "mine\n");
    assert!(!sandbox.run("meterwarden new heating").status.success());
    assert_eq!(sandbox.read("heating"), "mine\n");
}

#[test]
fn beside_what_is_there() {
    let sandbox = Sandbox::new("new-beside");
    sandbox.write("LICENSE", "mine\n");
    assert!(sandbox.run("meterwarden new .").status.success());
    assert_eq!(sandbox.read("LICENSE"), "mine\n");
}
