//! Counting the requests that a diagram maps to certain ends.

use std::hash::Hash;

use num_bigint::BigUint;

use meterwarden::space::{Diagram, Node};

/// The number of requests that lead from `node` to an end for which `holds` is true. Dimensions before `dimension` are
/// ignored. `weights[d][c]` is the number of values that choice `c` of dimension `d` represents.
pub fn count<E: Clone + Eq + Hash>(
    diagram: &Diagram<E>,
    node: usize,
    dimension: usize,
    weights: &[Vec<u128>],
    holds: impl Fn(&E) -> bool,
) -> BigUint {
    // Machine integers suffice for nearly every service; one with more than 2^128 requests needs big ones.
    if fits_u128(weights) {
        let arithmetic = Arithmetic {
            end: |end: &E| u128::from(holds(end)),
            weight: |weight: u128| weight,
            add: |sum, term| sum + term,
            multiply: |left, right| left * right,
        };
        BigUint::from(arithmetic.count(diagram, node, dimension, weights))
    } else {
        let arithmetic = Arithmetic {
            end: |end: &E| BigUint::from(u8::from(holds(end))),
            weight: |weight: u128| BigUint::from(weight),
            add: |sum, term| sum + term,
            multiply: |left, right| left * right,
        };
        arithmetic.count(diagram, node, dimension, weights)
    }
}

/// The arithmetic of one integer type, so that one algorithm counts in `u128` and in `BigUint`.
struct Arithmetic<End, Weight, Add, Multiply> {
    /// 1 for an end that is counted, 0 for any other.
    end: End,
    weight: Weight,
    add: Add,
    multiply: Multiply,
}

impl<End, Weight, Add, Multiply> Arithmetic<End, Weight, Add, Multiply> {
    /// The sum over all paths to the ends of the products of the weights of their choices.
    fn count<E, N>(&self, diagram: &Diagram<E>, node: usize, dimension: usize, weights: &[Vec<u128>]) -> N
    where
        E: Clone + Eq + Hash,
        N: Clone + Default + PartialEq,
        End: Fn(&E) -> N,
        Weight: Fn(u128) -> N,
        Add: Fn(N, N) -> N,
        Multiply: Fn(N, N) -> N,
    {
        let number = |weight: &u128| (self.weight)(*weight);
        let sum = |weights: &Vec<u128>| weights.iter().map(number).reduce(&self.add).unwrap_or_default();
        let totals: Vec<N> = weights.iter().map(sum).collect();
        // A path that skips a dimension is the same for every choice of it, so it counts once for each of them.
        let passed = |count: N, from: usize, to: usize| {
            totals
                .iter()
                .take(to)
                .skip(from)
                .fold(count, |count, total| (self.multiply)(count, total.clone()))
        };
        let level = |node: usize| match &diagram.nodes[node] {
            Node::End(_) => weights.len(),
            Node::Fork { dimension, .. } => *dimension,
        };
        let fork = |dimension: usize, next: &[usize], counts: &[N]| {
            let branch = |(next, weight): (&usize, &u128)| {
                let count = counts[*next].clone();
                // Most choices lead to no end that is counted.
                if count == N::default() {
                    return count;
                }
                passed((self.multiply)(count, number(weight)), dimension + 1, level(*next))
            };
            next.iter().zip(&weights[dimension]).map(branch).reduce(&self.add).unwrap_or_default()
        };
        let counts = diagram.fold(&self.end, fork);
        passed(counts[node].clone(), dimension, level(node))
    }
}

/// Whether the product of the total weights of all dimensions, which no count exceeds, is less than 2^128.
fn fits_u128(weights: &[Vec<u128>]) -> bool {
    let total =
        |weights: &Vec<u128>| weights.iter().try_fold(0, |sum: u128, weight| sum.checked_add(*weight));
    // A dimension without choices makes the whole product 0, but not the partial products.
    let product =
        weights.iter().try_fold(1, |product: u128, weights| product.checked_mul(total(weights)?.max(1)));
    product.is_some()
}
