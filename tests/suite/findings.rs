//! `docs/findings/`: every finding has a page, and the examples of the page produce it. Then the formats of findings,
//! the edits that fix them, and the comments that silence them.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;

use meterwarden::language::diagnostic::Severity;
use meterwarden::{Code, Date, Diagnostics, Plan, Policy, Request, Source, compile};
use meterwarden_authoring::{FixedFinding, findings, fix, lint, lint_scenarios, lint_unread};

const PRELUDE: &str = "docs/findings/prelude.rules";

/// A page in parts.
struct Page {
    title: String,
    avoid: Block,
    prefer: Block,
    why: String,
}

/// A fenced block: its language and its text.
struct Block {
    language: String,
    text: String,
}

impl Page {
    fn of(text: &str) -> Self {
        let section = |title: &str| {
            let (_, rest) =
                text.split_once(&format!("\n## {title}\n")).unwrap_or_else(|| panic!("no {title}"));
            rest.split("\n## ").next().unwrap().trim().to_owned()
        };
        let title = text.lines().next().unwrap().trim_start_matches("# ").trim_matches('`').to_owned();
        Self {
            title,
            avoid: block(&section("Avoid")),
            prefer: block(&section("Prefer")),
            why: section("Why"),
        }
    }
}

fn block(section: &str) -> Block {
    let (language, rest) = section.split_once("```").unwrap().1.split_once('\n').unwrap();
    let text = rest.split_once("```").unwrap().0.to_owned();
    Block { language: language.to_owned(), text }
}

/// The codes of all findings of a block together with the prelude. The prelude alone has none.
fn codes_of(code: Code, block: &Block) -> BTreeSet<&'static str> {
    let found = match (code, block.language.as_str()) {
        (_, "yaml") => of_scenarios(&block.text),
        (Code::UnreadFile, _) => {
            let name = block.text.split('`').nth(1).unwrap();
            lint_unread(vec![Source::new(name, block.text.clone())])
        }
        _ => of_rules(&block.text),
    };
    found.found().iter().map(|finding| finding.code.name()).collect()
}

fn of_rules(text: &str) -> Diagnostics {
    findings(vec![
        Source::new("page.rules", text),
        Source::new("prelude.rules", fs::read_to_string(PRELUDE).unwrap()),
    ])
}

fn of_scenarios(text: &str) -> Diagnostics {
    let prelude = Source::new("prelude.rules", fs::read_to_string(PRELUDE).unwrap());
    let plan = compile(Arc::new(Policy::from_sources(vec![prelude]).unwrap()));
    lint(&plan).and(lint_scenarios(&plan, vec![Source::new("page.scenarios.yaml", text)]))
}

