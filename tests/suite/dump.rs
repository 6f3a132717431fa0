//! A tree as a page: one line for each declaration and for each clause, and every comment.

use meterwarden::Source;
use meterwarden::language::ast::*;

/// The whole tree.
pub(crate) fn file(source: &Source, file: &File) -> String {
    let mut lines = Vec::new();
    for item in &file.items {
        self::item(item, &mut lines);
    }
    for comment in &file.comments {
        let (line, column) = source.line_column(comment.span.start as usize);
        let kind = if comment.doc { "doc" } else { "comment" };
        lines.push(format!("{kind} {line}:{column} {:?}", comment.text));
    }
    lines.join("\n")
}

/// The items and the rules in them, by name.
pub(crate) fn outline(source: &Source, file: &File) -> String {
    let mut lines = Vec::new();
    for item in &file.items {
        let (kind, name) = kind(item);
        let (line, _) = source.line_column(name.span.start as usize);
        let mut said = format!("{kind} {} (line {line})", name.text);
        if let Item::Service(service) = item {
            let rules: Vec<&str> = service.rules.iter().map(|rule| rule.name.text.as_str()).collect();
            said += &format!(": {}", rules.join(" "));
        }
        lines.push(said);
    }
    if lines.is_empty() { "nothing".to_owned() } else { lines.join("\n") }
}

fn kind(item: &Item) -> (&'static str, &Name) {
    match item {
        Item::Attribute(one) => ("attribute", &one.name),
        Item::Group(one) => ("group", &one.name),
        Item::Tag(one) => ("tag", &one.name),
        Item::Condition(one) => ("condition", &one.name),
        Item::Modification(one) => ("modification", &one.name),
        Item::Service(one) => ("service", &one.name),
        Item::Rule(one) => ("rule", &one.name),
    }
}

fn item(item: &Item, lines: &mut Vec<String>) {
    let (doc, text) = match item {
        Item::Attribute(one) => (&one.doc, &one.text),
        Item::Group(one) => (&one.doc, &None),
        Item::Tag(one) => (&one.doc, &one.text),
        Item::Condition(one) => (&one.doc, &one.text),
        Item::Modification(one) => (&one.doc, &one.text),
        Item::Service(one) => (&one.doc, &one.text),
        Item::Rule(rule) => return self::rule(rule, "", lines),
    };
    let (kind, name) = kind(item);
    lines.push(format!("{kind} {}{}{}", name.text, quoted(text), documented(doc)));
    match item {
        Item::Attribute(one) => attribute(one, lines),
        Item::Group(one) => lines.push(format!("  of {}: {}", one.attribute.text, items(&one.items))),
        Item::Condition(one) => condition(one, lines),
        Item::Modification(one) => modification(one, lines),
        Item::Service(one) => service(one, lines),
        Item::Tag(_) | Item::Rule(_) => {}
    }
}

fn attribute(one: &Attribute, lines: &mut Vec<String>) {
    let like: Vec<&str> = one.like.iter().map(|like| like.text.as_str()).collect();
    lines.push(format!(
        "  set {}, always {}, sender {}, like {like:?}",
        one.set,
        one.always.len(),
        one.sender.len()
    ));
    lines.extend(one.refuse.as_ref().map(|refuse| format!("  {}", self::refuse(refuse))));
    for value in &one.values {
        let refuse =
            value.refuse.as_ref().map_or_else(String::new, |refuse| format!(" {}", self::refuse(refuse)));
        lines.push(format!("  value {}{}{refuse}", value.name.text, quoted(&value.text)));
    }
}

fn condition(one: &Condition, lines: &mut Vec<String>) {
    lines.extend(one.source.iter().map(|text| format!("  source {:?}", text.text)));
    lines.extend(one.assumed.iter().map(|text| format!("  assumed {:?}", text.text)));
    for case in &one.cases {
        let clauses: Vec<String> = case.clauses.iter().map(clause).collect();
        lines.push(format!("  case {}", clauses.join("; ")));
    }
}

fn modification(one: &Modification, lines: &mut Vec<String>) {
    lines.extend(one.effective.iter().map(|date| format!("  effective {}", date.text)));
    lines.extend(one.proposed.iter().map(|_| "  proposed".to_owned()));
    lines.extend(one.source.iter().map(|text| format!("  source {:?}", text.text)));
}

fn service(one: &Service, lines: &mut Vec<String>) {
    let tags: Vec<&str> = one.tags.iter().map(|tag| tag.text.as_str()).collect();
    lines.push(format!("  tags [{}]", tags.join(", ")));
    lines.extend(one.fields.iter().map(|line| format!("  fields {}", items(&line.items))));
    lines.extend(one.closed.iter().map(|text| format!("  closed {:?}", text.text)));
    for rule in &one.rules {
        self::rule(rule, "  ", lines);
    }
}

fn rule(one: &Rule, indent: &str, lines: &mut Vec<String>) {
    lines.push(format!(
        "{indent}{:?} {}{}{}",
        one.effect,
        one.name.text,
        quoted(&one.text),
        documented(&one.doc)
    ));
    lines.extend(one.parts.iter().map(|part| format!("{indent}  {}", self::part(part))));
}

fn part(part: &Part) -> String {
    match part {
        Part::Covers(covers) => {
            format!("services {} except {}", selectors(&covers.items), selectors(&covers.except))
        }
        Part::When(name) => format!("when {}", name.text),
        Part::Since(bound) => format!("since {}", self::bound(bound)),
        Part::Until(bound) => format!("until {}", self::bound(bound)),
        Part::Source(text) => format!("source {:?}", text.text),
        Part::Assumed(text) => format!("assumed {:?}", text.text),
        Part::Refuse(one) => refuse(one),
        Part::Clause(one) => clause(one),
    }
}

