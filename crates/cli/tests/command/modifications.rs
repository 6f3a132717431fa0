//! `docs/modifications.md`: every modification that the shipped rules carry, with the rule text that carries it and the
//! difference that it makes.
//!
//! The page is made here, from the rules and from what `meterwarden diff` says. `UPDATE_DOCS=1` writes it. Read the
//! difference before you commit it.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use meterwarden::policy::{Edge, Modification, Rule};
use meterwarden::{Policy, Source};

use crate::docs::copy;
use crate::workshop::Workshop;

const HEAD: &str = "\
# The modifications that the rules carry

Each modification below is rule text and nothing else: its entry in the register, and the rules that name it. Below the text
stands what `meterwarden diff` says that it does: for one with a date, against the rules without it; for one that is only
proposed, and so not in force, what it would do if it were. A test makes this page from the rules, so that it is never older
than they are. [modification.md](modification.md) is how to add one.

`proposed` is the language's word for whatever has no date. Two of those below are no modification of the Smart Energy Code
that anybody is known to have raised, and one was withdrawn; the lines above each say which. What any of them would do is
assumed here from what little is public of it, and each rule says so.
";

#[test]
fn the_page_is_what_the_rules_and_the_command_say() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules");
    let policy = Policy::load(&rules).unwrap();
    let shop = Workshop::new("docs-modifications");
    copy(&rules, &shop.path("rules"));
    let mut page = HEAD.to_owned();
    page += &index(&policy);
    for one in policy.modifications() {
        page += &section(&policy, one, &shop);
    }
    let path = rules.join("../docs/modifications.md");
    let written = fs::read_to_string(&path).unwrap_or_default();
    if written != page && std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, page).unwrap();
        return;
    }
    assert!(written == page, "{}", similar::TextDiff::from_lines(&written, &page).unified_diff());
}

/// A table of all of them.
fn index(policy: &Policy) -> String {
    let mut table = "\n| modification | title | in force |\n|---|---|---|\n".to_owned();
    for one in policy.modifications() {
        let anchor = one.name.to_lowercase();
        let _ = writeln!(table, "| [{}](#{anchor}) | {} | {} |", one.name, one.text, in_force(one));
    }
    table
}

fn in_force(one: &Modification) -> String {
    match one.effective {
        Edge::On(date) => format!("from {date}"),
        Edge::Start | Edge::Never => "no: proposed".to_owned(),
    }
}

fn section(policy: &Policy, one: &Modification, shop: &Workshop) -> String {
    let name = &one.name;
    let rules: Vec<&Rule> =
        policy.rules().iter().filter(|rule| names(policy.text(rule.span), name)).collect();
    assert!(!rules.is_empty(), "no rule names {name}");
    let mut text = format!("\n## {name}\n\n{}.\n\n```text\n{}\n", one.text, lines(policy, one.span));
    for rule in rules {
        let _ = write!(text, "\n{}\n", lines(policy, rule.span));
    }
    text += "```\n\n";
    let line = match one.effective {
        Edge::On(_) => format!("meterwarden diff rules,without:{name} rules"),
        Edge::Start | Edge::Never => format!("meterwarden diff rules rules,with:{name}"),
    };
    let said = shop.page(&line);
    assert!(said.contains("newly permitted") || said.contains("newly refused"), "{said}");
    text + "```console\n" + said.trim_end() + "\n```\n"
}

/// Whether a rule says `since` or `until` this modification, of itself or of an item of a list.
fn names(rule: &str, modification: &str) -> bool {
    let apart = |c: char| c.is_whitespace() || "(),".contains(c);
    let words: Vec<&str> = rule.split(apart).filter(|word| !word.is_empty()).collect();
    words.windows(2).any(|pair| ["since", "until"].contains(&pair[0]) && pair[1] == modification)
}

/// A declaration as it stands in its file, with the lines that are written about it above, as far left as it goes.
fn lines(policy: &Policy, span: meterwarden::Span) -> String {
    let Source { text, .. } = &policy.sources()[span.file as usize];
    let (start, end) = (span.start as usize, span.end as usize);
    let before = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let documented = |line: &&str| line.trim_start().starts_with("///");
    let above: Vec<&str> = text[..before].lines().rev().take_while(documented).collect();
    let whole = above.into_iter().rev().chain(text[before..end].lines());
    let indent = start - before;
    whole.map(|line| line.get(indent..).unwrap_or_default()).collect::<Vec<_>>().join("\n")
}
