//! Tools for policy authors.
//!
//! - [`findings`] reports the errors of rule files or, if there are none, their warnings.
//! - [`fix`](fn@fix) corrects what is unambiguous; [`Fixed`] holds the corrected files and every [`FixedFinding`].
//! - [`lint`] reports the warnings of a compiled policy; [`lint_meaning`] only those about what the rules permit and
//!   refuse.
//! - [`lint_scenarios`] reports what is wrong with scenario files.
//! - [`lint_unread`] reports files beside the rules that look like rule files and are not read;
//!   [`is_likely_rule_file`] selects the files that are worth reading for it.
//! - [`scenario`] reads scenario files and runs their cases.
//! - [`coverage`] measures which rules and clauses the cases cover.
//! - [`mutate`] measures which small changes of the rules the cases detect.
//! - [`suggest_scenarios`] proposes cases for what no case covers.
//! - [`scaffold`] holds the files of a new policy.
//! - [`requests_from_yaml`] reads requests as a person writes them; [`YamlError`] says what is wrong with a YAML text.
//!
//! ```
//! use meterwarden::Source;
//!
//! let rules = Source::new("a.rules", r#"
//!     attribute role "User Role" { refuse E2 "not for this User Role"  IS ED }
//!     group role supplier = IS
//!     service 4.1 "Read" { permit reader "the supplier reads" { role IS  source "a table" } }
//! "#);
//! let found = meterwarden_authoring::findings(vec![rules]);
//! assert_eq!(found.found()[0].message, "no clause names the group `supplier`");
//! ```

mod limits;
mod yaml;
mod partial_request;
mod intervals;
mod single_constraint;
mod lint;
mod fix;
pub mod scenario;
pub mod coverage;
pub mod mutate;
pub mod suggest_scenarios;
pub mod scaffold;

pub use fix::{Fixed, FixedFinding, findings, fix};
pub use lint::{is_likely_rule_file, lint, lint_meaning, lint_scenarios, lint_unread};
pub use partial_request::requests_from_yaml;
pub use yaml::YamlError;
