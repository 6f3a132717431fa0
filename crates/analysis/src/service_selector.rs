//! The services that a selector names: `8.4`, `8.*`, `tag critical`, `all`.

use meterwarden::base::suggest;
use meterwarden::policy::{Policy, Service};

/// A selector that matches no service of the policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnknownService {
    /// `--service 8.44`
    #[error("the policy has no service `{written}`{}", help_suffix(help))]
    Service {
        /// The selector.
        written: String,
        /// Similar names, or what the selector is instead.
        help: Option<String>,
    },
    /// `--service 'tag critcal'`
    #[error("no service of the policy has the tag `{written}`{}", help_suffix(help))]
    Tag {
        /// The tag.
        written: String,
        /// Similar tags.
        help: Option<String>,
    },
}

impl UnknownService {
    /// The same error where other names are accepted, too: the help then suggests a similar name of these first.
    #[must_use]
    pub fn or_among<'a>(self, names: impl Iterator<Item = &'a str>) -> Self {
        match self {
            Self::Service { written, help } => {
                Self::Service { help: suggest::did_you_mean(&written, names).or(help), written }
            }
            tag @ Self::Tag { .. } => tag,
        }
    }
}

fn help_suffix(help: &Option<String>) -> String {
    help.as_ref().map_or_else(String::new, |help| format!("; {help}"))
}

/// The services that the selectors name, in policy order; every service if there is no selector.
///
/// A selector is what a rule writes after `services`: the number of a service, a family such as `8.*`, `tag critical`,
/// or `all`.
///
/// # Errors
///
/// A selector matches no service.
pub fn selected<'p>(policy: &'p Policy, selectors: &[String]) -> Result<Vec<&'p Service>, UnknownService> {
    let matches_any =
        |selector: &&String| policy.services().iter().any(|service| selects(policy, selector, service));
    if let Some(unknown) = selectors.iter().find(|selector| !matches_any(selector)) {
        return Err(unknown_service(policy, unknown));
    }
    let is_selected =
        |service: &&Service| selectors.iter().any(|selector| selects(policy, selector, service));
    Ok(policy.services().iter().filter(|service| selectors.is_empty() || is_selected(service)).collect())
}

fn unknown_service(policy: &Policy, written: &str) -> UnknownService {
    let tags = || policy.tags().iter().map(|tag| tag.name.as_str());
    if let Some(tag) = written.strip_prefix("tag ") {
        let written = tag.trim().to_owned();
        return UnknownService::Tag { help: suggest::did_you_mean(&written, tags()), written };
    }
    let names: Vec<&str> = policy.services().iter().map(|service| service.name.as_str()).collect();
    let help = match tags().find(|tag| *tag == written) {
        Some(tag) => Some(format!("it is a tag: write `tag {tag}`")),
        None => suggest::service_like(written.trim_end_matches(['.', '*']), &names),
    };
    UnknownService::Service { written: written.to_owned(), help }
}

/// Whether a selector names a service.
fn selects(policy: &Policy, selector: &str, service: &Service) -> bool {
    match (selector.strip_suffix('*'), selector.strip_prefix("tag ")) {
        (Some(family), _) if family.ends_with('.') => service.name.starts_with(family),
        (_, Some(name)) => service.tags.iter().any(|tag| policy.tags()[*tag].name == name.trim()),
        _ => selector == "all" || selector == service.name,
    }
}
