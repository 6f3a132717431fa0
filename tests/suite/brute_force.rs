//! The findings on random policies, compared with what the reference answers to every request.
//!
//! `MW_REFERENCE_CASES=20` takes twenty times as many random policies, `MW_REFERENCE_SEED=7` other ones.

mod dropping;
mod trial;
mod world;

use std::cell::RefCell;

use meterwarden::{Code, Policy};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};

use self::trial::{Tally, compare};
use crate::reference::random::{self, tapes};

const RANDOM_POLICIES: u32 = 300;

fn times() -> u32 {
    std::env::var("MW_REFERENCE_CASES").map_or(1, |times| times.parse().unwrap())
}

/// The same policies on every run, unless the environment asks for other ones.
fn dice() -> TestRng {
    let Ok(seed) = std::env::var("MW_REFERENCE_SEED") else {
        return TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    };
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.parse::<u64>().unwrap().to_le_bytes());
    TestRng::from_seed(RngAlgorithm::ChaCha, &bytes)
}

#[test]
fn findings_on_random_policies_are_those_of_brute_force() {
    let config = Config {
        cases: RANDOM_POLICIES * times(),
        failure_persistence: None,
        max_shrink_time: 20_000,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, dice());
    let tally = RefCell::new(Tally::new());
    let outcome = runner.run(&tapes(), |tapes| {
        let sources = random::Policy::new(&tapes).sources;
        let Ok(policy) = Policy::from_sources(sources) else { return Ok(()) };
        let sources = policy.sources().to_vec();
        let text = || sources.iter().map(|source| source.text.as_str()).collect::<Vec<_>>().join("\n");
        if let Err(wrong) = compare(policy, &mut tally.borrow_mut()) {
            return Err(TestCaseError::fail(format!("{wrong}\n{}", text())));
        }
        Ok(())
    });
    if let Err(TestError::Fail(reason, _)) = outcome {
        panic!("{reason}");
    }
    let tally = tally.into_inner();
    println!("{tally:#?}");
    let times = times() as usize;
    assert!(tally["policies"] >= 100 * times, "compared: {}", tally["policies"]);
    for code in [
        Code::NeverPermits,
        Code::AlreadyPermitted,
        Code::NeverForbids,
        Code::AlreadyForbidden,
        Code::IdleClause,
        Code::IdleItem,
        Code::IdleDates,
        Code::IdleWhen,
        Code::IdleExcept,
        Code::IdleService,
        Code::IdleRefuse,
        Code::CaseNeverHolds,
        Code::CaseCovered,
        Code::NeverSent,
        Code::NeverCarried,
        Code::DateGap,
        Code::ForbidsDisagree,
    ] {
        let seen = tally.get(code.name()).copied().unwrap_or(0);
        assert!(seen >= times, "{code} was seen {seen} times");
    }
}
