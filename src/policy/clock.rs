//! The clock of a policy: the zone of its days, and what it states about the dates of messages.

use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;

use super::posix_zone::PosixZone;
use super::source::Span;

/// What a policy states about time. A policy without a `clock` states nothing: its days are those of UTC.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clock {
    /// The zone in which a day of the rules begins at midnight; `None` for UTC.
    pub zone: Option<Zone>,
    /// How long before its receipt a message may ask to be carried out, in seconds; `None` if the policy does not state
    /// it.
    pub tolerance: Option<u64>,
    /// How long after its receipt a message may ask to be carried out, in seconds; `None` if the policy does not state
    /// it.
    pub horizon: Option<u64>,
    /// The execution date that withdraws an earlier request. `tolerance` and `horizon` are not about it.
    pub cancellation: Option<Date>,
    /// The declaration in the text; empty for a policy without one.
    pub span: Span,
}

/// When a message was received, as it is written: an instant, `2023-06-28T23:30:00Z`, or a day of the rules,
/// `2023-06-29`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// An instant.
    Instant(Timestamp),
    /// A day. What needs an instant takes the one at which it begins.
    Day(Date),
}

/// A time zone with its rule. No time zone database is read, and nothing of the environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    /// `Europe/London`
    pub name: String,
    /// `GMT0BST,M3.5.0/1,M10.5.0`: a POSIX time zone rule. `check` and the reader of plan files accept no other text.
    pub rule: String,
}

impl Clock {
    /// The day of the rules on which an instant is.
    ///
    /// ```
    /// # use meterwarden::{Date, Policy, Source};
    /// # let rules = r#"
    /// #     attribute role "User Role" { refuse E2 "not this role"  IS }
    /// #     clock { zone Europe/London "GMT0BST,M3.5.0/1,M10.5.0" }
    /// # "#;
    /// # let policy = Policy::from_sources(vec![Source::new("example.rules", rules)])?;
    /// let day = policy.clock().day("2023-06-28T23:30:00Z".parse()?);
    /// assert_eq!(day, Date::constant(2023, 6, 29));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn day(&self, at: Timestamp) -> Date {
        let seconds = at.as_second() - i64::from(at.subsec_nanosecond() < 0);
        self.posix_zone().day(seconds)
    }

    /// The first instant of a day of the rules.
    pub fn midnight(&self, day: Date) -> Timestamp {
        let seconds = self.posix_zone().midnight(day);
        // Only the first day that there is begins before the first instant that there is, and the last after the last.
        Timestamp::from_second(seconds).unwrap_or(if seconds < 0 { Timestamp::MIN } else { Timestamp::MAX })
    }

    fn posix_zone(&self) -> PosixZone {
        self.zone.as_ref().and_then(|zone| PosixZone::parse(&zone.rule)).unwrap_or(PosixZone::UTC)
    }
}

impl Moment {
    /// The day of the rules.
    pub fn day(self, clock: &Clock) -> Date {
        match self {
            Self::Instant(at) => clock.day(at),
            Self::Day(day) => day,
        }
    }

    /// The instant, or the first of the day.
    pub fn instant(self, clock: &Clock) -> Timestamp {
        match self {
            Self::Instant(at) => at,
            Self::Day(day) => clock.midnight(day),
        }
    }
}

/// The date of a text such as `2023-06-29`, and of no other form.
pub(crate) fn written_date(text: &str) -> Option<Date> {
    let bytes: &[u8; 10] = text.as_bytes().try_into().ok()?;
    let digit = |at: usize| Some(bytes[at].wrapping_sub(b'0')).filter(|digit| *digit < 10).map(i16::from);
    let two = |at: usize| i8::try_from(digit(at)? * 10 + digit(at + 1)?).ok();
    let year = digit(0)? * 1000 + digit(1)? * 100 + digit(2)? * 10 + digit(3)?;
    let hyphens = bytes[4] == b'-' && bytes[7] == b'-';
    Date::new(year, two(5)?, two(8)?).ok().filter(|_| hyphens)
}

impl From<Timestamp> for Moment {
    fn from(at: Timestamp) -> Self {
        Self::Instant(at)
    }
}

impl From<Date> for Moment {
    fn from(day: Date) -> Self {
        Self::Day(day)
    }
}

/// The error is the message.
impl FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(day) = written_date(text) {
            return Ok(Self::Day(day));
        }
        let instant = if text.contains('T') { text.parse().ok() } else { None };
        instant.map(Self::Instant).ok_or_else(|| {
            format!("`{text}` is not a date such as 2023-06-29, or an instant such as 2023-06-28T23:30:00Z")
        })
    }
}

impl Zone {
    /// Whether the rule is a POSIX time zone rule that [`Clock::day`] can follow.
    pub fn has_rule(&self) -> bool {
        PosixZone::parse(&self.rule).is_some()
    }
}
