//! Fixes what is unambiguous: applies the edits that findings carry, if they make nothing worse.

use std::cmp::Reverse;
use std::sync::Arc;

use crate::limits::MAX_FIX_ROUNDS;
use crate::lint::lint;
use meterwarden::language::diagnostic::{Code, Diagnostic, Diagnostics, Edit, Severity};
use meterwarden::plan::compile;
use meterwarden::policy::Policy;
use meterwarden::policy::source::{Source, Span};

/// Rule files, and what was fixed in them.
#[derive(Clone, Debug)]
pub struct Fixed {
    /// The files, in path order.
    pub sources: Vec<Source>,
    /// The findings that were fixed, round by round, each round in the order of the text.
    pub findings: Vec<FixedFinding>,
}

/// A finding that was fixed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixedFinding {
    /// The code of the finding.
    pub code: Code,
    /// The message of the finding.
    pub message: String,
    /// The path of the file.
    pub path: String,
    /// The line, counted from 1, in the file as it was before this fix.
    pub line: usize,
}

/// The findings of rule files: their errors or, if there are none, their warnings.
pub fn findings(sources: Vec<Source>) -> Diagnostics {
    match Policy::from_sources(sources) {
        Ok(policy) => lint(&compile(Arc::new(policy))),
        Err(errors) => errors,
    }
}

/// Applies the edits of findings until no edit is left that can be applied safely.
///
/// An edit is kept only if it makes nothing worse. Fixing a syntax error lets more of the file be parsed, and fixing
/// the name of an attribute lets more clauses be checked: both can reveal errors that were hidden before. Every other
/// edit must leave fewer findings and must not cause a new one.
///
/// ```
/// use meterwarden::Source;
/// use meterwarden_authoring::fix;
///
/// let fixed = fix(vec![Source::new("a.rules", "tag critical “stops supply”")]);
/// assert_eq!(fixed.sources[0].text, "tag critical \"stops supply\"");
/// ```
pub fn fix(mut sources: Vec<Source>) -> Fixed {
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    let mut remaining = findings(sources.clone());
    let mut fixed = Vec::new();
    for _ in 0..MAX_FIX_ROUNDS {
        let Some(better) = STAGES.iter().find_map(|stage| round(&sources, &remaining, stage)) else { break };
        fixed.extend(better.fixed);
        sources = better.sources;
        remaining = better.remaining;
    }
    Fixed { sources, findings: fixed }
}

/// Findings that are fixed together, and the test that the result is better.
struct Stage {
    takes: fn(Code) -> bool,
    /// Compares the findings before with those after.
    is_better: fn(&Diagnostics, &Diagnostics) -> bool,
}

/// Syntax errors come first, then unknown attributes, because both hide errors that follow them.
const STAGES: [Stage; 3] = [
    Stage { takes: |code| code == Code::Syntax, is_better: parses_further },
    Stage { takes: |code| code == Code::UnknownAttribute, is_better: has_fewer_unknown_attributes },
    Stage { takes: |_| true, is_better: has_fewer_findings },
];

/// Fixes all findings of a stage at once or, if that makes something worse, the first finding whose fix does not.
fn round(sources: &[Source], findings: &Diagnostics, stage: &Stage) -> Option<Attempt> {
    let candidates = candidates(findings, stage);
    let attempt = |chosen: &[&Diagnostic]| attempt(sources, findings, chosen, stage);
    attempt(&candidates).or_else(|| candidates.iter().find_map(|finding| attempt(&[*finding])))
}

/// The findings of a stage that have a fix. A finding whose edits conflict with those of an earlier one is left out.
fn candidates<'f>(findings: &'f Diagnostics, stage: &Stage) -> Vec<&'f Diagnostic> {
    let mut taken: Vec<Span> = Vec::new();
    let mut candidates = Vec::new();
    for finding in
        findings.found().iter().filter(|finding| !finding.fix.is_empty() && (stage.takes)(finding.code))
    {
        let mut spans: Vec<Span> = finding.fix.iter().map(|edit| edit.span).collect();
        if spans.iter().all(|span| !taken.iter().any(|earlier| conflict(*span, *earlier))) {
            taken.append(&mut spans);
            candidates.push(finding);
        }
    }
    candidates
}

