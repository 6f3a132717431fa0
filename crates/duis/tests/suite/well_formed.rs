//! Messages that are not XML, or that XML parsers read differently, are refused.

use meterwarden_duis::read;
use proptest::prelude::*;

use crate::common::case;

/// Texts that replace `<DeleteDevice/>` in the body of a readable message
const IN_BODY: &[&str] = &[
    // Characters
    "a]]>b",
    "<DeleteDevice>]]></DeleteDevice>",
    "\u{FFFE}",
    "\u{FFFF}",
    "<!-- \u{FFFF} -->",
    "<?p \u{FFFE}?>",
    "<DeleteDevice a=\"\u{FFFF}\"/>",
    "<Delete\u{FFFE}/>",
    "<![CDATA[\u{FFFF}]]>",
    "<!-- \u{1} -->",
    "<DeleteDevice a=\"\u{0}\"/>",
    "&#0;",
    "&#x1;",
    "&#xFFFE;",
    "&#xFFFF;",
    "&#xD800;",
    "&#x110000;",
    "&#+65;",
    "&#x+41;",
    "&#X41;",
    "&#;",
    "&#x;",
    "&;",
    "&",
    "& amp;",
    "<DeleteDevice a=\"&#0;\"/>",
    "<DeleteDevice a=\"&#xFFFF;\"/>",
    "<DeleteDevice a=\"&#+65;\"/>",
    "<DeleteDevice a=\"&\"/>",
    "<DeleteDevice a=\"&amp\"/>",
    "<DeleteDevice a=\"&other;\"/>",
    // Names
    "<1a/>",
    "<-a/>",
    "<.a/>",
    "<a:/>",
    "<:a/>",
    "<a:b:c/>",
    "<a::b/>",
    "<sr:1a xmlns:sr=\"http://www.dccinterface.co.uk/ServiceUserGateway\"/>",
    "<a!b/>",
    "<a\u{D7}/>",
    "<a,b/>",
    "< DeleteDevice/>",
    "<DeleteDevice></ DeleteDevice>",
    "<DeleteDevice></deleteDevice>",
    "<DeleteDevice></DeleteDevice a=\"b\">",
    "<DeleteDevice/ >",
    "<>",
    "</>",
    "<DeleteDevice 1a=\"\"/>",
    "<DeleteDevice a:=\"\"/>",
    "<DeleteDevice :a=\"\"/>",
    "<DeleteDevice a:b:c=\"\"/>",
    "<DeleteDevice =\"\"/>",
    "<DeleteDevice a!=\"\"/>",
    // Attributes
    "<DeleteDevice a=\"1\"b=\"2\"/>",
    "<DeleteDevice a='1'b='2'/>",
    "<DeleteDevice a/>",
    "<DeleteDevice a=/>",
    "<DeleteDevice a=1/>",
    "<DeleteDevice a b=\"1\"/>",
    "<DeleteDevice a=\"1/>",
    "<DeleteDevice a=\"1'/>",
    "<DeleteDevice a=\"<\"/>",
    "<DeleteDevice a=\"1\" a=\"1\"/>",
    "<DeleteDevice a=\"1\" a='2'/>",
    "<DeleteDevice xmlns:p=\"n\" xmlns:q=\"n\" p:a=\"1\" q:a=\"2\"/>",
    "<DeleteDevice p:a=\"1\" q:a=\"2\" xmlns:q=\"n\" xmlns:p=\"n\"/>",
    "<DeleteDevice xmlns=\"n\" xmlns=\"n\"/>",
    "<DeleteDevice xmlns:p=\"n\" xmlns:p=\"m\"/>",
    "<DeleteDevice xml:lang=\"en\" xml:lang=\"cy\"/>",
    "<DeleteDevice \"a\"/>",
    "<DeleteDevice a==\"1\"/>",
    // Namespaces
    "<p:DeleteDevice/>",
    "<DeleteDevice p:a=\"1\"/>",
    "<DeleteDevice xmlns:p=\"\"/>",
    "<DeleteDevice xmlns:=\"n\"/>",
    "<DeleteDevice xmlns:xml=\"n\"/>",
    "<DeleteDevice xmlns:xmlns=\"n\"/>",
    "<DeleteDevice xmlns:xmlns=\"http://www.w3.org/2000/xmlns/\"/>",
    "<DeleteDevice xmlns:p=\"http://www.w3.org/XML/1998/namespace\"/>",
    "<DeleteDevice xmlns:p=\"http://www.w3.org/2000/xmlns/\"/>",
    "<DeleteDevice xmlns=\"http://www.w3.org/XML/1998/namespace\"/>",
    "<DeleteDevice xmlns=\"http://www.w3.org/2000/xmlns/\"/>",
    "<xmlns:DeleteDevice/>",
    "<DeleteDevice xmlns:p=\"&#110;\"/>",
    // Comments, processing instructions, sections
    "<!-- a -- b -->",
    "<!-- a --->",
    "<!--->",
    "<!-->",
    "<!-- a",
    "<!a>",
    "<!-a-->",
    "<?xml?>",
    "<?XML a?>",
    "<?xMl a?>",
    "<?xml version=\"1.0\"?>",
    "<??>",
    "<? a?>",
    "<?1a?>",
    "<?a:b?>",
    "<?a",
    "<?a>",
    "<![CDATA[a]]",
    "<![cdata[a]]>",
    "<!DOCTYPE a>",
    "<!ELEMENT a ANY>",
    // Structure
    "<DeleteDevice>",
    "</DeleteDevice>",
    "<a><b></a></b>",
    "<DeleteDevice",
];

