//! Findings as `check` writes them: for people, for programs, for code hosts.

use std::env;
use std::io::{self, Write};
use std::path::Path;

use meterwarden::language::diagnostic::Severity;
use meterwarden::{Code, Diagnostics, Plan};
use serde::Serialize;

use crate::args::{Findings, Format, Rules};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{policy, terminal};

/// What is to be written.
pub(crate) struct Report<'r> {
    pub(crate) rules: &'r Rules,
    /// Nothing where the rules cannot be used.
    pub(crate) plan: Option<&'r Plan>,
    pub(crate) found: &'r Diagnostics,
}

impl Report<'_> {
    pub(crate) fn write(&self, format: Findings) -> io::Result<()> {
        let folder = || self.rules.folder.as_deref().map_or_else(String::new, from_here);
        match format {
            Findings::Human => self.for_people(),
            Findings::Json => json(&self.found.to_data()),
            Findings::Sarif => json(&self.found.to_sarif(&folder())),
            Findings::Github => {
                let mut out = terminal::stdout();
                out.write_all(self.found.to_github(&folder()).as_bytes())?;
                out.flush()
            }
        }
    }

    fn for_people(&self) -> io::Result<()> {
        if let Some(plan) = self.plan {
            let mut out = terminal::stdout();
            let policy = plan.policy();
            let services = count(policy.services().len(), "service");
            let rules = count(policy.rules().len(), "rule");
            let summary = summary(self.found);
            writeln!(out, "{}: {services}, {rules}, {summary}", policy::named(self.rules))?;
            out.flush()?;
        }
        if self.found.found().is_empty() {
            return Ok(());
        }
        let text = self.found.render(terminal::colour_of_errors());
        let code = self.found.found().first().map_or("", |one| one.code.name());
        let more = format!("`meterwarden check --explain {code}` says more");
        writeln!(io::stderr(), "{text}\n\n{}; {more}", summary(self.found))
    }
}

/// How a check ends.
pub(crate) fn exit(found: &Diagnostics, strict: bool) -> Exit {
    match (found.count(Severity::Error), found.count(Severity::Warning)) {
        (0, 0) => Exit::Fine,
        (0, _) if strict => Exit::Refused,
        (0, _) => Exit::Fine,
        _ => Exit::Unusable,
    }
}

/// The format of what is no finding, which has only two.
pub(crate) fn plain(format: Findings) -> Result<Format, Failure> {
    match format {
        Findings::Human => Ok(Format::Human),
        Findings::Json => Ok(Format::Json),
        Findings::Sarif | Findings::Github => {
            Err(Failure::Arguments("`--assumptions` is written as `human` or `json`".to_owned()))
        }
    }
}

/// What to say of a code that there is not.
pub(crate) fn no_such_code(code: &str) -> String {
    match Code::nearest(code) {
        Some(near) => format!("there is no finding `{code}`; did you mean `{near}`?"),
        None => format!("there is no finding `{code}`; its code stands in brackets where a finding is shown"),
    }
}

/// `1 error, 2 warnings`
fn summary(found: &Diagnostics) -> String {
    let (errors, warnings) = (found.count(Severity::Error), found.count(Severity::Warning));
    format!("{}, {}", count(errors, "error"), count(warnings, "warning"))
}

/// `1 rule`, `2 rules`
fn count(number: usize, what: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {what}{ending}")
}

pub(crate) fn json(data: &impl Serialize) -> io::Result<()> {
    let mut out = terminal::stdout();
    serde_json::to_writer_pretty(&mut out, data)?;
    writeln!(out)?;
    out.flush()
}

/// A folder as seen from where the command runs, with `/` between its parts.
fn from_here(folder: &Path) -> String {
    let here = env::current_dir().ok();
    let inside = here.and_then(|here| folder.strip_prefix(here).ok().map(Path::to_owned));
    let folder = inside.unwrap_or_else(|| folder.to_owned());
    let parts: Vec<_> = folder.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    let text = parts.join("/");
    text.strip_prefix("//").map_or(text.clone(), |rest| format!("/{rest}"))
}
