//! The generated parser, and the author's words for each of its productions.

use pest::error::{Error, ErrorVariant, InputLocation};

mod generated {
    #[derive(pest_derive::Parser)]
    #[grammar = "grammar/rules.pest"]
    pub(in crate::language::parse) struct Rules;
}

pub(super) use generated::{Rule, Rules};

/// The words that may begin a declaration.
pub(super) const ITEM_WORDS: &[&str] = &[
    "attribute",
    "set",
    "group",
    "tag",
    "condition",
    "modification",
    "clock",
    "service",
    "permit",
    "forbid",
];

/// The byte at which the parser could not go on.
pub(super) fn error_position(error: &Error<Rule>) -> usize {
    match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    }
}

/// The productions that were possible there.
pub(super) fn positives(error: &Error<Rule>) -> Vec<Rule> {
    let ErrorVariant::ParsingError { positives, .. } = &error.variant else { return Vec::new() };
    if positives.contains(&Rule::file) {
        return ITEMS.to_vec(); // the parser stopped at the first word
    }
    positives.clone()
}

const ITEMS: &[Rule] = &[
    Rule::attribute,
    Rule::kw_set,
    Rule::kw_group,
    Rule::kw_tag,
    Rule::kw_condition,
    Rule::kw_modification,
    Rule::kw_clock,
    Rule::kw_service,
    Rule::effect,
];

/// What was possible there, in the author's words, punctuation first.
pub(super) fn expected(positives: &[Rule]) -> Vec<&'static str> {
    let has = |production: Rule| positives.contains(&production);
    let or = |mark: Option<&'static str>, what: &'static str| mark.into_iter().chain([what]).collect();
    let comma = has(Rule::comma).then_some("`,`");
    let close = has(Rule::close).then_some("`}`");
    if has(Rule::kw_modification) {
        return or(comma, "a declaration such as `service` or `group`");
    }
    if has(Rule::kw_closed) {
        return or(comma.or(close), "a rule");
    }
    if has(Rule::kw_when) {
        return comma.into_iter().chain(["a clause such as `status Pending`"]).chain(close).collect();
    }
    if has(Rule::listed) {
        return vec!["a value"];
    }
    let mut words: Vec<&'static str> = positives.iter().map(|production| author_word(*production)).collect();
    if words.len() > 1 {
        words.retain(|word| *word != "`(since …)`");
    }
    words.sort_unstable_by_key(|word| rank(word));
    words.dedup();
    words
}

/// The words of the language that were possible there.
pub(super) fn expected_words(positives: &[Rule]) -> Vec<&'static str> {
    let forbid = positives.iter().any(|production| matches!(production, Rule::rule | Rule::effect));
    let words =
        positives.iter().map(|production| author_word(*production)).chain(forbid.then_some("`forbid`"));
    let words = words.filter_map(|word| word.strip_prefix('`')?.strip_suffix('`'));
    words.filter(|word| word.starts_with(|c: char| c.is_ascii_lowercase())).collect()
}

/// Punctuation first, then words, then descriptions.
fn rank(word: &'static str) -> (u8, &'static str) {
    let group = match word {
        "`,`" | "`{`" | "`}`" | "`=`" | "`(since …)`" => 0,
        word if word.starts_with('`') => 1,
        _ => 2,
    };
    (group, word)
}

/// The author's word for a production. Exhaustive, so that a new production does not compile without one.
fn author_word(production: Rule) -> &'static str {
    match production {
        // In a file, an item is possible wherever its end is, so that `expected` never gets here with it.
        Rule::EOI => "nothing more",
        Rule::file | Rule::item => "the end of the file",
        Rule::attribute | Rule::kw_attribute => "`attribute`",
        Rule::kw_set => "`set`",
        Rule::kw_always => "`always`",
        Rule::kw_sender => "`sender`",
        Rule::like | Rule::kw_like => "`like`",
        Rule::value_decl | Rule::list_item | Rule::items | Rule::listed | Rule::element => "a value",
        Rule::value | Rule::place => "a name or a number",
        Rule::refuse | Rule::kw_refuse => "`refuse`",
        Rule::kw_unassigned => "`unassigned`",
        Rule::group | Rule::kw_group => "`group`",
        Rule::tag | Rule::kw_tag | Rule::tagged => "`tag`",
        Rule::condition | Rule::kw_condition => "`condition`",
        Rule::case | Rule::kw_case => "`case`",
        Rule::modification | Rule::kw_modification => "`modification`",
        Rule::effective | Rule::kw_effective => "`effective`",
        Rule::kw_proposed => "`proposed`",
        Rule::clock | Rule::kw_clock => "`clock`",
        Rule::zone | Rule::kw_zone => "`zone`",
        Rule::tolerance | Rule::kw_tolerance => "`tolerance`",
        Rule::horizon | Rule::kw_horizon => "`horizon`",
        Rule::cancellation | Rule::kw_cancellation => "`cancellation`",
        Rule::count => "a number such as 60",
        Rule::unit => "`seconds`, `minutes`, `hours` or `days`",
        Rule::filled | Rule::filled_from => "an attribute and `from`",
        Rule::service | Rule::kw_service => "`service`",
        Rule::tags => "a tag",
        Rule::declared | Rule::kw_fields => "`fields`",
        Rule::closed | Rule::kw_closed => "`closed`",
        Rule::kw_permit | Rule::rule | Rule::effect => "`permit`",
        Rule::kw_forbid => "`forbid`",
        Rule::covers | Rule::kw_services => "`services`",
        Rule::except | Rule::kw_except => "`except`",
        Rule::selector | Rule::selectors | Rule::family => "a service",
        Rule::kw_all => "`all`",
        Rule::when | Rule::kw_when => "`when`",
        Rule::since | Rule::kw_since => "`since`",
        Rule::until | Rule::kw_until => "`until`",
        Rule::source | Rule::kw_source => "`source`",
        Rule::assumed | Rule::kw_assumed => "`assumed`",
        Rule::part | Rule::clause | Rule::lone_clause => "a clause such as `status Pending`",
        Rule::kw_any => "`any`",
        Rule::kw_none => "`none`",
        Rule::kw_not => "`not`",
        Rule::kw_only => "`only`",
        Rule::kw_includes => "`includes`",
        Rule::kw_excludes => "`excludes`",
        Rule::kw_exactly => "`exactly`",
        Rule::dates => "`(since …)`",
        Rule::name => "a name",
        Rule::number => "a number",
        Rule::date => "a date such as 2023-06-29",
        Rule::text => "a text in straight quotes",
        Rule::open | Rule::inside => "`{`",
        Rule::close | Rule::inside_end => "`}`",
        Rule::comma => "`,`",
        Rule::equals => "`=`",
        Rule::word | Rule::name_char | Rule::reserved | Rule::WHITESPACE => "a word",
        Rule::remark => "a comment",
    }
}
