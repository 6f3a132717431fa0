//! The snapshots of a whole policy: a file for each service with the requests that it permits. The files are stored
//! with the rules, so that a reviewer sees what a change of the rules changes.
//!
//! ```
//! # use std::{collections::BTreeMap, sync::Arc};
//! # use meterwarden::{Policy, Source, compile};
//! # use meterwarden_analysis::snapshot;
//! # let rules = r#"attribute role "who" always { refuse E2 "not you"  A B }
//! #     service 1.1 "Read" { permit reader { role A  source "a paragraph" } }"#;
//! # let plan = compile(Arc::new(Policy::from_sources(vec![Source::new("a.rules", rules)]).unwrap()));
//! let pages = snapshot::pages(&plan);
//! assert_eq!(pages["1.1.txt"], format!("{}\n1.1 Read\n\n  always\n    - role A\n", snapshot::HEADER));
//! assert_eq!(snapshot::differences(&BTreeMap::new(), &pages).len(), 1);
//! ```

use std::collections::{BTreeMap, BTreeSet};

use crate::outcomes::outcomes;
use meterwarden::plan::Plan;

/// The first line of every snapshot. A file that begins with another line is not a snapshot.
pub const HEADER: &str = "# Written by `meterwarden snapshot --update`. Review it; do not edit it.";

/// Snapshots by file name.
pub type Pages = BTreeMap<String, String>;

/// A stored snapshot that differs from what the rules permit now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The name of the file.
    pub file: String,
    /// The stored snapshot; `None` if there is no such file.
    pub kept: Option<String>,
    /// What the rules permit now; `None` if the policy has no such service.
    pub now: Option<String>,
}

/// The snapshot of every service: the header, and its [`outcomes`](fn@crate::outcomes).
pub fn pages(plan: &Plan) -> Pages {
    let services = plan.policy().services().iter();
    let page = |name: &str| Some((file(name), format!("{HEADER}\n{}", outcomes(plan, name)?)));
    services.filter_map(|service| page(&service.name)).collect()
}

/// The name of the file with the snapshot of a service.
pub fn file(service: &str) -> String {
    format!("{service}.txt")
}

/// Whether a text is a snapshot of any policy.
pub fn is_page(text: &str) -> bool {
    text.lines().next() == Some(HEADER)
}

/// The files that differ, in the order of their names. Line ends do not count: a checkout may have changed them in the
/// stored files.
pub fn differences(stored: &Pages, now: &Pages) -> Vec<Difference> {
    let files: BTreeSet<&String> = stored.keys().chain(now.keys()).collect();
    let difference = |file: &String| {
        let kept = stored.get(file).map(|text| text.replace("\r\n", "\n"));
        let now = now.get(file).cloned();
        (kept != now).then(|| Difference { file: file.clone(), kept, now })
    };
    files.into_iter().filter_map(difference).collect()
}
