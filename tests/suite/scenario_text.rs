//! What scenario files may contain, written out; and the errors of wrong files, a snapshot for each theme.

use std::fmt::Write;
use std::num::NonZeroUsize;
use std::sync::Arc;

use meterwarden::{Fact, Plan, Policy, Source, compile};
use meterwarden_authoring::scenario;
use meterwarden_authoring::scenario::{Case, Filter, Results, ScenarioError, ScenarioFile, run, run_all};
use proptest::prelude::*;

const RULES: &str = r#"
attribute role "User Role" { refuse E2 "not for this User Role"  IS ES ED }
set attribute relation "What the sender is to the device" { refuse E4 "not for this device"  registered nominated }
attribute status "SMI Status" { refuse E5 "not in this status"  Pending Commissioned Suspended }

service 4.1 "Read" {
    permit supplier "a supplier" { role IS, ES  relation registered  status Commissioned  source "a table" }
}
service 4.2 "Read more" {
    permit network "the network" { role ED  status Commissioned  source "a table" }
}
service 40.1 "Something else" { closed "nobody sends it" }
"#;

fn policy() -> Policy {
    Policy::from_sources(vec![Source::new("a.rules", RULES)]).unwrap()
}

fn plan() -> Plan {
    compile(Arc::new(policy()))
}

/// Several files in one text, each after its name.
fn sources(text: &str) -> Vec<Source> {
    let Some((_, named)) = text.split_once("== ") else { return vec![Source::new("a.scenarios.yaml", text)] };
    let source = |file: &str| {
        let (name, text) = file.split_once('\n').unwrap();
        Source::new(format!("{name}.scenarios.yaml"), text)
    };
    named.split("== ").map(source).collect()
}

fn read(text: &str) -> Result<Vec<ScenarioFile>, Vec<ScenarioError>> {
    scenario::read(&policy(), &sources(text), NonZeroUsize::MIN)
}

/// The cases of some files, or their errors.
fn cases_or_errors(text: &str) -> String {
    let mut page = String::new();
    match read(text) {
        Ok(files) => files.iter().for_each(|file| page.push_str(&cases(file))),
        Err(errors) => errors.iter().for_each(|error| writeln!(page, "=> {error}").unwrap()),
    }
    page
}

fn cases(file: &ScenarioFile) -> String {
    let line = |case: &Case| {
        let request = serde_json::to_string(&case.request).unwrap();
        format!("{}:{}: {}\n    {request}\n    expects {}\n", file.path, case.line, case.name, case.expected)
    };
    file.cases.iter().map(line).collect()
}

fn pages(texts: &[&str]) -> String {
    let page = |text: &str| format!("{text}\n{}", cases_or_errors(text));
    texts.iter().map(|text| page(text.trim_start())).collect::<Vec<_>>().join("\n────────\n")
}

/// A case with as few words as possible. The test adds what it is about.
const CASE: &str = "  - name: one\n    expect: permit\n";

fn with_case(says: &str) -> String {
    format!("start: {{ service: 4.1, at: 2026-01-01, status: Pending }}\ncases:\n{CASE}    {says}\n")
}

#[test]
fn each_is_written_out() {
    insta::assert_snapshot!(pages(&[
        "
start: { service: 4.1, at: 2026-01-01, role: IS, status: Pending }
cases:
  - name: plain attributes
    each: { role: [IS, ED], status: [Pending, Suspended] }
    expect: refuse
    code: E5
  - name: whole sets
    with: { status: Commissioned }
    each: { relation: [[], [registered, nominated]] }
    expect: permit
",
        "
cases:
  - name: services and dates
    each: { service: any, at: [2026-01-01, 2026-01-02] }
    expect: refuse
    code: null
",
        "
start: { service: 4.1, at: 2026-01-01 }
cases:
  - name: nobody else
    each: { role: { not: [IS, ES] }, status: any }
    expect: refuse
    code: E2
    attribute: role
  - name: all but one
    each: { status: { not: Pending } }
    expect: undetermined
    needs: [role]
",
    ]));
}

