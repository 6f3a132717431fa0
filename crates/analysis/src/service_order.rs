//! The order of services: by the numbers between the dots, so that 4.2 comes before 4.10.

use std::cmp::Ordering;

/// How two names of services are ordered.
pub fn by_number(left: &str, right: &str) -> Ordering {
    let (mut left_parts, mut right_parts) = (left.split('.'), right.split('.'));
    loop {
        let order = match (left_parts.next(), right_parts.next()) {
            (Some(left), Some(right)) => compare_parts(left, right),
            (None, None) => return left.cmp(right),
            // `4` comes before `4.2`.
            (left, right) => left.is_some().cmp(&right.is_some()),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// Numbers by value and before words; words as text.
fn compare_parts(left: &str, right: &str) -> Ordering {
    match (left.parse::<u64>(), right.parse::<u64>()) {
        (Ok(left), Ok(right)) => left.cmp(&right),
        (left_number, right_number) => {
            right_number.is_ok().cmp(&left_number.is_ok()).then_with(|| left.cmp(right))
        }
    }
}
