//! Opens an input, and finds out what kind of input it is.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use crate::limits::{BUFFER_BYTES, MESSAGE_BYTES};

/// What an input holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum InputKind {
    /// A DUIS message: `<sr:Request …>`
    Duis,
    /// A request or a list of requests: `requests.json`
    Json,
    /// A request or a list of requests: `requests.yaml`
    Yaml,
    /// A request as JSON on each line
    Lines,
}

/// An input that has been opened.
pub(super) struct Input {
    pub(super) kind: InputKind,
    pub(super) text: Box<dyn InputText>,
}

/// The text of an input, which knows whether reading would wait. Answers are sent before the command waits, so that no
/// answer stays in a buffer.
pub(super) trait InputText: BufRead {
    /// Whether the next line can be read without waiting.
    fn has_line(&self) -> bool;
}

impl<R: Read> InputText for BufReader<R> {
    fn has_line(&self) -> bool {
        self.buffer().contains(&b'\n')
    }
}

/// Opens a file, or standard input as `-`.
pub(super) fn open(path: &Path) -> io::Result<Input> {
    let mut text: Box<dyn InputText> = if path == Path::new("-") {
        Box::new(BufReader::with_capacity(BUFFER_BYTES, io::stdin().lock()))
    } else {
        Box::new(BufReader::with_capacity(BUFFER_BYTES, File::open(path)?))
    };
    let kind = InputKind::of(path, text.fill_buf()?);
    Ok(Input { kind, text })
}

impl InputKind {
    /// The kind by the name and the beginning of the text. A text that begins with `<` is a message, whatever its name.
    fn of(path: &Path, start: &[u8]) -> Self {
        let start = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start);
        if start.trim_ascii_start().starts_with(b"<") {
            return Self::Duis;
        }
        let ending = path.extension().and_then(OsStr::to_str).map(str::to_ascii_lowercase);
        match ending.as_deref() {
            Some("xml") => Self::Duis,
            Some("json") => Self::Json,
            Some("yaml" | "yml") => Self::Yaml,
            _ => Self::Lines,
        }
    }
}

/// Reads a whole text; one that is too long to be a message or a request file is an error.
pub(super) fn read_all(text: &mut dyn InputText) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    text.take(MESSAGE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > MESSAGE_BYTES {
        return Err(io::Error::other(
            "it is longer than 16 MiB; write many requests one a line, in a .jsonl file",
        ));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_of_a_path_and_its_beginning() {
        for (path, start, kind) in [
            ("a.xml", "", InputKind::Duis),
            ("A.XML", "{", InputKind::Duis),
            ("a.json", "\u{FEFF} \r\n<sr:Request", InputKind::Duis),
            ("-", "\n<Request", InputKind::Duis),
            ("a.json", "{", InputKind::Json),
            ("a.yaml", "service: 8.4", InputKind::Yaml),
            ("a.YML", "- service: 8.4", InputKind::Yaml),
            ("a.jsonl", "{", InputKind::Lines),
            ("a.ndjson", "", InputKind::Lines),
            ("-", "{", InputKind::Lines),
            ("/dev/fd/63", "", InputKind::Lines),
        ] {
            assert_eq!(InputKind::of(Path::new(path), start.as_bytes()), kind, "{path} {start}");
        }
    }
}
