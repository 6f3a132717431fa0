//! The syntax tree of a rule file: every name with its place, and every comment.

use ecow::EcoString;

pub use crate::policy::rule::Effect;
use crate::policy::source::Span;

/// One rule file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct File {
    /// The declarations, services and rules, in the order of the text.
    pub items: Vec<Item>,
    /// Every comment, in the order of the text.
    pub comments: Vec<Comment>,
}

/// `// a remark` or `/// a description of what follows`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// From the first slash to the end of the line.
    pub span: Span,
    /// The text after the slashes, without the blanks at its ends.
    pub text: String,
    /// Whether it is a `///` comment.
    pub doc: bool,
}

/// An item of a rule file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// `attribute status … { … }`
    Attribute(Attribute),
    /// `group status live = …`
    Group(Group),
    /// `tag critical`
    Tag(Tag),
    /// `condition responsible-supplier { … }`
    Condition(Condition),
    /// `modification MP125 { … }`
    Modification(Modification),
    /// `clock { … }`
    Clock(Clock),
    /// `service 8.4 { … }`
    Service(Service),
    /// `permit … { services … }` or `forbid … { services … }`, outside every service
    Rule(Rule),
}

/// A word, a dotted number or a quoted text, and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The word; of a text, what is between the quotes.
    pub text: EcoString,
    /// Where it is; of a text, with the quotes.
    pub span: Span,
}

/// `attribute status "SMI Status of the device" always { … }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// The whole declaration.
    pub span: Span,
    /// The `///` lines above it.
    pub doc: String,
    /// Whether it is a `set attribute`.
    pub set: bool,
    /// `status`
    pub name: Name,
    /// `"SMI Status of the device"`
    pub text: Option<Name>,
    /// Every `always`, in order; more than one is a finding.
    pub always: Vec<Span>,
    /// Every `sender`, in order; more than one is a finding.
    pub sender: Vec<Span>,
    /// Every `like NAME`, in order; more than one is a finding.
    pub like: Vec<Name>,
    /// `refuse E5 "…"`
    pub refuse: Option<Refuse>,
    /// `Pending "…" refuse …`
    pub values: Vec<ValueDecl>,
}

/// `Absent "not in the inventory" refuse E19`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueDecl {
    /// `Absent`
    pub name: Name,
    /// `"not in the inventory"`
    pub text: Option<Name>,
    /// `refuse E19`
    pub refuse: Option<Refuse>,
}

/// `refuse E5 "the device's status does not allow it"`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refuse {
    /// The whole clause.
    pub span: Span,
    /// `E5`; nothing for `unassigned`.
    pub code: Option<Name>,
    /// The reason.
    pub text: Option<Name>,
}

/// `group status live = Whitelisted, Commissioned`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The whole declaration.
    pub span: Span,
    /// The `///` lines above it.
    pub doc: String,
    /// `status`
    pub attribute: Name,
    /// `live`
    pub name: Name,
    /// `Whitelisted, Commissioned`
    pub items: Vec<Dated>,
}

/// `tag critical "…"`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// The whole declaration.
    pub span: Span,
    /// The `///` lines above it.
    pub doc: String,
    /// `critical`
    pub name: Name,
    /// What it means.
    pub text: Option<Name>,
}

/// `condition responsible-supplier "…" { source "…" case … }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The whole declaration.
    pub span: Span,
    /// The `///` lines above it.
    pub doc: String,
    /// `responsible-supplier`
    pub name: Name,
    /// What it means.
    pub text: Option<Name>,
    /// Every `source`.
    pub source: Vec<Name>,
    /// Every `assumed`.
    pub assumed: Vec<Name>,
    /// `case role IS relation registered`
    pub cases: Vec<Case>,
}

/// `case role IS relation registered`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The whole case.
    pub span: Span,
    /// Its clauses.
    pub clauses: Vec<Clause>,
}

/// `modification MP125 "…" { effective 2023-06-29 source "…" }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Modification {
    /// The whole declaration.
    pub span: Span,
    /// The `///` lines above it.
    pub doc: String,
    /// `MP125`
    pub name: Name,
    /// Its title.
    pub text: Option<Name>,
    /// Every `effective`, its date.
    pub effective: Vec<Name>,
    /// Every `proposed`.
    pub proposed: Vec<Span>,
    /// Every `source`.
    pub source: Vec<Name>,
}

/// `clock { zone Europe/London "…" tolerance 60 seconds }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// The whole declaration.
    pub span: Span,
    /// The `///` lines above it.
    pub doc: String,
    /// Every `zone`.
    pub zone: Vec<Zone>,
    /// Every `tolerance`.
    pub tolerance: Vec<Duration>,
    /// Every `horizon`.
    pub horizon: Vec<Duration>,
    /// Every `cancellation`, its date.
    pub cancellation: Vec<Name>,
}

/// `zone Europe/London "GMT0BST,M3.5.0/1,M10.5.0"`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    /// `Europe/London`
    pub name: Name,
    /// `"GMT0BST,M3.5.0/1,M10.5.0"`
    pub rule: Name,
}

/// `60 seconds`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duration {
    /// `60`
    pub count: Name,
    /// `seconds`
    pub unit: Name,
}

