//! Services in the order of their numbers.

use meterwarden_analysis::service_order::by_number;

#[test]
fn services_are_in_the_order_of_their_numbers() {
    let mut services = ["4.10", "ping", "4.2", "11.1", "4", "1.1.2", "1.1.1", "1.1", "4.6.1"];
    services.sort_by(|left, right| by_number(left, right));
    assert_eq!(services, ["1.1", "1.1.1", "1.1.2", "4", "4.2", "4.6.1", "4.10", "11.1", "ping"]);
}
