//! Findings: what `check` and `lint` report about rule files.

mod data;
mod github;
mod sarif;

use std::fmt;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde::Serialize;

pub use data::Finding;
pub use sarif::Sarif;

use crate::base::suggest;
use crate::decide::request::Request;
use crate::policy::source::{Source, Span};

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The kind of finding; stable across releases.
    pub code: Code,
    /// The text it is about.
    pub span: Span,
    /// One lower-case sentence without a full stop, the author's words in backticks.
    pub message: String,
    /// What the place means, if the message does not state it.
    pub label: Option<String>,
    /// Other places that explain the finding, such as an earlier declaration, each with a text.
    pub because: Vec<(Span, String)>,
    /// What to do about it, as an order: "drop one of the two".
    pub help: Option<String>,
    /// A request that shows the finding.
    pub witness: Option<Request>,
    /// The edits that fix it, if the fix is unambiguous.
    pub fix: Vec<Edit>,
}

/// A piece of text to be replaced.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// What is replaced; an empty span inserts.
    pub span: Span,
    /// What replaces it.
    pub text: String,
}

impl Diagnostic {
    /// A finding with only a place and a message.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
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

    /// The same finding, with `files` more files before its own.
    fn moved(mut self, files: u32) -> Self {
        let places = self.because.iter_mut().map(|(span, _)| span);
        let edits = self.fix.iter_mut().map(|edit| &mut edit.span);
        for span in places.chain(edits).chain([&mut self.span]) {
            span.file = span.file.saturating_add(files);
        }
        self
    }

    /// The same with words under its place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// The same with another place that explains it.
    #[must_use]
    pub fn because(mut self, span: Span, label: impl Into<String>) -> Self {
        self.because.push((span, label.into()));
        self
    }

    /// The same with what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with one more edit of its unambiguous fix.
    #[must_use]
    pub fn fix(mut self, span: Span, text: impl Into<String>) -> Self {
        self.fix.push(Edit { span, text: text.into() });
        self
    }

    /// The same with what to do about it, if there is anything.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<String>) -> Self {
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
    /// The policy loads, but probably does not mean what its author intends.
    Warning,
}

