//! Random small policies, as the text of their rule files, and requests to ask of them.
//!
//! Tapes of numbers determine a policy, one for the vocabulary and one for each rule. Every choice takes the next
//! number. After the end of a tape the numbers are 0, which is always the simplest choice. So a failure shrinks by
//! itself.

use std::fmt::Write;

use meterwarden::{Date, Request, Source};
use proptest::collection::vec;
use proptest::prelude::*;

use super::law::{FIELDS, UNDECLARED};

/// The tapes of one policy and of the requests to ask of it.
#[derive(Clone, Debug)]
pub(crate) struct Tapes {
    vocabulary: Vec<u16>,
    rules: Vec<Vec<u16>>,
    pub(crate) requests: Vec<Vec<u16>>,
}

pub(crate) fn tapes() -> impl Strategy<Value = Tapes> {
    let rules = vec(vec(any::<u16>(), 100), 1..=9);
    let requests = vec(vec(any::<u16>(), 40), 60);
    // They shrink in this order: fewer rules first.
    let all = (rules, vec(any::<u16>(), 300), requests);
    all.prop_map(|(rules, vocabulary, requests)| Tapes { vocabulary, rules, requests })
}

/// Choices from a tape.
struct Choices<'t>(std::slice::Iter<'t, u16>);

impl Choices<'_> {
    fn below(&mut self, bound: usize) -> usize {
        self.0.next().map_or(0, |&number| usize::from(number) % bound)
    }

    fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.below(most - least + 1)
    }

    /// True once in `times` choices, on average.
    fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == times - 1
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// Some of them, in any order, each once; at least one.
    fn some<T: Clone>(&mut self, from: &[T], most: usize) -> Vec<T> {
        let mut left = from.to_vec();
        let count = self.between(1, most.clamp(1, from.len()));
        (0..count).map(|_| left.remove(self.below(left.len()))).collect()
    }
}

/// The bounds that a window may have, in the order of their dates; the last is proposed. `M2` and the date next to it
/// are the same day.
const BOUNDS: [&str; 5] = ["M1", "2021-01-01", "M2", "2022-06-01", "M3"];

/// The days around them, and one long after.
const DAYS: [(i16, i8, i8); 7] =
    [(2020, 5, 31), (2020, 6, 1), (2020, 12, 31), (2021, 1, 1), (2022, 5, 31), (2022, 6, 1), (2030, 1, 1)];

/// What the generator needs to know of what it has written.
pub(crate) struct Policy {
    pub(crate) sources: Vec<Source>,
    attributes: Vec<Attribute>,
    services: Vec<Service>,
    conditions: Vec<Condition>,
}

#[derive(Clone)]
struct Attribute {
    name: String,
    set: bool,
    always: bool,
    values: Vec<String>,
    groups: Vec<String>,
    /// The text of its refusal.
    refuse: String,
}

struct Service {
    name: &'static str,
    fields: Option<Vec<String>>,
    closed: bool,
    tags: Vec<&'static str>,
    /// Its declaration and its rules, without the last brace.
    text: String,
}

struct Condition {
    name: String,
    /// The attributes that each of its alternatives tests.
    says: Vec<String>,
}

impl Policy {
    pub(crate) fn new(tapes: &Tapes) -> Self {
        let choices = &mut Choices(tapes.vocabulary.iter());
        let mut policy = Self {
            sources: Vec::new(),
            attributes: Vec::new(),
            services: Vec::new(),
            conditions: Vec::new(),
        };
        let mut vocabulary = String::new();
        policy.vocabulary(choices, &mut vocabulary);
        policy.conditions(choices, &mut vocabulary);
        policy.services(choices);
        // Rules outside services are in a file before the services or in one after them.
        let (mut before, mut behind) = (String::new(), String::new());
        for (number, tape) in tapes.rules.iter().enumerate() {
            policy.rule(&mut Choices(tape.iter()), number, [&mut before, &mut behind]);
        }
        let mut services = String::new();
        for service in &policy.services {
            let _ = writeln!(services, "{}}}", service.text);
        }
        let files = [
            ("z.rules", vocabulary),
            ("c.rules", behind),
            ("b/services.rules", services),
            ("a.rules", before),
        ];
        policy.sources = files.map(|(path, text)| Source::new(path, text)).to_vec();
        policy
    }

