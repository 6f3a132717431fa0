//! The date of receipt, where a request does not state its own.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use meterwarden::{Date, Request};

use crate::answer::Unusable;

/// What `--at` says; left out, today. The only place that looks at the clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Receipt {
    pub(crate) date: Date,
    /// Whether somebody said so, and not the clock.
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

    /// A request may state its own date, but not another than was said for all.
    pub(crate) fn agrees(&self, request: &Request) -> Result<(), Unusable> {
        let (said, date) = (request.at, self.date);
        if self.stated && said != date {
            return Err(Unusable::new(format!(
                "the request says that it was received on {said}, --at says {date}"
            )));
        }
        Ok(())
    }
}
