//! Every finding about a generated policy of 1,000, 10,000 and 100,000 rules, with ten rules in a service: the cost
//! should grow linearly with the number of rules. Loading and [`Plan::precompute`] are not measured.
//! `cargo bench --bench lint`; medians. Findings are computed on all cores; `taskset -c 0` before it measures one core.

#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

#[expect(dead_code, reason = "another bench edits the policy")]
mod generate;

use std::path::Path;
use std::sync::Arc;
use std::{fs, hint};

use divan::Bencher;
use meterwarden::{Plan, Policy, Source, compile, files, relative};
use meterwarden_authoring::{lint, lint_meaning};
use mimalloc::MiMalloc;

/// The allocator of the command.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() {
    divan::main();
}

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];

#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn all_findings(bencher: Bencher<'_, '_>, rules: usize) {
    let plan = generated(rules);
    bencher.bench(|| lint(hint::black_box(&plan)).found().len());
}

#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn findings_about_meaning(bencher: Bencher<'_, '_>, rules: usize) {
    let plan = generated(rules);
    bencher.bench(|| lint_meaning(hint::black_box(&plan)).found().len());
}

/// For comparison: compiling the same policy.
#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn compile_generated(bencher: Bencher<'_, '_>, rules: usize) {
    let policy = Arc::new(policy(generate::sources(rules)));
    bencher.bench(|| compile(Arc::clone(&policy)));
}

#[divan::bench]
fn shipped_findings(bencher: Bencher<'_, '_>) {
    let plan = compile(Arc::new(policy(shipped())));
    bencher.bench(|| lint(hint::black_box(&plan)).found().len());
}

fn shipped() -> Vec<Source> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/rules"));
    let paths = files(folder, "rules").unwrap();
    paths.iter().map(|path| Source::new(relative(folder, path), fs::read_to_string(path).unwrap())).collect()
}

fn generated(rules: usize) -> Plan {
    let plan = compile(Arc::new(policy(generate::sources(rules))));
    plan.precompute();
    plan
}

fn policy(sources: Vec<Source>) -> Policy {
    Policy::from_sources(sources).unwrap()
}
