//! The decision table gives the same answers as the rules that it is made from, also at its limits: many forbids that
//! cover many services, more boxes than a word has bits, and set attributes with more tests than can be numbered.

use std::sync::Arc;

use meterwarden::base::parallel;
use meterwarden::{Date, Outcome, Plan, Policy, Request, Source, compile};

use crate::plan_file;

/// Pseudorandom numbers, the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most as u64).unwrap()
    }

    fn pick<'v>(&mut self, from: &[&'v str]) -> Vec<&'v str> {
        from.iter().copied().filter(|_| self.below(3) == 0).collect()
    }
}

const VOCABULARY: &str = r#"
    attribute role "Role" { refuse E1 "not this role"  IS ES GS  ED "networks" refuse E9  OU }
    set attribute fields "Body" { refuse unassigned "not these" }
    set attribute relation "Relation" { refuse E4 "not related"  registered nominated }
    set attribute marks "Marks" { refuse E6 "not so marked"  a b c d e f g h }
    attribute status "Status" { refuse E5 "not in this status"  Pending Live Gone Lost }
    modification M1 "a change" { effective 2022-01-01  source "register" }
"#;
const ROLES: [&str; 5] = ["IS", "ES", "GS", "ED", "OU"];
const FIELDS: [&str; 6] = ["A", "B", "C", "D", "E", "F"];
const RELATIONS: &[&str] = &["registered", "nominated"];
const MARKS: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];
const STATUSES: [&str; 4] = ["Pending", "Live", "Gone", "Lost"];

fn policy(rules: &str) -> Plan {
    compile(Arc::new(
        Policy::from_sources(vec![Source::new("a.rules", VOCABULARY.to_owned() + rules)]).unwrap(),
    ))
}

/// A request that states every attribute, or all except one.
fn any_request(dice: &mut Dice, service: &str) -> Request {
    let at = Date::constant(if dice.below(2) == 0 { 2020 } else { 2024 }, 1, 1);
    let mut request = Request::new(service, at)
        .value("role", ROLES[dice.below(5)])
        .set("fields", dice.pick(&FIELDS))
        .set("relation", dice.pick(RELATIONS))
        .set("marks", dice.pick(&MARKS))
        .value("status", STATUSES[dice.below(4)]);
    // A third of the relations are stated in part.
    if dice.below(3) == 0 {
        let (present, absent) = RELATIONS.split_at(dice.below(3));
        request.facts[2].1 =
            Request::new("", at).members("", dice.pick(present), dice.pick(absent)).facts.remove(0).1;
    }
    // Role or status: writing out the possible sets takes long if many rules test them.
    if let Some(unsaid) = [0, 4].get(dice.below(40)) {
        request.facts.remove(*unsaid);
    }
    request
}

/// The numbers of requests that are permitted, refused by a rule, refused otherwise, and undetermined. The table and
/// the rules must agree, request by request and in a batch.
fn compared(plan: &Plan, services: &[&str], requests: usize) -> [usize; 4] {
    let (mut dice, mut counts, mut batch) = (Dice(0x9e37_79b9_7f4a_7c15), [0; 4], plan.batch());
    let requests: Vec<Request> =
        (0..requests).map(|index| any_request(&mut dice, services[index % services.len()])).collect();
    for request in &requests {
        let decision = plan.decide(request).unwrap();
        assert_eq!(decision, plan.interpret(request).unwrap(), "{}", request.to_json());
        counts[match &decision.outcome {
            Outcome::Permit { .. } => 0,
            Outcome::Refuse(refusal) => {
                if refusal.rule.is_some() {
                    1
                } else {
                    2
                }
            }
            Outcome::Undetermined { .. } => 3,
        }] += 1;
        batch.push(&plan.resolve(request).unwrap());
    }
    let mut verdicts = Vec::new();
    plan.verdicts(&batch, &mut verdicts);
    for (request, verdict) in requests.iter().zip(verdicts) {
        let alone = plan.verdict(&plan.resolve(request).unwrap());
        assert_eq!(
            (verdict.is_undetermined(), verdict.refusal()),
            (alone.is_undetermined(), alone.refusal())
        );
        assert_eq!(verdict.code(), verdict.refusal().and_then(|refusal| refusal.code));
        let permitted = plan.decide(request).unwrap().is_permit();
        assert!(verdict.is_undetermined() || verdict.is_permit() == permitted);
    }
    counts
}

