//! Runs again whenever a folder changes.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use meterwarden::files;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::limits::WATCH_PAUSE;
use crate::terminal;

/// Runs once, and again after each change to the rule files and scenario files of a folder, until Ctrl-C.
pub(super) fn run(folder: &Path, round: impl FnMut() -> Result<Exit, Failure>) -> Result<Exit, Failure> {
    rounds(changes(folder), round, &format!("\nwatching `{}`: Ctrl-C ends it\n", folder.display()), write)
}

/// Runs until `changes` end, which they do in tests only; returns the exit code of the last round. A failure of a round
/// is shown, and the next change may fix it. Only a closed output ends the rounds.
fn rounds(
    changes: impl Iterator<Item = ()>,
    mut round: impl FnMut() -> Result<Exit, Failure>,
    waiting: &str,
    mut write: impl FnMut(&str) -> io::Result<()>,
) -> Result<Exit, Failure> {
    let mut exit = Exit::Fine;
    for () in std::iter::once(()).chain(changes) {
        write(terminal::clear())?;
        exit = match round() {
            Err(Failure::Output(error)) => return Err(Failure::Output(error)),
            result => result.unwrap_or_else(|failure| terminal::report(&failure)),
        };
        write(waiting)?;
    }
    Ok(exit)
}

fn write(text: &str) -> io::Result<()> {
    let mut out = terminal::stdout();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// The state of a folder: its files, each with its length and the time of its last change.
type FolderState = BTreeMap<PathBuf, Option<(u64, SystemTime)>>;

/// The changes to a folder. A change is given out once the files have stopped changing.
struct Changes<R> {
    read_state: R,
    /// The state that the last round ran on.
    last_run: FolderState,
    pause: Duration,
}

fn changes(folder: &Path) -> Changes<impl FnMut() -> FolderState> {
    let folder = folder.to_owned();
    let read_state = move || folder_state(&folder);
    Changes { last_run: read_state(), read_state, pause: WATCH_PAUSE }
}

impl<R: FnMut() -> FolderState> Iterator for Changes<R> {
    type Item = ();

    /// Waits for a change. An editor writes a file in several steps, and a checkout writes many files, so the change
    /// counts only when two reads give the same state.
    fn next(&mut self) -> Option<()> {
        let mut before = self.last_run.clone();
        loop {
            sleep(self.pause);
            let now = (self.read_state)();
            if now == before && now != self.last_run {
                self.last_run = now;
                return Some(());
            }
            before = now;
        }
    }
}

/// A folder that cannot be read counts as empty: the round that follows reports why.
fn folder_state(folder: &Path) -> FolderState {
    let files = |ending| files(folder, ending).unwrap_or_default();
    let paths = ["rules", "scenarios.yaml"].into_iter().flat_map(files);
    paths.map(|path| (path.clone(), file_state(&path))).collect()
}

fn file_state(path: &Path) -> Option<(u64, SystemTime)> {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.len(), metadata.modified().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state_with(length: u64) -> FolderState {
        BTreeMap::from([(PathBuf::from("a.rules"), Some((length, SystemTime::UNIX_EPOCH)))])
    }

    /// A file that grows over three reads is one change; a file that returns to its earlier state is none.
    #[test]
    fn a_change_counts_once_when_the_files_are_at_rest() {
        let mut lengths = [2, 3, 4, 4, 4, 5, 4, 4, 1, 1].into_iter();
        let mut left = lengths.len();
        let mut changes = Changes {
            read_state: || {
                left -= 1;
                state_with(lengths.next().unwrap())
            },
            last_run: state_with(1),
            pause: Duration::ZERO,
        };
        assert_eq!(changes.next(), Some(()));
        assert_eq!(changes.last_run, state_with(4));
        assert_eq!(changes.next(), Some(()));
        assert_eq!(changes.last_run, state_with(1));
        drop(changes);
        assert_eq!(left, 0);
    }

    /// One round before the first change and one after each, whatever the result of a round.
    #[test]
    fn a_round_that_fails_is_not_the_last() {
        let mut results =
            vec![Ok(Exit::Refused), Err(Failure::NoScenario("none".to_owned())), Ok(Exit::Fine)];
        let mut written = String::new();
        let write = |text: &str| {
            written.push_str(text.trim());
            Ok(())
        };
        let exit = rounds([(), ()].into_iter(), || results.pop().unwrap(), "waiting;", write);
        assert_eq!(exit.unwrap(), Exit::Refused);
        assert_eq!((results.len(), written.as_str()), (0, "waiting;waiting;waiting;"));
    }

    #[test]
    fn a_closed_output_is_the_end() {
        let closed = || io::Error::from(io::ErrorKind::BrokenPipe);
        let endless = || std::iter::repeat(());
        let unread = rounds(endless(), || Err(Failure::Output(closed())), "", |_| Ok(()));
        assert!(matches!(unread, Err(Failure::Output(_))));
        let unread = rounds(endless(), || Ok(Exit::Fine), "", |_| Err(closed()));
        assert!(matches!(unread, Err(Failure::Output(_))));
    }
}