    fn vocabulary(&mut self, choices: &mut Choices<'_>, text: &mut String) {
        text.push_str("modification M1 \"\" { effective 2020-06-01 source \"s\" }\n");
        text.push_str("modification M2 \"\" { source \"s\" effective 2022-06-01 }\n");
        text.push_str("modification M3 \"\" { proposed source \"s\" }\n");
        text.push_str("tag t1 \"\"\ntag t2 \"\"\n");
        let plain = choices.between(2, 4);
        let sets = choices.below(3);
        let mut names: Vec<&str> = ["a", "b", "c", "d"][..plain].to_vec();
        for set in &["x", "y"][..sets] {
            names.insert(choices.below(names.len() + 1), set);
        }
        if !choices.one_in(6) {
            names.insert(choices.below(names.len() + 1), FIELDS);
        }
        for name in names {
            self.attribute(choices, name, text);
        }
        for attribute in self.attributes.clone() {
            self.groups(choices, &attribute, text);
        }
    }

    fn attribute(&mut self, choices: &mut Choices<'_>, name: &str, text: &mut String) {
        let set = matches!(name, "x" | "y" | FIELDS);
        let always = name != FIELDS && choices.one_in(3);
        let like = self.attributes.iter().find(|other| !other.set && !set).cloned();
        let like = like.filter(|_| choices.one_in(4));
        let count = if set { choices.between(2, 3) } else { choices.between(2, 4) };
        let values: Vec<String> = match name {
            FIELDS => Vec::new(),
            // Compared as text: `1.1` is not `1.10`.
            "d" => ["1", "1.1", "1.10", "2"][..count].iter().map(|&value| value.to_owned()).collect(),
            _ => (1..=count).map(|number| format!("{name}{number}")).collect(),
        };
        let (kind, always_word) =
            (if set { "set attribute" } else { "attribute" }, if always { " always" } else { "" });
        let _ = write!(text, "{kind} {name} \"\"{always_word}");
        if let Some(like) = &like {
            let _ = write!(text, " like {}", like.name);
        }
        let code = choices.pick(&["unassigned", "E1", "E2", "E3"]);
        let refuse = format!("{code} \"reason of {name}\"");
        let _ = writeln!(text, " {{\n    refuse {refuse}");
        for value in if like.is_some() { &[] } else { values.as_slice() } {
            let _ = write!(text, "    {value}");
            if choices.one_in(2) {
                let _ = write!(text, " \"meaning of {value}\"");
            }
            if !set && choices.one_in(4) {
                let _ = write!(text, " refuse {}", choices.pick(&["V1", "V2", "E1", "unassigned"]));
                if choices.one_in(2) {
                    let _ = write!(text, " \"reason of {value}\"");
                }
            }
            text.push('\n');
        }
        text.push_str("}\n");
        let values = like.map_or(values, |like| like.values);
        let (name, groups) = (name.to_owned(), Vec::new());
        self.attributes.push(Attribute { name, set, always, values, groups, refuse });
    }

    /// Groups, and those of the attribute that it is like.
    fn groups(&mut self, choices: &mut Choices<'_>, attribute: &Attribute, text: &mut String) {
        let owns = attribute.values.iter().any(|value| value.starts_with(&attribute.name) || value == "1");
        if attribute.name == FIELDS || !owns || !choices.one_in(2) {
            return;
        }
        let group = format!("of-{}", attribute.name);
        let members = self.dated(choices, attribute.values.clone());
        let _ = writeln!(text, "group {} {group} = {members}", attribute.name);
        for other in &mut self.attributes {
            if other.values == attribute.values {
                other.groups.push(group.clone());
            }
        }
    }

    /// Some of the names as a list, sometimes with dates.
    fn dated(&self, choices: &mut Choices<'_>, names: Vec<String>) -> String {
        let names = choices.some(&names, 3);
        let dated = names.into_iter().map(|name| {
            let window = if choices.one_in(5) { format!(" ({})", window(choices)) } else { String::new() };
            format!("{name}{window}")
        });
        dated.collect::<Vec<_>>().join(", ")
    }

