//! A rule that has several lines twice is most likely two rules, with the line between them missing. That is one
//! mistake, so it is one finding.

use crate::base::suggest;
use crate::language::ast;
use crate::language::diagnostic::{Code, Diagnostic};

/// Merges the `said-twice` findings of a rule into one, if they are about more than one line and each first line comes
/// before all second lines. The findings of the rule are those from the index `from` on.
pub(super) fn merge(rule: &ast::Rule, findings: &mut Vec<Diagnostic>, from: usize) {
    let of_rule = findings.split_off(from);
    let (mut twice, rest): (Vec<_>, Vec<_>) =
        of_rule.into_iter().partition(|finding| finding.code == Code::SaidTwice);
    findings.extend(rest);
    twice.sort_by_key(|finding| finding.span);
    let mut lines: Vec<String> = twice.iter().map(line).collect();
    lines.dedup();
    let second_rule = twice.first().map(|finding| finding.span);
    let in_first_rule = |finding: &Diagnostic| finding.because.first().map(|(first, _)| *first) < second_rule;
    if lines.len() < 2 || !twice.iter().all(in_first_rule) {
        findings.extend(twice);
        return;
    }
    let message = format!("`{}` says {} twice", rule.name.text, suggest::join(&lines, "and"));
    let help =
        "are these two rules? then `}` and a line such as `permit name \"…\" {` are missing between them";
    findings.extend(twice.into_iter().next().map(|first| Diagnostic { message, ..first }.help(help)));
}

/// What a finding says is there twice: `` `status` ``.
fn line(finding: &Diagnostic) -> String {
    finding.message.trim_end_matches(" is said twice").to_owned()
}
