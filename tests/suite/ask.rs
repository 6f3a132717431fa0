//! The answers of `ask`, compared with every request of a space. The regions are exactly the permitted requests that a
//! question is about, on a date and on every date. Their rules are the rules that permit some of these requests. If the
//! answer names only some attributes, the regions are what remains of these requests.
//!
//! The policies and the questions are random. `MW_REFERENCE_CASES=20` takes twenty times as many.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;

use meterwarden::policy::{Attribute, Edge, Service, Test};
use meterwarden::{Date, Fact, Outcome, Plan, Policy, Request, Source, compile};
use meterwarden_analysis::ask::{Answer, AnswerRegion, AskError, Given, Question, TimeAnswer};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::clause_text;
use crate::reference::random::{self, tapes};

const RANDOM_POLICIES: usize = 60;

/// The number of questions about each service.
const QUESTIONS: usize = 6;

/// Larger spaces are left out.
const MOST_REQUESTS: usize = 2_000;

/// A day of each interval of the random policies.
const DAYS: [Date; 5] = [
    Date::constant(2020, 5, 31),
    Date::constant(2020, 12, 31),
    Date::constant(2021, 1, 1),
    Date::constant(2022, 6, 1),
    Date::constant(2030, 1, 1),
];

fn times() -> usize {
    std::env::var("MW_REFERENCE_CASES").map_or(1, |times| times.parse().unwrap())
}

