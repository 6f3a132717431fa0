//! What XML 1.0 and Namespaces in XML 1.0 require and the parser does not check: characters, names, attributes, prefixes
//! and the XML declaration. Two parsers must never read different things in one message.

use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::BytesRef;
use quick_xml::name::{LocalName, QName, ResolveResult};

use crate::error::{ErrorKind, quote};
use crate::limits::MAX_ATTRIBUTES;

const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";
const XMLNS_NAMESPACE: &str = "http://www.w3.org/2000/xmlns/";

/// The four blanks of XML
pub(crate) const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

/// The first byte of a character that XML does not permit: a control character, U+FFFE or U+FFFF.
///
/// The first pass has no branch and no early exit, so the compiler can check many bytes at once; nearly every message has
/// neither a control character nor the byte `EF`, and needs no second pass.
pub(crate) fn forbidden_character(text: &str) -> Option<usize> {
    let is_control = |byte: u8| (byte < b' ') & (byte != b'\t') & (byte != b'\n') & (byte != b'\r');
    let is_suspect = |byte: u8| is_control(byte) | (byte == 0xEF);
    let has_suspect = text.bytes().fold(false, |found, byte| found | is_suspect(byte));
    let mut characters = text.char_indices();
    has_suspect
        .then(|| characters.find(|(_, character)| !is_character(*character)).map(|(at, _)| at))
        .flatten()
}

/// Whether XML permits a character. (UTF-8 has no surrogates.)
pub(crate) fn is_character(character: char) -> bool {
    !matches!(character, '\u{FFFE}' | '\u{FFFF}')
        && (character >= ' ' || matches!(character, '\t' | '\n' | '\r'))
}

/// Whether a text is a name without a colon.
pub(crate) fn is_name(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(is_name_start) && characters.all(is_name_part)
}

fn is_name_start(character: char) -> bool {
    matches!(character,
        'A'..='Z' | '_' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
        | '\u{10000}'..='\u{EFFFF}')
}

fn is_name_part(character: char) -> bool {
    is_name_start(character)
        || matches!(character,
            '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// Whether a text is a name with at most one colon, between two names.
fn is_qualified_name(text: &str) -> bool {
    match text.split_once(':') {
        Some((prefix, local)) => is_name(prefix) && is_name(local),
        None => is_name(text),
    }
}

/// Refuses the name of an element that is no name, or whose prefix is bound to nothing.
pub(crate) fn check_element_name(name: &str, namespace: &ResolveResult<'_>) -> Result<(), ErrorKind> {
    if !is_qualified_name(name) {
        return Err(not_xml(format!("`{}` is not a name", quote(name))));
    }
    match namespace {
        ResolveResult::Unknown(_) => Err(undeclared_prefix(name)),
        // No element is in the namespace of namespace declarations.
        _ if name.starts_with("xmlns:") => Err(not_xml("an element has the prefix `xmlns`".to_owned())),
        _ => Ok(()),
    }
}

/// Refuses a processing instruction whose target is no name, or is `xml` in any case.
pub(crate) fn check_target(target: &str) -> Result<(), ErrorKind> {
    if !is_name(target) {
        return Err(not_xml(format!("`{}` is not the name of a processing instruction", quote(target))));
    }
    if target.eq_ignore_ascii_case("xml") {
        return Err(not_xml("a processing instruction is called `xml`".to_owned()));
    }
    Ok(())
}

/// Refuses text of an element that contains `]]>`.
pub(crate) fn check_text(text: &str) -> Result<(), ErrorKind> {
    if text.contains("]]>") { Err(not_xml("`]]>` is in a text".to_owned())) } else { Ok(()) }
}

/// Refuses the attributes of an element, given as the text of its tag after the name, if there are more than
/// [`MAX_ATTRIBUTES`], if they are not well formed, if two have the same name in the same namespace, or if a prefix is
/// declared wrongly or not at all.
pub(crate) fn check_attributes<'t>(
    text: &'t str,
    resolve: impl Fn(QName<'t>) -> (ResolveResult<'t>, LocalName<'t>),
) -> Result<(), ErrorKind> {
    if text.is_empty() {
        return Ok(());
    }
    let mut names: Vec<(Option<&str>, &str)> = Vec::new();
    for attribute in raw_attributes(text) {
        let Attribute { name, value } = attribute?;
        if names.len() == MAX_ATTRIBUTES {
            return Err(ErrorKind::TooManyAttributes(MAX_ATTRIBUTES));
        }
        check_value(value)?;
        check_declaration_of_prefix(name, value)?;
        let expanded = match resolve(QName(name)) {
            _ if name == "xmlns" || name.starts_with("xmlns:") => (Some(XMLNS_NAMESPACE), name),
            (ResolveResult::Unknown(_), _) => return Err(undeclared_prefix(name)),
            (ResolveResult::Bound(namespace), local) => (Some(namespace.into_inner()), local.into_inner()),
            (ResolveResult::Unbound, local) => (None, local.into_inner()),
        };
        if names.contains(&expanded) {
            return Err(not_xml("an attribute appears a second time".to_owned()));
        }
        names.push(expanded);
    }
    Ok(())
}

/// Refuses an XML declaration, given as the text after `xml`, that is not `version`, `encoding` and `standalone` in this
/// order, the last two optional; another version than 1.0 and another encoding than UTF-8.
pub(crate) fn check_declaration(text: &str) -> Result<(), ErrorKind> {
    let mut expected = ["version", "encoding", "standalone"].into_iter();
    let mut is_first = true;
    for attribute in raw_attributes(text) {
        let Attribute { name, value } = attribute?;
        let is_next =
            if is_first { expected.next() == Some(name) } else { expected.any(|next| next == name) };
        is_first = false;
        match name {
            _ if !is_next => {
                return Err(not_xml(format!("`{}` is not expected in the XML declaration", quote(name))));
            }
            "version" if value != "1.0" => return Err(not_xml(format!("its version is `{}`", quote(value)))),
            "encoding" if !value.eq_ignore_ascii_case("UTF-8") => {
                return Err(ErrorKind::Encoding(quote(value)));
            }
            "standalone" if !matches!(value, "yes" | "no") => {
                return Err(not_xml("`standalone` is neither `yes` nor `no`".to_owned()));
            }
            _ => {}
        }
    }
    if is_first { Err(not_xml("the XML declaration has no version".to_owned())) } else { Ok(()) }
}

struct Attribute<'t> {
    name: &'t str,
    /// As written, with its references
    value: &'t str,
}

/// The attributes in the text of a tag after its name. It ends at the first mistake.
fn raw_attributes(text: &str) -> impl Iterator<Item = Result<Attribute<'_>, ErrorKind>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let attribute = next_attribute(&mut rest).transpose()?;
        if attribute.is_err() {
            rest = "";
        }
        Some(attribute)
    })
}