/// XML declarations, and other texts before the root
const BEFORE_ROOT: &[&str] = &[
    "\u{FEFF}\u{FEFF}",
    " <?xml version=\"1.0\"?>",
    "<!-- a --><?xml version=\"1.0\"?>",
    "<?xml version=\"1.0\"?><?xml version=\"1.0\"?>",
    "<?XML version=\"1.0\"?>",
    "<?xml version=\"1.1\"?>",
    "<?xml version=\"2.0\"?>",
    "<?xml version=1.0?>",
    "<?xml version=\"1.0'?>",
    "<?xml encoding=\"UTF-8\"?>",
    "<?xml standalone=\"yes\"?>",
    "<?xml encoding=\"UTF-8\" version=\"1.0\"?>",
    "<?xml version=\"1.0\" standalone=\"yes\" encoding=\"UTF-8\"?>",
    "<?xml version=\"1.0\" standalone=\"perhaps\"?>",
    "<?xml version=\"1.0\" standalone=\"YES\"?>",
    "<?xml version=\"1.0\" encoding=\"\"?>",
    "<?xml version=\"1.0\" encoding=\"UTF-7\"?>",
    "<?xml version=\"1.0\"encoding=\"UTF-8\"?>",
    "<?xml version=\"1.0\" version=\"1.0\"?>",
    "<?xml version=\"1.0\" encoding=\"UTF-8\" encoding=\"UTF-8\"?>",
    "<?xml version=\"1.0\" other=\"1\"?>",
    "<?xml version=\"1.0\" other?>",
    "<?xml Version=\"1.0\"?>",
    "<?xml?>",
    "<?xml ?>",
    "text",
    "&#32;",
    "<![CDATA[]]>",
    "<![CDATA[ ]]>",
    "\u{A0}",
    "]]>",
];

/// Pieces that split the text of an element
const SPLITS: &[&str] = &["<!-- -->", "<!---->", "<?p?>", "<![CDATA[]]>"];

/// A piece of the text of an element that the reader reads
const READ_TEXTS: &[&str] = &[
    "<RequestID>0A-00",
    "<CommandVariant>8",
    "<ServiceReference>8",
    "<ServiceReferenceVariant>8",
    "<DeviceID>0A-00",
];

/// The messages that must be refused, each with the text that makes it wrong
fn wrong_messages() -> Vec<(String, String)> {
    let text = case("8.4-delete");
    let (_, root) = text.split_once("?>").unwrap();
    let mut messages = Vec::new();
    for wrong in IN_BODY {
        messages.push(((*wrong).to_owned(), text.replace("<DeleteDevice/>", wrong)));
    }
    for wrong in BEFORE_ROOT {
        messages.push((format!("at the start: {wrong}"), format!("{wrong}{root}")));
    }
    for after in ["text", "&#32;", "<![CDATA[]]>", "\u{FEFF}", "<?xml?>", "</a>", "<a/>"] {
        messages.push((format!("at the end: {after}"), format!("{text}{after}")));
    }
    for read_text in READ_TEXTS {
        assert!(text.contains(read_text), "{read_text}");
        for split in SPLITS {
            let wrong = format!("{read_text}{split}");
            messages.push((wrong.clone(), text.replacen(read_text, &wrong, 1)));
        }
    }
    for version in ["5", "5.5", "5.40", "05.4", "4.9", "6.0", "", "5.", "5.4.1"] {
        let wrong = format!("schemaVersion=\"{version}\"");
        messages.push((wrong.clone(), text.replace("schemaVersion=\"5.4\"", &wrong)));
    }
    messages
}

