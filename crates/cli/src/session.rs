//! Inputs to answers: what `decide` and `explain` share.

use std::path::Path;
use std::{fmt, io};

use meterwarden::{Plan, Request};
use meterwarden_analysis::Explanation;
use meterwarden_analysis::counterfactual::{Changing, CounterfactualError};
use meterwarden_duis::FileInventory;

use crate::answer::{About, Answer, Unusable, Verdict};
use crate::answers::Answers;
use crate::args::Asking;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::{self, Input, Kind, Reading};
use crate::lines::{Line, Lines};
use crate::receipt::Receipt;
use crate::{message, policy, request_file};

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    /// What is to be done with the message?
    What,
    /// And why; and what would have to be other, of what may change?
    Why(Changing),
}

/// More changes than these are not shown: one is enough to try.
const MOST_CHANGES: usize = 10;

/// Answers every input, in order.
pub(crate) fn answer(asking: &Asking, question: Question) -> Result<Exit, Failure> {
    let receipt = Receipt::new(asking.at);
    let (named, plan) = policy::version(&asking.rules)?;
    if let Question::Why(changing) = &question {
        changing.check(plan.policy())?;
    }
    let inventory = message::inventory(&asking.inventory)?;
    let answers = Answers::new(asking.format, receipt, named);
    let mut session = Session { plan: &plan, inventory, receipt, question, answers };
    for path in &asking.inputs {
        let file = path.to_string_lossy();
        if asking.inputs.len() > 1 {
            session.answers.begin(&file)?;
        }
        session.input(path, &file)?;
    }
    Ok(session.answers.end()?)
}

struct Session<'p> {
    plan: &'p Plan,
    inventory: Option<FileInventory>,
    receipt: Receipt,
    question: Question,
    answers: Answers,
}

/// Whether the answers could be written, and within, whether there was anything to answer.
type Done = io::Result<Result<(), Unusable>>;

impl<'p> Session<'p> {
    fn input(&mut self, path: &Path, file: &str) -> io::Result<()> {
        let done = match input::open(path) {
            Ok(Input { kind: Kind::Lines, mut text }) => self.lines(&mut *text)?,
            Ok(Input { kind, mut text }) => match input::whole(&mut *text) {
                Ok(text) => self.whole(file, kind, &text)?,
                Err(wrong) => Err(unread(&wrong)),
            },
            Err(wrong) => Err(unread(&wrong)),
        };
        let Err(wrong) = done else { return Ok(()) };
        let verdict = Verdict::Unusable(Unusable { file: Some(file.to_owned()), ..wrong });
        self.answers.give(&Answer { about: About::Input {}, verdict })
    }

    /// Answers a file of one message or of some requests.
    fn whole(&mut self, file: &str, kind: Kind, text: &[u8]) -> Done {
        let requests = match kind {
            Kind::Duis => return self.message(text),
            Kind::Yaml => request_file::yaml(text, self.receipt.date),
            Kind::Json | Kind::Lines => request_file::json(text, self.receipt.date),
        };
        match requests {
            Ok(requests) if requests.is_empty() => Ok(Err(nothing())),
            Ok(requests) => self.requests(file, &requests).map(Ok),
            Err(wrong) => Ok(Err(wrong)),
        }
    }

    fn requests(&mut self, file: &str, requests: &[Request]) -> io::Result<()> {
        for (number, request) in (1..).zip(requests) {
            let alone = requests.len() == 1;
            let about = if alone { About::Input {} } else { About::Number { number } };
            let verdict = self.verdict(request).unwrap_or_else(|wrong| {
                let request = (!alone).then_some(number);
                Verdict::Unusable(Unusable { file: Some(file.to_owned()), request, ..wrong })
            });
            self.answers.give(&Answer { about, verdict })?;
        }
        Ok(())
    }

    /// Answers each line as soon as it is there.
    fn lines(&mut self, text: &mut dyn Reading) -> Done {
        let mut lines = Lines::new(text);
        let mut asked = false;
        loop {
            if !lines.ready() {
                self.answers.flush()?;
            }
            let (number, line) = match lines.next() {
                Ok(Some(next)) => next,
                Ok(None) if asked => return Ok(Ok(())),
                Ok(None) => return Ok(Err(nothing())),
                Err(wrong) => return Ok(Err(unread(&wrong))),
            };
            asked = true;
            let verdict = self
                .line(line)
                .unwrap_or_else(|wrong| Verdict::Unusable(Unusable { line: Some(number), ..wrong }));
            self.answers.give(&Answer { about: About::Number { number }, verdict })?;
        }
    }

    fn line(&self, line: Line<'_>) -> Result<Verdict<'p>, Unusable> {
        match line {
            Line::Text(text) => self.verdict(&request_file::line(text, self.receipt.date)?),
            Line::TooLong => Err(Unusable::new("the line is longer than 1 MiB")),
        }
    }

    /// Answers for each device of a message, or for none of them.
    fn message(&mut self, text: &[u8]) -> Done {
        let answers = match self.devices(text) {
            Ok(answers) => answers,
            Err(wrong) => return Ok(Err(wrong)),
        };
        for answer in &answers {
            self.answers.give(answer)?;
        }
        Ok(Ok(()))
    }

    fn devices(&self, text: &[u8]) -> Result<Vec<Answer<'p>>, Unusable> {
        let decided = message::decided(text, self.plan, self.inventory.as_ref(), self.receipt)?;
        let answers = decided.into_iter().map(|one| {
            let about = message::about(&one);
            let verdict = match &self.question {
                Question::What => Verdict::Decision(one.decision),
                Question::Why(_) => self.verdict(&one.request)?,
            };
            Ok(Answer { about, verdict })
        });
        answers.collect()
    }

    fn verdict(&self, request: &Request) -> Result<Verdict<'p>, Unusable> {
        self.receipt.agrees(request)?;
        let unusable = |wrong: &dyn fmt::Display| Unusable::new(wrong.to_string());
        match &self.question {
            Question::What => {
                self.plan.decide(request).map(Verdict::Decision).map_err(|wrong| unusable(&wrong))
            }
            Question::Why(changing) => explained(self.plan, request, changing)
                .map(Verdict::Explanation)
                .map_err(|wrong| unusable(&wrong)),
        }
    }
}

/// An explanation with the least change. Where that cannot be worked out, the explanation says so.
fn explained<'p>(
    plan: &'p Plan,
    request: &Request,
    changing: &Changing,
) -> Result<Box<Explanation<'p>>, CounterfactualError> {
    let why = meterwarden_analysis::explain(&plan, request)?;
    if why.decision().is_permit() {
        return Ok(Box::new(why));
    }
    let found = match meterwarden_analysis::counterfactuals(&plan, request, changing, MOST_CHANGES) {
        Err(CounterfactualError::TooComplex(explodes)) => Err(explodes),
        found => Ok(found?),
    };
    Ok(Box::new(why.with_least_change(changing, found)))
}

fn unread(wrong: &io::Error) -> Unusable {
    Unusable::new(format!("cannot read it: {wrong}"))
}

/// Who asks nothing is not permitted anything.
fn nothing() -> Unusable {
    Unusable::new("there is no request in it")
}
