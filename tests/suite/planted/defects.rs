//! The shipped policy with planted defects, in every service that can take one.

use std::fs;

use meterwarden::language::ast::{File, Item, Part, Rule, Service, Test};
use meterwarden::{Code, Source, parse};

/// A code, and a text that its finding must contain.
type Planted = (Code, String);

/// Text to insert at a position of a file.
struct Seed {
    file: usize,
    at: u32,
    text: String,
}

/// Insertions into the service's file, the expected findings, and text for a file of its own.
type Plant = (Vec<(u32, String)>, Vec<Planted>, String);

/// Plants a defect; `None` if the service cannot take it.
type Planter = fn(&Target<'_>) -> Option<Plant>;

/// A service for a defect, and its first permit.
struct Target<'a> {
    source: &'a Source,
    service: &'a Service,
    permit: &'a Rule,
}

const PLANTERS: &[Planter] = &[
    twin_permit,
    forbidden_permit,
    pointless_forbid,
    second_forbid,
    clause_of_everything,
    item_twice,
    dates_of_the_rule,
    when_anyone,
    case_ruled_out,
    gap,
    same_refuse,
    quarrel,
    copy,
];

/// The shipped rules with their defects, and the expected findings.
pub(crate) fn planted() -> (Vec<Source>, Vec<Planted>) {
    let root = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/rules"));
    let mut sources: Vec<Source> = meterwarden::files(root, "rules")
        .unwrap()
        .into_iter()
        .map(|path| Source::new(meterwarden::relative(root, &path), fs::read_to_string(&path).unwrap()))
        .collect();
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    let files: Vec<File> = sources.iter().map(|source| parse(source, 0).file).collect();
    let (mut seeds, mut expected, mut outside) = (Vec::new(), Vec::new(), String::new());
    let mut turn = 0;
    for (file_index, file) in files.iter().enumerate() {
        for item in &file.items {
            let Item::Service(service) = item else { continue };
            // Services that a rule outside services excepts have other answers.
            let excepted = ["5.2", "5.3", "8.2", "8.3", "8.14.3", "8.14.4", "11.2", "11.3", "8.4"];
            let Some(permit) =
                service.rules.first().filter(|_| !excepted.contains(&service.name.text.as_str()))
            else {
                continue;
            };
            let target = Target { source: &sources[file_index], service, permit };
            for step in 0..PLANTERS.len() {
                let Some((here, found, above)) = PLANTERS[(turn + step) % PLANTERS.len()](&target) else {
                    continue;
                };
                seeds.extend(here.into_iter().map(|(at, text)| Seed { file: file_index, at, text }));
                expected.extend(found);
                outside += &above;
                turn += step + 1;
                break;
            }
        }
    }
    seeds.sort_by_key(|seed| (seed.file, std::cmp::Reverse(seed.at)));
    for seed in seeds {
        sources[seed.file].text.insert_str(seed.at as usize, &seed.text);
    }
    above(&mut sources, &mut expected);
    outside += "condition planted-anyone \"anyone\" { source \"s\" case role any relation any }\n";
    sources.push(Source::new("planted.rules", outside));
    (sources, expected)
}

/// Defects of the rules outside services, and of declarations that exist once.
fn above(sources: &mut [Source], expected: &mut Vec<Planted>) {
    let mut replace = |path: &str, from: &str, to: &str| {
        let source = sources.iter_mut().find(|source| source.path.ends_with(path)).unwrap();
        assert!(source.text.contains(from), "{path} does not say {from}");
        source.text = source.text.replacen(from, to, 1);
    };
    replace(
        "every-service.rules",
        "except tag critical, tag non-device",
        "except tag critical, tag non-device, 7.5",
    );
    expected.push((Code::IdleExcept, "7.5".to_owned()));
    replace("every-service.rules", "services  tag critical\n", "services  tag critical, 7.6\n");
    expected.push((Code::IdleService, "7.6".to_owned()));
    replace(
        "every-service.rules",
        "// Future dating",
        "forbid planted-pending { services 8.13, 8.14.2  status Pending  source \"s\" }\n// Future dating",
    );
    expected.push((Code::IdleService, "8.13".to_owned()));
    replace("update-inventory.rules", "ImportMPxN,", "ImportMPxN, PlantedField,");
    expected.push((Code::NeverCarried, "PlantedField".to_owned()));
    replace(
        "every-service.rules",
        "// Command Variants.",
        "service 99.1 \"Planted\" { }\nservice 99.2 \"Also planted\" on-demand { }\n// Command Variants.",
    );
    expected.push((Code::NeverSent, "99.1".to_owned()));
    expected.push((Code::NeverSent, "99.2".to_owned()));
    replace(
        "vocabulary.rules",
        "    case  role IS, GS  relation registered  device shared-device\n",
        "    case  role IS, GS  relation registered  device shared-device\n    case  role GS  relation registered  device CHF, GSME\n",
    );
    expected.push((Code::CaseCovered, "role GS  relation registered  device CHF, GSME".to_owned()));
}

