//! Which services a person means who asks about some of them: `8.4`, `8.*`, `tag critical`, `all`.

use meterwarden::base::suggest;
use meterwarden::policy::{Policy, Service};

/// What a person called a service or several, where the policy has none of them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnknownService {
    /// `--service 8.44`
    #[error("the policy has no service `{written}`{}", behind(help))]
    Service {
        /// What was asked for.
        written: String,
        /// What may have been meant, or what there is.
        help: Option<String>,
    },
    /// `--service 'tag critcal'`
    #[error("no service of the policy has the tag `{written}`{}", behind(help))]
    Tag {
        /// What was asked for.
        written: String,
        /// What may have been meant, or what there is.
        help: Option<String>,
    },
}

impl UnknownService {
    /// The same where other names are understood, too: one of them may have been meant.
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

fn behind(help: &Option<String>) -> String {
    help.as_ref().map_or_else(String::new, |help| format!("; {help}"))
}

/// The services that are meant, in policy order: each said as in the line `services` of a rule, by its number, as a
/// family such as `8.*`, as `tag critical`, or as `all`. All of them where nothing is said.
pub fn selected<'p>(policy: &'p Policy, selectors: &[String]) -> Result<Vec<&'p Service>, UnknownService> {
    let selects_any = |one: &&String| policy.services().iter().any(|service| selects(policy, one, service));
    if let Some(unknown) = selectors.iter().find(|one| !selects_any(one)) {
        return Err(unknown_service(policy, unknown));
    }
    let meant = |service: &&Service| selectors.iter().any(|one| selects(policy, one, service));
    Ok(policy.services().iter().filter(|service| selectors.is_empty() || meant(service)).collect())
}

fn unknown_service(policy: &Policy, written: &str) -> UnknownService {
    let tags = || policy.tags().iter().map(|tag| tag.name.as_str());
    if let Some(tag) = written.strip_prefix("tag ") {
        let written = tag.trim().to_owned();
        return UnknownService::Tag { help: suggest::did_you_mean(&written, tags()), written };
    }
    let names: Vec<&str> = policy.services().iter().map(|service| service.name.as_str()).collect();
    let help = match tags().find(|tag| *tag == written) {
        Some(tag) => Some(format!("it is a tag: say `tag {tag}`")),
        None => suggest::service_like(written.trim_end_matches(['.', '*']), &names),
    };
    UnknownService::Service { written: written.to_owned(), help }
}

/// Whether a service is meant, as the line `services` of a rule would say it.
fn selects(policy: &Policy, selector: &str, service: &Service) -> bool {
    match (selector.strip_suffix('*'), selector.strip_prefix("tag ")) {
        (Some(family), _) if family.ends_with('.') => service.name.starts_with(family),
        (_, Some(tag)) => service.tags.iter().any(|nth| policy.tags()[*nth].name == tag.trim()),
        _ => selector == "all" || selector == service.name,
    }
}
