//! The pull reader: elements and their texts. Comments and processing instructions are skipped;
//! document types, and entities other than the five of XML, are refused. What the parser does not
//! check is in `well_formed.rs`.

use std::borrow::Cow;

use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::attributes::Attributes;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::{Namespace as NamespaceName, QName, ResolveResult};
use quick_xml::reader::NsReader;

use crate::error::{ErrorKind, Fault, quote};
use crate::limits::MAX_DEPTH;
use crate::namespace::{NAMESPACE, SIGNATURE_NAMESPACE};
use crate::well_formed::{
    BLANKS, check_attributes, check_declaration, check_element_name, check_target, check_text,
    forbidden_character, is_character,
};

/// The error for text, CDATA sections and references outside the root, even blank ones
const OUTSIDE_ROOT: &str = "there is text outside the root element";

/// The next part of the text
pub(crate) enum Node<'a> {
    Open(Tag<'a>),
    /// Decoded text; references and CDATA sections split the text of an element into several
    Text(Cow<'a, str>),
    Close,
    End,
}

/// The start of an element
#[derive(Clone, Copy)]
pub(crate) struct Tag<'a> {
    /// The name without its prefix
    pub(crate) name: &'a str,
    pub(crate) namespace: Namespace,
    /// The byte of its `<`
    pub(crate) at: usize,
    /// The text of the tag after the name
    pub(crate) attributes: &'a str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Namespace {
    Duis,
    Signature,
    Other,
}

impl Tag<'_> {
    /// An error at this element
    pub(crate) fn fault(&self, kind: ErrorKind) -> Fault {
        Fault::new(self.at, kind)
    }

    /// Refuses an element of another namespace.
    pub(crate) fn expect_duis(&self) -> Result<(), Fault> {
        match self.namespace {
            Namespace::Duis => Ok(()),
            _ => Err(self.fault(ErrorKind::Namespace(quote(self.name)))),
        }
    }
}

/// A text from which nodes are read one after another
pub(crate) struct Xml<'a> {
    reader: NsReader<&'a [u8]>,
    text: &'a str,
    /// The length of a byte order mark, which `text` leaves out
    mark_length: usize,
    depth: usize,
    root_seen: bool,
    /// The byte at which the last node began
    pub(crate) at: usize,
    /// Whether a comment, a processing instruction or a CDATA section follows the last tag
    divided: bool,
}

impl<'a> Xml<'a> {
    /// Refuses more bytes than `most`, bytes that are not UTF-8 or that contain control characters, before
    /// anything is parsed.
    pub(crate) fn new(bytes: &'a [u8], most: usize) -> Result<Self, Fault> {
        if bytes.len() > most {
            return Err(Fault::new(0, ErrorKind::TooLarge(bytes.len(), most)));
        }
        if let [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [b'<', 0, ..] | [0, b'<', ..] = bytes {
            return Err(Fault::new(0, ErrorKind::Encoding("UTF-16".to_owned())));
        }
        let text = std::str::from_utf8(bytes)
            .map_err(|error| Fault::new(error.valid_up_to(), ErrorKind::NotUtf8))?;
        if let Some(at) = forbidden_character(text) {
            return Err(not_xml(at, "it contains a character that XML does not permit"));
        }
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        if text.starts_with('\u{FEFF}') {
            return Err(not_xml(bytes.len() - text.len(), "it has a second byte order mark"));
        }
        let mut reader = NsReader::from_str(text);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_comments = true;
        let mark_length = bytes.len() - text.len();
        Ok(Self { reader, text, mark_length, depth: 0, root_seen: false, at: 0, divided: false })
    }

    /// The next element, text or end. Comments and processing instructions are skipped.
    pub(crate) fn next(&mut self) -> Result<Node<'a>, Fault> {
        loop {
            let start = self.position();
            self.at = self.mark_length + start;
            let event = match self.reader.read_event() {
                Ok(event) => event,
                Err(error) => return Err(self.syntax_fault(&error)),
            };
            let node = match event {
                Event::Start(tag) => self.open(&tag, start)?,
                Event::End(_) => self.close(),
                Event::Text(text) => {
                    let text = text.into_inner();
                    check_text(&text).map_err(|kind| self.fault(kind))?;
                    Node::Text(text)
                }
                Event::CData(_) | Event::GeneralRef(_) if self.depth == 0 => {
                    return Err(self.not_xml(OUTSIDE_ROOT));
                }
                Event::CData(data) => {
                    self.divided = true;
                    Node::Text(data.into_inner())
                }
                Event::GeneralRef(name) => Node::Text(self.reference(&name)?),
                Event::Eof => self.end()?,
                Event::DocType(_) => return Err(self.fault(ErrorKind::Doctype)),
                Event::Decl(_) => {
                    self.check_declaration(start)?;
                    continue;
                }
                Event::PI(_) => {
                    let target = self.instruction(start).split(BLANKS).next().unwrap_or_default();
                    check_target(target).map_err(|kind| self.fault(kind))?;
                    self.divided = true;
                    continue;
                }
                Event::Comment(comment) => {
                    if comment.ends_with('-') {
                        return Err(self.not_xml("a comment ends with `--->`"));
                    }
                    self.divided = true;
                    continue;
                }
                Event::Empty(_) => continue,
            };
            match node {
                Node::Text(text) if self.depth == 0 => self.expect_no_text(&text)?,
                node => return Ok(node),
            }
        }
    }

