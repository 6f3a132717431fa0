//! `xs:dateTime`, the type of the time at which a request asks to be carried out.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::limits::MAX_OFFSET_MINUTES;

/// The instant of an `xs:dateTime` such as `2023-06-29T00:00:00.00Z`. A time without an offset is in UTC. What is
/// finer than a nanosecond is dropped.
pub(crate) fn instant(text: &str) -> Option<Timestamp> {
    let (date, time) = text.split_once('T')?;
    let (time, minutes_east) = split_offset(time)?;
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let [hour, minute, second] = numbers(time, ':', [2, 2, 2])?;
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    let (hour, minute) = (i8::try_from(hour).ok()?, i8::try_from(minute).ok()?);
    let second = i8::try_from(second).ok()?;
    let nanoseconds = format!("{fraction:0<9.9}").parse().ok()?;
    let local = DateTime::new(year, month, day, hour, minute, second, nanoseconds).ok()?;
    let east = SignedDuration::from_mins(minutes_east);
    TimeZone::UTC.to_timestamp(local).ok()?.checked_sub(east).ok()
}

/// Splits a time into the time itself and its offset in minutes east of UTC. The offset is `Z`, one
/// such as `+01:00`, or left out.
fn split_offset(time: &str) -> Option<(&str, i64)> {
    if let Some(time) = time.strip_suffix('Z') {
        return Some((time, 0));
    }
    let Some(sign_at) = time.find(['+', '-']) else {
        return Some((time, 0));
    };
    let (time, offset) = time.split_at(sign_at);
    let [hours, minutes] = numbers(offset.get(1..)?, ':', [2, 2])?;
    let total_minutes = i64::from(hours) * 60 + i64::from(minutes);
    if minutes > 59 || total_minutes > MAX_OFFSET_MINUTES {
        return None;
    }
    Some((time, if offset.starts_with('-') { -total_minutes } else { total_minutes }))
}

/// Reads numbers of fixed widths with a separator between them.
fn numbers<const N: usize>(text: &str, separator: char, widths: [usize; N]) -> Option<[i16; N]> {
    let mut parts = text.split(separator);
    let mut numbers = [0; N];
    for (number, width) in numbers.iter_mut().zip(widths) {
        let part = parts.next().filter(|part| part.len() == width)?;
        if !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_instant_is_in_utc() {
        let utc = |text| instant(text).map(|instant| instant.to_string());
        assert_eq!(utc("2023-06-29T00:00:00.00Z").as_deref(), Some("2023-06-29T00:00:00Z"));
        assert_eq!(utc("2023-06-29T00:30:00+01:00").as_deref(), Some("2023-06-28T23:30:00Z"));
        assert_eq!(utc("2023-06-28T23:30:00-00:30").as_deref(), Some("2023-06-29T00:00:00Z"));
        assert_eq!(utc("2023-06-28T23:59:59.9999999999Z").as_deref(), Some("2023-06-28T23:59:59.999999999Z"));
        assert_eq!(utc("2023-06-28T23:59:59.25Z").as_deref(), Some("2023-06-28T23:59:59.25Z"));
        assert_eq!(utc("3000-12-31T00:00:00").as_deref(), Some("3000-12-31T00:00:00Z"));
    }

    #[test]
    fn other_texts_are_not_a_date_and_time() {
        for text in [
            "",
            "T",
            "2023-06-29",
            "2023-02-30T00:00:00Z",
            "2023-06-29T24:30:00Z",
            "2023-6-29T00:00:00Z",
            "2023-06-29T00:00:00.Z",
            "2023-06-29t00:00:00Z",
            "2023-06-29T00:00:00+15:00",
            "2023-06-29T00:00:00ZZ",
            "+999-06-29T00:00:00Z",
            "9999-12-31T23:59:59-01:00",
            "２０２３-06-29T00:00:00Z",
        ] {
            assert_eq!(instant(text), None, "{text}");
        }
    }
}
