//! Engines side by side: first they have to agree, then they are timed in turn.

use std::fmt::Write;

use crate::engine::{Asked, Engine, Verdict, Way};

/// An engine in the table.
pub(crate) struct Row<'p> {
    pub(crate) engine: Box<dyn Engine + 'p>,
    /// It is timed on every so manieth request: 1 for all of them. A slow one would keep the others waiting.
    pub(crate) step: usize,
    whole: bool,
    /// `times[way]` are the nanoseconds a decision of each round.
    times: [Vec<f64>; Way::ALL.len()],
}

impl<'p> Row<'p> {
    pub(crate) fn new(engine: impl Engine + 'p, step: usize) -> Self {
        Self { engine: Box::new(engine), step, whole: false, times: Default::default() }
    }
}

/// The first request to which an engine answers otherwise than it should, in any of the three ways.
///
/// Each is asked every request, or with `sampled` only those on which it is timed.
pub(crate) fn first_difference(
    rows: &mut [Row<'_>],
    asked: &Asked<'_>,
    expected: &[Verdict<'_>],
    sampled: bool,
) -> Option<String> {
    rows.iter_mut().find_map(|row| {
        row.engine.prepare(&asked.messages);
        let step = if sampled { row.step } else { 1 };
        (0..asked.messages.len()).step_by(step).find_map(|nth| {
            let name = row.engine.name();
            Way::ALL.into_iter().find_map(|way| {
                let answer = match way {
                    Way::Prebuilt => row.engine.prebuilt(nth),
                    Way::Strings => row.engine.strings(&asked.messages[nth]),
                    Way::Json => row.engine.json(&asked.lines[nth]),
                };
                row.whole |= answer.is_whole();
                (!answer.agrees(&expected[nth])).then(|| {
                    let line = &asked.lines[nth];
                    format!("{name} ({way:?}): {answer:?}\nexpected: {:?}\nrequest: {line}", expected[nth])
                })
            })
        })
    })
}

/// Times all engines in so many rounds; in each, every engine decides its requests once in every way, and another begins.
pub(crate) fn time(rows: &mut [Row<'_>], asked: &Asked<'_>, rounds: usize) {
    for round in 0..rounds {
        for turn in 0..rows.len() {
            let nth = (turn + round) % rows.len();
            let row = &mut rows[nth];
            for (way, times) in Way::ALL.into_iter().zip(&mut row.times) {
                let decided = asked.messages.len().div_ceil(row.step);
                times.push(row.engine.pass(way, asked, row.step).as_nanos() as f64 / decided as f64);
            }
        }
    }
}

/// The medians as a table in Markdown; the ratio is to the row called `against`.
pub(crate) fn markdown(rows: &[Row<'_>], against: &str, requests: usize) -> String {
    let base = rows.iter().find(|row| row.engine.name() == against).unwrap();
    let mut text = String::from(
        "| engine | answers | requests a round | prebuilt | from strings | from JSON |\n|---|---|---:|---:|---:|---:|\n",
    );
    for row in rows {
        let answers = if row.whole { "decision, attribute, code" } else { "permit or refuse" };
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

/// How far the medians lie above the quietest rounds, at worst: what else ran on the machine shows here.
pub(crate) fn unrest(rows: &[Row<'_>]) -> String {
    let above = |times: &Vec<f64>| median(times) / times.iter().copied().fold(f64::INFINITY, f64::min);
    let worst = rows.iter().flat_map(|row| row.times.iter().map(above)).fold(1.0, f64::max);
    format!("Medians lie at most {:.0} % above the quietest round of the same cell.", (worst - 1.0) * 100.0)
}

fn median(times: &[f64]) -> f64 {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Nanoseconds, with spaces between thousands.
fn grouped(time: f64) -> String {
    if time < 100.0 {
        return format!("{time:.1} ns");
    }
    let digits = format!("{time:.0}");
    let mut text = String::new();
    for (nth, digit) in digits.chars().enumerate() {
        if nth > 0 && (digits.len() - nth) % 3 == 0 {
            text.push(' ');
        }
        text.push(digit);
    }
    format!("{text} ns")
}

fn ratio(ratio: f64) -> String {
    if ratio < 10.0 { format!("{ratio:.1}") } else { format!("{ratio:.0}") }
}
