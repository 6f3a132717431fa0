//! `tests/cases/lint/CODE.rules`, and the findings that its author reads. `CODE.silent.rules` are near misses.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::shipped;
use meterwarden::language::diagnostic::Severity;
use meterwarden::{Code, Diagnostic, Diagnostics, Plan, Policy, Source, compile};
use meterwarden_authoring::lint_meaning as lint;

#[test]
fn pages() {
    insta::glob!("../cases", "lint/*.rules", |path| {
        let (text, plan) = plan(path);
        let found = lint(&plan);
        let mut page = format!("----- policy\n{}\n----- lint\n", text.trim_end());
        page += &if found.found().is_empty() { "nothing to say".to_owned() } else { found.render(false) };
        let _ = write!(page, "\n{}", proofs(&plan, &found));
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!("lint", page);
        });
    });
}

/// The policy of a case, after the vocabulary of all cases.
fn plan(path: &Path) -> (String, Plan) {
    let text = fs::read_to_string(path).unwrap();
    let sources = vec![
        source("rules", &text),
        source("words", &fs::read_to_string("tests/cases/lint/prelude").unwrap()),
    ];
    let policy = Policy::from_sources(sources).unwrap_or_else(|found| panic!("{}: {found}", path.display()));
    (text, compile(Arc::new(policy)))
}

fn source(name: &str, text: &str) -> Source {
    Source::new(format!("{name}.rules"), text)
}

/// The witnesses, each with its decision, and the edits of the fixes.
fn proofs(plan: &Plan, found: &Diagnostics) -> String {
    let mut proofs = String::new();
    for finding in found.found() {
        if let Some(witness) = &finding.witness {
            let decided = plan.decide(witness).unwrap();
            let decided = serde_json::to_value(&decided).unwrap();
            let answers = ["decision", "rule", "code"]
                .map(|key| decided.get(key).map_or("-".to_owned(), ToString::to_string));
            let asked = serde_json::to_string(witness).unwrap();
            let _ = writeln!(proofs, "\n{} is shown by {asked}\n    {}", finding.code, answers.join(" "));
        }
        for edit in &finding.fix {
            let _ = writeln!(
                proofs,
                "\n{} is mended by {:?} in place of {:?}",
                finding.code,
                edit.text,
                plan.policy().text(edit.span)
            );
        }
    }
    proofs
}

fn cases(silent: bool) -> Vec<(String, PathBuf)> {
    let all = meterwarden::files("tests/cases/lint".as_ref(), "rules").unwrap();
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    let all = all
        .into_iter()
        .map(|path| (name(&path), path))
        .filter(|(name, _)| name.contains(".silent.") == silent);
    all.map(|(name, path)| (name.split('.').next().unwrap().to_owned(), path)).collect()
}

fn codes(path: &Path) -> Vec<Code> {
    lint(&plan(path).1).found().iter().map(|finding| finding.code).collect()
}

/// Each finding has a case, and a near miss without the finding.
#[test]
fn every_code_is_found_and_has_a_near_miss() {
    for (code, path) in cases(false) {
        assert!(codes(&path).iter().any(|found| found.name() == code), "{code} is not found");
    }
    for (code, path) in cases(true) {
        assert!(!codes(&path).iter().any(|found| found.name() == code), "{code} is found in a near miss");
    }
    let shown = |silent: bool| cases(silent).into_iter().map(|(code, _)| code).collect::<Vec<_>>();
    assert_eq!(shown(false), shown(true));
    assert!(
        Code::ALL.iter().filter(|code| code.severity() == Severity::Warning).count() >= shown(true).len()
    );
}

#[test]
fn the_shipped_rules_have_no_finding() {
    let found = lint(&shipped::plan());
    assert!(found.found().is_empty(), "{found}");
}

/// A fix removes its finding, and the policy permits the same.
#[test]
fn a_fix_removes_its_finding_and_changes_no_decision() {
    let mut mended = 0;
    for (code, path) in cases(false) {
        let (text, plan) = plan(&path);
        let found = lint(&plan);
        let fixes = |finding: &&Diagnostic| finding.code.name() == code && !finding.fix.is_empty();
        let Some(finding) = found.found().iter().find(fixes) else { continue };
        let mut text = text;
        for edit in finding.fix.iter().rev() {
            text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
        }
        let words = fs::read_to_string("tests/cases/lint/prelude").unwrap();
        let policy = Policy::from_sources(vec![source("rules", &text), source("words", &words)]);
        let fixed = compile(Arc::new(policy.unwrap_or_else(|found| panic!("{code}: {found}\n{text}"))));
        assert!(lint(&fixed).found().len() < found.found().len(), "{code}: {text}");
        for service in plan.policy().services() {
            assert_eq!(
                meterwarden_analysis::outcomes(&plan, &service.name),
                meterwarden_analysis::outcomes(&fixed, &service.name),
                "{code}"
            );
        }
        mended += 1;
    }
    assert!(mended >= 5, "{mended}");
}

/// A second run has the same findings.
#[test]
fn findings_are_the_same_every_time() {
    for (_, path) in cases(false) {
        let (_, plan) = plan(&path);
        assert_eq!(lint(&plan), lint(&plan));
    }
}
