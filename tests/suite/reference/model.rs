//! The rule files as plain maps of names: what is written, with dates and lists side by side, and nothing
//! worked out. The headings are those of docs/language.md.

use std::collections::BTreeMap;

use meterwarden::language::ast;
use meterwarden::{Date, Source, parse};

/// "A policy is a folder of `*.rules` files, read together in path order."
#[derive(Clone, Debug)]
pub(crate) struct Book {
    /// "The order of the attributes is the order of the checks."
    pub(crate) attributes: Vec<Attribute>,
    /// Attribute and group to the values it lists.
    pub(crate) groups: BTreeMap<(String, String), Vec<Item>>,
    /// Condition to its cases.
    pub(crate) conditions: BTreeMap<String, Vec<Vec<Clause>>>,
    pub(crate) modifications: BTreeMap<String, When>,
    pub(crate) services: BTreeMap<String, Service>,
    /// In "policy order: files by path, then as written".
    pub(crate) rules: Vec<Rule>,
}

/// "`attribute status` takes exactly one of its values in a request; a set attribute takes any subset of
/// them."
#[derive(Clone, Debug)]
pub(crate) struct Attribute {
    pub(crate) name: String,
    pub(crate) set: bool,
    /// "`like status` takes the values and groups of another attribute."
    pub(crate) like: Option<String>,
    /// "Every attribute has one `refuse`."
    pub(crate) refuse: Refuse,
    /// In the order written. Those of `fields` stand with each service.
    pub(crate) values: Vec<String>,
    /// "A value of a plain attribute may carry its own."
    pub(crate) own_refuse: BTreeMap<String, Refuse>,
}

/// "`refuse CODE "text"`": what a refusal says. No code where it is `unassigned`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Refuse {
    pub(crate) code: Option<String>,
    pub(crate) reason: String,
}

/// "A modification without a firm date says `proposed` instead of `effective`: its date is never."
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    On(Date),
    Never,
}

/// `since X until Y`: "each at most once; half-open, `[since, until)`". The bounds are kept by name until a
/// date is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Window {
    pub(crate) since: Option<Bound>,
    pub(crate) until: Option<Bound>,
}

/// "`since MP125` or `until MP105` (or a plain date)"
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Bound {
    Date(Date),
    Modification(String),
}

/// "An item of any list (values, fields, selectors, group members) may be dated on its own."
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) name: String,
    /// It is in the list while it is in all of these: its own dates, and of a field those of the elements around it.
    pub(crate) windows: Vec<Window>,
    /// `/` and the path of a field; empty for every other item.
    pub(crate) place: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Service {
    pub(crate) tags: Vec<String>,
    /// What its `fields` line declares; nothing where it has none.
    pub(crate) fields: Option<Vec<Item>>,
}

#[derive(Clone, Debug)]
pub(crate) struct Rule {
    /// "It is called by its name, a service's by `8.4/name`."
    pub(crate) name: String,
    pub(crate) permits: bool,
    pub(crate) covers: Covers,
    pub(crate) window: Window,
    pub(crate) when: Vec<String>,
    pub(crate) clauses: Vec<Clause>,
    /// In a forbid, the code it answers with.
    pub(crate) refuse: Option<Refuse>,
}

#[derive(Clone, Debug)]
pub(crate) enum Covers {
    /// The service that the rule stands in.
    Inside(String),
    /// "A rule outside a service names the services it covers."
    Named { items: Vec<Selector>, except: Vec<Selector> },
}

#[derive(Clone, Debug)]
pub(crate) struct Selector {
    pub(crate) kind: ast::SelectorKind,
    pub(crate) window: Window,
}

#[derive(Clone, Debug)]
pub(crate) struct Clause {
    pub(crate) attribute: String,
    pub(crate) test: Test,
    pub(crate) list: Vec<Item>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Test {
    Any,
    In,
    Not,
    Only,
    Includes,
    Excludes,
    Exactly,
}

impl Book {
    /// Reads files that `check` has found nothing wrong with.
    pub(crate) fn new(sources: &[Source]) -> Self {
        let mut sources = sources.to_vec();
        sources.sort_by(|a, b| a.path.cmp(&b.path));
        let files = sources.iter().zip(0..).map(|(source, file)| {
            let parsed = parse(source, file);
            assert!(parsed.found.is_empty(), "{}: {:?}", source.path, parsed.found);
            parsed.file
        });
        Self::of(files)
    }

