//! Declared names: each is declared once, and none is a word of the language. What to report about an unknown name.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::base::suggest;
use crate::language::ast::{Name, ValueDecl};
use crate::language::diagnostic::{Code, Diagnostic, Edit};
use crate::language::keywords::RESERVED;
use crate::language::parse::Unread;
use crate::policy::source::Span;
use crate::policy::{Edge, ListItem};

/// A name space: the index of what each name declares, and where it is declared.
pub(super) type Table<'a> = FxHashMap<&'a str, (usize, Span)>;

/// What a name means for an attribute: one value, or the members of a group.
#[derive(Clone, Debug)]
pub(super) enum Meaning {
    Value(u32),
    Group {
        members: Vec<ListItem>,
        /// Whether every value that the group lists is known.
        complete: bool,
    },
}

/// What the check of clauses needs of an attribute.
#[derive(Clone)]
pub(super) struct DeclaredAttribute<'a> {
    pub(super) name: &'a str,
    pub(super) set: bool,
    pub(super) always: bool,
    pub(super) sender: bool,
    pub(super) span: Span,
    /// Whether all its values are known. They are not if `like` names no attribute, or if it lists no values.
    pub(super) complete: bool,
    /// Each value that has a text, with the text, in order.
    pub(super) texts: Vec<(&'a str, &'a str)>,
    /// The names of the values, in order.
    pub(super) values: Vec<&'a str>,
    /// `meanings[name]` is the meaning of a value or group of this name, and where it is declared.
    pub(super) meanings: FxHashMap<&'a str, (Meaning, Span)>,
}

impl DeclaredAttribute<'_> {
    /// The help for a value that is written as its text: `` `Import Supplier` is written `IS` ``.
    pub(super) fn described(&self, written: &str) -> Option<String> {
        let (value, text) = self.texts.iter().find(|(_, text)| suggest::alike(text, written))?;
        Some(format!("`{text}` is written `{value}`"))
    }
}

/// All names declared so far, and all findings.
pub(super) struct Names<'a> {
    pub(super) findings: Vec<Diagnostic>,
    pub(super) modifications: Table<'a>,
    /// `dates[m]` is the date of modification `m`, if it is known.
    pub(super) dates: Vec<Option<Edge>>,
    pub(super) tags: Table<'a>,
    pub(super) attributes: Vec<DeclaredAttribute<'a>>,
    pub(super) attribute_table: Table<'a>,
    pub(super) fields: Option<usize>,
    pub(super) conditions: Table<'a>,
    pub(super) services: Table<'a>,
    /// `unclear[c]`: whether anything is wrong with condition `c`, so that no further finding may be based on it.
    pub(super) unclear: Vec<bool>,
    /// The words of the text that could not be read: each may be declared there.
    lost: FxHashSet<&'a str>,
    /// The kinds of declaration whose name could not be read, each as the code for an unknown name of that kind.
    nameless: Vec<Code>,
    /// Whether the end of a file, or all of it, could not be read: any name may be declared there.
    unread: bool,
    /// How many things are in doubt: wrong, or unknown because the declaration could not be read.
    doubts: usize,
}

/// The findings of rules that were resolved on another thread.
pub(super) struct Findings {
    findings: Vec<Diagnostic>,
    doubts: usize,
}

impl<'a> Names<'a> {
    pub(super) fn new(unread: &'a [Unread]) -> Self {
        Self {
            findings: Vec::new(),
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
            lost: unread.iter().flat_map(|file| &file.words).map(String::as_str).collect(),
            nameless: unread
                .iter()
                .flat_map(|file| &file.nameless)
                .filter_map(|word| unknown_code(word))
                .collect(),
            unread: unread.iter().any(|file| file.end),
        }
    }

    /// The same names without findings, for another thread.
    pub(super) fn fork(&self) -> Self {
        Self {
            findings: Vec::new(),
            modifications: self.modifications.clone(),
            dates: self.dates.clone(),
            tags: self.tags.clone(),
            attributes: self.attributes.clone(),
            attribute_table: self.attribute_table.clone(),
            fields: self.fields,
            conditions: self.conditions.clone(),
            services: Table::default(), // which services a rule covers is resolved after all rules
            unclear: self.unclear.clone(),
            doubts: 0,
            lost: self.lost.clone(),
            nameless: self.nameless.clone(),
            unread: self.unread,
        }
    }

    /// The findings, without the names.
    pub(super) fn into_findings(self) -> Findings {
        Findings { findings: self.findings, doubts: self.doubts }
    }

    /// Adds the findings of another thread.
    pub(super) fn join(&mut self, fork: Findings) {
        self.findings.extend(fork.findings);
        self.doubts += fork.doubts;
    }

    pub(super) fn report(&mut self, finding: Diagnostic) {
        self.doubts += 1;
        self.findings.push(finding);
    }

