//! Decisions per second while plans are swapped: `cargo bench --bench threads`.
//!
//! Each thread decides the 10,000 requests of benches/peers in turn, from numbers and with the code of a refusal. For
//! each request it takes the plan from its [`PlanReader`]. Another thread puts a new plan in force ten times per
//! second. All plans have the same rules, so numbers stay valid. One thread and one thread per core alternate, and each
//! figure is the median of five turns.

#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

#[expect(dead_code, reason = "benches/peers uses the rest of it")]
#[path = "peers/src/service_rules.rs"]
mod service_rules;
#[expect(dead_code, reason = "benches/peers uses the rest of it")]
#[path = "peers/src/message.rs"]
mod message;
#[expect(dead_code, reason = "benches/peers uses the rest of it")]
#[path = "peers/src/requests.rs"]
mod requests;

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use meterwarden::{Plan, PlanReader, PlanStore, Policy, RequestIds, compile};

use requests::Dice;

const TURNS: usize = 5;
/// How often plans are swapped in a turn.
const SWAPS: usize = 10;
/// How long each plan stays in force.
const STAY: Duration = Duration::from_millis(100);

fn main() {
    let plan = compile(Arc::new(Policy::load(concat!(env!("CARGO_MANIFEST_DIR"), "/rules")).unwrap()));
    let requests = requests::requests(&plan, &mut Dice::new());
    let requests: Vec<RequestIds> = requests.iter().map(|request| plan.resolve(request).unwrap()).collect();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let mut rates = [1, cores].map(|threads| (threads, Vec::new()));
    for _ in 0..TURNS {
        for (threads, rates) in &mut rates {
            rates.push(rate(&plan, &requests, *threads));
        }
    }
    let [one_thread, all_cores] = rates.map(|(threads, mut rates)| {
        rates.sort_by(f64::total_cmp);
        let rate = rates[TURNS / 2];
        println!(
            "threads: {threads}; {rate:.1} M decisions per second, {:.1} M per core",
            rate / threads as f64
        );
        rate
    });
    println!("{cores} cores decide {:.2} times as many as one", all_cores / one_thread);
}

/// Millions of decisions per second of this number of threads, while plans are swapped.
fn rate(plan: &Plan, requests: &[RequestIds], threads: usize) -> f64 {
    let mut plans = vec![plan.clone(); SWAPS];
    let (store, running) = (PlanStore::new(plan.clone()), AtomicBool::new(true));
    thread::scope(|scope| {
        let start = Instant::now();
        let decide = || passes(store.reader(), requests, &running);
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(decide)).collect();
        while let Some(plan) = plans.pop() {
            thread::sleep(STAY);
            store.replace(plan);
        }
        running.store(false, Ordering::Relaxed);
        let passes: usize = handles.into_iter().map(|handle| handle.join().unwrap()).sum();
        (passes * requests.len()) as f64 / start.elapsed().as_secs_f64() / 1e6
    })
}

/// How often a thread decides all requests until `running` is false.
fn passes(mut reader: PlanReader, requests: &[RequestIds], running: &AtomicBool) -> usize {
    let mut passes = 0;
    while running.load(Ordering::Relaxed) {
        for request in requests {
            let verdict = reader.plan().verdict(black_box(request));
            black_box((verdict.is_permit(), verdict.code()));
        }
        passes += 1;
    }
    passes
}
