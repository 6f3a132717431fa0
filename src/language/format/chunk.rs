//! Words that stay together on a line: an item of a list with its dates, a clause of an alternative.

use crate::language::ast::{Bound, Clause, DatePart, Dated, Name, Refuse, Selector, SelectorKind, Test};

/// A list, and the word before it that names the test: `only A, B`.
pub(super) type TestWords<'a> = (Option<&'static str>, &'a [Dated]);

/// Words, and the number of blanks before each.
#[derive(Clone, Debug, Default)]
pub(super) struct Chunk<'t> {
    pub(super) words: Vec<(usize, &'t str)>,
}

/// The text of a file, to cut words from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words<'t>(pub(super) &'t str);

impl Chunk<'_> {
    /// Its width on a line, in characters.
    pub(super) fn width(&self) -> usize {
        let words = self.words.iter().enumerate();
        words.map(|(index, (blanks, word))| if index == 0 { 0 } else { *blanks } + width(word)).sum()
    }
}

impl<'t> Words<'t> {
    /// A name as written; a text with its quotes.
    pub(super) fn name(self, name: &Name) -> &'t str {
        self.0.get(name.span.start as usize..name.span.end as usize).unwrap_or_default()
    }

    /// `ED (since MP120)`
    pub(super) fn dated(self, item: &Dated) -> Chunk<'t> {
        let mut words = vec![(1, self.name(&item.name))];
        self.dates(item.dates(), &mut words);
        Chunk { words }
    }

    /// `tag critical`, `6.* (since MP105)`
    pub(super) fn selector(self, selector: &Selector) -> Chunk<'t> {
        let mut words = match &selector.kind {
            SelectorKind::All => vec![(1, "all")],
            SelectorKind::Tag(name) => vec![(1, "tag"), (1, self.name(name))],
            SelectorKind::Family(name) | SelectorKind::Service(name) => vec![(1, self.name(name))],
        };
        self.dates(&selector.dates, &mut words);
        Chunk { words }
    }

    /// `refuse E5 "…"`
    pub(super) fn refuse(self, refuse: &Refuse) -> Chunk<'t> {
        let code = refuse.code.as_ref().map_or("unassigned", |code| self.name(code));
        let mut words = vec![(1, "refuse"), (1, code)];
        words.extend(refuse.text.iter().map(|text| (1, self.name(text))));
        Chunk { words }
    }

    /// `role IS, GS`, all on one line.
    pub(super) fn clause(self, clause: &Clause) -> Chunk<'t> {
        let mut words = vec![(1, self.name(&clause.attribute))];
        match test_words(&clause.test) {
            Ok((word, items)) => {
                words.extend(word.map(|word| (1, word)));
                for (index, item) in items.iter().enumerate() {
                    words.extend((index > 0).then_some((0, ",")));
                    words.extend(self.dated(item).words);
                }
            }
            Err(Some(text)) => words.push((1, self.name(text))),
            Err(None) => {}
        }
        Chunk { words }
    }

    fn dates(self, dates: &[DatePart], words: &mut Vec<(usize, &'t str)>) {
        for (index, date) in dates.iter().enumerate() {
            let (word, bound): (&str, &Bound) = match date {
                DatePart::Since(bound) => ("since", bound),
                DatePart::Until(bound) => ("until", bound),
            };
            words.extend((index == 0).then_some((1, "(")));
            words.push((usize::from(index > 0), word));
            words.push((1, self.name(&bound.name)));
        }
        words.extend((!dates.is_empty()).then_some((0, ")")));
    }
}

/// The words of a test; as an error, the text that is there instead in a misspelt clause.
pub(super) fn test_words(test: &Test) -> Result<TestWords<'_>, Option<&Name>> {
    Ok(match test {
        Test::Any => (Some("any"), &[]),
        Test::None => (Some("none"), &[]),
        Test::In(items) => (None, items),
        Test::Not(items) => (Some("not"), items),
        Test::Only(items) => (Some("only"), items),
        Test::Includes(items) => (Some("includes"), items),
        Test::Excludes(items) => (Some("excludes"), items),
        Test::Exactly(items) => (Some("exactly"), items),
        Test::Text(text) => return Err(Some(text)),
    })
}

/// The width of a word, in characters.
pub(super) fn width(word: &str) -> usize {
    word.chars().count()
}
