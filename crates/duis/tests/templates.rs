//! The DCC's own request templates, where someone has them: npm's `@smartdcc/duis-templates`. They
//! are not part of this repository; name their folder in `MW_TEMPLATES_DIR`.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{env, fs};

use meterwarden::{Date, Outcome, Policy, compile};
use meterwarden_duis::{Answer, FileInventory, decide, read};

#[test]
fn every_template_is_read_and_decided() {
    let Some(folder) = env::var_os("MW_TEMPLATES_DIR") else {
        println!("SKIPPED: MW_TEMPLATES_DIR does not name a folder of request templates");
        return;
    };
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let plan = compile(Arc::new(Policy::load(here.join("../../rules")).unwrap()));
    let inventory = fs::read_to_string(here.join("tests/templates.inventory.yaml")).unwrap();
    let inventory = FileInventory::default().yaml(&inventory).unwrap();
    let (mut variants, mut tally) = (BTreeSet::new(), [0; 3]);
    let templates = templates(Path::new(&folder));
    for path in &templates {
        let name = path.file_name().unwrap().display();
        let message = read(&fs::read(path).unwrap()).unwrap_or_else(|wrong| panic!("{name}: {wrong}"));
        let answers = decide(&plan, &message, &inventory, Date::constant(2024, 1, 1));
        let answers = answers.unwrap_or_else(|wrong| panic!("{name}: {wrong}"));
        assert!(!answers.is_empty(), "{name}");
        for answer in &answers {
            println!("{name}: {}", line(answer));
            tally[usize::from(prospects(answer))] += 1;
        }
        variants.insert(message.service.variant);
    }
    let [refused, undetermined, permitted] = tally;
    let (files, services) = (templates.len(), variants.len());
    println!(
        "{files} templates of {services} services; decisions: {permitted} permits, {refused} refusals, {undetermined} undetermined"
    );
    assert!(files > 0, "there are no templates in {}", folder.display());
}

fn templates(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_xml =
        |path: &PathBuf| path.extension().is_some_and(|it| it.eq_ignore_ascii_case(OsStr::new("xml")));
    let mut templates: Vec<_> = entries.filter(is_xml).collect();
    templates.sort();
    templates
}

fn prospects(answer: &Answer<'_>) -> u8 {
    match answer.decision.outcome {
        Outcome::Refuse(_) => 0,
        Outcome::Undetermined { .. } => 1,
        Outcome::Permit { .. } => 2,
    }
}

fn line(answer: &Answer<'_>) -> String {
    match &answer.decision.outcome {
        Outcome::Permit { rule, .. } => format!("permit {rule}"),
        Outcome::Undetermined { needs, .. } => format!("undetermined, needs {needs:?}"),
        Outcome::Refuse(refusal) => format!("refuse {} {}", refusal.attribute, refusal.code.unwrap_or("-")),
    }
}
