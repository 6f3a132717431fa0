//! pest's pairs to the syntax tree. The grammar has already checked the order of the parts, so the builder takes those
//! that are there; a missing part stays empty.

use ecow::EcoString;
use pest::iterators::{Pair as PestPair, Pairs as PestPairs};

use super::grammar::Rule;
use crate::language::ast::{
    Attribute, Bound, Case, Clause, Clock, Comment, Condition, Covers, DatePart, Dated, Dates, Duration,
    Effect, FieldsLine, Filled, Group, Item, Modification, Name, Part, Refuse, Selector, SelectorKind,
    Service, Tag, Test, ValueDecl, Zone,
};
use crate::policy::source::Span;

type Pair<'t> = PestPair<'t, Rule>;
type Pairs<'t> = PestPairs<'t, Rule>;

/// The item of a node of a text that begins at the byte `offset` of a file, or a rule of one, as if it were an item.
pub(super) fn item(pair: Pair<'_>, text: &str, file: u32, offset: usize) -> Option<Item> {
    Builder { file, offset, end: 0, text }.item(pair)
}

/// The clause of a text that is one clause, and nothing else.
pub(super) fn lone_clause(pairs: Pairs<'_>, text: &str) -> Clause {
    let parts = pairs.flat_map(Pair::into_inner).flat_map(Pair::into_inner);
    Builder { file: 0, offset: 0, end: 0, text }.clause_of_parts(0, parts)
}

/// A comment from its text, slashes included.
pub(super) fn comment(text: &str, span: Span) -> Comment {
    let doc = text.starts_with("///") && !text.starts_with("////");
    let body = text.trim_start_matches('/').trim();
    Comment { span, text: body.to_owned(), doc }
}

struct Builder<'t> {
    file: u32,
    /// Where in the file the parsed text begins.
    offset: usize,
    /// The end of the last word or mark that was read, which is where an item ends. pest's own end is no use: it
    /// includes the blanks before an optional part that is absent.
    end: usize,
    /// The whole file.
    text: &'t str,
}