impl Target<'_> {
    /// Before the brace that closes the service.
    fn end(&self) -> u32 {
        self.service.span.end - 1
    }

    /// Before the brace that closes the permit.
    fn end_of_permit(&self) -> u32 {
        self.permit.span.end - 1
    }

    /// The permit with another name.
    fn copy(&self, name: &str, more: &str) -> String {
        let text = &self.source.text[self.permit.span.start as usize..self.permit.span.end as usize];
        let text = text.replacen(&format!(" {} ", self.permit.name.text), &format!(" {name} "), 1);
        format!("\n    {} {more} }}\n", text.trim_end_matches('}'))
    }

    fn says(&self, attribute: &str) -> bool {
        says(self.permit, attribute)
    }

    /// Whether any rule of the service has this clause: a planted forbid may leave nothing to a rule that asks for one
    /// value.
    fn any_says(&self, attribute: &str) -> bool {
        self.service.rules.iter().any(|rule| says(rule, attribute))
    }

    fn is_dated(&self) -> bool {
        self.source.text[self.permit.span.start as usize..self.permit.span.end as usize].contains("since ")
    }

    /// Whether another permit permits requests of this one.
    fn is_alone(&self) -> bool {
        self.service.rules.len() == 1
    }

    fn rule(&self, name: &str) -> String {
        format!("`{}/{name}`", self.service.name.text)
    }
}

fn twin_permit(target: &Target<'_>) -> Option<Plant> {
    let seed = (target.end(), target.copy("planted-twin", ""));
    Some((vec![seed], vec![(Code::AlreadyPermitted, target.rule("planted-twin"))], String::new()))
}

fn forbidden_permit(target: &Target<'_>) -> Option<Plant> {
    let seed = "\n    permit planted-dead { role any relation any status Suspended, retired source \"s\" }\n";
    Some((
        vec![(target.end(), seed.into())],
        vec![(Code::NeverPermits, target.rule("planted-dead"))],
        String::new(),
    ))
}

fn pointless_forbid(target: &Target<'_>) -> Option<Plant> {
    let seed = "\n    forbid planted-idle { status Absent source \"s\" }\n";
    Some((
        vec![(target.end(), seed.into())],
        vec![(Code::NeverForbids, target.rule("planted-idle"))],
        String::new(),
    ))
}

fn says(rule: &Rule, attribute: &str) -> bool {
    rule.parts.iter().any(|part| matches!(part, Part::Clause(clause) if clause.attribute.text == attribute))
}

fn second_forbid(target: &Target<'_>) -> Option<Plant> {
    if target.any_says("generation") {
        return None;
    }
    let seed = "\n    forbid planted-one { generation SMETS1 source \"s\" }\n    forbid planted-two { generation SMETS1 source \"s\" }\n";
    Some((
        vec![(target.end(), seed.into())],
        vec![(Code::AlreadyForbidden, target.rule("planted-two"))],
        String::new(),
    ))
}

fn clause_of_everything(target: &Target<'_>) -> Option<Plant> {
    if target.says("generation") {
        return None;
    }
    let seed = "  generation NotApplicable, SMETS1, SMETS2, Unknown\n    ";
    Some((
        vec![(target.end_of_permit(), seed.into())],
        vec![(Code::IdleClause, "generation NotApplicable, SMETS1, SMETS2, Unknown".to_owned())],
        String::new(),
    ))
}

