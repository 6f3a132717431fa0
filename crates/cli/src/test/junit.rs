//! The results of the cases as JUnit XML, in the form that GitHub, GitLab and Jenkins read. Durations are written as 0,
//! so that the same rules and scenarios give the same bytes.

use std::io::{self, Write};

use meterwarden_authoring::scenario::{Case, Failed, Report, ScenarioFile};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::args::Rules;
use crate::terminal::{escape_controls, one_line};

/// Writes the reports of scenario files; both lists have the same order.
pub(super) fn write(
    out: &mut impl Write,
    rules: &Rules,
    files: &[ScenarioFile],
    reports: &[Report],
) -> io::Result<()> {
    let mut xml = Writer::new_with_indent(&mut *out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let (tests, failures) = (reports.iter().map(tests).sum(), reports.iter().map(failures).sum());
    let suites = xml
        .create_element("testsuites")
        .with_attributes(counts("meterwarden", tests, failures).iter().map(pair));
    suites.write_inner_content(|xml| {
        files.iter().zip(reports).try_for_each(|(file, report)| suite(xml, rules, file, report))
    })?;
    writeln!(out)
}

fn suite<W: Write>(
    xml: &mut Writer<W>,
    rules: &Rules,
    file: &ScenarioFile,
    report: &Report,
) -> io::Result<()> {
    let counts = counts(&file.path, tests(report), failures(report));
    xml.create_element("testsuite").with_attributes(counts.iter().map(pair)).write_inner_content(|xml| {
        report.cases(file).try_for_each(|(case, failed)| test_case(xml, rules, file, case, failed))
    })?;
    Ok(())
}

fn test_case<W: Write>(
    xml: &mut Writer<W>,
    rules: &Rules,
    file: &ScenarioFile,
    case: &Case,
    failed: Option<&Failed>,
) -> io::Result<()> {
    let attributes = [
        ("classname", class_name(&file.path)),
        ("name", legal(&one_line(&case.name))),
        ("file", legal(&path_from_current_folder(rules, &file.path))),
        ("line", case.line.to_string()),
        ("time", "0".to_owned()),
    ];
    let element = xml.create_element("testcase").with_attributes(attributes.iter().map(pair));
    let Some(failed) = failed else { return element.write_empty().map(drop) };
    let message = format!("expected {}, got {}", failed.expected, failed.got);
    element.write_inner_content(|xml| {
        let failure = xml.create_element("failure");
        let message = legal(&one_line(&message));
        let failure = failure.with_attributes([("type", "scenario"), ("message", message.as_str())]);
        failure.write_text_content(BytesText::new(&legal(&escape_controls(&failed.to_string()))))?;
        Ok(())
    })?;
    Ok(())
}

type Attribute = (&'static str, String);

fn pair((name, value): &Attribute) -> (&str, &str) {
    (name, value)
}

fn counts(name: &str, tests: usize, failures: usize) -> [Attribute; 5] {
    [
        ("name", legal(&one_line(name))),
        ("tests", tests.to_string()),
        ("failures", failures.to_string()),
        ("errors", "0".to_owned()),
        ("time", "0".to_owned()),
    ]
}

fn tests(report: &Report) -> usize {
    report.passed + report.failed.len()
}

fn failures(report: &Report) -> usize {
    report.failed.len()
}

/// The path of a file as a class in packages, by which readers group the cases.
fn class_name(path: &str) -> String {
    let path = path.strip_suffix(".scenarios.yaml").unwrap_or(path);
    legal(&one_line(&path.replace('.', "_").replace('/', ".")))
}

/// The path of a file from the current folder, which in CI is the root of the checkout.
fn path_from_current_folder(rules: &Rules, path: &str) -> String {
    let folder = rules.folder.as_ref().map(|folder| folder.to_string_lossy().replace('\\', "/"));
    folder.map_or_else(|| path.to_owned(), |folder| format!("{}/{path}", folder.trim_end_matches('/')))
}

/// Two characters may not be in XML, not even escaped; the other illegal characters are control characters, which are
/// escaped.
fn legal(text: &str) -> String {
    text.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}
