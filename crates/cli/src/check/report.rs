//! Writes the findings of `check`: for people, for programs, for code hosts.

use std::env;
use std::io::{self, Write};
use std::path::Path;

use meterwarden::language::diagnostic::Severity;
use meterwarden::{Code, Diagnostics, Plan};
use serde::Serialize;

use crate::args::{Findings, Format, Rules};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::versions::policy;
use crate::wording::count;
use crate::{json, terminal};

/// A policy and its findings.
pub(super) struct Report<'r> {
    pub(super) rules: &'r Rules,
    /// `None` if the rules have errors.
    pub(super) plan: Option<&'r Plan>,
    pub(super) findings: &'r Diagnostics,
}

impl Report<'_> {
    pub(super) fn write(&self, format: Findings) -> io::Result<()> {
        let folder = || self.rules.folder.as_deref().map_or_else(String::new, from_current_folder);
        match format {
            Findings::Human => self.write_human(),
            Findings::Json => write_json(&self.findings.to_data()),
            Findings::Sarif => write_json(&self.findings.to_sarif(&folder())),
            Findings::Github => {
                let mut out = terminal::stdout();
                out.write_all(self.findings.to_github(&folder()).as_bytes())?;
                out.flush()
            }
        }
    }

    fn write_human(&self) -> io::Result<()> {
        if let Some(plan) = self.plan {
            let mut out = terminal::stdout();
            let policy = plan.policy();
            let services = count(policy.services().len(), "service");
            let rules = count(policy.rules().len(), "rule");
            let summary = summary(self.findings);
            writeln!(out, "{}: {services}, {rules}, {summary}", policy::name_with_hint(self.rules))?;
            out.flush()?;
        }
        if self.findings.found().is_empty() {
            return Ok(());
        }
        let text = self.findings.render(terminal::colour_of_errors());
        let code = self.findings.found().first().map_or("", |finding| finding.code.name());
        let help = format!("for help, run `meterwarden check --explain {code}`");
        writeln!(io::stderr(), "{text}\n\n{}; {help}", summary(self.findings))
    }
}

/// The exit code of a check.
pub(super) fn exit(findings: &Diagnostics, strict: bool) -> Exit {
    match (findings.count(Severity::Error), findings.count(Severity::Warning)) {
        (0, 0) => Exit::Fine,
        (0, _) if strict => Exit::Refused,
        (0, _) => Exit::Fine,
        _ => Exit::Unusable,
    }
}

/// The format of a list of assumptions, which are not findings and have two formats only.
pub(super) fn format_of_assumptions(format: Findings) -> Result<Format, Failure> {
    match format {
        Findings::Human => Ok(Format::Human),
        Findings::Json => Ok(Format::Json),
        Findings::Sarif | Findings::Github => {
            Err(Failure::Arguments("`--assumptions` has the formats `human` and `json` only".to_owned()))
        }
    }
}

/// The message for a code that does not exist.
pub(super) fn no_such_code(code: &str) -> String {
    match Code::nearest(code) {
        Some(near) => format!("there is no finding `{code}`; did you mean `{near}`?"),
        None => format!("there is no finding `{code}`; a finding is shown with its code in brackets"),
    }
}

/// `1 error, 2 warnings`
fn summary(findings: &Diagnostics) -> String {
    let (errors, warnings) = (findings.count(Severity::Error), findings.count(Severity::Warning));
    format!("{}, {}", count(errors, "error"), count(warnings, "warning"))
}

fn write_json(data: &impl Serialize) -> io::Result<()> {
    let mut out = terminal::stdout();
    json::write(data, &mut out)?;
    out.flush()
}

/// The path of a folder from the current folder, with `/` between its parts; if the folder is elsewhere, its whole
/// path.
fn from_current_folder(folder: &Path) -> String {
    let current = env::current_dir().ok();
    let inside = current.and_then(|current| folder.strip_prefix(current).ok().map(Path::to_owned));
    let folder = inside.unwrap_or_else(|| folder.to_owned());
    let parts: Vec<_> = folder.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    let text = parts.join("/");
    // The root is a part of its own, `/`, so that a joined absolute path begins with two slashes.
    text.strip_prefix("//").map_or(text.clone(), |rest| format!("/{rest}"))
}
