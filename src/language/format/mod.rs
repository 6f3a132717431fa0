//! [`ast`](crate::language::ast) to text: one layout for every rule file.
//!
//! Formatting changes only what is between the words: blanks and line breaks. Every word and every comment stays in its
//! order, and every run proves it: the formatted text must parse, and must have the same words in the same order, with
//! every comment between the same two words.
//!
//! Lines end with a line feed, a byte order mark is dropped, and no line ends with a blank.

mod gaps;
mod page;
mod chunk;
mod layout;
mod fields;
mod clauses;
mod proof;

use std::borrow::Cow;

use crate::language::diagnostic::{Diagnostics, Severity};
use crate::language::parse::parse;
use crate::policy::source::Source;

/// The column at which lists wrap. Texts and comments are never broken, so a line with one may be longer.
const MARGIN: usize = 120;

/// How far the lines between braces are indented.
const INDENT: usize = 4;

/// Whether two texts of rule files have the same words and comments in the same places, so that only blanks and line
/// breaks differ. Not stable: `format` proves its own result with it.
pub fn differs_in_blanks_only(text: &str, formatted: &str) -> bool {
    proof::holds(&parse(&Source::new("", text), 0).file, text, formatted)
}

/// Why a rule file was not formatted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// The file has mistakes that the author must fix first.
    #[error(transparent)]
    Syntax(#[from] Diagnostics),
    /// The formatted text differs from the file in more than blanks and line breaks: a defect of the formatter.
    #[error(
        "`{0}` is left unchanged: the formatted text would not mean the same rules, which is a defect of the formatter"
    )]
    Unproved(String),
}

/// Formats a rule file. A formatted file stays unchanged, to the byte.
///
/// # Errors
///
/// The file does not parse.
///
/// ```
/// use meterwarden::{Source, format};
///
/// let source = Source::new("a.rules", "modification M1{effective 2023-06-29 // targeted\nsource \"the report\"}");
/// let formatted = "\
/// modification M1 {
///     effective  2023-06-29  // targeted
///     source     \"the report\"
/// }
/// ";
/// assert_eq!(format(&source)?, formatted);
/// # Ok::<(), meterwarden::FormatError>(())
/// ```
pub fn format(source: &Source) -> Result<String, FormatError> {
    let parsed = parse(source, 0);
    if parsed.found.iter().any(|finding| finding.code.severity() == Severity::Error) {
        return Err(Diagnostics::new(vec![source.clone()], parsed.found).into());
    }
    let (text, file) = match plain(&source.text) {
        Cow::Borrowed(text) => (Cow::Borrowed(text), parsed.file),
        Cow::Owned(text) => {
            let source = Source::new(source.path.as_str(), text);
            let file = parse(&source, 0).file;
            (Cow::Owned(source.text), file)
        }
    };
    let formatted = layout::lay_out(&file, &text).filter(|formatted| proof::holds(&file, &text, formatted));
    formatted.ok_or_else(|| FormatError::Unproved(source.path.clone()))
}

/// A text without the marks of other systems: line ends as a line feed, no byte order mark.
fn plain(text: &str) -> Cow<'_, str> {
    let text = text.strip_prefix('\u{feff}').map_or(Cow::Borrowed(text), |rest| Cow::Owned(rest.to_owned()));
    if text.contains('\r') { Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")) } else { text }
}