impl Builder<'_> {
    /// The span of a word or a mark.
    fn leaf(&mut self, pair: &Pair<'_>) -> Span {
        self.end = self.offset + pair.as_span().end();
        super::span(self.file, self.offset + pair.as_span().start()..self.end)
    }

    /// Passes a word or a mark that the tree does not keep.
    fn pass(&mut self, pair: &Pair<'_>) {
        self.end = self.offset + pair.as_span().end();
    }

    /// From the start of a pair to the last word that was read.
    fn span_from(&self, start: usize) -> Span {
        super::span(self.file, self.offset + start..self.end)
    }

    /// The `///` lines right above a byte, joined.
    fn doc(&self, start: usize) -> String {
        let before = self.text.get(..self.offset + start).unwrap_or_default();
        let (above, indent) = before.rsplit_once('\n').unwrap_or_default();
        if !indent.trim().is_empty() {
            return String::new(); // the comment belongs to the item that its line begins with
        }
        let doc = |line: &'_ str| Some(line.trim().strip_prefix("///")?.to_owned());
        let lines = above.rsplit('\n').map_while(doc).take_while(|line| !line.starts_with('/'));
        let mut lines: Vec<String> = lines.map(|line| line.trim().to_owned()).collect();
        lines.reverse();
        lines.join("\n")
    }

    fn item(&mut self, pair: Pair<'_>) -> Option<Item> {
        Some(match pair.as_rule() {
            Rule::attribute => Item::Attribute(self.attribute(pair)),
            Rule::group => Item::Group(self.group(pair)),
            Rule::tag => Item::Tag(self.tag(pair)),
            Rule::condition => Item::Condition(self.condition(pair)),
            Rule::modification => Item::Modification(self.modification(pair)),
            Rule::clock => Item::Clock(self.clock(pair)),
            Rule::service => Item::Service(self.service(pair)),
            Rule::rule => Item::Rule(self.rule(pair)),
            _ => return None,
        })
    }

    fn attribute(&mut self, pair: Pair<'_>) -> Attribute {
        let start = pair.as_span().start();
        let mut node = Attribute {
            span: Span::default(),
            doc: self.doc(start),
            set: false,
            name: no_name(),
            text: None,
            always: Vec::new(),
            sender: Vec::new(),
            like: Vec::new(),
            refuse: None,
            values: Vec::new(),
        };
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::kw_set => node.set = true,
                Rule::name => node.name = self.name(&part),
                Rule::text => node.text = Some(self.name(&part)),
                Rule::kw_always => node.always.push(self.leaf(&part)),
                Rule::kw_sender => node.sender.push(self.leaf(&part)),
                Rule::like => node.like.extend(self.named(part)),
                Rule::refuse => node.refuse = Some(self.refuse(part)),
                Rule::value_decl => node.values.push(self.value_decl(part)),
                _ => self.pass(&part),
            }
        }
        node.span = self.span_from(start);
        node
    }

    fn value_decl(&mut self, pair: Pair<'_>) -> ValueDecl {
        let mut node = ValueDecl { name: no_name(), text: None, refuse: None };
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::value => node.name = self.name(&part),
                Rule::text => node.text = Some(self.name(&part)),
                Rule::refuse => node.refuse = Some(self.refuse(part)),
                _ => self.pass(&part),
            }
        }
        node
    }

    fn refuse(&mut self, pair: Pair<'_>) -> Refuse {
        let start = pair.as_span().start();
        let (mut code, mut text) = (None, None);
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::name => code = Some(self.name(&part)),
                Rule::text => text = Some(self.name(&part)),
                _ => self.pass(&part),
            }
        }
        Refuse { span: self.span_from(start), code, text }
    }

    fn group(&mut self, pair: Pair<'_>) -> Group {
        let start = pair.as_span().start();
        let mut names = Vec::new();
        let mut items = Vec::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::name => names.push(self.name(&part)),
                _ => self.list(part, &mut items),
            }
        }
        let mut names = names.into_iter();
        let attribute = names.next().unwrap_or_else(no_name);
        let name = names.next().unwrap_or_else(no_name);
        Group { span: self.span_from(start), doc: self.doc(start), attribute, name, items }
    }

    fn tag(&mut self, pair: Pair<'_>) -> Tag {
        let start = pair.as_span().start();
        let mut node = Tag { span: Span::default(), doc: self.doc(start), name: no_name(), text: None };
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::name => node.name = self.name(&part),
                Rule::text => node.text = Some(self.name(&part)),
                _ => self.pass(&part),
            }
        }
        node.span = self.span_from(start);
        node
    }

    fn condition(&mut self, pair: Pair<'_>) -> Condition {
        let start = pair.as_span().start();
        let mut node = Condition {
            span: Span::default(),
            doc: self.doc(start),
            name: no_name(),
            text: None,
            source: Vec::new(),
            assumed: Vec::new(),
            cases: Vec::new(),
        };
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::name => node.name = self.name(&part),
                Rule::text => node.text = Some(self.name(&part)),
                Rule::source => node.source.extend(self.named(part)),
                Rule::assumed => node.assumed.extend(self.named(part)),
                Rule::case => node.cases.push(self.case(part)),
                _ => self.pass(&part),
            }
        }
        node.span = self.span_from(start);
        node
    }

    fn case(&mut self, pair: Pair<'_>) -> Case {
        let start = pair.as_span().start();
        let mut clauses = Vec::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::clause => clauses.push(self.clause(part)),
                _ => self.pass(&part),
            }
        }
        Case { span: self.span_from(start), clauses }
    }

    fn modification(&mut self, pair: Pair<'_>) -> Modification {
        let start = pair.as_span().start();
        let mut node = Modification {
            span: Span::default(),
            doc: self.doc(start),
            name: no_name(),
            text: None,
            effective: Vec::new(),
            proposed: Vec::new(),
            source: Vec::new(),
        };
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::name => node.name = self.name(&part),
                Rule::text => node.text = Some(self.name(&part)),
                Rule::effective => node.effective.extend(self.named(part)),
                Rule::kw_proposed => node.proposed.push(self.leaf(&part)),
                Rule::source => node.source.extend(self.named(part)),
                _ => self.pass(&part),
            }
        }
        node.span = self.span_from(start);
        node
    }

    fn clock(&mut self, pair: Pair<'_>) -> Clock {
        let start = pair.as_span().start();
        let mut node = Clock {
            span: Span::default(),
            doc: self.doc(start),
            zone: Vec::new(),
            tolerance: Vec::new(),
            horizon: Vec::new(),
            cancellation: Vec::new(),
        };
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::zone => node.zone.extend(self.two_names(part).map(|[name, rule]| Zone { name, rule })),
                Rule::tolerance => node.tolerance.extend(self.duration(part)),
                Rule::horizon => node.horizon.extend(self.duration(part)),
                Rule::cancellation => node.cancellation.extend(self.named(part)),
                _ => self.pass(&part),
            }
        }
        node.span = self.span_from(start);
        node
    }

    fn duration(&mut self, pair: Pair<'_>) -> Option<Duration> {
        self.two_names(pair).map(|[count, unit]| Duration { count, unit })
    }

    /// The two words after the word that a line begins with.
    fn two_names(&mut self, pair: Pair<'_>) -> Option<[Name; 2]> {
        let mut words = pair.into_inner().skip(1);
        Some([self.name(&words.next()?), self.name(&words.next()?)])
    }

    /// `esme-variant from UpdateDeviceDetails/ESMEVariant`. The parser reads the first two words as one, so that it stops
    /// at the first of them if the second is not `from`.
    fn filled(&mut self, pair: Pair<'_>) -> Option<Filled> {
        let mut words = pair.into_inner();
        let from = words.next()?;
        let start = self.offset + from.as_span().start();
        let attribute = from.as_str().split([' ', '\t', '\r', '\n', '/']).next()?;
        let span = super::span(self.file, start..start + attribute.len());
        let attribute = Name { text: attribute.into(), span };
        Some(Filled { attribute, place: self.name(&words.next()?) })
    }

    fn service(&mut self, pair: Pair<'_>) -> Service {
        let start = pair.as_span().start();
        let mut node = Service {
            span: Span::default(),
            doc: self.doc(start),
            name: no_name(),
            text: None,
            tags: Vec::new(),
            fields: Vec::new(),
            filled: Vec::new(),
            closed: Vec::new(),
            rules: Vec::new(),
        };
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::value => node.name = self.name(&part),
                Rule::text => node.text = Some(self.name(&part)),
                Rule::tags => node.tags = self.names(part),
                Rule::declared => node.fields.push(self.declared(part)),
                Rule::closed => node.closed.extend(self.named(part)),
                Rule::filled => node.filled.extend(self.filled(part)),
                Rule::rule => node.rules.push(self.rule(part)),
                _ => self.pass(&part),
            }
        }
        node.rules.shrink_to_fit();
        node.span = self.span_from(start);
        node
    }

    fn declared(&mut self, pair: Pair<'_>) -> FieldsLine {
        let start = pair.as_span().start();
        let parts = pair.into_inner();
        let mut items = list_with_capacity(&parts);
        let (mut depths, mut depth) = (Vec::with_capacity(items.capacity()), 0);
        for part in parts {
            match part.as_rule() {
                Rule::inside => depth += 1,
                Rule::inside_end => depth -= 1,
                Rule::value => depths.push(depth),
                _ => {}
            }
            self.list(part, &mut items);
        }
        items.shrink_to_fit();
        FieldsLine { span: self.span_from(start), items, depths }
    }

    fn rule(&mut self, pair: Pair<'_>) -> crate::language::ast::Rule {
        let start = pair.as_span().start();
        let mut node = crate::language::ast::Rule {
            span: Span::default(),
            doc: self.doc(start),
            effect: Effect::Permit,
            name: no_name(),
            text: None,
            parts: Vec::new(),
        };
        let parts = pair.into_inner();
        // All but the effect, the name and two braces.
        node.parts.reserve_exact(parts.clone().count().saturating_sub(4));
        for part in parts {
            match part.as_rule() {
                Rule::effect if part.as_str() == "forbid" => node.effect = Effect::Forbid,
                Rule::name => node.name = self.name(&part),
                Rule::text => node.text = Some(self.name(&part)),
                Rule::effect | Rule::open | Rule::close => self.pass(&part),
                _ => node.parts.extend(self.part(part)),
            }
        }
        node.span = self.span_from(start);
        node
    }

    fn part(&mut self, pair: Pair<'_>) -> Option<Part> {
        Some(match pair.as_rule() {
            Rule::covers => Part::Covers(self.covers(pair)),
            Rule::when => Part::When(self.named(pair)?),
            Rule::since => Part::Since(self.bound(pair)?),
            Rule::until => Part::Until(self.bound(pair)?),
            Rule::source => Part::Source(self.named(pair)?),
            Rule::assumed => Part::Assumed(self.named(pair)?),
            Rule::refuse => Part::Refuse(self.refuse(pair)),
            Rule::clause => Part::Clause(self.clause(pair)),
            _ => return None,
        })
    }

    fn covers(&mut self, pair: Pair<'_>) -> Covers {
        let start = pair.as_span().start();
        let (mut items, mut except) = (Vec::new(), Vec::new());
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::selector => items.extend(self.selector(part)),
                Rule::except => {
                    let items = part.into_inner().filter(|item| item.as_rule() == Rule::selector);
                    except = items.filter_map(|item| self.selector(item)).collect();
                }
                _ => self.pass(&part),
            }
        }
        Covers { span: self.span_from(start), items, except }
    }

    fn selector(&mut self, pair: Pair<'_>) -> Option<Selector> {
        let start = pair.as_span().start();
        let (mut kind, mut dates) = (None, Vec::new());
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::tagged => kind = self.named(part).map(SelectorKind::Tag),
                Rule::family => {
                    let Name { text, span } = self.name(&part);
                    let family = text.trim_end_matches('*').into();
                    kind = Some(SelectorKind::Family(Name { text: family, span }));
                }
                Rule::value => kind = Some(SelectorKind::Service(self.name(&part))),
                Rule::dates => dates = self.dates(part),
                _ => {
                    kind = Some(SelectorKind::All);
                    self.pass(&part);
                }
            }
        }
        let span = self.span_from(start);
        kind.map(|kind| Selector { span, kind, dates })
    }

    fn clause(&mut self, pair: Pair<'_>) -> Clause {
        self.clause_of_parts(pair.as_span().start(), pair.into_inner())
    }

    fn clause_of_parts<'t>(&mut self, start: usize, parts: impl Iterator<Item = Pair<'t>>) -> Clause {
        let mut node = Clause { span: Span::default(), attribute: no_name(), test: Test::Any };
        for part in parts {
            match part.as_rule() {
                Rule::name => node.attribute = self.name(&part),
                Rule::kw_none => {
                    node.test = Test::None;
                    self.pass(&part);
                }
                Rule::text => node.test = Test::Text(Box::new(self.name(&part))),
                Rule::listed => node.test = self.test(part),
                _ => self.pass(&part),
            }
        }
        node.span = self.span_from(start);
        node
    }

    fn test(&mut self, pair: Pair<'_>) -> Test {
        let mut make: fn(Vec<Dated>) -> Test = Test::In;
        let parts = pair.into_inner();
        let mut items = list_with_capacity(&parts);
        for part in parts {
            match part.as_rule() {
                Rule::kw_not => make = Test::Not,
                Rule::kw_only => make = Test::Only,
                Rule::kw_includes => make = Test::Includes,
                Rule::kw_excludes => make = Test::Excludes,
                Rule::kw_exactly => make = Test::Exactly,
                _ => self.list(part, &mut items),
            }
        }
        items.shrink_to_fit();
        make(items)
    }

    /// Takes a part of a list: an item, the dates of the one before it, or a mark.
    fn list(&mut self, part: Pair<'_>, items: &mut Vec<Dated>) {
        match (part.as_rule(), items.last_mut()) {
            (Rule::value | Rule::place, _) => items.push(Dated { name: self.name(&part), dates: None }),
            (Rule::dates, Some(last)) => {
                let start = part.as_span().start();
                let parts = self.dates(part);
                last.dates = Some(Box::new(Dates { span: self.span_from(start), parts }));
            }
            _ => self.pass(&part),
        }
    }

    fn dates(&mut self, pair: Pair<'_>) -> Vec<DatePart> {
        let end = self.offset + pair.as_span().end();
        let parts = pair.into_inner().filter_map(|part| match part.as_rule() {
            Rule::since => self.bound(part).map(DatePart::Since),
            Rule::until => self.bound(part).map(DatePart::Until),
            _ => None,
        });
        let dates = parts.collect();
        self.end = end; // the closing bracket is no part
        dates
    }

    fn bound(&mut self, pair: Pair<'_>) -> Option<Bound> {
        let start = pair.as_span().start();
        let part = pair.into_inner().find(|part| matches!(part.as_rule(), Rule::name | Rule::date))?;
        let name = self.name(&part);
        Some(Bound { span: self.span_from(start), name, is_date: part.as_rule() == Rule::date })
    }

    /// The name or the text that a production is about: `when C`, `source "…"`, `like A`.
    fn named(&mut self, pair: Pair<'_>) -> Option<Name> {
        let part = pair.into_inner().find(is_name)?;
        Some(self.name(&part))
    }

    fn names(&mut self, pair: Pair<'_>) -> Vec<Name> {
        pair.into_inner().filter(is_name).map(|part| self.name(&part)).collect()
    }

    fn name(&mut self, pair: &Pair<'_>) -> Name {
        let text = match pair.as_rule() {
            Rule::text => pair.as_str().trim_matches('"'),
            _ => pair.as_str(),
        };
        Name { text: text.into(), span: self.leaf(pair) }
    }
}

fn is_name(part: &Pair<'_>) -> bool {
    matches!(part.as_rule(), Rule::name | Rule::text | Rule::date)
}

/// A vector for the items of a list. There is a comma between two items and at most one word before the first, so that
/// half of the parts, rounded up, is room enough.
fn list_with_capacity(parts: &Pairs<'_>) -> Vec<Dated> {
    Vec::with_capacity(parts.clone().count().div_ceil(2))
}

/// A placeholder until the name is read.
fn no_name() -> Name {
    Name { text: EcoString::default(), span: Span::default() }
}
