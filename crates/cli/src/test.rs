//! `meterwarden test`

use std::io::{self, Write};

use meterwarden::{Plan, Policy};
use meterwarden_analysis::UnknownService;
use meterwarden_authoring::scenario::{Failed, Filter, Report, Results, ScenarioFile, run_all};

use crate::args::{ReportFormat, Test};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::measured::Measured;
use crate::scenarios::{Scenarios, threads};
use crate::terminal::{calm, one_line};
use crate::{junit, policy, terminal, watch};

/// Runs the scenarios, and shows those that did not get what they expect.
pub(crate) fn run(arguments: &Test) -> Result<Exit, Failure> {
    match &arguments.rules.folder {
        Some(folder) if arguments.watch => watch::run(folder, || once(arguments)),
        _ => once(arguments),
    }
}

fn once(arguments: &Test) -> Result<Exit, Failure> {
    let plan = policy::plan(&arguments.rules)?;
    let Scenarios { mut files, unusable } = Scenarios::read(&arguments.rules, plan.policy())?;
    if !unusable.is_empty() {
        unusable.iter().for_each(terminal::error);
        return Ok(Exit::Unusable);
    }
    let filter = filter(arguments, plan.policy())?;
    filter.apply(&mut files);
    if files.is_empty() {
        return Err(Failure::NoScenario(none(arguments)));
    }
    if arguments.list {
        list(&files)?;
        return Ok(Exit::Fine);
    }
    let reports = run_all(&plan, &files, threads());
    let measured = Measured::of(&arguments.measures, &plan, &files, &filter);
    show(arguments, &plan, &files, &reports, &measured)?;
    let failed = reports.iter().any(|report| !report.failed.is_empty());
    let below = measured.is_below(&arguments.measures.min);
    Ok(if failed || below { Exit::Refused } else { Exit::Fine })
}

/// As the arguments say it.
fn said(arguments: &Test) -> Filter {
    let Test { texts, service, file, .. } = arguments;
    Filter { texts: texts.clone(), services: service.clone(), files: file.clone() }
}

/// The same with the services themselves in place of families and tags.
fn filter(arguments: &Test, policy: &Policy) -> Result<Filter, UnknownService> {
    let said = said(arguments);
    if said.services.is_empty() {
        return Ok(said);
    }
    let services = meterwarden_analysis::selected(&policy, &said.services)?;
    Ok(Filter { services: services.iter().map(|service| service.name.clone()).collect(), ..said })
}

fn none(arguments: &Test) -> String {
    let folder = arguments.rules.folder.as_ref();
    let place =
        folder.map_or_else(|| policy::named(&arguments.rules), |folder| format!("`{}`", folder.display()));
    let filter = said(arguments);
    if filter == Filter::default() {
        return format!("{place} holds no scenarios: the names of their files end in `.scenarios.yaml`");
    }
    format!("no scenario of {place} {filter}")
}

fn list(files: &[ScenarioFile]) -> io::Result<()> {
    let mut out = terminal::stdout();
    for file in files {
        for case in &file.cases {
            writeln!(out, "{}", one_line(&format!("{}:{}: {}", file.path, case.line, case.name)))?;
        }
    }
    out.flush()
}

fn show(
    arguments: &Test,
    plan: &Plan,
    files: &[ScenarioFile],
    reports: &[Report],
    measured: &Measured,
) -> io::Result<()> {
    let mut out = terminal::stdout();
    match arguments.format {
        ReportFormat::Human => {
            people(&mut out, arguments, reports)?;
            measured.people(&mut out, arguments.verbose)?;
        }
        ReportFormat::Json => {
            let results = Results::of(plan.policy().fingerprint(), files, reports);
            serde_json::to_writer_pretty(&mut out, &measured.beside(&results))?;
            writeln!(out)?;
        }
        ReportFormat::Junit => junit::write(&mut out, &arguments.rules, files, reports)?,
    }
    out.flush()
}

/// The failures and how many there are.
fn people(out: &mut impl Write, arguments: &Test, reports: &[Report]) -> io::Result<()> {
    writeln!(out, "scenarios of {}", policy::named(&arguments.rules))?;
    for report in reports {
        for of_one_case in report.failed.chunk_by(|one, other| one.place == other.place) {
            failures(out, of_one_case, arguments.verbose)?;
        }
    }
    if arguments.verbose {
        for report in reports {
            writeln!(out, "{}: {}", report.path, counted(std::slice::from_ref(report)))?;
        }
    }
    writeln!(out, "{}", counted(reports))
}

/// How many failures of one `each` are shown. All of them would hide those of other cases.
const MOST: usize = 10;

/// The failures of one case of the text; of an `each` the first says why.
fn failures(out: &mut impl Write, failed: &[Failed], verbose: bool) -> io::Result<()> {
    let shown = if verbose { failed.len() } else { failed.len().min(MOST) };
    for (nth, one) in failed.iter().take(shown).enumerate() {
        let text = if nth == 0 || verbose { one.to_string() } else { one.brief() };
        writeln!(out, "{}\n", calm(&text))?;
    }
    match failed.get(shown) {
        Some(next) => {
            let left = failed.len() - shown;
            writeln!(out, "{}: {left} more of this `each` failed; --verbose shows them\n", next.place)
        }
        None => Ok(()),
    }
}

/// `867 passed, 1 failed`
fn counted(reports: &[Report]) -> String {
    let passed: usize = reports.iter().map(|report| report.passed).sum();
    let failed: usize = reports.iter().map(|report| report.failed.len()).sum();
    format!("{passed} passed, {failed} failed")
}