macro_rules! codes {
    ($($severity:ident { $($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)* })+) => {
        /// Every finding there is. The name in kebab case is the public code, and stable.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code { $($($(#[doc = $doc])+ $variant,)*)+ }

        impl Code {
            /// Every code, errors first.
            pub const ALL: &[Self] = &[$($(Self::$variant,)*)+];

            /// The public name: `unknown-value`.
            pub fn name(self) -> &'static str {
                match self { $($(Self::$variant => $name,)*)+ }
            }

            /// The code of that public name.
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.name() == name)
            }

            /// What it means, in a sentence.
            pub fn meaning(self) -> &'static str {
                match self { $($(Self::$variant => concat!($($doc),+).trim_ascii(),)*)+ }
            }

            /// The page of the code, as Markdown: what to avoid, what to prefer and why.
            pub fn page(self) -> &'static str {
                match self {
                    $($(Self::$variant => include_str!(concat!("../../../docs/findings/", $name, ".md")),)*)+
                }
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
        /// Two declarations of one kind have the same name.
        DeclaredTwice = "declared-twice",
        /// A name differs from a word of the language only in capital letters.
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
        /// The declaration of an attribute is incomplete, or its parts contradict each other.
        BadAttribute = "bad-attribute",
        /// A modification has neither a date nor `proposed`, or it has both.
        BadModification = "bad-modification",
        /// The time zone of the clock has no rule that can be followed, or a duration of the clock is too long.
        BadClock = "bad-clock",
        /// `from` fills an attribute that cannot be the text of an element, or from an element that has no text.
        BadFrom = "bad-from",
        /// The calendar has no such date.
        InvalidDate = "invalid-date",
        /// `since` is not before `until`, so the rule or item is never in force.
        DatesOutOfOrder = "dates-out-of-order",
        /// A clause uses a test that its attribute does not have.
        WrongTest = "wrong-test",
        /// Something that may be written once is written twice.
        SaidTwice = "said-twice",
        /// A line is in the wrong place: `services` in a service, `fields` outside a service, `refuse` in a permit.
        Misplaced = "misplaced",
        /// A rule or a condition has neither `source` nor `assumed`.
        MissingSource = "missing-source",
        /// A permit leaves out an attribute that the vocabulary marks `always`.
        MissingAlways = "missing-always",
        /// A forbid that tests no attribute has no `refuse` of its own.
        MissingRefuse = "missing-refuse",
        /// A rule outside a service does not state which services it covers.
        MissingServices = "missing-services",
        /// An item of `services` or `except` covers no service.
        EmptySelector = "empty-selector",
        /// The clauses of a rule contradict each other, so the rule never matches a request.
        Contradiction = "contradiction",
        /// A permit covers a service that is closed, or a closed service has rules.
        ClosedService = "closed-service",
        /// A service, the whole policy or a rule file is too large to be analysed exactly.
        TooLarge = "too-large",
        /// A scenario file cannot be read: it is not YAML, or it does not contain scenarios.
        ScenarioFile = "scenario-file",
    }
    Warning {
        /// No clause tests an attribute.
        UnusedAttribute = "unused-attribute",
        /// No clause and no group names a value.
        UnusedValue = "unused-value",
        /// No clause names a group.
        UnusedGroup = "unused-group",
        /// No rule names a condition after `when`.
        UnusedCondition = "unused-condition",
        /// No `since` and no `until` names a modification.
        UnusedModification = "unused-modification",
        /// No service has a tag.
        UnusedTag = "unused-tag",
        /// A service declares a field that none of its rules names and none of its permits accepts.
        UnusedField = "unused-field",
        /// Two names of one kind are so similar that one of them may be a spelling mistake.
        SimilarNames = "similar-names",
        /// A list contains the same item twice, or a value and a group that contains this value.
        RepeatedItem = "repeated-item",
        /// `since` or `until` follows a list on its line without brackets, so it dates the rule and not the item.
        DateBehindList = "date-behind-list",
        /// A text is empty.
        EmptyText = "empty-text",
        /// A text is only a placeholder for a text that nobody has written.
        PlaceholderText = "placeholder-text",
        /// A text only repeats the name that it should explain.
        RepeatedName = "repeated-name",
        /// Two items of one kind have the same text.
        RepeatedText = "repeated-text",
        /// A file in the folder of the rules looks like rules or scenarios, but is not read.
        UnreadFile = "unread-file",
        /// A scenario names something that the policy does not have.
        UnknownInScenario = "unknown-in-scenario",
        /// No test case and no other fixture names a fixture.
        UnusedFixture = "unused-fixture",
        /// An `// allow` silences nothing.
        IdleAllow = "idle-allow",
        /// An `// allow` gives no reason, or names no warning.
        BadAllow = "bad-allow",
        /// A permit permits no request, on any date.
        NeverPermits = "never-permits",
        /// Other permits already permit every request that a permit permits.
        AlreadyPermitted = "already-permitted",
        /// A forbid matches no request that would otherwise be permitted.
        NeverForbids = "never-forbids",
        /// Other forbids already forbid every request that a forbid forbids, with the same answers.
        AlreadyForbidden = "already-forbidden",
        /// The rule matches the same requests without the clause.
        IdleClause = "idle-clause",
        /// The list accepts the same requests without the item.
        IdleItem = "idle-item",
        /// The item has the same effect without its dates.
        IdleDates = "idle-dates",
        /// The rule matches the same requests without its `when`.
        IdleWhen = "idle-when",
        /// A rule has no effect on a service that it names.
        IdleService = "idle-service",
        /// An item of `except` names a service that the rule does not cover.
        IdleExcept = "idle-except",
        /// The `refuse` of a forbid repeats the answer that the forbid gives anyway.
        IdleRefuse = "idle-refuse",
        /// An alternative (`case`) of a condition never holds in a rule that names the condition.
        CaseNeverHolds = "case-never-holds",
        /// Other alternatives of a condition hold wherever an alternative (`case`) holds.
        CaseCovered = "case-covered",
        /// No permit covers requests between two dates, but the same requests are permitted before and after.
        DateGap = "date-gap",
        /// Nobody may ever send a service, and it is not marked `closed`.
        NeverSent = "never-sent",
        /// No permitted request ever carries a field that its service declares.
        NeverCarried = "never-carried",
        /// Two forbids give different answers to the same request at the same attribute.
        ForbidsDisagree = "forbids-disagree",
        /// Two services have the same text or the same rules, and permit the same requests.
        ServicesAlike = "services-alike",
    }
}

