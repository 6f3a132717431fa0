//! `tests/cases/parse/NAME.rules`, and its syntax tree or the findings that its author reads.

use std::fs;

use crate::tree_text;
use meterwarden::{Diagnostics, Parsed, Policy, Source, parse};
use proptest::prelude::*;

#[test]
fn pages() {
    insta::glob!("../cases", "parse/*.rules", |path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let source = Source::new(name, fs::read_to_string(path).unwrap());
        let parsed = parse(&source, 0);
        let result = if parsed.found.is_empty() {
            tree_text::whole(&source, &parsed.file)
        } else {
            findings(&source, &parsed)
        };
        let page = format!("----- rules\n{}\n----- parse\n{result}\n", visible(&source.text));
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!("parse", page);
        });
    });
}

/// The findings, and what could be read nevertheless.
fn findings(source: &Source, parsed: &Parsed) -> String {
    let text = Diagnostics::new(vec![source.clone()], parsed.found.clone()).render(false);
    format!("{text}\n\n----- read all the same\n{}", tree_text::outline(source, &parsed.file))
}

/// Shows line ends and characters that a snapshot would not show.
fn visible(text: &str) -> String {
    text.trim_end_matches('\n').replace('\r', "␍").replace('\t', "␉").replace('\u{feff}', "␂")
}

/// The span of every name contains the name, in correct files and in the readable parts of wrong ones.
#[test]
fn spans_are_right() {
    for source in
        shipped().into_iter().chain(sources("tests/cases/parse")).chain(sources("tests/cases/check"))
    {
        let parsed = parse(&source, 0);
        for name in tree_text::names(&parsed.file) {
            let written = source.text.get(name.span.start as usize..name.span.end as usize);
            assert_eq!(
                written.map(|text| text.trim_matches('"')),
                Some(name.text.as_str()),
                "{}",
                source.path
            );
        }
        for comment in &parsed.file.comments {
            let written = source.text.get(comment.span.start as usize..comment.span.end as usize).unwrap();
            assert!(written.starts_with("//") && written.ends_with(&comment.text), "{written:?}");
        }
    }
}

/// A mistake in one item loses no other item and no comment.
#[test]
fn comments_are_kept() {
    for source in shipped() {
        let whole = parse(&source, 0);
        assert!(whole.found.is_empty(), "{}: {:?}", source.path, whole.found);
        let broken = Source::new("broken.rules", format!("{}\ntag ; // the last\n", source.text));
        let parsed = parse(&broken, 0);
        assert_eq!(parsed.found.len(), 1, "{}", source.path);
        assert_eq!(parsed.file.items, whole.file.items, "{}", source.path);
        let comments = &parsed.file.comments;
        assert_eq!(comments[..comments.len() - 1], whole.file.comments, "{}", source.path);
    }
}

/// No message contains the name of a production of the grammar.
#[test]
fn messages_do_not_name_productions() {
    for source in sources("tests/cases/parse").into_iter().chain(sources("tests/cases/check")) {
        for finding in parse(&source, 0).found {
            for production in ["kw_", "value_decl", "name_char", "EOI", "WHITESPACE", "COMMENT", "Rule::"] {
                assert!(!finding.message.contains(production), "{production} in {finding:?}");
            }
        }
    }
}

#[test]
fn ten_thousand_braces() {
    for braces in ["{", "}", "service 1 {", "permit a {\n", "(", "\"", "a,", "status {"] {
        let source = Source::new("deep.rules", braces.repeat(10_000));
        let parsed = parse(&source, 0);
        assert!(!parsed.found.is_empty() && parsed.found.len() <= 100, "{braces}: {}", parsed.found.len());
        Diagnostics::new(vec![source], parsed.found).render(false);
    }
}

#[test]
fn a_thousand_mistakes() {
    let rule =
        |number| format!("    permit r{number} {{\n        role IS OU\n        source \"x\"\n    }}\n");
    let rules: String = (0..1_000).map(rule).collect();
    let source = Source::new("many.rules", format!("service 8.4 \"x\" {{\n{rules}}}\n"));
    let parsed = parse(&source, 0);
    assert_eq!(parsed.found.len(), 50);
}

fn shipped() -> Vec<Source> {
    sources("rules")
}

fn sources(folder: &str) -> Vec<Source> {
    let files = meterwarden::files(folder.as_ref(), "rules").unwrap();
    let source =
        |path: std::path::PathBuf| Source::new(path.to_string_lossy(), fs::read_to_string(&path).unwrap());
    files.into_iter().map(source).collect()
}

