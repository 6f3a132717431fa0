//! Findings as workflow commands, which GitHub Actions shows beside the lines of a pull request.

use super::{Diagnostic, Diagnostics, Severity};

impl Diagnostics {
    /// A workflow command a line: `::error file=rules/a.rules,line=3,col=5,title=unknown-value::…`. The folder is that of the
    /// rules, as the repository sees it.
    pub fn to_github(&self, folder: &str) -> String {
        self.found.iter().map(|one| self.command(one, folder)).collect()
    }

    fn command(&self, one: &Diagnostic, folder: &str) -> String {
        let level = match one.code.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let region = self.region(one.span);
        let mut place = format!("line={},col={}", region.start.0, region.start.1);
        if region.end.0 == region.start.0 {
            place += &format!(",endColumn={}", region.end.1);
        } else {
            place += &format!(",endLine={}", region.end.0);
        }
        let file = property(&super::under(folder, region.path));
        let message = message(&self.in_full(one, folder));
        format!("::{level} file={file},{place},title={}::{message}\n", property(one.code.name()))
    }

    /// Everything that is to be said of a finding, a sentence a line.
    pub(super) fn in_full(&self, one: &Diagnostic, folder: &str) -> String {
        let mut lines = vec![one.message.clone()];
        lines.extend(one.label.clone());
        for (span, why) in &one.because {
            let region = self.region(*span);
            let path = super::under(folder, region.path);
            lines.push(format!("{why}: {path}:{}:{}", region.start.0, region.start.1));
        }
        lines.extend(one.witness.as_ref().map(|witness| format!("for example {}", witness.to_json())));
        lines.extend(one.help.as_ref().map(|help| format!("help: {help}")));
        lines.join("\n")
    }
}

/// A text behind the `::`.
fn message(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A text before it, where commas and colons have a meaning.
fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}