    fn conditions(&mut self, choices: &mut Choices<'_>, text: &mut String) {
        for number in 0..choices.below(3) {
            let name = format!("when{number}");
            let _ = write!(text, "condition {name} \"\" {{ source \"s\"");
            let mut says: Option<Vec<String>> = None;
            for _ in 0..choices.between(1, 3) {
                text.push_str("\n    case");
                let speakable: Vec<Attribute> =
                    self.attributes.iter().filter(|attribute| attribute.name != FIELDS).cloned().collect();
                let chosen = choices.some(&speakable, 3);
                for attribute in &chosen {
                    let _ = write!(
                        text,
                        "  {} {}",
                        attribute.name,
                        self.test(choices, attribute, &attribute.values)
                    );
                }
                let is_tested = |name: &String| chosen.iter().any(|attribute| attribute.name == *name);
                says = Some(match says {
                    Some(says) => says.into_iter().filter(|name| is_tested(name)).collect(),
                    None => chosen.iter().map(|attribute| attribute.name.clone()).collect(),
                });
            }
            text.push_str("\n}\n");
            self.conditions.push(Condition { name, says: says.unwrap_or_default() });
        }
    }

    /// Any test that the attribute has.
    fn test(&self, choices: &mut Choices<'_>, attribute: &Attribute, values: &[String]) -> String {
        let names: Vec<String> = values.iter().chain(&attribute.groups).cloned().collect();
        let tests: &[&str] = if attribute.name == FIELDS {
            &["only ", "includes ", "excludes ", "exactly ", "only ", "none", "any"]
        } else if attribute.set {
            &["", "only ", "includes ", "excludes ", "exactly ", "", "none", "any"]
        } else {
            &["", "", "", "not ", "not ", "any"]
        };
        let test = *choices.pick(tests);
        match test {
            "any" | "none" => test.to_owned(),
            // Not of every value: that would be a contradiction.
            "not " => format!("not {}", self.dated(choices, values[1..].to_vec())),
            _ => format!("{test}{}", self.dated(choices, names)),
        }
    }

    /// Two tests of a set, which seldom contradict each other.
    fn two_tests(&self, choices: &mut Choices<'_>, attribute: &Attribute, values: &[String]) -> Vec<String> {
        if values.len() < 2 || choices.one_in(6) {
            return vec![self.test(choices, attribute, values), self.test(choices, attribute, values)];
        }
        let (head, tail) = values.split_at(1);
        let tests: &[&str] =
            if attribute.name == FIELDS { &["includes", "excludes"] } else { &["includes", "excludes", ""] };
        let mut clause =
            |values: &[String]| format!("{} {}", choices.pick(tests), self.dated(choices, values.to_vec()));
        vec![clause(head), clause(tail)]
    }

    fn services(&mut self, choices: &mut Choices<'_>) {
        let has_fields = self.attributes.iter().any(|attribute| attribute.name == FIELDS);
        for name in &["6.1", "6.10", "7"][..choices.between(1, 3)] {
            let tags = if choices.one_in(2) { choices.some(&["t1", "t2"], 2) } else { Vec::new() };
            let fields = ["f1", "f2", "f3", "f4"].map(str::to_owned);
            let fields = (has_fields && !choices.one_in(3)).then(|| choices.some(&fields, 3));
            // The other fields inside the first, which may be inside itself too, so that the two are called by place.
            let is_nested = choices.one_in(3);
            let is_twice = is_nested && choices.one_in(2);
            let closed = choices.one_in(8);
            let mut text = format!("service {name} \"\" {} {{\n", tags.join(", "));
            if let Some(fields) = &fields {
                let dated = fields.iter().map(|field| {
                    let window =
                        if choices.one_in(6) { format!(" ({})", window(choices)) } else { String::new() };
                    format!("{field}{window}")
                });
                let mut dated: Vec<String> = dated.collect();
                let first = dated.remove(0);
                dated.extend(is_twice.then(|| fields[0].clone()));
                let inside = dated.join(", ");
                let _ = match (dated.is_empty(), is_nested) {
                    (true, _) => writeln!(text, "    fields {first}"),
                    (false, true) => writeln!(text, "    fields {first} {{ {inside} }}"),
                    (false, false) => writeln!(text, "    fields {first}, {inside}"),
                };
            }
            let fields = fields.map(|mut fields| {
                if is_twice {
                    let first = fields[0].clone();
                    fields[0] = format!("/{first}");
                    fields.push(format!("{first}/{first}"));
                }
                fields
            });
            if closed {
                text.push_str("    closed \"reason\"\n");
            }
            self.services.push(Service { name, fields, closed, tags, text });
        }
    }

