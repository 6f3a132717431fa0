//! What we tell an author about a rule file: one finding, one code, one place, one way out.

use std::fmt;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde::Serialize;

use crate::request::Request;
use crate::source::{Source, Span};

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which finding this is; stable across releases.
    pub code: Code,
    /// The text it is about.
    pub span: Span,
    /// One lower-case sentence without a full stop, the author's words in backticks.
    pub message: String,
    /// What the place means, if the message does not say so already.
    pub label: Option<String>,
    /// Further places that explain the first, such as the earlier declaration, each with what it is.
    pub because: Vec<(Span, String)>,
    /// What to do about it, as an order: "drop one of the two".
    pub help: Option<String>,
    /// A request that shows it, where there is one.
    pub witness: Option<Request>,
    /// The edits that mend it, where there is one safe way.
    pub fix: Vec<Edit>,
}

/// A piece of text to be replaced.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Edit {
    /// What is replaced; an empty span inserts.
    #[serde(skip)]
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
}

impl Diagnostic {
    pub(crate) fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            span,
            message: message.into(),
            label: None,
            because: Vec::new(),
            help: None,
            witness: None,
            fix: Vec::new(),
        }
    }

    #[must_use]
    pub(crate) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    #[must_use]
    pub(crate) fn because(mut self, span: Span, label: impl Into<String>) -> Self {
        self.because.push((span, label.into()));
        self
    }

    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    #[must_use]
    pub(crate) fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The policy does not load.
    Error,
    /// The policy loads, and probably does not say what its author means.
    Warning,
}

macro_rules! codes {
    ($($severity:ident { $($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)* })+) => {
        /// Every finding there is. The name in kebab case is the public code, and stable.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code { $($($(#[doc = $doc])+ $variant,)*)+ }

        impl Code {
            /// Every code, in the order in which the checks are made.
            pub const ALL: &[Self] = &[$($(Self::$variant,)*)+];

            /// The public name: `unknown-value`.
            pub fn name(self) -> &'static str {
                match self { $($(Self::$variant => $name,)*)+ }
            }

            /// What it means, in a sentence.
            pub fn meaning(self) -> &'static str {
                match self { $($(Self::$variant => concat!($($doc),+).trim_ascii(),)*)+ }
            }

            /// How bad it is.
            pub fn severity(self) -> Severity {
                match self { $($(Self::$variant => Severity::$severity,)*)+ }
            }
        }
    };
}

