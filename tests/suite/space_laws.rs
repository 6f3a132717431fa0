//! The laws of the algebra, on random sets of a small space, each compared with the plain list of requests.

use num_bigint::BigUint;
use proptest::prelude::*;

use meterwarden::space::{Cube, Layout, Node, Region, Remainder, absorb, cover, trimmed};
use meterwarden_analysis::count::count;

/// The dimensions of the space, one of them with one choice, and the number of requests of each choice.
const WEIGHTS: [&[u128]; 5] = [&[1, 2, 1], &[5], &[1, 1, 7, 3], &[1 << 100, 3], &[2, 1, 1]];

fn layout() -> Layout {
    Layout::new(WEIGHTS.map(<[u128]>::len))
}

/// Every request of the space.
fn requests() -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    for weights in WEIGHTS {
        let longer = |request: &Vec<usize>| {
            let request = request.clone();
            (0..weights.len()).map(move |choice| [&request[..], &[choice]].concat())
        };
        all = all.iter().flat_map(longer).collect();
    }
    all
}

fn weight(request: &[usize]) -> BigUint {
    request.iter().zip(WEIGHTS).map(|(choice, weights)| BigUint::from(weights[*choice])).product()
}

fn weights() -> Vec<Vec<u128>> {
    WEIGHTS.iter().map(|weights| weights.to_vec()).collect()
}

fn has(layout: &Layout, cube: &Cube, request: &[usize]) -> bool {
    request.iter().enumerate().all(|(dimension, choice)| layout.has(cube, dimension, *choice))
}

fn inside(region: &Region, request: &[usize]) -> bool {
    *region.at(|dimension| request[dimension])
}

fn minus(a: &Region, b: &Region) -> Region {
    a.join(b, |a, b| *a && !*b)
}

fn or(a: &Region, b: &Region) -> Region {
    a.join(b, |a, b| *a || *b)
}

fn and(a: &Region, b: &Region) -> Region {
    a.join(b, |a, b| *a && *b)
}

/// Whether every request of a box is in a region.
fn covers(region: &Region, layout: &Layout, cube: &Cube) -> bool {
    region.within(layout, cube) == Region::constant(true).within(layout, cube)
}

/// Boxes, most of them with several choices of each dimension. Some are empty.
fn boxes() -> impl Strategy<Value = Vec<Cube>> {
    let bits = proptest::collection::vec(any::<u16>(), 5);
    let cube =
        bits.prop_map(|bits| layout().cube(|dimension, choice| bits[dimension] >> (choice * 3) & 7 > 1));
    proptest::collection::vec(cube, 0..7)
}