fn item_twice(target: &Target<'_>) -> Option<Plant> {
    let item = target.permit.parts.iter().find_map(|part| match part {
        Part::Clause(clause) => match &clause.test {
            Test::In(items) | Test::Not(items) => items.first().filter(|item| item.dates.is_none()),
            _ => None,
        },
        _ => None,
    })?;
    let seed = (item.span().end, format!(", {}", item.name.text));
    Some((
        vec![seed],
        vec![(Code::IdleItem, format!("`{}` is in the list already", item.name.text))],
        String::new(),
    ))
}

fn dates_of_the_rule(target: &Target<'_>) -> Option<Plant> {
    let item = target.permit.parts.iter().find_map(|part| match part {
        Part::Clause(clause) => match &clause.test {
            Test::In(items) => items.first().filter(|item| item.name.text.starts_with(char::is_uppercase)),
            _ => None,
        },
        _ => None,
    });
    let item = item.filter(|_| !target.is_dated() && target.is_alone())?;
    let since = (target.end_of_permit(), "  since MP120\n    ".to_owned());
    let dates = (item.span().end, " (since MP120)".to_owned());
    Some((
        vec![since, dates],
        vec![(
            Code::IdleDates,
            format!(
                "`{}` changes nothing while {} is",
                item.name.text,
                target.rule(&target.permit.name.text)
            ),
        )],
        String::new(),
    ))
}

fn when_anyone(target: &Target<'_>) -> Option<Plant> {
    let seed = (target.end_of_permit(), "  when planted-anyone\n    ".to_owned());
    let found = format!("`when planted-anyone` changes nothing in {}", target.rule(&target.permit.name.text));
    Some((vec![seed], vec![(Code::IdleWhen, found)], String::new()))
}

fn case_ruled_out(target: &Target<'_>) -> Option<Plant> {
    if target.says("generation") || !target.is_alone() {
        return None;
    }
    let name = format!("planted-{}", target.service.name.text.as_str().replace('.', "-"));
    let here = format!("  when {name}  generation SMETS1, SMETS2\n    ");
    let above = format!(
        "condition {name} \"p\" {{ source \"s\" case generation SMETS2 case generation NotApplicable case generation Unknown }}\n"
    );
    let found = (Code::CaseNeverHolds, format!("this `case` of `{name}` never holds"));
    // The condition rules out `SMETS1`.
    let item = (Code::IdleItem, format!("the rest of {} leaves", target.rule(&target.permit.name.text)));
    Some((vec![(target.end_of_permit(), here)], vec![found.clone(), found, item], above))
}

fn gap(target: &Target<'_>) -> Option<Plant> {
    if target.is_dated() || !target.is_alone() {
        return None;
    }
    let until = (target.end_of_permit(), "  until 2019-01-01\n    ".to_owned());
    let since = (target.end(), target.copy("planted-later", "since 2019-02-01"));
    Some((
        vec![until, since],
        vec![(Code::DateGap, format!("by {}", target.rule("planted-later")))],
        String::new(),
    ))
}

fn same_refuse(target: &Target<'_>) -> Option<Plant> {
    if target.any_says("generation") {
        return None;
    }
    let seed = "\n    forbid planted-says { generation SMETS1 refuse unassigned \"this Service Request does not apply to devices of this generation\" source \"s\" }\n";
    Some((
        vec![(target.end(), seed.into())],
        vec![(Code::IdleRefuse, target.rule("planted-says"))],
        String::new(),
    ))
}

fn quarrel(target: &Target<'_>) -> Option<Plant> {
    if target.any_says("generation") {
        return None;
    }
    let seed = "\n    forbid planted-a { generation SMETS1 refuse X1 \"a\" source \"s\" }\n    forbid planted-b { generation SMETS1, Unknown refuse X2 \"b\" source \"s\" }\n";
    Some((
        vec![(target.end(), seed.into())],
        vec![(Code::ForbidsDisagree, target.rule("planted-b"))],
        String::new(),
    ))
}

/// The service again with another number.
fn copy(target: &Target<'_>) -> Option<Plant> {
    let text = &target.source.text[target.service.span.start as usize..target.service.span.end as usize];
    let number = format!("98.{}", target.service.name.text);
    let above =
        text.replacen(&format!("service {}", target.service.name.text), &format!("service {number}"), 1);
    Some((Vec::new(), vec![(Code::ServicesAlike, format!("`{number}`"))], format!("{above}\n")))
}