#[test]
fn table_and_rules_agree_on_forbids_of_many_services() {
    let mut dice = Dice(42);
    let mut rules = String::new();
    for service in ["1.1", "1.2", "2.1"] {
        rules += &format!("service {service} \"One\" {{ fields A, B, C, D, E, F (since M1)\n");
        for n in 0..70 {
            let role = ROLES[dice.below(5)];
            let fields = [FIELDS[dice.below(6)], FIELDS[dice.below(6)]];
            rules += &format!(
                "permit p{n} \"p\" {{ role {role}, ED fields only {}, {} source \"row\" }}\n",
                fields[0], fields[1]
            );
        }
        rules += "forbid own \"its own\" { role OU  status Gone  refuse E8 \"gone\"  source \"row\" }\n}\n";
    }
    for n in 0..80 {
        let [role, status] = [ROLES[dice.below(5)], STATUSES[dice.below(4)]];
        let more = [
            "relation exactly registered",
            "marks includes a, b",
            "relation nominated",
            "since M1  marks only c, d",
        ][n % 4];
        let covers = ["all", "1.*", "all except 1.2", "all"][dice.below(4)];
        let refuse = if n % 5 == 0 { "refuse E7 \"by rule\"" } else { "" };
        rules += &format!(
            "forbid f{n} \"f\" {{ services {covers}  role {role}  status {status}  {more}  {refuse}  source \"row\" }}\n"
        );
    }
    let plan = policy(&rules);
    let [permitted, by_rule, otherwise, open] = compared(&plan, &["1.1", "1.2", "2.1"], 4_000);
    println!(
        "{permitted} permitted, {by_rule} refused by a rule, {otherwise} otherwise, {open} undetermined"
    );
    assert!([permitted, by_rule, otherwise, open].iter().all(|count| *count > 50));
}

/// A service that does not look at marks, and services that test every list of two, three or four of eight marks.
fn every_list_of_marks() -> String {
    // Every list of two, three or four of eight: no service asks too much, and all together do.
    let lists = (0..256u32).filter(|bits| (2..=4).contains(&bits.count_ones()));
    let named = |bits: u32| {
        (0..8).filter(|index| bits >> index & 1 == 1).map(|index| MARKS[index]).collect::<Vec<_>>().join(", ")
    };
    let lists: Vec<String> = lists.map(named).collect();
    assert!(lists.len() > 126);
    let mut rules = "service 1.0 \"None\" { permit p \"p\" { role IS  source \"row\" } }\n".to_owned();
    for (index, lists) in lists.chunks(6).enumerate() {
        rules += &format!("service 2.{index} \"Some\" {{\n");
        for (n, list) in lists.iter().enumerate() {
            rules += &format!("permit p{n} \"p\" {{ role IS, ED  marks only {list}  source \"row\" }}\n");
        }
        rules += "}\n";
    }
    rules
}

/// Otherwise the table would have a fork without branches.
#[test]
fn a_first_attribute_with_more_tests_than_can_be_numbered_leaves_all_to_the_rules() {
    let marks = VOCABULARY.lines().find(|line| line.contains("marks")).unwrap();
    let text = format!("{marks}\n{}{}", VOCABULARY.replace(marks, ""), every_list_of_marks());
    let plan = compile(Arc::new(Policy::from_sources(vec![Source::new("a.rules", text)]).unwrap()));
    let services = plan.policy().services().iter().map(|service| service.name.as_str());
    let [permitted, _, refused, _] = compared(&plan, &services.collect::<Vec<_>>(), 2_000);
    assert!(permitted > 20 && refused > 20);
}

#[test]
fn rules_that_ask_more_of_a_set_than_can_be_numbered_decide_themselves() {
    let plan = policy(&every_list_of_marks());
    let services = plan.policy().services().iter().map(|service| service.name.as_str());
    let [permitted, _, refused, _] = compared(&plan, &services.collect::<Vec<_>>(), 10_000);
    assert!(permitted > 100 && refused > 100);
    let about = |service: &str| {
        plan.resolve(
            &Request::new(service, Date::constant(2024, 1, 1)).value("role", "IS").set("marks", ["a"]),
        )
        .unwrap()
    };
    assert!(plan.verdict(&about("1.0")).is_permit());
    assert!(plan.verdict(&about("2.0")).is_undetermined());
}

