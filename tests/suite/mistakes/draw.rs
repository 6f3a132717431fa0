//! Edits drawn by a seed: the same seed draws the same edits of the same text.

use meterwarden::Code;

use super::book::{At, Book, Line};

/// One wrong edit, and the finding that it must have.
#[derive(Clone, Debug)]
pub(crate) struct Mistake {
    pub(crate) kind: &'static str,
    /// The file that was edited.
    pub(crate) file: usize,
    /// Its text after the edit.
    pub(crate) text: String,
    /// Its bytes, if they are not that text.
    pub(crate) bytes: Option<Vec<u8>>,
    /// A description of the edit.
    pub(crate) edit: String,
    /// The codes that the first finding may have; empty if the edit does no harm.
    pub(crate) codes: Vec<Code>,
    /// The file that the finding must be in.
    pub(crate) in_file: usize,
    /// The lines that the finding may be on, counted from 1.
    pub(crate) lines: Vec<usize>,
    /// The name or word that its help must show, if any.
    pub(crate) meant: Option<String>,
}

impl Mistake {
    /// A line with another text, which may be empty or several lines. The finding is on the first of them.
    pub(crate) fn line(book: &Book, at: At, new: &str) -> Self {
        let file = &book.files[at.file];
        let lines = file.lines.iter().enumerate();
        let text = lines.map(|(number, line)| if number == at.line { new } else { &line.text });
        let text = text.collect::<Vec<_>>().join("\n") + "\n";
        let old = file.lines[at.line].text.trim();
        let edit = format!("{}:{} `{}` for `{}`", file.path, at.line + 1, shown(new), shown(old));
        Self::text(at.file, text, edit).on(&[at.line + 1])
    }

    /// Lines deleted, moved or inserted, as a new text.
    pub(crate) fn text(file: usize, text: String, edit: String) -> Self {
        Self {
            kind: "",
            file,
            text,
            bytes: None,
            edit,
            codes: Vec::new(),
            in_file: file,
            lines: Vec::new(),
            meant: None,
        }
    }

    pub(crate) fn code(mut self, code: Code) -> Self {
        self.codes.push(code);
        self
    }

    pub(crate) fn on(mut self, lines: &[usize]) -> Self {
        self.lines = lines.to_vec();
        self
    }

    /// The finding is where a name is used, possibly in another file.
    pub(crate) fn at(mut self, at: At) -> Self {
        self.in_file = at.file;
        self.lines = vec![at.line + 1];
        self
    }

    pub(crate) fn means(mut self, name: &str) -> Self {
        self.meant = Some(name.to_owned());
        self
    }
}

fn shown(text: &str) -> String {
    let text = text.trim().replace('\n', "⏎").replace('\t', "␉");
    if text.chars().count() <= 76 { text } else { text.chars().take(76).chain(['…']).collect() }
}

/// The shipped rules, and the random numbers that draw from them.
pub(crate) struct Draw<'b> {
    pub(crate) book: &'b Book,
    state: u64,
}

impl<'b> Draw<'b> {
    pub(crate) fn new(book: &'b Book, seed: u64) -> Self {
        Self { book, state: seed }
    }

    /// SplitMix64.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, many: usize) -> usize {
        usize::try_from(self.next() % many as u64).unwrap()
    }

    pub(crate) fn pick<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        if all.is_empty() { None } else { Some(all[self.below(all.len())].clone()) }
    }

    /// A random line that satisfies a condition.
    pub(crate) fn place(&mut self, fits: impl Fn(&Line) -> bool) -> Option<(At, &'b Line)> {
        let book = self.book;
        let at = self.pick(&book.places(fits))?;
        Some((at, book.line(at)))
    }

    /// A name with one slip: a letter lost, doubled, hit wrongly, or two letters swapped. A name of two letters keeps
    /// both.
    pub(crate) fn slip(&mut self, name: &str) -> String {
        let letters: Vec<char> = name.chars().collect();
        loop {
            let index = self.below(letters.len());
            let mut slipped = letters.clone();
            match self.below(4) {
                0 if letters.len() > 2 => drop(slipped.remove(index)),
                1 => slipped.insert(index, letters[index]),
                2 if index + 1 < letters.len() => slipped.swap(index, index + 1),
                3 if letters.len() > 2 => slipped[index] = beside(letters[index]),
                _ => continue,
            }
            let slipped: String = slipped.into_iter().collect();
            if slipped != name
                && slipped.starts_with(|c: char| c.is_ascii_alphabetic())
                && !ends_badly(&slipped)
            {
                return slipped;
            }
        }
    }
}

/// The key beside that of a letter.
fn beside(letter: char) -> char {
    const ROWS: &[&str] = &["qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890"];
    let lower = letter.to_ascii_lowercase();
    let row = ROWS.iter().find(|row| row.contains(lower));
    let Some(row) = row else { return 'x' };
    let at = row.find(lower).unwrap();
    let key = row.chars().nth(if at == 0 { 1 } else { at - 1 }).unwrap();
    if letter.is_ascii_uppercase() { key.to_ascii_uppercase() } else { key }
}

/// A name may not end in a character that a reader would not take for a part of it.
fn ends_badly(name: &str) -> bool {
    name.ends_with('-') || name.contains("--")
}