#[test]
fn regions_are_exactly_the_requests_that_are_permitted() {
    let config = Config { failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let mut tally = Tally::default();
    for _ in 0..RANDOM_POLICIES * times() {
        let tapes = tapes().new_tree(&mut runner).unwrap().current();
        let Ok(policy) = Policy::from_sources(random::Policy::new(&tapes).sources) else { continue };
        let plan = compile(Arc::new(policy));
        for service in plan.policy().services() {
            let questions = (0..QUESTIONS)
                .map(|index| question(&plan, service, index, &mut |bound| below(&mut runner, bound)));
            for question in questions.collect::<Vec<_>>() {
                tally.holds(&plan, service, &question);
            }
        }
    }
    println!("{tally:?}");
    assert!(tally.permitted > 5_000 && tally.refused > 5_000, "{tally:?}");
    assert!(tally.always > 20 && tally.projected > 50 && tally.dated > 50, "{tally:?}");
}

fn below(runner: &mut TestRunner, bound: usize) -> usize {
    (0..bound).new_tree(runner).unwrap().current()
}

/// What was compared.
#[derive(Debug, Default)]
struct Tally {
    questions: usize,
    permitted: usize,
    refused: usize,
    /// Answers in which every request is permitted.
    always: usize,
    /// Questions about some attributes that leave something out.
    projected: usize,
    /// Answers that are not the same on every date.
    dated: usize,
}

impl Tally {
    fn holds(&mut self, plan: &Plan, service: &Service, question: &Question) {
        let Some(space) = space(plan.policy(), service, question) else { return };
        let tested = question.given.iter().filter(|given| given.test != Test::Any);
        let clauses: Vec<String> = tested.map(clause).collect();
        let agrees = |request: &&Request| clauses.iter().all(|clause| clause_text::holds(clause, request));
        let meant: Vec<&Request> = space.iter().filter(agrees).collect();
        let answer = meterwarden_analysis::ask(plan, question).unwrap();
        assert_eq!(answer.asked, 1);
        for day in question.at.map_or_else(|| DAYS.to_vec(), |day| vec![day]) {
            self.on(plan, service, question, &answer, &meant, day);
        }
        self.questions += 1;
        self.dated += usize::from(answer.services.iter().any(|service| service.times.len() > 1));
        for pair in answer.services.iter().flat_map(|service| service.times.windows(2)) {
            let same = |before: &TimeAnswer, after: &TimeAnswer| {
                (before.always, &before.regions) == (after.always, &after.regions)
            };
            assert!(pair[0].until <= pair[1].from, "{pair:?}");
            assert!(
                pair[0].until < pair[1].from || !same(&pair[0], &pair[1]),
                "one interval in two parts: {pair:?}"
            );
        }
    }

    fn on(
        &mut self,
        plan: &Plan,
        service: &Service,
        question: &Question,
        answer: &Answer,
        meant: &[&Request],
        day: Date,
    ) {
        let context = || format!("{question:?}\non {day}: {answer:#?}\n{}", text(plan));
        let time =
            answer.services.first().and_then(|service| service.times.iter().find(|time| contains(time, day)));
        let asked_for =
            question.given.iter().filter(|given| given.attribute == "fields" && asks_for_some(given));
        let asked_for: Vec<&String> = asked_for.flat_map(|given| &given.values).collect();
        let permits: Vec<BTreeSet<String>> =
            meant.iter().map(|request| permits(plan, request, day)).collect();
        let counted: Vec<bool> =
            meant.iter().map(|request| declared(service, request, day, &asked_for)).collect();
        let of_these = || permits.iter().zip(&counted).filter(|(_, counted)| **counted);
        let always = of_these().all(|(permits, _)| !permits.is_empty()) && of_these().count() > 0;
        assert_eq!(time.is_some_and(|time| time.always), always, "{}", context());
        self.always += usize::from(always);
        let about = |request: &Request| -> Vec<(String, Fact)> {
            let shown = |name: &String| question.about.is_empty() || question.about.contains(name);
            request.facts.iter().filter(|(name, _)| shown(name)).cloned().collect()
        };
        let projections: Vec<Vec<(String, Fact)>> = meant
            .iter()
            .zip(&permits)
            .filter(|(_, permits)| !permits.is_empty())
            .map(|(request, _)| about(request))
            .collect();
        for (request, permits) in meant.iter().zip(&permits) {
            if !declared(service, request, day, &[]) {
                assert!(permits.is_empty());
                continue;
            }
            let expected = projections.contains(&about(request));
            let in_region = time.iter().flat_map(|time| &time.regions).any(|region| holds(region, request));
            assert_eq!(in_region, expected, "{}\n{}", request.to_json(), context());
            self.permitted += usize::from(!permits.is_empty());
            self.refused += usize::from(permits.is_empty());
            self.projected += usize::from(expected && permits.is_empty());
        }
        for region in time.iter().flat_map(|time| &time.regions) {
            let of = |(request, permits): (&&Request, &BTreeSet<String>)| {
                let inside = declared(service, request, day, &[]) && holds(region, request);
                if inside { permits.clone() } else { BTreeSet::new() }
            };
            let expected: BTreeSet<String> = meant.iter().zip(&permits).flat_map(of).collect();
            assert_eq!(
                region.rules.iter().cloned().collect::<BTreeSet<_>>(),
                expected,
                "{region:?}\n{}",
                context()
            );
            let speaks =
                |clause: &&String| question.about.iter().any(|name| clause.starts_with(&format!("{name} ")));
            assert!(
                question.about.is_empty() || region.clauses.iter().all(|clause| speaks(&clause)),
                "{}",
                context()
            );
        }
    }
}

fn contains(time: &TimeAnswer, day: Date) -> bool {
    time.from.is_none_or(|from| from <= day) && time.until.is_none_or(|until| day < until)
}

fn holds(region: &AnswerRegion, request: &Request) -> bool {
    region.clauses.iter().all(|clause| clause_text::holds(clause, request))
}

/// The permits that match a request, if it is permitted.
fn permits(plan: &Plan, request: &Request, day: Date) -> BTreeSet<String> {
    let asked = Request { at: day, ..request.clone() };
    match plan.decide(&asked).unwrap().outcome {
        Outcome::Permit { rule, also } => [rule].into_iter().chain(also).map(str::to_owned).collect(),
        Outcome::Refuse(_) | Outcome::Undetermined { .. } => BTreeSet::new(),
    }
}

/// Whether the service declares on that day all fields of a request, except the given ones.
fn declared(service: &Service, request: &Request, day: Date, but: &[&String]) -> bool {
    let Some(fields) = &service.fields else { return true };
    let is_declared = |name: &String| {
        but.contains(&name)
            || fields.iter().any(|field| field.name == *name && field.window.contains(Edge::On(day)))
    };
    request.facts.iter().all(|(name, fact)| match fact {
        Fact::Set(values) if name == "fields" => values.iter().all(is_declared),
        _ => true,
    })
}

fn asks_for_some(given: &Given) -> bool {
    !given.values.is_empty() && !matches!(given.test, Test::Excludes | Test::Not | Test::Any)
}

/// A question about one service: the first gives no attribute, the later ones give more and more.
fn question(plan: &Plan, service: &Service, index: usize, below: &mut dyn FnMut(usize) -> usize) -> Question {
    let mut question = Question::new(&service.name);
    question.at = (index % 2 == 1).then(|| DAYS[below(DAYS.len())]);
    let fields: BTreeSet<&String> = plan
        .policy()
        .services()
        .iter()
        .flat_map(|service| service.fields.iter().flatten())
        .map(|field| &field.name)
        .collect();
    for attribute in plan.policy().attributes() {
        let values: Vec<String> = match attribute.name.as_str() {
            "fields" => fields.iter().map(|name| (*name).clone()).collect(),
            _ => attribute.values.iter().map(|value| value.name.clone()).collect(),
        };
        for _ in 0..if index == 0 { 0 } else { [0, 0, 1, 1, 2][below(5)] } {
            question.given.push(given(attribute, &values, below));
        }
        if index >= 3 && below(2) == 0 {
            question.about.push(attribute.name.clone());
        }
    }
    question
}

fn given(attribute: &Attribute, values: &[String], below: &mut dyn FnMut(usize) -> usize) -> Given {
    let plain = [Test::In, Test::In, Test::Not, Test::Any];
    let set = [Test::In, Test::Only, Test::Includes, Test::Excludes, Test::Exactly, Test::Any];
    let test = if attribute.set { set[below(set.len())] } else { plain[below(plain.len())] };
    let mut listed: Vec<String> = values.iter().filter(|_| below(2) == 0).cloned().collect();
    if listed.is_empty() && test != Test::Exactly {
        listed = values.first().cloned().into_iter().collect();
    }
    let test = if listed.is_empty() && test != Test::Exactly { Test::Any } else { test };
    let values = if test == Test::Any { Vec::new() } else { listed };
    Given { attribute: attribute.name.clone(), test, values }
}

/// What the question gives, as text.
fn clause(given: &Given) -> String {
    let (attribute, list) = (&given.attribute, given.values.join(", "));
    match given.test {
        Test::Any | Test::In => format!("{attribute} {list}"),
        Test::Not => format!("{attribute} not {list}"),
        Test::Only => format!("{attribute} only {list}"),
        Test::Includes => format!("{attribute} includes {list}"),
        Test::Excludes => format!("{attribute} excludes {list}"),
        Test::Exactly if list.is_empty() => format!("{attribute} none"),
        Test::Exactly => format!("{attribute} exactly {list}"),
    }
}

/// Every request for a service, with the fields that it declares on any date and those that the question names.
fn space(policy: &Policy, service: &Service, question: &Question) -> Option<Vec<Request>> {
    let mut requests = vec![Request::new(&service.name, DAYS[0])];
    for attribute in policy.attributes() {
        let mut values: BTreeSet<String> = attribute.values.iter().map(|value| value.name.clone()).collect();
        if attribute.name == "fields" {
            values.extend(service.fields.iter().flatten().map(|field| field.name.clone()));
            let named = question.given.iter().filter(|given| given.attribute == "fields");
            values.extend(named.flat_map(|given| given.values.clone()));
        }
        let facts: Vec<Fact> = if attribute.set {
            subsets(&values).into_iter().map(Fact::Set).collect()
        } else {
            values.into_iter().map(Fact::Value).collect()
        };
        if requests.len() * facts.len() > MOST_REQUESTS {
            return None;
        }
        let with = |request: &Request, fact: &Fact| {
            let mut request = request.clone();
            request.facts.push((attribute.name.clone(), fact.clone()));
            request
        };
        requests =
            requests.iter().flat_map(|request| facts.iter().map(move |fact| with(request, fact))).collect();
    }
    Some(requests)
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

fn text(plan: &Plan) -> String {
    plan.policy().sources().iter().map(|source| format!("// {}\n{}", source.path, source.text)).collect()
}

const SMALL: &str = r#"
    attribute role "role" { refuse E2 "not for this role"  IS ED OU }
    set attribute fields "body" { refuse unassigned "not this body" }
    set attribute relation "relation" { refuse E4 "no relation"  registered nominated }
    attribute status "status" { refuse E5 "not in this status"  Pending Commissioned Suspended }
    group status live = Commissioned, Suspended
    tag critical "critical"
    service 1 "Read" {
        fields  Meter, Tariff
        permit reader "who reads it" { role IS, ED  status live  fields only Meter, Tariff  source "s" }
    }
    service 2 "Restart" critical { permit supplier "who restarts it" { role IS  source "s" } }
"#;

fn small() -> Plan {
    compile(Arc::new(Policy::from_sources(vec![Source::new("small.rules", SMALL)]).unwrap()))
}

/// A group stands for its values, in a question as in a rule. A question with two contradicting clauses has no answer.
#[test]
fn the_clauses_of_a_question_hold_together() {
    let plan = small();
    let on = |services: &[&str], given: &[(&str, Test, &[&str])]| {
        let question = Question { at: Some(DAYS[4]), ..Question::default() };
        let services = services.iter().map(|name| (*name).to_owned()).collect();
        let question =
            given.iter().fold(Question { services, ..question }, |question, (name, test, values)| {
                question.given(*name, *test, values.iter().copied())
            });
        let answer = meterwarden_analysis::ask(&plan, &question).unwrap();
        let mut text = String::new();
        for service in &answer.services {
            for region in service.times.iter().flat_map(|time| &time.regions) {
                let _ = write!(text, "{}: {}. ", service.service, region.clauses.join("; "));
            }
        }
        (answer.asked, text)
    };
    let of_group = [("status", Test::In, &["live"] as &[&str]), ("role", Test::Not, &["OU"])];
    assert_eq!(on(&[], &of_group), (2, "1: fields only Meter, Tariff. 2: role IS. ".to_owned()));
    // A question that names a field is about services with fields, or about the service that it names.
    let of_field = [("fields", Test::Includes, &["Meter"] as &[&str])];
    assert_eq!(on(&[], &of_field), (2, "1: role IS, ED; status Commissioned, Suspended. ".to_owned()));
    assert_eq!(on(&["2"], &of_field), (1, "2: role IS. ".to_owned()));
    assert_eq!(on(&["tag critical"], &of_field), (1, String::new()));
    let without = [("fields", Test::Excludes, &["Meter"] as &[&str])];
    assert_eq!(on(&["tag critical"], &without), (1, "2: role IS. ".to_owned()));
    // No rule tests the relation, so all its values are one class: two clauses still contradict each other.
    let against = [("relation", Test::Includes, &["nominated"] as &[&str]), ("relation", Test::Exactly, &[])];
    assert_eq!(on(&[], &against), (2, String::new()));
}

#[test]
fn what_cannot_be_answered() {
    let plan = small();
    let question = |attribute: &str, test, values: &[&str]| {
        Question::default().at(DAYS[4]).given(attribute, test, values.iter().copied())
    };
    let mut page = String::new();
    for (written, question) in [
        ("statsu Pending", question("statsu", Test::In, &["Pending"])),
        ("status pending", question("status", Test::In, &["pending"])),
        ("status Stored", question("status", Test::In, &["Stored"])),
        ("fields only Metre", question("fields", Test::Only, &["Metre"])),
        ("status only Pending", question("status", Test::Only, &["Pending"])),
        ("relation not registered", question("relation", Test::Not, &["registered"])),
        ("about rolle", Question::default().about(["rolle"])),
        ("service 3", Question::new("3")),
        ("tag critcal", Question::new("tag critcal")),
    ] {
        let _ = writeln!(page, "{written}\n  {}", meterwarden_analysis::ask(&plan, &question).unwrap_err());
    }
    let _ = writeln!(page, "(too many kinds)\n  {}", AskError::TooLarge("1".to_owned()));
    insta::assert_snapshot!(page);
}
