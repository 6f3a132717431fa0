//! The sets of attributes that may change together.

use meterwarden_analysis::combinations::{combinations, count_combinations};

#[test]
fn every_combination_is_made_once() {
    for (count, size) in [(0, 0), (3, 2), (6, 3), (5, 5)] {
        let dimensions: Vec<usize> = (0..count).collect();
        assert_eq!(combinations(&dimensions, size).len(), count_combinations(count, size));
    }
    assert_eq!(combinations(&[0, 2, 3], 2), [0b0101, 0b1001, 0b1100]);
    assert_eq!(combinations(&[1], 0), [0]);
    assert_eq!(combinations(&[1], 2), [0; 0]);
}
