//! `tests/cases/format/NAME.rules`, and the formatted file. And for any file: no word and no comment is lost, moved or
//! changed.
//!
//! `MW_FORMAT_CASES=20` takes twenty times as many random files.

mod written;

use std::fs;

use meterwarden::language::ast::File;
use meterwarden::{FormatError, Source, format, parse};
use proptest::prelude::*;

use self::written::{TextPart, read_back, tapes, words, written};

/// The maximum width of a line that can be broken.
const MARGIN: usize = 120;

#[test]
fn pages() {
    insta::glob!("../cases", "format/*.rules", |path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(path).unwrap();
        let formatted = formatted(&name, &text);
        let page = format!("----- rules\n{}\n----- format\n{}", visible(&text), visible(&formatted));
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!("format", page);
        });
    });
}

/// Shows characters that a snapshot would not show.
fn visible(text: &str) -> String {
    let text = text.replace('\r', "␍").replace('\t', "␉").replace('\u{feff}', "␂");
    let lines = text.split('\n').map(|line| {
        let kept = line.trim_end_matches(' ');
        kept.to_owned() + &"·".repeat(line.len() - kept.len())
    });
    let text = lines.collect::<Vec<_>>().join("\n");
    text.strip_suffix('\n').map_or_else(|| format!("{text}⊣"), str::to_owned)
}

/// Formats a text, and checks the properties of every formatted text.
fn formatted(name: &str, text: &str) -> String {
    let formatted = format(&Source::new(name, text)).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let again = format(&Source::new(name, formatted.as_str())).unwrap();
    assert_eq!(formatted, again, "{name}: a layout is laid out already");
    let plain = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
    assert_eq!(tree(&plain), tree(&formatted), "{name}: the tree is another");
    is_tidy(name, &formatted);
    formatted
}

/// The items of a text without syntax errors, without their positions.
fn tree(text: &str) -> String {
    let parsed = parse(&Source::new("a.rules", text), 0);
    assert_eq!(parsed.found, [], "{text}");
    let File { items, .. } = parsed.file;
    let items = format!("{items:#?}");
    let placeless =
        |line: &&str| !["file: ", "start: ", "end: "].iter().any(|key| line.trim_start().starts_with(key));
    items.lines().filter(placeless).collect::<Vec<_>>().join("\n")
}

fn is_tidy(name: &str, formatted: &str) {
    assert!(
        !formatted.contains("\n\n\n") && !formatted.ends_with("\n\n"),
        "{name}: blank lines\n{formatted}"
    );
    assert!(formatted.is_empty() || formatted.ends_with('\n'), "{name}: no line end at the end");
    assert!(
        !formatted.starts_with(['\n', ' ', '\u{feff}']) && !formatted.contains('\r'),
        "{name}\n{formatted}"
    );
    for line in formatted.lines() {
        assert_eq!(line, line.trim_end(), "{name}: blanks at the end of a line");
        if line.contains("//") || line.contains('"') {
            continue; // these are as long as their author wrote them
        }
        assert!(!line.contains('\t'), "{name}: {line:?}");
        assert!(line.chars().count() <= MARGIN || !line.contains(", "), "{name}: too long: {line}");
    }
}

#[test]
fn every_other_rule_file_of_this_repository() {
    let folder =
        |path: &str| meterwarden::files(format!("{}/{path}", env!("CARGO_MANIFEST_DIR")).as_ref(), "rules");
    let mut count = 0;
    for path in
        ["rules", "tests/cases", "crates/cli/tests/inputs"].into_iter().flat_map(|path| folder(path).unwrap())
    {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let name = path.to_string_lossy();
        let parsed = parse(&Source::new(&*name, text.as_str()), 0);
        let result = format(&Source::new(&*name, text.as_str()));
        if parsed.found.is_empty() {
            formatted(&name, &text);
            count += 1;
        } else {
            let Err(FormatError::Syntax(found)) = result else { panic!("{name}: {result:?}") };
            assert_eq!(found.found().len(), parsed.found.len(), "{name}");
        }
    }
    assert!(count > 100, "only {count} files parse");
}

/// Each comment alone in each gap of a file that has every construct.
#[test]
fn a_comment_in_any_place() {
    let text = fs::read_to_string("tests/cases/parse/everything.rules").unwrap();
    let words: Vec<String> = bare_words(&text);
    for place in 0..=words.len() {
        for (before, comment) in
            [(" ", "// c"), ("\n", "// c"), ("\n\n", "/// c"), (" ", "///c"), ("\n", "// c\n\n/// d")]
        {
            let mut parts = Vec::new();
            let mut text = String::new();
            for (index, word) in words.iter().map(Some).chain([None]).enumerate() {
                if index == place {
                    text += &format!("{before}{comment}\n");
                    parts.extend(comment.split("\n\n").enumerate().map(|(second, comment)| {
                        TextPart::Comment(comment.to_owned(), index > 0 && second == 0 && before == " ")
                    }));
                }
                if let Some(word) = word {
                    text += &format!(" {word}");
                    parts.push(TextPart::Word(word.clone()));
                }
            }
            let formatted = formatted("any place", &text);
            assert_eq!(read_back(&formatted, &words), parts, "{text}\n----- format\n{formatted}");
        }
    }
}

/// The words of a text without syntax errors, without its comments.
fn bare_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '*');
        let length = match next {
            '/' => rest.find('\n').unwrap_or(rest.len()),
            '"' => rest[1..].find('"').unwrap() + 2,
            next if is_word(next) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            next => next.len_utf8(),
        };
        let (word, behind) = rest.split_at(length);
        words.extend((next != '/' && !word.trim().is_empty()).then(|| word.to_owned()));
        rest = behind;
    }
    words
}

fn config() -> ProptestConfig {
    let times: u32 = std::env::var("MW_FORMAT_CASES").map_or(1, |times| times.parse().unwrap());
    ProptestConfig {
        cases: 400 * times,
        rng_seed: proptest::test_runner::RngSeed::Fixed(7),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_file_with_comments_anywhere((file, gaps) in tapes()) {
        let words = words(&file);
        let (text, parts) = written(&words, &gaps);
        let formatted = formatted("any file", &text);
        prop_assert_eq!(read_back(&formatted, &words), parts, "{}\n----- format\n{}", text, formatted);
    }
}

/// The shipped rules are formatted.
#[test]
fn the_shipped_rules_are_formatted() {
    for path in meterwarden::files(concat!(env!("CARGO_MANIFEST_DIR"), "/rules").as_ref(), "rules").unwrap() {
        let source = Source::new(path.to_string_lossy(), fs::read_to_string(&path).unwrap());
        let formatted = format(&source).unwrap();
        assert!(source.text == formatted, "{} is not laid out: run `meterwarden fmt rules`", source.path);
    }
}
