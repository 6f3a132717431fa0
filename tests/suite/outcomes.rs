//! What the shipped policy permits: a snapshot for each service in `rules/outcomes`. It shows the effect of a rule
//! change.
//!
//! `MW_MUTANTS=1` tries every change of one line, `MW_MUTANTS=5` every fifth. Without it, some of them.

mod mutants;
mod page;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use self::page::{Boxes, covers, dates};
use crate::shipped;
use meterwarden::{Outcome, Plan, Policy, Source, compile};
use meterwarden_analysis::snapshot;
use meterwarden_analysis::snapshot::Pages;

fn plan_of(sources: Vec<Source>) -> Option<Plan> {
    Policy::from_sources(sources).ok().map(|policy| compile(Arc::new(policy)))
}

fn stored() -> Pages {
    let folder = std::fs::read_dir(format!("{}/outcomes", shipped::FOLDER)).unwrap();
    let paths = folder.map(|entry| entry.unwrap().path());
    let name = |path: &std::path::Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    paths.map(|path| (name(&path), std::fs::read_to_string(&path).unwrap())).collect()
}

/// `cargo run -p meterwarden-cli -- snapshot --update --rules rules` accepts an intended change.
#[test]
fn the_snapshots_are_what_the_rules_permit() {
    let mut differences = String::new();
    for page in snapshot::differences(&stored(), &snapshot::pages(&shipped::plan())) {
        let (stored, now) = (page.kept.unwrap_or_default(), page.now.unwrap_or_default());
        let difference = similar::TextDiff::from_lines(&stored, &now);
        write!(differences, "{}\n{}", page.file, difference.unified_diff()).unwrap();
    }
    insta::assert_snapshot!(differences, @"");
}

#[test]
fn an_unknown_service_has_no_snapshot() {
    assert_eq!(meterwarden_analysis::outcomes(&shipped::plan(), "99.9"), None);
}

/// Pseudorandom numbers, the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

/// Decides requests from each box, requests that differ from them in one attribute, and others. A request must be
/// permitted exactly if it is in a box.
fn permitted_exactly_in_the_boxes(plan: &Plan) -> BTreeMap<bool, usize> {
    let mut dice = Dice(1);
    let mut tally: BTreeMap<bool, usize> = BTreeMap::new();
    for service in plan.policy().services() {
        let page = meterwarden_analysis::outcomes(plan, &service.name).unwrap();
        let boxes = Boxes::read(plan, &service.name, &page, &dates(&page));
        let mut asked = vec![boxes.everything(); 30];
        for asked_box in &boxes.boxes {
            asked.extend(vec![asked_box.clone(); 3]);
            for side in 0..asked_box.sides.len() {
                let mut wider = asked_box.clone();
                wider.sides[side] = vec![true; wider.sides[side].len()];
                asked.push(wider);
            }
        }
        for asked_box in asked {
            let (request, point) = boxes.request(&asked_box, |bound| dice.below(bound));
            let inside = boxes.boxes.iter().any(|outer| covers(outer, &point));
            let decision = plan.decide(&request).unwrap();
            let permitted = matches!(decision.outcome, Outcome::Permit { .. });
            assert_eq!(permitted, inside, "{request:?}\n{decision}\n{page}");
            *tally.entry(inside).or_default() += 1;
        }
    }
    tally
}

#[test]
fn a_request_is_permitted_exactly_if_it_is_in_a_box() {
    let tally = permitted_exactly_in_the_boxes(&shipped::plan());
    assert!(tally[&true] > 1000 && tally[&false] > 1000, "{tally:?}");
    // The manual has every kind of clause.
    let manual = include_str!("../../docs/language.md").split("```rules\n").skip(1);
    let rules: String = manual.map(|rest| rest.split_once("```").unwrap().0).collect();
    let tally = permitted_exactly_in_the_boxes(&plan_of(vec![Source::new("language.rules", rules)]).unwrap());
    assert!(tally[&true] > 50 && tally[&false] > 50, "{tally:?}");
}

/// The snapshot of a service with two sets and these rules.
fn page_of(rules: &str) -> String {
    let words = r#"
        attribute role "" { refuse E1 "x"  A B C }
        set attribute fields "" { refuse E2 "x" }
        set attribute relation "" { refuse E3 "x"  x y z }"#;
    let service = format!("{words} service 1 \"Both\" {{ fields F, G, H (since 2026-01-01) {rules} }}");
    let policy = Policy::from_sources(vec![Source::new("a.rules", service)]);
    let plan = compile(Arc::new(policy.map_err(|found| found.render(false)).unwrap()));
    meterwarden_analysis::outcomes(&plan, "1").unwrap()
}

