//! Boxes as bits: each is the set of requests that going through the requests one by one finds.

use meterwarden::space::{Cube, Layout};

/// Small dimensions share a word; one that does not fit begins the next; a long one has words of its own.
#[test]
fn every_choice_has_a_bit_of_its_own() {
    let layout = Layout::new([3, 60, 5, 130, 1, 64, 2]);
    for dimension in 0..layout.dimensions() {
        for choice in 0..layout.choices(dimension) {
            let cube = layout.cube(|d, c| (d, c) == (dimension, choice));
            let taken = |d: usize| layout.taken(&cube, d).collect::<Vec<_>>();
            for d in 0..layout.dimensions() {
                assert_eq!(taken(d), if d == dimension { vec![choice] } else { vec![] });
            }
        }
    }
    assert!(!layout.is_empty(&layout.all()));
}

/// Pseudo-random numbers below a bound; the same each time.
fn dice() -> impl FnMut(usize) -> usize {
    let mut state = 7u64;
    move |bound| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % bound
    }
}

fn random(layout: &Layout, dice: &mut impl FnMut(usize) -> usize) -> Cube {
    let mut cube = layout.all();
    for dimension in 0..layout.dimensions() {
        let inside: Vec<bool> = (0..layout.choices(dimension)).map(|_| dice(3) > 0).collect();
        layout.keep(&mut cube, dimension, |choice| inside[choice]);
    }
    cube
}

/// The boxes agree with going through the requests one by one.
#[test]
fn boxes_are_sets_of_requests() {
    let layout = Layout::new([3, 2, 62, 1, 2]);
    let mut requests = vec![Vec::new()];
    for dimension in 0..layout.dimensions() {
        let choices = 0..layout.choices(dimension);
        let longer = |request: &Vec<usize>| {
            choices.clone().map(|choice| [request.as_slice(), &[choice]].concat()).collect::<Vec<_>>()
        };
        requests = requests.iter().flat_map(longer).collect();
    }
    let inside = |cube: &Cube, request: &[usize]| {
        request.iter().enumerate().all(|(dimension, choice)| layout.has(cube, dimension, *choice))
    };
    let any = |cubes: &[Cube], request: &[usize]| cubes.iter().any(|cube| inside(cube, request));
    let mut dice = dice();
    for _ in 0..40 {
        let cube = random(&layout, &mut dice);
        let others: Vec<Cube> = (0..1 + dice(6)).map(|_| random(&layout, &mut dice)).collect();
        let mut requests_in = requests.iter().filter(|request| inside(&cube, request));
        assert_eq!(layout.size(&cube), requests_in.clone().count() as u128);
        assert_eq!(layout.first(&cube).as_ref(), requests_in.clone().next());
        let first = &others[0];
        assert_eq!(layout.meet(&cube, first), requests_in.clone().any(|request| inside(first, request)));
        let rest = layout.minus(&cube, first);
        let largest = layout.largest(others.clone(), 1_000);
        for request in &requests {
            assert_eq!(any(&rest, request), inside(&cube, request) && !inside(first, request));
            assert_eq!(any(&largest, request), any(&others, request));
        }
        match layout.outside(&cube, &others) {
            Some(part) => {
                let mut of_part = requests.iter().filter(|request| inside(&part, request)).peekable();
                assert!(of_part.peek().is_some());
                assert!(of_part.all(|request| inside(&cube, request) && !any(&others, request)));
            }
            None => assert!(requests_in.all(|request| any(&others, request))),
        }
    }
}