    fn rule(&mut self, choices: &mut Choices<'_>, number: usize, outside: [&mut String; 2]) {
        let place = choices.below(self.services.len() + 2);
        let service = self.services.get(place).filter(|service| !service.closed);
        let permits = !choices.one_in(3);
        let mut text = format!("{} r{number}", if permits { "permit" } else { "forbid" });
        if choices.one_in(2) {
            let _ = write!(text, " \"text of r{number}\"");
        }
        text.push_str(" {\n    source \"s\"");
        if service.is_none() {
            let Some(covers) = self.covers(choices, permits) else { return };
            text.push_str(&covers);
        }
        if choices.one_in(4) {
            let _ = write!(text, "\n    {}", window(choices));
        }
        let mut tested = Vec::new();
        if !self.conditions.is_empty() && choices.one_in(2) {
            let most = if choices.one_in(4) { 2 } else { 1 };
            for condition in choices.some(&(0..self.conditions.len()).collect::<Vec<_>>(), most) {
                let condition = &self.conditions[condition];
                let _ = write!(text, "\n    when {}", condition.name);
                tested.extend(condition.says.clone());
            }
        }
        let fields = service.and_then(|service| service.fields.clone());
        let mut constrains = None;
        for attribute in &self.attributes {
            let values = if attribute.name == FIELDS { fields.as_ref() } else { Some(&attribute.values) };
            let Some(values) = values else { continue };
            // Seldom an attribute that the condition of the rule tests too: otherwise most rules would contradict
            // themselves.
            let clauses = match choices.below(if tested.contains(&attribute.name) { 24 } else { 8 }) {
                3..=6 => vec![self.test(choices, attribute, values)],
                7 if attribute.set => self.two_tests(choices, attribute, values),
                7 => vec!["any".to_owned()],
                _ => Vec::new(),
            };
            for test in &clauses {
                constrains = if test == "any" { constrains } else { Some(attribute) };
                let _ = write!(text, "\n    {} {test}", attribute.name);
            }
            // "A permit says every attribute that the vocabulary marks `always`, itself or in each case of
            // its condition."
            if clauses.is_empty() && permits && attribute.always && !tested.contains(&attribute.name) {
                let _ = write!(text, "\n    {} any", attribute.name);
            }
        }
        // "A forbid that constrains nothing … must have a `refuse`."
        if !permits && (constrains.is_none() || choices.one_in(3)) {
            // Sometimes the answer that the attribute gives anyway.
            match constrains.filter(|_| choices.one_in(3)) {
                Some(attribute) => text.push_str(&format!("\n    refuse {}", attribute.refuse)),
                None => refuse(choices, number, &mut text),
            }
        }
        text.push_str("\n}\n");
        match service {
            Some(_) => self.services[place].text.push_str(&text),
            None => outside[choices.below(2)].push_str(&text),
        }
    }

