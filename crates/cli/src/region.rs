//! Regions of requests in words: when, which, and how many. Every command that shows regions uses these words.

use meterwarden::Date;
use meterwarden_analysis::diff::Count;

use crate::limits::EXACT_DIGITS;

/// `from 2023-06-29`, `before 2024-01-01`. `until` is the first date on which the region no longer holds.
pub(crate) fn time(from: Option<Date>, until: Option<Date>) -> String {
    match (from, until) {
        (None, None) => "on every date".to_owned(),
        (Some(from), None) => format!("from {from}"),
        (None, Some(until)) => format!("before {until}"),
        (Some(from), Some(until)) => format!("from {from} until {until}"),
    }
}

/// The clauses, a line each; all of them must hold. A region without clauses is every request.
pub(crate) fn clauses(clauses: &[String]) -> Vec<&str> {
    if clauses.is_empty() { vec!["every request"] } else { clauses.iter().map(String::as_str).collect() }
}

/// `12 requests`
pub(crate) fn requests(count: &Count) -> String {
    let number = number(count);
    let ending = if number == "1" { "" } else { "s" };
    format!("{number} request{ending}")
}

/// `12 of 48,384 requests (0.025 %)`
pub(crate) fn requests_of(count: &Count, whole: &Count) -> String {
    format!("{} of {} ({})", number(count), requests(whole), share(count.share_of(whole)))
}

/// A number with a comma between every three digits, or, if it has too many digits to read, `1.2 × 10^18`.
pub(crate) fn number(count: &Count) -> String {
    let exact = count.to_string();
    let digits: Vec<char> = exact.chars().filter(char::is_ascii_digit).collect();
    match digits[..] {
        [first, second, ..] if digits.len() > EXACT_DIGITS => {
            format!("{first}.{second} × 10^{}", digits.len() - 1)
        }
        _ => exact,
    }
}

/// A share from 0 to 1 as a percentage of two significant digits: `0.025 %`. Only the whole is `all`, however it
/// rounds.
pub(crate) fn share(share: f64) -> String {
    let percent = share * 100.0;
    match percent {
        _ if share >= 1.0 => "all".to_owned(),
        _ if percent > 99.0 => "over 99 %".to_owned(),
        _ if percent >= 10.0 => format!("{percent:.0} %"),
        _ if percent >= 1.0 => format!("{percent:.1} %"),
        _ if percent >= 0.1 => format!("{percent:.2} %"),
        _ if percent >= 0.01 => format!("{percent:.3} %"),
        _ if percent >= 0.001 => format!("{percent:.4} %"),
        _ => "under 0.001 %".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        let date = |day| Some(Date::constant(2023, 6, day));
        assert_eq!(time(None, None), "on every date");
        assert_eq!(time(date(1), None), "from 2023-06-01");
        assert_eq!(time(None, date(2)), "before 2023-06-02");
        assert_eq!(time(date(1), date(2)), "from 2023-06-01 until 2023-06-02");
    }

    #[test]
    fn shares() {
        for (fraction, text) in [
            (1.0, "all"),
            (0.999_99, "over 99 %"),
            (0.625, "62 %"),
            (0.016, "1.6 %"),
            (0.003_96, "0.40 %"),
            (0.000_248, "0.025 %"),
            (0.000_041, "0.0041 %"),
            (0.000_000_008, "under 0.001 %"),
        ] {
            assert_eq!(share(fraction), text);
        }
    }

    #[test]
    fn numbers() {
        let zero = Count::default();
        assert_eq!((number(&zero), requests(&zero)), ("0".to_owned(), "0 requests".to_owned()));
    }
}