#[test]
fn every_page_shows_its_finding() {
    let mut wrong = String::new();
    for code in Code::ALL.iter().filter(|code| **code != Code::NotText) {
        let page = Page::of(code.page());
        let (avoid, prefer) = (codes_of(*code, &page.avoid), codes_of(*code, &page.prefer));
        if avoid != BTreeSet::from([code.name()]) {
            wrong += &format!("{code}: what is to be avoided gets {avoid:?}\n");
        }
        if !prefer.is_empty() {
            wrong += &format!("{code}: what is to be preferred gets {prefer:?}\n");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn every_page_is_complete() {
    for code in Code::ALL {
        let page = Page::of(code.page());
        assert_eq!(page.title, code.name());
        let unwrapped = code.page().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(unwrapped.contains(code.meaning()), "{code}: its page does not say what it means");
        assert!(page.why.len() > 40, "{code}: why?");
        let level = match code.severity() {
            Severity::Error => "An error: ",
            Severity::Warning => "A warning: ",
        };
        assert!(code.page().contains(level), "{code}: {level}");
    }
}

/// The index lists every page, and every page is about a finding.
#[test]
fn the_index_is_complete() {
    let row = |code: &Code| format!("| [`{code}`]({code}.md) | {} |\n", code.meaning());
    let rows = |severity: Severity| -> String {
        Code::ALL.iter().filter(|code| code.severity() == severity).map(row).collect()
    };
    let readme = fs::read_to_string("docs/findings/README.md").unwrap();
    for severity in [Severity::Error, Severity::Warning] {
        let rows = rows(severity);
        assert!(readme.contains(&rows), "docs/findings/README.md should hold\n{rows}");
    }
    let mut pages: Vec<String> = meterwarden::files("docs/findings".as_ref(), "md")
        .unwrap()
        .into_iter()
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .filter(|name| name != "README")
        .collect();
    let mut codes: Vec<&str> = Code::ALL.iter().map(|code| code.name()).collect();
    pages.sort();
    codes.sort_unstable();
    assert_eq!(pages, codes);
}

/// `tests/cases/findings/NAME.rules`, together with the prelude: its findings, and their edits.
#[test]
fn cases() {
    insta::glob!("../cases", "findings/*.rules", |path| {
        let text = fs::read_to_string(path).unwrap();
        let found = of_rules(&text);
        let findings =
            if found.found().is_empty() { "nothing to say".to_owned() } else { found.render(false) };
        snapshot("findings", &format!("----- policy\n{}\n----- check\n{findings}\n", text.trim_end()));
    });
}

/// `tests/cases/fix/NAME.rules`, together with the prelude: what is fixed, and the result.
#[test]
fn fixed() {
    insta::glob!("../cases", "fix/*.rules", |path| {
        let text = fs::read_to_string(path).unwrap();
        let prelude = fs::read_to_string(PRELUDE).unwrap();
        let fixed = fix(vec![
            Source::new("page.rules", text.as_str()),
            Source::new("prelude.rules", prelude.as_str()),
        ]);
        assert_eq!(fixed.sources[1].text, prelude);
        let list: String = fixed
            .findings
            .iter()
            .map(|finding| {
                format!("{}:{}: {} [{}]\n", finding.path, finding.line, finding.message, finding.code)
            })
            .collect();
        let left: String = of_rules(&fixed.sources[0].text)
            .found()
            .iter()
            .map(|finding| format!("{} [{}]\n", finding.message, finding.code))
            .collect();
        let after = &fixed.sources[0].text;
        snapshot(
            "mended",
            &format!("----- before\n{text}----- mended\n{list}----- after\n{after}----- left\n{left}"),
        );
    });
}

/// The fenced blocks of all pages, each with its page.
fn blocks() -> Vec<(Code, String)> {
    let pages = Code::ALL.iter().map(|code| (*code, Page::of(code.page())));
    let both = pages.flat_map(|(code, page)| [(code, page.avoid), (code, page.prefer)]);
    both.filter(|(_, block)| block.language == "rules").map(|(code, block)| (code, block.text)).collect()
}

fn with_prelude(text: &str) -> Vec<Source> {
    vec![Source::new("page.rules", text), Source::new("prelude.rules", fs::read_to_string(PRELUDE).unwrap())]
}

/// Fixing a warning changes no decision. The exception is the rule that a finding names if several would do.
#[test]
fn fixes_of_warnings_change_no_decision() {
    let mut compared = 0;
    for (code, text) in blocks() {
        let before = with_prelude(&text);
        let after = fix(before.clone()).sources;
        if before == after || Policy::from_sources(before.clone()).is_err() {
            continue;
        }
        let [before, after] =
            [before, after].map(|files| compile(Arc::new(Policy::from_sources(files).unwrap())));
        for request in requests(&before) {
            assert_eq!(
                decided(&before, &request),
                decided(&after, &request),
                "{code}: {}",
                request.to_json()
            );
            compared += 1;
        }
    }
    assert!(compared > 1000, "{compared}");
}

fn decided(plan: &Plan, request: &Request) -> serde_json::Value {
    let mut decision = serde_json::to_value(plan.decide(request).unwrap()).unwrap();
    let fields = decision.as_object_mut().unwrap();
    for word in ["policy", "rule", "also", "permitted-when"] {
        fields.remove(word);
    }
    decision
}

/// Every request in the words of the prelude, to every service, on the days that matter.
fn requests(plan: &Plan) -> Vec<Request> {
    let services = plan.policy().services().iter().map(|service| service.name.as_str());
    let mut all = Vec::new();
    for service in services {
        for at in [Date::constant(2020, 1, 1), Date::constant(2021, 11, 4), Date::constant(2023, 6, 29)] {
            for role in ["IS", "GS", "ED"] {
                for relation in [&[][..], &["registered"], &["nominated"], &["registered", "nominated"]] {
                    for status in ["Pending", "Commissioned", "Suspended"] {
                        for device in ["ESME", "GSME", "CHF"] {
                            let request = Request::new(service, at).value("role", role);
                            let request = request.set("relation", relation.iter().copied());
                            all.push(request.value("status", status).value("device", device));
                        }
                    }
                }
            }
        }
    }
    all
}

/// With any slip in a page, fixing terminates, leaves at most as many syntax errors, deletes no comment except an idle
/// `allow`, and a second run changes nothing.
#[test]
fn fixes_make_nothing_worse() {
    let slips = [
        "“",
        "”",
        ",",
        ",,",
        ";",
        ":",
        "–",
        "\u{a0}",
        "Status",
        "permit",
        "}",
        "{",
        "IS",
        "// a comment\n",
        "\"",
    ];
    let mut dice = 20_260_101_u64;
    let mut below = |most: usize| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(dice >> 33).unwrap() % most
    };
    let mut fixes = 0;
    for (code, text) in blocks() {
        for _ in 0..6 {
            let words: Vec<&str> = text.split_inclusive(' ').collect();
            let (at, slip) = (below(words.len()), slips[below(slips.len())]);
            let instead = below(2);
            let broken = [words[..at].concat(), slip.to_owned(), words[at + instead..].concat()].concat();
            let before = with_prelude(&broken);
            let fixed = fix(before.clone());
            fixes += fixed.findings.len();
            let after = fixed.sources;
            assert!(syntax_errors(&after) <= syntax_errors(&before), "{code}:\n{broken}");
            assert!(comments(&after) + idle(&fixed.findings) >= comments(&before), "{code}:\n{broken}");
            assert_eq!(fix(after.clone()).sources, after, "{code}:\n{broken}");
        }
    }
    assert!(fixes > 100, "{fixes}");
}

fn syntax_errors(files: &[Source]) -> usize {
    findings(files.to_vec()).found().iter().filter(|finding| finding.code == Code::Syntax).count()
}

fn comments(files: &[Source]) -> usize {
    files.iter().map(|file| file.text.matches("//").count()).sum()
}

fn idle(fixed: &[FixedFinding]) -> usize {
    fixed.iter().filter(|finding| finding.code == Code::IdleAllow).count()
}

/// Slips at many places of the shipped rules are all fixed, byte for byte.
#[test]
fn slips_in_the_shipped_rules_are_fixed() {
    let files = meterwarden::files("rules".as_ref(), "rules").unwrap();
    let shipped: Vec<Source> = files
        .iter()
        .map(|path| Source::new(path.to_string_lossy(), fs::read_to_string(path).unwrap()))
        .collect();
    let mut slips = 0;
    let strewn = shipped.iter().map(|file| {
        let lines = file.text.split_inclusive('\n').enumerate().map(|(number, line)| {
            let slipped = slipped(line, number);
            slips += usize::from(slipped != line);
            slipped
        });
        Source::new(file.path.as_str(), lines.collect::<String>())
    });
    let fixed = fix(strewn.collect());
    assert!(slips > 100, "{slips}");
    assert_eq!(fixed.sources, shipped);
}

/// A slip of the kind that the line allows, every few lines.
fn slipped(line: &str, number: usize) -> String {
    let clause = line.split_whitespace().next().unwrap_or_default();
    match (number % 11, clause) {
        (0, "source" | "assumed") => line.replacen('"', "“", 1),
        (1, "source") => line.replacen('\n', ";\n", 1),
        (2, "device") => line.replacen("device ", "device: ", 1),
        (3, "status") if line.contains("installed") => line.replacen('\n', ", installed\n", 1),
        (4, "permit") => line.replacen("permit", "Permit", 1),
        (5, "status") if line.contains("listed") => line.replacen("listed", "Listed", 1),
        (6, "when") => format!("        // allow unused-group: there is none\n{line}"),
        _ => line.to_owned(),
    }
}

fn snapshot(name: &str, page: &str) {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, page);
    });
}

