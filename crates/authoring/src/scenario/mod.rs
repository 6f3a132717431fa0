//! Scenarios: files with test cases beside the rules, which state what a request must get, and the run over them.
//!
//! ```text
//! &[Source] ──read──▶ ScenarioFile: every Case expanded ──run(&Plan)──▶ Report
//! ```
//!
//! Files are read together, because a fixture of one file may be named in another, and with the policy, because
//! `each: { status: any }` means the values that its vocabulary declares.

mod error;
mod parsed_file;
mod vocabulary;
mod fixture;
mod each;
mod expected;
mod case;
mod file;
mod filter;
mod report;
mod run;

pub use case::Case;
pub use error::ScenarioError;
pub use expected::Expected;
pub use file::{ScenarioFile, read};
pub use filter::Filter;
pub(crate) use fixture::{UnusedFixture, unused_fixtures};
pub use report::{CaseResult, Failed, Failure, Report, Results};
pub use run::{run, run_all};