#[test]
fn what_is_not_well_formed_is_refused() {
    let mut results = String::new();
    for (wrong, message) in wrong_messages() {
        match read(message.as_bytes()) {
            Ok(_) => results += &format!("{}\n    READ\n", wrong.escape_debug()),
            Err(error) => results += &format!("{}\n    {error}\n", wrong.escape_debug()),
        }
    }
    insta::assert_snapshot!(results);
    assert!(!results.contains("    READ\n"));
}

/// Contents of a `SignedPreCommand` that must be refused
const SIGNED: &[&str] = &[
    "",
    "<GBCSPayload/>",
    "<GBCSPayload> </GBCSPayload>",
    "<GBCSPayload>3wk</GBCSPayload>",
    "<GBCSPayload>3wkB=</GBCSPayload>",
    "<GBCSPayload>====</GBCSPayload>",
    "<GBCSPayload>3===</GBCSPayload>",
    "<GBCSPayload>3w=k</GBCSPayload>",
    "<GBCSPayload>3wl=</GBCSPayload>",
    "<GBCSPayload>3x==</GBCSPayload>",
    "<GBCSPayload>3w-_</GBCSPayload>",
    "<GBCSPayload>3w*B</GBCSPayload>",
    "<GBCSPayload>３wkB</GBCSPayload>",
    "<GBCSPayload>3wk<!-- -->B</GBCSPayload>",
    "<GBCSPayload><a>3wkB</a></GBCSPayload>",
    "<GBCSPayload>3wkB</GBCSPayload><GBCSPayload>3wkB</GBCSPayload>",
    "<GBCSPayload>3wkB</GBCSPayload><ExecutionDateTime>2023-06-29T00:00:00Z</ExecutionDateTime>",
    "<ExecutionDateTime>2023-06-29T00:00:00Z</ExecutionDateTime>",
    "<ExecutionDateTime>2023-<!-- -->06-29T00:00:00Z</ExecutionDateTime><GBCSPayload>3wkB</GBCSPayload>",
    "<EnableSupply/><GBCSPayload>3wkB</GBCSPayload>",
    "3wkB",
];

#[test]
fn a_signed_pre_command_has_one_payload_of_base64() {
    let text = case("7.2-signed");
    let payload = "<GBCSPayload>3wkBAAAAAAAAA+g=</GBCSPayload>";
    assert!(text.contains(payload));
    let mut results = String::new();
    for wrong in SIGNED {
        let error = read(text.replace(payload, wrong).as_bytes()).unwrap_err();
        results += &format!("{wrong}\n    {error}\n");
    }
    insta::assert_snapshot!(results);
    for right in ["3wkB", "3w==", "3wk=", " 3w\n kB "] {
        let right = format!("<GBCSPayload>{right}</GBCSPayload>");
        assert!(read(text.replace(payload, &right).as_bytes()).is_ok(), "{right}");
    }
}

proptest! {
    /// Any text in any place: what this reader accepts, a strict parser accepts.
    #[test]
    fn what_is_read_is_well_formed(
        pieces in prop::collection::vec("[<>/?!&;:#\"'= \\-\\[\\]ax1\u{FFFE}\u{FEFF}]{1,4}", 1..3),
        places in prop::collection::vec(0_usize..2000, 1..3),
    ) {
        let mut text = case("8.4-delete");
        for (piece, place) in pieces.iter().zip(places) {
            let mut at = place % (text.len() + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            text.insert_str(at, piece);
        }
        if read(text.as_bytes()).is_ok() {
            prop_assert!(roxmltree::Document::parse(&text).is_ok(), "{text}");
        }
    }
}