    /// Counts something that is not known, without a finding.
    pub(super) fn doubt(&mut self) {
        self.doubts += 1;
    }

    /// How many things are in doubt so far. If this grows while something is resolved, no further finding may be based
    /// on it.
    pub(super) fn doubts(&self) -> usize {
        self.doubts
    }

    /// Marks a name as declared with an unknown meaning, because its declaration is wrong.
    pub(super) fn lose(&mut self, name: &'a str) {
        self.lost.insert(name);
    }

    /// Whether the text that could not be read may declare a name that fits.
    pub(super) fn may_be_lost(&self, fits: impl Fn(&str) -> bool) -> bool {
        self.unread || self.lost.iter().any(|name| fits(name))
    }

    /// Reports a declared name that differs from a word of the language only in capital letters.
    pub(super) fn check_not_reserved(&mut self, name: &Name) {
        let word = RESERVED.iter().find(|word| word.eq_ignore_ascii_case(&name.text));
        if let Some(word) = word {
            let message =
                format!("`{}` differs from the language's word `{word}` only in capital letters", name.text);
            let finding = Diagnostic::new(Code::ReservedName, name.span, message);
            self.report(finding.help("choose a name that nobody can mistake for it"));
        }
    }

    /// Declares a name; a second declaration of the same name is a finding.
    pub(super) fn declare<'n>(&mut self, table: &mut Table<'n>, kind: &str, name: &'n Name, index: usize) {
        self.check_not_reserved(name);
        if let Some((_, first)) = table.get(name.text.as_str()) {
            let first = *first;
            self.report_declared_twice(&format!("the {kind} `{}`", name.text), name.span, first);
        } else {
            table.insert(&name.text, (index, name.span));
        }
    }

    /// Reports a second declaration of `what`: "the tag `critical`".
    pub(super) fn report_declared_twice(&mut self, what: &str, again: Span, first: Span) {
        let message = format!("{what} is declared twice");
        self.report(
            Diagnostic::new(Code::DeclaredTwice, again, message)
                .because(first, "first declared here")
                .help("rename one of the two, or drop it"),
        );
    }

    /// Reports something that may be written once and is written again.
    pub(super) fn report_said_twice(&mut self, what: &str, again: Span, first: Span) {
        let message = format!("{what} is said twice");
        self.report(
            Diagnostic::new(Code::SaidTwice, again, message)
                .because(first, "first said here")
                .help("join the two, or drop one"),
        );
    }

    /// The first of several lines of which there may be one; each further line is a finding.
    pub(super) fn once<'n, T>(
        &mut self,
        what: &str,
        lines: &'n [T],
        span: impl Fn(&T) -> Span,
    ) -> Option<&'n T> {
        let (first, rest) = lines.split_first()?;
        for again in rest {
            self.report_said_twice(what, span(again), span(first));
        }
        Some(first)
    }

    /// Reports a name that nothing declares, unless the text that could not be read may declare it. The help suggests a
    /// similar name, or else is `otherwise`.
    pub(super) fn report_unknown<'k>(
        &mut self,
        code: Code,
        kind: &str,
        name: &Name,
        known: impl IntoIterator<Item = &'k str>,
        otherwise: Option<String>,
    ) {
        let known: Vec<&str> = known.into_iter().collect();
        let help = suggest::did_you_mean(&name.text, known.iter().copied()).or(otherwise);
        self.report_unless_lost(code, name, format!("unknown {kind} `{}`", name.text), help);
        self.add_fix(name, &known);
    }

    /// Adds a fix to the finding about a name, if exactly one known name differs from it only in capital letters.
    fn add_fix(&mut self, name: &Name, known: &[&str]) {
        let mut meant = known.iter().filter(|known| known.eq_ignore_ascii_case(&name.text));
        let Some(first) = meant.next().filter(|first| meant.all(|next| next == *first)) else { return };
        if let Some(finding) = self.findings.last_mut().filter(|finding| finding.span == name.span) {
            finding.fix = vec![Edit { span: name.span, text: (*first).to_owned() }];
        }
    }

    /// Reports a name that means nothing here, unless the text that could not be read may declare it.
    pub(super) fn report_unless_lost(
        &mut self,
        code: Code,
        name: &Name,
        message: String,
        help: Option<String>,
    ) {
        if self.unread || self.nameless.contains(&code) || self.lost.contains(name.text.as_str()) {
            self.doubt();
            return;
        }
        self.report(Diagnostic::new(code, name.span, message).maybe_help(help));
    }

    /// Where a name is declared that is of the kind that a code is about: for [`Code::UnknownTag`], a tag.
    pub(super) fn declaration(&self, code: Code, name: &str) -> Option<Span> {
        let table = match code {
            Code::UnknownAttribute => &self.attribute_table,
            Code::UnknownCondition => &self.conditions,
            Code::UnknownModification => &self.modifications,
            Code::UnknownService => &self.services,
            Code::UnknownTag => &self.tags,
            Code::UnknownValue => {
                let mut meant = self.attributes.iter().filter_map(|attribute| attribute.meanings.get(name));
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

    /// The index of the attribute of that name, or a finding. `also` are the words of the language that the author may
    /// have meant instead of an attribute.
    pub(super) fn attribute(&mut self, name: &Name, also: &[&str]) -> Option<usize> {
        if let Some((attribute, _)) = self.attribute_table.get(name.text.as_str()) {
            return Some(*attribute);
        }
        if matches!(name.text.to_ascii_lowercase().as_str(), "or" | "and") {
            let message = format!("the items of a list are separated by commas, not by `{}`", name.text);
            let help = "write a comma between two items, and nothing between two clauses".to_owned();
            self.report_unless_lost(Code::Syntax, name, message, Some(help));
            return None;
        }
        let help = match (name.text.to_ascii_lowercase().as_str(), self.owner_of(&name.text)) {
            (_, Some(owner)) => Some(format!("{owner}; is a comma missing before it?")),
            (word, _) if also.contains(&"when") && suggest::other_word(word).is_some() => {
                suggest::other_word(word).map(|meant| format!("did you mean `{meant}`?"))
            }
            _ => suggest::did_you_mean(
                &name.text,
                self.attributes.iter().map(|attribute| attribute.name).chain(also.iter().copied()),
            )
            .or_else(|| self.all_attributes()),
        };
        self.report_unless_lost(
            Code::UnknownAttribute,
            name,
            format!("unknown attribute `{}`", name.text),
            help,
        );
        let known: Vec<&str> = self.attributes.iter().map(|attribute| attribute.name).collect();
        self.add_fix(name, &known);
        None
    }

    /// The help that lists all attributes, if they fit on a line or two.
    fn all_attributes(&self) -> Option<String> {
        const MOST_LISTED: usize = 20;
        let attributes: Vec<&str> = self.attributes.iter().map(|attribute| attribute.name).collect();
        let fits = !attributes.is_empty() && attributes.len() <= MOST_LISTED;
        fits.then(|| format!("the attributes are {}", suggest::join(&suggest::ticked(&attributes), "and")))
    }

    /// What a name means to the first attribute that knows it: "`ESME` is a value of `device`".
    fn owner_of(&self, value: &str) -> Option<String> {
        let owner = self.attributes.iter().find(|attribute| attribute.meanings.contains_key(value))?;
        let group =
            owner.meanings.get(value).is_some_and(|(meaning, _)| matches!(meaning, Meaning::Group { .. }));
        let kind = if group { "group" } else { "value" };
        Some(format!("`{value}` is a {kind} of `{}`", owner.name))
    }

    /// Reports a name that is no value and no group of an attribute.
    pub(super) fn report_unknown_value(&mut self, attribute: usize, name: &Name) {
        let owner = &self.attributes[attribute];
        let known_to_twin = self.attributes.iter().any(|attribute| {
            attribute.name == owner.name && attribute.meanings.contains_key(name.text.as_str())
        });
        if !owner.complete || known_to_twin {
            // The attribute is incomplete or declared twice, which has a finding of its own.
            return self.doubt();
        }
        let known: Vec<&str> = owner.values.iter().copied().chain(Self::sorted(&owner.meanings)).collect();
        let is_attribute = self.attribute_table.contains_key(name.text.as_str());
        let tests = ["any", "none"];
        let help = if name.text.contains('/') {
            "separate the items of a list with commas".to_owned()
        } else if let Some(same) = suggest::same(&name.text, known.iter().copied().chain(tests)) {
            format!("did you mean `{same}`?")
        } else if let Some(described) = owner.described(&name.text) {
            described
        } else if let Some(near) = suggest::did_you_mean(&name.text, known.iter().copied()) {
            near
        } else if let Some(elsewhere) = self.owner_of(&name.text) {
            elsewhere
        } else if is_attribute {
            format!("`{}` is an attribute; are the values of `{}` missing before it?", name.text, owner.name)
        } else {
            suggest::did_you_mean(&name.text, tests).unwrap_or_else(|| {
                format!("its values are {}", suggest::join(&suggest::ticked(&owner.values), "and"))
            })
        };
        let message = format!("`{}` is no value of `{}`", name.text, owner.name);
        self.report_unless_lost(Code::UnknownValue, name, message, Some(help));
        self.add_fix(name, &known);
    }
}

/// The code for an unknown name of the kind that a word declares.
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

/// The names of declared values.
pub(super) fn value_names(values: &[ValueDecl]) -> Vec<&str> {
    values.iter().map(|value| value.name.text.as_str()).collect()
}
