//! The DCC's request templates, the npm package `@smartdcc/duis-templates`. They are not part of this
//! repository; the environment variable `MW_TEMPLATES_DIR` names their folder.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{env, fs};

use meterwarden::{Date, Outcome, Policy, compile};
use meterwarden_duis::{ErrorKind, FileInventory, decide, read};

#[test]
fn every_template_is_read_and_decided() {
    let Some(folder) = env::var_os("MW_TEMPLATES_DIR") else {
        println!("SKIPPED: MW_TEMPLATES_DIR does not name a folder of request templates");
        return;
    };
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let plan = compile(Arc::new(Policy::load(crate_folder.join("../../rules")).unwrap()));
    let inventory = fs::read_to_string(crate_folder.join("tests/templates.inventory.yaml")).unwrap();
    let inventory = FileInventory::default().yaml(&inventory).unwrap();
    let mut variants = BTreeSet::new();
    let (mut permitted, mut refused, mut undetermined) = (0, 0, 0);
    let mut past = Vec::new();
    let templates = template_paths(Path::new(&folder));
    for path in &templates {
        let name = path.file_name().unwrap().display();
        let message = read(&fs::read(path).unwrap()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let answers = decide(&plan, &message, &inventory, Date::constant(2024, 1, 1));
        let answers = match answers {
            Err(error) if matches!(error.kind, ErrorKind::ExecutionPast { .. }) => {
                println!("{name}: {error}");
                past.push(name.to_string());
                continue;
            }
            answers => answers.unwrap_or_else(|error| panic!("{name}: {error}")),
        };
        assert!(!answers.is_empty(), "{name}");
        for answer in &answers {
            let decision = answer.decision.as_ref().unwrap();
            println!("{name}: {decision}");
            match &decision.outcome {
                Outcome::Permit { .. } => permitted += 1,
                Outcome::Refuse(_) => refused += 1,
                Outcome::Undetermined { .. } => undetermined += 1,
            }
        }
        variants.insert(message.service.variant);
    }
    let (files, services) = (templates.len(), variants.len());
    // Two templates ask to be carried out in 2015.
    assert!(past.len() <= 2, "carried out before their receipt: {past:?}");
    println!(
        "{files} templates of {services} services; decisions: {permitted} permits, {refused} refusals, {undetermined} undetermined, {} in the past",
        past.len()
    );
    assert!(files > 0, "there are no templates in {}", folder.display());
}

fn template_paths(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_xml =
        |path: &PathBuf| path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xml"));
    let mut paths: Vec<_> = entries.filter(is_xml).collect();
    paths.sort();
    paths
}
