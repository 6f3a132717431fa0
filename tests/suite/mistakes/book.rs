//! The shipped rules as lines and words, read without the engine: where an edit can be made, and what must be wrong
//! after it.

use std::fs;
use std::ops::Range;

use meterwarden::Source;

/// The kind of a line of the shipped rules. They have one clause, one header or one brace on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Blank,
    Comment,
    /// `service 8.4 "…" {`
    Service,
    /// `permit x "…" {`, `forbid x "…" {`
    Rule,
    /// `attribute …`, `set attribute …`
    Attribute,
    Condition,
    Modification,
    Group,
    Tag,
    /// `IS "Import Supplier"`
    Value,
    Case,
    /// `fields A, B`, of a service
    Fields,
    /// `log-change from RequestType`, of a service
    From,
    /// `clock {`
    Clock,
    /// `tolerance 60 seconds`, of the clock
    ClockLine,
    /// A list that began on the line above
    More,
    /// `status live`, of a rule
    Clause,
    When,
    Since,
    Services,
    Source,
    Assumed,
    Refuse,
    Closed,
    Effective,
    Proposed,
    Close,
}

/// A word, a mark or a text.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) range: Range<usize>,
}

#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) kind: Kind,
    pub(crate) text: String,
    pub(crate) words: Vec<Word>,
    /// The line that opens the innermost block around this line; the line itself if there is no block.
    pub(crate) block: usize,
    /// The line that begins the item of the file around this line.
    pub(crate) item: usize,
}

impl Line {
    /// The word at an index; empty if there is none.
    pub(crate) fn word(&self, index: usize) -> &str {
        self.words.get(index).map_or("", |word| &word.text)
    }

    /// The line with another word at an index.
    pub(crate) fn with(&self, index: usize, new: &str) -> String {
        self.with_range(self.words[index].range.clone(), new)
    }

    pub(crate) fn with_range(&self, range: Range<usize>, new: &str) -> String {
        let mut text = self.text.clone();
        text.replace_range(range, new);
        text
    }

    pub(crate) fn position(&self, text: &str) -> Option<usize> {
        self.words.iter().position(|word| word.text == text)
    }

    pub(crate) fn has(&self, text: &str) -> bool {
        self.position(text).is_some()
    }

    /// The indices of the words with this text.
    pub(crate) fn positions(&self, text: &str) -> Vec<usize> {
        (0..self.words.len()).filter(|index| self.word(*index) == text).collect()
    }

    pub(crate) fn indent(&self) -> &str {
        &self.text[..self.text.len() - self.text.trim_start().len()]
    }
}

/// `role IS, GS`: the indices of the attribute and of its items in the line.
pub(crate) struct Asked {
    pub(crate) attribute: usize,
    pub(crate) items: Vec<usize>,
}

#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) lines: Vec<Line>,
}

/// A line of a file, both counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct At {
    pub(crate) file: usize,
    pub(crate) line: usize,
}

pub(crate) struct Book {
    pub(crate) files: Vec<File>,
    pub(crate) attributes: Vec<String>,
}

const TESTS: &[&str] = &["not", "only", "includes", "excludes", "exactly", "any", "none"];

impl Book {
    /// The shipped rules, in path order.
    pub(crate) fn shipped() -> Self {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
        let paths = meterwarden::files(&folder, "rules").unwrap();
        let read = |path: &std::path::PathBuf| {
            (meterwarden::relative(&folder, path), fs::read_to_string(path).unwrap())
        };
        let texts: Vec<(String, String)> = paths.iter().map(read).collect();
        let attributes: Vec<String> = texts.iter().flat_map(|(_, text)| declared_attributes(text)).collect();
        let file = |(path, text): (String, String)| {
            let lines = lines(&text, &attributes);
            File { path, text, lines }
        };
        Self { files: texts.into_iter().map(file).collect(), attributes }
    }

    pub(crate) fn sources(&self) -> Vec<Source> {
        self.files.iter().map(|file| Source::new(file.path.clone(), file.text.clone())).collect()
    }

    pub(crate) fn line(&self, at: At) -> &Line {
        &self.files[at.file].lines[at.line]
    }

