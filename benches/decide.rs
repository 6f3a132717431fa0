//! The time of one decision by the shipped policy, with the code of a refusal: from numbers, from strings, from JSON
//! and from a request by name, next to a program written by hand for this vocabulary. `cargo bench --bench decide`, one
//! thread.
//!
//! A sample is a pass over the 10,000 requests of benches/peers, which are all different. The time is that of one
//! request.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a benchmark fails by panicking")]

#[path = "peers/src/engines/by_hand.rs"]
mod by_hand;
#[expect(dead_code, reason = "benches/peers uses the rest of it")]
#[path = "peers/src/engines/meterwarden.rs"]
mod by_numbers;
#[expect(dead_code, reason = "benches/peers uses the rest of it")]
#[path = "peers/src/engine.rs"]
mod engine;
#[expect(dead_code, reason = "benches/peers uses the rest of it")]
#[path = "peers/src/service_rules.rs"]
mod service_rules;
#[expect(dead_code, reason = "benches/peers uses the rest of it")]
#[path = "peers/src/message.rs"]
mod message;
#[path = "peers/src/requests.rs"]
mod requests;
#[path = "peers/src/engines/name_table.rs"]
mod name_table;

use std::hint::black_box;
use std::sync::{Arc, LazyLock};

use divan::Bencher;
use divan::counter::ItemsCount;
use meterwarden::{Date, Plan, Policy, Request, RequestIds, Verdict, compile};

use by_hand::ByHand;
use by_numbers::Meterwarden;
use engine::Engine;
use message::Message;
use requests::{Dice, REQUESTS};

fn main() {
    divan::main();
}

static PLAN: LazyLock<Plan> =
    LazyLock::new(|| compile(Arc::new(Policy::load(concat!(env!("CARGO_MANIFEST_DIR"), "/rules")).unwrap())));
static NAMED_REQUESTS: LazyLock<Vec<Request>> = LazyLock::new(|| requests::requests(&PLAN, &mut Dice::new()));
static LINES: LazyLock<Vec<String>> = LazyLock::new(|| requests::lines(&NAMED_REQUESTS));
static MESSAGES: LazyLock<Vec<Message<'_>>> = LazyLock::new(|| requests::messages(&LINES));

/// An engine with the shipped policy.
trait Shipped: Engine {
    fn new() -> Self;
}

impl Shipped for ByHand<'_> {
    fn new() -> Self {
        Self::new(PLAN.policy(), &service_rules::dates(PLAN.policy()))
    }
}

impl Shipped for Meterwarden<'_> {
    fn new() -> Self {
        Self::new(&PLAN)
    }
}

#[divan::bench(types = [ByHand<'_>, Meterwarden<'_>], sample_count = 50, sample_size = REQUESTS as u32)]
fn from_numbers<E: Shipped>(bencher: Bencher<'_, '_>) {
    let mut engine = E::new();
    engine.prepare(&MESSAGES);
    let mut indices = (0..REQUESTS).cycle();
    bencher.bench_local(|| {
        black_box(indices.next().map(|index| engine.prebuilt(index)));
    });
}

#[divan::bench(types = [ByHand<'_>, Meterwarden<'_>], sample_count = 50, sample_size = REQUESTS as u32)]
fn from_strings<E: Shipped>(bencher: Bencher<'_, '_>) {
    let mut engine = E::new();
    let mut messages = MESSAGES.iter().cycle();
    bencher.bench_local(|| {
        black_box(messages.next().map(|message| engine.strings(message)));
    });
}

#[divan::bench(types = [ByHand<'_>, Meterwarden<'_>], sample_count = 50, sample_size = REQUESTS as u32)]
fn from_json<E: Shipped>(bencher: Bencher<'_, '_>) {
    let mut engine = E::new();
    let mut lines = LINES.iter().cycle();
    bencher.bench_local(|| {
        black_box(lines.next().map(|line| engine.json(line)));
    });
}

/// For a gateway without numbers: all names are looked up each time, and the decision has all its parts.
#[divan::bench(sample_count = 50, sample_size = REQUESTS as u32)]
fn from_a_request_by_name(bencher: Bencher<'_, '_>) {
    let (plan, mut requests) = (&*PLAN, NAMED_REQUESTS.iter().cycle());
    bencher.bench_local(|| requests.next().map(|request| plan.decide(black_box(request)).unwrap()));
}

/// A request that states no attribute. The decision describes the requests that complete it.
#[divan::bench]
fn with_nothing_stated(bencher: Bencher<'_, '_>) {
    let request = Request::new("8.4", Date::constant(2023, 6, 29));
    bencher.bench(|| PLAN.decide(black_box(&request)).unwrap().is_permit());
}

/// All 10,000 requests as one batch, with their codes.
#[divan::bench(sample_count = 50)]
fn batch(bencher: Bencher<'_, '_>) {
    in_a_batch(bencher, |verdict| (verdict.is_permit(), verdict.code()));
}

/// The same without codes.
#[divan::bench(sample_count = 50)]
fn batch_of_permits(bencher: Bencher<'_, '_>) {
    in_a_batch(bencher, Verdict::is_permit);
}

/// Building the batch from requests in numbers, which the other two do not time.
#[divan::bench(sample_count = 50)]
fn filling_a_batch(bencher: Bencher<'_, '_>) {
    let mut batch = PLAN.batch();
    let requests: Vec<RequestIds> =
        NAMED_REQUESTS.iter().map(|request| PLAN.resolve(request).unwrap()).collect();
    bencher.counter(ItemsCount::new(REQUESTS)).bench_local(|| {
        batch.clear();
        requests.iter().for_each(|request| batch.push(black_box(request)));
    });
}

fn in_a_batch<T>(bencher: Bencher<'_, '_>, read: impl Fn(&Verdict<'static>) -> T) {
    let plan = &*PLAN;
    let (mut batch, mut verdicts) = (plan.batch(), Vec::new());
    NAMED_REQUESTS.iter().for_each(|request| batch.push(&plan.resolve(request).unwrap()));
    bencher.counter(ItemsCount::new(REQUESTS)).bench_local(|| {
        plan.verdicts(&batch, &mut verdicts);
        verdicts.iter().for_each(|verdict| {
            black_box(read(verdict));
        });
    });
}

/// A decision with its explanation, which is not yet rendered.
#[divan::bench(sample_count = 20, sample_size = 500)]
fn explanation(bencher: Bencher<'_, '_>) {
    let (plan, mut requests) = (&*PLAN, NAMED_REQUESTS.iter().cycle());
    bencher.bench_local(|| {
        requests.next().map(|request| meterwarden_analysis::explain(plan, black_box(request)).unwrap())
    });
}

/// The same, rendered as text.
#[divan::bench(sample_count = 20, sample_size = 500)]
fn explanation_as_text(bencher: Bencher<'_, '_>) {
    let (plan, mut requests) = (&*PLAN, NAMED_REQUESTS.iter().cycle());
    bencher.bench_local(|| {
        requests
            .next()
            .map(|request| meterwarden_analysis::explain(plan, black_box(request)).unwrap().to_string())
    });
}
