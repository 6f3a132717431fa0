//! A time zone as its POSIX rule describes it: `STDoffset[DST[offset],Mm.w.d[/time],Mm.w.d[/time]]`. Days since
//! 1970-01-01 are counted with integers, so that the engine needs no time zone code of a library.

use jiff::civil::Date;

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// The most hours of an offset and of a time of day.
const MOST_HOURS: i64 = 24;

/// A time zone. Offsets are seconds east of UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PosixZone {
    standard: i64,
    summer: Option<Summer>,
}

/// Summer time: its offset, and when it begins and ends in each year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Summer {
    offset: i64,
    begins: Change,
    ends: Change,
}

/// `M3.5.0/1`: a weekday of a month, and the seconds after midnight, by the clock that is right before the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Change {
    /// 1 to 12
    month: i64,
    /// 1 to 5; 5 is the last of the month
    week: i64,
    /// 0 is Sunday
    weekday: i64,
    seconds: i64,
}

impl PosixZone {
    pub(super) const UTC: Self = Self { standard: 0, summer: None };

    /// The zone of a rule; `None` if the text is no such rule.
    pub(super) fn parse(rule: &str) -> Option<Self> {
        let mut rest = Rest(rule.as_bytes());
        rest.name()?;
        let standard = -rest.time(true)?;
        if rest.0.is_empty() {
            return Some(Self { standard, summer: None });
        }
        rest.name()?;
        let offset = if rest.0.first() == Some(&b',') { standard + HOUR } else { -rest.time(true)? };
        let (begins, ends) = (rest.change()?, rest.change()?);
        let summer = Summer { offset, begins, ends };
        rest.0.is_empty().then_some(Self { standard, summer: Some(summer) })
    }

    /// The date in the zone, by the seconds since 1970-01-01T00:00:00Z.
    pub(super) fn day(&self, at: i64) -> Date {
        date_of((at + self.offset(at)).div_euclid(DAY))
    }

    /// The first second of a date in the zone, by the seconds since 1970-01-01T00:00:00Z.
    pub(super) fn midnight(&self, date: Date) -> i64 {
        let start = days_before(date.year().into(), date.month().into()) + i64::from(date.day()) - 1;
        let by = |offset: i64| start * DAY - offset;
        let is_first = |at: &i64| self.day(*at) == date && self.day(*at - 1) != date;
        let summer = self.summer.map(|summer| by(summer.offset)).filter(is_first);
        let standard = by(self.standard);
        // Where the clock goes back over midnight, the date begins twice.
        summer.map_or(standard, |summer| if is_first(&standard) { summer.min(standard) } else { summer })
    }

    /// The offset at an instant.
    fn offset(&self, at: i64) -> i64 {
        let Some(summer) = self.summer else { return self.standard };
        let year = i64::from(date_of((at + self.standard).div_euclid(DAY)).year());
        let begins = summer.begins.in_year(year) - self.standard;
        let ends = summer.ends.in_year(year) - summer.offset;
        // South of the equator, summer time is in force at both ends of the year.
        let is_summer = if begins < ends { begins <= at && at < ends } else { begins <= at || at < ends };
        if is_summer { summer.offset } else { self.standard }
    }
}

impl Change {
    /// When it is in a year, by the seconds since 1970-01-01T00:00:00 of the clock right before it.
    fn in_year(self, year: i64) -> i64 {
        let first = days_before(year, self.month);
        let next_month =
            if self.month == 12 { days_before(year + 1, 1) } else { days_before(year, self.month + 1) };
        // 1970-01-01 was a Thursday.
        let first_weekday = (first + 4).rem_euclid(7);
        let mut day = first + (self.weekday - first_weekday).rem_euclid(7) + 7 * (self.week - 1);
        if day >= next_month {
            day -= 7;
        }
        day * DAY + self.seconds
    }
}

/// The days from 1970-01-01 to the first day of a month: a year begins in March, so that the leap day is its last.
fn days_before(year: i64, month: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + (153 * month + 2) / 5 - 719_468
}

/// The date so many days after 1970-01-01; the last date there is, if it is after that.
fn date_of(days: i64) -> Date {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, next_year) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let year = era * 400 + year_of_era + next_year;
    let date =
        || Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok();
    date().unwrap_or(Date::MAX)
}

/// What is left of a rule.
struct Rest<'r>(&'r [u8]);

impl Rest<'_> {
    fn skip(&mut self, byte: u8) -> Option<()> {
        let rest = self.0.strip_prefix(&[byte])?;
        self.0 = rest;
        Some(())
    }

    /// `BST`, or `<+0330>`
    fn name(&mut self) -> Option<()> {
        let quoted = self.skip(b'<').is_some();
        let in_name = |byte: &u8| {
            byte.is_ascii_alphabetic() || quoted && (byte.is_ascii_digit() || matches!(byte, b'+' | b'-'))
        };
        let length = self.0.iter().take_while(|byte| in_name(byte)).count();
        self.0 = self.0.get(length..)?;
        if quoted {
            self.skip(b'>')?;
        }
        (length >= 3).then_some(())
    }

    /// One or two digits.
    fn number(&mut self) -> Option<i64> {
        let digits = self.0.iter().take(2).take_while(|byte| byte.is_ascii_digit()).count();
        let (number, rest) = self.0.split_at_checked(digits).filter(|(number, _)| !number.is_empty())?;
        self.0 = rest;
        Some(number.iter().fold(0, |value, digit| value * 10 + i64::from(digit - b'0')))
    }

    /// `1`, `-3:30`, `2:00:30`, in seconds. Only an offset has a sign.
    fn time(&mut self, has_sign: bool) -> Option<i64> {
        let is_negative = has_sign && self.skip(b'-').is_some();
        if has_sign && !is_negative {
            let _ = self.skip(b'+');
        }
        let hours = self.number().filter(|hours| *hours <= MOST_HOURS)?;
        let mut seconds = hours * HOUR;
        for unit in [60, 1] {
            if self.skip(b':').is_none() {
                break;
            }
            seconds += self.number().filter(|part| *part < 60)? * unit;
        }
        Some(if is_negative { -seconds } else { seconds })
    }

    /// `,M3.5.0/1`; without a time, at two o'clock
    fn change(&mut self) -> Option<Change> {
        self.skip(b',')?;
        self.skip(b'M')?;
        let month = self.number().filter(|month| (1..=12).contains(month))?;
        self.skip(b'.')?;
        let week = self.number().filter(|week| (1..=5).contains(week))?;
        self.skip(b'.')?;
        let weekday = self.number().filter(|weekday| *weekday <= 6)?;
        let seconds = if self.skip(b'/').is_some() { self.time(false)? } else { 2 * HOUR };
        Some(Change { month, week, weekday, seconds })
    }
}
