//! The warnings about a policy that loads: rules without effect, names that nothing uses, dates that leave a gap. Each
//! file is named after the finding that it makes, or after what findings share.

mod service_interval;
mod syntax;
mod lines;
mod item_spans;
mod name_list;
mod removal;
mod covering_rules;
mod redundancy;
mod same_answers;
mod shorter_rule;
mod clause_values;
mod rule_trial;

mod allow;
mod case_covered;
mod case_never_holds;
mod date_behind_list;
mod date_gap;
mod forbids_disagree;
mod idle_clause;
mod idle_dates;
mod idle_item;
mod idle_parts;
mod idle_refuse;
mod idle_selectors;
mod idle_when;
mod never_carried;
mod never_sent;
mod redundant_forbids;
mod redundant_permits;
mod repeated_item;
mod repeated_text;
mod scenario_files;
mod services_alike;
mod similar_names;
mod suppress_duplicates;
mod text;
mod unread_file;
mod unused_field;
mod unused_name;
mod unused_value;

#[cfg(test)]
mod thread_laws;

use std::collections::BTreeSet;
use std::num::NonZeroUsize;

use crate::limits::{MIN_RULES_FOR_THREADS, RULES_PER_UNIT};
use meterwarden::base::parallel;
use meterwarden::language::diagnostic::{Diagnostic, Diagnostics};
use meterwarden::plan::Plan;
use meterwarden::policy::Policy;
pub use scenario_files::lint_scenarios;
use service_interval::ServiceIntervals;
use suppress_duplicates::suppress_duplicates;
use syntax::Syntax;
pub use unread_file::{is_likely_rule_file, lint_unread};

/// The passes over the text of the rules as it is written.
const SYNTAX_PASSES: &[fn(&Syntax<'_>) -> Vec<Diagnostic>] = &[
    unused_name::groups,
    unused_name::conditions,
    unused_name::modifications,
    unused_name::tags,
    unused_value::find,
    unused_field::find,
    similar_names::find,
    repeated_item::find,
    date_behind_list::find,
    text::find,
    repeated_text::find,
];

/// Makes some of the findings, independently of all other passes.
type Pass<'p> = Box<dyn Fn() -> Vec<Diagnostic> + Sync + 'p>;

/// The warnings about a policy, in the order of the text, without those that an `// allow CODE: reason` comment
/// suppresses.
pub fn lint(plan: &Plan) -> Diagnostics {
    lint_on(plan, threads(plan.policy()))
}

/// The warnings about what the rules permit and refuse, and not about how they are written. Those that a comment
/// suppresses are included.
pub fn lint_meaning(plan: &Plan) -> Diagnostics {
    let threads = threads(plan.policy());
    let meaning = Meaning::of(plan, threads);
    Diagnostics::new(plan.policy().sources().to_vec(), run(&meaning.passes(), threads))
}

/// All threads of the machine, or one thread for a small policy.
fn threads(policy: &Policy) -> NonZeroUsize {
    parallel::threads(policy.rules().len() >= MIN_RULES_FOR_THREADS)
}

/// The warnings are the same on any number of threads.
fn lint_on(plan: &Plan, threads: NonZeroUsize) -> Diagnostics {
    let policy = plan.policy();
    let syntax = Syntax::of(policy);
    let meaning = Meaning::of(plan, threads);
    let syntax_passes = SYNTAX_PASSES.iter().map(|find| -> Pass<'_> { Box::new(|| find(&syntax)) });
    let passes: Vec<Pass<'_>> = syntax_passes.chain(meaning.passes()).collect();
    let findings = allow::apply(&syntax, suppress_duplicates(run(&passes, threads)));
    Diagnostics::new(policy.sources().to_vec(), findings)
}

/// The findings of all passes, in the order of the passes.
fn run(passes: &[Pass<'_>], threads: NonZeroUsize) -> Vec<Diagnostic> {
    parallel::map(passes, threads, |pass| pass()).into_iter().flatten().collect()
}

/// What the rules permit and refuse, however they are written.
struct Meaning<'p> {
    plan: &'p Plan,
    intervals: ServiceIntervals<'p>,
    redundant_permits: BTreeSet<usize>,
    redundant_forbids: BTreeSet<usize>,
    /// The redundant permits and forbids.
    redundant: BTreeSet<usize>,
}

impl<'p> Meaning<'p> {
    fn of(plan: &'p Plan, threads: NonZeroUsize) -> Self {
        let intervals = ServiceIntervals::of(plan, threads);
        let redundant_permits = redundant_permits::redundant(&intervals, threads);
        let redundant_forbids = redundant_forbids::redundant(&intervals, threads);
        let redundant = redundant_permits.union(&redundant_forbids).copied().collect();
        Self { plan, intervals, redundant_permits, redundant_forbids, redundant }
    }

    /// The passes over it. The longest is last and divided into units, so that the threads finish at about the same
    /// time.
    fn passes(&self) -> Vec<Pass<'_>> {
        let Self { plan, intervals, redundant_permits, redundant_forbids, redundant } = self;
        let policy = plan.policy();
        let mut passes: Vec<Pass<'_>> = vec![
            Box::new(move || redundant_permits::find(intervals, redundant_permits)),
            Box::new(move || never_sent::find(intervals, redundant_permits)),
            Box::new(move || redundant_forbids::find(intervals, redundant_forbids)),
            Box::new(move || idle_selectors::find(intervals, redundant)),
            Box::new(move || never_carried::find(intervals)),
            Box::new(move || forbids_disagree::find(intervals)),
            Box::new(move || idle_refuse::find(intervals, redundant)),
            Box::new(move || date_gap::find(plan, intervals)),
            Box::new(move || services_alike::find(plan)),
            Box::new(move || alternatives(policy)),
        ];
        for start in (0..policy.rules().len()).step_by(RULES_PER_UNIT) {
            let unit = start..start + RULES_PER_UNIT;
            passes.push(Box::new(move || idle_parts::of_rules(policy, unit.clone(), redundant)));
        }
        passes.push(Box::new(move || idle_parts::of_alternatives(policy)));
        passes
    }
}

/// The findings about alternatives of conditions that never hold, or that others cover. An alternative that never holds
/// is reported only as such.
fn alternatives(policy: &Policy) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (condition, never_holds) in policy.conditions().iter().zip(case_never_holds::never_holding(policy)) {
        let covered = case_covered::covered(policy, condition);
        for (index, alternative) in condition.cases.iter().enumerate() {
            let covered = covered.iter().find(|covered| covered.alternative == index);
            if never_holds[index] {
                found.push(case_never_holds::finding(condition, alternative));
            } else if let Some(covered) = covered {
                found.push(case_covered::finding(condition, alternative, &covered.by));
            }
        }
    }
    found
}
