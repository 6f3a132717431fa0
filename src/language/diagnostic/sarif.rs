//! Findings as SARIF 2.1.0, the format in which code hosts and editors read the results of an analysis.

use serde::Serialize;

use super::data::Region;
use super::{Code, Diagnostic, Diagnostics, Edit, Severity};
use crate::decide::request::Request;
use crate::policy::source::Span;

/// The log of a run.
#[derive(Clone, Debug, Serialize)]
pub struct Sarif {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    column_kind: &'static str,
    results: Vec<Outcome>,
}

#[derive(Clone, Debug, Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<Rule>,
}

/// SARIF's word for a code.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    short_description: Text,
    full_description: Text,
    help: Help,
    default_configuration: Configuration,
}

#[derive(Clone, Debug, Serialize)]
struct Configuration {
    level: Severity,
}

#[derive(Clone, Debug, Serialize)]
struct Text {
    text: String,
}

#[derive(Clone, Debug, Serialize)]
struct Help {
    text: &'static str,
    markdown: &'static str,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    rule_id: &'static str,
    rule_index: usize,
    level: Severity,
    message: Text,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Fix>,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<Properties>,
}

#[derive(Clone, Debug, Serialize)]
struct Properties {
    witness: Request,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: Physical,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    region: Lines,
}

#[derive(Clone, Debug, Serialize)]
struct Artifact {
    uri: String,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Lines {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Fix {
    description: Text,
    artifact_changes: Vec<Change>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    artifact_location: Artifact,
    replacements: Vec<Replacement>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    deleted_region: Lines,
    inserted_content: Text,
}

impl Diagnostics {
    /// The findings as a SARIF log. `folder` is the folder of the rules in the repository.
    pub fn to_sarif(&self, folder: &str) -> Sarif {
        let results = self.found.iter().map(|finding| self.outcome(finding, folder)).collect();
        let driver = Driver {
            name: "meterwarden",
            semantic_version: env!("CARGO_PKG_VERSION"),
            rules: Code::ALL.iter().map(|code| rule(*code)).collect(),
        };
        Sarif {
            schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
            version: "2.1.0",
            runs: [Run { tool: Tool { driver }, column_kind: "unicodeCodePoints", results }],
        }
    }

    fn outcome(&self, finding: &Diagnostic, folder: &str) -> Outcome {
        let related = |(id, (span, why)): (usize, &(Span, String))| Location {
            id: Some(id),
            physical_location: self.physical(*span, folder),
            message: Some(Text { text: why.clone() }),
        };
        let place =
            Location { id: None, physical_location: self.physical(finding.span, folder), message: None };
        Outcome {
            rule_id: finding.code.name(),
            rule_index: Code::ALL.iter().position(|code| *code == finding.code).unwrap_or_default(),
            level: finding.code.severity(),
            message: Text { text: self.in_full(finding, folder) },
            locations: [place],
            related_locations: (1..).zip(&finding.because).map(related).collect(),
            fixes: self.fixes(finding, folder),
            properties: finding.witness.clone().map(|witness| Properties { witness }),
        }
    }

    fn physical(&self, span: Span, folder: &str) -> Physical {
        let region = self.region(span);
        Physical { artifact_location: artifact(folder, region.path), region: lines(&region) }
    }

    fn fixes(&self, finding: &Diagnostic, folder: &str) -> Vec<Fix> {
        if finding.fix.is_empty() {
            return Vec::new();
        }
        let mut edits: Vec<&Edit> = finding.fix.iter().collect();
        edits.sort();
        let changes = edits.chunk_by(|edit, next| edit.span.file == next.span.file);
        let change = |edits: &[&Edit]| {
            let path = edits.first().map_or("", |edit| self.region(edit.span).path);
            let replacement = |edit: &&Edit| Replacement {
                deleted_region: lines(&self.region(edit.span)),
                inserted_content: Text { text: edit.text.clone() },
            };
            Change {
                artifact_location: artifact(folder, path),
                replacements: edits.iter().map(replacement).collect(),
            }
        };
        let description = finding.help.clone().unwrap_or_else(|| finding.message.clone());
        vec![Fix { description: Text { text: description }, artifact_changes: changes.map(change).collect() }]
    }
}

fn rule(code: Code) -> Rule {
    Rule {
        id: code.name(),
        short_description: Text { text: code.meaning().to_owned() },
        full_description: Text { text: why(code).to_owned() },
        help: Help { text: code.page(), markdown: code.page() },
        default_configuration: Configuration { level: code.severity() },
    }
}

/// The section "Why" of the code's page.
fn why(code: Code) -> &'static str {
    let rest = code.page().split_once("\n## Why\n").map(|(_, rest)| rest);
    rest.and_then(|rest| rest.split("\n## ").next()).map_or(code.meaning(), str::trim)
}

fn lines(region: &Region<'_>) -> Lines {
    let ((start_line, start_column), (end_line, end_column)) = (region.start, region.end);
    Lines { start_line, start_column, end_line, end_column }
}

/// A path as a URI, with every character escaped that is not permitted in one.
fn artifact(folder: &str, path: &str) -> Artifact {
    let path = super::under(folder, path);
    let mut uri = String::from(if path.starts_with('/') { "file://" } else { "" });
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(byte.into())
            }
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    Artifact { uri }
}
