//! The engine, the reference semantics and the algebra of regions agree: on every cell of every shipped service, and on
//! more than a million requests of random policies. And the least change of an explanation is the least.
//!
//! A cell is a request for each combination of value classes: values that no rule in force and no response code
//! distinguishes are one class. So every request is in some cell. `MW_REFERENCE_CASES=20` takes twenty times as many
//! random policies.

use std::cmp::Reverse;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use meterwarden::{Date, Plan, Policy, Request, compile};
use meterwarden_analysis::Permitted;
use meterwarden_analysis::counterfactual::Changing;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::clause_text;
use crate::reference::cells::Space;
use crate::reference::compare::{dates, differs, laws, request};
use crate::reference::decide::Answer;
use crate::reference::law::Law;
use crate::reference::model::Book;
use crate::reference::random::{self, tapes};

/// The factor by which more is compared than in a normal run.
fn times() -> usize {
    std::env::var("MW_REFERENCE_CASES").map_or(1, |times| times.parse().unwrap())
}

fn shipped() -> (Plan, Book) {
    let policy = Policy::load(concat!(env!("CARGO_MANIFEST_DIR"), "/rules")).unwrap();
    let book = Book::new(policy.sources());
    (compile(Arc::new(policy)), book)
}

/// One service under one law: every cell, and whether the reference permits it.
struct Cells<'p> {
    requests: Vec<Request>,
    permitted: Vec<bool>,
    /// The attributes, and the number of value classes of each. The first varies fastest.
    widths: Vec<(String, usize)>,
    set: Permitted<'p>,
}

/// Compares the three on the cells of one law. The set of the algebra is asked on the first of its dates, the engine on
/// all of them.
fn agree<'p>(plan: &'p Plan, service: &str, space: &Space, law: &Law, dates: &[Date]) -> Cells<'p> {
    let space = space.under(law);
    let set = meterwarden_analysis::permitted(plan, service, dates[0]).unwrap().unwrap();
    let (mut requests, mut permitted) = (Vec::new(), Vec::new());
    for number in 0..space.size() {
        let cell = space.cell(number);
        let answer = law.decide(&cell);
        let mut request = request(service, dates[0], &cell);
        for &date in dates.iter().rev() {
            request.at = date;
            if let Some(difference) = differs(plan, &request, &answer) {
                panic!("{difference}");
            }
        }
        let inside = matches!(answer, Answer::Permit(_));
        assert_eq!(set.contains(&request).unwrap(), inside, "the algebra: {}", request.to_json());
        requests.push(request);
        permitted.push(inside);
    }
    let widths = space.widths().map(|(name, width)| (name.to_owned(), width)).collect();
    Cells { requests, permitted, widths, set }
}

/// What was compared.
#[derive(Default)]
struct Tally {
    cells: usize,
    permitted: usize,
    changes: usize,
}

#[test]
fn engine_reference_and_algebra_agree_on_every_cell_of_the_shipped_services() {
    let start = Instant::now();
    let (plan, book) = shipped();
    let dates = dates(&book);
    let mut work: Vec<(&str, (Law, Vec<Date>))> = Vec::new();
    for service in book.services.keys() {
        work.extend(laws(&book, service, &dates).into_iter().map(|law| (service.as_str(), law)));
    }
    // The largest first, so that no thread has much left when the others have nothing.
    work.sort_by_cached_key(|(service, (law, _))| Reverse(Space::of(&book, service).under(law).size()));
    // Every thread takes the next law that no other thread has taken.
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let tally = std::thread::scope(|scope| {
        let compare = || {
            let mut tally = Tally::default();
            while let Some((service, (law, dates))) = work.get(next.fetch_add(1, Ordering::Relaxed)) {
                compare_law(&plan, &book, service, law, dates, &mut tally);
            }
            tally
        };
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(compare)).collect();
        running.into_iter().map(|thread| thread.join().unwrap()).fold(Tally::default(), |total, thread| {
            Tally {
                cells: total.cells + thread.cells,
                permitted: total.permitted + thread.permitted,
                changes: total.changes + thread.changes,
            }
        })
    });
    println!(
        "{} services under {} laws: {} cells, of which {} permitted, each answered alike by the engine, the reference \
         and the algebra; {} least changes proved, in {:.1?}",
        book.services.len(),
        work.len(),
        tally.cells,
        tally.permitted,
        tally.changes,
        start.elapsed()
    );
    assert_eq!(book.services.len(), 129);
    assert!(tally.permitted > 0 && tally.changes > tally.cells / 2);
}

fn compare_law(plan: &Plan, book: &Book, service: &str, law: &Law, dates: &[Date], tally: &mut Tally) {
    let found = agree(plan, service, &Space::of(book, service), law, dates);
    tally.cells += found.permitted.len();
    tally.permitted += found.permitted.iter().filter(|inside| **inside).count();
    tally.changes += least_changes_are_least(plan, &found);
}

