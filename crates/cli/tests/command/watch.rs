//! `test --watch`, while files are edited.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use crate::run::{command, inputs};

/// A copy of a folder of test inputs, for editing.
fn copy(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("watched-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    for entry in fs::read_dir(inputs().join(name)).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
    }
    folder
}

/// Writes a file in one step, as editors do, so that the command never reads half of it.
fn save(path: &Path, text: &str) {
    let beside = path.with_extension("new");
    fs::write(&beside, text).unwrap();
    fs::rename(&beside, path).unwrap();
}

/// The running command, which ends when the test ends.
struct Watching {
    child: Child,
    lines: Receiver<String>,
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Watching {
    fn on(folder: &Path) -> Self {
        let arguments = ["test", "--watch", "--rules", folder.to_str().unwrap()];
        let mut child = command(&arguments).stdin(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let (sender, lines) = channel();
        let output = BufReader::new(child.stdout.take().unwrap());
        thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Self { child, lines }
    }

    /// The output of one round, which ends with the line that it waits. A round takes far less than 30 s.
    fn round(&self) -> Vec<String> {
        let mut lines = Vec::new();
        loop {
            let line = self.lines.recv_timeout(Duration::from_secs(30)).unwrap();
            if line.starts_with("watching") {
                return lines;
            }
            lines.push(line);
        }
    }

    fn last_line(&self) -> String {
        self.round().into_iter().rfind(|line| !line.is_empty()).unwrap_or_default()
    }
}

#[test]
fn a_change_runs_the_scenarios_again() {
    let folder = copy("failing");
    let (rules, scenarios) = (folder.join("rules.rules"), folder.join("wrong.scenarios.yaml"));
    let rules_text = fs::read_to_string(&rules).unwrap();
    let watching = Watching::on(&folder);
    assert_eq!(watching.last_line(), "1 passed, 1 failed");

    save(&rules, &rules_text.replace("role IS ", "role IS, GS "));
    assert_eq!(watching.last_line(), "2 passed, 0 failed");

    save(&rules, &rules_text.replace("role IS ", "role ISS "));
    assert_eq!(watching.last_line(), "", "errors of the rules are on standard error");

    save(&rules, &rules_text);
    assert_eq!(watching.last_line(), "1 passed, 1 failed");

    save(&folder.join("more.scenarios.yaml"), &fs::read_to_string(&scenarios).unwrap());
    assert_eq!(watching.last_line(), "2 passed, 2 failed");

    fs::remove_file(&scenarios).unwrap();
    assert_eq!(watching.last_line(), "1 passed, 1 failed");
}