    /// Reads files in path order.
    pub(crate) fn of(files: impl IntoIterator<Item = ast::File>) -> Self {
        let mut book = Self {
            attributes: Vec::new(),
            groups: BTreeMap::new(),
            conditions: BTreeMap::new(),
            modifications: BTreeMap::new(),
            services: BTreeMap::new(),
            rules: Vec::new(),
        };
        files.into_iter().flat_map(|file| file.items).for_each(|item| book.add(item));
        book
    }

    fn add(&mut self, item: ast::Item) {
        match item {
            ast::Item::Attribute(it) => self.attributes.push(attribute(it)),
            ast::Item::Group(it) => {
                self.groups.insert((it.attribute.text.into(), it.name.text.into()), items(it.items));
            }
            ast::Item::Tag(_) | ast::Item::Clock(_) => {}
            ast::Item::Condition(it) => {
                let cases = it.cases.into_iter().map(|case| case.clauses.into_iter().map(clause).collect());
                self.conditions.insert(it.name.text.into(), cases.collect());
            }
            ast::Item::Modification(it) => {
                let date = it.effective.first().map(|date| When::On(date.text.parse().unwrap()));
                self.modifications.insert(it.name.text.into(), date.unwrap_or(When::Never));
            }
            ast::Item::Service(it) => {
                for inner in it.rules {
                    self.rules.push(rule(inner, Some(&it.name.text)));
                }
                let service = Service {
                    tags: it.tags.into_iter().map(|tag| tag.text.into()).collect(),
                    fields: it.fields.into_iter().next().map(fields),
                };
                self.services.insert(it.name.text.into(), service);
            }
            ast::Item::Rule(it) => self.rules.push(rule(it, None)),
        }
    }

    pub(crate) fn attribute(&self, name: &str) -> &Attribute {
        self.attributes.iter().find(|attribute| attribute.name == name).unwrap()
    }

    /// The values of an attribute, in the order written; "`like status` takes the values … of another
    /// attribute".
    pub(crate) fn values(&self, attribute: &str) -> Vec<String> {
        let attribute = self.attribute(attribute);
        attribute.like.as_ref().map_or_else(|| attribute.values.clone(), |other| self.values(other))
    }