/// For every refused cell, the remedy is the least change, and with it the request is permitted.
fn least_changes_are_least(plan: &Plan, cells: &Cells<'_>) -> usize {
    let sender = |name: &str| plan.policy().attribute(name).unwrap().sender;
    let any = distances(cells, |_| true);
    let by_sender = distances(cells, sender);
    let mut proved = 0;
    // Each of these is compared with all cells. The steps are primes, so that every class of every attribute is met.
    let step = if cells.requests.len() > 200_000 { 797 } else { 199 };
    for (cell, request) in cells.requests.iter().enumerate() {
        for (changing, distances) in [(Changing::Anything, &any), (Changing::BySender, &by_sender)] {
            let found = cells.set.counterfactuals(request, &changing, 3).unwrap();
            let least = found.as_ref().map_or(FAR, |found| u8::try_from(found.attributes).unwrap());
            let expected = if cells.permitted[cell] { FAR } else { distances[cell] };
            assert_eq!(least, expected, "{changing:?} {}", request.to_json());
            for remedy in found.iter().flat_map(|found| &found.remedies) {
                assert!(
                    plan.decide(&remedy.example).unwrap().is_permit(),
                    "{} does not do for {}",
                    remedy.example.to_json(),
                    request.to_json()
                );
                assert_eq!(differing(request, &remedy.example).count(), usize::from(least));
                assert!(remedy.say.iter().all(|clause| clause_text::holds(clause, &remedy.example)));
                assert!(changing == Changing::Anything || differing(request, &remedy.example).all(sender));
            }
            proved += usize::from(found.is_some());
        }
        if cell % step == 0 && !cells.permitted[cell] {
            every_least_change_is_a_remedy(cells, cell, any[cell]);
        }
    }
    proved
}

/// No request is so far from a permitted one.
const FAR: u8 = u8::MAX;

/// For each cell, the smallest number of attributes in which it differs from a permitted cell, if only some attributes
/// may change. The distances are computed attribute by attribute, along each line of the space: a change of one
/// attribute stays on its line.
fn distances(cells: &Cells<'_>, may_change: impl Fn(&str) -> bool) -> Vec<u8> {
    let mut near: Vec<u8> = cells.permitted.iter().map(|inside| if *inside { 0 } else { FAR }).collect();
    let mut stride = 1;
    for (name, width) in &cells.widths {
        for start in (0..near.len()).filter(|cell| may_change(name) && cell / stride % width == 0) {
            let line = || (0..*width).map(|step| start + step * stride);
            let nearest = line().map(|cell| near[cell]).min().unwrap();
            line().for_each(|cell| near[cell] = near[cell].min(nearest.saturating_add(1)));
        }
        stride *= width;
    }
    near
}

/// The number of attributes in which two cells differ. The number of a cell has a digit for each attribute: its class.
fn differing_classes(widths: &[(String, usize)], mut first: usize, mut second: usize) -> usize {
    let mut differing = 0;
    for (_, width) in widths {
        differing += usize::from(first % width != second % width);
        (first, second) = (first / width, second / width);
    }
    differing
}

/// The attributes in which two requests differ.
fn differing<'r>(before: &'r Request, after: &'r Request) -> impl Iterator<Item = &'r str> {
    let fact =
        |name: &String| after.facts.iter().find(|(candidate, _)| candidate == name).map(|(_, fact)| fact);
    let differ = before.facts.iter().filter(move |(name, value)| fact(name) != Some(value));
    differ.map(|(name, _)| name.as_str())
}

/// Every permitted cell at the least distance is in some remedy, and every choice that a remedy names is permitted.
fn every_least_change_is_a_remedy(cells: &Cells<'_>, refused: usize, least: u8) {
    let request = &cells.requests[refused];
    let found = cells.set.counterfactuals(request, &Changing::Anything, 10_000).unwrap();
    let Some(found) = found else { return assert_eq!(least, FAR) };
    assert!(!found.more);
    let sets: Vec<Vec<&str>> =
        found.remedies.iter().map(|remedy| differing(request, &remedy.example).collect()).collect();
    for (cell, (other, inside)) in cells.requests.iter().zip(&cells.permitted).enumerate() {
        // Comparing the classes of two cells, not their texts, makes this fast.
        if differing_classes(&cells.widths, refused, cell) != usize::from(least) {
            continue;
        }
        let differ: Vec<&str> = differing(request, other).collect();
        let in_remedy = found.remedies.iter().zip(&sets).any(|(remedy, set)| {
            *set == differ && remedy.say.iter().all(|clause| clause_text::holds(clause, other))
        });
        assert_eq!(in_remedy, *inside, "{} for {}", other.to_json(), request.to_json());
    }
}

/// Random policies. Of each, every cell of every law of every service, but at most `MOST_CELLS` of a law.
const RANDOM_POLICIES: usize = 2_000;
const MOST_CELLS: usize = 4_000;

#[test]
fn engine_reference_and_algebra_agree_on_a_million_requests_of_random_policies() {
    let start = Instant::now();
    let config = Config { failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let (mut policies, mut requests, mut permitted) = (0, 0, 0);
    for _ in 0..RANDOM_POLICIES * times() {
        let tapes = tapes().new_tree(&mut runner).unwrap().current();
        let policy = random::Policy::new(&tapes);
        let Ok(checked) = Policy::from_sources(policy.sources.clone()) else { continue };
        let (plan, book) = (compile(Arc::new(checked)), Book::new(&policy.sources));
        policies += 1;
        for service in book.services.keys() {
            let space = Space::of(&book, service);
            for (law, dates) in laws(&book, service, &dates(&book)) {
                if space.under(&law).size() <= MOST_CELLS {
                    let found = agree(&plan, service, &space, &law, &dates[..1]);
                    requests += found.permitted.len();
                    permitted += found.permitted.iter().filter(|inside| **inside).count();
                }
            }
        }
    }
    println!(
        "{policies} random policies: {requests} requests, of which {permitted} permitted, in {:.1?}",
        start.elapsed()
    );
    assert!(requests >= 1_000_000, "{requests}");
    assert!(permitted * 50 > requests, "hardly any is permitted");
}
