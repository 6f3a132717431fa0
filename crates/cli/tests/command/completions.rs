//! Completions and manual pages, as their shells and `man` read them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::Command;

use crate::workshop::{Workshop, seen};

/// The subcommands, as the help lists them.
fn subcommands(shop: &Workshop) -> Vec<String> {
    let help = seen(&shop.run("meterwarden --help"));
    let list = help.split_once("Commands:\n").unwrap().1.split_once("\n\n").unwrap().0;
    let names = list.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names
        .map(|line| line.split_whitespace().next().unwrap().to_owned())
        .filter(|name| name != "help")
        .collect()
}

#[test]
fn every_shell_learns_every_subcommand() {
    let shop = Workshop::new("completions");
    let subcommands = subcommands(&shop);
    assert!(subcommands.len() >= 8, "{subcommands:?}");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let text = seen(&shop.run(&format!("meterwarden completions {shell}")));
        for name in &subcommands {
            assert!(text.contains(name.as_str()), "{shell} does not know `{name}`");
        }
        assert!(text.contains("update"), "{shell} does not know `--update`");
    }
    assert!(!shop.run("meterwarden completions csh").status.success());
}

/// Bash, asked as it asks when a person presses Tab. Passed over where there is no bash.
#[test]
fn bash_completes() {
    if Command::new("bash").arg("--version").output().is_err() {
        return;
    }
    let shop = Workshop::new("completions-bash");
    let script = seen(&shop.run("meterwarden completions bash"));
    let ask = r#"
        complete_line() {
            COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
            _meterwarden meterwarden "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
            echo "${COMPREPLY[@]}"
        }
        complete_line meterwarden sn
        complete_line meterwarden snapshot --up
        complete_line meterwarden completions el"#;
    let said = Command::new("bash").args(["--norc", "-euc", &format!("{script}\n{ask}")]).output().unwrap();
    assert_eq!(seen(&said), "snapshot\n--update\nelvish\n");
}

#[test]
fn every_subcommand_has_a_manual_page() {
    let shop = Workshop::new("man");
    let listed = seen(&shop.run("meterwarden man --output pages"));
    let mut wanted: Vec<String> =
        subcommands(&shop).iter().map(|name| format!("pages/meterwarden-{name}.1")).collect();
    wanted.push("pages/meterwarden.1".to_owned());
    wanted.push("pages/meterwarden-scenarios-suggest.1".to_owned());
    wanted.sort_unstable();
    assert_eq!(shop.files(), wanted);
    assert_eq!(listed.lines().count(), wanted.len());
    for file in &wanted {
        let page = shop.read(file);
        for part in [".TH meterwarden", ".SH NAME", ".SH SYNOPSIS", ".SH DESCRIPTION"] {
            assert!(page.contains(part), "{file} has no {part}");
        }
        assert!(page.is_ascii(), "{file}");
        rendered(&shop, file);
    }
    assert!(seen(&shop.run("meterwarden man")).contains(".TH meterwarden 1"));
}

/// Where there is groff, it reads the page without a word; with `-k`, as `man` has it read what is not ASCII.
fn rendered(shop: &Workshop, file: &str) {
    let groff = Command::new("groff").args(["-k", "-man", "-Tutf8", "-ww"]).arg(shop.path(file)).output();
    if let Ok(groff) = groff {
        assert_eq!(String::from_utf8_lossy(&groff.stderr), "", "{file}");
    }
}
