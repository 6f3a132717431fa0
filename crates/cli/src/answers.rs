//! Answers to standard output, for people or for programs.

use std::io::{self, BufWriter, StdoutLock, Write};

use meterwarden::{Date, Decision, Outcome};
use serde::Serialize;

use crate::answer::{About, Answer, Unusable, Verdict};
use crate::args::Format;
use crate::exit::Exit;
use crate::receipt::Receipt;
use crate::terminal::{self, Colour, calm, one_line, painted};

/// Where the answers go, and what has been said so far.
pub(crate) struct Answers {
    out: BufWriter<StdoutLock<'static>>,
    format: Format,
    colour: bool,
    receipt: Receipt,
    /// The policy as a person calls it.
    policy: String,
    /// The input that is being answered, where there are several.
    input: Option<String>,
    /// The date that a person has been told last.
    told: Option<Date>,
    begun: bool,
    exit: Exit,
}

/// An answer and the input it belongs to.
#[derive(Serialize)]
struct Record<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    input: Option<&'a str>,
    #[serde(flatten)]
    answer: &'a Answer<'a>,
}

impl Answers {
    pub(crate) fn new(format: Format, receipt: Receipt, policy: String) -> Self {
        let (out, colour) = (terminal::stdout(), terminal::colour_of_answers());
        Self {
            out,
            format,
            colour,
            receipt,
            policy,
            input: None,
            told: None,
            begun: false,
            exit: Exit::default(),
        }
    }

    /// Begins the next of several inputs.
    pub(crate) fn begin(&mut self, input: &str) -> io::Result<()> {
        if self.format == Format::Human {
            let gap = if self.begun { "\n" } else { "" };
            writeln!(self.out, "{gap}{}", calm(input))?;
        }
        (self.input, self.told, self.begun) = (Some(input.to_owned()), None, true);
        Ok(())
    }

    /// Writes an answer.
    pub(crate) fn give(&mut self, answer: &Answer<'_>) -> io::Result<()> {
        self.exit = self.exit.max(answer.verdict.exit());
        match (self.format, &answer.about, &answer.verdict) {
            (Format::Json, _, _) => self.record(answer),
            (Format::Human, About::Input {}, Verdict::Unusable(wrong)) => self.aside(wrong),
            (Format::Human, _, _) => self.page(answer),
        }
    }

    /// Sends on what has been written, so that whoever asked one question at a time is not kept waiting.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// The end of all answers.
    pub(crate) fn end(mut self) -> io::Result<Exit> {
        self.flush()?;
        Ok(self.exit)
    }

    fn record(&mut self, answer: &Answer<'_>) -> io::Result<()> {
        let record = Record { input: self.input.as_deref(), answer };
        serde_json::to_writer(&mut self.out, &record)?;
        self.out.write_all(b"\n")
    }

    /// A file that cannot be used is no answer: a person reads of it among the errors.
    fn aside(&mut self, unusable: &Unusable) -> io::Result<()> {
        self.flush()?;
        terminal::error(&one_line(&format!("{}{}", unusable.place(), unusable.error)));
        Ok(())
    }

    fn page(&mut self, answer: &Answer<'_>) -> io::Result<()> {
        let explains = matches!(answer.verdict, Verdict::Explanation(_));
        if explains && self.told.is_some() {
            writeln!(self.out)?;
        }
        if let Some(at) = answer.verdict.at().filter(|at| self.told != Some(*at)) {
            self.told = Some(at);
            self.date(at)?;
        }
        let gutter = match answer.about {
            About::Number { number } => format!("{number:>4}  "),
            About::Input {} | About::Device { .. } => String::new(),
        };
        if let About::Device { device, role } = &answer.about {
            let device = device.map_or("no device".to_owned(), |device| format!("device {device}"));
            let role = role.as_ref().map_or(String::new(), |role| format!(", sent as {role}"));
            writeln!(self.out, "{device}{role}")?;
        }
        for (nth, line) in self.text(&answer.verdict).trim_end().lines().enumerate() {
            let margin = if nth == 0 || line.is_empty() { "" } else { &" ".repeat(gutter.len()) };
            writeln!(self.out, "{}{margin}{line}", if nth == 0 { &gutter } else { "" })?;
        }
        Ok(())
    }

    /// Which law it is, for the answers that follow.
    fn date(&mut self, at: Date) -> io::Result<()> {
        if self.receipt.is_today(at) {
            writeln!(self.out, "as received today, {at} (say --at to decide for another date)")?;
        } else {
            writeln!(self.out, "as received on {at}")?;
        }
        writeln!(self.out, "by {}", self.policy)
    }

    /// The answer in words, the verdict in colour.
    fn text(&self, verdict: &Verdict<'_>) -> String {
        let (text, colour) = match verdict {
            Verdict::Decision(decision) => (in_words(decision), colour(&decision.outcome)),
            Verdict::Explanation(reasons) => (reasons.to_string(), colour(&reasons.decision().outcome)),
            Verdict::Unusable(wrong) => {
                (format!("error: {}{}", column(wrong), one_line(&wrong.error)), Colour::Red)
            }
        };
        let text = calm(&text);
        let (word, rest) = text.split_at(text.find([' ', ':']).unwrap_or(text.len()));
        format!("{}{rest}", painted(word, self.colour.then_some(colour)))
    }
}

/// The place within the line, whose number stands beside it.
fn column(unusable: &Unusable) -> String {
    unusable.column.map_or(String::new(), |column| format!("column {column}: "))
}

fn in_words(decision: &Decision<'_>) -> String {
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
