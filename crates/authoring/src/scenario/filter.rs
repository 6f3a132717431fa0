//! Selects the cases to run.

use std::fmt;

use super::{Case, ScenarioFile};
use meterwarden::base::suggest;

/// Selects cases. A case must match one entry of each list that is not empty. An empty filter keeps every case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Texts in the name of a case, or in the path of its file.
    pub texts: Vec<String>,
    /// Services, or `6.*` for every service whose number starts with `6.`.
    pub services: Vec<String>,
    /// Texts in the path of the file.
    pub files: Vec<String>,
}

impl Filter {
    /// Removes the cases that are not selected, and the files that have no case left.
    pub fn apply(&self, files: &mut Vec<ScenarioFile>) {
        for file in files.iter_mut() {
            let path = &file.path;
            file.cases.retain(|case| self.keeps(path, case));
        }
        files.retain(|file| !file.cases.is_empty());
    }

    /// Whether a case of the file at a path is selected.
    pub fn keeps(&self, path: &str, case: &Case) -> bool {
        any(&self.texts, |text| path.contains(text) || case.name.contains(text))
            && self.is_about(&case.request.service)
            && any(&self.files, |text| path.contains(text))
    }

    /// Whether a service is selected.
    pub fn is_about(&self, service: &str) -> bool {
        any(&self.services, |wanted| covers(wanted, service))
    }

    /// Whether the rules of a service are selected or, for `None`, the rules outside services.
    pub(crate) fn is_about_rule_of(&self, service: Option<&str>) -> bool {
        service.map_or(self.services.is_empty(), |service| self.is_about(service))
    }
}

impl fmt::Display for Filter {
    /// The condition that a case must meet: `has `update` in its name or path and is about 8.4`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            ("has", &self.texts, "in its name or path"),
            ("is about", &self.services, ""),
            ("is in a file with", &self.files, "in its path"),
        ];
        let conditions =
            parts.iter().filter(|(_, wanted, _)| !wanted.is_empty()).map(|(before, wanted, after)| {
                let wanted = suggest::either(&suggest::ticked(wanted));
                format!("{before} {wanted} {after}").trim_end().to_owned()
            });
        f.write_str(&suggest::join(&conditions.collect::<Vec<_>>(), "and"))
    }
}

fn any(wanted: &[String], fits: impl Fn(&str) -> bool) -> bool {
    wanted.is_empty() || wanted.iter().any(|entry| fits(entry))
}

/// Whether an entry selects a service, as in the `services` line of a rule: `6.*` selects 6.20.1, `6.2.*` does not.
fn covers(wanted: &str, service: &str) -> bool {
    match wanted.strip_suffix('*') {
        Some(family) if family.ends_with('.') => service.starts_with(family),
        _ => wanted == service,
    }
}
