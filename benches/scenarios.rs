//! More than ten thousand cases: the shipped scenario files, twelve times, read and run.
//! `cargo bench --bench scenarios`; medians.

#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::thread::available_parallelism;

use divan::Bencher;
use meterwarden::{Plan, Policy, Source, compile, files, relative};
use meterwarden_authoring::scenario::{ScenarioFile, read, run_all};

fn main() {
    divan::main();
}

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/rules");
const TIMES: usize = 12;

fn plan() -> Plan {
    compile(Arc::new(Policy::load(FOLDER).unwrap()))
}

/// Every shipped file, `TIMES` times, each time in another folder. Only the first copy declares the fixtures.
fn sources() -> Vec<Source> {
    let folder = Path::new(FOLDER);
    let read = |path: &std::path::PathBuf| (relative(folder, path), fs::read_to_string(path).unwrap());
    let shipped: Vec<_> = files(folder, "scenarios.yaml").unwrap().iter().map(read).collect();
    let copy = |number: usize, path: &str, text: &str| {
        let without_fixtures = text.split_once("\nfixtures:").map_or(text, |(before, _)| before);
        Source::new(format!("{number}/{path}"), if number == 0 { text } else { without_fixtures })
    };
    (0..TIMES).flat_map(|number| shipped.iter().map(move |(path, text)| copy(number, path, text))).collect()
}

fn threads() -> [NonZeroUsize; 2] {
    [NonZeroUsize::MIN, available_parallelism().unwrap()]
}

#[divan::bench(args = threads(), sample_count = 20)]
fn load_rules_read_and_run(bencher: Bencher<'_, '_>, threads: NonZeroUsize) {
    let sources = sources();
    bencher.bench(|| {
        let plan = plan();
        let files = read(plan.policy(), &sources, threads).unwrap();
        let passed: usize = run_all(&plan, &files, threads).iter().map(|report| report.passed).sum();
        assert!(passed > 10_000, "{passed}");
    });
}

#[divan::bench(args = threads(), sample_count = 20)]
fn read_files(bencher: Bencher<'_, '_>, threads: NonZeroUsize) {
    let (plan, sources) = (plan(), sources());
    bencher.bench(|| read(plan.policy(), &sources, threads).unwrap());
}

#[divan::bench(args = threads(), sample_count = 20)]
fn run_cases(bencher: Bencher<'_, '_>, threads: NonZeroUsize) {
    let (plan, sources) = (plan(), sources());
    let files: Vec<ScenarioFile> = read(plan.policy(), &sources, NonZeroUsize::MIN).unwrap();
    bencher.bench(|| run_all(&plan, &files, threads));
}
