//! Inputs to answers: what `decide` and `explain` share.

mod answer;
mod request_seed;
mod input;
mod lines;
mod message;
mod request_file;
mod writer;

use std::path::Path;
use std::{fmt, io};

use meterwarden::{Plan, Request};
use meterwarden_analysis::Explanation;
use meterwarden_analysis::counterfactual::{Changing, CounterfactualError};
use meterwarden_duis::FileInventory;

use crate::args::Decide;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::limits;
use crate::receipt::Receipt;
use crate::versions::loaded::load_any;
use answer::{Answer, InputError, Subject, Verdict};
use input::{Input, InputKind, InputText};
use lines::{Line, Lines};
use request_seed::RequestSeed;
use writer::AnswerWriter;

/// What is asked about each request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    /// The decision
    Decision,
    /// The decision, why, and the least change of these attributes that would have the request permitted
    Explanation(Changing),
}

/// Answers every input, in order.
pub(crate) fn answer(arguments: &Decide, question: Question) -> Result<Exit, Failure> {
    let (policy_name, plan) = load_any(&arguments.rules)?;
    let receipt = Receipt::new(arguments.at, plan.policy().clock());
    if let Question::Explanation(changing) = &question {
        changing.check(plan.policy())?;
    }
    let inventory = message::inventory(&arguments.inventory, plan.policy())?;
    let answers = AnswerWriter::new(arguments.format, receipt, policy_name);
    let mut session = Session { plan: &plan, inventory, receipt, question, answers };
    for path in &arguments.inputs {
        let file = path.to_string_lossy();
        if arguments.inputs.len() > 1 {
            session.answers.begin(&file)?;
        }
        session.answer_input(path, &file)?;
    }
    Ok(session.answers.end()?)
}

struct Session<'p> {
    plan: &'p Plan,
    inventory: Option<FileInventory>,
    receipt: Receipt,
    question: Question,
    answers: AnswerWriter,
}

/// The outer error: the answers cannot be written, which ends the command. The inner error: the input cannot be used.
type InputResult = io::Result<Result<(), InputError>>;

impl<'p> Session<'p> {
    fn answer_input(&mut self, path: &Path, file: &str) -> io::Result<()> {
        let result = match input::open(path) {
            Ok(Input { kind: InputKind::Lines, mut text }) => self.answer_lines(&mut *text)?,
            Ok(Input { kind, mut text }) => match input::read_all(&mut *text) {
                Ok(text) => self.answer_file(file, kind, &text)?,
                Err(error) => Err(unreadable(&error)),
            },
            Err(error) => Err(unreadable(&error)),
        };
        let Err(error) = result else { return Ok(()) };
        let verdict = Verdict::Error(InputError { file: Some(file.to_owned()), ..error });
        self.answers.write(&Answer { subject: Subject::Input {}, verdict })
    }

    /// Answers a file that holds one message, or one request or several.
    fn answer_file(&mut self, file: &str, kind: InputKind, text: &[u8]) -> InputResult {
        let requests = match kind {
            InputKind::Duis => return self.answer_message(text),
            InputKind::Yaml => request_file::yaml(text, self.context()),
            InputKind::Json | InputKind::Lines => request_file::json(text, self.context()),
        };
        match requests {
            Ok(requests) if requests.is_empty() => Ok(Err(no_request())),
            Ok(requests) => self.answer_requests(file, &requests).map(Ok),
            Err(error) => Ok(Err(error)),
        }
    }

    fn answer_requests(&mut self, file: &str, requests: &[Request]) -> io::Result<()> {
        let single = requests.len() == 1;
        for (number, request) in (1..).zip(requests) {
            let subject = if single { Subject::Input {} } else { Subject::Number { number } };
            let verdict = self.verdict(request).unwrap_or_else(|error| {
                let request = (!single).then_some(number);
                Verdict::Error(InputError { file: Some(file.to_owned()), request, ..error })
            });
            self.answers.write(&Answer { subject, verdict })?;
        }
        Ok(())
    }

    /// Answers each line as soon as it has been read.
    fn answer_lines(&mut self, text: &mut dyn InputText) -> InputResult {
        let mut lines = Lines::new(text);
        let mut any = false;
        loop {
            if !lines.is_ready() {
                // Reading would wait: a gateway may send its next request only after it has this answer.
                self.answers.flush()?;
            }
            let (number, line) = match lines.next() {
                Ok(Some(line)) => line,
                Ok(None) if any => return Ok(Ok(())),
                Ok(None) => return Ok(Err(no_request())),
                Err(error) => return Ok(Err(unreadable(&error))),
            };
            any = true;
            let verdict = self
                .line_verdict(line)
                .unwrap_or_else(|error| Verdict::Error(InputError { line: Some(number), ..error }));
            self.answers.write(&Answer { subject: Subject::Number { number }, verdict })?;
        }
    }

    fn line_verdict(&self, line: Line<'_>) -> Result<Verdict<'p>, InputError> {
        match line {
            Line::Text(text) => self.verdict(&request_file::line(text, self.context())?),
            Line::TooLong => Err(InputError::new("the line is longer than 1 MiB")),
        }
    }

    /// Answers for each device of a message.
    fn answer_message(&mut self, text: &[u8]) -> InputResult {
        let inventory = self.inventory.as_ref();
        let (message, devices) = match message::decide_message(text, self.plan, inventory, self.receipt) {
            Ok(answers) => answers,
            Err(error) => return Ok(Err(error)),
        };
        for device in devices {
            let subject = message::subject(&message, &device);
            let verdict = match (device.decision, &self.question) {
                (Err(error), _) => Err(message::device_error(&error)),
                (Ok(decision), Question::Decision) => Ok(Verdict::Decision(decision)),
                (Ok(_), Question::Explanation(_)) => self.verdict(&device.request),
            };
            self.answers.write(&Answer { subject, verdict: verdict.unwrap_or_else(Verdict::Error) })?;
        }
        Ok(Ok(()))
    }

    fn context(&self) -> RequestSeed<'_> {
        RequestSeed { clock: self.plan.policy().clock(), default: self.receipt.day }
    }

    fn verdict(&self, request: &Request) -> Result<Verdict<'p>, InputError> {
        self.receipt.check(request).map_err(InputError::new)?;
        let input_error = |error: &dyn fmt::Display| InputError::new(error.to_string());
        match &self.question {
            Question::Decision => {
                self.plan.decide(request).map(Verdict::Decision).map_err(|error| input_error(&error))
            }
            Question::Explanation(changing) => explanation(self.plan, request, changing)
                .map(Verdict::Explanation)
                .map_err(|error| input_error(&error)),
        }
    }
}

/// The explanation with the least change. If the least change is too complex to compute, the explanation states that.
fn explanation<'p>(
    plan: &'p Plan,
    request: &Request,
    changing: &Changing,
) -> Result<Box<Explanation<'p>>, CounterfactualError> {
    let explanation = meterwarden_analysis::explain(plan, request)?;
    if explanation.decision().is_permit() {
        return Ok(Box::new(explanation));
    }
    let changes = match meterwarden_analysis::counterfactuals(plan, request, changing, limits::LEAST_CHANGES)
    {
        Err(CounterfactualError::TooComplex(reason)) => Err(reason),
        changes => Ok(changes?),
    };
    Ok(Box::new(explanation.with_least_change(changing, changes)))
}

fn unreadable(error: &io::Error) -> InputError {
    InputError::new(format!("cannot read the input: {error}"))
}

/// An input without a request is an error, so that an empty file never looks like a permit.
fn no_request() -> InputError {
    InputError::new("the input has no request")
}
