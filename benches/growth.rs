//! How long a decision takes as policies grow, from numbers made beforehand, with the code of a refusal:
//! `cargo bench --bench growth`; on one thread, for each policy 10 000 requests.
//!
//! A clock does not see a few nanoseconds. So each observation is of one request decided 16 times in a row, a sixteenth of
//! the time, ten for each request; the median and the 99th percentile are over all of these. What they leave out is what the
//! memory costs where another request was decided before: "in turn" is the time a decision where each request follows
//! another, the median of ten passes.

#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

#[expect(dead_code, reason = "other benches ask questions and edit the policy")]
mod generate;
#[expect(dead_code, reason = "the engines side by side use the rest of it")]
#[path = "peers/src/law.rs"]
mod law;
#[expect(dead_code, reason = "the engines side by side use the rest of it")]
#[path = "peers/src/message.rs"]
mod message;
#[expect(dead_code, reason = "the engines side by side use the rest of it")]
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
        row("ten rules a service", "all services", &plan, plan.policy().services());
    }
    let plan = plan(generate::crowded::crowded(10_000, 1_000));
    let name = "1 000 rules in one service, 1 000 forbids above all";
    row(name, "all services", &plan, plan.policy().services());
    row(name, "that service", &plan, &plan.policy().services()[..1]);
}

fn plan(sources: Vec<Source>) -> Plan {
    compile(Arc::new(Policy::from_sources(sources).unwrap()))
}

fn row(name: &str, of: &str, plan: &Plan, services: &[Service]) {
    let requests = requests::requests_for(plan, services, &mut Dice::new());
    let requests: Vec<RequestIds> = requests.iter().map(|request| plan.resolve(request).unwrap()).collect();
    let permitted = requests.iter().filter(|request| plan.verdict(request).is_permit()).count();
    assert!(
        !requests.iter().any(|request| plan.verdict(request).is_undetermined()),
        "not all is decided by the table"
    );
    let mut alone: Vec<f64> = (0..ROUNDS).flat_map(|_| alone(plan, &requests)).collect();
    let mut in_turn: Vec<f64> = (0..ROUNDS).map(|_| in_turn(plan, &requests)).collect();
    let (median, most) = (quantile(&mut alone, 0.5), quantile(&mut alone, 0.99));
    println!(
        "| {name} | {} | {of} | {} % | {median:.1} ns | {most:.1} ns | {:.1} ns |",
        plan.policy().rules().len(),
        permitted * 100 / REQUESTS,
        quantile(&mut in_turn, 0.5),
    );
}

const ROUNDS: usize = 10;

/// How often a request is decided in a row.
const TIMES: u32 = 16;

/// The time a decision of each request, of sixteen of it.
fn alone(plan: &Plan, requests: &[RequestIds]) -> Vec<f64> {
    let time = |request: &RequestIds| {
        let start = Instant::now();
        (0..TIMES).for_each(|_| decide(plan, request));
        start.elapsed().as_nanos() as f64 / f64::from(TIMES)
    };
    requests.iter().map(time).collect()
}

/// The time a decision where each request is decided once.
fn in_turn(plan: &Plan, requests: &[RequestIds]) -> f64 {
    let start = Instant::now();
    requests.iter().for_each(|request| decide(plan, request));
    start.elapsed().as_nanos() as f64 / requests.len() as f64
}

fn decide(plan: &Plan, request: &RequestIds) {
    let verdict = plan.verdict(black_box(request));
    black_box((verdict.is_permit(), verdict.code()));
}

fn quantile(times: &mut [f64], part: f64) -> f64 {
    times.sort_by(f64::total_cmp);
    times[(times.len() as f64 * part) as usize]
}
