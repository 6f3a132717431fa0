//! Writes answers to standard output, for people or for programs.

use std::io::{self, BufWriter, StdoutLock, Write};

use meterwarden::{Date, Decision, Outcome};
use serde::Serialize;

use crate::args::Format;
use crate::exit::Exit;
use crate::receipt::Receipt;
use crate::terminal::{self, Colour, escape_controls, one_line, painted};

use super::answer::{Answer, InputError, Subject, Verdict};

/// The output, and what has been written so far.
pub(super) struct AnswerWriter {
    out: BufWriter<StdoutLock<'static>>,
    format: Format,
    colour: bool,
    receipt: Receipt,
    /// The policy as a person calls it.
    policy: String,
    /// The name of the current input, if there are several.
    input: Option<String>,
    /// The date that was written last for a person.
    written_date: Option<Date>,
    /// Whether an earlier input has been written.
    begun: bool,
    /// The highest exit code so far.
    exit: Exit,
}

/// An answer for programs, with the input that it belongs to.
#[derive(Serialize)]
struct Record<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    input: Option<&'a str>,
    #[serde(flatten)]
    answer: &'a Answer<'a>,
}

impl AnswerWriter {
    pub(super) fn new(format: Format, receipt: Receipt, policy: String) -> Self {
        let (out, colour) = (terminal::stdout(), terminal::colour_of_answers());
        Self {
            out,
            format,
            colour,
            receipt,
            policy,
            input: None,
            written_date: None,
            begun: false,
            exit: Exit::default(),
        }
    }

    /// Begins the next of several inputs.
    pub(super) fn begin(&mut self, input: &str) -> io::Result<()> {
        if self.format == Format::Human {
            let gap = if self.begun { "\n" } else { "" };
            writeln!(self.out, "{gap}{}", escape_controls(input))?;
        }
        (self.input, self.written_date, self.begun) = (Some(input.to_owned()), None, true);
        Ok(())
    }

    /// Writes an answer.
    pub(super) fn write(&mut self, answer: &Answer<'_>) -> io::Result<()> {
        self.exit = self.exit.max(answer.verdict.exit());
        match (self.format, &answer.subject, &answer.verdict) {
            (Format::Json, _, _) => self.write_record(answer),
            (Format::Human, Subject::Input {}, Verdict::Error(error)) => self.write_error(error),
            (Format::Human, _, _) => self.write_text(answer),
        }
    }

    /// Sends what has been written, so that a program that waits for each answer before its next question gets it.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// Ends the output; returns the highest exit code of all answers.
    pub(super) fn end(mut self) -> io::Result<Exit> {
        self.flush()?;
        Ok(self.exit)
    }

    fn write_record(&mut self, answer: &Answer<'_>) -> io::Result<()> {
        let record = Record { input: self.input.as_deref(), answer };
        serde_json::to_writer(&mut self.out, &record)?;
        self.out.write_all(b"\n")
    }

    /// An input that cannot be used as a whole goes to standard error.
    fn write_error(&mut self, error: &InputError) -> io::Result<()> {
        self.flush()?;
        terminal::error(&one_line(&format!("{}{}", error.place(), error.error)));
        Ok(())
    }

    fn write_text(&mut self, answer: &Answer<'_>) -> io::Result<()> {
        let is_explanation = matches!(answer.verdict, Verdict::Explanation(_));
        if is_explanation && self.written_date.is_some() {
            writeln!(self.out)?;
        }
        if let Some(date) = answer.verdict.date().filter(|date| self.written_date != Some(*date)) {
            self.written_date = Some(date);
            self.write_date(date)?;
        }
        let gutter = match answer.subject {
            Subject::Number { number } => format!("{number:>4}  "),
            Subject::Input {} | Subject::Device { .. } => String::new(),
        };
        if let Subject::Device { device, detail, role, .. } = &answer.subject {
            let device = device.map_or("no device".to_owned(), |device| format!("device {device}"));
            let detail = detail.as_ref().map_or(String::new(), |detail| format!(", {detail}"));
            let role = role.as_ref().map_or(String::new(), |role| format!(", sent as {role}"));
            writeln!(self.out, "{device}{detail}{role}")?;
        }
        let blank = " ".repeat(gutter.len());
        for (index, line) in self.verdict_text(&answer.verdict).trim_end().lines().enumerate() {
            let margin = match index {
                0 => gutter.as_str(),
                _ if line.is_empty() => "",
                _ => blank.as_str(),
            };
            writeln!(self.out, "{margin}{line}")?;
        }
        Ok(())
    }

    /// The date of receipt and the policy of the answers that follow.
    fn write_date(&mut self, date: Date) -> io::Result<()> {
        if self.receipt.is_today(date) {
            writeln!(self.out, "as received today, {date} (for another date, use --at)")?;
        } else {
            writeln!(self.out, "as received on {date}")?;
        }
        writeln!(self.out, "by {}", self.policy)
    }

    /// The verdict in words; its first word is in colour.
    fn verdict_text(&self, verdict: &Verdict<'_>) -> String {
        let (text, colour) = match verdict {
            Verdict::Decision(decision) => (decision_text(decision), colour(&decision.outcome)),
            Verdict::Explanation(explanation) => {
                (explanation.to_string(), colour(&explanation.decision().outcome))
            }
            Verdict::Error(error) => {
                (format!("error: {}{}", column(error), one_line(&error.error)), Colour::Red)
            }
        };
        let text = escape_controls(&text);
        let (word, rest) = text.split_at(text.find([' ', ':']).unwrap_or(text.len()));
        format!("{}{rest}", painted(word, self.colour.then_some(colour)))
    }
}

/// The column within a line; the number of the line is in the margin.
fn column(error: &InputError) -> String {
    error.column.map_or(String::new(), |column| format!("column {column}: "))
}

fn decision_text(decision: &Decision<'_>) -> String {
    match &decision.outcome {
        Outcome::Undetermined { permitted_when, .. } => {
            format!("{decision}\n  permitted when {permitted_when}")
        }
        Outcome::Permit { .. } | Outcome::Refuse(_) => decision.to_string(),
    }
}

fn colour(outcome: &Outcome<'_>) -> Colour {
    match outcome {
        Outcome::Permit { .. } => Colour::Green,
        Outcome::Refuse(_) => Colour::Red,
        Outcome::Undetermined { .. } => Colour::Yellow,
    }
}
