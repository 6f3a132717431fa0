//! Declared names: each once, none a word of the language; and what to say of an unknown one.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::base::suggest;
use crate::language::ast::{Name, ValueDecl};
use crate::language::diagnostic::{Code, Diagnostic, Edit};
use crate::language::keywords::RESERVED;
use crate::language::parse::Parsed;
use crate::policy::source::Span;
use crate::policy::{Edge, Item};

/// A name space: what is declared under each name, and where.
pub(super) type Table<'a> = FxHashMap<&'a str, (usize, Span)>;

/// What a name of an attribute's own name space means: one value, or the members of a group.
#[derive(Clone, Debug)]
pub(super) enum Meaning {
    Value(u32),
    /// The values listed; `whole` unless one of them is unknown.
    Group {
        members: Vec<Item>,
        whole: bool,
    },
}

/// An attribute as the clauses about it need to know it.
#[derive(Clone)]
pub(super) struct Known<'a> {
    pub(super) name: &'a str,
    pub(super) set: bool,
    pub(super) always: bool,
    pub(super) span: Span,
    /// Whether all its values are known. Not where `like` leads nowhere, or where it lists none.
    pub(super) whole: bool,
    /// Each value and the text that describes it, in order.
    pub(super) texts: Vec<(&'a str, &'a str)>,
    /// The values' names, in order.
    pub(super) values: Vec<&'a str>,
    pub(super) meanings: FxHashMap<&'a str, (Meaning, Span)>,
}

impl Known<'_> {
    /// What to write for the text that describes a value: `` `Import Supplier` is written `IS` ``.
    pub(super) fn described(&self, written: &str) -> Option<String> {
        let (value, text) = self.texts.iter().find(|(_, text)| suggest::alike(text, written))?;
        Some(format!("`{text}` is written `{value}`"))
    }
}

/// Everything declared so far, and everything found.
pub(super) struct Names<'a> {
    pub(super) found: Vec<Diagnostic>,
    pub(super) modifications: Table<'a>,
    /// `dates[m]` is the date of modification `m`, if it is known.
    pub(super) dates: Vec<Option<Edge>>,
    pub(super) tags: Table<'a>,
    pub(super) attributes: Vec<Known<'a>>,
    pub(super) attribute_table: Table<'a>,
    pub(super) fields: Option<usize>,
    pub(super) conditions: Table<'a>,
    pub(super) services: Table<'a>,
    /// `unclear[c]` tells whether anything is wrong with condition `c`, so that nothing follows from it.
    pub(super) unclear: Vec<bool>,
    lost: FxHashSet<&'a str>,
    /// The kinds of declaration of which one has lost its name, by the code that says that such a name is unknown.
    nameless: Vec<Code>,
    /// Whether there is a file of which nothing could be read: any name may be declared in it.
    unread: bool,
    /// How often something could not be told: found wrong, or not to be known because its declaration was not read.
    doubts: usize,
}

/// What was found wrong with rules that were resolved apart from others.
pub(super) struct Found {
    found: Vec<Diagnostic>,
    doubts: usize,
}

impl<'a> Names<'a> {
    pub(super) fn new(parsed: &'a [Parsed]) -> Self {
        Self {
            found: Vec::new(),
            modifications: Table::default(),
            dates: Vec::new(),
            tags: Table::default(),
            attributes: Vec::new(),
            attribute_table: Table::default(),
            fields: None,
            conditions: Table::default(),
            services: Table::default(),
            unclear: Vec::new(),
            doubts: 0,
            lost: parsed.iter().flat_map(|file| &file.lost).map(String::as_str).collect(),
            nameless: parsed
                .iter()
                .flat_map(|file| &file.nameless)
                .filter_map(|word| unknown_code(word))
                .collect(),
            unread: parsed.iter().any(|file| file.unread),
        }
    }

    /// The same names, with nothing found: for rules that are resolved apart from others.
    pub(super) fn apart(&self) -> Self {
        Self {
            found: Vec::new(),
            modifications: self.modifications.clone(),
            dates: self.dates.clone(),
            tags: self.tags.clone(),
            attributes: self.attributes.clone(),
            attribute_table: self.attribute_table.clone(),
            fields: self.fields,
            conditions: self.conditions.clone(),
            services: Table::default(), // which services a rule covers is resolved behind it
            unclear: self.unclear.clone(),
            doubts: 0,
            lost: self.lost.clone(),
            nameless: self.nameless.clone(),
            unread: self.unread,
        }
    }

    /// What was found, without the names.
    pub(super) fn into_found(self) -> Found {
        Found { found: self.found, doubts: self.doubts }
    }

    /// Takes in what was found apart.
    pub(super) fn join(&mut self, apart: Found) {
        self.found.extend(apart.found);
        self.doubts += apart.doubts;
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.doubts += 1;
        self.found.push(diagnostic);
    }

