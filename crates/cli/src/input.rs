//! What kind of input a path is.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// The longest message or request file that is read whole. Request lines may go on for ever.
const MOST: usize = meterwarden_duis::MAX_BYTES;

/// What a text holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `<sr:Request …>`: a DUIS message.
    Duis,
    /// `requests.json`: a request or a list of them.
    Json,
    /// `requests.yaml`, likewise.
    Yaml,
    /// A request as JSON on each line.
    Lines,
}

/// A text that has been opened, and what it holds.
pub(crate) struct Input {
    pub(crate) kind: Kind,
    pub(crate) text: Box<dyn Reading>,
}

/// A text that can tell what it holds ready, so that nobody waits for an answer that stands in a buffer.
pub(crate) trait Reading: BufRead {
    /// Whether the next line can be read without waiting for more.
    fn has_line(&self) -> bool;
}

impl<R: Read> Reading for BufReader<R> {
    fn has_line(&self) -> bool {
        self.buffer().contains(&b'\n')
    }
}

/// Opens a file, or standard input as `-`.
pub(crate) fn open(path: &Path) -> io::Result<Input> {
    let mut text: Box<dyn Reading> = if path == Path::new("-") {
        Box::new(BufReader::with_capacity(64 * 1024, io::stdin().lock()))
    } else {
        Box::new(BufReader::with_capacity(64 * 1024, File::open(path)?))
    };
    let kind = Kind::of(path, text.fill_buf()?);
    Ok(Input { kind, text })
}

impl Kind {
    /// The kind of a text by its name and its beginning. Whatever is named, `<` begins a message.
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

/// The whole of a text, if it is not too long to be a message or a request file.
pub(crate) fn whole(text: &mut dyn Reading) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    text.take(MOST as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > MOST {
        return Err(io::Error::other(
            "it is longer than 16 MiB; give many requests one a line, in a file named .jsonl",
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
            ("a.xml", "", Kind::Duis),
            ("A.XML", "{", Kind::Duis),
            ("a.json", "\u{FEFF} \r\n<sr:Request", Kind::Duis),
            ("-", "\n<Request", Kind::Duis),
            ("a.json", "{", Kind::Json),
            ("a.yaml", "service: 8.4", Kind::Yaml),
            ("a.YML", "- service: 8.4", Kind::Yaml),
            ("a.jsonl", "{", Kind::Lines),
            ("a.ndjson", "", Kind::Lines),
            ("-", "{", Kind::Lines),
            ("/dev/fd/63", "", Kind::Lines),
        ] {
            assert_eq!(Kind::of(Path::new(path), start.as_bytes()), kind, "{path} {start}");
        }
    }
}
