//! From pest's pairs to the tree. The grammar has already said that everything is in its place, so a
//! builder takes what is there; what is not there is empty.

use pest::iterators::{Pair, Pairs};

use super::grammar::Rule;
use crate::ast::{
    Attribute, Bound, Case, Clause, Comment, Condition, Covers, DatePart, Dated, Effect, FieldsLine, File,
    Group, Item, Modification, Name, Part, Refuse, Selector, SelectorKind, Service, Tag, Test, ValueDecl,
};
use crate::source::Span;

/// The tree of a file, or of a piece of it that begins at the byte `offset` of its text.
pub(super) fn file(pairs: Pairs<'_, Rule>, text: &str, file: u32, offset: usize) -> File {
    let mut builder = Builder { file, offset, comments: Vec::new(), text };
    let items = pairs.flat_map(Pair::into_inner).filter_map(|pair| builder.item(pair)).collect();
    let mut comments = builder.comments;
    comments.sort_by_key(|comment| comment.span);
    File { items, comments }
}

/// The tree of a rule alone that begins at the byte `offset` of its text.
pub(super) fn rule(pairs: Pairs<'_, Rule>, text: &str, file: u32, offset: usize) -> Option<crate::ast::Rule> {
    let mut builder = Builder { file, offset, comments: Vec::new(), text };
    let rule = pairs.into_iter().find(|pair| pair.as_rule() == Rule::rule)?;
    Some(builder.rule(rule))
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
    comments: Vec<Comment>,
    /// The whole file.
    text: &'t str,
}