#[test]
fn boxes_of_sets() {
    let mut pages = String::new();
    for clauses in [
        "fields any",
        "fields only F, G",
        "fields only F, G, H",
        "fields includes F",
        "fields includes F, G",
        "fields excludes F",
        "fields excludes F, G",
        "fields exactly F",
        "fields exactly F, G",
        "fields none",
        "fields includes F fields excludes G",
        "fields includes F fields only F, G",
        "fields only H",
        "relation x",
        "relation x, y",
        "relation x relation y",
        "relation includes x, y",
        "relation exactly x, y",
        "relation none",
        "relation excludes x",
        "relation only x, y",
    ] {
        let page = page_of(&format!("permit one {{ {clauses} assumed \"x\" }}"));
        let (_, boxes) = page.split_once('\n').unwrap();
        writeln!(pages, "{clauses}{boxes}").unwrap();
    }
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("outcomes-of-sets", pages);
    });
}

#[test]
fn rules_of_the_same_meaning_have_the_same_snapshot() {
    let once = page_of(r#"permit one { role A, B  relation x, y  fields any  assumed "x" }"#);
    for otherwise in [
        r#"permit one { role A  relation x, y  fields any  assumed "x" }
           permit two { role B  relation x, y  fields any  assumed "x" }"#,
        r#"permit one { role A, B  relation x  fields any  assumed "x" }
           permit two { role A, B  relation y  fields any  assumed "x" }"#,
        r#"permit one { role not C  relation x, y  assumed "x" }
           permit two { role A  relation includes x, z  fields includes F  assumed "x" }"#,
        r#"permit one { assumed "x" }
           forbid two { role C  assumed "x" }
           forbid three { relation excludes x, y  assumed "x" }"#,
        r#"permit one { role A, B  relation x, y  until 2026-06-01  assumed "x" }
           permit two { role A, B  relation x, y  since 2026-06-01  assumed "x" }"#,
    ] {
        assert_eq!(page_of(otherwise), once, "{otherwise}");
    }
}

/// If only one of two snapshots has a box, the box contains a request whose answer differs, or is in a box that does.
#[test]
fn a_changed_line_changes_only_the_boxes_of_its_requests() {
    let policy = shipped::plan().policy().clone();
    let mutants = mutants::all(&policy);
    let step = std::env::var("MW_MUTANTS").map_or(37, |step| step.parse().unwrap());
    let (mut tried, mut pages, mut boxes) = (0, 0, 0);
    for mutant in mutants.iter().step_by(step) {
        let [before, after] = mutant.sources(&policy);
        let Some(after) = plan_of(after) else { continue };
        let before = plan_of(before).unwrap();
        tried += 1;
        let services = before.policy().services().iter().map(|service| service.name.as_str());
        for service in services.filter(|name| mutant.service.as_ref().is_none_or(|changed| changed == name)) {
            let texts = [&before, &after].map(|plan| meterwarden_analysis::outcomes(plan, service).unwrap());
            if texts[0] != texts[1] {
                pages += 1;
                boxes += changed_boxes([&before, &after], service, &texts, &mutant.text(&policy));
            }
        }
    }
    println!("{tried} of {} changes tried, {pages} pages and {boxes} boxes differ", mutants.len());
    assert!(tried > 50 && pages > 50);
}

/// The number of boxes that two snapshots do not share. Each of them must be where the answers differ.
fn changed_boxes(plans: [&Plan; 2], service: &str, texts: &[String; 2], what: &str) -> usize {
    let dates = texts.iter().flat_map(|text| dates(text)).collect();
    let [old, new] = [0, 1].map(|version| Boxes::read(plans[version], service, &texts[version], &dates));
    let covered = |covered_box, by| old.covered(covered_box, by);
    let mut changed = 0;
    for (mine, theirs) in [(&old.boxes, &new.boxes), (&new.boxes, &old.boxes)] {
        for this_box in
            mine.iter().filter(|this_box| theirs.iter().all(|other_box| other_box.text != this_box.text))
        {
            changed += 1;
            let lies_in_a_changed_one =
                || theirs.iter().any(|other_box| covers(other_box, this_box) && !covered(other_box, mine));
            assert!(
                !covered(this_box, theirs) || lies_in_a_changed_one(),
                "{what}\nchanges a box of {service} without need:\n{}",
                this_box.text
            );
        }
    }
    changed
}
