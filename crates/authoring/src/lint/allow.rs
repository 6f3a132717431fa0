//! `// allow CODE: reason` above an item suppresses a warning about it. `idle-allow` reports a comment that suppresses
//! nothing; `bad-allow` reports a comment that names no warning or gives no reason.
//!
//! The comment is on a line of its own. Only comments may be between it and the line on which the item begins. It
//! suppresses findings about the item and about everything in it. If several comments could suppress a finding, the one
//! on the innermost item does.

use std::cmp::Reverse;

use meterwarden::base::suggest;
use meterwarden::language::ast::{Comment, File};
use meterwarden::language::diagnostic::{Code, Diagnostic, Severity};
use meterwarden::policy::source::{Source, Span};

use super::item_spans::item_spans;
use super::lines::Lines;
use super::syntax::Syntax;

/// The findings that no comment suppresses, and the findings about the comments themselves.
pub(super) fn apply(syntax: &Syntax<'_>, findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let files = syntax.policy.sources().iter().zip(syntax.files);
    let mut allows: Vec<Allow> = files.flat_map(|(source, file)| in_file(source, file)).collect();
    let mut left: Vec<Diagnostic> =
        findings.into_iter().filter(|finding| !suppress(&mut allows, finding)).collect();
    left.extend(allows.iter().filter_map(|allow| allow.finding(syntax)));
    left
}

/// One `// allow …` comment.
struct Allow {
    comment: Span,
    /// The text to remove with the comment.
    removal: Span,
    word: String,
    code: Option<Code>,
    has_reason: bool,
    /// The items that begin on the next line that is not a comment.
    items: Vec<Span>,
    is_used: bool,
}

fn in_file(source: &Source, file: &File) -> Vec<Allow> {
    if !file.comments.iter().any(|comment| parse(comment).is_some()) {
        return Vec::new();
    }
    let lines = Lines::of(&source.text);
    let item_spans = item_spans(file);
    file.comments
        .iter()
        .filter_map(|comment| {
            let (word, reason) = parse(comment)?;
            let line = lines.line(comment.span.start);
            let item_line = lines.after_comments(line).filter(|_| lines.is_comment(line));
            let begins_there =
                |span: &&Span| item_line.is_some_and(|item_line| lines.line(span.start) == item_line);
            Some(Allow {
                comment: comment.span,
                removal: lines.removal(line, comment.span),
                word: word.to_owned(),
                code: Code::named(word),
                has_reason: !reason.is_empty(),
                items: item_spans.iter().filter(begins_there).copied().collect(),
                is_used: false,
            })
        })
        .collect()
}

/// The code and the reason of an `allow` comment. `None` for prose that begins with the word "allow": no name of a
/// finding follows, or no colon after something that looks like one.
fn parse(comment: &Comment) -> Option<(&str, &str)> {
    let rest = comment.text.strip_prefix("allow").filter(|_| !comment.doc)?;
    let rest = rest.strip_prefix([' ', '\t'])?.trim_start();
    let end =
        rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))).unwrap_or(rest.len());
    let (word, after) = rest.split_at_checked(end)?;
    let after = after.trim_start();
    let is_code = Code::named(word).is_some();
    match after.strip_prefix(':') {
        Some(reason) if is_code || word.contains(['-', '_']) => Some((word, reason.trim())),
        None if is_code && (after.is_empty() || word.contains('-')) => Some((word, "")),
        _ => None,
    }
}

/// Whether some comment suppresses a finding. The one on the innermost item is marked as used.
fn suppress(allows: &mut [Allow], finding: &Diagnostic) -> bool {
    let matching =
        allows.iter_mut().filter(|allow| allow.code == Some(finding.code) && can_be_allowed(finding.code));
    let innermost = matching
        .filter_map(|allow| Some((allow.length_around(finding.span)?, allow)))
        .min_by_key(|(length, _)| *length);
    innermost.map(|(_, allow)| allow.is_used = true).is_some()
}

/// Errors and the findings about the comments themselves cannot be suppressed.
fn can_be_allowed(code: Code) -> bool {
    code.severity() == Severity::Warning && !matches!(code, Code::IdleAllow | Code::BadAllow)
}

impl Allow {
    /// The length of the innermost item that contains a place, in bytes.
    fn length_around(&self, place: Span) -> Option<u32> {
        let contains =
            |item: &&Span| item.file == place.file && item.start <= place.start && place.end <= item.end;
        self.items.iter().filter(contains).map(|item| item.end - item.start).min()
    }

    /// The finding about the comment itself, if there is one.
    fn finding(&self, syntax: &Syntax<'_>) -> Option<Diagnostic> {
        let Some(code) = self.code else { return Some(self.unknown_code()) };
        let word = &self.word;
        if !can_be_allowed(code) {
            let what = if code.severity() == Severity::Error { "an error" } else { "about `allow` itself" };
            return Some(
                self.bad(format!("`{word}` is {what}, and cannot be allowed")).help("drop the comment"),
            );
        }
        if !self.has_reason {
            let help = format!("write why after a colon: `// allow {word}: …`");
            return Some(self.bad("this `allow` gives no reason".to_owned()).help(help));
        }
        (!self.is_used).then(|| self.idle(syntax))
    }

    fn idle(&self, syntax: &Syntax<'_>) -> Diagnostic {
        let finding = Diagnostic::new(Code::IdleAllow, self.comment, "this `allow` silences nothing");
        let finding = match self.items.iter().min_by_key(|item| (item.start, Reverse(item.end))) {
            Some(item) => {
                let first_line = syntax.policy.text(*item).lines().next().unwrap_or_default();
                let item = first_line.trim_end_matches(['{', ' ']);
                finding.label(format!("nothing in `{item}` is `{}`", self.word))
            }
            None => {
                finding.label("no item follows it; write it on the line before the item that it is about")
            }
        };
        finding.help("drop it").fix(self.removal, "")
    }

    fn unknown_code(&self) -> Diagnostic {
        let codes = Code::ALL.iter().filter(|code| can_be_allowed(**code)).map(|code| code.name());
        let help = suggest::did_you_mean(&self.word, codes)
            .unwrap_or_else(|| "the code of a warning is in brackets in the warning".to_owned());
        self.bad(format!("`{}` is not the code of a warning", self.word)).help(help)
    }

    fn bad(&self, message: String) -> Diagnostic {
        Diagnostic::new(Code::BadAllow, self.comment, message)
    }
}
