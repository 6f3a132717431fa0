//! The engine on the shipped policy: loading, compiling, deciding, explaining.
//! `cargo bench --bench engine`; medians, on one thread.

#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::path::Path;
use std::sync::Arc;
use std::{fs, hint};

use divan::Bencher;
use meterwarden::{Date, Plan, Policy, Request, Source, compile, files, relative};

fn main() {
    divan::main();
}

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/rules");

fn sources() -> Vec<Source> {
    let folder = Path::new(FOLDER);
    let paths = files(folder, "rules").unwrap();
    paths.iter().map(|path| Source::new(relative(folder, path), fs::read_to_string(path).unwrap())).collect()
}

fn plan() -> Plan {
    compile(Arc::new(Policy::from_sources(sources()).unwrap()))
}

/// The request that MP125 is about.
fn mp125() -> Request {
    Request::new("8.4", Date::constant(2023, 6, 29))
        .value("role", "IS")
        .set("fields", ["ESMEVariant"])
        .set("relation", ["registered"])
        .value("status", "Commissioned")
        .value("device", "ESME")
        .value("generation", "SMETS2")
        .value("variant", "8")
        .value("timing", "Immediate")
}

#[divan::bench]
fn parse_and_check(bencher: Bencher<'_, '_>) {
    bencher.with_inputs(sources).bench_values(|sources| Policy::from_sources(sources).unwrap());
}

#[divan::bench]
fn compile_policy(bencher: Bencher<'_, '_>) {
    let policy = Arc::new(Policy::from_sources(sources()).unwrap());
    bencher.bench(|| compile(Arc::clone(&policy)));
}

#[divan::bench]
fn decide_permitted(bencher: Bencher<'_, '_>) {
    let (plan, request) = (plan(), mp125());
    bencher.bench(|| plan.decide(hint::black_box(&request)).unwrap().is_permit());
}

#[divan::bench]
fn decide_refused(bencher: Bencher<'_, '_>) {
    let (plan, request) = (plan(), Request { at: Date::constant(2023, 6, 28), ..mp125() });
    bencher.bench(|| plan.decide(hint::black_box(&request)).unwrap().is_permit());
}

#[divan::bench]
fn decide_with_nothing_said(bencher: Bencher<'_, '_>) {
    let (plan, request) = (plan(), Request::new("8.4", Date::constant(2023, 6, 29)));
    bencher.bench(|| plan.decide(hint::black_box(&request)).unwrap().is_permit());
}

#[divan::bench]
fn request_from_json_and_decide(bencher: Bencher<'_, '_>) {
    let (plan, line) = (plan(), serde_json::to_string(&mp125()).unwrap());
    bencher.bench(|| {
        let request: Request = serde_json::from_str(hint::black_box(&line)).unwrap();
        plan.decide(&request).unwrap().is_permit()
    });
}

#[divan::bench]
fn explain_refused(bencher: Bencher<'_, '_>) {
    let (plan, request) = (plan(), Request { at: Date::constant(2023, 6, 28), ..mp125() });
    bencher.bench(|| plan.explain(hint::black_box(&request)).unwrap().to_string());
}

#[divan::bench]
fn outcomes_of_every_service(bencher: Bencher<'_, '_>) {
    let plan = plan();
    let services = plan.policy().services();
    bencher.bench(|| {
        services.iter().filter_map(|one| plan.outcomes(&one.name)).map(|page| page.len()).sum::<usize>()
    });
}