#[test]
fn errors_of_each_name_their_place() {
    let wrong = [
        "each: [role, status]",
        "each: {}",
        "each: { role: [] }",
        "each: { role: IS }",
        "each: { role: }",
        "each: { role: [IS, ES, IS] }",
        "each: { relation: [[registered, nominated], [nominated, registered]] }",
        "each: { relation: [registered, nominated] }",
        "each: { relation: any }",
        "each: { at: any }",
        "each: { at: [2026-01-01, tomorrow] }",
        "each: { roel: [IS] }",
        "each: { quite-another: any }",
        "each: { role: { nto: IS } }",
        "each: { role: { not: IS, or: ES } }",
        "each: { role: { not: [IS, ESS] } }",
        "each: { role: { not: [IS, ES, ED] } }",
        "each: { service: { not: 4.3 } }",
        "each: { role: [IS, ESS] }",
        "each: { role: [IS, [ES]] }",
        "each: { relation: [[registerd]] }",
        "each: { role: [IS, { ES: }] }",
        "with: { status: Suspended }\n    each: { status: any }",
        "without: [status]\n    each: { status: any }",
    ];
    let texts = wrong.map(with_case);
    insta::assert_snapshot!(pages(&texts.each_ref().map(String::as_str)));
}

/// Single members of a set, under `with`, under `each` and in a fixture; and their errors.
#[test]
fn single_members_of_a_set() {
    insta::assert_snapshot!(pages(&[
        "
fixtures: { known: { relation: { absent: [nominated] } } }
start: [known, { service: 4.1, at: 2026-01-01, role: IS, status: Commissioned }]
cases:
  - { name: not known, expect: undetermined, needs: [relation] }
  - { name: registered, with: { relation: { present: [registered] } }, expect: permit }
  - name: each of them
    each: { relation: [{ present: [registered] }, { present: [registered], absent: [nominated] }] }
    expect: permit
",
        "
start: { service: 4.1, at: 2026-01-01 }
cases:
  - { name: a value, with: { relation: { present: [registered], absent: [nominatd] } }, expect: permit }
  - { name: a key, with: { relation: { missing: [registered] } }, expect: permit }
  - { name: no list, with: { relation: { present: registered } }, expect: permit }
  - { name: both, with: { relation: { present: [registered], absent: [registered] } }, expect: permit }
  - { name: a plain attribute, with: { role: { present: [IS] } }, expect: permit }
",
    ]));
}

/// Errors about the vocabulary, once and in their place. Errors about services and fields come from the policy.
#[test]
fn errors_of_unknown_words_name_their_place() {
    insta::assert_snapshot!(pages(&[
        "
start: { service: 4.1, at: 2026-01-01, rol: IS }
cases:
  - { name: not read, expect: permit }
",
        "
fixtures: { late: { status: Late }, suspended: { staus: Suspended } }
start: { service: 4.1, at: 2026-01-01 }
cases:
  - { name: a value, with: { role: Is }, expect: permit }
  - { name: one of several, with: [suspended, { relation: [registered, nominatd] }], expect: permit }
  - { name: a value of a set, with: { relation: registered }, expect: permit }
  - { name: a list for a plain attribute, with: { role: [IS, ES] }, expect: permit }
",
        "
cases:
  - { name: an unknown service, with: { service: 4.7, at: 2026-01-01 }, expect: refuse, code: null }
",
    ]));
}

#[test]
fn a_million_cases_are_an_error() {
    let services: Vec<String> = (0..50_000).map(|number| format!("9.{number}")).collect();
    let text = with_case(&format!("each: {{ role: any, service: [{}] }}", services.join(", ")));
    let message = "this `each` makes 150000 cases; 100000 is the limit";
    assert_eq!(cases_or_errors(&text), format!("=> a.scenarios.yaml:5:11: {message}\n"));
}

