//! What the shipped policy permits, a page a service: a rule change shows as the lines it changes.

mod shipped;

use shipped::plan;

#[test]
fn every_service() {
    let plan = plan();
    for service in plan.policy().services() {
        let page = plan.outcomes(&service.name).unwrap();
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "snapshots/outcomes" }, {
            insta::assert_snapshot!(service.name.as_str(), page);
        });
    }
}

/// No page is left behind by a service that is gone.
#[test]
fn every_page_has_its_service() {
    let plan = plan();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/snapshots/outcomes");
    for page in std::fs::read_dir(folder).unwrap() {
        let name = page.unwrap().file_name().into_string().unwrap();
        let service = name.trim_end_matches(".new").trim_end_matches(".snap");
        assert!(plan.policy().service(service).is_some(), "{name} is about no service");
    }
}

#[test]
fn an_unknown_service_has_no_page() {
    assert_eq!(plan().outcomes("99.9"), None);
}