/// 600 services, no two of them alike, with every kind of clause, with conditions, and with forbids that cover many
/// services.
fn many_services() -> String {
    let mut dice = Dice(7);
    let mut rules = r#"
        condition keeper "who keeps it" {
            source "section A"
            case  role IS, ED  relation registered
            case  role GS  relation nominated  marks any
        }
        forbid pending "nothing of what is pending" { services all except 1.3  status Pending  role not IS  source "row" }
        forbid marked "nothing marked so" { services 1.*  since M1  marks includes g, h  refuse E7 "so marked"  source "row" }
        "#
    .to_owned();
    for number in 0..600 {
        rules += &format!("service 1.{number} \"One\" {{ fields A, B, C, D, E, F (since M1)\n");
        for n in 0..1 + dice.below(9) {
            let [role, status] = [ROLES[dice.below(5)], STATUSES[dice.below(4)]];
            let [field, another] = [FIELDS[dice.below(6)], FIELDS[dice.below(6)]];
            let mark = MARKS[dice.below(8)];
            let more = [
                format!("role {role}, ED  status {status}, Live  fields only {field}, {another}"),
                format!("role not {role}  relation includes registered  fields excludes {field}"),
                format!("since M1  role any  status {status}  marks excludes {mark}"),
                format!("when keeper  status not {status}  fields only {field}, {another}"),
                format!("role {role}, OU (since M1)  relation exactly nominated  status {status}, Pending"),
            ];
            rules += &format!("permit p{n} \"p\" {{ {}  source \"row\" }}\n", more[dice.below(5)]);
        }
        if number % 3 == 0 {
            rules += "forbid own \"its own\" { role OU  status Gone  refuse E8 \"gone\"  source \"row\" }\n";
        }
        rules += "}\n";
    }
    rules
}

#[test]
fn table_and_rules_agree_on_many_services() {
    let plan = policy(&many_services());
    let services: Vec<&str> = plan.policy().services().iter().map(|service| service.name.as_str()).collect();
    let counts = compared(&plan, &services, 12_000);
    println!("permitted, refused by a rule, otherwise, undetermined: {counts:?}");
    assert!(counts.iter().all(|count| *count > 20));
    // An attribute that is not stated and makes no difference leaves nothing undetermined.
    let everywhere = |service: &&&str| {
        let request = Request::new(**service, Date::constant(2024, 1, 1))
            .value("role", "ES")
            .value("status", "Pending");
        let verdict = plan.verdict(&plan.resolve(&request).unwrap());
        !verdict.is_undetermined() && plan.decide(&request).unwrap().is_permit() == verdict.is_permit()
    };
    assert!(services.iter().filter(everywhere).count() > 0);
}

#[test]
fn a_plan_of_many_services_with_changed_bytes_is_refused_or_harmless() {
    let plan = policy(&many_services());
    let bytes = plan.to_bytes();
    assert_eq!(Plan::from_bytes(&bytes).unwrap().to_bytes(), bytes);
    let mut dice = Dice(99);
    let requests: Vec<Request> =
        (0..200).map(|index| any_request(&mut dice, &format!("1.{}", index * 3))).collect();
    // The table is the last third of the file.
    let body = &bytes[18..];
    let mut damage = || (dice.below(body.len() / 3), [0x01, 0x02, 0x10, 0x80, 0xff][dice.below(5)]);
    let damages: Vec<(usize, u8)> = (0..600).map(|_| damage()).collect();
    let is_read = |(from_end, bits): (usize, u8)| {
        let mut body = body.to_vec();
        let at = body.len() - 1 - from_end;
        body[at] ^= bits;
        let Ok(plan) = Plan::from_bytes(&plan_file::with_header(&body)) else { return false };
        for request in &requests {
            let Ok(numbers) = plan.resolve(request) else { continue };
            let verdict = plan.verdict(&numbers);
            let _ = (verdict.permits().count(), verdict.refusal().map(|refusal| refusal.code));
        }
        true
    };
    let read =
        parallel::map(damages, parallel::threads(true), is_read).into_iter().filter(|read| *read).count();
    println!("{read} of 600 were read");
    assert!(read > 0);
}
