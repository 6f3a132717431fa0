//! Exact questions about a [`Plan`](meterwarden::Plan): what is permitted, why, since when, and what an edit changes.
//!
//! Every function here is exact: its answer is about every request, and nothing is sampled. If the rules of a service
//! distinguish too many classes of request for that, the function returns an error.
//!
//! [`permitted()`] returns every request that a service permits on a date, as one set.
//!
//! ```
//! # use meterwarden::{Date, Policy, Request, Source, compile};
//! # let rules = r#"
//! #     attribute role "User Role" always { refuse E2 "not this role"  IS ED }
//! #     attribute status "SMI Status" always { refuse E5 "not in this status"  Pending Commissioned }
//! #     service 4.2 "Read Registers" { permit network { role ED  status Commissioned  source "row 4.2" } }"#;
//! # let plan = compile(Policy::from_sources(vec![Source::new("example.rules", rules)])?.into());
//! # let today = Date::constant(2026, 1, 1);
//! use meterwarden_analysis::permitted;
//!
//! let set = permitted(&plan, "4.2", today)?.unwrap();
//! let request = Request::new("4.2", today).value("role", "ED").value("status", "Commissioned");
//! assert!(set.contains(&request)?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`ask()`](fn@ask) answers who may do what, with any part of a request left open.
//!
//! ```
//! # use meterwarden::{Date, Policy, Request, Source, compile};
//! # let rules = r#"
//! #     attribute role "User Role" always { refuse E2 "not this role"  IS ED }
//! #     attribute status "SMI Status" always { refuse E5 "not in this status"  Pending Commissioned }
//! #     service 4.2 "Read Registers" { permit network { role ED  status Commissioned  source "row 4.2" } }"#;
//! # let plan = compile(Policy::from_sources(vec![Source::new("example.rules", rules)])?.into());
//! # let today = Date::constant(2026, 1, 1);
//! use meterwarden::policy::Test;
//! use meterwarden_analysis::ask::{Question, ask};
//!
//! let answer = ask(&plan, &Question::new("4.2").at(today).given("status", Test::In, ["Commissioned"]))?;
//! assert_eq!(answer.services[0].times[0].regions[0].clauses, ["role ED"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`explain()`](fn@explain) decides a request and shows the reasons.
//!
//! ```
//! # use meterwarden::{Date, Policy, Request, Source, compile};
//! # let rules = r#"
//! #     attribute role "User Role" always { refuse E2 "not this role"  IS ED }
//! #     attribute status "SMI Status" always { refuse E5 "not in this status"  Pending Commissioned }
//! #     service 4.2 "Read Registers" { permit network { role ED  status Commissioned  source "row 4.2" } }"#;
//! # let plan = compile(Policy::from_sources(vec![Source::new("example.rules", rules)])?.into());
//! # let today = Date::constant(2026, 1, 1);
//! # let request = Request::new("4.2", today).value("role", "ED").value("status", "Pending");
//! use meterwarden_analysis::explain;
//!
//! let explanation = explain(&plan, &request)?;
//! assert!(explanation.to_string().contains("status is Pending; accepted: Commissioned"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`counterfactuals()`] returns the least changes that would make a refused request permitted.
//!
//! ```
//! # use meterwarden::{Date, Policy, Request, Source, compile};
//! # let rules = r#"
//! #     attribute role "User Role" always { refuse E2 "not this role"  IS ED }
//! #     attribute status "SMI Status" always { refuse E5 "not in this status"  Pending Commissioned }
//! #     service 4.2 "Read Registers" { permit network { role ED  status Commissioned  source "row 4.2" } }"#;
//! # let plan = compile(Policy::from_sources(vec![Source::new("example.rules", rules)])?.into());
//! # let today = Date::constant(2026, 1, 1);
//! # let request = Request::new("4.2", today).value("role", "ED").value("status", "Pending");
//! use meterwarden_analysis::counterfactual::{Changing, counterfactuals};
//!
//! let least = counterfactuals(&plan, &request, &Changing::Anything, 10)?.unwrap();
//! assert_eq!(least.remedies[0].say, ["status Commissioned"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`diff()`](fn@diff) returns every request whose outcome differs between two policies.
//!
//! ```
//! # use meterwarden::{Date, Policy, Request, Source, compile};
//! # let rules = r#"
//! #     attribute role "User Role" always { refuse E2 "not this role"  IS ED }
//! #     attribute status "SMI Status" always { refuse E5 "not in this status"  Pending Commissioned }
//! #     service 4.2 "Read Registers" { permit network { role ED  status Commissioned  source "row 4.2" } }"#;
//! # let plan = compile(Policy::from_sources(vec![Source::new("example.rules", rules)])?.into());
//! # let today = Date::constant(2026, 1, 1);
//! use meterwarden_analysis::diff::{Version, diff};
//!
//! let version = Version { plan: &plan, at: None };
//! assert!(diff(version, version)?.services.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`timeline::timeline()`] returns every date on which the outcomes of a policy change.
//!
//! ```
//! # use meterwarden::{Date, Policy, Request, Source, compile};
//! # let rules = r#"
//! #     attribute role "User Role" always { refuse E2 "not this role"  IS ED }
//! #     attribute status "SMI Status" always { refuse E5 "not in this status"  Pending Commissioned }
//! #     service 4.2 "Read Registers" { permit network { role ED  status Commissioned  source "row 4.2" } }"#;
//! # let plan = compile(Policy::from_sources(vec![Source::new("example.rules", rules)])?.into());
//! # let today = Date::constant(2026, 1, 1);
//! use meterwarden_analysis::timeline::timeline;
//!
//! assert!(timeline(&plan, &[])?.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`matrix()`](fn@matrix) is a table of what is permitted, of services by roles or of any two attributes, on a date.
//!
//! ```
//! # use meterwarden::{Date, Policy, Request, Source, compile};
//! # let rules = r#"
//! #     attribute role "User Role" always { refuse E2 "not this role"  IS ED }
//! #     attribute status "SMI Status" always { refuse E5 "not in this status"  Pending Commissioned }
//! #     service 4.2 "Read Registers" { permit network { role ED  status Commissioned  source "row 4.2" } }"#;
//! # let plan = compile(Policy::from_sources(vec![Source::new("example.rules", rules)])?.into());
//! # let today = Date::constant(2026, 1, 1);
//! use meterwarden_analysis::matrix::{Question, Verdict, matrix};
//!
//! let table = matrix(&plan, &Question::new(today))?;
//! let verdicts: Vec<Verdict> = table.cells[0].iter().map(|cell| cell.verdict).collect();
//! assert_eq!(verdicts, [Verdict::Never, Verdict::Sometimes]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`atlas()`] is the data of every matrix of a policy, for every date.
//!
//! ```
//! # use meterwarden::{Date, Policy, Request, Source, compile};
//! # let rules = r#"
//! #     attribute role "User Role" always { refuse E2 "not this role"  IS ED }
//! #     attribute status "SMI Status" always { refuse E5 "not in this status"  Pending Commissioned }
//! #     service 4.2 "Read Registers" { permit network { role ED  status Commissioned  source "row 4.2" } }"#;
//! # let plan = compile(Policy::from_sources(vec![Source::new("example.rules", rules)])?.into());
//! # let today = Date::constant(2026, 1, 1);
//! let atlas = meterwarden_analysis::atlas(&plan);
//! assert!(format!("{atlas:?}").contains("Read Registers"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`outcomes()`] is the text of what a service permits, which is stored as its snapshot.
//!
//! ```
//! # use meterwarden::{Date, Policy, Request, Source, compile};
//! # let rules = r#"
//! #     attribute role "User Role" always { refuse E2 "not this role"  IS ED }
//! #     attribute status "SMI Status" always { refuse E5 "not in this status"  Pending Commissioned }
//! #     service 4.2 "Read Registers" { permit network { role ED  status Commissioned  source "row 4.2" } }"#;
//! # let plan = compile(Policy::from_sources(vec![Source::new("example.rules", rules)])?.into());
//! # let today = Date::constant(2026, 1, 1);
//! let text = meterwarden_analysis::outcomes(&plan, "4.2").unwrap();
//! assert_eq!(text, "4.2 Read Registers\n\n  always\n    - role ED\n      status Commissioned\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`selected()`] returns the services that selectors name: `8.4`, `8.*`, `tag critical`, `all`.
//!
//! ```
//! # use meterwarden::{Date, Policy, Request, Source, compile};
//! # let rules = r#"
//! #     attribute role "User Role" always { refuse E2 "not this role"  IS ED }
//! #     attribute status "SMI Status" always { refuse E5 "not in this status"  Pending Commissioned }
//! #     service 4.2 "Read Registers" { permit network { role ED  status Commissioned  source "row 4.2" } }"#;
//! # let plan = compile(Policy::from_sources(vec![Source::new("example.rules", rules)])?.into());
//! # let today = Date::constant(2026, 1, 1);
//! let services = meterwarden_analysis::selected(plan.policy(), &["4.*".to_owned()])?;
//! assert_eq!(services[0].name, "4.2");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod ask;
pub mod combinations;
pub mod count;
pub mod counterfactual;
pub mod diff;
pub mod explain;
mod limits;
pub mod matrix;
mod outcomes;
mod permitted_set;
pub mod service_order;
mod service_selector;
pub mod snapshot;
pub mod timeline;
pub mod witness;

pub use ask::ask;
pub use counterfactual::counterfactuals;
pub use diff::diff;
pub use explain::{Explanation, explain};
pub use matrix::{Atlas, atlas, matrix};
pub use outcomes::outcomes;
pub use permitted_set::{Permitted, TooComplex, permitted};
pub use service_selector::{UnknownService, selected};
