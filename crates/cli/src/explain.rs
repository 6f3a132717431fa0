//! `meterwarden explain`

use meterwarden_analysis::counterfactual::Changing;

use crate::args::Explain;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::session::{self, Question};

/// Decides each input and says why.
pub(crate) fn run(arguments: &Explain) -> Result<Exit, Failure> {
    session::answer(&arguments.asking, Question::Why(changing(arguments)))
}

/// What may change to have a refused request permitted.
fn changing(arguments: &Explain) -> Changing {
    match arguments.changing.as_slice() {
        [] if arguments.sender => Changing::BySender,
        [] => Changing::Anything,
        names => Changing::Attributes(names.to_vec()),
    }
}
