//! A rule that says several things twice is most likely two, the line between them lost: one mistake, and one finding.

use crate::base::suggest;
use crate::language::ast;
use crate::language::diagnostic::{Code, Diagnostic};

/// Makes one finding of what a rule says twice, if it is more than one thing, and says all of them before it says one
/// again. `since` is how many findings there were before those of the rule.
pub(super) fn fold(rule: &ast::Rule, found: &mut Vec<Diagnostic>, since: usize) {
    let own = found.split_off(since);
    let (mut twice, others): (Vec<_>, Vec<_>) = own.into_iter().partition(|one| one.code == Code::SaidTwice);
    found.extend(others);
    twice.sort_by_key(|one| one.span);
    let mut things: Vec<String> = twice.iter().map(thing).collect();
    things.dedup();
    let first_again = twice.first().map(|one| one.span);
    let said_before = |one: &Diagnostic| one.because.first().map(|(first, _)| *first) < first_again;
    if things.len() < 2 || !twice.iter().all(said_before) {
        found.extend(twice);
        return;
    }
    let message = format!("`{}` says {} twice", rule.name.text, suggest::join(&things, "and"));
    let help = "have two rules run together? between them stand `}` and a line such as `permit name \"…\" {`";
    found.extend(twice.into_iter().next().map(|first| Diagnostic { message, ..first }.help(help)));
}

/// `` `status` ``
fn thing(one: &Diagnostic) -> String {
    one.message.trim_end_matches(" is said twice").to_owned()
}
