//! One file an engine.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

pub(crate) mod by_hand;
pub(crate) mod casbin;
pub(crate) mod cedar;
pub(crate) mod meterwarden;
pub(crate) mod regorus;
mod words;
pub(crate) mod zen;

/// What a future comes to that waits for nothing.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits for something"),
    }
}
