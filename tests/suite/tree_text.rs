//! A syntax tree as text: a line for each declaration and each clause, and every comment.

use meterwarden::Source;
use meterwarden::language::ast::*;

/// The whole tree.
pub(crate) fn whole(source: &Source, file: &File) -> String {
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

/// The names of the items and of the rules in them.
pub(crate) fn outline(source: &Source, file: &File) -> String {
    let mut lines = Vec::new();
    for item in &file.items {
        let Some((kind, name)) = kind(item) else { continue };
        let (line, _) = source.line_column(name.span.start as usize);
        let mut line_text = format!("{kind} {} (line {line})", name.text);
        if let Item::Service(service) = item {
            let rules: Vec<&str> = service.rules.iter().map(|rule| rule.name.text.as_str()).collect();
            line_text += &format!(": {}", rules.join(" "));
        }
        lines.push(line_text);
    }
    if lines.is_empty() { "nothing".to_owned() } else { lines.join("\n") }
}

/// The word that an item begins with, and its name; nothing for a clock, which has none.
fn kind(item: &Item) -> Option<(&'static str, &Name)> {
    Some(match item {
        Item::Attribute(attribute) => ("attribute", &attribute.name),
        Item::Group(group) => ("group", &group.name),
        Item::Tag(tag) => ("tag", &tag.name),
        Item::Condition(condition) => ("condition", &condition.name),
        Item::Modification(modification) => ("modification", &modification.name),
        Item::Clock(_) => return None,
        Item::Service(service) => ("service", &service.name),
        Item::Rule(rule) => ("rule", &rule.name),
    })
}

fn item(item: &Item, lines: &mut Vec<String>) {
    let (doc, text) = match item {
        Item::Attribute(attribute) => (&attribute.doc, &attribute.text),
        Item::Group(group) => (&group.doc, &None),
        Item::Tag(tag) => (&tag.doc, &tag.text),
        Item::Condition(condition) => (&condition.doc, &condition.text),
        Item::Modification(modification) => (&modification.doc, &modification.text),
        Item::Clock(clock) => return self::clock(clock, lines),
        Item::Service(service) => (&service.doc, &service.text),
        Item::Rule(rule) => return self::rule(rule, "", lines),
    };
    let Some((kind, name)) = kind(item) else { return };
    lines.push(format!("{kind} {}{}{}", name.text, quoted(text), documented(doc)));
    match item {
        Item::Attribute(attribute) => self::attribute(attribute, lines),
        Item::Group(group) => lines.push(format!("  of {}: {}", group.attribute.text, items(&group.items))),
        Item::Condition(condition) => self::condition(condition, lines),
        Item::Modification(modification) => self::modification(modification, lines),
        Item::Service(service) => self::service(service, lines),
        Item::Tag(_) | Item::Clock(_) | Item::Rule(_) => {}
    }
}

fn attribute(attribute: &Attribute, lines: &mut Vec<String>) {
    let like: Vec<&str> = attribute.like.iter().map(|like| like.text.as_str()).collect();
    lines.push(format!(
        "  set {}, always {}, sender {}, like {like:?}",
        attribute.set,
        attribute.always.len(),
        attribute.sender.len()
    ));
    lines.extend(attribute.refuse.as_ref().map(|refuse| format!("  {}", self::refuse(refuse))));
    for value in &attribute.values {
        let refuse =
            value.refuse.as_ref().map_or_else(String::new, |refuse| format!(" {}", self::refuse(refuse)));
        lines.push(format!("  value {}{}{refuse}", value.name.text, quoted(&value.text)));
    }
}

fn condition(condition: &Condition, lines: &mut Vec<String>) {
    lines.extend(condition.source.iter().map(|text| format!("  source {:?}", text.text)));
    lines.extend(condition.assumed.iter().map(|text| format!("  assumed {:?}", text.text)));
    for case in &condition.cases {
        let clauses: Vec<String> = case.clauses.iter().map(clause).collect();
        lines.push(format!("  case {}", clauses.join("; ")));
    }
}

fn modification(modification: &Modification, lines: &mut Vec<String>) {
    lines.extend(modification.effective.iter().map(|date| format!("  effective {}", date.text)));
    lines.extend(modification.proposed.iter().map(|_| "  proposed".to_owned()));
    lines.extend(modification.source.iter().map(|text| format!("  source {:?}", text.text)));
}

fn clock(clock: &Clock, lines: &mut Vec<String>) {
    lines.push(format!("clock{}", documented(&clock.doc)));
    lines.extend(clock.zone.iter().map(|zone| format!("  zone {} {:?}", zone.name.text, zone.rule.text)));
    let durations = clock.tolerance.iter().map(|line| ("tolerance", line));
    let durations = durations.chain(clock.horizon.iter().map(|line| ("horizon", line)));
    lines.extend(durations.map(|(word, line)| format!("  {word} {} {}", line.count.text, line.unit.text)));
    lines.extend(clock.cancellation.iter().map(|date| format!("  cancellation {}", date.text)));
}

fn service(service: &Service, lines: &mut Vec<String>) {
    let tags: Vec<&str> = service.tags.iter().map(|tag| tag.text.as_str()).collect();
    lines.push(format!("  tags [{}]", tags.join(", ")));
    lines.extend(service.fields.iter().map(|line| format!("  fields {}", fields(line))));
    let filled = |line: &Filled| format!("  {} from {}", line.attribute.text, line.place.text);
    lines.extend(service.filled.iter().map(filled));
    lines.extend(service.closed.iter().map(|text| format!("  closed {:?}", text.text)));
    for rule in &service.rules {
        self::rule(rule, "  ", lines);
    }
}

fn rule(rule: &Rule, indent: &str, lines: &mut Vec<String>) {
    lines.push(format!(
        "{indent}{:?} {}{}{}",
        rule.effect,
        rule.name.text,
        quoted(&rule.text),
        documented(&rule.doc)
    ));
    lines.extend(rule.parts.iter().map(|part| format!("{indent}  {}", self::part(part))));
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
        Part::Refuse(refuse) => self::refuse(refuse),
        Part::Clause(clause) => self::clause(clause),
    }
}

