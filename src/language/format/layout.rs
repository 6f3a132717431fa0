//! The items of a file, word by word.

use super::chunk::{Chunk, Words, width};
use super::page::{Page, Place};
use crate::language::ast::{
    Attribute, Clock, Comment, Condition, File, Group, Item, Modification, Name, Refuse, Service, Tag,
    ValueDecl,
};

/// How far the second line of a first line that is too long is indented, beyond its braces.
const HEAD: usize = 8;

/// The formatted text of a file, if `text` has the words of the tree and no others.
pub(super) fn lay_out(file: &File, text: &str) -> Option<String> {
    let mut layout = Layout { words: Words(text), comments: &file.comments, page: Page::new(text) };
    layout.items(&file.items);
    layout.page.finish()
}

/// Writes the items of a file to a page.
pub(super) struct Layout<'t> {
    pub(super) words: Words<'t>,
    pub(super) comments: &'t [Comment],
    pub(super) page: Page<'t>,
}

/// A line or rule between braces. These may be in any order.
enum Entry<'t> {
    Line(&'static str, Option<&'t Name>),
    /// A line with two words after the first: `tolerance 60 seconds`
    Pair(&'static str, [&'t Name; 2]),
    /// `esme-variant from UpdateDeviceDetails/ESMEVariant`
    Filled(&'t crate::language::ast::Filled),
    Fields(&'t crate::language::ast::FieldsLine),
    Rule(&'t crate::language::ast::Rule),
}

impl<'t> Layout<'t> {
    fn items(&mut self, items: &[Item]) {
        let mut braced = false;
        for item in items {
            let flat = matches!(item, Item::Group(_) | Item::Tag(_));
            let place = if flat && !braced { Place::Line } else { Place::Apart };
            braced = !flat;
            self.item(item, place);
        }
    }

    fn item(&mut self, item: &Item, place: Place) {
        self.page.hang = HEAD;
        match item {
            Item::Attribute(attribute) => self.attribute(attribute, place),
            Item::Group(group) => self.group(group, place),
            Item::Tag(tag) => self.tag(tag, place),
            Item::Condition(condition) => self.condition(condition, place),
            Item::Modification(modification) => self.modification(modification, place),
            Item::Clock(clock) => self.clock(clock, place),
            Item::Service(service) => self.service(service, place),
            Item::Rule(rule) => self.rule(rule, place),
        }
    }

    /// Writes the words that an item begins with: `permit NAME "…"`.
    pub(super) fn head(&mut self, word: &'static str, name: &Name, text: Option<&Name>, place: Place) {
        self.page.hang = self.page.indent + HEAD;
        self.page.word(word, place);
        self.page.word(self.words.name(name), Place::After(1));
        if let Some(text) = text {
            self.page.word(self.words.name(text), Place::After(1));
        }
    }

    fn group(&mut self, group: &Group, place: Place) {
        self.head("group", &group.attribute, Some(&group.name), place);
        self.page.word("=", Place::After(1));
        let items: Vec<Chunk<'_>> = group.items.iter().map(|item| self.words.dated(item)).collect();
        self.page.list(&items, Place::After(1), 0);
    }

    fn tag(&mut self, tag: &Tag, place: Place) {
        self.head("tag", &tag.name, tag.text.as_ref(), place);
    }

    fn attribute(&mut self, attribute: &Attribute, place: Place) {
        if attribute.set {
            self.page.word("set", place);
        }
        let place = if attribute.set { Place::After(1) } else { place };
        self.head("attribute", &attribute.name, attribute.text.as_ref(), place);
        let mut marks: Vec<(u32, Chunk<'t>)> = Vec::new();
        let word = |word: &'static str| {
            move |span: &crate::policy::source::Span| (span.start, Chunk { words: vec![(1, word)] })
        };
        marks.extend(attribute.always.iter().map(word("always")));
        marks.extend(attribute.sender.iter().map(word("sender")));
        let like = |name| Chunk { words: vec![(1, "like"), (1, self.words.name(name))] };
        marks.extend(attribute.like.iter().map(|name| (name.span.start, like(name))));
        marks.sort_by_key(|(start, _)| *start);
        for (_, mark) in marks {
            self.page.chunk(&mark, Place::Fitting(1, mark.width() + 2));
        }
        self.page.open();
        if let Some(refuse) = &attribute.refuse {
            self.refuse(refuse);
        }
        self.values(&attribute.values);
        self.page.close();
    }

    fn refuse(&mut self, refuse: &Refuse) {
        self.page.hang = self.page.indent + HEAD;
        self.page.chunk(&self.words.refuse(refuse), Place::Line);
    }

    /// Writes the values of an attribute. A value with a text or an answer has a line of its own; other values share
    /// lines.
    fn values(&mut self, values: &[ValueDecl]) {
        let bare = |value: &ValueDecl| value.text.is_none() && value.refuse.is_none();
        let widest = values.iter().filter(|value| !bare(value)).map(|value| width(&value.name.text)).max();
        let column = self.page.indent + widest.unwrap_or_default() + 2;
        let mut shared = false;
        for value in values {
            let name = self.words.name(&value.name);
            let follows = shared && bare(value) && !self.page.breaks_before(name);
            shared = bare(value);
            if follows {
                self.page.word(name, Place::Fitting(2, width(name)));
            } else {
                self.page.hang = self.page.indent;
                self.page.word(name, Place::Line);
            }
            if !shared {
                self.meaning(value, column);
            }
        }
    }

    /// Writes the text of a value, and its own answer.
    fn meaning(&mut self, value: &ValueDecl, column: usize) {
        self.page.hang = column;
        if let Some(text) = &value.text {
            self.page.word(self.words.name(text), Place::Column(column));
        }
        if let Some(refuse) = &value.refuse {
            let refuse = self.words.refuse(refuse);
            let after_text = Place::Fitting(1, refuse.width());
            self.page.chunk(&refuse, if value.text.is_some() { after_text } else { Place::Column(column) });
        }
    }

    fn condition(&mut self, condition: &Condition, place: Place) {
        self.head("condition", &condition.name, condition.text.as_ref(), place);
        self.page.open();
        let source = condition.source.iter().map(|text| (text.span.start, Entry::Line("source", Some(text))));
        let assumed =
            condition.assumed.iter().map(|text| (text.span.start, Entry::Line("assumed", Some(text))));
        self.entries(source.chain(assumed).collect());
        self.cases(&condition.cases);
        self.page.close();
    }

    fn modification(&mut self, modification: &Modification, place: Place) {
        self.head("modification", &modification.name, modification.text.as_ref(), place);
        self.page.open();
        let Modification { effective, proposed, source, .. } = modification;
        let effective = effective.iter().map(|date| (date.span.start, Entry::Line("effective", Some(date))));
        let proposed = proposed.iter().map(|span| (span.start, Entry::Line("proposed", None)));
        let source = source.iter().map(|text| (text.span.start, Entry::Line("source", Some(text))));
        self.entries(effective.chain(proposed).chain(source).collect());
        self.page.close();
    }

    fn clock(&mut self, clock: &Clock, place: Place) {
        self.page.hang = HEAD;
        self.page.word("clock", place);
        self.page.open();
        let zone = clock.zone.iter().map(|zone| Entry::pair("zone", [&zone.name, &zone.rule]));
        let tolerance =
            clock.tolerance.iter().map(|line| Entry::pair("tolerance", [&line.count, &line.unit]));
        let horizon = clock.horizon.iter().map(|line| Entry::pair("horizon", [&line.count, &line.unit]));
        let cancellation = clock.cancellation.iter();
        let cancellation =
            cancellation.map(|date| (date.span.start, Entry::Line("cancellation", Some(date))));
        self.entries(zone.chain(tolerance).chain(horizon).chain(cancellation).collect());
        self.page.close();
    }

    fn service(&mut self, service: &Service, place: Place) {
        self.head("service", &service.name, service.text.as_ref(), place);
        self.tags(&service.tags);
        self.page.open();
        let fields = service.fields.iter().map(|line| (line.span.start, Entry::Fields(line)));
        let closed = service.closed.iter().map(|text| (text.span.start, Entry::Line("closed", Some(text))));
        let filled = service.filled.iter().map(|line| (line.attribute.span.start, Entry::Filled(line)));
        let rules = service.rules.iter().map(|rule| (rule.span.start, Entry::Rule(rule)));
        self.entries(fields.chain(closed).chain(filled).chain(rules).collect());
        self.page.close();
    }

    /// Writes the tags of a service, on the next line if they do not all fit after its name.
    fn tags(&mut self, tags: &[Name]) {
        let tags: Vec<Chunk<'_>> =
            tags.iter().map(|tag| Chunk { words: vec![(1, self.words.name(tag))] }).collect();
        let width: usize = tags.iter().map(|tag| tag.width() + 2).sum();
        self.page.list(&tags, Place::Fitting(1, width), 2);
    }

    /// Writes lines and rules, in the order of the text.
    fn entries(&mut self, mut entries: Vec<(u32, Entry<'_>)>) {
        entries.sort_by_key(|(start, _)| *start);
        let first_words = entries.iter().filter_map(|(_, entry)| entry.first_word());
        let column = self.page.indent + first_words.map(width).max().unwrap_or_default() + 2;
        let mut braced = false;
        for (_, entry) in entries {
            let place = if braced || matches!(entry, Entry::Rule(_)) { Place::Apart } else { Place::Line };
            braced = matches!(entry, Entry::Rule(_));
            self.page.hang = column;
            match entry {
                Entry::Line(word, value) => {
                    self.page.word(word, place);
                    if let Some(value) = value {
                        self.page.word(self.words.name(value), Place::Column(column));
                    }
                }
                Entry::Pair(word, words) => {
                    self.page.word(word, place);
                    self.page.word(self.words.name(words[0]), Place::Column(column));
                    self.page.word(self.words.name(words[1]), Place::After(1));
                }
                Entry::Filled(line) => {
                    self.page.word(self.words.name(&line.attribute), place);
                    self.page.word("from", Place::After(1));
                    self.page.word(self.words.name(&line.place), Place::After(1));
                }
                Entry::Fields(line) => {
                    self.page.word("fields", place);
                    self.fields(line, column);
                }
                Entry::Rule(rule) => self.rule(rule, place),
            }
        }
    }
}

impl<'t> Entry<'t> {
    /// A line with two words after the first, and where it is in the text.
    fn pair(word: &'static str, words: [&'t Name; 2]) -> (u32, Self) {
        (words[0].span.start, Self::Pair(word, words))
    }

    /// The word that its value is aligned with, if it has a value.
    fn first_word(&self) -> Option<&'static str> {
        match self {
            Self::Pair(word, _) => Some(word),
            Self::Line(word, value) => value.map(|_| *word),
            Self::Fields(_) => Some("fields"),
            Self::Filled(_) | Self::Rule(_) => None,
        }
    }
}
