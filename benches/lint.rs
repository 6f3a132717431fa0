//! Every finding about a generated policy of 1,000, 10,000 and 100,000 rules, ten to a service: the cost should grow with
//! the rules and no faster. Loading is not counted.
//! `cargo bench --bench lint`; medians, on one thread.

#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;
use std::{fs, hint};

use divan::Bencher;
use meterwarden::{Plan, Policy, Source, compile, files, lint, lint_meaning, relative};

fn main() {
    divan::main();
}

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];

#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn all_findings(bencher: Bencher<'_, '_>, rules: usize) {
    let plan = generated(rules);
    bencher.bench(|| lint(hint::black_box(&plan)).found().len());
}

#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn what_rules_come_to(bencher: Bencher<'_, '_>, rules: usize) {
    let plan = generated(rules);
    bencher.bench(|| lint_meaning(hint::black_box(&plan)).found().len());
}

/// What is there to compare with: compiling the same policy.
#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn compile_generated(bencher: Bencher<'_, '_>, rules: usize) {
    let policy = Arc::new(policy(generate(rules)));
    bencher.bench(|| compile(Arc::clone(&policy)));
}

#[divan::bench]
fn shipped_findings(bencher: Bencher<'_, '_>) {
    let plan = compile(Arc::new(policy(shipped())));
    bencher.bench(|| lint(hint::black_box(&plan)).found().len());
}

fn shipped() -> Vec<Source> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/rules"));
    let paths = files(folder, "rules").unwrap();
    paths.iter().map(|path| Source::new(relative(folder, path), fs::read_to_string(path).unwrap())).collect()
}

fn generated(rules: usize) -> Plan {
    compile(Arc::new(policy(generate(rules))))
}

fn policy(sources: Vec<Source>) -> Policy {
    Policy::from_sources(sources).unwrap()
}

/// As many attributes and values as the shipped vocabulary has.
const ROLES: [&str; 8] = ["Baker", "Cooper", "Dyer", "Fuller", "Glazier", "Mason", "Potter", "Tanner"];
const STATES: [&str; 10] =
    ["Ash", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Larch", "Maple", "Oak", "Willow"];
const DEVICES: [&str; 8] = ["Anvil", "Bellows", "Chisel", "Gauge", "Hammer", "Lathe", "Plane", "Vice"];
const RELATIONS: [&str; 3] = ["owner", "tenant", "agent"];
const WORDS: [&str; 16] = [
    "Amber", "Basalt", "Copper", "Diamond", "Emerald", "Flint", "Granite", "Hematite", "Iron", "Jasper",
    "Kaolin", "Lapis", "Marble", "Nickel", "Opal", "Quartz",
];

/// Rules a service.
const EACH: usize = 10;

/// A policy of so many rules, ten in each service and a few above them. One service in forty has a defect.
fn generate(rules: usize) -> Vec<Source> {
    let mut sources = vec![Source::new("vocabulary.rules", vocabulary())];
    // A hundred services a file.
    for (file, services) in (0..rules / EACH).collect::<Vec<_>>().chunks(100).enumerate() {
        let text: String = services.iter().map(|nth| service(*nth)).collect();
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

fn service(nth: usize) -> String {
    let name = format!("{}.{}.{}", nth / 400 + 1, nth / 20 % 20 + 1, nth % 20 + 1);
    let fields: Vec<String> = (0..6).map(|field| field_name(nth, field)).collect();
    let mut text =
        format!("service {name} \"{}\" {{\n    fields {}\n", field_name(nth, 6), fields.join(", "));
    for rule in 0..EACH - 1 {
        permit(nth, rule, &fields, &mut text);
    }
    let (state, role) = (pick(&STATES, nth), pick(&ROLES, nth));
    let _ = write!(
        text,
        "    forbid last \"not what service {name} leaves out\" {{\n        role not {role}\n        state {state}\n        \
         source \"row {name}\"\n    }}\n}}\n"
    );
    text
}

/// Five words, which no other service and no other field has in this order.
fn field_name(service: usize, field: usize) -> String {
    let words = [service / 4096, service / 256, service / 16, service, field];
    words.map(|word| pick(&WORDS, word)).concat()
}

fn permit(service: usize, nth: usize, fields: &[String], text: &mut String) {
    let (a, b) = (service + nth, service * 3 + nth * 5);
    let _ = writeln!(
        text,
        "    permit rule-{} \"what {nth} may do\" {{",
        ROLES[nth % 8].to_lowercase().repeat(nth / 8 + 1)
    );
    if nth == 4 {
        text.push_str("        since M1\n");
    }
    if nth == 8 {
        text.push_str("        when keeper\n");
    } else {
        let _ = write!(text, "        role {}\n        relation {}\n", pick(&ROLES, a), pick(&RELATIONS, b));
    }
    let state = if nth == 8 { [3, 8] } else { [a, a + 4] };
    let _ = writeln!(text, "        state {}, {}", pick(&STATES, state[0]), pick(&STATES, state[1]));
    if nth != 8 {
        let _ = writeln!(
            text,
            "        device {}, {}, {} (since M2)",
            pick(&DEVICES, b),
            pick(&DEVICES, b + 3),
            pick(&DEVICES, b + 6)
        );
    }
    if service % 40 == 7 && nth == 3 {
        text.push_str("        timing Now, Later\n");
    }
    let _ = writeln!(text, "        fields only {}, {}", pick(fields, nth), pick(fields, nth + 2));
    let _ = write!(text, "        source \"row {service}, column {nth}\"\n    }}\n");
}

fn pick<T: Clone>(from: &[T], nth: usize) -> T {
    from[nth % from.len()].clone()
}
