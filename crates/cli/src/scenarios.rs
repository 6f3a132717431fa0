//! `meterwarden scenarios`

use std::fs::File;
use std::io::{self, Write};

use meterwarden_authoring::suggest_scenarios::{Scope, propose, to_yaml};

use crate::args::{Scenarios, ScenariosCommand, Suggest};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::scenario_files::ScenarioFiles;
use crate::terminal;
use crate::versions::policy;

/// Runs the command about scenarios, of which there is one.
pub(crate) fn run(arguments: &Scenarios) -> Result<Exit, Failure> {
    match &arguments.command {
        ScenariosCommand::Suggest(arguments) => suggest(arguments),
    }
}

/// Writes scenarios for rules and clauses that no case covers.
fn suggest(arguments: &Suggest) -> Result<Exit, Failure> {
    let plan = policy::plan(&arguments.rules)?;
    let ScenarioFiles { files, errors } = ScenarioFiles::read(&arguments.rules, plan.policy())?;
    if !errors.is_empty() {
        errors.iter().for_each(terminal::error);
        return Ok(Exit::Unusable);
    }
    let scope = Scope { all: arguments.all, ..Scope::only(plan.policy(), &arguments.only)? };
    let cases = propose(&plan, &files, &scope);
    if cases.is_empty() {
        writeln!(
            io::stderr(),
            "nothing to suggest: the scenarios cover everything that a scenario can cover"
        )?;
        return Ok(Exit::Fine);
    }
    let text = to_yaml(&cases);
    match &arguments.output {
        Some(path) => {
            let written = File::create_new(path).and_then(|mut file| file.write_all(text.as_bytes()));
            written.map_err(|source| Failure::Write { path: path.clone(), source })?;
        }
        None => {
            let mut out = terminal::stdout();
            out.write_all(text.as_bytes())?;
            out.flush()?;
        }
    }
    Ok(Exit::Fine)
}