    /// Counts something that is not known, though nothing is said of it.
    pub(super) fn doubt(&mut self) {
        self.doubts += 1;
    }

    /// How much is in doubt so far: what is made while this grows is no base for further findings.
    pub(super) fn doubts(&self) -> usize {
        self.doubts
    }

    /// A name that means something, though nobody knows what: its declaration is wrong.
    pub(super) fn lose(&mut self, name: &'a str) {
        self.lost.insert(name);
    }

    /// Whether the text that did not parse may declare a name that fits.
    pub(super) fn may_be_lost(&self, fits: impl Fn(&str) -> bool) -> bool {
        self.unread || self.lost.iter().any(|name| fits(name))
    }

    /// Says that a name is not a word of the language.
    pub(super) fn not_reserved(&mut self, name: &Name) {
        let word = RESERVED.iter().find(|word| word.eq_ignore_ascii_case(&name.text));
        if let Some(word) = word {
            let message = format!("`{}` is the language's word `{word}`, but for its case", name.text);
            let found = Diagnostic::new(Code::ReservedName, name.span, message);
            self.report(found.help("choose a name that nobody can mistake for it"));
        }
    }

    /// Declares a name of one kind; the second of two is a finding.
    pub(super) fn declare<'n>(&mut self, table: &mut Table<'n>, kind: &str, name: &'n Name, id: usize) {
        self.not_reserved(name);
        if let Some((_, first)) = table.get(name.text.as_str()) {
            let first = *first;
            self.twice(&format!("the {kind} `{}`", name.text), name.span, first);
        } else {
            table.insert(&name.text, (id, name.span));
        }
    }

    /// Reports a second declaration of `what`: "the tag `critical`".
    pub(super) fn twice(&mut self, what: &str, again: Span, first: Span) {
        let message = format!("{what} is declared twice");
        self.report(
            Diagnostic::new(Code::DeclaredTwice, again, message)
                .because(first, "first declared here")
                .help("rename one of the two, or drop it"),
        );
    }

    /// Reports something that may be said once and is said again.
    pub(super) fn said_twice(&mut self, what: &str, again: Span, first: Span) {
        let message = format!("{what} is said twice");
        self.report(
            Diagnostic::new(Code::SaidTwice, again, message)
                .because(first, "first said here")
                .help("join the two, or drop one"),
        );
    }

    /// Takes the only one of several; each further one is a finding.
    pub(super) fn once<'n, T>(
        &mut self,
        what: &str,
        all: &'n [T],
        span: impl Fn(&T) -> Span,
    ) -> Option<&'n T> {
        let (first, rest) = all.split_first()?;
        for again in rest {
            self.said_twice(what, span(again), span(first));
        }
        Some(first)
    }

    /// Reports a name that nothing declares, unless the text that did not parse may declare it.
    pub(super) fn unknown<'k>(
        &mut self,
        code: Code,
        kind: &str,
        name: &Name,
        known: impl IntoIterator<Item = &'k str>,
        otherwise: Option<String>,
    ) {
        let known: Vec<&str> = known.into_iter().collect();
        let help = suggest::did_you_mean(&name.text, known.iter().copied()).or(otherwise);
        self.not_known(code, name, format!("unknown {kind} `{}`", name.text), help);
        self.respell(name, &known);
    }

    /// Mends the finding about a name that is a known one, but for its case.
    fn respell(&mut self, name: &Name, known: &[&str]) {
        let mut meant = known.iter().filter(|known| known.eq_ignore_ascii_case(&name.text));
        let Some(first) = meant.next().filter(|first| meant.all(|other| other == *first)) else { return };
        if let Some(found) = self.found.last_mut().filter(|found| found.span == name.span) {
            found.fix = vec![Edit { span: name.span, text: (*first).to_owned() }];
        }
    }

    /// Reports a name that means nothing here, in words of its own.
    pub(super) fn not_known(&mut self, code: Code, name: &Name, message: String, help: Option<String>) {
        if self.unread || self.nameless.contains(&code) || self.lost.contains(name.text.as_str()) {
            self.doubt();
            return;
        }
        self.report(Diagnostic::new(code, name.span, message).maybe_help(help));
    }

    /// Where a name is declared of which a code says that others are unknown.
    pub(super) fn declared(&self, code: Code, name: &str) -> Option<Span> {
        let table = match code {
            Code::UnknownAttribute => &self.attribute_table,
            Code::UnknownCondition => &self.conditions,
            Code::UnknownModification => &self.modifications,
            Code::UnknownService => &self.services,
            Code::UnknownTag => &self.tags,
            Code::UnknownValue => {
                let mut meant = self.attributes.iter().filter_map(|one| one.meanings.get(name));
                return meant.next().map(|(_, span)| *span);
            }
            _ => return None,
        };
        table.get(name).map(|(_, span)| *span)
    }

    /// The names of a table in a stable order, for suggestions.
    pub(super) fn sorted<T>(table: &FxHashMap<&'a str, T>) -> Vec<&'a str> {
        let mut names: Vec<&str> = table.keys().copied().collect();
        names.sort_unstable();
        names
    }

    /// The attribute of that name, or a finding.
    pub(super) fn attribute(&mut self, name: &Name, also: &[&str]) -> Option<usize> {
        if let Some((id, _)) = self.attribute_table.get(name.text.as_str()) {
            return Some(*id);
        }
        if matches!(name.text.to_ascii_lowercase().as_str(), "or" | "and") {
            let message = format!("the items of a list stand with commas, not with `{}`", name.text);
            let help = "write a comma between two items, and nothing between two clauses".to_owned();
            self.not_known(Code::Syntax, name, message, Some(help));
            return None;
        }
        let help = match (name.text.to_ascii_lowercase().as_str(), self.owner_of(&name.text)) {
            (_, Some(owner)) => Some(format!("{owner}; is a comma missing before it?")),
            (word, _) if also.contains(&"when") && suggest::other_word(word).is_some() => {
                suggest::other_word(word).map(|meant| format!("did you mean `{meant}`?"))
            }
            _ => suggest::did_you_mean(
                &name.text,
                self.attributes.iter().map(|one| one.name).chain(also.iter().copied()),
            )
            .or_else(|| self.all_attributes()),
        };
        self.not_known(Code::UnknownAttribute, name, format!("unknown attribute `{}`", name.text), help);
        let known: Vec<&str> = self.attributes.iter().map(|one| one.name).collect();
        self.respell(name, &known);
        None
    }

    /// The attributes that there are, if they can be told in a line or two.
    fn all_attributes(&self) -> Option<String> {
        const MOST: usize = 20;
        let all: Vec<&str> = self.attributes.iter().map(|one| one.name).collect();
        let few = !all.is_empty() && all.len() <= MOST;
        few.then(|| format!("the attributes are {}", suggest::join(&suggest::ticked(&all), "and")))
    }

    /// What a name means to some attribute: "`ESME` is a value of `device`".
    fn owner_of(&self, value: &str) -> Option<String> {
        let owner = self.attributes.iter().find(|one| one.meanings.contains_key(value))?;
        let group =
            owner.meanings.get(value).is_some_and(|(meaning, _)| matches!(meaning, Meaning::Group { .. }));
        let kind = if group { "group" } else { "value" };
        Some(format!("`{value}` is a {kind} of `{}`", owner.name))
    }

    pub(super) fn unknown_value(&mut self, attribute: usize, name: &Name) {
        let one = &self.attributes[attribute];
        let twin =
            |other: &&Known<'_>| other.name == one.name && other.meanings.contains_key(name.text.as_str());
        if !one.whole || self.attributes.iter().any(|other| twin(&other)) {
            return self.doubt(); // what is wrong with the attribute, or that it is declared twice, is finding enough
        }
        let known: Vec<&str> = one.values.iter().copied().chain(Self::sorted(&one.meanings)).collect();
        let is_attribute = self.attribute_table.contains_key(name.text.as_str());
        let tests = ["any", "none"];
        let help = if let Some(same) = suggest::same(&name.text, known.iter().copied().chain(tests)) {
            format!("did you mean `{same}`?")
        } else if let Some(described) = one.described(&name.text) {
            described
        } else if let Some(near) = suggest::did_you_mean(&name.text, known.iter().copied()) {
            near
        } else if let Some(owner) = self.owner_of(&name.text) {
            owner
        } else if is_attribute {
            format!("`{}` is an attribute; are the values of `{}` missing before it?", name.text, one.name)
        } else {
            suggest::did_you_mean(&name.text, tests).unwrap_or_else(|| {
                format!("its values are {}", suggest::join(&suggest::ticked(&one.values), "and"))
            })
        };
        let message = format!("`{}` is no value of `{}`", name.text, one.name);
        self.not_known(Code::UnknownValue, name, message, Some(help));
        self.respell(name, &known);
    }
}

/// What is said of an unknown name of the kind that a word declares.
fn unknown_code(word: &str) -> Option<Code> {
    Some(match word {
        "attribute" => Code::UnknownAttribute,
        "group" => Code::UnknownValue,
        "condition" => Code::UnknownCondition,
        "modification" => Code::UnknownModification,
        "service" => Code::UnknownService,
        "tag" => Code::UnknownTag,
        _ => return None,
    })
}

/// The declared values of an attribute as names.
pub(super) fn value_names(values: &[ValueDecl]) -> Vec<&str> {
    values.iter().map(|value| value.name.text.as_str()).collect()
}
