//! The result of `diff`, compared with every request. The regions are exactly the requests whose answers differ, on
//! every date. The counts are the numbers of these requests. The witnesses are examples of them.
//!
//! The policies are random: one policy on two dates, one with and without a modification, and two unrelated policies
//! with the same words. `MW_REFERENCE_CASES=20` takes twenty times as many.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::sync::Arc;

use meterwarden::policy::Field;
use meterwarden::{Date, Fact, Outcome, Plan, Policy, Request, Source, compile};
use meterwarden_analysis::diff::{Diff, Part, Region, ServiceDiff, Version, Wanted, diff_of};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::clause_text;
use crate::reference::law::Law;
use crate::reference::model::Book;
use crate::reference::random::{self, tapes};

const RANDOM_POLICIES: usize = 120;

/// Larger spaces are left out.
const MOST_REQUESTS: usize = 12_000;

/// A day of each interval of the random policies.
const DAYS: [Date; 4] = [
    Date::constant(2020, 5, 31),
    Date::constant(2020, 12, 31),
    Date::constant(2021, 1, 1),
    Date::constant(2030, 1, 1),
];

fn times() -> usize {
    std::env::var("MW_REFERENCE_CASES").map_or(1, |times| times.parse().unwrap())
}

#[test]
fn regions_are_exactly_the_requests_whose_answer_differs() {
    let config = Config { failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let mut tally = Tally::default();
    let mut last: Option<Policy> = None;
    for _ in 0..RANDOM_POLICIES * times() {
        let tapes = tapes().new_tree(&mut runner).unwrap().current();
        let Ok(policy) = Policy::from_sources(random::Policy::new(&tapes).sources) else { continue };
        let plan = |policy: &Policy| compile(Arc::new(policy.clone()));
        let now = plan(&policy);
        for (before, after) in [(DAYS[0], DAYS[3]), (DAYS[2], DAYS[1])] {
            tally.compare(&now, &now, Some([before, after]));
        }
        for name in ["M1", "M2", "M3"] {
            let (without, with) =
                (plan(&policy.without(&[name]).unwrap()), plan(&policy.with(&[name]).unwrap()));
            tally.compare(&without, &with, None);
        }
        if let Some(other) = &last {
            tally.compare(&plan(other), &now, None);
            tally.compare(&plan(other), &now, Some([DAYS[3]; 2]));
        }
        last = Some(policy);
    }
    println!("{tally:?}");
    assert!(tally.wider > 10_000 && tally.narrower > 10_000 && tally.codes > 10_000, "{tally:?}");
    assert!(tally.other_words > 50 && tally.fields_differ > 10, "{tally:?}");
}

/// What was compared.
#[derive(Debug, Default)]
struct Tally {
    services: usize,
    requests: usize,
    wider: usize,
    narrower: usize,
    codes: usize,
    /// Services of policies whose vocabularies differ.
    other_words: usize,
    /// Services that have fields in one of the policies only.
    fields_differ: usize,
}

impl Tally {
    fn compare(&mut self, before: &Plan, after: &Plan, dates: Option<[Date; 2]>) {
        let [at_before, at_after] = dates.map_or([None; 2], |dates| dates.map(Some));
        let version = |plan, at| Version { plan, at };
        let wanted = Wanted { services: Vec::new(), code_regions: true, threads: None };
        let found = diff_of(version(before, at_before), version(after, at_after), &wanted).unwrap();
        let names: BTreeSet<&str> = [before, after]
            .iter()
            .flat_map(|plan| plan.policy().services())
            .map(|service| &service.name[..])
            .collect();
        for name in names {
            let days = dates.map_or_else(|| DAYS.map(|day| [day; 2]).to_vec(), |dates| vec![dates]);
            let Some(space) = Space::of([before.policy(), after.policy()], name, &days) else { continue };
            self.service([before, after], name, &space, &days, &found);
        }
    }

    fn service(&mut self, plans: [&Plan; 2], name: &str, space: &Space, days: &[[Date; 2]], found: &Diff) {
        let reported = found.services.iter().find(|service_diff| service_diff.service == name);
        let both = plans.iter().all(|plan| plan.policy().service(name).is_some());
        let mut changed = [0, 0];
        for request in &space.requests {
            let mut ever = [false; 2];
            for day in days {
                let is = answers(plans, request, *day, &space.mentioned);
                let permits = is.clone().map(|answer| answer == Answer::Permit);
                let at = found.dates.is_none().then_some(day[0]);
                let says = |part: &Part| part.regions.iter().any(|region| holds(region, request, at));
                let [wider, narrower] = reported.map_or([false; 2], |service_diff| {
                    [says(&service_diff.wider), says(&service_diff.narrower)]
                });
                let context =
                    || format!("{} on {day:?}: {is:?}\n{}", request.to_json(), text(plans, reported));
                assert_eq!(wider, permits == [false, true], "wider: {}", context());
                assert_eq!(narrower, permits == [true, false], "narrower: {}", context());
                ever = [ever[0] || wider, ever[1] || narrower];
                let vague = request.facts.iter().any(|(name, fact)| {
                    let declares = |plan: &&Plan| is_known(plan.policy(), name, fact);
                    !space.mentioned.contains(name) && !plans.iter().all(declares)
                });
                if found.codes_compared && both && !vague {
                    self.codes += usize::from(codes_are_told(reported, request, at, &is, &context));
                }
                self.requests += 1;
            }
            changed = [0, 1].map(|side| changed[side] + usize::from(ever[side]));
        }
        self.services += 1;
        self.other_words += usize::from(space.other_words);
        self.fields_differ += usize::from(space.fields_differ);
        self.wider += changed[0];
        self.narrower += changed[1];
        match reported {
            Some(reported) => check(plans, reported, space, changed, found),
            None => assert!(both && changed == [0, 0], "{name} is not reported"),
        }
    }
}

/// Checks the counts, shares, witnesses and causes of a service.
fn check(plans: [&Plan; 2], reported: &ServiceDiff, space: &Space, changed: [usize; 2], found: &Diff) {
    let number = |count: &meterwarden_analysis::diff::Count| {
        count.to_string().replace(',', "").parse::<usize>().unwrap()
    };
    // Each request of the service's space stands for n requests of the whole space, where n is the product of the
    // numbers of values of the attributes that the rules do not test.
    let each = space.requests.len() / number(&reported.space);
    for (part, changed) in [&reported.wider, &reported.narrower].into_iter().zip(changed) {
        assert_eq!(number(&part.cases) * each, changed, "{}", text(plans, Some(reported)));
        assert!((part.share - changed as f64 / space.requests.len() as f64).abs() < 1e-9);
        assert!(part.unshown.is_none());
    }
    for (part, permits) in [(&reported.wider, [false, true]), (&reported.narrower, [true, false])] {
        for region in &part.regions {
            let dates = found.dates.unwrap_or([region.witness.at; 2]);
            let witness = answers(plans, &region.witness, dates, &space.mentioned);
            assert_eq!(
                witness.map(|answer| answer == Answer::Permit),
                permits,
                "{region:?}\n{}",
                text(plans, Some(reported))
            );
            assert!(!region.causes.is_empty(), "{region:?}\n{}", text(plans, Some(reported)));
        }
    }
}

/// Whether two refusals differ in their code. Then exactly this change is listed.
fn codes_are_told(
    reported: Option<&ServiceDiff>,
    request: &Request,
    at: Option<Date>,
    is: &[Answer; 2],
    context: &dyn Fn() -> String,
) -> bool {
    let [Answer::Refuse(before), Answer::Refuse(after)] = is else {
        let mut codes = reported.iter().flat_map(|diff| &diff.codes).flat_map(|change| &change.part.regions);
        assert!(!codes.any(|region| holds(region, request, at)), "{}", context());
        return false;
    };
    for change in reported.iter().flat_map(|diff| &diff.codes) {
        let meant = change.before == *before && change.after == *after;
        let says = change.part.regions.iter().any(|region| holds(region, request, at));
        assert_eq!(says, meant && before != after, "{before:?} {after:?}: {}", context());
    }
    let listed = |diff: &ServiceDiff| {
        diff.codes.iter().any(|change| change.before == *before && change.after == *after)
    };
    assert!(before == after || reported.is_some_and(listed), "{}", context());
    before != after
}

fn holds(region: &Region, request: &Request, at: Option<Date>) -> bool {
    let in_time = at.is_none_or(|at| {
        region.from.is_none_or(|from| from <= at) && region.until.is_none_or(|until| at < until)
    });
    in_time && region.clauses.iter().all(|clause| clause_text::holds(clause, request))
}

/// An answer, as far as it is compared.
#[derive(Clone, Debug, PartialEq)]
enum Answer {
    Permit,
    Refuse(Option<String>),
    NoRequest,
}

/// The answers of both policies. A policy that does not have the words of a request does not permit it.
///
/// If no rule of the service tests an attribute, a value that one of the policies does not declare makes no difference.
fn answers(
    plans: [&Plan; 2],
    request: &Request,
    dates: [Date; 2],
    mentioned: &BTreeSet<String>,
) -> [Answer; 2] {
    [0, 1].map(|side: usize| {
        let policy = plans[side].policy();
        let mut asked = Request { at: dates[side], ..request.clone() };
        asked.facts.retain(|(name, fact)| {
            policy.attribute(name).is_some() && (mentioned.contains(name) || is_known(policy, name, fact))
        });
        match plans[side].decide(&asked) {
            Ok(decision) => match decision.outcome {
                Outcome::Permit { .. } => Answer::Permit,
                Outcome::Refuse(refusal) => Answer::Refuse(refusal.code.map(str::to_owned)),
                Outcome::Undetermined { needs, .. } => {
                    panic!("{needs:?} is not stated: {}", request.to_json())
                }
            },
            // The policy does not declare a value: this is no refusal, and has no code.
            Err(_) => Answer::NoRequest,
        }
    })
}

/// Every request for a service in the words of both policies.
struct Space {
    requests: Vec<Request>,
    /// The attributes that some rule of the service tests, on one of the days.
    mentioned: BTreeSet<String>,
    other_words: bool,
    fields_differ: bool,
}

impl Space {
    /// `None` if the space is too large, or if the two policies declare a word differently.
    fn of(policies: [&Policy; 2], service: &str, days: &[[Date; 2]]) -> Option<Self> {
        let mut axes: BTreeMap<&str, (bool, BTreeSet<String>)> = BTreeMap::new();
        let services = policies.map(|policy| policy.service(service));
        let has_fields = services.map(|service| service.is_some_and(|service| service.fields.is_some()));
        let fields_differ = services.iter().flatten().count() == 2 && has_fields[0] != has_fields[1];
        for (policy, service) in policies.iter().zip(services) {
            for attribute in policy.attributes() {
                let (set, values) = axes.entry(&attribute.name).or_insert((attribute.set, BTreeSet::new()));
                if *set != attribute.set {
                    return None;
                }
                values.extend(attribute.values.iter().map(|value| value.name.clone()));
                if attribute.name == "fields" {
                    let fields = service.and_then(|service| service.fields.as_ref()).into_iter().flatten();
                    // A field has one word for both policies: its name, if they mean the same place by it.
                    let declared =
                        || services.iter().flatten().flat_map(|service| service.fields.iter().flatten());
                    let word = |field: &Field| {
                        let means_it = |other: &Field| other.name == field.name && other.place == field.place;
                        let is_other = |other: &Field| other.name != field.name && other.place != field.place;
                        let agree = declared().all(|other| means_it(other) || is_other(other));
                        if agree { field.name.clone() } else { field.place.clone() }
                    };
                    values.extend(fields.map(word));
                    values.extend(fields_differ.then(|| "(anything else)".to_owned()));
                }
            }
        }
        let mut requests = vec![Request::new(service, DAYS[0])];
        for (name, (set, values)) in axes {
            let facts: Vec<Fact> = if set {
                subsets(&values).into_iter().map(Fact::Set).collect()
            } else {
                values.into_iter().map(Fact::Value).collect()
            };
            if requests.len() * facts.len() > MOST_REQUESTS {
                return None;
            }
            let with = |request: &Request, fact: &Fact| {
                let mut request = request.clone();
                request.facts.push((name.to_owned(), fact.clone()));
                request
            };
            requests = requests
                .iter()
                .flat_map(|request| facts.iter().map(move |fact| with(request, fact)))
                .collect();
        }
        let words = policies.map(|policy| {
            policy
                .attributes()
                .iter()
                .map(|attribute| (&attribute.name, attribute.values.len()))
                .collect::<Vec<_>>()
        });
        let books = policies.map(|policy| Book::new(policy.sources()));
        let laws = days.iter().flat_map(|day| [0, 1].map(|side: usize| (&books[side], day[side])));
        let laws = laws.filter(|(book, _)| book.services.contains_key(service));
        let mentioned = laws.flat_map(|(book, day)| mentioned(&book.law(service, day))).collect();
        Some(Self { requests, mentioned, other_words: words[0] != words[1], fields_differ })
    }
}

fn mentioned(law: &Law) -> Vec<String> {
    let boxes = law.permits.iter().chain(&law.forbids).flat_map(|rule| &rule.boxes);
    boxes.flat_map(|rule_box| &rule_box.clauses).map(|clause| clause.attribute.clone()).collect()
}

/// Whether a policy declares the words of a fact.
fn is_known(policy: &Policy, name: &str, fact: &Fact) -> bool {
    let Some(attribute) = policy.attribute(name).filter(|_| name != "fields") else { return true };
    let declared = |value: &String| attribute.values.iter().any(|declared| declared.name == *value);
    match fact {
        Fact::Value(value) => declared(value),
        Fact::Set(values) => values.iter().all(declared),
        Fact::Members { present, absent } => present.iter().chain(absent).all(declared),
    }
}

fn subsets(values: &BTreeSet<String>) -> Vec<Vec<String>> {
    let mut all = vec![Vec::new()];
    for value in values {
        let with: Vec<Vec<String>> =
            all.iter().map(|set| [&set[..], std::slice::from_ref(value)].concat()).collect();
        all.extend(with);
    }
    all
}

fn text(plans: [&Plan; 2], reported: Option<&ServiceDiff>) -> String {
    let files = plans.map(|plan| {
        let files =
            plan.policy().sources().iter().map(|source| format!("// {}\n{}", source.path, source.text));
        format!("=== {}\n{}", plan.policy().fingerprint(), files.collect::<String>())
    });
    format!("{reported:#?}\n{}", files.concat())
}

/// A service that one of the policies does not have does not hide another service of the same question.
#[test]
fn each_service_can_be_chosen() {
    let plan = |services: &str| {
        let text = format!("attribute a \"\" {{ refuse E1 \"no\" x y }} {services}");
        compile(Arc::new(Policy::from_sources(vec![Source::new("a.rules", text)]).unwrap()))
    };
    let service = |name: &str, values: &str| {
        format!("service {name} \"\" {{ permit p {{ a {values} source \"s\" }} }} ")
    };
    let before = plan(&[service("2.1", "x"), service("2.2", "x")].concat());
    let after = plan(&[service("2.1", "x, y"), service("2.10", "y")].concat());
    let chosen = |services: &[&str]| {
        let wanted = Wanted {
            services: services.iter().map(|name| (*name).to_owned()).collect(),
            code_regions: false,
            threads: None,
        };
        let version = |plan| Version { plan, at: None };
        let found = diff_of(version(&before), version(&after), &wanted);
        found.map(|found| found.services.into_iter().map(|service| service.service).collect::<Vec<_>>())
    };
    assert_eq!(chosen(&["2.2", "2.1"]).unwrap(), ["2.1", "2.2"]);
    assert_eq!(chosen(&["2.10", "2.2"]).unwrap(), ["2.2", "2.10"]);
    assert_eq!(chosen(&["2.*", "2.1"]).unwrap(), ["2.1", "2.2", "2.10"]);
    assert_eq!(chosen(&[]).unwrap(), ["2.1", "2.2", "2.10"]);
    assert!(chosen(&["2.1", "2.3"]).is_err());
    let compared =
        meterwarden_analysis::timeline::compare(&before, &after, &["2.1".to_owned(), "2.2".to_owned()])
            .unwrap();
    assert_eq!(compared.beginning.len(), 2);
}

/// A modification that both sides put in force on every date is no cause. A modification is a cause if a difference
/// begins on its date, although both sides have it in force from that date on.
#[test]
fn modifications_are_named_as_causes_only_if_they_matter() {
    let policy = |values: &str| {
        let text = format!(
            "modification M1 \"one\" {{ effective 2021-01-01 source \"s\" }} \
             attribute a \"\" {{ refuse E1 \"no\" x y }} \
             service 1 \"\" {{ permit p {{ since M1 a {values} source \"s\" }} }}"
        );
        Policy::from_sources(vec![Source::new("a.rules", text)]).unwrap()
    };
    let named = |before: Policy, after: Policy, at: Option<Date>| {
        let plans = [before, after].map(|policy| compile(Arc::new(policy)));
        let [before, after] = plans.each_ref().map(|plan| Version { plan, at });
        let found = diff_of(before, after, &Wanted::default()).unwrap();
        found.services[0].wider.regions[0].causes[0].modifications.clone()
    };
    let (before, after) = (policy("x"), policy("x, y"));
    assert_eq!(named(before.clone(), after.clone(), None), ["M1 one"]);
    let [before, after] = [before, after].map(|policy| policy.with(&["M1"]).unwrap());
    assert_eq!(named(before.clone(), after.clone(), None), [""; 0]);
    assert_eq!(named(before, after, Some(DAYS[3])), [""; 0]);
}

/// The space of a service includes what the rules test on any date, so an edit does not shrink it.
#[test]
fn a_space_includes_what_rules_test_on_any_date() {
    let plan = |roles: &str, line: &str| {
        let text = format!(
            "attribute role \"\" always {{ refuse E1 \"no\" IS ED OU }} \
             attribute device \"\" {{ refuse E2 \"no\" ESME GSME }} \
             set attribute fields \"\" {{ refuse E3 \"no\" }} \
             service 1 \"\" {{ {line} permit early {{ until 2021-01-01 role IS device ESME source \"s\" }} \
             permit late {{ since 2021-01-01 role {roles} source \"s\" }} }}"
        );
        compile(Arc::new(Policy::from_sources(vec![Source::new("a.rules", text)]).unwrap()))
    };
    let spaces = |line: &str| {
        let [before, after] = [plan("IS", line), plan("IS, ED", line)];
        let version = |plan| Version { plan, at: None };
        let found = diff_of(version(&before), version(&after), &Wanted::default()).unwrap();
        let service = &found.services[0];
        format!("{} of {}", service.wider.cases, service.space)
    };
    // Three roles and two devices, and four sets of fields: one field is not declared before.
    assert_eq!(spaces(""), "2 of 6");
    assert_eq!(spaces("fields A, B"), "2 of 6");
    assert_eq!(spaces("fields A, B (since 2021-01-01)"), "8 of 24");
}

#[test]
fn the_number_of_threads_does_not_matter() {
    let after = Policy::load(concat!(env!("CARGO_MANIFEST_DIR"), "/rules")).unwrap();
    let before = after.without(&["MP105", "MP120", "MP125"]).unwrap();
    let [before, after] = [before, after].map(|policy| compile(Arc::new(policy)));
    let version = |plan| Version { plan, at: None };
    let found = [None, NonZeroUsize::new(3)].map(|threads| {
        let wanted = Wanted { services: Vec::new(), code_regions: true, threads };
        serde_json::to_string(&diff_of(version(&before), version(&after), &wanted).unwrap()).unwrap()
    });
    assert!(found[0].contains("8.4/esme-variant-correction"));
    assert_eq!(found[0], found[1]);
}

/// A number of boxes just below and just above the bits of a machine word makes no difference.
#[test]
fn many_rules_are_compared_like_a_few() {
    for rules in [40, 63, 64, 65, 66, 140] {
        let plan = |roles: &str| {
            let values: String = (0..rules).map(|number| format!("V{number} ")).collect();
            let permit = |number: usize| {
                let roles = if number == rules - 1 { roles } else { "A" };
                format!("permit p{number} \"\" {{ role {roles} number V{number} source \"an example\" }}\n")
            };
            let permits: String = (0..rules).map(permit).collect();
            let text = format!(
                "attribute role \"\" {{ refuse E1 \"\" A B }}\nattribute number \"\" {{ refuse E2 \"\" {values} }}\n\
                 service 1.1 \"\" {{ {permits} }}"
            );
            compile(Arc::new(Policy::from_sources(vec![Source::new("many.rules", text)]).unwrap()))
        };
        let (before, after) = (plan("A"), plan("A, B"));
        let found = diff_of(
            Version { plan: &before, at: None },
            Version { plan: &after, at: None },
            &Wanted::default(),
        );
        let found = found.unwrap();
        let service = &found.services[0];
        let last = format!("number V{}", rules - 1);
        assert_eq!(service.wider.regions[0].clauses, ["role B".to_owned(), last], "{rules}");
        assert_eq!(
            (service.wider.cases.to_string(), service.wider.regions.len()),
            ("1".to_owned(), 1),
            "{rules}"
        );
        assert!(service.narrower.is_empty(), "{rules}");
        // Role B is refused for the number now, and was refused for the role.
        let codes: Vec<_> = service.codes.iter().map(|change| change.part.cases.to_string()).collect();
        assert_eq!(codes, [(rules - 1).to_string()], "{rules}");
    }
}
