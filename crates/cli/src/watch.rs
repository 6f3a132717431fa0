//! Running again whenever a folder changes.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use meterwarden::files;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::terminal;

/// Between two looks at the folder. A policy is some dozens of files, so that a look costs next to nothing, and no library
/// is needed that knows every system's way of telling of changes.
const PAUSE: Duration = Duration::from_millis(150);

/// Runs once, and again after each change to the rule files and scenario files of a folder, until somebody ends it.
pub(crate) fn run(folder: &Path, round: impl FnMut() -> Result<Exit, Failure>) -> Result<Exit, Failure> {
    rounds(changes(folder), round, &format!("\nwatching `{}`: Ctrl-C ends it\n", folder.display()), say)
}

/// The last round's exit, if there ever is a last one. What stops a round is shown, and the next change may mend it; only
/// that nobody reads any more ends it.
fn rounds(
    changes: impl Iterator<Item = ()>,
    mut round: impl FnMut() -> Result<Exit, Failure>,
    waiting: &str,
    mut say: impl FnMut(&str) -> io::Result<()>,
) -> Result<Exit, Failure> {
    let mut exit = Exit::Fine;
    for () in std::iter::once(()).chain(changes) {
        say(terminal::clear())?;
        exit = match round() {
            Err(Failure::Output(closed)) => return Err(Failure::Output(closed)),
            done => done.unwrap_or_else(|failure| terminal::report(&failure)),
        };
        say(waiting)?;
    }
    Ok(exit)
}

fn say(text: &str) -> io::Result<()> {
    let mut out = terminal::stdout();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// The files of a folder as one look finds them, each with its length and when it was changed.
type Look = BTreeMap<PathBuf, Option<(u64, SystemTime)>>;

/// The changes to a folder, each given out once its files are at rest.
struct Changes<L> {
    look: L,
    /// What the last round was run on.
    seen: Look,
    pause: Duration,
}

fn changes(folder: &Path) -> Changes<impl FnMut() -> Look> {
    let folder = folder.to_owned();
    let look = move || self::look(&folder);
    Changes { seen: look(), look, pause: PAUSE }
}

impl<L: FnMut() -> Look> Iterator for Changes<L> {
    type Item = ();

    /// Waits for a change. An editor writes a file in several steps, and a checkout many files, so it waits until two looks
    /// are the same.
    fn next(&mut self) -> Option<()> {
        let mut before = self.seen.clone();
        loop {
            sleep(self.pause);
            let now = (self.look)();
            if now == before && now != self.seen {
                self.seen = now;
                return Some(());
            }
            before = now;
        }
    }
}

/// A folder that cannot be read looks empty: the round that follows says why.
fn look(folder: &Path) -> Look {
    let found = |ending| files(folder, ending).unwrap_or_default();
    let paths = ["rules", "scenarios.yaml"].into_iter().flat_map(found);
    paths.map(|path| (path.clone(), state(&path))).collect()
}

fn state(path: &Path) -> Option<(u64, SystemTime)> {
    let about = fs::metadata(path).ok()?;
    Some((about.len(), about.modified().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look_of(length: u64) -> Look {
        BTreeMap::from([(PathBuf::from("a.rules"), Some((length, SystemTime::UNIX_EPOCH)))])
    }

    /// A file that grows over three looks is one change; one that comes back to what it was is none.
    #[test]
    fn a_change_is_given_out_once_and_at_rest() {
        let mut lengths = [2, 3, 4, 4, 4, 5, 4, 4, 1, 1].into_iter();
        let mut left = lengths.len();
        let mut changes = Changes {
            look: || {
                left -= 1;
                look_of(lengths.next().unwrap())
            },
            seen: look_of(1),
            pause: Duration::ZERO,
        };
        assert_eq!(changes.next(), Some(()));
        assert_eq!(changes.seen, look_of(4));
        assert_eq!(changes.next(), Some(()));
        assert_eq!(changes.seen, look_of(1));
        drop(changes);
        assert_eq!(left, 0);
    }

    /// One round before the first change and one after each, whatever a round comes to.
    #[test]
    fn a_round_that_fails_is_not_the_last() {
        let mut results =
            vec![Ok(Exit::Refused), Err(Failure::NoScenario("none".to_owned())), Ok(Exit::Fine)];
        let mut said = String::new();
        let say = |text: &str| {
            said.push_str(text.trim());
            Ok(())
        };
        let exit = rounds([(), ()].into_iter(), || results.pop().unwrap(), "waiting;", say);
        assert_eq!(exit.unwrap(), Exit::Refused);
        assert_eq!((results.len(), said.as_str()), (0, "waiting;waiting;waiting;"));
    }

    #[test]
    fn nobody_reading_is_the_end() {
        let closed = || io::Error::from(io::ErrorKind::BrokenPipe);
        let endless = || std::iter::repeat(());
        let unread = rounds(endless(), || Err(Failure::Output(closed())), "", |_| Ok(()));
        assert!(matches!(unread, Err(Failure::Output(_))));
        let unread = rounds(endless(), || Ok(Exit::Fine), "", |_| Err(closed()));
        assert!(matches!(unread, Err(Failure::Output(_))));
    }
}
