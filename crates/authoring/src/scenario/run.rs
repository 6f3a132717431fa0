//! The run over cases: each is decided, and compared with what it expects.

use std::num::NonZeroUsize;

use super::{Case, Failed, Report, ScenarioFile, vocabulary};
use meterwarden::base::parallel;
use meterwarden::plan::Plan;

/// Decides every case of a file.
pub fn run(plan: &Plan, file: &ScenarioFile) -> Report {
    let mut report = Report::of(file);
    for (nth, case) in file.cases.iter().enumerate() {
        report.add(tried(plan, file, nth, case));
    }
    report
}

/// Decides every case of several files on so many threads. The reports are those of [`run`], in the order of the files.
pub fn run_all(plan: &Plan, files: &[ScenarioFile], threads: NonZeroUsize) -> Vec<Report> {
    let cases: Vec<_> = files.iter().enumerate().flat_map(|(at, file)| cases(at, file)).collect();
    let tried = parallel::map(&cases, threads, |(_, file, nth, case)| tried(plan, file, *nth, case));
    let mut reports: Vec<_> = files.iter().map(Report::of).collect();
    for ((at, ..), failed) in cases.iter().zip(tried) {
        if let Some(report) = reports.get_mut(*at) {
            report.add(failed);
        }
    }
    reports
}

/// The cases of a file, each with the places of the file and of the case.
fn cases(at: usize, file: &ScenarioFile) -> impl Iterator<Item = (usize, &ScenarioFile, usize, &Case)> {
    file.cases.iter().enumerate().map(move |(nth, case)| (at, file, nth, case))
}

/// What a case got and why, where that is not what it expects.
fn tried(plan: &Plan, file: &ScenarioFile, nth: usize, case: &Case) -> Option<Failed> {
    let failed = |got: String, because: String| Failed {
        case: nth,
        place: format!("{}:{}", file.path, case.line),
        name: case.name.clone(),
        expected: case.expected.to_string(),
        got,
        because,
    };
    match plan.decide(&case.request) {
        Ok(decision) if case.expected.is(&decision) => None,
        Ok(decision) => {
            let explained = meterwarden_analysis::explain(plan, &case.request);
            let explanation = explained.map_or_else(|_| String::new(), |found| found.to_string());
            Some(failed(decision.to_string(), nearest_only(&explanation)))
        }
        Err(error) => Some(failed(vocabulary::message(&error), String::new())),
    }
}

/// An explanation without its first line, which is the decision, and without the further permits.
fn nearest_only(explanation: &str) -> String {
    let paragraphs = explanation.split("\n\n").filter(|text| !text.starts_with("further permit"));
    let kept = paragraphs.collect::<Vec<_>>().join("\n\n");
    kept.split_once('\n').map_or_else(String::new, |(_, rest)| rest.trim_end().to_owned())
}
