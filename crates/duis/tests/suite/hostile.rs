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
            error("8.4-delete", "<DeleteDevice/>", format!("<{0}><{0}/></{0}>", "a".repeat(500))),
            error("6.24.1-several-credentials", "<RemotePartyRole>", format!("{roles}<RemotePartyRole>")),
        ]
        .join("\n")
    );
}
