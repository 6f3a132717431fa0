//! The least change is the least, also for requests that do not state every attribute: compared with every change of
//! every choice of attributes, for random policies. The module `assurance` does this for complete requests.

use std::sync::Arc;

use meterwarden::{Date, Fact, Plan, Policy, Request, Source, compile};
use meterwarden_analysis::counterfactual::{Changing, CounterfactualError, Counterfactuals};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::clause_text;
use crate::reference::random::{self, tapes};

const RANDOM_POLICIES: usize = 60;

/// If there are more changes than this, the request is left out.
const MOST_CHANGES: usize = 3_000;

#[test]
fn least_changes_are_least() {
    let config = Config { failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let mut proved = [0; 8];
    for _ in 0..RANDOM_POLICIES {
        let tapes = tapes().new_tree(&mut runner).unwrap().current();
        let random = random::Policy::new(&tapes);
        let Ok(policy) = Policy::from_sources(random.sources.clone()) else { continue };
        let plan = compile(Arc::new(policy));
        for tape in tapes.requests.iter().take(12) {
            let request = random.request(tape);
            let first = plan.policy().attributes().iter().take(2).map(|attribute| attribute.name.clone());
            for changing in [Changing::Anything, Changing::Attributes(first.collect())] {
                let found = meterwarden_analysis::counterfactuals(&plan, &request, &changing, 10).unwrap();
                let Some(least) = least(&plan, &request, &changing) else { continue };
                let attributes = found.as_ref().map_or(0, |found| found.attributes);
                assert_eq!(attributes, least, "{changing:?} {}\n{found:?}", request.to_json());
                each_does(&plan, &found, &request);
                proved[least] += 1;
            }
        }
    }
    println!("{proved:?}");
    assert!(proved[1] > 100 && proved[2] > 50 && proved[3] > 10, "{proved:?}");
}

fn each_does(plan: &Plan, found: &Option<Counterfactuals>, request: &Request) {
    for remedy in found.iter().flat_map(|found| &found.remedies) {
        assert!(plan.decide(&remedy.example).unwrap().is_permit(), "{remedy:?} for {}", request.to_json());
        assert!(remedy.say.iter().all(|clause| clause_text::holds(clause, &remedy.example)), "{remedy:?}");
    }
}

/// The number of attributes that must change for a request to be permitted; 0 if it is permitted, or if no change
/// permits it. `None` if there are too many changes to try.
fn least(plan: &Plan, request: &Request, changing: &Changing) -> Option<usize> {
    plan.policy().service(&request.service)?;
    let names: Vec<&str> =
        plan.policy().attributes().iter().map(|attribute| attribute.name.as_str()).collect();
    let may = |index: usize| match changing {
        Changing::Attributes(of) => of.iter().any(|name| *name == names[index]),
        _ => true,
    };
    let mut sets: Vec<u32> = (0..1u32 << names.len()).collect();
    sets.retain(|set| (0..names.len()).all(|index| set >> index & 1 == 0 || may(index)));
    sets.sort_by_key(|set| set.count_ones());
    let mut tried = 0;
    for set in sets {
        let mut changed = vec![request.clone()];
        for name in names.iter().enumerate().filter(|(index, _)| set >> index & 1 == 1).map(|(_, name)| name)
        {
            let facts = facts(plan.policy(), request, name);
            let with = |variant: &Request, fact: &Fact| {
                let mut variant = variant.clone();
                variant.facts.retain(|(stated, _)| stated != name);
                variant.facts.push(((*name).to_owned(), fact.clone()));
                variant
            };
            changed = changed
                .iter()
                .flat_map(|variant| facts.iter().map(move |fact| with(variant, fact)))
                .collect();
        }
        tried += changed.len();
        if tried > MOST_CHANGES {
            return None;
        }
        if changed.iter().any(|variant| plan.decide(variant).unwrap().is_permit()) {
            return Some(set.count_ones() as usize);
        }
    }
    Some(0)
}

/// Every possible fact of an attribute.
fn facts(policy: &Policy, request: &Request, name: &str) -> Vec<Fact> {
    let attribute = policy.attribute(name).unwrap();
    let mut values: Vec<String> = attribute.values.iter().map(|value| value.name.clone()).collect();
    if name == "fields" {
        let service = policy.service(&request.service).unwrap();
        values.extend(service.fields.iter().flatten().map(|field| field.name.clone()));
    }
    if !attribute.set {
        return values.into_iter().map(Fact::Value).collect();
    }
    let subset = |bits: u32| {
        let inside = values.iter().enumerate().filter(|(index, _)| bits >> index & 1 == 1);
        Fact::Set(inside.map(|(_, value)| value.clone()).collect())
    };
    (0..1 << values.len()).map(subset).collect()
}

/// A request that states almost nothing must state more than a few attributes at once.
#[test]
fn a_least_change_may_state_many_attributes() {
    let attributes = "abcdef".chars();
    let mut rules: String = attributes
        .clone()
        .map(|name| format!("attribute {name} {{ refuse E1  {name}1 {name}2 }}\n"))
        .collect();
    let clauses: String = attributes.map(|name| format!("{name} {name}1 ")).collect();
    rules += &format!("service 1 {{ permit one {{ {clauses} source \"s\" }} }}");
    let policy = Policy::from_sources(vec![Source::new("many.rules", rules)])
        .unwrap_or_else(|found| panic!("{found}"));
    let plan = compile(Arc::new(policy));
    let request = Request::new("1", Date::constant(2026, 1, 1)).value("b", "b2");
    let found =
        meterwarden_analysis::counterfactuals(&plan, &request, &Changing::Anything, 10).unwrap().unwrap();
    assert_eq!((found.attributes, found.remedies.len()), (6, 1));
    assert_eq!(found.remedies[0].say, ["a a1", "b b1", "c c1", "d d1", "e e1", "f f1"]);
    let by_one = Changing::Attributes(vec!["b".to_owned()]);
    assert_eq!(meterwarden_analysis::counterfactuals(&plan, &request, &by_one, 10).unwrap(), None);
    let unknown = Changing::Attributes(vec!["B".to_owned()]);
    let error = unknown.check(plan.policy()).unwrap_err();
    assert!(matches!(error, CounterfactualError::UnknownAttribute { .. }));
    assert_eq!(error.to_string(), "the policy has no attribute `B`; did you mean `b`?");
}

/// Of a set that is stated in part, a least change states the other members. It changes a member only if that is needed.
#[test]
fn a_least_change_states_more_members_of_a_set() {
    let rules = r#"
        set attribute relation { refuse E4 "not related"  registered nominated pre-notifier }
        attribute status { refuse E5 "not in this status"  Pending Live }
        service 1 "Join" { permit one "one" { relation exactly registered  status any  source "s" } }
        service 2 "Read" { permit two "two" { relation registered, pre-notifier  status Live  source "s" } }"#;
    let plan = compile(Arc::new(Policy::from_sources(vec![Source::new("a.rules", rules)]).unwrap()));
    let mut page = String::new();
    let none: [&str; 0] = [];
    for (service, present, absent) in [
        ("1", &["registered"][..], &["nominated"][..]),
        ("1", &["nominated"], &none),
        ("1", &none, &none),
        ("2", &["nominated"], &["registered"]),
        ("2", &none, &["registered", "pre-notifier"]),
    ] {
        let at = Date::constant(2026, 1, 1);
        let request = Request::new(service, at)
            .members("relation", present.iter().copied(), absent.iter().copied())
            .value("status", "Live");
        let found =
            meterwarden_analysis::counterfactuals(&plan, &request, &Changing::Anything, 10).unwrap().unwrap();
        page += &format!("{}\n", request.to_json());
        for remedy in &found.remedies {
            assert!(plan.decide(&remedy.example).unwrap().is_permit());
            page += &format!("    {}: {}\n", remedy.say.join(", "), remedy.example.to_json());
        }
    }
    insta::assert_snapshot!(page, @r#"
    {"service": "1", "at": "2026-01-01", "relation": {"present": ["registered"], "absent": ["nominated"]}, "status": "Live"}
        relation excludes pre-notifier: {"service": "1", "at": "2026-01-01", "status": "Live", "relation": ["registered"]}
    {"service": "1", "at": "2026-01-01", "relation": {"present": ["nominated"], "absent": []}, "status": "Live"}
        relation exactly registered: {"service": "1", "at": "2026-01-01", "status": "Live", "relation": ["registered"]}
    {"service": "1", "at": "2026-01-01", "relation": {"present": [], "absent": []}, "status": "Live"}
        relation exactly registered: {"service": "1", "at": "2026-01-01", "status": "Live", "relation": ["registered"]}
    {"service": "2", "at": "2026-01-01", "relation": {"present": ["nominated"], "absent": ["registered"]}, "status": "Live"}
        relation pre-notifier: {"service": "2", "at": "2026-01-01", "status": "Live", "relation": ["nominated", "pre-notifier"]}
    {"service": "2", "at": "2026-01-01", "relation": {"present": [], "absent": ["registered", "pre-notifier"]}, "status": "Live"}
        relation registered, pre-notifier: {"service": "2", "at": "2026-01-01", "status": "Live", "relation": ["registered"]}
    "#);
}

/// The text of an explanation, beyond what the tests of the command show.
#[test]
fn an_explanation_shows_the_least_change() {
    let rules = r#"
        attribute role { refuse E2 "not this role"  IS ED OU }
        attribute status sender { refuse E5 "not in this status"  Pending Live }
        service 1 "Read" {
            permit one "one" { role IS  status Live  source "s" }
            permit two "two" { role ED  status Pending  source "s" }
        }
        service 2 "Never" { permit never "never" { role any  source "s" } }
        forbid nobody "nobody" { services 2  refuse E9 "never"  source "s" }"#;
    let policy = Policy::from_sources(vec![Source::new("told.rules", rules)]).unwrap();
    let plan = compile(Arc::new(policy));
    let at = Date::constant(2026, 1, 1);
    let text = |request: &Request, changing: &Changing, most: usize| {
        let found = meterwarden_analysis::counterfactuals(&plan, request, changing, most).unwrap();
        let text = meterwarden_analysis::explain(&plan, request)
            .unwrap()
            .with_least_change(changing, Ok(found))
            .to_string();
        let (_, least) = text.split_once("would ").unwrap();
        least.split_once("\n\n").unwrap().0.to_owned()
    };
    let read = Request::new("1", at).value("role", "ED").value("status", "Live");
    let (anything, sender) = (Changing::Anything, Changing::BySender);
    assert_eq!(
        text(&read, &anything, 10),
        "be permitted with one attribute changed:\n  role IS\n  or status Pending"
    );
    assert_eq!(text(&read, &anything, 1), "be permitted with one attribute changed:\n  role IS\n  and more");
    assert_eq!(
        text(&read, &sender, 10),
        "be permitted with one attribute changed, of what the sender states in the message:\n  status Pending"
    );
    let never = Request::new("2", at).value("role", "ED");
    assert_eq!(text(&never, &anything, 10), "make it permitted on this date");
    let explodes = meterwarden_analysis::TooComplex { service: "1".to_owned() };
    let explained =
        meterwarden_analysis::explain(&plan, &read).unwrap().with_least_change(&anything, Err(explodes));
    assert!(explained.to_string().contains("\nthe least change is not known: the rules of service `1`"));
    assert!(!serde_json::to_string(&explained).unwrap().contains("least-change"));
}