/// Findings with every part that a finding can have: several places, a witness, edits, a second file, a strange name.
fn manifold() -> Diagnostics {
    let text = r#"group status idle = Pending, Pending
service 8.1 "50 % “more”" {
    permit one "x" {
        role IS  relation registered
        status installed, Commissioned
        source "s"
    }
    forbid two "y" { status installed  source "s" }
}
condition responsible-suplier "the supplier" { source "s"  case role IS relation registered }
"#;
    let prelude = fs::read_to_string(PRELUDE).unwrap();
    findings(vec![Source::new("supply & load, 1/a.rules", text), Source::new("prelude.rules", prelude)])
}

#[test]
fn as_text() {
    snapshot("findings@text", &manifold().render(false));
}

/// A witness is JSON, and reading it gives the same request, with any words.
#[test]
fn a_witness_can_be_asked() {
    let strange = "a \"quoted\" \\ word\n\u{1}é";
    let request = Request::new(strange, Date::constant(2023, 6, 29))
        .value("role", strange)
        .set("fields", [strange, ""]);
    assert_eq!(serde_json::from_str::<Request>(&request.to_json()).unwrap(), request);
    let witnesses: Vec<_> = manifold().found().iter().filter_map(|finding| finding.witness.clone()).collect();
    assert!(!witnesses.is_empty());
}

#[test]
fn an_absolute_path_is_a_file_uri() {
    let sarif = serde_json::to_value(manifold().to_sarif("/rules")).unwrap();
    let uri = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(uri, "file:///rules/supply%20%26%20load%2C%201/a.rules");
}

#[test]
fn as_json() {
    snapshot("findings@json", &serde_json::to_string_pretty(&manifold().to_data()).unwrap());
}

#[test]
fn as_sarif() {
    let mut sarif = serde_json::to_value(manifold().to_sarif("./rules/")).unwrap();
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"].as_array_mut().unwrap();
    assert_eq!(rules.len(), Code::ALL.len());
    for (rule, code) in rules.iter().zip(Code::ALL) {
        assert_eq!(rule["id"], code.name());
        assert_eq!(rule["help"]["markdown"], code.page());
    }
    rules.truncate(1);
    for word in ["help", "fullDescription"] {
        rules[0][word] = "from its page".into();
    }
    sarif["runs"][0]["tool"]["driver"]["semanticVersion"] = "VERSION".into();
    snapshot("findings@sarif", &serde_json::to_string_pretty(&sarif).unwrap());
}

#[test]
fn as_workflow_commands() {
    snapshot("findings@github", &manifold().to_github("./rules/"));
}
