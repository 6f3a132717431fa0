//! The sets of a given size, as bits.

/// Every set of `size` of these dimensions, those with early dimensions first.
pub fn combinations(dimensions: &[usize], size: usize) -> Vec<u64> {
    let Some(rest_size) = size.checked_sub(1) else { return vec![0] };
    let with_first = |first: usize| {
        let rests = combinations(&dimensions[first + 1..], rest_size);
        rests.into_iter().map(move |rest| rest | 1 << dimensions[first])
    };
    (0..dimensions.len()).flat_map(with_first).collect()
}

/// The number of sets of `size` of `count` dimensions.
pub fn count_combinations(count: usize, size: usize) -> usize {
    (0..size).fold(1, |sets: usize, chosen| sets.saturating_mul(count - chosen) / (chosen + 1))
}
