//! Every numeric limit of the command, each with its reason: how much is read, and how much is shown.

use std::time::Duration;

// What is read.

/// The longest DUIS message or request file, in bytes: such files are read whole. A file of request lines has no limit.
pub(crate) const MESSAGE_BYTES: usize = meterwarden_duis::Limits::DEFAULT.bytes;

/// The longest request line, in bytes: 1 MiB. A request has under a thousand.
pub(crate) const REQUEST_LINE_BYTES: usize = 1024 * 1024;

/// How many bytes of a file of a git revision are kept: one more than the 1 MiB that a rule file may have, so that the
/// check of the rules still sees that the file is too large.
pub(crate) const GIT_FILE_BYTES: u64 = 1024 * 1024 + 1;

/// The buffer of standard input, of an input file and of standard output, in bytes, so that one system call reads or
/// writes many requests or answers.
pub(crate) const BUFFER_BYTES: usize = 64 * 1024;

/// Between two reads of a watched folder. A policy is some dozens of files, so that reading their dates costs next to
/// nothing, and no library is needed that knows each system's notifications.
pub(crate) const WATCH_PAUSE: Duration = Duration::from_millis(150);

// What is shown.

/// How many least changes `explain` shows: one is enough to try.
pub(crate) const LEAST_CHANGES: usize = 10;

/// How many failures of one `each` `test` shows: all of them would hide the failures of other cases.
pub(crate) const FAILURES_OF_EACH: usize = 10;

/// A count with more digits than this is rounded: nobody reads them all.
pub(crate) const EXACT_DIGITS: usize = 15;

/// How many pairs of response codes are named where changed codes are only counted: more would not fit a line.
pub(crate) const CODE_PAIRS: usize = 5;

/// A part of an HTML page with more regions than this is folded: a reader first sees which parts there are.
pub(crate) const HTML_OPEN_REGIONS: usize = 12;

/// Columns of a matrix whose names have at most this many characters have them above; longer names descend in steps.
pub(crate) const COLUMN_NAME_CHARACTERS: usize = 5;

/// The texts of a matrix's rows are cut to this many characters, so that the columns have room beside them.
pub(crate) const ROW_TEXT_CHARACTERS: usize = 46;

/// The unchanged lines around a change in a patch: as many as `diff -u` shows.
pub(crate) const PATCH_CONTEXT_LINES: usize = 3;

// What fits a comment on a pull request.

/// The longest comment, in bytes. Code hosts take 65,536 characters; the rest is for what a CI recipe adds.
pub(crate) const COMMENT_BYTES: usize = 64_000;

/// How many services the table of a comment has at most; the others are counted. The table alone must not fill the
/// comment.
pub(crate) const COMMENT_ROWS: usize = 200;

/// A part of a comment with more regions than this is folded: a reviewer first sees which services change.
pub(crate) const COMMENT_OPEN_REGIONS: usize = 3;

/// How many regions of a part a comment shows: the first of these numbers with which everything fits.
pub(crate) const COMMENT_REGIONS: [usize; 8] = [usize::MAX, 50, 20, 10, 5, 2, 1, 0];
