//! The exact analyses: what differs between two policies, who may do what, the least change.
//! `cargo bench --bench analysis`; the results are medians, on one thread unless the name ends in `on_all_cores`. The time
//! does not include loading, nor [`Plan::precompute`], which prepares what every analysis uses.
//!
//! `diff_*` are on a generated policy of 1,000, 10,000 and 100,000 rules, ten to a service; `brute_force` is the same
//! question on one small service, once by `diff` and once by deciding every request under both policies.

#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

#[expect(dead_code, reason = "another bench has a crowd of rules")]
mod generate;

use std::hint;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use divan::Bencher;
use meterwarden::policy::Test;
use meterwarden::{Date, Plan, Policy, Request, compile};
use meterwarden_analysis::ask::{Question, ask};
use meterwarden_analysis::counterfactual::{Changing, counterfactuals};
use meterwarden_analysis::diff::{Version, Wanted, diff_of};
use mimalloc::MiMalloc;

/// The allocator that the command uses.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() {
    divan::main();
}

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];

fn plan(sources: Vec<meterwarden::Source>) -> Plan {
    let plan = compile(Arc::new(Policy::from_sources(sources).unwrap()));
    plan.precompute();
    plan
}

fn compare(bencher: Bencher<'_, '_>, before: &Plan, after: &Plan) {
    compare_on(bencher, before, after, NonZeroUsize::MIN);
}

fn compare_on(bencher: Bencher<'_, '_>, before: &Plan, after: &Plan, threads: NonZeroUsize) {
    let version = |plan| Version { plan, at: None };
    let wanted = Wanted { threads: Some(threads), ..Wanted::default() };
    bencher
        .bench(|| diff_of(hint::black_box(version(before)), version(after), &wanted).unwrap().services.len());
}

/// One rule of one service is edited.
#[divan::bench(args = SIZES, sample_count = 10, sample_size = 1)]
fn diff_one_rule(bencher: Bencher<'_, '_>, rules: usize) {
    let before = generate::sources(rules);
    compare(bencher, &plan(before.clone()), &plan(generate::edited(before, 1)));
}

/// A rule of every tenth service is edited.
#[divan::bench(args = SIZES, sample_count = 10, sample_size = 1)]
fn diff_every_tenth_service(bencher: Bencher<'_, '_>, rules: usize) {
    let before = generate::sources(rules);
    compare(bencher, &plan(before.clone()), &plan(generate::edited(before, rules / 100)));
}

/// A rule of every service is edited.
#[divan::bench(args = SIZES, sample_count = 10, sample_size = 1)]
fn diff_every_service(bencher: Bencher<'_, '_>, rules: usize) {
    let before = generate::sources(rules);
    compare(bencher, &plan(before.clone()), &plan(generate::edited(before, usize::MAX)));
}

/// The same, with the services divided among all cores.
#[divan::bench(args = SIZES, sample_count = 10, sample_size = 1)]
fn diff_every_service_on_all_cores(bencher: Bencher<'_, '_>, rules: usize) {
    let before = generate::sources(rules);
    let cores = std::thread::available_parallelism().unwrap();
    compare_on(bencher, &plan(before.clone()), &plan(generate::edited(before, usize::MAX)), cores);
}

/// Nothing is edited: both are read from the same text.
#[divan::bench(args = SIZES, sample_count = 10, sample_size = 1)]
fn diff_nothing(bencher: Bencher<'_, '_>, rules: usize) {
    compare(bencher, &plan(generate::sources(rules)), &plan(generate::sources(rules)));
}

/// One service of ten rules, of which one is edited.
#[divan::bench]
fn brute_force_by_diff(bencher: Bencher<'_, '_>) {
    let before = generate::sources(10);
    compare(bencher, &plan(before.clone()), &plan(generate::edited(before, 1)));
}

/// The same by deciding every request of the service under both, on each date that matters.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn brute_force_by_every_request(bencher: Bencher<'_, '_>) {
    let before = generate::sources(10);
    let (before, after) = (plan(before.clone()), plan(generate::edited(before, 1)));
    let requests = generate::requests(before.policy());
    bencher.bench(|| {
        let permits = |plan: &Plan, request: &Request| plan.decide(request).unwrap().is_permit();
        requests.iter().filter(|request| permits(&before, request) != permits(&after, request)).count()
    });
}

fn shipped() -> Plan {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/rules"));
    compile(Arc::new(Policy::load(folder).unwrap()))
}

#[divan::bench]
fn diff_shipped_with_and_without_mp125(bencher: Bencher<'_, '_>) {
    let with = shipped();
    let without = compile(Arc::new(with.policy().without(&["MP125"]).unwrap()));
    compare(bencher, &without, &with);
}

/// Which roles may send it, if every other attribute is stated.
fn who() -> Question {
    Question::new("8.4")
        .at(Date::constant(2023, 6, 29))
        .given("fields", Test::Exactly, ["ESMEVariant"])
        .given("relation", Test::Exactly, ["registered"])
        .given("status", Test::In, ["Commissioned"])
        .given("device", Test::In, ["ESME"])
        .given("generation", Test::In, ["SMETS2"])
        .given("variant", Test::In, ["8"])
        .given("timing", Test::In, ["Immediate"])
}

/// A question with this number of open attributes; role, status and device are the first.
fn open(attributes: usize) -> Question {
    let mut question = who();
    let open = ["role", "status", "device", "relation", "fields"];
    question.given.retain(|given| !open[..attributes].contains(&given.attribute.as_str()));
    question
}

#[divan::bench(args = [1, 2, 3, 5])]
fn ask_with_attributes_open(bencher: Bencher<'_, '_>, attributes: usize) {
    let (plan, question) = (shipped(), open(attributes));
    bencher.bench(|| ask(&plan, hint::black_box(&question)).unwrap().services.len());
}

/// Everything that one User Role may send on a date.
#[divan::bench]
fn ask_what_a_role_may_send(bencher: Bencher<'_, '_>) {
    let plan = shipped();
    let question = Question { at: Some(Date::constant(2023, 6, 29)), ..Question::default() };
    let question = question.given("role", Test::In, ["ED"]);
    bencher.bench(|| ask(&plan, hint::black_box(&question)).unwrap().services.len());
}

#[divan::bench]
fn least_change(bencher: Bencher<'_, '_>) {
    let plan = shipped();
    let request = Request::new("8.4", Date::constant(2023, 6, 29))
        .value("role", "IS")
        .set("fields", ["ESMEVariant"])
        .set("relation", ["registered"])
        .value("status", "Pending")
        .value("device", "GSME")
        .value("generation", "SMETS2")
        .value("variant", "8")
        .value("timing", "Immediate");
    bencher.bench(|| counterfactuals(&plan, hint::black_box(&request), &Changing::Anything, 10).unwrap());
}

/// The snapshot text of every service.
#[divan::bench]
fn outcomes_of_every_service(bencher: Bencher<'_, '_>) {
    let plan = shipped();
    let services = plan.policy().services();
    bencher.bench(|| {
        services
            .iter()
            .filter_map(|service| meterwarden_analysis::outcomes(&plan, &service.name))
            .map(|text| text.len())
            .sum::<usize>()
    });
}