impl Code {
    /// The code that a misspelt name most likely means.
    pub fn nearest(name: &str) -> Option<Self> {
        suggest::nearest(name, Self::ALL.iter().map(|code| code.name())).and_then(Self::named)
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
    /// The findings of `sources`, sorted by place. Equal findings are merged.
    pub fn new(sources: Vec<Source>, mut found: Vec<Diagnostic>) -> Self {
        found.sort_by(|a, b| (a.span, a.code, &a.message).cmp(&(b.span, b.code, &b.message)));
        found.dedup();
        Self { sources, found }
    }

    /// These findings, followed by the findings of other files.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        let files = u32::try_from(self.sources.len()).unwrap_or(u32::MAX);
        self.sources.extend(other.sources);
        self.found.extend(other.found.into_iter().map(|finding| finding.moved(files)));
        self
    }

    /// The findings, in the order of the text.
    pub fn found(&self) -> &[Diagnostic] {
        &self.found
    }

    /// The number of findings of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.found.iter().filter(|finding| finding.code.severity() == severity).count()
    }

    /// The files of the run, in path order; `span.file` counts them.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// The findings for people, with or without colour.
    pub fn render(&self, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let findings: Vec<String> =
            self.found.iter().map(|finding| self.render_finding(&renderer, finding)).collect();
        findings.join("\n\n")
    }

    fn render_finding(&self, renderer: &Renderer, finding: &Diagnostic) -> String {
        let level = match finding.code.severity() {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let title = level.primary_title(finding.message.as_str()).id(finding.code.name());
        let mut group = Group::with_title(title);
        if let Some(source) = self.sources.get(finding.span.file as usize) {
            let mut mark = AnnotationKind::Primary.span(range(source, finding.span));
            if let Some(label) = &finding.label {
                mark = mark.label(label.as_str());
            }
            let mut snippet = snippet(source).annotation(mark);
            for (place, why) in finding.because.iter().filter(|(place, _)| place.file == finding.span.file) {
                let second = AnnotationKind::Context.span(range(source, *place));
                snippet = snippet.annotation(second.label(why.as_str()));
            }
            group = group.element(snippet);
            for (place, why) in finding.because.iter().filter(|(place, _)| place.file != finding.span.file) {
                if let Some(source) = self.sources.get(place.file as usize) {
                    let second = AnnotationKind::Context.span(range(source, *place));
                    group = group.element(self::snippet(source).annotation(second.label(why.as_str())));
                }
            }
        }
        if let Some(witness) = &finding.witness {
            group = group.element(Level::NOTE.message(format!("for example {}", witness.to_json())));
        }
        if let Some(help) = &finding.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        renderer.render(&[group])
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

/// A span as a range of bytes, widened to whole characters.
fn range(source: &Source, span: Span) -> std::ops::Range<usize> {
    let text = &source.text;
    let boundary = |byte: &usize| text.is_char_boundary(*byte);
    let start = (0..=text.len().min(span.start as usize)).rev().find(boundary).unwrap_or(0);
    let end = (span.end as usize..=text.len()).find(boundary).unwrap_or(text.len());
    start..end.max(start)
}

/// The path of a rule file, with the folder of the policy before it.
fn under(folder: &str, path: &str) -> String {
    match folder.trim_end_matches('/') {
        "" | "." => path.to_owned(),
        folder => format!("{}/{path}", folder.trim_start_matches("./")),
    }
}
