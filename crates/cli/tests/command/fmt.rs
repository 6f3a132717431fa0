//! `fmt`: its output, the files that it writes, and the files that it does not change.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::run::{inputs, page, run};
use insta::assert_snapshot;

const RAGGED: &str = include_str!("../inputs/layout/ragged.rules");
const FORMATTED: &str = "\
/// Who supplies.
attribute role \"Role\" always {
    refuse E2 \"this role may not\"
    IS  \"Import Supplier\"  // of electricity
    GS  \"Gas Supplier\"
}

service 8.4 \"Update\" {
    permit supplier {
        role    IS, GS
        source  \"a table\"
    }
}
";

#[test]
fn nothing_is_written() {
    for (name, arguments, input) in [
        ("check", ["--check", "layout"].as_slice(), ""),
        ("check-formatted", &["--check", "layout/tidy.rules"], ""),
        ("diff", &["--diff", "layout"], ""),
        ("check-half", &["--check", "half", "layout/ragged.rules", "layout"], ""),
        ("standard-input", &["-"], RAGGED),
        ("standard-input-formatted", &["-"], FORMATTED),
        ("standard-input-half", &["-"], "tag critical tag"),
        ("standard-input-check", &["--check", "-"], RAGGED),
        ("standard-input-diff", &["--diff", "-"], RAGGED),
        ("no-path", &[], ""),
        ("not-there", &["nowhere", "nowhere.rules", "request.json"], ""),
    ] {
        assert_snapshot!(name, page(&[&["fmt"], arguments].concat(), input));
    }
    assert_eq!(fs::read_to_string(inputs().join("layout/ragged.rules")).unwrap(), RAGGED);
}

/// An empty folder of its own for a test to write in.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fmt").join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn fmt(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_meterwarden"))
        .arg("fmt")
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn result(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn the_folder_here_is_laid_out_and_the_second_time_nothing_is_touched() {
    let folder = folder("here");
    let rules = folder.join("rules");
    fs::create_dir_all(rules.join("deeper")).unwrap();
    fs::write(rules.join("deeper/ragged.rules"), RAGGED).unwrap();
    fs::write(rules.join("tidy.rules"), FORMATTED).unwrap();
    fs::write(rules.join("README.md"), "tag  x").unwrap();
    let tidied = fs::metadata(rules.join("tidy.rules")).unwrap().modified().unwrap();

    let (exit, output, errors) = result(&fmt(&folder, &[]));
    assert_eq!((exit, output.as_str()), (Some(0), "rules/deeper/ragged.rules\n"), "{errors}");
    assert_eq!(errors, "1 file formatted, 1 file already formatted\n");
    let ragged = rules.join("deeper/ragged.rules");
    assert_eq!(fs::read_to_string(&ragged).unwrap(), FORMATTED);
    assert_eq!(fs::read_to_string(rules.join("README.md")).unwrap(), "tag  x");
    assert_eq!(fs::metadata(rules.join("tidy.rules")).unwrap().modified().unwrap(), tidied);
    assert_eq!(names(&rules.join("deeper")), ["ragged.rules"], "no file is left beside it");

    let before = fs::metadata(&ragged).unwrap().modified().unwrap();
    let (exit, output, errors) = result(&fmt(&folder, &["rules"]));
    assert_eq!((exit, output.as_str(), errors.as_str()), (Some(0), "", "2 files already formatted\n"));
    assert_eq!(fs::metadata(&ragged).unwrap().modified().unwrap(), before);
    assert_eq!(fmt(&folder, &["--check"]).status.code(), Some(0));
}

#[test]
fn a_file_that_does_not_parse_is_left_alone_and_the_others_are_not() {
    let folder = folder("half");
    for name in ["half.rules", "whole.rules"] {
        fs::copy(inputs().join("half").join(name), folder.join(name)).unwrap();
    }
    fs::write(folder.join("bytes.rules"), b"tag  x // \xff\n").unwrap();
    let (exit, output, errors) = result(&fmt(&folder, &["."]));
    assert_eq!((exit, output.as_str()), (Some(1), "./whole.rules\n"), "{errors}");
    assert!(errors.contains("error[syntax]") && errors.contains("error[not-text]"), "{errors}");
    assert!(errors.ends_with("1 file formatted, 2 files skipped\n"), "{errors}");
    assert_eq!(fs::read_to_string(folder.join("whole.rules")).unwrap(), "tag plain\n");
    let half = fs::read(inputs().join("half/half.rules")).unwrap();
    assert_eq!(fs::read(folder.join("half.rules")).unwrap(), half);
    assert_eq!(fs::read(folder.join("bytes.rules")).unwrap(), b"tag  x // \xff\n");
}

/// The output of `--diff` is a patch from the file to the formatted text.
#[test]
fn the_difference_is_a_patch() {
    let input = RAGGED.trim_end();
    let patch = run(&["fmt", "--diff", "-"], input).stdout;
    let (header, lines) = patch.split_once("@@ -1,8 +1,13 @@\n").unwrap();
    assert_eq!(header, "--- standard input\n+++ standard input\n");
    let side = |sign: char| -> String {
        let kept = lines.split_inclusive('\n').filter(|line| line.starts_with([' ', sign]));
        kept.map(|line| &line[1..]).collect()
    };
    assert_eq!(side('-'), RAGGED);
    assert_eq!(side('+'), FORMATTED);
    assert_eq!(lines.matches("\n\\ No newline at end of file\n").count(), 1);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn permissions_and_links_stay() {
        let folder = folder("links");
        fs::create_dir_all(folder.join("elsewhere")).unwrap();
        let target = folder.join("elsewhere/ragged.rules");
        fs::write(&target, RAGGED).unwrap();
        fs::set_permissions(&target, PermissionsExt::from_mode(0o640)).unwrap();
        symlink("elsewhere/ragged.rules", folder.join("link.rules")).unwrap();

        assert_eq!(result(&fmt(&folder, &["link.rules"])).1, "link.rules\n");
        assert_eq!(fs::read_to_string(&target).unwrap(), FORMATTED);
        assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(fs::symlink_metadata(folder.join("link.rules")).unwrap().is_symlink());
        assert_eq!(names(&folder), ["elsewhere", "link.rules"]);
        assert_eq!(names(&folder.join("elsewhere")), ["ragged.rules"]);
    }

    #[test]
    fn a_read_only_file_is_not_replaced() {
        let folder = folder("read-only");
        let path = folder.join("ragged.rules");
        fs::write(&path, RAGGED).unwrap();
        fs::set_permissions(&path, PermissionsExt::from_mode(0o444)).unwrap();
        let (exit, output, errors) = result(&fmt(&folder, &["ragged.rules"]));
        assert_eq!((exit, output.as_str()), (Some(1), ""));
        assert!(errors.starts_with("error: cannot write `ragged.rules`: it is read-only\n"), "{errors}");
        assert_eq!(fs::read_to_string(&path).unwrap(), RAGGED);
    }
}

#[test]
fn a_path_named_twice_is_one_file() {
    let output = run(&["fmt", "--check", "layout/tidy.rules", "layout", "layout/tidy.rules"], "");
    assert_eq!(output.stderr, "1 file to format, 1 file already formatted\n");
}
