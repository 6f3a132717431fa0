//! The time of a decision as policies grow, by numbers that were made before, with the code of a refusal:
//! `cargo bench --bench growth`. One thread, 10,000 requests for each policy.
//!
//! A clock cannot measure a few nanoseconds. So each observation is the time of one request decided 16 times in a row,
//! divided by 16. There are ten observations for each request, and the median and the 99th percentile are over all of
//! them. They leave out the cost of memory that is not in the nearest cache. "In turn" includes it: it is the time per
//! decision if each request follows a different one, the median of ten passes.

#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

#[expect(dead_code, reason = "other benchmarks use the rest of it")]
mod generate;
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
use std::time::Instant;

use meterwarden::policy::Service;
use meterwarden::{Plan, Policy, RequestIds, Source, compile};

use requests::{Dice, REQUESTS};

fn main() {
    println!(
        "| policy | rules | requests for | permitted | median | 99th percentile | in turn |\n\
         |---|---:|---|---:|---:|---:|---:|"
    );
    for rules in [100, 1_000, 10_000, 100_000] {
        let plan = plan(generate::sources(rules));
        row("ten rules per service", "all services", &plan, plan.policy().services());
    }
    let plan = plan(generate::crowded::crowded(10_000, 1_000));
    let name = "1,000 rules in one service, 1,000 forbids that cover all services";
    row(name, "all services", &plan, plan.policy().services());
    row(name, "that service", &plan, &plan.policy().services()[..1]);
}

fn plan(sources: Vec<Source>) -> Plan {
    compile(Arc::new(Policy::from_sources(sources).unwrap()))
}

fn row(policy: &str, requests_for: &str, plan: &Plan, services: &[Service]) {
    let requests = requests::requests_for(plan, services, &mut Dice::new());
    let requests: Vec<RequestIds> = requests.iter().map(|request| plan.resolve(request).unwrap()).collect();
    let permitted = requests.iter().filter(|request| plan.verdict(request).is_permit()).count();
    assert!(
        !requests.iter().any(|request| plan.verdict(request).is_undetermined()),
        "the table does not decide every request"
    );
    let mut repeated: Vec<f64> = (0..ROUNDS).flat_map(|_| repeated(plan, &requests)).collect();
    let mut in_turn: Vec<f64> = (0..ROUNDS).map(|_| in_turn(plan, &requests)).collect();
    let (median, percentile) = (quantile(&mut repeated, 0.5), quantile(&mut repeated, 0.99));
    println!(
        "| {policy} | {} | {requests_for} | {} % | {median:.1} ns | {percentile:.1} ns | {:.1} ns |",
        plan.policy().rules().len(),
        permitted * 100 / REQUESTS,
        quantile(&mut in_turn, 0.5),
    );
}

const ROUNDS: usize = 10;

/// How often a request is decided in a row for one observation.
const TIMES: u32 = 16;

/// For each request, the time per decision in nanoseconds if it is decided [`TIMES`] times in a row.
fn repeated(plan: &Plan, requests: &[RequestIds]) -> Vec<f64> {
    let time = |request: &RequestIds| {
        let start = Instant::now();
        (0..TIMES).for_each(|_| decide(plan, request));
        start.elapsed().as_nanos() as f64 / f64::from(TIMES)
    };
    requests.iter().map(time).collect()
}

/// The time per decision in nanoseconds if each request is decided once.
fn in_turn(plan: &Plan, requests: &[RequestIds]) -> f64 {
    let start = Instant::now();
    requests.iter().for_each(|request| decide(plan, request));
    start.elapsed().as_nanos() as f64 / requests.len() as f64
}

fn decide(plan: &Plan, request: &RequestIds) {
    let verdict = plan.verdict(black_box(request));
    black_box((verdict.is_permit(), verdict.code()));
}

fn quantile(times: &mut [f64], fraction: f64) -> f64 {
    times.sort_by(f64::total_cmp);
    times[(times.len() as f64 * fraction) as usize]
}
