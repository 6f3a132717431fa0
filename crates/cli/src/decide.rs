//! `meterwarden decide`

use crate::args::Asking;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::session::{self, Question};

/// Decides each input.
pub(crate) fn run(asking: &Asking) -> Result<Exit, Failure> {
    session::answer(asking, Question::What)
}
