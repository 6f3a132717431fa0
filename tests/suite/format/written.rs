//! Random rule files: words, with random blanks, line breaks and comments between them.

use proptest::collection::vec;
use proptest::prelude::*;

/// Choices from a tape of numbers. After its end the numbers are 0, the simplest choice, so a failure shrinks by
/// itself.
pub(crate) struct Choices<'t>(std::slice::Iter<'t, u16>);

impl Choices<'_> {
    fn below(&mut self, bound: usize) -> usize {
        self.0.next().map_or(0, |&number| usize::from(number) % bound)
    }

    /// True in `times` of 100 cases.
    fn percent(&mut self, times: usize) -> bool {
        100 - self.below(100) <= times
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

/// The tapes of a file: its words, and what is between them.
pub(crate) fn tapes() -> impl Strategy<Value = (Vec<u16>, Vec<u16>)> {
    (vec(any::<u16>(), 0..400), vec(any::<u16>(), 0..1_500))
}

pub(crate) fn words(tape: &[u16]) -> Vec<String> {
    let mut writer = Writer { choices: Choices(tape.iter()), words: Vec::new() };
    for _ in 0..1 + writer.choices.below(6) {
        writer.item();
    }
    writer.words
}

const NAMES: &[&str] = &[
    "a",
    "role",
    "status",
    "other-device",
    "live",
    "sets",
    "Whitelisted",
    "InstalledNotCommissioned",
    "X_1",
    "a-name-that-is-longer-than-an-author-would-like-it-to-be",
];
const VALUES: &[&str] = &["IS", "4.6.1", "1", "Commissioned", "InstalledNotCommissioned", "fields"];
const TEXTS: &[&str] = &[
    "\"\"",
    "\"a text\"",
    "\"no // comment, no { brace\"",
    "\"  blanks\tand a tab  \"",
    "\"Verteilnetzbetreiberübergabestation 🙂\"",
    "\"a text that goes on for so long that not much else has room on its line, if anything has at all\"",
];

/// Writes the productions of the grammar, with a function for each.
struct Writer<'t> {
    choices: Choices<'t>,
    words: Vec<String>,
}

impl Writer<'_> {
    fn put(&mut self, words: &str) {
        self.words.extend(words.split(' ').map(str::to_owned));
    }

    fn name(&mut self) {
        let name = self.choices.pick(NAMES);
        self.put(name);
    }

    fn value(&mut self) {
        let value = self.choices.pick(VALUES);
        self.put(value);
    }

    fn text(&mut self) {
        let text = self.choices.pick(TEXTS).to_owned();
        self.words.push(text);
    }

    fn maybe_text(&mut self) {
        if self.choices.percent(60) {
            self.text();
        }
    }

    /// Repeats a random number of times, up to a bound.
    fn times(&mut self, most: usize, mut write: impl FnMut(&mut Self)) {
        for _ in 0..self.choices.below(most + 1) {
            write(self);
        }
    }

    fn listed(&mut self, most: usize, mut write: impl FnMut(&mut Self)) {
        write(self);
        self.times(most, |writer| {
            writer.put(",");
            write(writer);
        });
    }

    fn item(&mut self) {
        match self.choices.below(7) {
            0 => self.service(),
            1 => self.rule(),
            2 => self.group(),
            3 => self.tag(),
            4 => self.attribute(),
            5 => self.condition(),
            _ => self.modification(),
        }
    }

    fn tag(&mut self) {
        self.put("tag");
        self.name();
        self.maybe_text();
    }

    fn group(&mut self) {
        self.put("group");
        self.name();
        self.name();
        self.put("=");
        self.items();
    }

    fn attribute(&mut self) {
        if self.choices.percent(30) {
            self.put("set");
        }
        self.put("attribute");
        self.name();
        self.maybe_text();
        self.times(2, |writer| {
            if writer.choices.percent(50) {
                let word = if writer.choices.percent(50) { "always" } else { "sender" };
                writer.put(word);
            } else {
                writer.put("like");
                writer.name();
            }
        });
        self.put("{");
        if self.choices.percent(70) {
            self.refuse();
        }
        self.times(9, |writer| {
            writer.value();
            writer.maybe_text();
            if writer.choices.percent(20) {
                writer.refuse();
            }
        });
        self.put("}");
    }

    fn refuse(&mut self) {
        self.put("refuse");
        if self.choices.percent(30) {
            self.put("unassigned")
        } else {
            self.name()
        }
        self.maybe_text();
    }

    fn condition(&mut self) {
        self.put("condition");
        self.name();
        self.maybe_text();
        self.put("{");
        self.times(3, |writer| {
            let word = writer.choices.pick(&["source", "assumed"]);
            writer.put(word);
            writer.text();
        });
        for _ in 0..1 + self.choices.below(4) {
            self.put("case");
            self.clause();
            self.times(3, Self::clause);
        }
        self.put("}");
    }

    fn modification(&mut self) {
        self.put("modification");
        self.name();
        self.maybe_text();
        self.put("{");
        self.times(4, |writer| match writer.choices.below(3) {
            0 => writer.put("effective 2023-06-29"),
            1 => {
                writer.put("source");
                writer.text();
            }
            _ => writer.put("proposed"),
        });
        self.put("}");
    }

    fn service(&mut self) {
        self.put("service");
        self.value();
        self.maybe_text();
        if self.choices.percent(60) {
            self.listed(4, Self::name);
        }
        self.put("{");
        self.times(4, |writer| match writer.choices.below(4) {
            0 => {
                writer.put("fields");
                writer.items();
            }
            1 => {
                writer.put("closed");
                writer.text();
            }
            _ => writer.rule(),
        });
        self.put("}");
    }

    fn rule(&mut self) {
        let effect = self.choices.pick(&["permit", "forbid"]);
        self.put(effect);
        self.name();
        self.maybe_text();
        self.put("{");
        self.times(8, Self::part);
        self.put("}");
    }

    fn part(&mut self) {
        match self.choices.below(10) {
            0 => self.covers(),
            1 => {
                self.put("when");
                self.name();
            }
            2 => self.bound(),
            3 => {
                self.put("source");
                self.text();
            }
            4 => {
                self.put("assumed");
                self.text();
            }
            5 => self.refuse(),
            _ => self.clause(),
        }
    }

    fn covers(&mut self) {
        self.put("services");
        self.listed(12, Self::selector);
        if self.choices.percent(50) {
            self.put("except");
            self.listed(12, Self::selector);
        }
    }

    fn selector(&mut self) {
        match self.choices.below(4) {
            0 => self.put("all"),
            1 => {
                self.put("tag");
                self.name();
            }
            2 => self.put("6.2.*"),
            _ => self.value(),
        }
        self.dates();
    }

    fn clause(&mut self) {
        self.name();
        match self.choices.below(12) {
            0 => self.put("any"),
            1 => self.put("none"),
            2 => self.text(),
            choice @ 3..=7 => {
                self.put(["not", "only", "includes", "excludes", "exactly"][choice - 3]);
                self.items();
            }
            _ => self.items(),
        }
    }

    fn items(&mut self) {
        let most = if self.choices.percent(20) { 20 } else { 3 };
        self.listed(most, |writer| {
            writer.value();
            writer.dates();
        });
    }

    fn dates(&mut self) {
        if self.choices.percent(20) {
            self.put("(");
            self.bound();
            self.times(1, Self::bound);
            self.put(")");
        }
    }

    fn bound(&mut self) {
        let word = self.choices.pick(&["since", "until"]);
        self.put(word);
        if self.choices.percent(50) { self.put("2020-11-29") } else { self.name() }
    }
}

