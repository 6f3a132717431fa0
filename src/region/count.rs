//! How many requests a diagram says something of.

use std::hash::Hash;

use num_bigint::BigUint;

use super::diagram::{Diagram, Node};

impl<E: Clone + Eq + Hash> Diagram<E> {
    /// How many requests, by the dimensions from one on, come from a place to ends for which something holds, where each
    /// choice of each dimension stands for so many.
    pub(crate) fn count(
        &self,
        place: usize,
        dimension: usize,
        weights: &[Vec<u128>],
        holds: impl Fn(&E) -> bool,
    ) -> BigUint {
        let from = (place, dimension);
        // Hardly any service has more than 128 bits of requests; what does is counted the long way.
        if fits(weights) {
            let (end, number) = (|end: &E| u128::from(holds(end)), |weight: &u128| *weight);
            BigUint::from(self.counted(
                from,
                weights,
                end,
                number,
                |sum, one| sum + one,
                |one, other| one * other,
            ))
        } else {
            let (end, number) =
                (|end: &E| BigUint::from(u8::from(holds(end))), |weight: &u128| BigUint::from(*weight));
            self.counted(from, weights, end, number, |sum, one| sum + one, |one, other| one * other)
        }
    }

    /// The sum over all ways to the ends of the products of the weights of their choices.
    fn counted<N: Clone + Default + PartialEq>(
        &self,
        (place, dimension): (usize, usize),
        weights: &[Vec<u128>],
        end: impl Fn(&E) -> N,
        number: impl Fn(&u128) -> N,
        add: impl Fn(N, N) -> N,
        times: impl Fn(N, N) -> N,
    ) -> N {
        let sum = |all: &[u128]| all.iter().map(&number).reduce(&add).unwrap_or_else(|| number(&0));
        let totals: Vec<N> = weights.iter().map(|weights| sum(weights)).collect();
        let skipped = |value: N, from: usize, to: usize| {
            totals.iter().take(to).skip(from).fold(value, |value, total| times(value, total.clone()))
        };
        let level = |place: usize| match &self.nodes[place] {
            Node::End(_) => weights.len(),
            Node::Fork { dimension, .. } => *dimension,
        };
        let fork = |dimension: usize, next: &[usize], known: &[N]| {
            let one = |(next, weight): (&usize, &u128)| {
                let count = known[*next].clone();
                // Most choices lead to nothing.
                if count == N::default() {
                    return count;
                }
                skipped(times(count, number(weight)), dimension + 1, level(*next))
            };
            next.iter().zip(&weights[dimension]).map(one).reduce(&add).unwrap_or_else(|| number(&0))
        };
        let counts = self.fold(end, fork);
        skipped(counts[place].clone(), dimension, level(place))
    }
}

/// Whether the product of what the choices of each dimension stand for, which no count exceeds, is a machine's number.
fn fits(weights: &[Vec<u128>]) -> bool {
    let whole = |weights: &Vec<u128>| weights.iter().try_fold(0, |sum: u128, one| sum.checked_add(*one));
    // A dimension without choices makes the whole nothing, not its parts.
    let product = weights.iter().try_fold(1, |product: u128, one| product.checked_mul(whole(one)?.max(1)));
    product.is_some()
}
