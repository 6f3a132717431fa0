//! `// allow CODE: reason` above an item: that one warning is meant there. `idle-allow` where it silences nothing,
//! `bad-allow` where it names no warning or gives no reason.
//!
//! The comment stands on a line of its own, with nothing but comments between it and the line on which the item begins.
//! It silences findings about the item and about everything in it, and where several could, the innermost does.

use meterwarden::base::suggest;
use meterwarden::language::ast::{Comment, File};
use meterwarden::language::diagnostic::{Code, Diagnostic, Severity};
use meterwarden::policy::source::{Source, Span};

use super::places::{Lines, places};
use super::written::Written;

/// What is left of the findings, and what is to be said of the comments.
pub(super) fn applied(written: &Written<'_>, found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let sources = written.policy.sources().iter().zip(written.files);
    let mut allows: Vec<Allow> = sources.flat_map(|(source, file)| of_file(source, file)).collect();
    let mut left: Vec<Diagnostic> = found.into_iter().filter(|one| !silenced(&mut allows, one)).collect();
    left.extend(allows.iter().filter_map(|allow| allow.said(written)));
    left
}

/// One `// allow …`.
struct Allow {
    comment: Span,
    /// The line of the comment, with its end.
    line: Span,
    word: String,
    code: Option<Code>,
    reason: bool,
    /// The items that begin on the line below.
    items: Vec<Span>,
    used: bool,
}

fn of_file(source: &Source, file: &File) -> Vec<Allow> {
    if !file.comments.iter().any(|comment| read(comment).is_some()) {
        return Vec::new();
    }
    let lines = Lines::of(&source.text);
    let places = places(file);
    file.comments
        .iter()
        .filter_map(|comment| {
            let (word, reason) = read(comment)?;
            let line = lines.line(comment.span.start);
            let below = lines.below_comments(line).filter(|_| lines.is_comment(line));
            let begins = |span: &&Span| below.is_some_and(|below| lines.line(span.start) == below);
            Some(Allow {
                comment: comment.span,
                line: lines.whole(line, comment.span),
                word: word.to_owned(),
                code: Code::named(word),
                reason: !reason.is_empty(),
                items: places.iter().filter(begins).copied().collect(),
                used: false,
            })
        })
        .collect()
}

/// The code and the reason of a comment that is an `allow`. Prose may begin with that word too: it has no name of a
/// finding behind it, and no colon behind that.
fn read(comment: &Comment) -> Option<(&str, &str)> {
    let rest = comment.text.strip_prefix("allow").filter(|_| !comment.doc)?;
    let rest = rest.strip_prefix([' ', '\t'])?.trim_start();
    let end =
        rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))).unwrap_or(rest.len());
    let (word, behind) = rest.split_at_checked(end)?;
    let behind = behind.trim_start();
    let known = Code::named(word).is_some();
    match behind.strip_prefix(':') {
        Some(reason) if known || word.contains(['-', '_']) => Some((word, reason.trim())),
        None if known && (behind.is_empty() || word.contains('-')) => Some((word, "")),
        _ => None,
    }
}

/// Whether an `allow` means a finding; the innermost that does is used for it.
fn silenced(allows: &mut [Allow], one: &Diagnostic) -> bool {
    let meant = allows.iter_mut().filter(|allow| allow.code == Some(one.code) && can_be_allowed(one.code));
    let innermost =
        meant.filter_map(|allow| Some((allow.around(one.span)?, allow))).min_by_key(|(size, _)| *size);
    innermost.map(|(_, allow)| allow.used = true).is_some()
}

/// Errors cannot, nor can what is said of the comments themselves.
fn can_be_allowed(code: Code) -> bool {
    code.severity() == Severity::Warning && !matches!(code, Code::IdleAllow | Code::BadAllow)
}

impl Allow {
    /// How long the item is in which a place lies.
    fn around(&self, place: Span) -> Option<u32> {
        let around =
            |item: &&Span| item.file == place.file && item.start <= place.start && place.end <= item.end;
        self.items.iter().filter(around).map(|item| item.end - item.start).min()
    }

    fn said(&self, written: &Written<'_>) -> Option<Diagnostic> {
        let Some(code) = self.code else { return Some(self.unknown()) };
        let word = &self.word;
        if !can_be_allowed(code) {
            let what = if code.severity() == Severity::Error { "an error" } else { "about `allow` itself" };
            return Some(
                self.bad(format!("`{word}` is {what}, and cannot be allowed")).help("drop the comment"),
            );
        }
        if !self.reason {
            let help = format!("write why behind a colon: `// allow {word}: …`");
            return Some(self.bad("this `allow` gives no reason".to_owned()).help(help));
        }
        (!self.used).then(|| self.idle(written))
    }

    fn idle(&self, written: &Written<'_>) -> Diagnostic {
        let found = Diagnostic::new(Code::IdleAllow, self.comment, "this `allow` silences nothing");
        let found = match self.items.iter().min_by_key(|item| (item.start, std::cmp::Reverse(item.end))) {
            Some(item) => {
                let first = written.policy.text(*item).lines().next().unwrap_or_default();
                found.label(format!("nothing in `{}` is `{}`", first.trim_end_matches(['{', ' ']), self.word))
            }
            None => {
                found.label("it stands above no item; its place is the line before the item that it means")
            }
        };
        found.help("drop it").fix(self.line, "")
    }

    fn unknown(&self) -> Diagnostic {
        let codes = Code::ALL.iter().filter(|code| can_be_allowed(**code)).map(|code| code.name());
        let help = suggest::did_you_mean(&self.word, codes)
            .unwrap_or_else(|| "the code of a warning stands in brackets where it is shown".to_owned());
        self.bad(format!("`{}` is not the code of a warning", self.word)).help(help)
    }

    fn bad(&self, message: String) -> Diagnostic {
        Diagnostic::new(Code::BadAllow, self.comment, message)
    }
}
