//! A clause as an argument of `ask`: `status live`, `fields only ESMEVariant`. The language's own parser reads it; this
//! file knows what belongs to the command line.

use std::fmt;

use meterwarden::language::ast;
use meterwarden::parse_clause;
use meterwarden::policy::Test;
use meterwarden_analysis::ask::Given;

/// What the question states about one attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Clause {
    pub(crate) given: Given,
    /// Why the text is no clause, if its values have several words each. They may be the texts of values, which only a
    /// policy knows.
    pub(crate) wordy: Option<String>,
}

/// The set attribute whose values each service declares for itself.
const FIELDS: &str = "fields";

/// The words between an attribute and its list.
const TESTS: [(&str, Test); 5] = [
    ("not", Test::Not),
    ("only", Test::Only),
    ("includes", Test::Includes),
    ("excludes", Test::Excludes),
    ("exactly", Test::Exactly),
];

/// Parses a clause.
pub(crate) fn clause(text: &str) -> Result<Clause, String> {
    let text = text.trim();
    let (attribute, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    check_first_word(attribute, rest.trim())?;
    check_items(rest)?;
    match parse_clause(text) {
        Ok(parsed) => given(&parsed).map(|given| Clause { given, wordy: None }),
        Err(finding) => {
            let help = finding.help.map_or_else(String::new, |help| format!("; {help}"));
            let wrong = format!("{}{help}", finding.message);
            let (test, values) = values_of_words(rest.trim()).ok_or_else(|| wrong.clone())?;
            Ok(Clause { given: Given { attribute: attribute.to_owned(), test, values }, wordy: Some(wrong) })
        }
    }
}

/// A parsed clause as a question states it.
fn given(clause: &ast::Clause) -> Result<Given, String> {
    let attribute = clause.attribute.text.to_string();
    let test = match &clause.test {
        ast::Test::Any => Test::Any,
        ast::Test::None | ast::Test::Exactly(_) => Test::Exactly,
        ast::Test::In(_) => Test::In,
        ast::Test::Not(_) => Test::Not,
        ast::Test::Only(_) => Test::Only,
        ast::Test::Includes(_) => Test::Includes,
        ast::Test::Excludes(_) => Test::Excludes,
        ast::Test::Text(text) => return Err(without_quotes(&text.text)),
    };
    let values: Vec<String> = clause.test.items().iter().map(|item| item.name.text.to_string()).collect();
    if test == Test::In && attribute == FIELDS {
        return Err(bare_list_of_fields(&values));
    }
    Ok(Given { attribute, test, values })
}

/// Where the argument belongs, if it begins with a word of rules or requests that no clause begins with.
fn check_first_word(word: &str, rest: &str) -> Result<(), String> {
    let wrong = match word {
        "" => "a clause is an attribute and what is known of it, as in 'status Pending'".to_owned(),
        "service" | "services" => format!("say --service {}", quoted(rest, "8.4")),
        "tag" => format!("say --service 'tag {}'", if rest.is_empty() { "critical" } else { rest }),
        "at" | "on" => format!("say --at {}", quoted(rest, "2023-06-29")),
        "since" | "until" => {
            "a question is about one date, --at DATE, or about every date, --every-date".to_owned()
        }
        "when" => {
            "a condition belongs to rules, not to requests; write the clauses of one of its cases".to_owned()
        }
        _ if word.contains('=') => {
            let clause = format!("{} {rest}", word.replacen('=', " ", 1));
            format!("write it in the words of the language: '{}'", clause.trim())
        }
        _ if rest.is_empty() => {
            format!("what of `{word}`? A clause is one argument, as in '{word} A, B'")
        }
        _ => return Ok(()),
    };
    Err(wrong)
}

/// The rest of an argument, in quotes if a shell needs them; an example if there is none.
fn quoted(rest: &str, example: &str) -> String {
    match rest {
        "" => example.to_owned(),
        _ if rest.contains([' ', '*']) => format!("'{rest}'"),
        _ => rest.to_owned(),
    }
}

/// Dates and quotes do not belong in the list of a question.
fn check_items(list: &str) -> Result<(), String> {
    for item in list.split(',').map(str::trim) {
        if let Some((name, _)) = item.split_once('(') {
            let name = name.trim();
            return Err(format!(
                "a date in brackets is for rules: say `{name}`, and ask with --at DATE or --every-date"
            ));
        }
        if item.contains(['"', '\'']) {
            return Err(format!("write {item} without quotes"));
        }
    }
    Ok(())
}

fn without_quotes(text: &str) -> String {
    format!("write {text} without quotes")
}

/// The test and the items of a list, if no item contains a word of the language: each item may be the text of a value.
fn values_of_words(rest: &str) -> Option<(Test, Vec<String>)> {
    let (word, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let (test, list) = match TESTS.iter().find(|(name, _)| *name == word) {
        Some((_, test)) => (*test, after),
        None => (Test::In, rest),
    };
    let is_reserved =
        |word: &str| matches!(word, "any" | "none") || TESTS.iter().any(|(name, _)| *name == word);
    let may_be_text = |item: &str| !item.is_empty() && !item.split_whitespace().any(is_reserved);
    let items = list.split(',').map(str::trim).map(|item| may_be_text(item).then(|| item.to_owned()));
    Some((test, items.collect::<Option<_>>()?))
}

/// The checker's finding about a rule with such a clause.
fn bare_list_of_fields(values: &[String]) -> String {
    let list = values.join(", ");
    format!(
        "a list of `{FIELDS}` says how it is meant: `{FIELDS} only {list}` means these and nothing else; `includes` \
         permits others beside them"
    )
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Given { attribute, test, values } = &self.given;
        let list = values.join(", ");
        match test {
            Test::Any => write!(f, "{attribute} any"),
            Test::Exactly if list.is_empty() => write!(f, "{attribute} none"),
            _ => match TESTS.iter().find(|(_, known)| known == test) {
                Some((word, _)) => write!(f, "{attribute} {word} {list}"),
                None => write!(f, "{attribute} {list}"),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_are_parsed_and_shown() {
        for (written, test, values, shown) in [
            ("status live", Test::In, &["live"] as &[&str], "status live"),
            (
                "  status  Pending ,Commissioned ",
                Test::In,
                &["Pending", "Commissioned"],
                "status Pending, Commissioned",
            ),
            ("device not CHF", Test::Not, &["CHF"], "device not CHF"),
            ("fields only ESMEVariant", Test::Only, &["ESMEVariant"], "fields only ESMEVariant"),
            ("fields exactly A,B", Test::Exactly, &["A", "B"], "fields exactly A, B"),
            ("relation includes A", Test::Includes, &["A"], "relation includes A"),
            ("relation excludes A", Test::Excludes, &["A"], "relation excludes A"),
            ("relation none", Test::Exactly, &[], "relation none"),
            ("timing any", Test::Any, &[], "timing any"),
            ("variant 4.10", Test::In, &["4.10"], "variant 4.10"),
        ] {
            let parsed = clause(written).unwrap_or_else(|wrong| panic!("{written}: {wrong}"));
            let (attribute, _) = shown.split_once(' ').unwrap_or_default();
            assert_eq!((parsed.given.attribute.as_str(), parsed.given.test), (attribute, test), "{written}");
            assert_eq!(parsed.given.values, values, "{written}");
            assert_eq!(parsed.to_string(), shown);
            assert_eq!(clause(shown), Ok(parsed), "what is shown can be asked again");
        }
    }

    #[test]
    fn what_is_no_clause_has_a_message() {
        let written = [
            "",
            "status",
            "status not",
            "status Pending,",
            "status ,Pending",
            "status A,,B",
            "status A B",
            "status A, B C",
            "status exclude A",
            "status EXCLUDES A, B",
            "status in A",
            "status A, not B",
            "role ED (since MP120)",
            "status \"Pending\"",
            "fields ESMEVariant, DeviceModel",
            "relation none, A",
            "timing any Immediate",
            "service",
            "service 8.4",
            "service 8.*",
            "services tag critical",
            "tag critical",
            "at 2023-06-29",
            "at",
            "since MP125",
            "when responsible-supplier",
            "status=Pending",
            "status = Pending",
        ];
        let wrong = |text: &str| clause(text).map_or_else(Some, |clause| clause.wordy).expect(text);
        let message = |text: &&str| format!("{text:?}\n  {}\n", wrong(text));
        let page: String = written.iter().map(message).collect();
        insta::assert_snapshot!(page);
    }
}