    /// The next element in the current one; `None` at the end of the current one. Text between
    /// elements is refused unless it is blank.
    pub(crate) fn child(&mut self) -> Result<Option<Tag<'a>>, Fault> {
        loop {
            match self.next()? {
                Node::Open(tag) => return Ok(Some(tag)),
                Node::Close | Node::End => return Ok(None),
                Node::Text(text) => expect_blank(&text, self.at)?,
            }
        }
    }

    /// Refuses the text of an element that begins at `at` and has just ended, if it has a comment, a processing
    /// instruction or a CDATA section in it: parsers and programs differ in what they read there, so no
    /// word that decides anything may be written so.
    pub(crate) fn expect_undivided(&self, at: usize) -> Result<(), Fault> {
        if self.divided { Err(Fault::new(at, ErrorKind::Divided)) } else { Ok(()) }
    }

    /// The whole text of an element that was just opened, up to its end. An element in it is refused,
    /// and text that is divided by anything else.
    pub(crate) fn leaf(&mut self, within: &'static str) -> Result<Cow<'a, str>, Fault> {
        let mut text = Cow::Borrowed("");
        let at = self.at;
        loop {
            match self.next()? {
                Node::Text(piece) => append(&mut text, piece),
                Node::Close | Node::End => {
                    self.expect_undivided(at)?;
                    return Ok(text);
                }
                Node::Open(tag) => {
                    let found = quote(tag.name);
                    return Err(tag.fault(ErrorKind::Unexpected { found, within }));
                }
            }
        }
    }

    /// Skips to the end of the element that was just opened.
    pub(crate) fn skip(&mut self) -> Result<(), Fault> {
        let parent_depth = self.depth.saturating_sub(1);
        while self.depth > parent_depth {
            self.next()?;
        }
        Ok(())
    }

    /// An error at the last node
    pub(crate) fn fault(&self, kind: ErrorKind) -> Fault {
        Fault::new(self.at, kind)
    }

    /// Opens the element whose `<` is at the byte `start` of `text`.
    fn open(&mut self, tag: &BytesStart<'_>, start: usize) -> Result<Node<'a>, Fault> {
        if self.depth == 0 && self.root_seen {
            return Err(self.not_xml("there is a second root element"));
        }
        if self.depth == MAX_DEPTH {
            return Err(self.fault(ErrorKind::TooDeep(MAX_DEPTH)));
        }
        self.depth += 1;
        self.root_seen = true;
        self.divided = false;
        // The name is taken from `text`, not from the event, as it must live as long as the message.
        let text = self.text;
        let content_start = start + "<".len();
        let name_end = content_start + tag.name().0.len();
        let local_start = name_end - tag.local_name().into_inner().len();
        let name = text.get(local_start..name_end).unwrap_or_default();
        let qualified_name = text.get(content_start..name_end).unwrap_or_default();
        let attributes = text.get(name_end..content_start + tag.len()).unwrap_or_default();
        let resolver = self.reader.resolver();
        let (resolved, _) = resolver.resolve_element(QName(qualified_name));
        check_element_name(qualified_name, &resolved).map_err(|kind| self.fault(kind))?;
        check_attributes(attributes, |name| resolver.resolve_attribute(name))
            .map_err(|kind| self.fault(kind))?;
        let namespace = namespace(&resolved);
        Ok(Node::Open(Tag { name, namespace, at: self.at, attributes }))
    }

    /// Refuses text outside the root.
    fn expect_no_text(&self, text: &str) -> Result<(), Fault> {
        expect_blank(text, self.at).map_err(|fault| not_xml(fault.at, OUTSIDE_ROOT))
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

    /// The text between the `<?` at the byte `start` and the `?>` that was just read
    fn instruction(&self, start: usize) -> &'a str {
        let end = self.position().saturating_sub("?>".len());
        self.text.get(start + "<?".len()..end).unwrap_or_default()
    }

    fn check_declaration(&self, start: usize) -> Result<(), Fault> {
        if self.at != self.mark_length {
            return Err(self.not_xml("the XML declaration is not at the start"));
        }
        let text = self.instruction(start);
        check_declaration(text.strip_prefix("xml").unwrap_or(text)).map_err(|kind| self.fault(kind))
    }

    /// The text that `&lt;` or `&#60;` represents.
    fn reference(&self, name: &BytesRef<'_>) -> Result<Cow<'a, str>, Fault> {
        match resolve(name) {
            Ok(Some(text)) => Ok(text),
            Ok(None) => Err(self.not_xml("it refers to a character that XML does not permit")),
            Err(kind) => Err(self.fault(kind)),
        }
    }

    fn syntax_fault(&self, error: &quick_xml::Error) -> Fault {
        if let quick_xml::Error::Namespace(_) = error {
            return self.not_xml("namespaces are bound wrongly, or too many are bound");
        }
        let at = usize::try_from(self.reader.error_position()).unwrap_or(0);
        let message = error.to_string();
        // The error of this crate already starts with "this is not XML".
        let reason = ["syntax error: ", "ill-formed document: "]
            .iter()
            .find_map(|prefix| message.strip_prefix(prefix))
            .unwrap_or(&message);
        Fault::new(self.mark_length + at, ErrorKind::NotXml(quote(reason)))
    }

    fn not_xml(&self, reason: &str) -> Fault {
        not_xml(self.at, reason)
    }

    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(self.text.len())
    }
}

/// The attributes of a tag. `check_attributes` has refused malformed ones when the tag was read.
pub(crate) fn attributes<'a>(tag: &Tag<'a>) -> impl Iterator<Item = (QName<'a>, Cow<'a, str>)> {
    Attributes::new(tag.attributes, 0).flatten().map(|attribute| (attribute.key, attribute.value))
}

