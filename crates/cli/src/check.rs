//! `meterwarden check`

mod assumptions;
mod fix;
mod report;

use std::fs;
use std::io::Write;

use meterwarden::{Code, Diagnostics, LoadError, Plan, Source, every_file, relative};
use meterwarden_authoring::{is_likely_rule_file, lint, lint_scenarios, lint_unread};

use crate::args::{Check, Rules};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::versions::policy;
use crate::{scenario_files, terminal};
use report::Report;

/// Checks the rules and reports the findings.
pub(crate) fn run(arguments: &Check) -> Result<Exit, Failure> {
    if let Some(code) = &arguments.explain {
        return explain(code);
    }
    if arguments.fix {
        fix::fix_folder(&arguments.rules, arguments.format)?;
    }
    let plan = match policy::plan(&arguments.rules) {
        Ok(plan) if arguments.assumptions => {
            let format = report::format_of_assumptions(arguments.format)?;
            return Ok(assumptions::list(plan.policy(), format)?);
        }
        Ok(plan) => Ok(plan),
        Err(LoadError::Rules(findings)) => Err(findings),
        Err(unread) => return Err(unread.into()),
    };
    let (plan, findings) = match plan {
        Ok(plan) => {
            let warnings = lint_all(&plan, &arguments.rules)?;
            (Some(plan), warnings)
        }
        Err(errors) => (None, errors),
    };
    let findings = findings.and(lint_unread(unread_files(&arguments.rules)?));
    Report { rules: &arguments.rules, plan: plan.as_ref(), findings: &findings }.write(arguments.format)?;
    Ok(report::exit(&findings, arguments.strict))
}

/// The findings in rules that can be used, and in the scenarios beside them.
fn lint_all(plan: &Plan, rules: &Rules) -> Result<Diagnostics, LoadError> {
    Ok(lint(plan).and(lint_scenarios(plan, scenario_files::texts(rules)?)))
}

/// The files in the folder that look like rule files but are not read, because of their names.
fn unread_files(rules: &Rules) -> Result<Vec<Source>, LoadError> {
    let Some(folder) = &rules.folder else { return Ok(Vec::new()) };
    let mut files = Vec::new();
    for path in every_file(folder)? {
        let name = relative(folder, &path);
        if is_likely_rule_file(&name) {
            let bytes = fs::read(&path).map_err(|source| LoadError::Read { path: path.clone(), source })?;
            files.push(Source::new(name, String::from_utf8_lossy(&bytes)));
        }
    }
    Ok(files)
}

/// Shows the page of a finding.
fn explain(name: &str) -> Result<Exit, Failure> {
    let Some(code) = Code::named(name) else {
        return Err(Failure::Arguments(report::no_such_code(name)));
    };
    let mut out = terminal::stdout();
    out.write_all(code.page().as_bytes())?;
    out.flush()?;
    Ok(Exit::Fine)
}
