//! Mends what has one safe answer: the edits that findings carry, as far as they make nothing worse.

use std::cmp::Reverse;
use std::sync::Arc;

use crate::lint::lint;
use meterwarden::language::diagnostic::{Code, Diagnostic, Diagnostics, Edit, Severity};
use meterwarden::plan::compile;
use meterwarden::policy::Policy;
use meterwarden::policy::source::{Source, Span};

/// Edits that bring about further ones do so a few times, not for ever.
const MOST_ROUNDS: usize = 100;

/// Rule files, and what was mended in them.
#[derive(Clone, Debug)]
pub struct Fixed {
    /// The files, in path order.
    pub sources: Vec<Source>,
    /// What was mended, round by round, each in the order of the text.
    pub mended: Vec<Mended>,
}

/// A finding that is no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mended {
    /// Which.
    pub code: Code,
    /// What it said.
    pub message: String,
    /// The file.
    pub path: String,
    /// The line of the file as it was when this was mended, counted from 1.
    pub line: usize,
}

/// Everything that is to be said of rule files: their errors, or where there is none, what deserves a word.
pub fn findings(sources: Vec<Source>) -> Diagnostics {
    match Policy::from_sources(sources) {
        Ok(policy) => lint(&compile(Arc::new(policy))),
        Err(found) => found,
    }
}

/// Applies the edits of findings, until none is left that could be applied safely.
///
/// An edit is kept only if it makes nothing worse. One for a syntax error has the file be read further, one for an
/// attribute has more of it understood; behind both may lie mistakes that nobody could see before. Any other leaves fewer
/// findings, and brings none that was not there.
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
    let mut found = findings(sources.clone());
    let mut mended = Vec::new();
    for _ in 0..MOST_ROUNDS {
        let Some(better) = STAGES.iter().find_map(|stage| round(&sources, &found, stage)) else { break };
        mended.extend(better.mended);
        sources = better.sources;
        found = better.found;
    }
    Fixed { sources, mended }
}

/// Which findings to mend together, and when that was worth it.
struct Stage {
    takes: fn(Code) -> bool,
    is_better: fn(&Diagnostics, &Diagnostics) -> bool,
}

/// What cannot be read comes first, then the attributes of clauses, for both hide what stands behind them.
const STAGES: [Stage; 3] = [
    Stage { takes: |code| code == Code::Syntax, is_better: reads_further },
    Stage { takes: |code| code == Code::UnknownAttribute, is_better: knows_more },
    Stage { takes: |_| true, is_better: nothing_new },
];

/// Mends all of a stage at once or, if that makes something worse, the first that does not.
fn round(sources: &[Source], found: &Diagnostics, stage: &Stage) -> Option<Attempt> {
    let candidates = candidates(found, stage);
    let attempt = |chosen: &[&Diagnostic]| attempt(sources, found, chosen, stage);
    attempt(&candidates).or_else(|| candidates.iter().find_map(|one| attempt(&[*one])))
}

/// The findings of a stage that can be mended, their edits apart from one another.
fn candidates<'f>(found: &'f Diagnostics, stage: &Stage) -> Vec<&'f Diagnostic> {
    let mut taken: Vec<Span> = Vec::new();
    let mut apart = Vec::new();
    for one in found.found().iter().filter(|one| !one.fix.is_empty() && (stage.takes)(one.code)) {
        let mut spans: Vec<Span> = one.fix.iter().map(|edit| edit.span).collect();
        if spans.iter().all(|span| !taken.iter().any(|other| touch(*span, *other))) {
            taken.append(&mut spans);
            apart.push(one);
        }
    }
    apart
}

/// Whether two edits cannot both be made: they overlap, or insert at one place.
fn touch(one: Span, other: Span) -> bool {
    one.file == other.file && (one.start < other.end && other.start < one.end || one.start == other.start)
}

struct Attempt {
    sources: Vec<Source>,
    found: Diagnostics,
    mended: Vec<Mended>,
}

/// The files with the edits made, if that makes nothing worse.
fn attempt(
    sources: &[Source],
    found: &Diagnostics,
    chosen: &[&Diagnostic],
    stage: &Stage,
) -> Option<Attempt> {
    if chosen.is_empty() {
        return None;
    }
    let edits = chosen.iter().flat_map(|one| &one.fix).collect();
    let sources = edited(sources, edits)?;
    let after = findings(sources.clone());
    let mended = || chosen.iter().map(|one| mended(found, one)).collect();
    (stage.is_better)(found, &after).then(|| Attempt { sources, mended: mended(), found: after })
}

fn mended(found: &Diagnostics, one: &Diagnostic) -> Mended {
    let source = found.sources().get(one.span.file as usize);
    Mended {
        code: one.code,
        message: one.message.clone(),
        path: source.map_or_else(String::new, |source| source.path.clone()),
        line: source.map_or(1, |source| source.line_column(one.span.start as usize).0),
    }
}

/// The files with every edit made, from the last to the first, so that places stay where they are.
fn edited(sources: &[Source], mut edits: Vec<&Edit>) -> Option<Vec<Source>> {
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

/// Whether there are fewer syntax errors, or as many, of which the first lies nearer to the end of its file.
fn reads_further(before: &Diagnostics, after: &Diagnostics) -> bool {
    let first = |found: &Diagnostics| {
        let first = found.found().iter().find(|one| one.code == Code::Syntax)?;
        let length = found.sources().get(first.span.file as usize)?.text.len();
        Some((first.span.file, Reverse(length.saturating_sub(first.span.start as usize))))
    };
    let (one, other) = (count(before, Code::Syntax), count(after, Code::Syntax));
    other < one || other == one && first(after) > first(before)
}

/// Whether fewer attributes are unknown, and no less can be read.
fn knows_more(before: &Diagnostics, after: &Diagnostics) -> bool {
    let fewer = count(after, Code::UnknownAttribute) < count(before, Code::UnknownAttribute);
    fewer && count(after, Code::Syntax) <= count(before, Code::Syntax)
}

fn count(found: &Diagnostics, code: Code) -> usize {
    found.found().iter().filter(|one| one.code == code).count()
}

/// Whether every finding after was there before, and some are gone. Where there were errors nobody had looked for
/// anything else.
fn nothing_new(before: &Diagnostics, after: &Diagnostics) -> bool {
    let errors = before.count(Severity::Error) > 0;
    let counted = |one: &&Diagnostic| !errors || one.code.severity() == Severity::Error;
    let key = |one: &Diagnostic| (one.code, one.message.clone());
    let mut left: Vec<_> = before.found().iter().filter(counted).map(key).collect();
    for one in after.found().iter().filter(counted).map(key) {
        let Some(at) = left.iter().position(|other| *other == one) else { return false };
        left.swap_remove(at);
    }
    !left.is_empty()
}
