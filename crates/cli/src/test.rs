//! `meterwarden test`

mod junit;
mod measurements;
mod watch;

use std::io::{self, Write};

use meterwarden::{Plan, Policy};
use meterwarden_analysis::UnknownService;
use meterwarden_authoring::scenario::{Failed, Filter, Report, Results, ScenarioFile, run_all};

use crate::args::{ReportFormat, Test};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::limits::FAILURES_OF_EACH;
use crate::scenario_files::{ScenarioFiles, threads};
use crate::terminal::{escape_controls, one_line};
use crate::versions::policy;
use crate::{json, terminal};
use measurements::Measurements;

/// Runs the scenarios and shows the cases that fail; with `--watch`, again after each change.
pub(crate) fn run(arguments: &Test) -> Result<Exit, Failure> {
    match &arguments.rules.folder {
        Some(folder) if arguments.watch => watch::run(folder, || run_once(arguments)),
        _ => run_once(arguments),
    }
}

fn run_once(arguments: &Test) -> Result<Exit, Failure> {
    let plan = policy::plan(&arguments.rules)?;
    let ScenarioFiles { mut files, errors } = ScenarioFiles::read(&arguments.rules, plan.policy())?;
    if !errors.is_empty() {
        errors.iter().for_each(terminal::error);
        return Ok(Exit::Unusable);
    }
    let filter = filter(arguments, plan.policy())?;
    filter.apply(&mut files);
    if files.is_empty() {
        return Err(Failure::NoScenario(no_scenario(arguments)));
    }
    if arguments.list {
        list(&files)?;
        return Ok(Exit::Fine);
    }
    let reports = run_all(&plan, &files, threads());
    let measurements = Measurements::of(&arguments.measures, &plan, &files, &filter);
    show(arguments, &plan, &files, &reports, &measurements)?;
    let failed = reports.iter().any(|report| !report.failed.is_empty());
    let below = measurements.is_below(&arguments.measures.min);
    Ok(if failed || below { Exit::Refused } else { Exit::Fine })
}

/// The filter in the words of the arguments.
fn argument_filter(arguments: &Test) -> Filter {
    let Test { texts, service, file, .. } = arguments;
    Filter { texts: texts.clone(), services: service.clone(), files: file.clone() }
}

/// The filter with the names of services in place of families and tags.
fn filter(arguments: &Test, policy: &Policy) -> Result<Filter, UnknownService> {
    let filter = argument_filter(arguments);
    if filter.services.is_empty() {
        return Ok(filter);
    }
    let services = meterwarden_analysis::selected(policy, &filter.services)?;
    Ok(Filter { services: services.iter().map(|service| service.name.clone()).collect(), ..filter })
}

fn no_scenario(arguments: &Test) -> String {
    let place = match &arguments.rules.folder {
        Some(folder) => format!("`{}`", folder.display()),
        None => policy::name_with_hint(&arguments.rules),
    };
    let filter = argument_filter(arguments);
    if filter == Filter::default() {
        return format!("{place} has no scenarios: the names of their files end in `.scenarios.yaml`");
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
    measurements: &Measurements,
) -> io::Result<()> {
    let mut out = terminal::stdout();
    match arguments.format {
        ReportFormat::Human => {
            write_human(&mut out, arguments, reports)?;
            measurements.write_human(&mut out, arguments.verbose)?;
        }
        ReportFormat::Json => {
            let results = Results::of(plan.policy().fingerprint(), files, reports);
            json::write(&measurements.with_results(&results), &mut out)?;
        }
        ReportFormat::Junit => junit::write(&mut out, &arguments.rules, files, reports)?,
    }
    out.flush()
}

/// Writes the failures, and how many cases passed and failed.
fn write_human(out: &mut impl Write, arguments: &Test, reports: &[Report]) -> io::Result<()> {
    writeln!(out, "scenarios of {}", policy::name_with_hint(&arguments.rules))?;
    for report in reports {
        for failures in report.failed.chunk_by(|left, right| left.place == right.place) {
            write_failures(out, failures, arguments.verbose)?;
        }
    }
    if arguments.verbose {
        for report in reports {
            writeln!(out, "{}: {}", report.path, tally(std::slice::from_ref(report)))?;
        }
    }
    writeln!(out, "{}", tally(reports))
}

/// Writes the failures of one place in a file, which are several if it is an `each`: the first with its reasons, the
/// others in short.
fn write_failures(out: &mut impl Write, failures: &[Failed], verbose: bool) -> io::Result<()> {
    let shown = if verbose { failures.len() } else { failures.len().min(FAILURES_OF_EACH) };
    for (index, failure) in failures.iter().take(shown).enumerate() {
        let text = if index == 0 || verbose { failure.to_string() } else { failure.brief() };
        writeln!(out, "{}\n", escape_controls(&text))?;
    }
    match failures.get(shown) {
        Some(next) => {
            let left = failures.len() - shown;
            writeln!(out, "{}: {left} more of this `each` failed; --verbose shows them\n", next.place)
        }
        None => Ok(()),
    }
}

/// `867 passed, 1 failed`
fn tally(reports: &[Report]) -> String {
    let passed: usize = reports.iter().map(|report| report.passed).sum();
    let failed: usize = reports.iter().map(|report| report.failed.len()).sum();
    format!("{passed} passed, {failed} failed")
}