/// Appends a piece to the text of an element. The only piece of a text is not copied.
pub(crate) fn append<'a>(text: &mut Cow<'a, str>, piece: Cow<'a, str>) {
    if text.is_empty() {
        *text = piece;
    } else {
        text.to_mut().push_str(&piece);
    }
}

/// Refuses text, beginning at `at`, in a place for elements only.
pub(crate) fn expect_blank(text: &str, at: usize) -> Result<(), Fault> {
    let trimmed = trim(text);
    if trimmed.is_empty() {
        return Ok(());
    }
    let blanks = text.len() - text.trim_start_matches(BLANKS).len();
    Err(Fault::new(at + blanks, ErrorKind::StrayText(quote(trimmed))))
}

/// The text without the blanks of XML at its start and end
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches(BLANKS)
}

fn namespace(result: &ResolveResult<'_>) -> Namespace {
    match result {
        ResolveResult::Bound(NamespaceName(NAMESPACE)) => Namespace::Duis,
        ResolveResult::Bound(NamespaceName(SIGNATURE_NAMESPACE)) => Namespace::Signature,
        _ => Namespace::Other,
    }
}

fn not_xml(at: usize, reason: &str) -> Fault {
    Fault::new(at, ErrorKind::NotXml(reason.to_owned()))
}

/// The text that `&lt;` or `&#60;` represents; `None` if the number is not a character of XML.
fn resolve(name: &BytesRef<'_>) -> Result<Option<Cow<'static, str>>, ErrorKind> {
    if !name.is_char_ref() {
        let text = resolve_xml_entity(name).ok_or_else(|| ErrorKind::Entity(quote(name)))?;
        return Ok(Some(Cow::Borrowed(text)));
    }
    let character = name.resolve_char_ref().ok().flatten();
    Ok(character.filter(|character| is_character(*character)).map(|character| Cow::Owned(character.into())))
}
