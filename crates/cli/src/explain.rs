//! `meterwarden explain`

use meterwarden_analysis::counterfactual::Changing;

use crate::answering::{self, Question};
use crate::args::Explain;
use crate::exit::Exit;
use crate::failure::Failure;

/// Decides each input and explains the decision.
pub(crate) fn run(arguments: &Explain) -> Result<Exit, Failure> {
    answering::answer(&arguments.inputs, Question::Explanation(changing(arguments)))
}

/// The attributes that may change to have a refused request permitted.
fn changing(arguments: &Explain) -> Changing {
    match arguments.changing.as_slice() {
        [] if arguments.sender => Changing::BySender,
        [] => Changing::Anything,
        names => Changing::Attributes(names.to_vec()),
    }
}
