//! The policy with a crowd in it: very many rules in one service, and very many forbids above all services.

use meterwarden::Source;

use super::{DEVICES, RELATIONS, ROLES, STATES, pick, service, sources};

/// A policy of about `rules` rules: `crowd` of them in the first service, and as many above all services. The others
/// have ten each.
///
/// The rules of the first service name six lists of fields between them, and one or two values of whatever else: the kinds of
/// request that they tell apart stay below what `check` lets a service have.
pub(crate) fn crowded(rules: usize, crowd: usize) -> Vec<Source> {
    let mut sources = sources(rules - 2 * crowd);
    // A service that is not among the others.
    sources.push(Source::new("crowd.rules", service(rules, crowd)));
    sources.push(Source::new("above.rules", (0..crowd).map(forbid).collect::<String>()));
    sources
}

/// Nobody may do one thing in one state as one set of relations: of all that can be asked, one in nine thousand.
fn forbid(nth: usize) -> String {
    // A step that meets each of the 8 960 once.
    let cell = nth * 1_009 % 8_960;
    let relations: Vec<&str> =
        (0..3).filter(|bit| (cell % 7 + 1) >> bit & 1 == 1).map(|bit| RELATIONS[bit]).collect();
    let (cell, timing) = (cell / 7, pick(&["Now", "Later"], cell / 7));
    let (role, state, device) =
        (pick(&ROLES, cell / 2), pick(&STATES, cell / 16), pick(&DEVICES, cell / 160));
    format!(
        "forbid above-{nth} \"case {nth} of those that nobody may\" {{\n    services all\n    role {role}\n    \
         relation exactly {}\n    state {state}\n    device {device}\n    timing {timing}\n    \
         source \"section C, case {nth}\"\n}}\n",
        relations.join(", ")
    )
}
