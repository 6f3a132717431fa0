//! How much memory a process takes at most for a generated policy of 10,000 rules: `cargo bench --bench memory`.
//!
//! Each line is a process of its own, this program again: what is resident at most, as Linux tells it; elsewhere it is
//! not told. The program itself and the text of the rules, which the first line shows, are part of all others. What the
//! allocator keeps for later is in it, too.

#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

#[expect(dead_code, reason = "other benches ask questions and are crowded")]
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

/// What is done in a process of its own.
const WORK: [(&str, fn()); 4] = [
    ("the text of the rules", || drop(black_box(sources()))),
    ("loaded, ready to decide", || drop(black_box(plan(sources())))),
    ("all findings", || drop(black_box(lint(&plan(sources()))))),
    ("two policies and what an edit of every service changes", difference),
];

/// Says to a process which of it it is for.
const FOR: &str = "METERWARDEN_MEMORY";

fn main() {
    if let Some(nth) = env::var(FOR).ok().and_then(|nth| nth.parse::<usize>().ok()) {
        WORK[nth].1();
        println!(
            "{}",
            most_resident().map_or_else(|| "not told here".to_owned(), |most| format!("{most} MiB"))
        );
        return;
    }
    for (nth, (what, _)) in WORK.iter().enumerate() {
        let told = Command::new(env::current_exe().unwrap()).env(FOR, nth.to_string()).output().unwrap();
        assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
        println!("{what}: {}", String::from_utf8_lossy(&told.stdout).trim());
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

/// What was resident at most, in whole MiB.
fn most_resident() -> Option<usize> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(most.trim().strip_suffix(" kB")?.parse::<usize>().ok()?.div_ceil(1024))
}