    /// A group of the attribute; "`like status` takes the … groups of another attribute".
    pub(crate) fn group(&self, attribute: &str, name: &str) -> Option<&[Item]> {
        let declared = self.groups.get(&(attribute.to_owned(), name.to_owned()));
        let like = || self.group(self.attribute(attribute).like.as_ref()?, name);
        declared.map(Vec::as_slice).or_else(like)
    }
}

fn attribute(it: ast::Attribute) -> Attribute {
    let refuse = it.refuse.unwrap();
    let refuse = Refuse { code: code(&refuse), reason: refuse.text.unwrap().text.into() };
    let mut own_refuse = BTreeMap::new();
    let mut values = Vec::new();
    for value in it.values {
        if let Some(value_refuse) = value.refuse {
            // Without a text: the value's description, else the attribute's reason.
            let text = value_refuse.text.as_ref().or(value.text.as_ref());
            let reason = text.map_or_else(|| refuse.reason.clone(), |text| text.text.to_string());
            own_refuse.insert(value.name.text.to_string(), Refuse { code: code(&value_refuse), reason });
        }
        values.push(value.name.text.into());
    }
    let like = it.like.into_iter().next().map(|name| name.text.into());
    Attribute { name: it.name.text.into(), set: it.set, like, refuse, values, own_refuse }
}

/// "`refuse unassigned` says that no response code is known; the reason stands alone."
fn code(refuse: &ast::Refuse) -> Option<String> {
    refuse.code.as_ref().map(|code| code.text.to_string())
}

fn rule(it: ast::Rule, service: Option<&str>) -> Rule {
    let name =
        service.map_or_else(|| it.name.text.to_string(), |service| format!("{service}/{}", it.name.text));
    let mut rule = Rule {
        name,
        permits: it.effect == ast::Effect::Permit,
        covers: Covers::Inside(service.unwrap_or_default().to_owned()),
        window: Window::default(),
        when: Vec::new(),
        clauses: Vec::new(),
        refuse: None,
    };
    for part in it.parts {
        match part {
            ast::Part::Covers(covers) => {
                rule.covers =
                    Covers::Named { items: selectors(covers.items), except: selectors(covers.except) };
            }
            ast::Part::When(name) => rule.when.push(name.text.into()),
            ast::Part::Since(at) => rule.window.since = Some(bound(at)),
            ast::Part::Until(at) => rule.window.until = Some(bound(at)),
            ast::Part::Source(_) | ast::Part::Assumed(_) => {}
            ast::Part::Refuse(refuse) => {
                // Without a text: the rule's text, else its name.
                let text = refuse.text.as_ref().or(it.text.as_ref()).map(|text| text.text.clone());
                let reason = text.unwrap_or_else(|| it.name.text.clone()).into();
                rule.refuse = Some(Refuse { code: code(&refuse), reason });
            }
            ast::Part::Clause(it) => rule.clauses.push(clause(it)),
        }
    }
    rule
}

fn clause(it: ast::Clause) -> Clause {
    let (test, list) = match it.test {
        ast::Test::Any => (Test::Any, Vec::new()),
        ast::Test::In(list) => (Test::In, list),
        ast::Test::Not(list) => (Test::Not, list),
        ast::Test::Only(list) => (Test::Only, list),
        ast::Test::Includes(list) => (Test::Includes, list),
        ast::Test::Excludes(list) => (Test::Excludes, list),
        ast::Test::Exactly(list) => (Test::Exactly, list),
        // "`none`: nothing at all"
        ast::Test::None => (Test::Exactly, Vec::new()),
        ast::Test::Text(text) => panic!("no test: {text:?}"),
    };
    Clause { attribute: it.attribute.text.into(), test, list: items(list) }
}

fn items(list: Vec<ast::Dated>) -> Vec<Item> {
    list.into_iter()
        .map(|item| Item {
            windows: vec![window(item.dates().to_vec())],
            name: item.name.text.into(),
            place: String::new(),
        })
        .collect()
}

/// "A field's name is its element if the service declares an element of that name at one place only, otherwise its path;
/// if no element contains it, with `/` before it."
fn fields(line: ast::FieldsLine) -> Vec<Item> {
    let depths = line.depths;
    let mut fields: Vec<Item> = items(line.items);
    let elements: Vec<String> = fields.iter().map(|field| field.name.clone()).collect();
    for index in 0..fields.len() {
        let mut path = vec![elements[index].clone()];
        let mut depth = depths[index];
        for around in (0..index).rev() {
            if depths[around] < depth {
                depth = depths[around];
                path.insert(0, elements[around].clone());
                let own = fields[around].windows[0].clone();
                fields[index].windows.push(own);
            }
        }
        fields[index].place = format!("/{}", path.join("/"));
        if elements.iter().filter(|element| **element == elements[index]).count() > 1 {
            let is_outermost = path.len() == 1;
            fields[index].name = if is_outermost { fields[index].place.clone() } else { path.join("/") };
        }
    }
    fields
}

fn selectors(list: Vec<ast::Selector>) -> Vec<Selector> {
    list.into_iter().map(|item| Selector { kind: item.kind, window: window(item.dates) }).collect()
}

fn window(dates: Vec<ast::DatePart>) -> Window {
    let mut window = Window::default();
    for date in dates {
        match date {
            ast::DatePart::Since(at) => window.since = Some(bound(at)),
            ast::DatePart::Until(at) => window.until = Some(bound(at)),
        }
    }
    window
}

fn bound(at: ast::Bound) -> Bound {
    if at.is_date {
        Bound::Date(at.name.text.parse().unwrap())
    } else {
        Bound::Modification(at.name.text.into())
    }
}
