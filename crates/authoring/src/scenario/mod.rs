//! Scenarios: cases beside the rules that say what a request must get, and the run over them.
//!
//! ```text
//! &[Source] ──read──▶ ScenarioFile: every Case spelt out ──run(&Plan)──▶ Report
//! ```
//!
//! Files are read together, because a fixture of one may be named in another, and with the policy at hand,
//! because `each: { status: any }` means the values that its vocabulary lists.

mod file;
mod vocabulary;
mod fixture;
mod case;
mod each;
mod expected;
mod filter;
mod run;
mod report;

pub use case::Case;
pub use expected::Expected;
pub(crate) use file::unused_fixtures;
pub use file::{ScenarioError, ScenarioFile, read};
pub use filter::Filter;
pub use report::{CaseResult, Failed, Failure, Report, Results};
pub use run::{run, run_all};

use crate::yaml::{Node, YamlError};
use meterwarden::base::suggest;

/// What is wrong with a part of a scenario file.
#[derive(Clone, Debug)]
enum Wrong {
    /// It is itself.
    Here(YamlError),
    /// It names a fixture that is wrong, or that may stand in a file that is; its author hears of it there.
    Elsewhere,
}

impl From<YamlError> for Wrong {
    fn from(error: YamlError) -> Self {
        Self::Here(error)
    }
}

/// A key that is not one of those that may stand there.
fn unknown(key: &Node, name: &str, known: &[&str]) -> YamlError {
    let help = suggest::did_you_mean(name, known.iter().copied())
        .unwrap_or_else(|| format!("known are {}", suggest::join(known, "and")));
    key.error(format!("`{name}` is not known here; {help}"))
}
