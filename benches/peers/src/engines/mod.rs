//! The engines, one in each file

use std::pin::pin;
use std::task::{Context, Poll, Waker};

pub(crate) mod by_hand;
pub(crate) mod casbin;
pub(crate) mod cedar;
pub(crate) mod meterwarden;
mod name_table;
pub(crate) mod regorus;
pub(crate) mod zen;

/// The result of a future that never waits. The engines have asynchronous interfaces but do no input or output here.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the future waits"),
    }
}
