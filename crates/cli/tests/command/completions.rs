//! Completions and manual pages, as their shells and `man` read them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::Command;

use crate::sandbox::{Sandbox, seen};

/// The subcommands, as the help lists them.
fn subcommands(sandbox: &Sandbox) -> Vec<String> {
    let help = seen(&sandbox.run("meterwarden --help"));
    let list = help.split_once("Commands:\n").unwrap().1.split_once("\n\n").unwrap().0;
    let names = list.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names
        .map(|line| line.split_whitespace().next().unwrap().to_owned())
        .filter(|name| name != "help")
        .collect()
}

#[test]
fn every_shell_knows_every_subcommand() {
    let sandbox = Sandbox::new("completions");
    let subcommands = subcommands(&sandbox);
    assert!(subcommands.len() >= 8, "{subcommands:?}");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let text = seen(&sandbox.run(&format!("meterwarden completions {shell}")));
        for name in &subcommands {
            assert!(text.contains(name.as_str()), "{shell} does not know `{name}`");
        }
        assert!(text.contains("update"), "{shell} does not know `--update`");
    }
    assert!(!sandbox.run("meterwarden completions csh").status.success());
}

/// The completion function of bash, called as bash calls it when a person presses Tab. Skipped if there is no bash.
#[test]
fn bash_completes() {
    if Command::new("bash").arg("--version").output().is_err() {
        return;
    }
    let sandbox = Sandbox::new("completions-bash");
    let script = seen(&sandbox.run("meterwarden completions bash"));
    let ask = r#"
        complete_line() {
            COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
            _meterwarden meterwarden "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
            echo "${COMPREPLY[@]}"
        }
        complete_line meterwarden sn
        complete_line meterwarden snapshot --up
        complete_line meterwarden completions el"#;
    let output = Command::new("bash").args(["--norc", "-euc", &format!("{script}\n{ask}")]).output().unwrap();
    assert_eq!(seen(&output), "snapshot\n--update\nelvish\n");
}

#[test]
fn every_subcommand_has_a_manual_page() {
    let sandbox = Sandbox::new("man");
    let listed = seen(&sandbox.run("meterwarden man --output pages"));
    let mut wanted: Vec<String> =
        subcommands(&sandbox).iter().map(|name| format!("pages/meterwarden-{name}.1")).collect();
    wanted.push("pages/meterwarden.1".to_owned());
    wanted.push("pages/meterwarden-scenarios-suggest.1".to_owned());
    wanted.sort_unstable();
    assert_eq!(sandbox.files(), wanted);
    assert_eq!(listed.lines().count(), wanted.len());
    for file in &wanted {
        let page = sandbox.read(file);
        for part in [".TH meterwarden", ".SH NAME", ".SH SYNOPSIS", ".SH DESCRIPTION"] {
            assert!(page.contains(part), "{file} has no {part}");
        }
        assert!(page.is_ascii(), "{file}");
        rendered(&sandbox, file);
    }
    assert!(seen(&sandbox.run("meterwarden man")).contains(".TH meterwarden 1"));
}

/// If there is groff, it reads the page without a warning, with `-k`, as `man` calls it for pages that are not ASCII.
fn rendered(sandbox: &Sandbox, file: &str) {
    let groff = Command::new("groff").args(["-k", "-man", "-Tutf8", "-ww"]).arg(sandbox.path(file)).output();
    if let Ok(groff) = groff {
        assert_eq!(String::from_utf8_lossy(&groff.stderr), "", "{file}");
    }
}
