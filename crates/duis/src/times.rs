//! When a message was received, and when it asks to be carried out.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use meterwarden::policy::{Clock, Moment};

use crate::error::{ErrorKind, MessageError};
use crate::message::Message;

/// The days on which a message is decided, by the clock of a policy.
pub(crate) struct Times {
    /// The day of receipt: the rules in force on it decide
    pub(crate) received: Date,
    /// The day for which responsibility is tested: that of the execution if the request may wait for it and does,
    /// otherwise that of receipt
    pub(crate) effective: Date,
    /// A value of the attribute `timing`
    pub(crate) timing: &'static str,
}

impl Times {
    /// The times of a message that was received at a moment. It is an error if the message asks to be carried out before
    /// its receipt by more than the tolerance of the clock, or after it by more than the horizon.
    pub(crate) fn of(message: &Message, clock: &Clock, at: Moment) -> Result<Self, MessageError> {
        let (received, at) = (at.day(clock), at.instant(clock));
        let Some(execution) = message.execution else {
            return Ok(Self { received, effective: received, timing: "Immediate" });
        };
        let day = clock.day(execution);
        if clock.cancellation == Some(day) {
            return Ok(Self { received, effective: received, timing: "FutureDated" });
        }
        check(execution, at, clock).map_err(|kind| {
            let place = message.execution_place.unwrap_or(message.request_id_place);
            MessageError { place, kind }
        })?;
        let is_future = execution > at;
        Ok(Self {
            received,
            // The schema has an execution date in every Signed Pre-Command, whatever its service. Where the service
            // cannot be future dated, the date chooses nothing.
            effective: if is_future && message.service.future_dated { day } else { received },
            timing: if is_future { "FutureDated" } else { "Immediate" },
        })
    }
}

fn check(execution: Timestamp, at: Timestamp, clock: &Clock) -> Result<(), ErrorKind> {
    let later = at.duration_until(execution);
    let exceeds = |duration: SignedDuration, seconds: u64| {
        duration > i64::try_from(seconds).map_or(SignedDuration::MAX, SignedDuration::from_secs)
    };
    if let Some(tolerance) = clock.tolerance.filter(|tolerance| exceeds(-later, *tolerance)) {
        return Err(ErrorKind::ExecutionPast { execution, at, tolerance });
    }
    if let Some(horizon) = clock.horizon.filter(|horizon| exceeds(later, *horizon)) {
        return Err(ErrorKind::ExecutionFar { execution, at, horizon });
    }
    Ok(())
}
