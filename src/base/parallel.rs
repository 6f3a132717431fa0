//! Work shared out over threads, its results in order.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};
use std::thread::{self, ScopedJoinHandle};

/// All threads that there are for work that is worth them, otherwise one: what is small is done before a second has begun.
pub fn threads(worth_it: bool) -> NonZeroUsize {
    let all = || thread::available_parallelism().ok();
    worth_it.then(all).flatten().unwrap_or(NonZeroUsize::MIN)
}

/// What `work` makes of each item, in the order of the items. Each thread takes the next item that nobody has taken, so
/// that a large one holds up nobody else; with one thread none is started.
pub fn map<T: Send, R: Send>(
    items: impl IntoIterator<Item = T, IntoIter: ExactSizeIterator + Send>,
    threads: NonZeroUsize,
    work: impl Fn(T) -> R + Sync,
) -> Vec<R> {
    let items = items.into_iter();
    let threads = threads.get().min(items.len());
    if threads < 2 {
        return items.map(work).collect();
    }
    let left = Mutex::new(items.enumerate());
    let take = || {
        // A thread that panicked did so at work, not while it took an item.
        let next = left.lock().unwrap_or_else(PoisonError::into_inner).next();
        next.map(|(nth, item)| (nth, work(item)))
    };
    let mut done: Vec<(usize, R)> = thread::scope(|scope| {
        let started: Vec<_> =
            (0..threads).map(|_| scope.spawn(|| std::iter::from_fn(take).collect::<Vec<_>>())).collect();
        started.into_iter().flat_map(joined).collect()
    });
    done.sort_unstable_by_key(|(nth, _)| *nth);
    done.into_iter().map(|(_, result)| result).collect()
}

/// What two pieces of work come to, the first on a thread of its own where there is more than one.
pub fn both<A: Send, B>(
    threads: NonZeroUsize,
    first: impl FnOnce() -> A + Send,
    second: impl FnOnce() -> B,
) -> (A, B) {
    if threads == NonZeroUsize::MIN {
        return (first(), second());
    }
    thread::scope(|scope| {
        let first = scope.spawn(first);
        let second = second();
        (joined(first), second)
    })
}

/// What a thread came to; if it panicked, so do we.
fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
