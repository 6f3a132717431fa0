//! A clause as somebody types it who asks: `status live`, `fields only ESMEVariant`; one argument, in the words of the
//! language.

use std::fmt;

use meterwarden::policy::Test;
use meterwarden_analysis::ask::Given;

/// What is known of one attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Clause {
    pub(crate) given: Given,
    /// What is wrong with a value of several words, unless they are the text of a value: only a policy knows that.
    pub(crate) wordy: Option<String>,
}

/// The words that stand before a list, and what they ask.
const TESTS: [(&str, Test); 5] = [
    ("not", Test::Not),
    ("only", Test::Only),
    ("includes", Test::Includes),
    ("excludes", Test::Excludes),
    ("exactly", Test::Exactly),
];

/// The set attribute whose values each service declares for itself.
const FIELDS: &str = "fields";

/// Reads a clause, or says what is wrong with it.
pub(crate) fn clause(text: &str) -> Result<Clause, String> {
    let text = text.trim();
    let (attribute, asked) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let asked = asked.trim();
    no_clause(attribute, asked)?;
    let given = |test, (values, wordy)| {
        Ok(Clause { given: Given { attribute: attribute.to_owned(), test, values }, wordy })
    };
    let (word, behind) = asked.split_once(char::is_whitespace).unwrap_or((asked, ""));
    match word {
        "any" | "none" if !behind.is_empty() => Err(format!("nothing stands behind `{word}`")),
        "any" => given(Test::Any, (Vec::new(), None)),
        "none" => given(Test::Exactly, (Vec::new(), None)),
        _ => match TESTS.iter().find(|(known, _)| *known == word) {
            Some((_, test)) => given(*test, list(&format!("{attribute} {word}"), behind)?),
            None => {
                let values = list(attribute, asked)?;
                match attribute {
                    FIELDS => Err(values.1.unwrap_or_else(|| bare_list_of_fields(&values.0))),
                    _ => given(Test::In, values),
                }
            }
        },
    }
}

/// Says where it belongs, if what was written is a word of rules or requests that no clause begins with.
fn no_clause(attribute: &str, asked: &str) -> Result<(), String> {
    let wrong = match attribute {
        "" => "a clause is an attribute and what is known of it, as in 'status Pending'".to_owned(),
        "service" | "services" => format!("say --service {}", quoted(asked, "8.4")),
        "tag" => format!("say --service 'tag {}'", if asked.is_empty() { "critical" } else { asked }),
        "at" | "on" => format!("say --at {}", quoted(asked, "2023-06-29")),
        "since" | "until" => {
            "a question is about one date, --at DATE, or about every date, --every-date".to_owned()
        }
        "when" => "a condition is known of rules, not of requests; say what one of its cases says".to_owned(),
        _ if attribute.contains('=') => {
            let said = attribute.replacen('=', " ", 1);
            format!("say it in the words of the language: '{}'", format!("{said} {asked}").trim())
        }
        _ if asked.is_empty() => {
            format!("what of `{attribute}`? A clause is one argument, as in '{attribute} A, B'")
        }
        _ => return Ok(()),
    };
    Err(wrong)
}

/// What was written, in quotes where a shell needs them, or an example.
fn quoted(asked: &str, example: &str) -> String {
    match asked {
        "" => example.to_owned(),
        _ if asked.contains([' ', '*']) => format!("'{asked}'"),
        _ => asked.to_owned(),
    }
}

/// A list of values with commas between them, blanks free, and what is wrong with the first of several words.
fn list(before: &str, text: &str) -> Result<(Vec<String>, Option<String>), String> {
    if text.trim().is_empty() {
        return Err(format!("a list is missing behind `{before}`"));
    }
    let items: Vec<&str> = text.split(',').map(str::trim).collect();
    if items.last().is_some_and(|last| last.is_empty()) {
        return Err("a value is missing behind the last comma".to_owned());
    }
    let mut wordy = None;
    for (nth, item) in items.iter().enumerate() {
        let wrong = item_is_a_name(nth, item)?;
        wordy = wordy.or(wrong);
    }
    Ok((items.into_iter().map(str::to_owned).collect(), wordy))
}

fn item_is_a_name(nth: usize, item: &str) -> Result<Option<String>, String> {
    if item.is_empty() {
        return Err("a value is missing before a comma".to_owned());
    }
    if let Some((name, _)) = item.split_once('(') {
        let name = name.trim();
        return Err(format!(
            "a date in brackets is for rules: say `{name}`, and ask with --at DATE or --every-date"
        ));
    }
    if item.contains(['"', '\'']) {
        return Err(format!("write {item} without quotes"));
    }
    if ["any", "none"].contains(&item) {
        return Err(format!("`{item}` stands alone, without a list"));
    }
    let (word, behind) = item.split_once(char::is_whitespace).unwrap_or((item, ""));
    if let Some((known, _)) = TESTS.iter().find(|(known, _)| *known == word) {
        return Err(format!("`{known}` stands in front of the whole list, right behind the attribute"));
    }
    if behind.is_empty() {
        return Ok(None);
    }
    if nth > 0 {
        return Ok(Some(format!("a comma is missing in `{item}`")));
    }
    let behind = behind.trim();
    match meant(word) {
        Some(known) => Err(format!("`{word}` is no word of a clause; did you mean `{known} {behind}`?")),
        None => Ok(Some(format!(
            "`{item}` is no value: between values stands a comma, and before the first nothing, `not`, or of a set \
             `only`, `includes`, `excludes` or `exactly`"
        ))),
    }
}

/// The word that somebody means who writes another in front of a list.
fn meant(word: &str) -> Option<&'static str> {
    let word = word.to_lowercase();
    let same = TESTS.iter().map(|(known, _)| *known).find(|known| *known == word);
    same.or(match word.as_str() {
        "include" | "including" | "contains" | "has" => Some("includes"),
        "exclude" | "excluding" | "without" | "no" => Some("excludes"),
        "exact" => Some("exactly"),
        "except" | "isnt" | "!" | "!=" => Some("not"),
        "just" => Some("only"),
        _ => None,
    })
}

/// What the checker says of a rule that does so.
fn bare_list_of_fields(values: &[String]) -> String {
    let list = values.join(", ");
    format!(
        "a list of `{FIELDS}` says how it is meant: `{FIELDS} only {list}` means these and nothing else; `includes` lets \
         others stand beside them"
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
    fn clauses_are_what_they_say() {
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
            let found = clause(written).unwrap_or_else(|wrong| panic!("{written}: {wrong}"));
            let (attribute, _) = shown.split_once(' ').unwrap_or_default();
            assert_eq!((found.given.attribute.as_str(), found.given.test), (attribute, test), "{written}");
            assert_eq!(found.given.values, values, "{written}");
            assert_eq!(found.to_string(), shown);
            assert_eq!(clause(shown), Ok(found), "what is shown can be asked again");
        }
    }

    #[test]
    fn what_is_no_clause_is_told_where_it_belongs() {
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
        let said = |text: &&str| format!("{text:?}\n  {}\n", wrong(text));
        let page: String = written.iter().map(said).collect();
        insta::assert_snapshot!(page);
    }
}