impl Builder<'_> {
    fn span(&self, pair: &Pair<'_, Rule>) -> Span {
        super::span(self.file, self.offset + pair.as_span().start()..self.offset + end(pair))
    }

    /// The parts of a pair; comments among them are kept aside.
    fn parts<'i>(&mut self, pair: Pair<'i, Rule>) -> Vec<Pair<'i, Rule>> {
        let (comments, parts): (Vec<_>, Vec<_>) =
            pair.into_inner().partition(|part| part.as_rule() == Rule::COMMENT);
        for pair in comments {
            self.comment(&pair);
        }
        parts
    }

    fn comment(&mut self, pair: &Pair<'_, Rule>) {
        let text = pair.as_str().trim_end();
        let start = self.offset + pair.as_span().start();
        let span = super::span(self.file, start..start + text.len());
        self.comments.push(comment(text, span));
    }

    /// The `///` lines right above a byte, joined.
    fn doc(&self, start: u32) -> String {
        let before = self.text.get(..start as usize).unwrap_or_default();
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

    fn item(&mut self, pair: Pair<'_, Rule>) -> Option<Item> {
        Some(match pair.as_rule() {
            Rule::attribute => Item::Attribute(self.attribute(pair)),
            Rule::group => Item::Group(self.group(pair)),
            Rule::tag => Item::Tag(self.tag(pair)),
            Rule::condition => Item::Condition(self.condition(pair)),
            Rule::modification => Item::Modification(self.modification(pair)),
            Rule::service => Item::Service(self.service(pair)),
            Rule::rule => Item::Rule(self.rule(pair)),
            Rule::COMMENT => {
                self.comment(&pair);
                return None;
            }
            _ => return None,
        })
    }

    fn attribute(&mut self, pair: Pair<'_, Rule>) -> Attribute {
        let span = self.span(&pair);
        let mut made = Attribute {
            span,
            doc: self.doc(span.start),
            set: false,
            name: empty_name(span),
            text: None,
            always: Vec::new(),
            sender: Vec::new(),
            like: Vec::new(),
            refuse: None,
            values: Vec::new(),
        };
        for part in self.parts(pair) {
            match part.as_rule() {
                Rule::set => made.set = true,
                Rule::name => made.name = self.name(&part),
                Rule::text => made.text = Some(self.name(&part)),
                Rule::always => made.always.push(self.span(&part)),
                Rule::sender => made.sender.push(self.span(&part)),
                Rule::like => made.like.extend(self.named(part)),
                Rule::refuse => made.refuse = Some(self.refuse(part)),
                Rule::value_decl => made.values.push(self.value_decl(part)),
                _ => {}
            }
        }
        made
    }

    fn value_decl(&mut self, pair: Pair<'_, Rule>) -> ValueDecl {
        let mut made = ValueDecl { name: empty_name(self.span(&pair)), text: None, refuse: None };
        for part in self.parts(pair) {
            match part.as_rule() {
                Rule::value => made.name = self.name(&part),
                Rule::text => made.text = Some(self.name(&part)),
                Rule::refuse => made.refuse = Some(self.refuse(part)),
                _ => {}
            }
        }
        made
    }

    fn refuse(&mut self, pair: Pair<'_, Rule>) -> Refuse {
        let mut made = Refuse { span: self.span(&pair), code: None, text: None };
        for part in self.parts(pair) {
            match part.as_rule() {
                Rule::name => made.code = Some(self.name(&part)),
                Rule::text => made.text = Some(self.name(&part)),
                _ => {}
            }
        }
        made
    }

    fn group(&mut self, pair: Pair<'_, Rule>) -> Group {
        let span = self.span(&pair);
        let mut names = Vec::new();
        let mut items = Vec::new();
        for part in self.parts(pair) {
            match part.as_rule() {
                Rule::name => names.push(self.name(&part)),
                Rule::items => items = self.items(part),
                _ => {}
            }
        }
        let mut names = names.into_iter();
        let attribute = names.next().unwrap_or_else(|| empty_name(span));
        let name = names.next().unwrap_or_else(|| empty_name(span));
        Group { span, doc: self.doc(span.start), attribute, name, items }
    }

    fn tag(&mut self, pair: Pair<'_, Rule>) -> Tag {
        let span = self.span(&pair);
        let mut made = Tag { span, doc: self.doc(span.start), name: empty_name(span), text: None };
        for part in self.parts(pair) {
            match part.as_rule() {
                Rule::name => made.name = self.name(&part),
                Rule::text => made.text = Some(self.name(&part)),
                _ => {}
            }
        }
        made
    }

    fn condition(&mut self, pair: Pair<'_, Rule>) -> Condition {
        let span = self.span(&pair);
        let mut made = Condition {
            span,
            doc: self.doc(span.start),
            name: empty_name(span),
            text: None,
            source: Vec::new(),
            assumed: Vec::new(),
            cases: Vec::new(),
        };
        for part in self.parts(pair) {
            match part.as_rule() {
                Rule::name => made.name = self.name(&part),
                Rule::text => made.text = Some(self.name(&part)),
                Rule::source => made.source.extend(self.named(part)),
                Rule::assumed => made.assumed.extend(self.named(part)),
                Rule::case => made.cases.push(self.case(part)),
                _ => {}
            }
        }
        made
    }

    fn case(&mut self, pair: Pair<'_, Rule>) -> Case {
        let span = self.span(&pair);
        let clauses = self.parts(pair).into_iter().filter(|part| part.as_rule() == Rule::clause);
        let clauses: Vec<_> = clauses.collect();
        Case { span, clauses: clauses.into_iter().map(|clause| self.clause(clause)).collect() }
    }

    fn modification(&mut self, pair: Pair<'_, Rule>) -> Modification {
        let span = self.span(&pair);
        let mut made = Modification {
            span,
            doc: self.doc(span.start),
            name: empty_name(span),
            text: None,
            effective: Vec::new(),
            proposed: Vec::new(),
            source: Vec::new(),
        };
        for part in self.parts(pair) {
            match part.as_rule() {
                Rule::name => made.name = self.name(&part),
                Rule::text => made.text = Some(self.name(&part)),
                Rule::effective => made.effective.extend(self.named(part)),
                Rule::proposed => made.proposed.push(self.span(&part)),
                Rule::source => made.source.extend(self.named(part)),
                _ => {}
            }
        }
        made
    }

    fn service(&mut self, pair: Pair<'_, Rule>) -> Service {
        let span = self.span(&pair);
        let mut made = Service {
            span,
            doc: self.doc(span.start),
            name: empty_name(span),
            text: None,
            tags: Vec::new(),
            fields: Vec::new(),
            closed: Vec::new(),
            rules: Vec::new(),
        };
        for part in self.parts(pair) {
            match part.as_rule() {
                Rule::value => made.name = self.name(&part),
                Rule::text => made.text = Some(self.name(&part)),
                Rule::tags => made.tags = self.names(part),
                Rule::declared => made.fields.push(self.declared(part)),
                Rule::closed => made.closed.extend(self.named(part)),
                Rule::rule => made.rules.push(self.rule(part)),
                _ => {}
            }
        }
        made
    }

    fn declared(&mut self, pair: Pair<'_, Rule>) -> FieldsLine {
        let span = self.span(&pair);
        let lists = self.parts(pair).into_iter().filter(|part| part.as_rule() == Rule::items);
        let lists: Vec<_> = lists.collect();
        FieldsLine { span, items: lists.into_iter().flat_map(|list| self.items(list)).collect() }
    }

    fn rule(&mut self, pair: Pair<'_, Rule>) -> crate::ast::Rule {
        let span = self.span(&pair);
        let mut made = crate::ast::Rule {
            span,
            doc: self.doc(span.start),
            effect: Effect::Permit,
            name: empty_name(span),
            text: None,
            parts: Vec::new(),
        };
        for part in self.parts(pair) {
            match part.as_rule() {
                Rule::effect if part.as_str() == "forbid" => made.effect = Effect::Forbid,
                Rule::name => made.name = self.name(&part),
                Rule::text => made.text = Some(self.name(&part)),
                _ => made.parts.extend(self.part(part)),
            }
        }
        made
    }

    fn part(&mut self, pair: Pair<'_, Rule>) -> Option<Part> {
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

    fn covers(&mut self, pair: Pair<'_, Rule>) -> Covers {
        let span = self.span(&pair);
        let mut made = Covers { span, items: Vec::new(), except: Vec::new() };
        for part in self.parts(pair) {
            match part.as_rule() {
                Rule::selector => made.items.extend(self.selector(part)),
                Rule::except => {
                    let items: Vec<_> = self.parts(part);
                    made.except = items.into_iter().filter_map(|item| self.selector(item)).collect();
                }
                _ => {}
            }
        }
        made
    }

    fn selector(&mut self, pair: Pair<'_, Rule>) -> Option<Selector> {
        if pair.as_rule() != Rule::selector {
            return None;
        }
        let span = self.span(&pair);
        let (mut kind, mut dates) = (None, Vec::new());
        for part in self.parts(pair) {
            match part.as_rule() {
                Rule::all => kind = Some(SelectorKind::All),
                Rule::tagged => kind = self.named(part).map(SelectorKind::Tag),
                Rule::family => {
                    let mut name = self.name(&part);
                    name.text.pop();
                    kind = Some(SelectorKind::Family(name));
                }
                Rule::value => kind = Some(SelectorKind::Service(self.name(&part))),
                Rule::dates => dates = self.dates(part),
                _ => {}
            }
        }
        kind.map(|kind| Selector { span, kind, dates })
    }

    fn clause(&mut self, pair: Pair<'_, Rule>) -> Clause {
        let span = self.span(&pair);
        let mut made = Clause { span, attribute: empty_name(span), test: Test::Any };
        for part in self.parts(pair) {
            match part.as_rule() {
                Rule::name => made.attribute = self.name(&part),
                Rule::any => made.test = Test::Any,
                Rule::none => made.test = Test::None,
                Rule::text => made.test = Test::Text(self.name(&part)),
                Rule::listed => made.test = self.test(part),
                _ => {}
            }
        }
        made
    }

    fn test(&mut self, pair: Pair<'_, Rule>) -> Test {
        let mut make: fn(Vec<Dated>) -> Test = Test::In;
        let mut items = Vec::new();
        for part in self.parts(pair) {
            match part.as_rule() {
                Rule::not => make = Test::Not,
                Rule::only => make = Test::Only,
                Rule::includes => make = Test::Includes,
                Rule::excludes => make = Test::Excludes,
                Rule::exactly => make = Test::Exactly,
                Rule::items => items = self.items(part),
                _ => {}
            }
        }
        make(items)
    }

    fn items(&mut self, pair: Pair<'_, Rule>) -> Vec<Dated> {
        let ones: Vec<_> = self.parts(pair).into_iter().filter(|part| part.as_rule() == Rule::one).collect();
        ones.into_iter().map(|one| self.dated(one)).collect()
    }

    fn dated(&mut self, pair: Pair<'_, Rule>) -> Dated {
        let span = self.span(&pair);
        let mut made = Dated { span, name: empty_name(span), dates: Vec::new() };
        for part in self.parts(pair) {
            match part.as_rule() {
                Rule::value => made.name = self.name(&part),
                Rule::dates => made.dates = self.dates(part),
                _ => {}
            }
        }
        made
    }

    fn dates(&mut self, pair: Pair<'_, Rule>) -> Vec<DatePart> {
        let parts = self.parts(pair);
        let parts = parts.into_iter().filter_map(|part| match part.as_rule() {
            Rule::since => self.bound(part).map(DatePart::Since),
            Rule::until => self.bound(part).map(DatePart::Until),
            _ => None,
        });
        parts.collect()
    }

    fn bound(&mut self, pair: Pair<'_, Rule>) -> Option<Bound> {
        let span = self.span(&pair);
        let parts = self.parts(pair);
        let part = parts.iter().find(|part| matches!(part.as_rule(), Rule::name | Rule::date))?;
        Some(Bound { span, name: self.name(part), is_date: part.as_rule() == Rule::date })
    }

    /// The name or the text that a production is about: `when C`, `source "…"`, `like A`.
    fn named(&mut self, pair: Pair<'_, Rule>) -> Option<Name> {
        self.names(pair).into_iter().next()
    }

    fn names(&mut self, pair: Pair<'_, Rule>) -> Vec<Name> {
        let parts = self.parts(pair);
        let is_name = |part: &&Pair<'_, Rule>| matches!(part.as_rule(), Rule::name | Rule::text | Rule::date);
        parts.iter().filter(is_name).map(|part| self.name(part)).collect()
    }

    fn name(&self, pair: &Pair<'_, Rule>) -> Name {
        let text = match pair.as_rule() {
            Rule::text => pair.as_str().trim_matches('"'),
            _ => pair.as_str(),
        };
        Name { text: text.to_owned(), span: self.span(pair) }
    }
}

/// The end of what an author would point at: pest counts the blanks and comments before an optional part
/// that is not there.
fn end(pair: &Pair<'_, Rule>) -> usize {
    if pair.as_rule() == Rule::dates {
        return pair.as_span().end();
    }
    let parts = pair.clone().into_inner().filter(|part| part.as_rule() != Rule::COMMENT);
    parts.last().map_or_else(|| pair.as_span().end(), |part| end(&part))
}

fn empty_name(span: Span) -> Name {
    Name { text: String::new(), span }
}
