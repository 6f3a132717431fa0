//! `meterwarden ask`

mod human;
mod json;
mod markdown;
mod meant;
mod result;

use std::io::Write;

use meterwarden_analysis::ask::Question;

use crate::args::{self, AskFormat};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::receipt::Receipt;
use crate::terminal;
use crate::versions::loaded::load_any;
use result::AskResult;

/// Answers the question.
pub(crate) fn run(arguments: &args::Ask) -> Result<Exit, Failure> {
    let (policy_name, plan) = load_any(&arguments.rules)?;
    let receipt = (!arguments.every_date).then(|| Receipt::new(arguments.at, plan.policy().clock()));
    let question = question(arguments, receipt);
    meant::by_text(plan.policy(), &arguments.clauses)?;
    let answer = meterwarden_analysis::ask(&plan, &question)?;
    if answer.services.is_empty() {
        meant::together(plan.policy(), &arguments.clauses)?;
    }
    let result = AskResult {
        answer: &answer,
        question: &question,
        clauses: arguments.clauses.iter().map(ToString::to_string).collect(),
        heading: result::heading(receipt, &policy_name),
    };
    let mut out = terminal::stdout();
    match arguments.format {
        AskFormat::Human => human::write(&result, terminal::colour_of_answers(), &mut out)?,
        AskFormat::Markdown => out.write_all(markdown::comment(&result).as_bytes())?,
        AskFormat::Json => json::write(&result, plan.policy(), &mut out)?,
    }
    out.flush()?;
    Ok(if answer.services.is_empty() { Exit::NOTHING } else { Exit::Fine })
}

/// Without a date of receipt, the question is about every date.
fn question(arguments: &args::Ask, receipt: Option<Receipt>) -> Question {
    Question {
        services: arguments.service.clone(),
        at: receipt.map(|receipt| receipt.day),
        given: arguments.clauses.iter().map(|clause| clause.given.clone()).collect(),
        about: arguments.about.clone(),
    }
}
