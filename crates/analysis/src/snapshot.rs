//! The outcomes of a whole policy as files that are kept beside it, so that a reviewer sees what a change of the rules
//! changes: a page for each service, and how the pages kept differ from what the rules permit now.
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

use crate::outcome::outcomes;
use std::collections::BTreeMap;

use meterwarden::plan::Plan;

/// The first line of every page. A file that begins otherwise is somebody else's.
pub const HEADER: &str = "# Written by `meterwarden snapshot --update`. Review it; do not edit it.";

/// Pages by the names of their files.
pub type Pages = BTreeMap<String, String>;

/// How one file of the pages kept is not what the rules permit now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The name of the file.
    pub file: String,
    /// What is in the file; nothing where there is none.
    pub kept: Option<String>,
    /// What the rules permit now; nothing where they know no such service.
    pub now: Option<String>,
}

/// The page of every service: the header, and [`Plan::outcomes`].
pub fn pages(plan: &Plan) -> Pages {
    let services = plan.policy().services().iter();
    let page = |name: &str| Some((file(name), format!("{HEADER}\n{}", outcomes(plan, name)?)));
    services.filter_map(|service| page(&service.name)).collect()
}

/// The name of the file that holds the page of a service.
pub fn file(service: &str) -> String {
    format!("{service}.txt")
}

/// Whether a text is a page that was written by this, of whatever policy.
pub fn is_page(text: &str) -> bool {
    text.lines().next() == Some(HEADER)
}

/// Each file that differs, in the order of their names. A checkout may have given the files kept other line ends.
pub fn differences(kept: &Pages, now: &Pages) -> Vec<Difference> {
    let mut files: Vec<&String> = kept.keys().chain(now.keys()).collect();
    files.sort_unstable();
    files.dedup();
    let difference = |file: &String| {
        let kept = kept.get(file).map(|text| text.replace("\r\n", "\n"));
        let now = now.get(file).cloned();
        (kept != now).then(|| Difference { file: file.clone(), kept, now })
    };
    files.into_iter().filter_map(difference).collect()
}
