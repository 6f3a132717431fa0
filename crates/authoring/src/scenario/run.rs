//! Runs cases: decides the request of each, and compares the decision with what the case expects.

use std::num::NonZeroUsize;

use super::{Case, Failed, Report, ScenarioFile, vocabulary};
use meterwarden::base::parallel;
use meterwarden::plan::Plan;

/// Runs every case of a file.
pub fn run(plan: &Plan, file: &ScenarioFile) -> Report {
    let mut report = Report::of(file);
    for (index, case) in file.cases.iter().enumerate() {
        report.add(run_case(plan, file, index, case));
    }
    report
}

/// Runs every case of several files on at most `threads` threads. The reports are those of [`run`], in the order of the
/// files.
pub fn run_all(plan: &Plan, files: &[ScenarioFile], threads: NonZeroUsize) -> Vec<Report> {
    let cases: Vec<(usize, usize)> = files
        .iter()
        .enumerate()
        .flat_map(|(file_index, file)| (0..file.cases.len()).map(move |case_index| (file_index, case_index)))
        .collect();
    let results = parallel::map(&cases, threads, |(file_index, case_index)| {
        let file = &files[*file_index];
        run_case(plan, file, *case_index, &file.cases[*case_index])
    });
    let mut reports: Vec<_> = files.iter().map(Report::of).collect();
    for ((file_index, _), failed) in cases.iter().zip(results) {
        if let Some(report) = reports.get_mut(*file_index) {
            report.add(failed);
        }
    }
    reports
}

/// Runs one case. `None` if it passes.
fn run_case(plan: &Plan, file: &ScenarioFile, index: usize, case: &Case) -> Option<Failed> {
    let failed = |got: String, because: String| Failed {
        case: index,
        place: format!("{}:{}", file.path, case.line),
        name: case.name.clone(),
        expected: case.expected.to_string(),
        got,
        because,
    };
    match plan.decide(&case.request) {
        Ok(decision) if case.expected.is(&decision) => None,
        Ok(decision) => {
            let explanation = meterwarden_analysis::explain(plan, &case.request);
            let explanation = explanation.map_or_else(|_| String::new(), |found| found.to_string());
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
