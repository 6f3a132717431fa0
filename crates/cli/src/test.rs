//! `meterwarden test`

use std::io::Write;

use meterwarden::scenario::{Case, ScenarioFile, run as run_file};

use crate::args::Test;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::scenarios::Scenarios;
use crate::terminal::calm;
use crate::{policy, terminal};

/// Runs the scenarios, and shows those that did not get what they expect.
pub(crate) fn run(arguments: &Test) -> Result<Exit, Failure> {
    let plan = policy::plan(&arguments.rules)?;
    let Scenarios { files: mut scenarios, unusable } = Scenarios::read(&arguments.rules)?;
    if !unusable.is_empty() {
        unusable.iter().for_each(terminal::error);
        return Ok(Exit::Unusable);
    }
    if let Some(filter) = &arguments.filter {
        scenarios.iter_mut().for_each(|file| keep(file, filter));
    }
    if scenarios.iter().all(|file| file.cases.is_empty()) {
        return Err(Failure::NoScenario(none(arguments)));
    }
    let mut out = terminal::stdout();
    writeln!(out, "scenarios of {}", policy::named(&arguments.rules))?;
    let (mut passed, mut failed) = (0, 0);
    for file in &scenarios {
        let report = run_file(&plan, file);
        passed += report.passed;
        failed += report.failed.len();
        for one in &report.failed {
            writeln!(out, "{}\n", calm(&one.to_string()))?;
        }
    }
    writeln!(out, "{passed} passed, {failed} failed")?;
    out.flush()?;
    Ok(if failed == 0 { Exit::Fine } else { Exit::Refused })
}

fn keep(file: &mut ScenarioFile, filter: &str) {
    let path = file.path.contains(filter);
    file.cases.retain(|case: &Case| path || case.name.contains(filter));
}

fn none(arguments: &Test) -> String {
    let folder = arguments.rules.folder.as_ref();
    let place = folder.map_or("the built-in policy".to_owned(), |folder| format!("`{}`", folder.display()));
    match &arguments.filter {
        Some(filter) => format!("no scenario of {place} has `{filter}` in its name or path"),
        None => format!("{place} holds no scenarios: the names of their files end in `.scenarios.yaml`"),
    }
}
