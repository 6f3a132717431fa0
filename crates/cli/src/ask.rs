//! `meterwarden ask`

mod human;
mod json;
mod markdown;
mod meant;
mod told;

use std::io::Write;

use meterwarden_analysis::ask::Question;

use crate::args::{self, AskFormat};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::receipt::Receipt;
use crate::{policy, terminal};
use told::Told;

/// Answers the question.
pub(crate) fn run(arguments: &args::Ask) -> Result<Exit, Failure> {
    let (named, plan) = policy::version(&arguments.rules)?;
    let receipt = (!arguments.every_date).then(|| Receipt::new(arguments.at));
    let question = question(arguments, receipt);
    meant::by_text(plan.policy(), &arguments.clauses)?;
    let answer = meterwarden_analysis::ask(&plan, &question)?;
    if answer.services.is_empty() {
        meant::together(plan.policy(), &arguments.clauses)?;
    }
    let told = Told {
        answer: &answer,
        question: &question,
        clauses: arguments.clauses.iter().map(ToString::to_string).collect(),
        heading: told::heading(receipt, &named),
    };
    let mut out = terminal::stdout();
    match arguments.format {
        AskFormat::Human => human::write(&told, terminal::colour_of_answers(), &mut out)?,
        AskFormat::Markdown => out.write_all(markdown::page(&told).as_bytes())?,
        AskFormat::Json => json::write(&told, plan.policy(), &mut out)?,
    }
    out.flush()?;
    Ok(if answer.services.is_empty() { Exit::NOTHING } else { Exit::Fine })
}

/// Without a receipt it is about every date.
fn question(arguments: &args::Ask, receipt: Option<Receipt>) -> Question {
    Question {
        services: arguments.service.clone(),
        at: receipt.map(|receipt| receipt.date),
        given: arguments.clauses.iter().map(|clause| clause.given.clone()).collect(),
        about: arguments.about.clone(),
    }
}