/// `service 8.4 "Update Inventory" non-device { … }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// The whole service.
    pub span: Span,
    /// The `///` lines above it.
    pub doc: String,
    /// `8.4`
    pub name: Name,
    /// `"Update Inventory"`
    pub text: Option<Name>,
    /// `critical, on-demand`
    pub tags: Vec<Name>,
    /// Every `fields` line.
    pub fields: Vec<FieldsLine>,
    /// Every `ATTRIBUTE from PLACE`.
    pub filled: Vec<Filled>,
    /// Every `closed`, its reason.
    pub closed: Vec<Name>,
    /// Its rules.
    pub rules: Vec<Rule>,
}

/// `fields DeleteDevice, UpdateMPxN { ImportMPxN, ExportMPAN }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldsLine {
    /// The whole line.
    pub span: Span,
    /// The elements that the rules of the service may name, in the order of the text.
    pub items: Vec<Dated>,
    /// `depths[i]` is the number of elements that contain item `i`. Item `i` is inside the last item before it whose
    /// depth is lower.
    pub depths: Vec<usize>,
}

/// `esme-variant from UpdateDeviceDetails/ESMEVariant`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// `esme-variant`
    pub attribute: Name,
    /// `UpdateDeviceDetails/ESMEVariant`
    pub place: Name,
}

/// `permit esme-variant-correction "…" { … }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The whole rule.
    pub span: Span,
    /// The `///` lines above it.
    pub doc: String,
    /// `permit` or `forbid`
    pub effect: Effect,
    /// `esme-variant-correction`
    pub name: Name,
    /// What the rule permits or forbids.
    pub text: Option<Name>,
    /// The lines between its braces.
    pub parts: Vec<Part>,
}

/// A line of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// `services all except 8.2`
    Covers(Covers),
    /// `when responsible-supplier`
    When(Name),
    /// `since MP125`
    Since(Bound),
    /// `until 2023-06-29`
    Until(Bound),
    /// `source "…"`
    Source(Name),
    /// `assumed "…"`
    Assumed(Name),
    /// `refuse E5 "…"`
    Refuse(Refuse),
    /// `status Pending`
    Clause(Clause),
}

/// `services tag critical, 6.* except 6.2.1`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covers {
    /// The whole line.
    pub span: Span,
    /// The items after `services`.
    pub items: Vec<Selector>,
    /// The items after `except`.
    pub except: Vec<Selector>,
}

/// `6.* (since MP105)`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    /// The whole item.
    pub span: Span,
    /// The services it selects.
    pub kind: SelectorKind,
    /// `(since MP105)`
    pub dates: Vec<DatePart>,
}

/// Which services an item of `services` or `except` means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SelectorKind {
    /// `all`
    All,
    /// `tag critical`
    Tag(Name),
    /// `6.*`; the name is what is before the star, `6.`
    Family(Name),
    /// `8.4`
    Service(Name),
}

/// A `since` or `until` with a date or the name of a modification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// `since MP125`, whole.
    pub span: Span,
    /// `MP125` or `2023-06-29`
    pub name: Name,
    /// Whether it is written as a date.
    pub is_date: bool,
}

/// `since X` or `until X` after an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatePart {
    /// `since MP120`
    Since(Bound),
    /// `until MP120`
    Until(Bound),
}

/// An item of a list, dated or not: `ED (since MP120)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated {
    /// `ED`
    pub name: Name,
    /// `(since MP120)`
    pub dates: Option<Box<Dates>>,
}

/// `(since MP120)`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dates {
    /// From bracket to bracket.
    pub span: Span,
    /// `since MP120`
    pub parts: Vec<DatePart>,
}

impl Dated {
    /// The whole item.
    pub fn span(&self) -> Span {
        self.dates.as_ref().map_or(self.name.span, |dates| self.name.span.to(dates.span))
    }

    /// The dates between its brackets.
    pub fn dates(&self) -> &[DatePart] {
        self.dates.as_ref().map_or(&[], |dates| &dates.parts)
    }
}

/// `status not Pending`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// The whole clause.
    pub span: Span,
    /// `status`
    pub attribute: Name,
    /// `not Pending`
    pub test: Test,
}

/// The test of a clause, with its list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// `any`
    Any,
    /// `none`
    None,
    /// `Pending, Commissioned`
    In(Vec<Dated>),
    /// `not Pending`
    Not(Vec<Dated>),
    /// `only ESMEVariant`
    Only(Vec<Dated>),
    /// `includes ESMEVariant`
    Includes(Vec<Dated>),
    /// `excludes ESMEVariant`
    Excludes(Vec<Dated>),
    /// `exactly ESMEVariant`
    Exactly(Vec<Dated>),
    /// `sorce "…"`: a text in place of a test
    Text(Box<Name>),
}

impl Test {
    /// The list; empty for a test without a list.
    pub fn items(&self) -> &[Dated] {
        match self {
            Self::In(items)
            | Self::Not(items)
            | Self::Only(items)
            | Self::Includes(items)
            | Self::Excludes(items)
            | Self::Exactly(items) => items,
            Self::Any | Self::None | Self::Text(_) => &[],
        }
    }
}