    /// Every line, in path order.
    pub(crate) fn all(&self) -> impl Iterator<Item = At> + '_ {
        let lines =
            |(index, file): (usize, &File)| (0..file.lines.len()).map(move |line| At { file: index, line });
        self.files.iter().enumerate().flat_map(lines)
    }

    /// The lines that satisfy a condition.
    pub(crate) fn places(&self, fits: impl Fn(&Line) -> bool) -> Vec<At> {
        self.all().filter(|at| fits(self.line(*at))).collect()
    }

    /// The first line, in path order, that satisfies a condition.
    pub(crate) fn first(&self, fits: impl Fn(&Line) -> bool) -> Option<At> {
        self.all().find(|at| fits(self.line(*at)))
    }

    /// The first line that names a value or group of an attribute, except its declaration.
    pub(crate) fn first_use(&self, attribute: &str, name: &str) -> Option<At> {
        self.first(|line| {
            let about = self.asked(line);
            about.iter().any(|asked| {
                line.word(asked.attribute) == attribute
                    && asked.items.iter().any(|index| line.word(*index) == name)
            })
        })
    }

    /// The lines of the block that a line opens, including the last.
    pub(crate) fn block(&self, at: At) -> Range<usize> {
        let lines = &self.files[at.file].lines;
        let closes = |line: &Line| line.kind == Kind::Close && line.block == at.line;
        at.line..lines.iter().position(closes).map_or(at.line + 1, |close| close + 1)
    }

    /// The text of some lines.
    pub(crate) fn text(&self, file: usize, range: Range<usize>) -> String {
        self.files[file].lines[range].iter().map(|line| format!("{}\n", line.text)).collect()
    }

    /// The clauses of a line.
    pub(crate) fn asked(&self, line: &Line) -> Vec<Asked> {
        let from = match line.kind {
            Kind::Clause => 0,
            Kind::Case | Kind::Group => 1,
            _ => return Vec::new(),
        };
        let mut asked: Vec<Asked> = Vec::new();
        let mut bracket = false;
        for index in from..line.words.len() {
            let word = line.word(index);
            bracket = word == "(" || bracket && word != ")";
            let named = self.attributes.iter().any(|name| name == word) && line.word(index.max(1) - 1) != ",";
            if index == from || named && line.kind != Kind::Group {
                asked.push(Asked { attribute: index, items: Vec::new() });
            } else if !bracket && is_name(word) && !TESTS.contains(&word) {
                asked.last_mut().unwrap().items.push(index);
            }
        }
        if line.kind == Kind::Group {
            asked[0].items.remove(0); // its own name
        }
        asked
    }
}

fn declared_attributes(text: &str) -> Vec<String> {
    let names = text.lines().filter_map(|line| {
        let line = line.strip_prefix("set ").unwrap_or(line);
        line.strip_prefix("attribute ")?.split(' ').next()
    });
    names.map(str::to_owned).collect()
}

/// Whether it is a name or a number, not a mark or a text.
pub(crate) fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_alphanumeric())
}

fn lines(text: &str, attributes: &[String]) -> Vec<Line> {
    let mut made: Vec<Line> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for (number, text) in text.lines().enumerate() {
        let words = words(text);
        let above = made.iter().rev().find(|line| !matches!(line.kind, Kind::Comment | Kind::Blank));
        let ends =
            |end: &str| above.is_some_and(|line| line.words.last().is_some_and(|last| last.text == end));
        let head = above.is_some_and(|line| line.kind == Kind::Service) && !ends("{") && !ends("}");
        let goes_on = ends(",") || head;
        let inside = open.last().map(|line| made[*line].kind);
        let kind = if goes_on { Kind::More } else { kind(text, &words, inside, attributes) };
        let (item, block) = (open.first().copied().unwrap_or(number), open.last().copied().unwrap_or(number));
        if kind == Kind::Close {
            open.pop();
        } else if words.last().is_some_and(|word| word.text == "{") {
            open.push(if head { number - 1 } else { number });
        }
        made.push(Line { kind, text: text.to_owned(), words, block, item });
    }
    assert!(open.is_empty(), "the shipped rules are laid out as this reader needs them");
    made
}

fn kind(text: &str, words: &[Word], inside: Option<Kind>, attributes: &[String]) -> Kind {
    let Some(first) = words.first() else {
        return if text.trim().is_empty() { Kind::Blank } else { Kind::Comment };
    };
    match first.text.as_str() {
        "}" => Kind::Close,
        "refuse" => Kind::Refuse,
        _ if inside == Some(Kind::Attribute) => Kind::Value,
        _ if inside == Some(Kind::Clock) => Kind::ClockLine,
        _ if words.get(1).is_some_and(|word| word.text == "from") => Kind::From,
        "service" => Kind::Service,
        "clock" => Kind::Clock,
        "permit" | "forbid" => Kind::Rule,
        "attribute" | "set" => Kind::Attribute,
        "condition" => Kind::Condition,
        "modification" => Kind::Modification,
        "group" => Kind::Group,
        "tag" => Kind::Tag,
        "case" => Kind::Case,
        "fields" if inside == Some(Kind::Service) => Kind::Fields,
        "when" => Kind::When,
        "since" => Kind::Since,
        "services" => Kind::Services,
        "source" => Kind::Source,
        "assumed" => Kind::Assumed,
        "closed" => Kind::Closed,
        "effective" => Kind::Effective,
        "proposed" => Kind::Proposed,
        word if attributes.iter().any(|name| name == word) => Kind::Clause,
        _ => panic!("what is `{text}`?"),
    }
}

fn words(line: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(c) = line[at..].chars().next() {
        let rest = &line[at..];
        let is_word = |c: char| c.is_ascii_alphanumeric() || "-_.*".contains(c);
        let length = match c {
            _ if rest.starts_with("//") => break,
            '"' => rest[1..].find('"').unwrap() + 2,
            c if is_word(c) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        if !c.is_whitespace() {
            words.push(Word { text: rest[..length].to_owned(), range: at..at + length });
        }
        at += length;
    }
    words
}
