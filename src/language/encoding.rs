//! Bytes to text. A rule file is UTF-8. If a file is not, its encoding is guessed, so that the other mistakes in it are
//! reported in the same run.

use std::ops::Range;

/// The text of a file, and what is wrong with its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Decoded {
    /// What could be read, with line ends LF or CRLF.
    pub(crate) text: String,
    /// What is wrong, if anything.
    pub(crate) problem: Option<Problem>,
}

/// Why bytes are not the text of a rule file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The first place in the text where it shows.
    pub(crate) place: Range<usize>,
    pub(crate) message: String,
    pub(crate) label: Option<String>,
    pub(crate) help: &'static str,
    /// Whether the text is what the author sees in an editor; otherwise it is empty.
    pub(crate) readable: bool,
}

/// The text of a file's bytes.
pub(crate) fn decode(bytes: Vec<u8>) -> Decoded {
    if let Some(what) = document(&bytes) {
        return no_text(format!("this is {what}, not a text"));
    }
    if let Some((units, mark)) = utf_16(&bytes) {
        return from_utf_16(&units, mark);
    }
    let decoded = match String::from_utf8(bytes) {
        Ok(text) => Decoded { text, problem: None },
        Err(error) if is_binary(error.as_bytes()) => return no_text("this file holds no text".to_owned()),
        Err(error) => from_windows_1252(error.as_bytes()),
    };
    Decoded { text: with_line_feeds(decoded.text), ..decoded }
}

/// The kind of a file that is no text, by its first bytes.
fn document(bytes: &[u8]) -> Option<&'static str> {
    const DOCUMENTS: &[(&[u8], &str)] = &[
        (b"PK\x03\x04", "a Word or Excel document, or another ZIP archive"),
        (b"\xd0\xcf\x11\xe0", "an old Word or Excel document"),
        (b"%PDF-", "a PDF document"),
        (b"{\\rtf", "a document in Rich Text Format"),
        (b"\x89PNG", "a picture"),
        (b"\xff\xd8\xff", "a picture"),
        (b"\x1f\x8b", "a compressed file"),
    ];
    DOCUMENTS.iter().find(|(head, _)| bytes.starts_with(head)).map(|(_, what)| *what)
}

fn no_text(message: String) -> Decoded {
    let help =
        "copy its text into an editor for plain text, and save that under this name with the encoding UTF-8";
    let problem = Problem { place: 0..0, message, label: None, help, readable: false };
    Decoded { text: String::new(), problem: Some(problem) }
}

/// Whether more than one byte in ten is a control character, which a text does not have.
fn is_binary(bytes: &[u8]) -> bool {
    let control = |byte: &&u8| **byte < 0x20 && !matches!(**byte, b'\t' | b'\n' | b'\r' | b'\x0c');
    bytes.iter().filter(control).count() * 10 > bytes.len()
}

/// The units of a text in UTF-16, and whether it begins with a byte order mark. Without one, UTF-16 shows by a zero
/// byte beside nearly every letter.
fn utf_16(bytes: &[u8]) -> Option<(Vec<u16>, bool)> {
    let zeros = |odd: usize| bytes.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let most = |zeros: usize| bytes.len() >= 8 && zeros * 2 > bytes.len() / 2;
    let (big, mark) = match bytes {
        [0xff, 0xfe, ..] => (false, true),
        [0xfe, 0xff, ..] => (true, true),
        _ if most(zeros(1)) && !most(zeros(0)) => (false, false),
        _ if most(zeros(0)) && !most(zeros(1)) => (true, false),
        _ => return None,
    };
    let unit = |pair: &[u8; 2]| if big { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) };
    let (pairs, _) = bytes.as_chunks::<2>();
    Some((pairs.iter().skip(usize::from(mark)).map(unit).collect(), mark))
}

fn from_utf_16(units: &[u16], mark: bool) -> Decoded {
    let text = with_line_feeds(String::from_utf16_lossy(units));
    let message = match mark {
        true => "this file is stored as UTF-16, and a rule file is UTF-8",
        false => "this file looks like UTF-16, and a rule file is UTF-8",
    };
    let place = 0..text.lines().next().map_or(0, str::len);
    let help = "open it in an editor, choose \"Save as\", and there the encoding UTF-8";
    let problem = Problem { place, message: message.to_owned(), label: None, help, readable: true };
    Decoded { text, problem: Some(problem) }
}

/// Text in UTF-8 with some bytes that are not; these are read as Windows-1252.
fn from_windows_1252(bytes: &[u8]) -> Decoded {
    let mut text = String::with_capacity(bytes.len());
    let mut first: Option<(Range<usize>, &[u8])> = None;
    let mut more = 0;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if chunk.invalid().is_empty() {
            continue;
        }
        let start = text.len();
        text.extend(chunk.invalid().iter().map(|byte| windows_1252(*byte)));
        match first {
            None => first = Some((start..text.len(), chunk.invalid())),
            Some(_) => more += 1,
        }
    }
    let problem = first.map(|(place, bytes)| Problem {
        message: not_utf_8(text.get(place.clone()).unwrap_or_default(), bytes),
        label: (more > 0)
            .then(|| format!("and in {more} more {}", if more == 1 { "place" } else { "places" })),
        help: match bytes {
            [_] => OTHER_ENCODING,
            _ => "write the character again in an editor, and save the file with the encoding UTF-8",
        },
        place,
        readable: true,
    });
    Decoded { text, problem }
}

const OTHER_ENCODING: &str =
    "open it in an editor as Windows-1252 (also called ANSI or Western), and save it with the encoding UTF-8";

fn not_utf_8(read: &str, bytes: &[u8]) -> String {
    let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    let hex = hex.join(" ");
    match bytes {
        [_] if !read.contains('\u{fffd}') => {
            format!(
                "this file is not UTF-8: `{read}` is stored here as the byte {hex}, as Windows-1252 has it"
            )
        }
        [_] => format!("this file is not UTF-8: the byte {hex} is no character here"),
        _ => format!("this file is not UTF-8: the bytes {hex} are no character here"),
    }
}

/// The character of a byte in Windows-1252. All but 32 of them are the same in Unicode.
fn windows_1252(byte: u8) -> char {
    const UPPER: [char; 32] = [
        '€', '\u{fffd}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{fffd}', 'Ž', '\u{fffd}',
        '\u{fffd}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{fffd}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => UPPER.get(usize::from(byte - 0x80)).copied().unwrap_or('\u{fffd}'),
        _ => char::from(byte),
    }
}

/// A text with LF in place of each CR that ends a line alone, as on old systems. Every other byte keeps its position.
fn with_line_feeds(text: String) -> String {
    let alone = |(at, _): &(usize, &str)| text.as_bytes().get(at + 1) != Some(&b'\n');
    if !text.match_indices('\r').any(|found| alone(&found)) {
        return text;
    }
    let mut characters = text.chars().peekable();
    let mut replaced = String::with_capacity(text.len());
    while let Some(c) = characters.next() {
        replaced.push(if c == '\r' && characters.peek() != Some(&'\n') { '\n' } else { c });
    }
    replaced
}