/// Reads, checks and renders a file; none of this may panic.
fn survives(sources: Vec<Source>) {
    for source in &sources {
        let parsed = parse(source, 0);
        Diagnostics::new(vec![source.clone()], parsed.found).render(false);
    }
    if let Err(found) = Policy::from_sources(sources) {
        assert!(!found.render(false).is_empty());
        assert_eq!(found.to_data().len(), found.found().len());
        for finding in found.found() {
            assert!(finding.span.start <= finding.span.end, "{finding:?}");
        }
    }
}

/// One slip of a keyboard.
#[derive(Clone, Debug)]
enum Slip {
    Delete,
    Insert(String),
    Replace(String),
    DeleteLine,
    RepeatLine,
}

fn slip() -> impl Strategy<Value = Slip> {
    let bits = || {
        prop::sample::select(vec![
            "{",
            "}",
            "\"",
            ",",
            ";",
            ":",
            "(",
            ")",
            "=",
            "[",
            "//",
            "///",
            "\n",
            "\r",
            "\t",
            " ",
            ".",
            "*",
            "-",
            "“",
            "”",
            "–",
            "\u{a0}",
            "\u{200b}",
            "é",
            "🙂",
            "\u{feff}",
            "x",
            "IS",
            " role ",
            " any ",
            " not ",
            " since ",
            " until ",
            " source ",
            " permit ",
            " service ",
            " tag ",
            " set ",
            " like ",
            " case ",
            "2023-13-01",
            "\u{301}",
            "\u{1b}",
            "\0",
        ])
        .prop_map(str::to_owned)
    };
    prop_oneof![
        Just(Slip::Delete),
        bits().prop_map(Slip::Insert),
        bits().prop_map(Slip::Replace),
        Just(Slip::DeleteLine),
        Just(Slip::RepeatLine),
    ]
}

impl Slip {
    fn apply(&self, text: &str, place: prop::sample::Index) -> String {
        let mut chars: Vec<char> = text.chars().collect();
        if chars.is_empty() {
            return text.to_owned();
        }
        let at = place.index(chars.len());
        match self {
            Self::Delete => drop(chars.remove(at)),
            Self::Insert(bit) => drop(chars.splice(at..at, bit.chars()).collect::<Vec<_>>()),
            Self::Replace(bit) => drop(chars.splice(at..=at, bit.chars()).collect::<Vec<_>>()),
            Self::DeleteLine | Self::RepeatLine => return self.apply_to_line(text, place),
        }
        chars.into_iter().collect()
    }

    fn apply_to_line(&self, text: &str, place: prop::sample::Index) -> String {
        let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
        let at = place.index(lines.len());
        match self {
            Self::RepeatLine => lines.insert(at, lines[at]),
            _ => drop(lines.remove(at)),
        }
        lines.concat()
    }
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        rng_seed: proptest::test_runner::RngSeed::Fixed(7),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn any_text_survives(text in any::<String>()) {
        survives(vec![Source::new("any.rules", text)]);
    }

    #[test]
    fn any_words_survive(words in prop::collection::vec(slip(), 0..40)) {
        let text: String = words.iter().map(|word| match word {
            Slip::Insert(bit) | Slip::Replace(bit) => bit.as_str(),
            _ => " x ",
        }).collect();
        survives(vec![Source::new("words.rules", text)]);
    }

    #[test]
    fn slips_survive(
        file in any::<prop::sample::Index>(),
        slips in prop::collection::vec((slip(), any::<prop::sample::Index>()), 1..4),
    ) {
        let files = [sources("tests/cases/parse"), sources("tests/cases/check")].concat();
        let mut source = file.get(&files).clone();
        for (slip, place) in slips {
            source.text = slip.apply(&source.text, place);
        }
        let prelude = fs::read_to_string("tests/cases/check/prelude").unwrap();
        survives(vec![source, Source::new("vocabulary.rules", prelude)]);
    }
}

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn slips_in_the_shipped_rules_survive(
        file in any::<prop::sample::Index>(),
        slips in prop::collection::vec((slip(), any::<prop::sample::Index>()), 1..4),
    ) {
        let mut sources = shipped();
        let file = file.index(sources.len());
        for (slip, place) in slips {
            sources[file].text = slip.apply(&sources[file].text, place);
        }
        survives(sources);
    }
}