/// Whether two edits cannot both be made: they overlap, or both insert at the same place.
fn conflict(first: Span, second: Span) -> bool {
    let overlap = first.start < second.end && second.start < first.end;
    first.file == second.file && (overlap || first.start == second.start)
}

/// The result of some edits.
struct Attempt {
    sources: Vec<Source>,
    remaining: Diagnostics,
    fixed: Vec<FixedFinding>,
}

/// The files with the edits of the chosen findings made, if that makes nothing worse.
fn attempt(
    sources: &[Source],
    before: &Diagnostics,
    chosen: &[&Diagnostic],
    stage: &Stage,
) -> Option<Attempt> {
    if chosen.is_empty() {
        return None;
    }
    let edits = chosen.iter().flat_map(|finding| &finding.fix).collect();
    let sources = apply(sources, edits)?;
    let after = findings(sources.clone());
    let fixed = || chosen.iter().map(|finding| fixed_finding(before, finding)).collect();
    (stage.is_better)(before, &after).then(|| Attempt { sources, fixed: fixed(), remaining: after })
}

fn fixed_finding(findings: &Diagnostics, finding: &Diagnostic) -> FixedFinding {
    let source = findings.sources().get(finding.span.file as usize);
    FixedFinding {
        code: finding.code,
        message: finding.message.clone(),
        path: source.map_or_else(String::new, |source| source.path.clone()),
        line: source.map_or(1, |source| source.line_column(finding.span.start as usize).0),
    }
}

/// The files with every edit made. Edits are made from the last to the first, so that the offsets of those that are
/// still to be made stay right.
fn apply(sources: &[Source], mut edits: Vec<&Edit>) -> Option<Vec<Source>> {
    let mut sources = sources.to_vec();
    edits.sort();
    for edit in edits.iter().rev() {
        let text = &mut sources.get_mut(edit.span.file as usize)?.text;
        let range = edit.span.start as usize..edit.span.end as usize;
        text.get(range.clone())?;
        text.replace_range(range, &edit.text);
    }
    Some(sources)
}

/// Whether there are fewer syntax errors, or the same number and the first of them is nearer to the end of its file.
fn parses_further(before: &Diagnostics, after: &Diagnostics) -> bool {
    // Measured from the end of the file, because the edits move everything that follows them.
    let first = |findings: &Diagnostics| {
        let first = findings.found().iter().find(|finding| finding.code == Code::Syntax)?;
        let length = findings.sources().get(first.span.file as usize)?.text.len();
        Some((first.span.file, Reverse(length.saturating_sub(first.span.start as usize))))
    };
    let (errors_before, errors_after) = (count(before, Code::Syntax), count(after, Code::Syntax));
    errors_after < errors_before || errors_after == errors_before && first(after) > first(before)
}

/// Whether there are fewer unknown attributes, and no more syntax errors.
fn has_fewer_unknown_attributes(before: &Diagnostics, after: &Diagnostics) -> bool {
    let fewer = count(after, Code::UnknownAttribute) < count(before, Code::UnknownAttribute);
    fewer && count(after, Code::Syntax) <= count(before, Code::Syntax)
}

fn count(findings: &Diagnostics, code: Code) -> usize {
    findings.found().iter().filter(|finding| finding.code == code).count()
}

/// Whether some findings are gone and none is new. If there were errors before, only errors are compared: warnings are
/// reported only for files without errors.
fn has_fewer_findings(before: &Diagnostics, after: &Diagnostics) -> bool {
    let had_errors = before.count(Severity::Error) > 0;
    let is_compared = |finding: &&Diagnostic| !had_errors || finding.code.severity() == Severity::Error;
    let key = |finding: &Diagnostic| (finding.code, finding.message.clone());
    let mut gone: Vec<_> = before.found().iter().filter(is_compared).map(key).collect();
    for finding in after.found().iter().filter(is_compared).map(key) {
        let Some(position) = gone.iter().position(|earlier| *earlier == finding) else { return false };
        gone.swap_remove(position);
    }
    !gone.is_empty()
}
