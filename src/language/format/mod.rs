//! [`ast`](crate::language::ast) to text: one way to lay a rule file out.
//!
//! Only what stands between the words changes: blanks and line breaks. Every word and every comment stays where it is,
//! and every run proves it: the text that would be printed is parsed, and has to be the same tree, with every comment
//! between the same two words.
//!
//! Lines end with a line feed, a byte order mark is dropped, and no blank is left at the end of a line.

mod gaps;
mod page;
mod chunk;
mod layout;
mod clauses;
mod places;
mod proof;

use std::borrow::Cow;

use crate::language::diagnostic::{Diagnostics, Severity};
use crate::language::parse::parse;
use crate::policy::source::Source;

/// Where lists wrap. A text is never broken, nor a comment, so that a line with one may be longer.
const MARGIN: usize = 120;

/// How far what stands between braces is indented.
const INDENT: usize = 4;

/// Why a rule file was not laid out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// Its author has something to mend first.
    #[error(transparent)]
    Syntax(#[from] Diagnostics),
    /// The layout says something else than the file, so nobody gets to see it.
    #[error(
        "`{0}` is left as it is: its layout would not read as the same rules, which is a mistake of ours"
    )]
    Unproved(String),
}

/// Lays a rule file out. What is laid out already stays as it is, to the byte.
///
/// # Errors
///
/// The file does not parse.
///
/// ```
/// use meterwarden::{Source, format};
///
/// let source = Source::new("a.rules", "modification M1{effective 2023-06-29 // targeted\nsource \"the report\"}");
/// let laid_out = "\
/// modification M1 {
///     effective  2023-06-29  // targeted
///     source     \"the report\"
/// }
/// ";
/// assert_eq!(format(&source)?, laid_out);
/// # Ok::<(), meterwarden::FormatError>(())
/// ```
pub fn format(source: &Source) -> Result<String, FormatError> {
    let parsed = parse(source, 0);
    if parsed.found.iter().any(|one| one.code.severity() == Severity::Error) {
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
    let laid_out = layout::lay_out(&file, &text).filter(|laid_out| proof::holds(file, &text, laid_out));
    laid_out.ok_or_else(|| FormatError::Unproved(source.path.clone()))
}

/// A text without the marks of other systems: line ends as a line feed, no byte order mark.
fn plain(text: &str) -> Cow<'_, str> {
    let text = text.strip_prefix('\u{feff}').map_or(Cow::Borrowed(text), |rest| Cow::Owned(rest.to_owned()));
    if text.contains('\r') { Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")) } else { text }
}
