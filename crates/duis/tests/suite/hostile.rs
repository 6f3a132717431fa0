//! Hostile messages: each is a right message with one part of it replaced. The snapshots show the part and the answer.

use meterwarden_duis::read;

use crate::common::case;

/// A right message with one replacement after another, and the error of each: the replacement comes first, then its error.
fn errors(message: &str, replaced: &str, replacements: &[&str]) -> String {
    let message = case(message);
    assert!(message.contains(replaced), "{replaced}");
    assert!(read(message.as_bytes()).is_ok());
    let line = |replacement: &&str| {
        let hostile = message.replacen(replaced, replacement, 1);
        let answer = match read(hostile.as_bytes()) {
            Ok(_) => "IT IS READ".to_owned(),
            Err(error) => error.kind.to_string(),
        };
        format!(
            "{}\n    {answer}\n",
            replacement.escape_debug().to_string().replace("\\\"", "\"").replace("\\'", "'")
        )
    };
    replacements.iter().map(line).collect()
}

/// The same for messages that are right: the replacement makes no difference.
fn all_read(message: &str, replaced: &str, replacements: &[&str]) {
    let text = case(message);
    let expected = read(text.as_bytes()).unwrap();
    for replacement in replacements {
        let mut found = read(text.replacen(replaced, replacement, 1).as_bytes()).unwrap();
        found.request_id_place = expected.request_id_place;
        assert_eq!(found, expected, "{replacement}");
    }
}

#[test]
fn elements_that_are_not_well_formed() {
    insta::assert_snapshot!(errors(
        "8.4-delete",
        "<DeleteDevice/>",
        &[
            "<1a/>",
            "<-a/>",
            "<.a/>",
            "<sr:DeleteDevice/>",
            "<a:b:c/>",
            "<:a/>",
            "<a:/>",
            "<xmlns:a/>",
            "<a\u{D7}/>",
            "<a b/>",
            "<a b=/>",
            "<a b=c/>",
            "<a b=\"c/>",
            "<a b='c\"/>",
            "<a b=\"<\"/>",
            "<a b=\"&\"/>",
            "<a b=\"&x;\"/>",
            "<a b=\"&#0;\"/>",
            "<a b=\"&#xFFFF;\"/>",
            "<a b=\"&amp\"/>",
            "<a b=\"1\"c=\"2\"/>",
            "<a b=\"1\" b=\"2\"/>",
            "<a 1b=\"1\"/>",
            "<a b:c:d=\"1\"/>",
            "<a p:b=\"1\"/>",
            "<a xmlns:p=\"\"/>",
            "<a xmlns:xmlns=\"u\"/>",
            "<a xmlns:xml=\"u\"/>",
            "<a xmlns:p=\"http://www.w3.org/XML/1998/namespace\"/>",
            "<a xmlns:p=\"http://www.w3.org/2000/xmlns/\"/>",
            "<a xmlns=\"http://www.w3.org/2000/xmlns/\"/>",
            "<a xmlns:p=\"u\" xmlns:q=\"u\" p:b=\"1\" q:b=\"2\"/>",
            "<a xmlns:p=\"u\" xmlns:p=\"v\"/>",
            "<a",
            "<a>",
            "</a>",
            "<a></b>",
            "<a></a b>",
            "< a/>",
            "<a / >",
            "<>",
            "<DeleteDevice/>]]>",
            "]]&gt;",
            "<DeleteDevice/>\u{FFFF}",
            "<DeleteDevice/>\u{FFFE}",
            "<DeleteDevice/>\u{1}",
            "<!-- a -- b --><DeleteDevice/>",
            "<!-- a ---><DeleteDevice/>",
            "<!-- \u{FFFF} --><DeleteDevice/>",
            "<!DOCTYPE a><DeleteDevice/>",
            "<![CDATA[a]]><DeleteDevice/>",
            "<![CDATA[a",
            "<?xml version=\"1.0\"?><DeleteDevice/>",
            "<?XML version=\"1.0\"?><DeleteDevice/>",
            "<?1a?><DeleteDevice/>",
            "<?a:b c?><DeleteDevice/>",
            "<? a?><DeleteDevice/>",
            "<?a",
            "&nbsp;<DeleteDevice/>",
            "&#0;<DeleteDevice/>",
            "&#xD800;<DeleteDevice/>",
            "&#x110000;<DeleteDevice/>",
            "&<DeleteDevice/>",
        ],
    ));
}

#[test]
fn beginnings_that_are_not_well_formed() {
    insta::assert_snapshot!(errors(
        "8.4-delete",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
        &[
            "\u{FEFF}\u{FEFF}",
            "\u{FEFF}\u{FEFF}<?xml version=\"1.0\"?>",
            " <?xml version=\"1.0\"?>",
            "text",
            "&amp;",
            "<?xml?>",
            "<?xml encoding=\"UTF-8\"?>",
            "<?xml version='1.1'?>",
            "<?xml version=1.0?>",
            "<?xml version=\"1.0\"encoding=\"UTF-8\"?>",
            "<?xml encoding=\"UTF-8\" version=\"1.0\"?>",
            "<?xml version=\"1.0\" version=\"1.0\"?>",
            "<?xml version=\"1.0\" encoding=\"UTF-16\"?>",
            "<?xml version=\"1.0\" encoding=\"latin1\"?>",
            "<?xml version=\"1.0\" standalone=\"maybe\"?>",
            "<?xml version=\"1.0\" standalone=\"yes\" encoding=\"UTF-8\"?>",
            "<?xml version=\"1.0\" colour=\"red\"?>",
            "<?XML version=\"1.0\"?>",
            "<?Xml version=\"1.0\"?>",
            "<!DOCTYPE Request>",
            "<!DOCTYPE Request [<!ENTITY a \"b\">]>",
            "<?xml version=\"1.0\"?><?xml version=\"1.0\"?>",
        ],
    ));
}