codes! {
    Error {
        /// The bytes are not UTF-8 text.
        NotText = "not-text",
        /// The text is not what the language expects here.
        Syntax = "syntax",
        /// Two declarations of one kind share a name, so that nobody could tell them apart.
        DeclaredTwice = "declared-twice",
        /// A name is a word of the language, but for its case.
        ReservedName = "reserved-name",
        /// A clause, a group or `like` names an attribute that the vocabulary does not have.
        UnknownAttribute = "unknown-attribute",
        /// A list names a value or a group that the attribute does not have.
        UnknownValue = "unknown-value",
        /// A rule names a field that its service does not declare.
        UnknownField = "unknown-field",
        /// `when` names a condition that is not declared.
        UnknownCondition = "unknown-condition",
        /// `since` or `until` names a modification that is not declared.
        UnknownModification = "unknown-modification",
        /// A selector names a service that is not declared.
        UnknownService = "unknown-service",
        /// A service or a selector names a tag that is not declared.
        UnknownTag = "unknown-tag",
        /// An attribute's declaration does not fit together: no `refuse`, values where none may be, `like` of a set.
        BadAttribute = "bad-attribute",
        /// A modification has no date and is not `proposed`, or says its date twice.
        BadModification = "bad-modification",
        /// The calendar has no such date.
        InvalidDate = "invalid-date",
        /// `since` is not before `until`, so the rule or item is never in force.
        DatesOutOfOrder = "dates-out-of-order",
        /// A clause asks something of its attribute that only the other kind of attribute can answer.
        WrongTest = "wrong-test",
        /// Something that may be said once is said twice.
        SaidTwice = "said-twice",
        /// A line stands where it has no meaning: `services` in a service, `fields` outside of one, `refuse` in a permit.
        Misplaced = "misplaced",
        /// A rule or a condition says neither `source` nor `assumed`.
        MissingSource = "missing-source",
        /// A permit leaves out an attribute that the vocabulary marks `always`.
        MissingAlways = "missing-always",
        /// A forbid that constrains nothing has no `refuse` of its own.
        MissingRefuse = "missing-refuse",
        /// A rule outside a service does not say which services it covers.
        MissingServices = "missing-services",
        /// An item of `services` or `except` covers no service.
        EmptySelector = "empty-selector",
        /// The clauses of a rule contradict each other, whatever the case.
        Contradiction = "contradiction",
        /// A permit covers a service that is closed, or a closed service has rules.
        ClosedService = "closed-service",
        /// A service, or the whole policy, has more values than can be analysed exactly.
        TooLarge = "too-large",
    }
    Warning {
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// All findings of one run, in the order of the text, with the text they are about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostics {
    sources: Vec<Source>,
    found: Vec<Diagnostic>,
}

impl Diagnostics {
    /// The findings of `sources`, sorted by place; findings that say the same of the same place are one.
    pub fn new(sources: Vec<Source>, mut found: Vec<Diagnostic>) -> Self {
        found.sort_by(|a, b| (a.span, a.code, &a.message).cmp(&(b.span, b.code, &b.message)));
        found.dedup();
        Self { sources, found }
    }

    /// The findings, in the order of the text.
    pub fn found(&self) -> &[Diagnostic] {
        &self.found
    }

    /// The files of the run, in path order; `span.file` counts them.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// The findings as a person reads them, in colour or not.
    pub fn render(&self, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let pages: Vec<String> = self.found.iter().map(|one| self.page(&renderer, one)).collect();
        pages.join("\n\n")
    }

    fn page(&self, renderer: &Renderer, one: &Diagnostic) -> String {
        let level = match one.code.severity() {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let title = level.primary_title(one.message.as_str()).id(one.code.name());
        let mut group = Group::with_title(title);
        if let Some(source) = self.sources.get(one.span.file as usize) {
            let mut mark = AnnotationKind::Primary.span(range(source, one.span));
            if let Some(label) = &one.label {
                mark = mark.label(label.as_str());
            }
            let mut snippet = snippet(source).annotation(mark);
            for (place, why) in one.because.iter().filter(|(place, _)| place.file == one.span.file) {
                let second = AnnotationKind::Context.span(range(source, *place));
                snippet = snippet.annotation(second.label(why.as_str()));
            }
            group = group.element(snippet);
            for (place, why) in one.because.iter().filter(|(place, _)| place.file != one.span.file) {
                if let Some(other) = self.sources.get(place.file as usize) {
                    let second = AnnotationKind::Context.span(range(other, *place));
                    group = group.element(self::snippet(other).annotation(second.label(why.as_str())));
                }
            }
        }
        if let Some(help) = &one.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        renderer.render(&[group])
    }

    /// The findings as data, for JSON.
    pub fn to_data(&self) -> Vec<Finding<'_>> {
        self.found.iter().map(|one| self.finding(one)).collect()
    }

    fn finding<'a>(&'a self, one: &'a Diagnostic) -> Finding<'a> {
        Finding {
            code: one.code.name(),
            severity: one.code.severity(),
            message: &one.message,
            place: self.place(one.span),
            because: one
                .because
                .iter()
                .map(|(span, why)| Because { why, place: self.place(*span) })
                .collect(),
            help: one.help.as_deref(),
        }
    }

    fn place(&self, span: Span) -> Place<'_> {
        let Some(source) = self.sources.get(span.file as usize) else {
            return Place { path: "", line: 1, column: 1 };
        };
        let (line, column) = source.line_column(span.start as usize);
        Place { path: &source.path, line, column }
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Diagnostics {}

fn snippet(source: &Source) -> Snippet<'_, annotate_snippets::Annotation<'_>> {
    Snippet::source(source.text.as_str()).path(source.path.as_str())
}

/// A place in a text, wherever the bytes fall: from the start of a character to the start of one.
fn range(source: &Source, span: Span) -> std::ops::Range<usize> {
    let text = &source.text;
    let boundary = |byte: &usize| text.is_char_boundary(*byte);
    let start = (0..=text.len().min(span.start as usize)).rev().find(boundary).unwrap_or(0);
    let end = (span.end as usize..=text.len()).find(boundary).unwrap_or(text.len());
    start..end.max(start)
}

/// One finding as data.
#[derive(Clone, Debug, Serialize)]
pub struct Finding<'a> {
    code: &'static str,
    severity: Severity,
    message: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    because: Vec<Because<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
}

/// Where a finding stands: the file, the line and the column, counted from 1.
#[derive(Clone, Debug, Serialize)]
struct Place<'a> {
    path: &'a str,
    line: usize,
    column: usize,
}

#[derive(Clone, Debug, Serialize)]
struct Because<'a> {
    why: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
}
