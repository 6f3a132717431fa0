//! The pull reader: elements and their texts, with everything that XML may do besides refused or
//! set aside.

use std::borrow::Cow;

use quick_xml::escape::{EscapeError, resolve_xml_entity, unescape};
use quick_xml::events::attributes::{AttrError, Attributes};
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};
use quick_xml::name::{Namespace, QName, ResolveResult};
use quick_xml::reader::NsReader;

use crate::error::{ErrorKind, Fault, quote};
use crate::{MAX_BYTES, NAMESPACE};

const SIGNATURE_NAMESPACE: &str = "http://www.w3.org/2000/09/xmldsig#";
const MAX_DEPTH: usize = 64;
const MAX_ATTRIBUTES: usize = 64;
const BLANK: [char; 4] = [' ', '\t', '\r', '\n'];

/// What comes next in the text.
pub(crate) enum Node<'a> {
    Open(Tag<'a>),
    /// A piece of text, decoded; an element's text may come in several.
    Text(Cow<'a, str>),
    Close,
    End,
}

/// The beginning of an element.
#[derive(Clone, Copy)]
pub(crate) struct Tag<'a> {
    /// The name without its prefix.
    pub(crate) name: &'a str,
    pub(crate) namespace: Ns,
    pub(crate) at: usize,
    /// What stands in the tag after the name.
    pub(crate) attributes: &'a str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ns {
    Duis,
    Signature,
    Other,
}

/// A text being read. It yields a node at a time, and knows where the last one began.
pub(crate) struct Xml<'a> {
    reader: NsReader<&'a [u8]>,
    text: &'a str,
    /// The bytes of a byte order mark, which `text` leaves out.
    skipped: usize,
    depth: usize,
    root_seen: bool,
    /// Where the last node began.
    pub(crate) at: usize,
}

impl<'a> Xml<'a> {
    /// Refuses what is too long, is no UTF-8 or has bytes that no XML has, before reading a word.
    pub(crate) fn new(bytes: &'a [u8]) -> Result<Self, Fault> {
        if bytes.len() > MAX_BYTES {
            return Err(Fault::new(0, ErrorKind::TooLarge(bytes.len())));
        }
        if let [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [b'<', 0, ..] | [0, b'<', ..] = bytes {
            return Err(Fault::new(0, ErrorKind::Encoding("UTF-16".to_owned())));
        }
        let text = std::str::from_utf8(bytes)
            .map_err(|wrong| Fault::new(wrong.valid_up_to(), ErrorKind::NotUtf8))?;
        if let Some(at) = control_character(bytes) {
            return Err(not_xml(at, "a control character"));
        }
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let mut reader = NsReader::from_str(text);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_comments = true;
        let skipped = bytes.len() - text.len();
        Ok(Self { reader, text, skipped, depth: 0, root_seen: false, at: 0 })
    }

    /// The next element, text or end; comments and processing instructions are passed over.
    pub(crate) fn next(&mut self) -> Result<Node<'a>, Fault> {
        loop {
            let from = self.position();
            self.at = self.skipped + from;
            let (namespace, event) = match self.reader.read_resolved_event() {
                Ok((found, event)) => (namespace(&found), event),
                Err(wrong) => return Err(self.syntax(&wrong)),
            };
            let node = match event {
                Event::Start(tag) => self.open(&tag, namespace, from)?,
                Event::End(_) => self.close(),
                Event::Text(text) => Node::Text(text.into_inner()),
                Event::CData(data) => Node::Text(data.into_inner()),
                Event::GeneralRef(name) => Node::Text(self.reference(&name)?),
                Event::Eof => self.end()?,
                Event::DocType(_) => return Err(self.fault(ErrorKind::Doctype)),
                Event::Decl(declaration) => {
                    self.declaration(&declaration)?;
                    continue;
                }
                Event::Comment(_) | Event::PI(_) | Event::Empty(_) => continue,
            };
            match node {
                Node::Text(text) if self.depth == 0 => self.expect_no_text(&text)?,
                node => return Ok(node),
            }
        }
    }

