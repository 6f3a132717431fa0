//! `meterwarden scenarios suggest`

use std::fs::File;
use std::io::{self, Write};

use meterwarden_authoring::suggest_scenarios::{Scope, propose, to_yaml};

use crate::args::Suggest;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::scenarios::Scenarios;
use crate::{policy, terminal};

/// Writes scenarios for what no case shows yet.
pub(crate) fn run(arguments: &Suggest) -> Result<Exit, Failure> {
    let plan = policy::plan(&arguments.rules)?;
    let Scenarios { files, unusable } = Scenarios::read(&arguments.rules, plan.policy())?;
    if !unusable.is_empty() {
        unusable.iter().for_each(terminal::error);
        return Ok(Exit::Unusable);
    }
    let scope = Scope { all: arguments.all, ..Scope::only(plan.policy(), &arguments.only)? };
    let cases = propose(&plan, &files, &scope);
    if cases.is_empty() {
        writeln!(io::stderr(), "nothing to suggest: the scenarios show all that can be shown")?;
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