fn selectors(selectors: &[Selector]) -> String {
    let selector_text = |selector: &Selector| {
        let kind = match &selector.kind {
            SelectorKind::All => "all".to_owned(),
            SelectorKind::Tag(name) => format!("tag {}", name.text),
            SelectorKind::Family(name) => format!("family {}", name.text),
            SelectorKind::Service(name) => name.text.to_string(),
        };
        kind + &dates(&selector.dates)
    };
    format!("[{}]", selectors.iter().map(selector_text).collect::<Vec<_>>().join(", "))
}

fn clause(clause: &Clause) -> String {
    let test = match &clause.test {
        Test::Any => "any".to_owned(),
        Test::None => "none".to_owned(),
        Test::In(list) => items(list),
        Test::Not(list) => format!("not {}", items(list)),
        Test::Only(list) => format!("only {}", items(list)),
        Test::Includes(list) => format!("includes {}", items(list)),
        Test::Excludes(list) => format!("excludes {}", items(list)),
        Test::Exactly(list) => format!("exactly {}", items(list)),
        Test::Text(text) => format!("{:?}", text.text),
    };
    format!("{} {test}", clause.attribute.text)
}

fn items(items: &[Dated]) -> String {
    let item_text = |item: &Dated| item.name.text.to_string() + &dates(item.dates());
    format!("[{}]", items.iter().map(item_text).collect::<Vec<_>>().join(", "))
}

/// The elements, each with the number of elements around it if there are any.
fn fields(line: &FieldsLine) -> String {
    let field = |(item, depth): (&Dated, &usize)| {
        let text = item.name.text.to_string() + &dates(item.dates());
        if *depth == 0 { text } else { format!("{depth} {text}") }
    };
    let fields: Vec<String> = line.items.iter().zip(&line.depths).map(field).collect();
    format!("[{}]", fields.join(", "))
}

fn dates(dates: &[DatePart]) -> String {
    let date_text = |part: &DatePart| match part {
        DatePart::Since(bound) => format!(" since {}", self::bound(bound)),
        DatePart::Until(bound) => format!(" until {}", self::bound(bound)),
    };
    dates.iter().map(date_text).collect()
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
        names.extend(kind(item).map(|(_, name)| name));
        match item {
            Item::Attribute(attribute) => {
                names.extend(attribute.text.iter().chain(&attribute.like).chain(refused(&attribute.refuse)));
                names.extend(attribute.values.iter().flat_map(|value| {
                    [&value.name].into_iter().chain(&value.text).chain(refused(&value.refuse))
                }));
            }
            Item::Group(group) => names.extend([&group.attribute].into_iter().chain(of_items(&group.items))),
            Item::Tag(tag) => names.extend(&tag.text),
            Item::Condition(condition) => {
                names.extend(condition.text.iter().chain(&condition.source).chain(&condition.assumed));
                names.extend(condition.cases.iter().flat_map(|case| &case.clauses).flat_map(of_clause));
            }
            Item::Modification(modification) => names
                .extend(modification.text.iter().chain(&modification.effective).chain(&modification.source)),
            Item::Clock(clock) => {
                names.extend(clock.zone.iter().flat_map(|zone| [&zone.name, &zone.rule]));
                let durations = clock.tolerance.iter().chain(&clock.horizon);
                names.extend(durations.flat_map(|line| [&line.count, &line.unit]));
                names.extend(&clock.cancellation);
            }
            Item::Service(service) => {
                names.extend(service.filled.iter().flat_map(|line| [&line.attribute, &line.place]));
                names.extend(service.text.iter().chain(&service.tags).chain(&service.closed));
                names.extend(service.fields.iter().flat_map(|line| of_items(&line.items)));
                names.extend(service.rules.iter().flat_map(of_rule));
            }
            Item::Rule(rule) => names.extend(of_rule(rule)),
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

fn of_clause(clause: &Clause) -> Vec<&Name> {
    let listed = match &clause.test {
        Test::Any | Test::None => Vec::new(),
        Test::Text(text) => vec![&**text],
        Test::In(list)
        | Test::Not(list)
        | Test::Only(list)
        | Test::Includes(list)
        | Test::Excludes(list)
        | Test::Exactly(list) => of_items(list),
    };
    [&clause.attribute].into_iter().chain(listed).collect()
}

fn of_rule(rule: &Rule) -> Vec<&Name> {
    let part = |part| match part {
        &Part::When(ref name) | &Part::Source(ref name) | &Part::Assumed(ref name) => vec![name],
        Part::Since(bound) | Part::Until(bound) => vec![&bound.name],
        Part::Refuse(refuse) => refuse.code.iter().chain(&refuse.text).collect(),
        Part::Clause(clause) => of_clause(clause),
        Part::Covers(covers) => covers.items.iter().chain(&covers.except).flat_map(of_selector).collect(),
    };
    [&rule.name].into_iter().chain(&rule.text).chain(rule.parts.iter().flat_map(part)).collect()
}

fn of_selector(selector: &Selector) -> Vec<&Name> {
    let named = match &selector.kind {
        SelectorKind::Tag(name) | SelectorKind::Service(name) => Some(name),
        SelectorKind::All | SelectorKind::Family(_) => None,
    };
    named.into_iter().chain(of_dates(&selector.dates)).collect()
}
