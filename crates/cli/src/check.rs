//! `meterwarden check`

use std::fs;
use std::io::Write;

use meterwarden::{Code, Diagnostics, LoadError, Plan, Source, every_file, relative};
use meterwarden_authoring::{is_likely_rule_file, lint, lint_scenarios, lint_unread};

use crate::args::{Check, Rules};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::{self, Report};
use crate::{assumptions, fix, policy, scenarios, terminal};

/// Checks the rules, and says everything that is to be said of them.
pub(crate) fn run(arguments: &Check) -> Result<Exit, Failure> {
    if let Some(code) = &arguments.explain {
        return explain(code);
    }
    if arguments.fix {
        fix::mend(&arguments.rules, arguments.format)?;
    }
    let plan = match policy::plan(&arguments.rules) {
        Ok(plan) if arguments.assumptions => {
            return Ok(assumptions::list(plan.policy(), report::plain(arguments.format)?)?);
        }
        Ok(plan) => Ok(plan),
        Err(LoadError::Rules(found)) => Err(found),
        Err(unread) => return Err(unread.into()),
    };
    let (plan, found) = match plan {
        Ok(plan) => {
            let found = of_plan(&plan, &arguments.rules)?;
            (Some(plan), found)
        }
        Err(found) => (None, found),
    };
    let found = found.and(lint_unread(unread(&arguments.rules)?));
    Report { rules: &arguments.rules, plan: plan.as_ref(), found: &found }.write(arguments.format)?;
    Ok(report::exit(&found, arguments.strict))
}

/// What deserves a word in rules that can be used, and in the scenarios beside them.
fn of_plan(plan: &Plan, rules: &Rules) -> Result<Diagnostics, LoadError> {
    Ok(lint(plan).and(lint_scenarios(plan, scenarios::texts(rules)?)))
}

/// The files beside the rules that may be taken for some.
fn unread(rules: &Rules) -> Result<Vec<Source>, LoadError> {
    let Some(folder) = &rules.folder else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for path in every_file(folder)? {
        let name = relative(folder, &path);
        if is_likely_rule_file(&name) {
            let bytes = fs::read(&path).map_err(|source| LoadError::Read { path: path.clone(), source })?;
            found.push(Source::new(name, String::from_utf8_lossy(&bytes)));
        }
    }
    Ok(found)
}

/// The page of a finding.
fn explain(code: &str) -> Result<Exit, Failure> {
    let Some(known) = Code::named(code) else {
        return Err(Failure::Arguments(report::no_such_code(code)));
    };
    let mut out = terminal::stdout();
    out.write_all(known.page().as_bytes())?;
    out.flush()?;
    Ok(Exit::Fine)
}