#[test]
fn fixtures_are_for_every_file() {
    insta::assert_snapshot!(pages(&[
        "
== a
start: [supplier, { service: 4.1 }, commissioned]
cases:
  - name: a fixture under with
    with: suspended
    expect: refuse
    code: E5
  - name: a later word replaces an earlier one
    with: [suspended, { status: Pending }]
    expect: refuse
    code: E5
  - name: each replaces what a fixture says
    with: suspended
    each: { status: [Pending, Commissioned] }
    expect: permit
== z-fixtures
fixtures:
  supplier: [today, { role: IS, relation: [registered] }]
  today: { at: 2026-01-01 }
  commissioned: { status: Commissioned }
  suspended: { status: Suspended }
",
        "
== one-file
fixtures: { base: { service: 4.1, at: 2026-01-01 } }
start: base
cases:
  - name: with a fixture of its own
    expect: undetermined
",
    ]));
}

#[test]
fn errors_of_fixtures_name_their_place() {
    insta::assert_snapshot!(pages(&[
        "fixtures: [one]\n",
        "fixtures: { one: }\ncases: []\n",
        "fixtures: { one: [[{ role: IS }]] }\n",
        "fixtures: { one: { at: tomorrow } }\n",
        "fixtures: { commissioned: { status: Commissioned } }\nstart: comissioned\ncases: []\n",
        "start: [whoever]\ncases: []\n",
        "fixtures: { one: two, two: [{ role: IS }, three], three: one, fourth: three }\n",
        "fixtures: { one: one }\n",
        "fixtures: { one: two, three: four }\n",
        "== a\nfixtures: { one: { role: IS } }\n== b\nfixtures:\n  two: { role: ES }\n  one: { role: ED }\n",
        // One mistake has one error: where a wrong fixture is used is no second error.
        "== a\nfixtures: { one: { at: tomorrow }, two: one }\n== b\nstart: two\ncases: []\n",
        "== a\nfixtures: { one: { role: IS }\n== b\nstart: one\ncases: []\n== c\ncase: []\n",
        // Of the cases with a wrong start, only the errors that do not depend on the start.
        "start: base\ncases:\n  - name: one\n    without: [role]\n    expect: permit\n  - name: two\n    expect: maybe\n",
    ]));
}