    /// A line of `services`. Every item covers something, and no service that a permit covers is closed.
    fn covers(&self, choices: &mut Choices<'_>, permits: bool) -> Option<String> {
        let all: Vec<&Service> = self.services.iter().collect();
        let open: Vec<&Service> = all.iter().copied().filter(|service| !service.closed).collect();
        if permits && open.len() < all.len() {
            let names: Vec<String> = open.iter().map(|service| service.name.to_owned()).collect();
            return (!names.is_empty()).then(|| format!("\n    services {}", self.dated(choices, names)));
        }
        let mut selectors: Vec<String> = vec!["all".to_owned()];
        selectors.extend(all.iter().map(|service| service.name.to_owned()));
        for tag in ["t1", "t2"] {
            if all.iter().any(|service| service.tags.contains(&tag)) {
                selectors.push(format!("tag {tag}"));
            }
        }
        selectors.push("6.*".to_owned());
        let mut covers = format!("\n    services {}", self.dated(choices, selectors.clone()));
        if all.len() > 1 && choices.one_in(2) {
            let _ = write!(covers, " except {}", self.dated(choices, selectors[1..].to_vec()));
        }
        Some(covers)
    }

    /// A request: complete or not, of a known or an unknown service, on a day around an edge.
    pub(crate) fn request(&self, tape: &[u16]) -> Request {
        let choices = &mut Choices(tape.iter());
        let (year, month, day) = *choices.pick(&DAYS);
        let service = if choices.one_in(40) { "6" } else { choices.pick(&self.services).name };
        let partial = choices.one_in(2);
        let mut request = Request::new(service, Date::constant(year, month, day));
        for attribute in &self.attributes {
            // The tape is read for every attribute, so that a fact does not depend on whether the earlier attributes
            // are stated.
            let unsaid = choices.one_in(2) && partial;
            let value = choices.below(720_720);
            let undeclared = choices.one_in(6);
            if unsaid {
                continue;
            }
            let fields = ["f1", "f2", "f3", "f4", "/f1", "f1/f1", "/f2", "f2/f2"].map(str::to_owned).to_vec();
            let values = if attribute.name == FIELDS { &fields } else { &attribute.values };
            if !attribute.set {
                request = request.value(&attribute.name, &values[value % values.len()]);
                continue;
            }
            // Few fields: otherwise nearly every request would have an undeclared one.
            let bits =
                if attribute.name == FIELDS && value % 3 > 0 { 1 << (value / 3 % 9) >> 1 } else { value / 3 };
            let inside = values.iter().enumerate().filter(|(place, _)| bits >> place & 1 == 1);
            let mut set: Vec<&str> = inside.map(|(_, value)| value.as_str()).collect();
            if attribute.name == FIELDS && undeclared {
                set.push(UNDECLARED);
            }
            if partial && choices.one_in(2) {
                // Single members: each value of the set, and each other value, is stated or not.
                let others = values.iter().map(String::as_str).chain([UNDECLARED]);
                let others = others.filter(|value| *value != UNDECLARED || attribute.name == FIELDS);
                // `f1` and `/f1` may be the same field, which cannot be both present and absent.
                let place = |value: &&str| value.trim_start_matches('/').to_owned();
                let places: Vec<String> = set.iter().map(place).collect();
                let mut absent: Vec<&str> = others.filter(|value| !places.contains(&place(value))).collect();
                set.retain(|_| choices.one_in(2));
                absent.retain(|_| !choices.one_in(3));
                request = request.members(&attribute.name, set, absent);
                continue;
            }
            request = request.set(&attribute.name, set);
        }
        request
    }
}

/// An answer of the forbid's own.
fn refuse(choices: &mut Choices<'_>, number: usize, text: &mut String) {
    let _ = write!(text, "\n    refuse {}", choices.pick(&["F1", "F2", "E1", "unassigned"]));
    if choices.one_in(2) {
        let _ = write!(text, " \"reason of r{number}\"");
    }
}

/// `since X`, `until X` or both.
fn window(choices: &mut Choices<'_>) -> String {
    let first = choices.below(BOUNDS.len());
    let last = choices.below(BOUNDS.len());
    match choices.below(3) {
        0 => format!("since {}", BOUNDS[first]),
        1 => format!("until {}", BOUNDS[last]),
        // `M2` is not before the same day written as a date.
        _ if first < last && (first, last) != (2, 3) => {
            format!("since {} until {}", BOUNDS[first], BOUNDS[last])
        }
        _ => format!("until {}", BOUNDS[first]),
    }
}
