//! `meterwarden check`

use std::io::{self, Write};

use meterwarden::diagnostic::Severity;
use meterwarden::scenario::ScenarioError;
use meterwarden::{Diagnostics, LoadError, Policy};

use crate::args::{Check, Format};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::scenarios::Scenarios;
use crate::{assumptions, policy, terminal};

/// Checks the rules, and says everything that is to be said of them.
pub(crate) fn run(arguments: &Check) -> Result<Exit, Failure> {
    match policy::load(&arguments.rules) {
        Ok(policy) if arguments.assumptions => Ok(assumptions::list(&policy, arguments.format)?),
        Ok(policy) => {
            let scenarios = Scenarios::read(&arguments.rules, &policy)?;
            if scenarios.unusable.is_empty() {
                Ok(fine(&policy, arguments)?)
            } else {
                Ok(wrong_scenarios(&scenarios.unusable, arguments.format)?)
            }
        }
        Err(LoadError::Rules(found)) => Ok(wrong(&found, arguments.format)?),
        Err(unread) => Err(unread.into()),
    }
}

fn fine(policy: &Policy, arguments: &Check) -> io::Result<Exit> {
    let mut out = terminal::stdout();
    match arguments.format {
        Format::Human => {
            let (services, rules) = (policy.services().len(), policy.rules().len());
            let (services, rules) = (count(services, "service"), count(rules, "rule"));
            writeln!(out, "{}: {services}, {rules}, 0 errors", policy::named(&arguments.rules))?;
        }
        Format::Json => writeln!(out, "[]")?,
    }
    out.flush()?;
    Ok(Exit::Fine)
}

fn wrong(found: &Diagnostics, format: Format) -> io::Result<Exit> {
    match format {
        Format::Human => {
            let errors = found.found().iter().filter(|one| one.code.severity() == Severity::Error).count();
            let text = found.render(terminal::colour_of_errors());
            writeln!(io::stderr(), "{text}\n\n{}", count(errors, "error"))?;
        }
        Format::Json => {
            let mut out = terminal::stdout();
            serde_json::to_writer_pretty(&mut out, &found.to_data())?;
            writeln!(out)?;
            out.flush()?;
        }
    }
    Ok(Exit::Unusable)
}

/// Of each scenario file that cannot be used, what is wrong.
fn wrong_scenarios(unusable: &[ScenarioError], format: Format) -> io::Result<Exit> {
    match format {
        Format::Human => {
            unusable.iter().for_each(terminal::error);
            writeln!(io::stderr(), "\n{}", count(unusable.len(), "error"))?;
        }
        Format::Json => {
            let data: Vec<serde_json::Value> = unusable.iter().map(as_data).collect();
            let mut out = terminal::stdout();
            serde_json::to_writer_pretty(&mut out, &data)?;
            writeln!(out)?;
            out.flush()?;
        }
    }
    Ok(Exit::Unusable)
}

/// Like the findings about rules, with a code of its own.
fn as_data(one: &ScenarioError) -> serde_json::Value {
    let ScenarioError { path, error } = one;
    serde_json::json!({
        "code": "scenario-file", "severity": "error", "message": error.message,
        "path": path, "line": error.line, "column": error.column,
    })
}

/// `1 rule`, `2 rules`
fn count(number: usize, what: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {what}{ending}")
}
