//! What `fmt` takes.

use std::path::PathBuf;

use clap::Args;

/// The arguments of `fmt`.
#[derive(Args, Debug)]
pub(crate) struct Fmt {
    /// Folders of rule files, rule files, or `-` for standard input to standard output; left out, the folder `rules` here
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Write nothing; list the files that are not laid out
    #[arg(long)]
    pub(crate) check: bool,
    /// Write nothing; show what would change, as a patch
    #[arg(long)]
    pub(crate) diff: bool,
}

pub(super) const FMT: &str = "\
Examples:
  meterwarden fmt
  meterwarden fmt rules/vocabulary.rules
  meterwarden fmt --check rules
  meterwarden fmt - < draft.rules

Only blanks and line breaks change. No word and no comment is lost, moved or altered; a layout that
does not read back as the same rules, comment by comment, is never written. Lines end with a line
feed, and a byte order mark is dropped. A file that does not parse is left as it is.

Exit code, of several the highest:
  0  every file is laid out
  1  a file could not be read, parsed or written
  2  with --check or --diff: a file is not laid out";
