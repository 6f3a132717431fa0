//! The time from the text of rules to a plan that decides: parsing, checking, the decision table, and all three
//! together. Also the time to read a compiled plan. For the shipped rules and for generated rules, ten per service:
//! `cargo bench --bench load`. Loading uses all cores, and parsing alone uses one.

#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

#[expect(dead_code, reason = "other benchmarks use the rest of it")]
mod generate;

use std::path::Path;
use std::sync::Arc;
use std::{fs, hint};

use divan::Bencher;
use meterwarden::{Parsed, Plan, Policy, Source, check, compile, files, parse, relative};
use mimalloc::MiMalloc;

/// The allocator of the command.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() {
    divan::main();
}

/// The number of generated rules. 0 means the shipped rules.
const SIZES: [usize; 3] = [0, 1_000, 10_000];

#[divan::bench(args = SIZES, sample_count = 20, sample_size = 1)]
fn parsing(bencher: Bencher<'_, '_>, rules: usize) {
    let sources = sources(rules);
    bencher.bench(|| parsed(hint::black_box(&sources)));
}

#[divan::bench(args = SIZES, sample_count = 20, sample_size = 1)]
fn checking(bencher: Bencher<'_, '_>, rules: usize) {
    let sources = sources(rules);
    let input = || (sources.clone(), parsed(&sources));
    bencher.with_inputs(input).bench_values(|(sources, parsed)| check(sources, parsed).unwrap());
}

#[divan::bench(args = SIZES, sample_count = 20, sample_size = 1)]
fn table(bencher: Bencher<'_, '_>, rules: usize) {
    let policy = Arc::new(Policy::from_sources(sources(rules)).unwrap());
    bencher.bench(|| compile(Arc::clone(&policy)));
}

#[divan::bench(args = SIZES, sample_count = 20, sample_size = 1)]
fn from_text_to_ready(bencher: Bencher<'_, '_>, rules: usize) {
    let sources = sources(rules);
    bencher.with_inputs(|| sources.clone()).bench_values(ready);
}

#[divan::bench(args = SIZES, sample_count = 20, sample_size = 1)]
fn from_a_compiled_plan(bencher: Bencher<'_, '_>, rules: usize) {
    let bytes = ready(sources(rules)).to_bytes();
    bencher.bench(|| Plan::from_bytes(hint::black_box(&bytes)).unwrap());
}

fn ready(sources: Vec<Source>) -> Plan {
    compile(Arc::new(Policy::from_sources(sources).unwrap()))
}

fn parsed(sources: &[Source]) -> Vec<Parsed> {
    sources.iter().zip(0..).map(|(source, file)| parse(source, file)).collect()
}

fn sources(rules: usize) -> Vec<Source> {
    if rules > 0 {
        return generate::sources(rules);
    }
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/rules"));
    let paths = files(folder, "rules").unwrap();
    paths.iter().map(|path| Source::new(relative(folder, path), fs::read_to_string(path).unwrap())).collect()
}
