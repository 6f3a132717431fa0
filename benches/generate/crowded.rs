//! A policy with very many rules in one service, and very many forbids that cover all services.

use meterwarden::Source;

use super::{DEVICES, RELATIONS, ROLES, STATES, pick, service, sources};

/// A policy of about `rules` rules: `crowd` of them in one service, and `crowd` forbids that cover all services. The
/// other services have ten rules each.
///
/// The rules of the crowded service name six different lists of fields, and one or two values of other attributes. So
/// the kinds of request that they distinguish stay below the limit that `check` has for a service.
pub(crate) fn crowded(rules: usize, crowd: usize) -> Vec<Source> {
    let mut sources = sources(rules - 2 * crowd);
    // The number of a service that is not among the others.
    sources.push(Source::new("crowd.rules", service(rules, crowd)));
    sources.push(Source::new("above.rules", (0..crowd).map(forbid).collect::<String>()));
    sources
}

/// A forbid for one role, one set of relations, one state, one device and one timing: 1 of the 8,960 combinations.
fn forbid(index: usize) -> String {
    // 1,009 and 8,960 have no common divisor, so the first 8,960 forbids are all different.
    let cell = index * 1_009 % 8_960;
    let relations: Vec<&str> =
        (0..3).filter(|bit| (cell % 7 + 1) >> bit & 1 == 1).map(|bit| RELATIONS[bit]).collect();
    let (cell, timing) = (cell / 7, pick(&["Now", "Later"], cell / 7));
    let (role, state, device) =
        (pick(&ROLES, cell / 2), pick(&STATES, cell / 16), pick(&DEVICES, cell / 160));
    format!(
        "forbid above-{index} \"case {index} of those that nobody may\" {{\n    services all\n    role {role}\n    \
         relation exactly {}\n    state {state}\n    device {device}\n    timing {timing}\n    \
         source \"section C, case {index}\"\n}}\n",
        relations.join(", ")
    )
}
