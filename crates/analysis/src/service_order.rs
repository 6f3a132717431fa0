//! The order of services: by the numbers between the dots, so that 4.2 stands before 4.10.

use std::cmp::Ordering;

/// How two services are ordered.
pub fn by_number(one: &str, other: &str) -> Ordering {
    let (mut one_parts, mut other_parts) = (one.split('.'), other.split('.'));
    loop {
        let order = match (one_parts.next(), other_parts.next()) {
            (Some(one), Some(other)) => part(one, other),
            (None, None) => return one.cmp(other),
            (one, other) => one.is_some().cmp(&other.is_some()),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// Numbers as numbers and before words; words as text.
fn part(one: &str, other: &str) -> Ordering {
    match (one.parse::<u64>(), other.parse::<u64>()) {
        (Ok(one), Ok(other)) => one.cmp(&other),
        (one_number, other_number) => {
            other_number.is_ok().cmp(&one_number.is_ok()).then_with(|| one.cmp(other))
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn services_stand_in_the_order_of_their_numbers() {
        let mut services = ["4.10", "ping", "4.2", "11.1", "4", "1.1.2", "1.1.1", "1.1", "4.6.1"];
        services.sort_by(|one, other| super::by_number(one, other));
        assert_eq!(services, ["1.1", "1.1.1", "1.1.2", "4", "4.2", "4.6.1", "4.10", "11.1", "ping"]);
    }
}
