//! Work divided among threads, with the results in order.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};
use std::thread::{self, ScopedJoinHandle};

use super::order::sorted_by;

/// The number of threads for some work: all that the machine offers if the work is large, otherwise one. Small work is
/// done before a second thread has started.
pub fn threads(is_large: bool) -> NonZeroUsize {
    let available = || thread::available_parallelism().ok();
    is_large.then(available).flatten().unwrap_or(NonZeroUsize::MIN)
}

/// The result of `work` for each item, in the order of the items. Each thread takes the next item that no thread has
/// taken, so one large item does not hold up the others. With one thread, none is started.
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
    let queue = Mutex::new(items.enumerate());
    let work_on_next = || {
        // The lock is held only while an item is taken. A thread that panics in `work` does not hold it.
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
        next.map(|(index, item)| (index, work(item)))
    };
    let results: Vec<(usize, R)> = thread::scope(|scope| {
        let handles: Vec<_> = (0..threads)
            .map(|_| scope.spawn(|| std::iter::from_fn(work_on_next).collect::<Vec<_>>()))
            .collect();
        handles.into_iter().flat_map(joined).collect()
    });
    let results = sorted_by(results, |(left, _), (right, _)| left.cmp(right));
    results.into_iter().map(|(_, result)| result).collect()
}

/// The results of two pieces of work. With more than one thread, the first runs on a thread of its own.
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

/// The result of a thread. If the thread panicked, this thread panics with the same message.
fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
