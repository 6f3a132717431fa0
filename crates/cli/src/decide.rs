//! `meterwarden decide`

use crate::answering::{self, Question};
use crate::args::Decide;
use crate::exit::Exit;
use crate::failure::Failure;

/// Decides each input.
pub(crate) fn run(arguments: &Decide) -> Result<Exit, Failure> {
    answering::answer(arguments, Question::Decision)
}