/// All errors are reported at once, by file and line.
#[test]
fn all_errors_are_reported_at_once() {
    insta::assert_snapshot!(pages(&["
== a
start: { service: 4.1, at: 2026-01-01 }
cases:
  - name: one
    expect: refuse
    code: E2
    attribute: role
    needs: [role]
  - name: two
    expect: permit
    attribute: role
  - name: three [role=IS]
    expect: permit
  - name: three
    each: { role: [ES, IS] }
    expect: permit
  - name: four
    expect: undetermined
    code: E2
  - name: five
    expect: [permit]
  - name: six
    expect: permit
    rule: { role: IS }
  - name: seven
    atribute: role
    expect: refuse
    code: E2
== b
fixtures: { one: nobody }
cases: [[]]
"]));
}

/// A single file has neither the fixtures of the others nor a vocabulary.
#[test]
fn one_file_by_itself() {
    let parse = |says: &str| match ScenarioFile::parse("a.scenarios.yaml", &with_case(says)) {
        Ok(file) => cases(&file),
        Err(error) => format!("=> {error}\n"),
    };
    insta::assert_snapshot!(
        ["each: { role: [IS, ES] }", "each: { role: any }", "with: commissioned"].map(parse).join("\n")
    );
}

/// The difference between the expected and the actual result of a case.
#[test]
fn a_case_that_fails_reads_well() {
    let text = "
start: { service: 4.1, at: 2026-01-01, role: IS, relation: [registered], status: Pending }
cases:
  - name: the right code at the wrong attribute
    expect: refuse
    code: E5
    attribute: role
  - name: the right attribute
    expect: refuse
    code: E5
    attribute: status
  - name: an unknown service is refused at `service`
    with: { service: 4.9 }
    expect: refuse
    code: null
    attribute: service
  - name: each
    each: { status: [Commissioned, Suspended], role: [ES, ED] }
    expect: permit
  - name: a list where each was meant
    with: { role: [IS, ES] }
    expect: permit
";
    // As a single file, so the run reports unknown words.
    let file = ScenarioFile::parse("a.scenarios.yaml", text).unwrap();
    let report = run(&plan(), &file);
    let failed: Vec<String> = report.failed.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(format!("{}\n\n{} passed", failed.join("\n\n"), report.passed));
}

/// Several hundred cases in files of unequal length, one of them empty. Every second case fails.
fn many() -> Vec<ScenarioFile> {
    let file = |number: usize| {
        let case = |index| {
            format!("  - {{ name: {index}, expect: {} }}\n", ["refuse, code: E5", "permit"][index % 2])
        };
        let cases: String = (0..number * 7 % 40).map(case).collect();
        let start = "{ service: 4.1, at: 2026-01-01, role: IS, relation: [registered], status: Pending }";
        let text = format!("start: {start}\ncases:{}{cases}", if cases.is_empty() { " []" } else { "\n" });
        ScenarioFile::parse(&format!("{number}.scenarios.yaml"), &text).unwrap()
    };
    (0..12).map(file).collect()
}

#[test]
fn running_on_threads_gives_the_same_results() {
    let (plan, files) = (plan(), many());
    let one_by_one: Vec<_> = files.iter().map(|file| run(&plan, file)).collect();
    assert!(one_by_one.iter().any(|report| report.failed.len() > 10 && report.passed > 10));
    for threads in [1, 2, 3, 7, 64, 1000] {
        assert_eq!(run_all(&plan, &files, NonZeroUsize::new(threads).unwrap()), one_by_one, "{threads}");
    }
    assert_eq!(run_all(&plan, &[], NonZeroUsize::MIN), Vec::new());
}

#[test]
fn reading_on_threads_gives_the_same_files() {
    let file = |number: usize| {
        let cases = "  - { name: a, expect: permit }\n".repeat(number % 3);
        Source::new(
            format!("{number}.scenarios.yaml"),
            format!("start: {{ service: {number} }}\ncases:\n{cases}"),
        )
    };
    let sources: Vec<Source> = (0..40).map(file).collect();
    let read =
        |threads| scenario::read(&policy(), &sources, NonZeroUsize::new(threads).unwrap()).unwrap_err();
    let one_by_one = read(1);
    assert!(one_by_one.len() > 40, "{}", one_by_one.len());
    for threads in [2, 3, 7, 64] {
        assert_eq!(read(threads), one_by_one, "{threads}");
    }
}

/// Passed and failed cases, in the order of the text.
#[test]
fn results_are_those_of_the_reports() {
    let (plan, files) = (plan(), many());
    let reports = run_all(&plan, &files, NonZeroUsize::MIN);
    let results = Results::of("sha256:x", &files, &reports);
    assert_eq!(results.passed + results.failed, results.cases.len());
    assert_eq!(results.cases.len(), files.iter().map(|file| file.cases.len()).sum::<usize>());
    for case in &results.cases {
        assert_eq!(case.passed, case.name.parse::<usize>().unwrap() % 2 == 0, "{case:?}");
        assert_eq!(case.failure.is_none(), case.passed);
    }
}

#[test]
fn filters_keep_the_right_cases() {
    let text = "
== first
cases:
  - { name: read, with: { service: 4.1, at: 2026-01-01 }, expect: undetermined }
  - { name: read more, with: { service: 4.2, at: 2026-01-01 }, expect: undetermined }
== second
cases:
  - { name: other, with: { service: 40.1, at: 2026-01-01 }, expect: refuse, code: null }
  - { name: more, with: { service: 4.2, at: 2026-01-01 }, expect: undetermined }
";
    let kept = |texts: &[&str], services: &[&str], files: &[&str]| {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let filter = Filter { texts: owned(texts), services: owned(services), files: owned(files) };
        let mut files = read(text).unwrap();
        filter.apply(&mut files);
        let name = |file: &ScenarioFile| {
            let names: Vec<_> = file.cases.iter().map(|case| case.name.clone()).collect();
            format!("{}: {}", &file.path[..file.path.find('.').unwrap()], names.join(", "))
        };
        format!("{}\n  {filter}", files.iter().map(name).collect::<Vec<_>>().join("; "))
    };
    insta::assert_snapshot!(
        [
            kept(&[], &[], &[]),
            kept(&["more"], &[], &[]),
            kept(&["second", "read more"], &[], &[]),
            kept(&[], &["4.2"], &[]),
            kept(&[], &["4"], &[]),
            kept(&[], &["4.*"], &[]),
            kept(&[], &["40.*", "4.1"], &[]),
            kept(&[], &["4*"], &[]),
            kept(&[], &[], &["first"]),
            kept(&["more"], &["4.*"], &["second"]),
        ]
        .join("\n")
    );
}

/// One attribute of an `each`: its text, and the values that it means, computed here.
type Choice = (&'static str, String, Vec<String>);

fn choice(name: &'static str, all: &'static [&'static str]) -> impl Strategy<Value = Choice> {
    let some = || proptest::sample::subsequence(all.to_vec(), 1..=all.len()).prop_shuffle();
    let owned = |values: &[&str]| -> Vec<String> { values.iter().map(|value| (*value).to_owned()).collect() };
    let but = |left_out: &[&str]| -> Vec<String> {
        all.iter().filter(|value| !left_out.contains(value)).map(|value| (*value).to_owned()).collect()
    };
    let listed = some().prop_map(move |values| (name, format!("[{}]", values.join(", ")), owned(&values)));
    let any = Just((name, "any".to_owned(), owned(all)));
    let not = some().prop_map(move |out| (name, format!("{{ not: [{}] }}", out.join(", ")), but(&out)));
    if name == "relation" || name == "at" {
        return listed.boxed();
    }
    prop_oneof![listed, any, not.prop_filter("leaves something", |(.., values)| !values.is_empty())].boxed()
}

fn choices() -> impl Strategy<Value = Vec<Choice>> {
    let all = (
        choice("role", &["IS", "ES", "ED"]),
        choice("relation", &["[]", "[registered]", "[nominated]", "[registered, nominated]"]),
        choice("status", &["Pending", "Commissioned", "Suspended"]),
        choice("service", &["4.1", "4.2", "40.1"]),
        choice("at", &["2026-01-01", "2026-01-02"]),
    );
    all.prop_map(|(a, b, c, d, e)| vec![a, b, c, d, e])
        .prop_flat_map(|all| proptest::sample::subsequence(all, 1..=5).prop_shuffle())
}

/// The cases written out: every combination of the choices, each with its values.
fn by_hand(choices: &[Choice], chosen: &mut Vec<(String, String)>, text: &mut String) {
    let Some(((name, _, values), rest)) = choices.split_first() else {
        let pairs =
            |between: &str| chosen.iter().map(|(k, v)| format!("{k}{between}{v}")).collect::<Vec<_>>();
        let (label, with) = (pairs("=").join(", "), pairs(": ").join(", "));
        writeln!(text, "  - name: \"one [{label}]\"\n    with: {{ {with} }}\n    expect: permit").unwrap();
        return;
    };
    for value in values {
        chosen.push(((*name).to_owned(), value.clone()));
        by_hand(rest, chosen, text);
        chosen.pop();
    }
}

proptest! {
    #[test]
    fn each_is_what_one_would_write_by_hand(choices in choices()) {
        let start = "start: { service: 4.1, at: 2026-01-01, role: IS, relation: [], status: Pending }\ncases:\n";
        let each: Vec<String> = choices.iter().map(|(name, written, _)| format!("{name}: {written}")).collect();
        let each = format!("{start}{CASE}    each: {{ {} }}\n", each.join(", "));
        let mut hand = start.to_owned();
        by_hand(&choices, &mut Vec::new(), &mut hand);
        let spelt_out = |text: &str| {
            let file = read(text).unwrap().remove(0);
            let facts = |case: &Case| {
                let mut facts: Vec<(String, Fact)> = case.request.facts.clone();
                facts.sort_by(|a, b| a.0.cmp(&b.0));
                (case.name.clone(), case.request.service.clone(), case.request.at, facts, case.expected.clone())
            };
            file.cases.iter().map(facts).collect::<Vec<_>>()
        };
        prop_assert_eq!(spelt_out(&each), spelt_out(&hand));
    }
}
