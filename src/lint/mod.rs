//! A policy that loads to what deserves a word: rules that do nothing, names that nobody uses, dates that leave
//! a gap. One finding a file.

mod alike;
mod allow;
mod answers;
mod cases;
mod clauses;
mod covering;
mod date_behind_list;
mod disagree;
mod fix;
mod forbids;
mod gaps;
mod louder;
mod names;
mod permits;
mod places;
mod refuse;
mod repeated_item;
mod scenarios;
mod scene;
mod selectors;
mod services;
mod similar_names;
mod texts;
mod unread_file;
mod unused;
mod unused_field;
mod unused_value;
mod values;
mod variant;
mod written;

use crate::compile::Plan;
use crate::diagnostic::{Diagnostic, Diagnostics};
pub use scenarios::lint_scenarios;
use scene::Scenes;
pub use unread_file::{lint_unread, may_be_meant};
use written::Written;

/// What is said of the text as its author wrote it, whatever it comes to.
const OF_THE_TEXT: &[fn(&Written<'_>) -> Vec<Diagnostic>] = &[
    unused::groups,
    unused::conditions,
    unused::modifications,
    unused::tags,
    unused_value::find,
    unused_field::find,
    similar_names::find,
    repeated_item::find,
    date_behind_list::find,
    texts::find,
];

/// Everything about a policy that is allowed and probably not meant, in the order of the text, but for what an
/// `// allow CODE: reason` above it silences.
pub fn lint(plan: &Plan) -> Diagnostics {
    let policy = plan.policy();
    let written = Written::of(policy);
    let mut found: Vec<Diagnostic> = OF_THE_TEXT.iter().flat_map(|find| find(&written)).collect();
    found.extend(semantic(plan));
    let found = allow::applied(&written, louder::only(found));
    Diagnostics::new(policy.sources().to_vec(), found)
}

/// Of these findings only those about what the rules come to, whatever they are written like and whatever is allowed.
pub fn lint_meaning(plan: &Plan) -> Diagnostics {
    Diagnostics::new(plan.policy().sources().to_vec(), semantic(plan))
}

/// What the rules come to, whatever they are written like.
fn semantic(plan: &Plan) -> Vec<Diagnostic> {
    let scenes = Scenes::of(plan);
    let mut idle = permits::idle(&scenes);
    let mut found = permits::find(&scenes, &idle);
    found.extend(services::never_sent(&scenes, &idle));
    let forbids = forbids::idle(&scenes);
    found.extend(forbids::find(&scenes, &forbids));
    idle.extend(forbids);
    found.extend(selectors::find(&scenes, &idle));
    found.extend(services::never_carried(&scenes));
    found.extend(disagree::find(&scenes));
    found.extend(refuse::find(&scenes, &idle));
    found.extend(gaps::find(plan, &scenes));
    found.extend(alike::find(plan));
    found.extend(cases::find(plan.policy()));
    found.extend(clauses::find(plan.policy(), &idle));
    found
}