fn selectors(all: &[Selector]) -> String {
    let one = |selector: &Selector| {
        let kind = match &selector.kind {
            SelectorKind::All => "all".to_owned(),
            SelectorKind::Tag(name) => format!("tag {}", name.text),
            SelectorKind::Family(name) => format!("family {}", name.text),
            SelectorKind::Service(name) => name.text.to_string(),
        };
        kind + &dates(&selector.dates)
    };
    format!("[{}]", all.iter().map(one).collect::<Vec<_>>().join(", "))
}

fn clause(one: &Clause) -> String {
    let test = match &one.test {
        Test::Any => "any".to_owned(),
        Test::None => "none".to_owned(),
        Test::In(all) => items(all),
        Test::Not(all) => format!("not {}", items(all)),
        Test::Only(all) => format!("only {}", items(all)),
        Test::Includes(all) => format!("includes {}", items(all)),
        Test::Excludes(all) => format!("excludes {}", items(all)),
        Test::Exactly(all) => format!("exactly {}", items(all)),
        Test::Text(text) => format!("{:?}", text.text),
    };
    format!("{} {test}", one.attribute.text)
}

fn items(all: &[Dated]) -> String {
    let one = |item: &Dated| item.name.text.to_string() + &dates(item.dates());
    format!("[{}]", all.iter().map(one).collect::<Vec<_>>().join(", "))
}

fn dates(all: &[DatePart]) -> String {
    let one = |part: &DatePart| match part {
        DatePart::Since(bound) => format!(" since {}", self::bound(bound)),
        DatePart::Until(bound) => format!(" until {}", self::bound(bound)),
    };
    all.iter().map(one).collect()
}

fn bound(bound: &Bound) -> String {
    if bound.is_date { format!("date {}", bound.name.text) } else { bound.name.text.to_string() }
}

fn refuse(refuse: &Refuse) -> String {
    let code = refuse.code.as_ref().map_or("unassigned", |code| &code.text);
    format!("refuse {code}{}", quoted(&refuse.text))
}

fn quoted(text: &Option<Name>) -> String {
    text.as_ref().map_or_else(String::new, |text| format!(" {:?}", text.text))
}

fn documented(doc: &str) -> String {
    if doc.is_empty() { String::new() } else { format!(" /// {doc:?}") }
}

/// Every name, number, date and text of a tree.
pub(crate) fn names(file: &File) -> Vec<&Name> {
    let mut names = Vec::new();
    for item in &file.items {
        names.push(kind(item).1);
        match item {
            Item::Attribute(one) => {
                names.extend(one.text.iter().chain(&one.like).chain(refused(&one.refuse)));
                names.extend(one.values.iter().flat_map(|value| {
                    [&value.name].into_iter().chain(&value.text).chain(refused(&value.refuse))
                }));
            }
            Item::Group(one) => names.extend([&one.attribute].into_iter().chain(of_items(&one.items))),
            Item::Tag(one) => names.extend(&one.text),
            Item::Condition(one) => {
                names.extend(one.text.iter().chain(&one.source).chain(&one.assumed));
                names.extend(one.cases.iter().flat_map(|case| &case.clauses).flat_map(of_clause));
            }
            Item::Modification(one) => names.extend(one.text.iter().chain(&one.effective).chain(&one.source)),
            Item::Service(one) => {
                names.extend(one.text.iter().chain(&one.tags).chain(&one.closed));
                names.extend(one.fields.iter().flat_map(|line| of_items(&line.items)));
                names.extend(one.rules.iter().flat_map(of_rule));
            }
            Item::Rule(one) => names.extend(of_rule(one)),
        }
    }
    names
}

fn refused(refuse: &Option<Refuse>) -> impl Iterator<Item = &Name> {
    refuse.iter().flat_map(|refuse| refuse.code.iter().chain(&refuse.text))
}

fn of_items(items: &[Dated]) -> Vec<&Name> {
    items.iter().flat_map(|item| [&item.name].into_iter().chain(of_dates(item.dates()))).collect()
}

fn of_dates(dates: &[DatePart]) -> impl Iterator<Item = &Name> {
    dates.iter().map(|part| match part {
        DatePart::Since(bound) | DatePart::Until(bound) => &bound.name,
    })
}

fn of_clause(one: &Clause) -> Vec<&Name> {
    let listed = match &one.test {
        Test::Any | Test::None => Vec::new(),
        Test::Text(text) => vec![&**text],
        Test::In(all)
        | Test::Not(all)
        | Test::Only(all)
        | Test::Includes(all)
        | Test::Excludes(all)
        | Test::Exactly(all) => of_items(all),
    };
    [&one.attribute].into_iter().chain(listed).collect()
}

fn of_rule(one: &Rule) -> Vec<&Name> {
    let part = |part| match part {
        &Part::When(ref name) | &Part::Source(ref name) | &Part::Assumed(ref name) => vec![name],
        Part::Since(bound) | Part::Until(bound) => vec![&bound.name],
        Part::Refuse(one) => one.code.iter().chain(&one.text).collect(),
        Part::Clause(one) => of_clause(one),
        Part::Covers(covers) => covers.items.iter().chain(&covers.except).flat_map(of_selector).collect(),
    };
    [&one.name].into_iter().chain(&one.text).chain(one.parts.iter().flat_map(part)).collect()
}

fn of_selector(one: &Selector) -> Vec<&Name> {
    let named = match &one.kind {
        SelectorKind::Tag(name) | SelectorKind::Service(name) => Some(name),
        SelectorKind::All | SelectorKind::Family(_) => None,
    };
    named.into_iter().chain(of_dates(&one.dates)).collect()
}
