//! `docs/modifications.md`: every modification that the shipped rules carry, with the rule text that carries it and the
//! difference that it makes.
//!
//! This test generates the page from the rules and the output of `meterwarden diff`. `UPDATE_DOCS=1` writes it. Read
//! the difference before you commit it.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use meterwarden::policy::{Edge, Modification, Rule};
use meterwarden::{Policy, Source};

use crate::docs::copy;
use crate::sandbox::Sandbox;

const HEAD: &str = "\
# The modifications in the shipped rules

Each modification below is rule text only: its entry in the register, and the rules that name it. The output of
`meterwarden diff` after the text shows what the modification changes. For a modification with a date, the output
compares the rules without it with the rules as they are. For a proposed modification, which is not in force, it shows
what would change if the modification were in force. A test generates this page from the rules, so it is always up to
date. [modification.md](modification.md) explains how to add a modification.

`proposed` means that a modification has no date. Two of the proposed modifications are not known to have been raised as
modifications of the Smart Energy Code (DUIS-5-3 and LOAD-CONTROLLER), and one was withdrawn (MP117). Little is public
about the proposed modifications. What each of them would do is therefore an assumption, and the `assumed` line of each
rule states it.
";

#[test]
fn the_page_is_what_the_rules_and_the_command_state() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules");
    let policy = Policy::load(&rules).unwrap();
    let sandbox = Sandbox::new("docs-modifications");
    copy(&rules, &sandbox.path("rules"));
    let mut page = HEAD.to_owned();
    page += &index(&policy);
    for modification in policy.modifications() {
        page += &section(&policy, modification, &sandbox);
    }
    let path = rules.join("../docs/modifications.md");
    let written = fs::read_to_string(&path).unwrap_or_default();
    if written != page && std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, page).unwrap();
        return;
    }
    assert!(written == page, "{}", similar::TextDiff::from_lines(&written, &page).unified_diff());
}

/// A table of all modifications.
fn index(policy: &Policy) -> String {
    let mut table = "\n| modification | title | in force |\n|---|---|---|\n".to_owned();
    for modification in policy.modifications() {
        let Modification { name, text, .. } = modification;
        let anchor = name.to_lowercase();
        let _ = writeln!(table, "| [{name}](#{anchor}) | {text} | {} |", in_force(modification));
    }
    table
}

fn in_force(modification: &Modification) -> String {
    match modification.effective {
        Edge::On(date) => format!("from {date}"),
        Edge::Start | Edge::Never => "no: proposed".to_owned(),
    }
}

fn section(policy: &Policy, modification: &Modification, sandbox: &Sandbox) -> String {
    let name = &modification.name;
    let rules: Vec<&Rule> =
        policy.rules().iter().filter(|rule| names(policy.text(rule.span), name)).collect();
    assert!(!rules.is_empty(), "no rule names {name}");
    let mut text =
        format!("\n## {name}\n\n{}.\n\n```text\n{}\n", modification.text, lines(policy, modification.span));
    for rule in rules {
        let _ = write!(text, "\n{}\n", lines(policy, rule.span));
    }
    text += "```\n\n";
    let line = match modification.effective {
        Edge::On(_) => format!("meterwarden diff rules,without:{name} rules"),
        Edge::Start | Edge::Never => format!("meterwarden diff rules rules,with:{name}"),
    };
    let output = sandbox.page(&line);
    assert!(output.contains("newly permitted") || output.contains("newly refused"), "{output}");
    text + "```console\n" + output.trim_end() + "\n```\n"
}

/// Whether `since` or `until` names this modification, for the rule or for an item of a list.
fn names(rule: &str, modification: &str) -> bool {
    let is_separator = |c: char| c.is_whitespace() || "(),".contains(c);
    let words: Vec<&str> = rule.split(is_separator).filter(|word| !word.is_empty()).collect();
    words.windows(2).any(|pair| ["since", "until"].contains(&pair[0]) && pair[1] == modification)
}

/// A declaration as it is in its file, with its documentation, and without its indentation.
fn lines(policy: &Policy, span: meterwarden::Span) -> String {
    let Source { text, .. } = &policy.sources()[span.file as usize];
    let (start, end) = (span.start as usize, span.end as usize);
    let before = text[..start].rfind('\n').map_or(0, |offset| offset + 1);
    let is_documentation = |line: &&str| line.trim_start().starts_with("///");
    let above: Vec<&str> = text[..before].lines().rev().take_while(is_documentation).collect();
    let declaration = above.into_iter().rev().chain(text[before..end].lines());
    let indent = start - before;
    declaration.map(|line| line.get(indent..).unwrap_or_default()).collect::<Vec<_>>().join("\n")
}
