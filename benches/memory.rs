//! The peak memory of a process for a generated policy of 10,000 rules: `cargo bench --bench memory`.
//!
//! For each line this program starts itself as a new process, and prints the peak resident memory that Linux reports.
//! Other systems do not report it. The figures include the program, and the memory that the allocator keeps for later.
//! All figures include the text of the rules, which the first line shows.

#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

#[expect(dead_code, reason = "other benchmarks use the rest of it")]
mod generate;

use std::env;
use std::fs;
use std::hint::black_box;
use std::process::Command;
use std::sync::Arc;
use std::thread;

use meterwarden::{Plan, Policy, Source, compile};
use meterwarden_analysis::diff::{Version, Wanted, diff_of};
use meterwarden_authoring::lint;
use mimalloc::MiMalloc;

/// The allocator of the command.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const RULES: usize = 10_000;

/// What each process does.
const WORK: [(&str, fn()); 4] = [
    ("the text of the rules", || drop(black_box(sources()))),
    ("loaded, ready to decide", || drop(black_box(plan(sources())))),
    ("all findings", || drop(black_box(lint(&plan(sources()))))),
    ("two policies and the differences that an edit of every service makes", difference),
];

/// The environment variable with the index of the work that a process does.
const INDEX: &str = "METERWARDEN_MEMORY";

fn main() {
    if let Some(index) = env::var(INDEX).ok().and_then(|index| index.parse::<usize>().ok()) {
        WORK[index].1();
        let peak = peak_resident();
        println!(
            "{}",
            peak.map_or_else(|| "not reported by this system".to_owned(), |peak| format!("{peak} MiB"))
        );
        return;
    }
    for (index, (name, _)) in WORK.iter().enumerate() {
        let process =
            Command::new(env::current_exe().unwrap()).env(INDEX, index.to_string()).output().unwrap();
        assert!(process.status.success(), "{}", String::from_utf8_lossy(&process.stderr));
        println!("{name}: {}", String::from_utf8_lossy(&process.stdout).trim());
    }
}

fn sources() -> Vec<Source> {
    generate::sources(RULES)
}

fn plan(sources: Vec<Source>) -> Plan {
    compile(Arc::new(Policy::from_sources(sources).unwrap()))
}

fn difference() {
    let edited = plan(generate::edited(sources(), usize::MAX));
    let plan = plan(sources());
    let wanted = Wanted { threads: thread::available_parallelism().ok(), ..Wanted::default() };
    let [before, after] = [&plan, &edited].map(|plan| Version { plan, at: None });
    assert!(!diff_of(before, after, &wanted).unwrap().services.is_empty());
}

/// The peak resident memory, in whole MiB. `None` if the system does not report it.
fn peak_resident() -> Option<usize> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(peak.trim().strip_suffix(" kB")?.parse::<usize>().ok()?.div_ceil(1024))
}
