//! The arguments of `fmt`.

use std::path::PathBuf;

use clap::Args;

/// The arguments of `fmt`.
#[derive(Args, Debug)]
pub(crate) struct Fmt {
    /// Folders of rule files, rule files, or `-` for standard input to standard output [default: the folder `rules`]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Write nothing; list the files that are not formatted
    #[arg(long)]
    pub(crate) check: bool,
    /// Write nothing; show the changes as a patch
    #[arg(long)]
    pub(crate) diff: bool,
}

pub(super) const HELP: &str = "\
Examples:
  meterwarden fmt
  meterwarden fmt rules/vocabulary.rules
  meterwarden fmt --check rules
  meterwarden fmt - < draft.rules

Only blanks and line breaks change. No word and no comment is lost, moved or altered: the formatted
text is read again, and written only if it is the same rules with the same comments. Lines end with
a line feed, and a byte order mark is removed. A file that does not parse is not changed.

Exit code, the highest that applies:
  0  every file is formatted
  1  a file could not be read, parsed or written
  2  with --check or --diff: a file is not formatted";
