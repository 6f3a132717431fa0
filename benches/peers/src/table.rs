//! The comparison: first all engines must agree, then they are timed in turn.

use std::fmt::Write;

use crate::engine::{Engine, InputForm, Verdict, Workload};

/// An engine in the table
pub(crate) struct Row<'p> {
    pub(crate) engine: Box<dyn Engine + 'p>,
    /// The engine is timed on every `step`th request, so that a slow engine does not make a run long.
    pub(crate) step: usize,
    /// Whether it gives the rule, or the attribute and the code.
    is_detailed: bool,
    /// `times[form]` are the nanoseconds per decision of each round.
    times: [Vec<f64>; InputForm::ALL.len()],
}

impl<'p> Row<'p> {
    pub(crate) fn new(engine: impl Engine + 'p, step: usize) -> Self {
        Self { engine: Box::new(engine), step, is_detailed: false, times: Default::default() }
    }
}

/// The first request for which an engine does not give the expected answer, in any of the three forms.
///
/// Each engine decides every request, or with `sampled` only those on which it is timed.
pub(crate) fn first_difference(
    rows: &mut [Row<'_>],
    workload: &Workload<'_>,
    expected: &[Verdict<'_>],
    sampled: bool,
) -> Option<String> {
    rows.iter_mut().find_map(|row| {
        row.engine.prepare(&workload.messages);
        let step = if sampled { row.step } else { 1 };
        (0..workload.messages.len()).step_by(step).find_map(|index| {
            let name = row.engine.name();
            InputForm::ALL.into_iter().find_map(|form| {
                let answer = match form {
                    InputForm::Prebuilt => row.engine.prebuilt(index),
                    InputForm::Strings => row.engine.strings(&workload.messages[index]),
                    InputForm::Json => row.engine.json(&workload.lines[index]),
                };
                row.is_detailed |= answer.is_detailed();
                (!answer.agrees(&expected[index])).then(|| {
                    let line = &workload.lines[index];
                    format!("{name} ({form:?}): {answer:?}\nexpected: {:?}\nrequest: {line}", expected[index])
                })
            })
        })
    })
}

/// Times all engines. In each round, every engine decides its requests once in each form; each round starts with
/// another engine.
pub(crate) fn time(rows: &mut [Row<'_>], workload: &Workload<'_>, rounds: usize) {
    for round in 0..rounds {
        for turn in 0..rows.len() {
            let index = (turn + round) % rows.len();
            let row = &mut rows[index];
            for (form, times) in InputForm::ALL.into_iter().zip(&mut row.times) {
                let decided = workload.messages.len().div_ceil(row.step);
                times.push(row.engine.pass(form, workload, row.step).as_nanos() as f64 / decided as f64);
            }
        }
    }
}

/// The medians as a table in Markdown, with their ratios to the row named `baseline`
pub(crate) fn markdown(rows: &[Row<'_>], baseline: &str, requests: usize) -> String {
    let base = rows.iter().find(|row| row.engine.name() == baseline).unwrap();
    let mut text = String::from(
        "| engine | answers | requests per round | prebuilt | from strings | from JSON |\n|---|---|---:|---:|---:|---:|\n",
    );
    for row in rows {
        let answers = if row.is_detailed { "decision, attribute, code" } else { "permit or refuse" };
        let decided = requests.div_ceil(row.step);
        let _ = write!(text, "| {} | {answers} | {decided} |", row.engine.name());
        for (times, base) in row.times.iter().zip(&base.times) {
            let (time, base) = (median(times), median(base));
            let _ = write!(text, " {} ({}×) |", grouped(time), ratio(time / base));
        }
        text.push('\n');
    }
    text
}

/// How far the medians are above the fastest rounds, at most: a measure of what else ran on the machine
pub(crate) fn noise(rows: &[Row<'_>]) -> String {
    let above = |times: &Vec<f64>| median(times) / times.iter().copied().fold(f64::INFINITY, f64::min);
    let worst = rows.iter().flat_map(|row| row.times.iter().map(above)).fold(1.0, f64::max);
    format!("Medians are at most {:.0} % above the fastest round of the same cell.", (worst - 1.0) * 100.0)
}

fn median(times: &[f64]) -> f64 {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Nanoseconds, with spaces between thousands
fn grouped(time: f64) -> String {
    if time < 100.0 {
        return format!("{time:.1} ns");
    }
    let digits = format!("{time:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            text.push(' ');
        }
        text.push(digit);
    }
    format!("{text} ns")
}

fn ratio(ratio: f64) -> String {
    if ratio < 10.0 { format!("{ratio:.1}") } else { format!("{ratio:.0}") }
}