    /// The next element or the end of the current one; text between elements is refused, unless
    /// blank.
    pub(crate) fn child(&mut self) -> Result<Option<Tag<'a>>, Fault> {
        loop {
            match self.next()? {
                Node::Open(tag) => return Ok(Some(tag)),
                Node::Close | Node::End => return Ok(None),
                Node::Text(text) => expect_blank(&text, self.at)?,
            }
        }
    }

    /// All text of an element that was just opened, up to its end; an element in it is refused.
    pub(crate) fn leaf(&mut self, within: &'static str) -> Result<Cow<'a, str>, Fault> {
        let mut whole = Cow::Borrowed("");
        loop {
            match self.next()? {
                Node::Text(piece) => append(&mut whole, piece),
                Node::Close | Node::End => return Ok(whole),
                Node::Open(tag) => {
                    let found = quote(tag.name);
                    return Err(Fault::new(tag.at, ErrorKind::Unexpected { found, within }));
                }
            }
        }
    }

    /// Everything up to the end of the element that was just opened.
    pub(crate) fn skip(&mut self) -> Result<(), Fault> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            self.next()?;
        }
        Ok(())
    }

    pub(crate) fn fault(&self, kind: ErrorKind) -> Fault {
        Fault::new(self.at, kind)
    }

    fn open(&mut self, tag: &BytesStart<'_>, namespace: Ns, from: usize) -> Result<Node<'a>, Fault> {
        if self.depth == 0 && self.root_seen {
            return Err(self.not_xml("there is a second root element"));
        }
        if self.depth == MAX_DEPTH {
            return Err(self.fault(ErrorKind::TooDeep(MAX_DEPTH)));
        }
        self.depth += 1;
        self.root_seen = true;
        check_attributes(tag).map_err(|kind| self.fault(kind))?;
        let start = from + 1;
        let whole = tag.name().0.len();
        let local = tag.local_name().into_inner().len();
        let text = self.text;
        let name = text.get(start + whole - local..start + whole).unwrap_or_default();
        if name.is_empty() {
            return Err(self.not_xml("an element has no name"));
        }
        let attributes = text.get(start + whole..start + tag.len()).unwrap_or_default();
        Ok(Node::Open(Tag { name, namespace, at: self.at, attributes }))
    }

    /// Refuses text outside the root.
    fn expect_no_text(&self, text: &str) -> Result<(), Fault> {
        let outside = "there is text outside the root element";
        expect_blank(text, self.at).map_err(|fault| not_xml(fault.at, outside))
    }

    fn close(&mut self) -> Node<'a> {
        self.depth = self.depth.saturating_sub(1);
        Node::Close
    }

    fn end(&self) -> Result<Node<'a>, Fault> {
        match (self.depth, self.root_seen) {
            (0, true) => Ok(Node::End),
            (0, false) => Err(self.not_xml("there is no element")),
            _ => Err(self.not_xml("it ends inside an element")),
        }
    }

    fn declaration(&self, declaration: &BytesDecl<'_>) -> Result<(), Fault> {
        if self.at != self.skipped {
            return Err(self.not_xml("the XML declaration does not stand first"));
        }
        match declaration.version() {
            Ok(version) if version == "1.0" => {}
            Ok(version) => {
                return Err(self.not_xml(&format!("its version is `{}`", quote(&version))));
            }
            Err(wrong) => return Err(self.syntax(&wrong)),
        }
        match declaration.encoding() {
            Some(Ok(name)) if !name.eq_ignore_ascii_case("UTF-8") => {
                Err(self.fault(ErrorKind::Encoding(quote(&name))))
            }
            Some(Err(wrong)) => Err(self.not_xml(&wrong.to_string())),
            _ => Ok(()),
        }
    }

    fn reference(&self, name: &BytesRef<'_>) -> Result<Cow<'a, str>, Fault> {
        match resolve(name) {
            Ok(Some(text)) => Ok(text),
            Ok(None) => Err(self.not_xml("a reference to a character that XML does not have")),
            Err(kind) => Err(self.fault(kind)),
        }
    }

    fn syntax(&self, wrong: &quick_xml::Error) -> Fault {
        if let quick_xml::Error::Namespace(_) = wrong {
            return self.not_xml("namespaces are bound wrongly, or too many");
        }
        let at = usize::try_from(self.reader.error_position()).unwrap_or(0);
        let wrong = wrong.to_string();
        let reason = ["syntax error: ", "ill-formed document: "]
            .iter()
            .find_map(|said| wrong.strip_prefix(said))
            .unwrap_or(&wrong);
        Fault::new(self.skipped + at, ErrorKind::NotXml(quote(reason)))
    }

    fn not_xml(&self, reason: &str) -> Fault {
        not_xml(self.at, reason)
    }

    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(self.text.len())
    }
}

