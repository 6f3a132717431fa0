//! A policy of any size, for benchmarks.

pub(crate) mod crowded;

use std::fmt::Write;

use meterwarden::{Date, Policy, Request, Source};

/// The vocabulary has the number of attributes and values of the shipped one.
const ROLES: [&str; 8] = ["Baker", "Cooper", "Dyer", "Fuller", "Glazier", "Mason", "Potter", "Tanner"];
const STATES: [&str; 10] =
    ["Ash", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Larch", "Maple", "Oak", "Willow"];
const DEVICES: [&str; 8] = ["Anvil", "Bellows", "Chisel", "Gauge", "Hammer", "Lathe", "Plane", "Vice"];
const RELATIONS: [&str; 3] = ["owner", "tenant", "agent"];
const WORDS: [&str; 16] = [
    "Amber", "Basalt", "Copper", "Diamond", "Emerald", "Flint", "Granite", "Hematite", "Iron", "Jasper",
    "Kaolin", "Lapis", "Marble", "Nickel", "Opal", "Quartz",
];

/// Rules per service.
const RULES_PER_SERVICE: usize = 10;

/// A policy of this number of rules, ten in each service, and one forbid that covers nearly all services. One service
/// in forty has a defect.
pub(crate) fn sources(rules: usize) -> Vec<Source> {
    let mut sources = vec![Source::new("vocabulary.rules", vocabulary())];
    // A hundred services per file.
    for (file, services) in (0..rules / RULES_PER_SERVICE).collect::<Vec<_>>().chunks(100).enumerate() {
        let text: String = services.iter().map(|index| service(*index, RULES_PER_SERVICE)).collect();
        sources.push(Source::new(format!("services/{file:04}.rules"), text));
    }
    sources
}

fn vocabulary() -> String {
    let attribute = |kind: &str, name: &str, values: &[&str]| {
        let values = values.join("\n    ");
        format!(
            "{kind} {name} \"the {name} of a request\" {{\n    refuse E-{name} \"not this {name}\"\n    {values}\n}}\n"
        )
    };
    [
        attribute("attribute", "role", &ROLES),
        attribute("set attribute", "fields", &[]),
        attribute("set attribute", "relation", &RELATIONS),
        attribute("attribute", "state", &STATES),
        attribute("attribute", "device", &DEVICES),
        attribute("attribute", "timing", &["Now", "Later"]),
        "modification M1 \"the first change\" { effective 2021-06-01 source \"register\" }\n".to_owned(),
        "modification M2 \"the second change\" { effective 2023-06-01 source \"register\" }\n".to_owned(),
        "condition keeper \"who keeps the device\" {\n    source \"section A\"\n    \
         case role Baker, Cooper relation owner device Anvil, Bellows\n    \
         case role Dyer, Fuller relation tenant device Chisel, Gauge, Hammer\n}\n"
            .to_owned(),
        "forbid felled \"nothing is asked of what is felled\" {\n    services all except 1.1.1 (since M2)\n    \
         state Willow\n    source \"section B\"\n}\n"
            .to_owned(),
    ]
    .concat()
}

/// A service with this number of rules.
fn service(index: usize, rules: usize) -> String {
    let name = format!("{}.{}.{}", index / 400 + 1, index / 20 % 20 + 1, index % 20 + 1);
    let fields: Vec<String> = (0..6).map(|field| field_name(index, field)).collect();
    let mut text =
        format!("service {name} \"{}\" {{\n    fields {}\n", field_name(index, 6), fields.join(", "));
    for rule in 0..rules - 1 {
        permit(index, rule, &fields, &mut text);
    }
    let (state, role) = (pick(&STATES, index), pick(&ROLES, index));
    let _ = write!(
        text,
        "    forbid last \"not what service {name} leaves out\" {{\n        role not {role}\n        state {state}\n        \
         source \"row {name}\"\n    }}\n}}\n"
    );
    text
}

/// Five words. No other field has the same words in the same order.
fn field_name(service: usize, field: usize) -> String {
    let words = [service / 4096, service / 256, service / 16, service, field];
    words.map(|word| pick(&WORDS, word)).concat()
}

fn permit(service: usize, index: usize, fields: &[String], text: &mut String) {
    // Without the round, the lists would repeat after 120 rules.
    let round = index / 120;
    let (a, b) = (service + index + round * 3, service * 3 + index * 5 + round);
    let name = ROLES[index % 8].to_lowercase().repeat(index / 8 % 2 + 1);
    let suffix = if index < 16 { String::new() } else { format!("-{}", index / 16) };
    let _ = writeln!(text, "    permit rule-{name}{suffix} \"what {index} may do\" {{");
    if index == 4 {
        text.push_str("        since M1\n");
    }
    if index == 8 {
        text.push_str("        when keeper\n");
    } else {
        let _ = write!(text, "        role {}\n        relation {}\n", pick(&ROLES, a), pick(&RELATIONS, b));
    }
    let state = if index == 8 { [3, 8] } else { [a, a + 4] };
    let _ = writeln!(text, "        state {}, {}", pick(&STATES, state[0]), pick(&STATES, state[1]));
    if index != 8 {
        let _ = writeln!(
            text,
            "        device {}, {}, {} (since M2)",
            pick(&DEVICES, b),
            pick(&DEVICES, b + 3),
            pick(&DEVICES, b + 6)
        );
    }
    if service % 40 == 7 && index == 3 {
        text.push_str("        timing Now, Later\n");
    }
    let _ = writeln!(text, "        fields only {}, {}", pick(fields, index), pick(fields, index + 2));
    let _ = write!(text, "        source \"row {service}, column {index}\"\n    }}\n");
}

/// The item of a list with an index, which starts again from the beginning after the last item.
fn pick<T: Clone>(list: &[T], index: usize) -> T {
    list[index % list.len()].clone()
}

/// The policy with this number of its services edited: one permit of each permits another role.
pub(crate) fn edited(mut sources: Vec<Source>, services: usize) -> Vec<Source> {
    let mut remaining = services;
    for source in sources.iter_mut().filter(|source| source.path.starts_with("services/")) {
        let mut parts = source.text.split("    permit rule-cooper ");
        let mut text = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            text.push_str("    permit rule-cooper ");
            let is_edited = remaining > 0;
            remaining = remaining.saturating_sub(1);
            text.push_str(&if is_edited {
                part.replacen("role ", "role Tanner, ", 1)
            } else {
                part.to_owned()
            });
        }
        *source = Source::new(source.path.clone(), text);
    }
    sources
}

/// Every request for the first service, on a date of each interval.
pub(crate) fn requests(policy: &Policy) -> Vec<Request> {
    let service = &policy.services()[0];
    let mut requests: Vec<Request> =
        [2020, 2022, 2024].map(|year| Request::new(&service.name, Date::constant(year, 1, 1))).to_vec();
    for attribute in policy.attributes() {
        let fields =
            service.fields.iter().flatten().map(|field| &field.name).filter(|_| attribute.name == "fields");
        let values: Vec<&String> = attribute.values.iter().map(|value| &value.name).chain(fields).collect();
        let with_attribute = |request: &Request| -> Vec<Request> {
            if !attribute.set {
                return values.iter().map(|value| request.clone().value(&attribute.name, *value)).collect();
            }
            let subset = |bits: u32| {
                (0..).zip(&values).filter(move |(bit, _)| bits >> bit & 1 == 1).map(|(_, value)| *value)
            };
            (0..1u32 << values.len()).map(|bits| request.clone().set(&attribute.name, subset(bits))).collect()
        };
        requests = requests.iter().flat_map(with_attribute).collect();
    }
    requests
}