#[test]
fn beginnings_that_are_well_formed() {
    all_read(
        "8.4-delete",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
        &[
            "",
            "\u{FEFF}",
            "\u{FEFF}<?xml version='1.0'?>",
            "<?xml version = \"1.0\" ?>",
            "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"no\"?>",
            "<?xml version=\"1.0\" standalone='yes'?>",
            "<?xml-stylesheet href=\"a\"?>",
        ],
    );
}

#[test]
fn schema_versions() {
    insta::assert_snapshot!(errors(
        "8.4-delete",
        "schemaVersion=\"5.4\"",
        &[
            "",
            "schemaVersion=\"\"",
            "schemaVersion=\"5\"",
            "schemaVersion=\"5.2\"",
            "schemaVersion=\"5.40\"",
            "schemaVersion=\"5.04\"",
            "schemaVersion=\"5.5\"",
            "schemaVersion=\"5.999\"",
            "schemaVersion=\"4.0\"",
            "schemaVersion=\"6.0\"",
            "schemaVersion=\"+5.4\"",
            "schemaVersion=\"5.4\" schemaVersion=\"5.4\"",
            "schemaversion=\"5.4\"",
            "schemaVersion=\"5.4\" other=\"1\"",
        ],
    ));
}

/// A word that decides anything is written plainly: parsers and programs differ in what they read where a comment, a
/// processing instruction or a CDATA section divides it.
#[test]
fn words_that_are_divided() {
    let divided = |before: &str, after: &str| {
        ["<!-- x -->", "<?x y?>", "<![CDATA[]]>"].map(|between| format!("{before}{between}{after}"))
    };
    let all = |replaced: &str, before: &str, after: &str| {
        let replacements = divided(before, after);
        errors("8.4-delete", replaced, &replacements.each_ref().map(String::as_str))
    };
    insta::assert_snapshot!(
        [
            all(">0A-00-00-00-00-00-A5-00:", ">0A-00-00-00-", "00-00-A5-00:"),
            all(">8<", ">", "8<"),
            all("Reference>8.4<", "Reference>8", ".4<"),
            all("Variant>8.4<", "Variant>8.4", "<"),
            all("<DeviceID>0A-", "<DeviceID>0A-", ""),
        ]
        .concat()
    );
}

#[test]
fn signed_pre_commands() {
    insta::assert_snapshot!(errors(
        "7.2-signed",
        "<GBCSPayload>3wkBAAAAAAAAA+g=</GBCSPayload>",
        &[
            "",
            "<GBCSPayload/>",
            "<GBCSPayload> </GBCSPayload>",
            "<GBCSPayload>command</GBCSPayload>",
            "<GBCSPayload>3wkB*AAA</GBCSPayload>",
            "<GBCSPayload>3wkBA</GBCSPayload>",
            "<GBCSPayload>3wkBA===</GBCSPayload>",
            "<GBCSPayload>====</GBCSPayload>",
            "<GBCSPayload>3w=k</GBCSPayload>",
            "<GBCSPayload>3wkBAAAAAAAAA+h=</GBCSPayload>",
            "<GBCSPayload>3wk<!-- x -->B</GBCSPayload>",
            "<GBCSPayload><a/></GBCSPayload>",
            "<GBCSPayload>3wkB</GBCSPayload><GBCSPayload>3wkB</GBCSPayload>",
            "<GBCSPayload>3wkB</GBCSPayload><ExecutionDateTime>2023-06-30T00:00:00Z</ExecutionDateTime>",
            "<DisableSupply/>",
            "<DisableSupply/><GBCSPayload>3wkB</GBCSPayload>",
            "<DeviceID>0A-00-00-00-00-00-00-01</DeviceID><GBCSPayload>3wkB</GBCSPayload>",
            "text<GBCSPayload>3wkB</GBCSPayload>",
            "<ExecutionDateTime>tomorrow</ExecutionDateTime><GBCSPayload>3wkB</GBCSPayload>",
            "<ExecutionDateTime/><GBCSPayload>3wkB</GBCSPayload>",
        ],
    ));
}

#[test]
fn work_without_a_limit() {
    let devices = vec!["0A-00-00-00-00-00-00-01"; 50_001].join(",");
    let fields: String = (0..1_001).map(|number| format!("<a{number}/>")).collect();
    let few_fields: String = (0..900).map(|number| format!("<a{number}/>")).collect();
    let many_devices = vec!["0A-00-00-00-00-00-00-01"; 600].join(",");
    let roles: String =
        (0..8).map(|number| format!("<RemotePartyRole>R{number}</RemotePartyRole>")).collect();
    let error = |message: &str, from: &str, to: String| {
        read(case(message).replacen(from, &to, 1).as_bytes()).unwrap_err().kind.to_string()
    };
    let list = "<DeviceIDList>";
    insta::assert_snapshot!(
        [
            error("11.1-several-devices", list, format!("{list}{devices},")),
            error("11.1-several-devices", list, format!("{fields}{list}")),
            error("11.1-several-devices", list, format!("{few_fields}{list}{many_devices},")),
            error("6.24.1-several-credentials", "<RemotePartyRole>", format!("{roles}<RemotePartyRole>")),
        ]
        .join("\n")
    );
}
