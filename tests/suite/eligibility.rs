//! The roles of the DUIS service request matrix, for all 129 × 9 pairs of service and role. A request with only
//! service, role and date is refused with E2 exactly if the role is not eligible. The matrix has seven of the roles.
//! The other two are only proposed, and are eligible for nothing.

use std::collections::BTreeMap;

use crate::shipped;
use meterwarden::policy::Edge;
use meterwarden::{Date, Outcome, Request};

/// Service, then its eligible roles in the order of the matrix; `-` for none.
const MATRIX: &str = include_str!("eligibility.tsv");

fn matrix() -> BTreeMap<&'static str, Vec<&'static str>> {
    let rows = MATRIX.lines().filter(|line| !line.starts_with('#'));
    let cells = rows.map(|row| row.split_once('\t').unwrap());
    cells.map(|(service, roles)| (service, roles.split(',').filter(|role| *role != "-").collect())).collect()
}

#[test]
fn refused_with_e2_exactly_when_not_eligible() {
    let plan = shipped::plan();
    let matrix = matrix();
    let mut pairs = 0;
    for service in plan.policy().services() {
        let eligible = &matrix[service.name.as_str()];
        for role in &plan.policy().attribute("role").unwrap().values {
            let request = Request::new(&service.name, Date::constant(2026, 1, 1)).value("role", &role.name);
            let decision = plan.decide(&request).unwrap();
            let e2 = matches!(&decision.outcome, Outcome::Refuse(refusal) if refusal.code == Some("E2"));
            let expected = !eligible.contains(&role.name.as_str());
            assert_eq!(e2, expected, "{} by {}: {decision}", service.name, role.name);
            pairs += 1;
        }
    }
    assert_eq!((matrix.len(), pairs), (129, 129 * 9));
}

/// The roles that the matrix does not have, on every day on which something changes and on the day before.
#[test]
fn proposed_roles_are_refused_with_e2_on_every_date() {
    let plan = shipped::plan();
    let edges = plan.policy().modifications().iter().map(|modification| modification.effective);
    let dated = edges.filter_map(|edge| if let Edge::On(day) = edge { Some(day) } else { None });
    let around = dated.flat_map(|day| [day.yesterday().unwrap(), day]);
    let days: Vec<Date> = around.chain([Date::MIN, Date::MAX]).collect();
    for (service, at) in
        plan.policy().services().iter().flat_map(|service| days.iter().map(move |at| (service, *at)))
    {
        for role in ["MDR", "LC"] {
            let decision = plan.decide(&Request::new(&service.name, at).value("role", role)).unwrap();
            let Outcome::Refuse(refusal) = &decision.outcome else { panic!("{} by {role}", service.name) };
            assert_eq!((refusal.code, refusal.attribute), (Some("E2"), "role"), "{} by {role}", service.name);
        }
    }
}

/// MP120 let the Electricity Distributor in; SECMP0007 brought 11.4.
#[test]
fn the_matrix_changed_with_its_modifications() {
    let plan = shipped::plan();
    let code = |service: &str, role: &str, at| {
        let decision = plan.decide(&Request::new(service, at).value("role", role)).unwrap();
        if let Outcome::Refuse(refusal) = decision.outcome { refusal.code.map(str::to_owned) } else { None }
    };
    assert_eq!(code("7.7", "ED", Date::constant(2020, 11, 28)).as_deref(), Some("E2"));
    assert_eq!(code("7.7", "ED", Date::constant(2020, 11, 29)), None);
    assert_eq!(code("11.4", "IS", Date::constant(2021, 11, 3)).as_deref(), Some("E2"));
    assert_eq!(code("11.4", "IS", Date::constant(2021, 11, 4)), None);
}
