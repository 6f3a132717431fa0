//! Findings as workflow commands, which GitHub Actions shows beside the lines of a pull request.

use super::{Diagnostic, Diagnostics, Severity};

impl Diagnostics {
    /// One workflow command for each finding: `::error file=rules/a.rules,line=3,col=5,title=unknown-value::…`.
    /// `folder` is the folder of the rules in the repository.
    pub fn to_github(&self, folder: &str) -> String {
        self.found.iter().map(|finding| self.command(finding, folder)).collect()
    }

    fn command(&self, finding: &Diagnostic, folder: &str) -> String {
        let level = match finding.code.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let region = self.region(finding.span);
        let mut place = format!("line={},col={}", region.start.0, region.start.1);
        if region.end.0 == region.start.0 {
            place += &format!(",endColumn={}", region.end.1);
        } else {
            place += &format!(",endLine={}", region.end.0);
        }
        let file = property(&super::under(folder, region.path));
        let message = message(&self.in_full(finding, folder));
        format!("::{level} file={file},{place},title={}::{message}\n", property(finding.code.name()))
    }

    /// A finding as text, with its label, its other places, its witness and its help on lines of their own.
    pub(super) fn in_full(&self, finding: &Diagnostic, folder: &str) -> String {
        let mut lines = vec![finding.message.clone()];
        lines.extend(finding.label.clone());
        for (span, why) in &finding.because {
            let region = self.region(*span);
            let path = super::under(folder, region.path);
            lines.push(format!("{why}: {path}:{}:{}", region.start.0, region.start.1));
        }
        lines.extend(finding.witness.as_ref().map(|witness| format!("for example {}", witness.to_json())));
        lines.extend(finding.help.as_ref().map(|help| format!("help: {help}")));
        lines.join("\n")
    }
}

/// The text after the `::`, escaped.
fn message(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The text of a property before the `::`, escaped: commas and colons have a meaning there.
fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}
