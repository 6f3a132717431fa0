//! The date of receipt of requests that do not state their own.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use meterwarden::{Date, Request};

/// The date of `--at`; without it, today in UTC. No other file reads the clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Receipt {
    pub(crate) date: Date,
    /// Whether `--at` chose the date, and not the clock.
    stated: bool,
}

impl Receipt {
    pub(crate) fn new(at: Option<Date>) -> Self {
        let today = || TimeZone::UTC.to_datetime(Timestamp::now()).date();
        Self { date: at.unwrap_or_else(today), stated: at.is_some() }
    }

    /// Whether the clock chose this date.
    pub(crate) fn is_today(&self, date: Date) -> bool {
        !self.stated && self.date == date
    }

    /// Checks the date that a request states: it must be the date of `--at`, if there is one. An error is the message.
    pub(crate) fn check(&self, request: &Request) -> Result<(), String> {
        let (request_date, date) = (request.at, self.date);
        if self.stated && request_date != date {
            return Err(format!(
                "the request states {request_date} as its date of receipt, --at states {date}"
            ));
        }
        Ok(())
    }
}