/// The attributes in a tag; that they are well formed was checked when it was read.
pub(crate) fn attributes<'a>(tag: &Tag<'a>) -> impl Iterator<Item = (QName<'a>, Cow<'a, str>)> {
    Attributes::new(tag.attributes, 0).flatten().map(|attribute| (attribute.key, attribute.value))
}

/// Joins a further piece to an element's text, without a copy where it is the only one.
pub(crate) fn append<'a>(whole: &mut Cow<'a, str>, piece: Cow<'a, str>) {
    if whole.is_empty() {
        *whole = piece;
    } else {
        whole.to_mut().push_str(&piece);
    }
}

/// Refuses text where only elements may stand; it begins at `at`.
pub(crate) fn expect_blank(text: &str, at: usize) -> Result<(), Fault> {
    let said = trim(text);
    let blanks = text.len() - text.trim_start_matches(BLANK).len();
    if said.is_empty() {
        return Ok(());
    }
    Err(Fault::new(at + blanks, ErrorKind::StrayText(quote(said))))
}

/// Without the blanks that XML knows at either end.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches(BLANK)
}

fn namespace(found: &ResolveResult<'_>) -> Ns {
    match found {
        ResolveResult::Bound(Namespace(NAMESPACE)) => Ns::Duis,
        ResolveResult::Bound(Namespace(SIGNATURE_NAMESPACE)) => Ns::Signature,
        _ => Ns::Other,
    }
}

/// Where the first byte stands that no XML has. Asking for any of them before asking which is what
/// makes this fast.
fn control_character(bytes: &[u8]) -> Option<usize> {
    let is_control = |byte: u8| (byte < b' ') & (byte != b'\t') & (byte != b'\n') & (byte != b'\r');
    let any = bytes.iter().fold(false, |any, byte| any | is_control(*byte));
    any.then(|| bytes.iter().position(|byte| is_control(*byte))).flatten()
}

fn is_xml_character(character: char) -> bool {
    !matches!(character, '\u{FFFE}' | '\u{FFFF}')
        && (character >= ' ' || matches!(character, '\t' | '\n' | '\r'))
}

fn not_xml(at: usize, reason: &str) -> Fault {
    Fault::new(at, ErrorKind::NotXml(reason.to_owned()))
}

/// What `&lt;` or `&#60;` stands for; `None` where the number is not a character of XML.
fn resolve(name: &BytesRef<'_>) -> Result<Option<Cow<'static, str>>, ErrorKind> {
    if !name.is_char_ref() {
        let text = resolve_xml_entity(name).ok_or_else(|| ErrorKind::Entity(quote(name)))?;
        return Ok(Some(Cow::Borrowed(text)));
    }
    let character = name.resolve_char_ref().ok().flatten();
    Ok(character.filter(|it| is_xml_character(*it)).map(|it| Cow::Owned(it.to_string())))
}

/// Refuses attributes that are malformed, stand twice or name entities, and more of them than
/// anyone needs.
fn check_attributes(tag: &BytesStart<'_>) -> Result<(), ErrorKind> {
    if tag.attributes_raw().is_empty() {
        return Ok(());
    }
    for (index, attribute) in tag.attributes().enumerate() {
        if index == MAX_ATTRIBUTES {
            return Err(ErrorKind::TooManyAttributes(MAX_ATTRIBUTES));
        }
        let attribute = attribute.map_err(malformed)?;
        if attribute.value.contains('<') {
            return Err(ErrorKind::NotXml("`<` stands in the value of an attribute".to_owned()));
        }
        match unescape(&attribute.value) {
            Ok(_) => {}
            Err(EscapeError::UnrecognizedEntity(_, name)) => {
                return Err(ErrorKind::Entity(quote(&name)));
            }
            Err(wrong) => return Err(ErrorKind::NotXml(quote(&wrong.to_string()))),
        }
    }
    Ok(())
}

fn malformed(wrong: AttrError) -> ErrorKind {
    let reason = match wrong {
        AttrError::ExpectedEq(_) => "an attribute has no value",
        AttrError::ExpectedValue(_) => "an attribute has nothing after its `=`",
        AttrError::UnquotedValue(_) => "the value of an attribute has no quotes",
        AttrError::ExpectedQuote(..) => "the value of an attribute has no closing quote",
        AttrError::Duplicated(..) => "an attribute stands a second time",
    };
    ErrorKind::NotXml(reason.to_owned())
}
