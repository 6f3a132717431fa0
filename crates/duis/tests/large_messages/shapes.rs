//! The shapes of large messages, for the test of their memory and the bench of their time.

use std::fs;
use std::path::Path;

/// The names of the shapes
pub(crate) const SHAPES: [&str; 20] = [
    "one long text",
    "a long text of references",
    "a long text of CDATA sections",
    "a long text of comments",
    "blanks in the body",
    "a long comment",
    "many comments",
    "many processing instructions",
    "50,000 devices",
    "50,000 devices and nine elements",
    "50,000 devices that are not known",
    "one element, again and again",
    "900 elements, again and again",
    "900 elements with long paths",
    "900 elements with a long text each",
    "many different elements",
    "many attributes",
    "many namespaces",
    "nested elements, again and again",
    "many parties in 6.24.1",
];

fn case(name: &str) -> String {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/ok");
    fs::read_to_string(cases.join(format!("{name}.xml"))).unwrap()
}

/// A message of at most so many bytes, and not much less unless the limits allow no more
pub(crate) fn shape(name: &str, bytes: usize) -> String {
    let firmware = case("11.1-several-devices");
    let room = bytes - 4096;
    let fill = |piece: &str| piece.repeat(room / piece.len());
    let numbered = |from: usize, piece: &dyn Fn(usize) -> String| {
        let mut text = String::new();
        for number in from.. {
            let next = piece(number);
            if text.len() + next.len() > room {
                break;
            }
            text += &next;
        }
        text
    };
    let with = |inside: String| firmware.replacen("<FirmwareImage>", &format!("{inside}<FirmwareImage>"), 1);
    let image = |inside: String| firmware.replacen("<FirmwareImage>", &format!("<FirmwareImage>{inside}"), 1);
    let devices = |id: &dyn Fn(usize) -> String| {
        let list: Vec<String> = (0..49_000.min(room / 24)).map(id).collect();
        firmware.replacen("<DeviceIDList>", &format!("<DeviceIDList>{},", list.join(",")), 1)
    };
    let known = |_: usize| "0A-00-00-00-00-00-00-01".to_owned();
    match name {
        "one long text" => image(fill("A")),
        "a long text of references" => image(fill("&#65;")),
        "a long text of CDATA sections" => image(fill("<![CDATA[A]]>")),
        "a long text of comments" => image(fill("A<!---->")),
        "blanks in the body" => with(fill(" \n")),
        "a long comment" => with(format!("<!--{}-->", fill("a"))),
        "many comments" => with(fill("<!---->")),
        "many processing instructions" => with(fill("<?p?>")),
        "50,000 devices" => devices(&known),
        "50,000 devices and nine elements" => {
            let nine: String = (0..7).map(|number| format!("<a{number}/>")).collect();
            devices(&known).replacen("<FirmwareImage>", &format!("{nine}<FirmwareImage>"), 1)
        }
        "50,000 devices that are not known" => devices(&|number| {
            let hex = format!("{number:08X}");
            let pairs = [&hex[0..2], &hex[2..4], &hex[4..6], &hex[6..8]];
            format!("0B-00-00-00-{}", pairs.join("-"))
        }),
        "one element, again and again" => with(fill("<a/>")),
        "900 elements, again and again" => with(numbered(0, &|number| format!("<a{}/>", number % 900))),
        "900 elements with long paths" => {
            let long = "a".repeat(900);
            with(numbered(0, &|number| format!("<{long}{0}/>", number % 900)))
        }
        "900 elements with a long text each" => {
            let long = "A".repeat(room / 900 - 20);
            with((0..900).map(|number| format!("<a{number}>{long}</a{number}>")).collect())
        }
        "many different elements" => with(numbered(0, &|number| format!("<a{number}/>"))),
        "many attributes" => {
            let attributes: String = (0..60).map(|number| format!(" a{number}=\"\"")).collect();
            with(fill(&format!("<a{attributes}/>")))
        }
        "many namespaces" => with(numbered(0, &|number| format!("<a xmlns:p{number}=\"urn:{number}\"/>"))),
        "nested elements, again and again" => {
            let open: String = (0..50).map(|_| "<a>").collect();
            with(fill(&format!("{open}{}", open.replace('<', "</"))))
        }
        "many parties in 6.24.1" => {
            let text = case("6.24.1-several-credentials");
            let roles = numbered(0, &|number| format!("<RemotePartyRole>R{}</RemotePartyRole>", number % 5));
            text.replacen("<RemotePartyRole>", &format!("{roles}<RemotePartyRole>"), 1)
        }
        _ => String::new(),
    }
}