fn next_attribute<'t>(rest: &mut &'t str) -> Result<Option<Attribute<'t>>, ErrorKind> {
    let start = rest.trim_start_matches(BLANKS);
    if start.is_empty() {
        return Ok(None);
    }
    if start.len() == rest.len() {
        return Err(not_xml("there is no blank before an attribute".to_owned()));
    }
    let (name, after) =
        start.split_once('=').ok_or_else(|| not_xml("an attribute has no value".to_owned()))?;
    let name = name.trim_end_matches(BLANKS);
    if !is_qualified_name(name) {
        return Err(not_xml(format!("`{}` is not the name of an attribute", quote(name))));
    }
    let after = after.trim_start_matches(BLANKS);
    let Some(quotation) = after.chars().next().filter(|first| matches!(first, '"' | '\'')) else {
        return Err(not_xml("the value of an attribute has no quotes".to_owned()));
    };
    let (value, after) = after
        .get(1..)
        .and_then(|value| value.split_once(quotation))
        .ok_or_else(|| not_xml("the value of an attribute has no closing quote".to_owned()))?;
    *rest = after;
    Ok(Some(Attribute { name, value }))
}

/// Refuses the value of an attribute with `<`, or with a reference to something that does not exist.
fn check_value(value: &str) -> Result<(), ErrorKind> {
    if value.contains('<') {
        return Err(not_xml("the value of an attribute contains `<`".to_owned()));
    }
    for after in value.split('&').skip(1) {
        let Some((name, _)) = after.split_once(';') else {
            return Err(not_xml("a reference in the value of an attribute has no `;`".to_owned()));
        };
        if !name.starts_with('#') {
            resolve_xml_entity(name).ok_or_else(|| ErrorKind::Entity(quote(name)))?;
        } else if !BytesRef::new(name).resolve_char_ref().ok().flatten().is_some_and(is_character) {
            return Err(not_xml("it refers to a character that XML does not permit".to_owned()));
        }
    }
    Ok(())
}

/// Refuses `xmlns:p=""`, and declarations of the prefixes and namespaces that XML reserves.
fn check_declaration_of_prefix(name: &str, value: &str) -> Result<(), ErrorKind> {
    if value.contains('&') && (name == "xmlns" || name.starts_with("xmlns:")) {
        // The parser compares namespaces as they are written, other parsers after the references are replaced.
        return Err(not_xml(format!("`{}` has a reference in it", quote(name))));
    }
    let is_reserved = matches!(value, XML_NAMESPACE | XMLNS_NAMESPACE);
    let wrong = match name.strip_prefix("xmlns:") {
        None => name == "xmlns" && is_reserved,
        Some("xml") => value != XML_NAMESPACE,
        Some(prefix) => prefix == "xmlns" || value.is_empty() || is_reserved,
    };
    if wrong { Err(not_xml(format!("`{}` is declared wrongly", quote(name)))) } else { Ok(()) }
}

fn undeclared_prefix(name: &str) -> ErrorKind {
    let prefix = name.split(':').next().unwrap_or_default();
    not_xml(format!("the prefix `{}` is not declared", quote(prefix)))
}

fn not_xml(reason: String) -> ErrorKind {
    ErrorKind::NotXml(reason)
}