/// The union of boxes, added one after the other.
fn union(boxes: &[Cube]) -> Region {
    let layout = layout();
    let of = |cube: &Cube| Region::constant(true).within(&layout, cube);
    boxes.iter().fold(Region::constant(false), |all, cube| or(&all, &of(cube)))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn a_region_has_the_requests_of_its_boxes(boxes in boxes()) {
        let (layout, region) = (layout(), union(&boxes));
        for request in requests() {
            prop_assert_eq!(inside(&region, &request), boxes.iter().any(|cube| has(&layout, cube, &request)));
        }
    }

    #[test]
    fn a_minus_b_is_disjoint_from_b_and_their_union_restores(a in boxes(), b in boxes()) {
        let (a, b) = (union(&a), union(&b));
        let without = minus(&a, &b);
        prop_assert!(and(&without, &b).is_empty());
        prop_assert_eq!(or(&without, &and(&a, &b)), a.clone());
        prop_assert_eq!(minus(&a, &a), Region::constant(false));
    }

    #[test]
    fn counts_add_up(a in boxes(), b in boxes()) {
        let (a, b) = (union(&a), union(&b));
        let count = |region: &Region| count(region, region.root, 0, &weights(), |inside| *inside);
        prop_assert_eq!(count(&or(&a, &b)) + count(&and(&a, &b)), count(&a) + count(&b));
        let requests = requests();
        let total: BigUint = requests.iter().filter(|request| inside(&a, request)).map(|request| weight(request)).sum();
        prop_assert_eq!(count(&a), total);
    }

    /// A set has one form, no matter how it was made: from boxes in another order, from pieces, or as a complement of a
    /// complement.
    #[test]
    fn forms_are_equal_exactly_where_sets_are(a in boxes(), b in boxes()) {
        let layout = layout();
        let (left, right) = (union(&a), union(&b));
        let same = requests().iter().all(|request| inside(&left, request) == inside(&right, request));
        prop_assert_eq!(left == right, same);
        let backwards: Vec<Cube> = a.iter().rev().cloned().collect();
        prop_assert_eq!(union(&backwards), left.clone());
        prop_assert_eq!(minus(&Region::constant(true), &minus(&Region::constant(true), &left)), left.clone());
        let pieces: Vec<Cube> = a.iter().flat_map(|cube| {
            b.iter().flat_map(|by| layout.minus(cube, by)).chain(b.iter().filter_map(|by| layout.and(cube, by)))
        }).chain(a.iter().filter(|_| b.is_empty()).cloned()).collect();
        prop_assert_eq!(union(&pieces), left);
    }

    #[test]
    fn no_fork_is_idle_and_no_node_occurs_twice(boxes in boxes()) {
        let region = union(&boxes);
        for (index, node) in region.nodes.iter().enumerate() {
            prop_assert!(!region.nodes[..index].contains(node));
            if let Node::Fork { next, .. } = node {
                prop_assert!(next.iter().any(|target| *target != next[0]));
                prop_assert!(next.iter().all(|target| *target < index));
            }
        }
    }

    /// The boxes that people read are in the set, cannot be larger, and cover the set.
    #[test]
    fn a_cover_is_exact_and_of_largest_boxes(boxes in boxes()) {
        let (layout, region) = (layout(), union(&boxes));
        let (cover, rest) = cover(&region, &layout, usize::MAX);
        prop_assert!(rest.is_empty());
        prop_assert_eq!(union(&cover), region.clone());
        for cube in &cover {
            prop_assert!(covers(&region, &layout, cube));
            for dimension in 0..layout.dimensions() {
                let choices = 0..layout.choices(dimension);
                for choice in choices.filter(|choice| !layout.has(cube, dimension, *choice)) {
                    let mut larger = cube.clone();
                    layout.put(&mut larger, dimension, choice, true);
                    prop_assert!(!covers(&region, &layout, &larger));
                }
            }
        }
        let (some, rest) = meterwarden::space::cover(&region, &layout, 1);
        prop_assert!(some.len() <= 1);
        prop_assert_eq!(or(&union(&some), &rest), region.clone());
        prop_assert_eq!(union(&trimmed(&layout, cover)), region);
    }

    #[test]
    fn boxes_and_regions_agree(boxes in boxes(), a in boxes(), b in boxes()) {
        let layout = layout();
        for (a, b) in a.iter().zip(&b) {
            let (left, right) = (union(std::slice::from_ref(a)), union(std::slice::from_ref(b)));
            prop_assert_eq!(union(&layout.minus(a, b)), minus(&left, &right));
            prop_assert_eq!(union(&Vec::from_iter(layout.and(a, b))), and(&left, &right));
            prop_assert_eq!(left.within(&layout, b), and(&left, &right));
            prop_assert_eq!(left.without(&layout, b), minus(&left, &right));
        }
        for cube in &a {
            let left = minus(&union(std::slice::from_ref(cube)), &union(&boxes));
            match layout.remainder(cube, &boxes) {
                Remainder::Nothing => prop_assert!(left.is_empty()),
                Remainder::Part(part) => prop_assert!(!layout.is_empty(&part) && covers(&left, &layout, &part)),
                Remainder::Unknown => prop_assert!(false, "so small a question has an answer"),
            }
        }
        let mut absorbed: Vec<Cube> = boxes.iter().filter(|cube| !layout.is_empty(cube)).cloned().collect();
        absorb(&mut absorbed);
        prop_assert_eq!(union(&absorbed), union(&boxes));
        prop_assert_eq!(union(&layout.largest(absorbed, usize::MAX)), union(&boxes));
    }

    /// `any` and `every` are the union and the intersection over the choices of a dimension.
    #[test]
    fn quantifiers_go_through_the_choices(boxes in boxes(), dimension in 0..5_usize) {
        let region = union(&boxes);
        let (for_any, for_every) = (region.exists(dimension), region.forall(dimension));
        for request in requests() {
            let with = |choice: usize| {
                let mut other = request.clone();
                other[dimension] = choice;
                inside(&region, &other)
            };
            let choices = 0..WEIGHTS[dimension].len();
            prop_assert_eq!(inside(&for_any, &request), choices.clone().any(with));
            prop_assert_eq!(inside(&for_every, &request), choices.clone().all(with));
            let given = region.given(|at| (at == dimension).then_some(request[dimension]));
            prop_assert_eq!(inside(&given, &request), inside(&region, &request));
        }
    }
}
