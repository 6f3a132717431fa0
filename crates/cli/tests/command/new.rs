//! `new`: what it writes is in order, and it overwrites nothing.

use std::fmt::Write;

use insta::assert_snapshot;

use crate::docs::commands;
use crate::workshop::{Workshop, seen};

#[test]
fn a_policy_to_begin_with() {
    let shop = Workshop::new("new-begin");
    let mut page = shop.page("meterwarden new heating");
    for file in shop.files() {
        write!(page, "──── {file}\n{}", shop.read(&file)).unwrap();
    }
    assert_snapshot!(page);
}

/// Every command of the workflow and of the hooks, as they stand there.
#[test]
fn it_passes_its_own_checks() {
    let shop = Workshop::with_a_policy("new-checks");
    let (workflow, hooks) = (shop.read(".github/workflows/policy.yml"), shop.read(".pre-commit-config.yaml"));
    let (workflow, hooks) = (commands(&workflow), commands(&hooks));
    assert_eq!((workflow.len(), hooks.len()), (4, 4), "{workflow:?} {hooks:?}");
    for line in workflow.iter().chain(&hooks) {
        let said = shop.run(line);
        assert!(said.status.success(), "{line}\n{}", seen(&said));
    }
}

#[test]
fn nothing_is_overwritten() {
    for file in
        ["README.md", "rules/vocabulary.rules", ".github/workflows/policy.yml", "rules/outcomes/1.1.txt"]
    {
        let shop = Workshop::new("new-twice");
        shop.write(file, "mine\n");
        assert_snapshot!(file.replace('/', "-"), shop.page("meterwarden new ."));
        assert_eq!((shop.files(), shop.read(file)), (vec![file.to_owned()], "mine\n".to_owned()));
    }
    let shop = Workshop::new("new-file");
    shop.write("heating", "mine\n");
    assert!(!shop.run("meterwarden new heating").status.success());
    assert_eq!(shop.read("heating"), "mine\n");
}

#[test]
fn beside_what_is_there() {
    let shop = Workshop::new("new-beside");
    shop.write("LICENSE", "mine\n");
    assert!(shop.run("meterwarden new .").status.success());
    assert_eq!(shop.read("LICENSE"), "mine\n");
}
