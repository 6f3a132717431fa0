//! The receipt of requests that do not state their own.

use jiff::Timestamp;
use meterwarden::policy::{Clock, Moment};
use meterwarden::{Date, Request};

/// The moment of `--at`; without it, now. No other file reads the time of the machine.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Receipt {
    pub(crate) at: Moment,
    /// Its day, by the clock of the policy
    pub(crate) day: Date,
    /// Whether `--at` chose it
    stated: bool,
}

impl Receipt {
    pub(crate) fn new(at: Option<Moment>, clock: &Clock) -> Self {
        let (at, stated) = (at.unwrap_or_else(|| Timestamp::now().into()), at.is_some());
        Self { at, day: at.day(clock), stated }
    }

    /// Whether this day is today, because `--at` did not choose it.
    pub(crate) fn is_today(&self, day: Date) -> bool {
        !self.stated && self.day == day
    }

    /// Checks the day that a request states: it must be that of `--at`, if there is one. An error is the message.
    pub(crate) fn check(&self, request: &Request) -> Result<(), String> {
        let (request_day, day) = (request.at, self.day);
        if self.stated && request_day != day {
            return Err(format!(
                "the request states {request_day} as its date of receipt, --at states {day}"
            ));
        }
        Ok(())
    }
}
