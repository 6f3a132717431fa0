//! Which cases to run.

use std::fmt;

use super::{Case, ScenarioFile};
use meterwarden::base::suggest;

/// Which cases are meant. Of one kind any will do; of each kind that is given one must fit. An empty filter keeps all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Texts in the name of a case, or in the path of its file.
    pub texts: Vec<String>,
    /// Services, or `6.*` for every one whose number starts with `6.`.
    pub services: Vec<String>,
    /// Texts in the path of the file.
    pub files: Vec<String>,
}

impl Filter {
    /// Takes away the cases that are not meant, and the files of which none is left.
    pub fn apply(&self, files: &mut Vec<ScenarioFile>) {
        for file in files.iter_mut() {
            let path = &file.path;
            file.cases.retain(|case| self.keeps(path, case));
        }
        files.retain(|file| !file.cases.is_empty());
    }

    /// Whether a case of the file at a path is meant.
    pub fn keeps(&self, path: &str, case: &Case) -> bool {
        any(&self.texts, |text| path.contains(text) || case.name.contains(text))
            && self.is_about(&case.request.service)
            && any(&self.files, |text| path.contains(text))
    }

    /// Whether a service is meant.
    pub fn is_about(&self, service: &str) -> bool {
        any(&self.services, |wanted| covers(wanted, service))
    }

    /// Whether a rule of a service is meant, or, of no service, one that stands outside of them.
    pub(crate) fn is_about_rule_of(&self, service: Option<&str>) -> bool {
        service.map_or(self.services.is_empty(), |service| self.is_about(service))
    }
}

impl fmt::Display for Filter {
    /// `has `update` in its name or path, and is about 8.4`: what a case would have had to be.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            ("has", &self.texts, "in its name or path"),
            ("is about", &self.services, ""),
            ("is in a file with", &self.files, "in its path"),
        ];
        let said = parts.iter().filter(|(_, wanted, _)| !wanted.is_empty()).map(|(before, wanted, after)| {
            let wanted = suggest::either(&suggest::ticked(wanted));
            format!("{before} {wanted} {after}").trim_end().to_owned()
        });
        f.write_str(&suggest::join(&said.collect::<Vec<_>>(), "and"))
    }
}

fn any(wanted: &[String], fits: impl Fn(&str) -> bool) -> bool {
    wanted.is_empty() || wanted.iter().any(|one| fits(one))
}

/// As in a rule outside services: `6.*` covers 6.20.1, `6.2.*` does not.
fn covers(wanted: &str, service: &str) -> bool {
    match wanted.strip_suffix('*') {
        Some(family) if family.ends_with('.') => service.starts_with(family),
        _ => wanted == service,
    }
}
