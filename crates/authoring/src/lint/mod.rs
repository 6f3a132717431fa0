//! A policy that loads to what deserves a word: rules that do nothing, names that nobody uses, dates that leave
//! a gap. One finding a file.

mod duplicate_services;
mod allow;
mod answers;
mod cases;
mod clauses;
mod covering;
mod date_behind_list;
mod disagree;
mod droppable;
mod fix;
mod forbids;
mod gaps;
mod suppress_duplicates;
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
#[cfg(test)]
mod laws;

use std::collections::BTreeSet;
use std::num::NonZeroUsize;

use meterwarden::base::parallel;
use meterwarden::language::diagnostic::{Diagnostic, Diagnostics};
use meterwarden::plan::Plan;
use meterwarden::policy::Policy;
pub use scenarios::lint_scenarios;
use scene::Scenes;
pub use unread_file::{is_likely_rule_file, lint_unread};
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

/// Fewer rules are gone over in the time that threads need to begin.
const WORTH_THREADS: usize = 200;

/// So many rules are a share of work for one thread.
const SHARE: usize = 256;

/// A look at a policy for some findings, which needs none of the others.
type Pass<'p> = Box<dyn Fn() -> Vec<Diagnostic> + Sync + 'p>;

/// Everything about a policy that is allowed and probably not meant, in the order of the text, but for what an
/// `// allow CODE: reason` above it silences.
pub fn lint(plan: &Plan) -> Diagnostics {
    lint_on(plan, threads(plan.policy()))
}

/// Of these findings only those about what the rules come to, whatever they are written like and whatever is allowed.
pub fn lint_meaning(plan: &Plan) -> Diagnostics {
    let threads = threads(plan.policy());
    let meaning = Meaning::of(plan, threads);
    Diagnostics::new(plan.policy().sources().to_vec(), found(&meaning.passes(), threads))
}

/// As many as there are; one where the policy is small.
fn threads(policy: &Policy) -> NonZeroUsize {
    parallel::threads(policy.rules().len() >= WORTH_THREADS)
}

/// The findings are the same on any number of threads.
fn lint_on(plan: &Plan, threads: NonZeroUsize) -> Diagnostics {
    let policy = plan.policy();
    let written = Written::of(policy);
    let meaning = Meaning::of(plan, threads);
    let of_the_text = OF_THE_TEXT.iter().map(|find| -> Pass<'_> { Box::new(|| find(&written)) });
    let passes: Vec<Pass<'_>> = of_the_text.chain(meaning.passes()).collect();
    let found = allow::applied(&written, suppress_duplicates::only(found(&passes, threads)));
    Diagnostics::new(policy.sources().to_vec(), found)
}

/// What all passes find, in their order.
fn found(passes: &[Pass<'_>], threads: NonZeroUsize) -> Vec<Diagnostic> {
    parallel::map(passes, threads, |pass| pass()).into_iter().flatten().collect()
}

/// What the rules come to, whatever they are written like.
struct Meaning<'p> {
    plan: &'p Plan,
    scenes: Scenes<'p>,
    /// The permits that can be dropped.
    permits: BTreeSet<usize>,
    /// The forbids that can be dropped.
    forbids: BTreeSet<usize>,
    /// Both.
    idle: BTreeSet<usize>,
}

impl<'p> Meaning<'p> {
    fn of(plan: &'p Plan, threads: NonZeroUsize) -> Self {
        let scenes = Scenes::of(plan, threads);
        let permits = permits::idle(&scenes, threads);
        let forbids = forbids::idle(&scenes, threads);
        let idle = permits.union(&forbids).copied().collect();
        Self { plan, scenes, permits, forbids, idle }
    }

    /// The passes over it; the longest, in shares, last.
    fn passes(&self) -> Vec<Pass<'_>> {
        let Self { plan, scenes, permits, forbids, idle } = self;
        let policy = plan.policy();
        let mut passes: Vec<Pass<'_>> = vec![
            Box::new(move || permits::find(scenes, permits)),
            Box::new(move || services::never_sent(scenes, permits)),
            Box::new(move || forbids::find(scenes, forbids)),
            Box::new(move || selectors::find(scenes, idle)),
            Box::new(move || services::never_carried(scenes)),
            Box::new(move || disagree::find(scenes)),
            Box::new(move || refuse::find(scenes, idle)),
            Box::new(move || gaps::find(plan, scenes)),
            Box::new(move || duplicate_services::find(plan)),
            Box::new(move || cases::find(policy)),
        ];
        for start in (0..policy.rules().len()).step_by(SHARE) {
            passes.push(Box::new(move || clauses::of_rules(policy, start..start + SHARE, idle)));
        }
        passes.push(Box::new(move || clauses::of_cases(policy)));
        passes
    }
}