/// A word or a comment, in the order of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TextPart {
    Word(String),
    /// The text from the slashes on, and whether a word is before it on its line.
    Comment(String, bool),
}

/// The text of the words with random blanks and comments between them, and its words and comments.
pub(crate) fn written(words: &[String], tape: &[u16]) -> (String, Vec<TextPart>) {
    let mut choices = Choices(tape.iter());
    let often = [0, 5, 30, 90][choices.below(4)];
    let line_end = ["\n", "\r\n", "\r"][[0, 0, 0, 1, 2][choices.below(5)]];
    let mut text = if choices.percent(10) { "\u{feff}".to_owned() } else { String::new() };
    let mut parts = Vec::new();
    for word in words.iter().map(Some).chain([None]) {
        let begun = parts.iter().any(|piece| matches!(piece, TextPart::Word(_)));
        let mut in_line = begun;
        while choices.percent(often) {
            let breaks = choices.below(4);
            text.push_str(&line_end.repeat(breaks));
            text.push_str(choices.pick(&[" ", "", "\t", "   "]));
            let trailing = in_line && breaks == 0;
            let comment = comment(&mut choices, parts.len());
            text.push_str(&comment);
            text.push_str(choices.pick(&["", " ", "\t "]));
            text.push_str(line_end);
            parts.push(TextPart::Comment(comment, trailing));
            in_line = false;
        }
        text.push_str(&line_end.repeat([0, 0, 0, 0, 1, 1, 2, 3][choices.below(8)]));
        if let Some(word) = word {
            let joins = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '*');
            let quoted = text.ends_with('"') && matches!(parts.last(), Some(TextPart::Word(_)));
            let needed = (quoted || text.ends_with(joins)) && word.starts_with(joins);
            text.push_str(if needed { " " } else { choices.pick(&["", " ", "\t", "  "]) });
            text.push_str(word);
            parts.push(TextPart::Word(word.clone()));
        }
    }
    (text, parts)
}

fn comment(choices: &mut Choices<'_>, number: usize) -> String {
    let slashes = choices.pick(&["// ", "/// ", "//", "///", "////", "//\t", "// // "]);
    let long = "long ".repeat(30);
    let body = choices.pick(&["", "}", "\"", "says \"this\",", "permit x {", "é–", "a tab\tin it", &long]);
    format!("{slashes}{body} {number}")
}

/// The words and comments of a text with these words.
pub(crate) fn read_back(text: &str, words: &[String]) -> Vec<TextPart> {
    let mut words = words.iter();
    let mut parts = Vec::new();
    let (mut rest, mut in_line) = (text, false);
    while let Some(next) = rest.chars().next() {
        if next == '\n' || next == ' ' {
            in_line &= next == ' ';
            rest = &rest[1..];
        } else if rest.starts_with("//") {
            let comment = rest.lines().next().unwrap();
            parts.push(TextPart::Comment(comment.to_owned(), in_line));
            rest = &rest[comment.len()..];
        } else {
            let Some(word) = words.next().filter(|word| rest.starts_with(*word)) else {
                parts.push(TextPart::Word(format!("another word: {}", rest.lines().next().unwrap())));
                return parts;
            };
            parts.push(TextPart::Word(word.clone()));
            rest = &rest[word.len()..];
            in_line = true;
        }
    }
    parts
}
