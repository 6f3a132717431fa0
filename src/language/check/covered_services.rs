//! Which rules cover which service, and when.

use super::dates;
use super::names::Names;
use super::rules::Resolved;
use super::services::tag;
use crate::base::suggest;
use crate::language::ast::{Selector, SelectorKind};
use crate::language::diagnostic::{Code, Diagnostic};
use crate::policy;
use crate::policy::source::Span;
use crate::policy::{Covered, Effect, Rule, Service, Tag, Window};

/// Resolves the `services` lines: which services each rule covers, and which rules each service has.
pub(super) fn resolve(
    rules: &mut Resolved<'_>,
    services: &mut [Service],
    tags: &[Tag],
    names: &mut Names<'_>,
) {
    for (index, (rule, covers)) in rules.rules.iter_mut().zip(&rules.covers).enumerate() {
        if let Some(service) = rule.service {
            let covered = vec![Window::ALWAYS];
            services[service].rules.push(Covered { rule: index, covered, left_out: Vec::new() });
        }
        let Some(covers) = covers else { continue };
        rule.selectors = selectors(&covers.items, false, services, tags, names);
        rule.selectors.extend(selectors(&covers.except, true, services, tags, names));
        let covered = windows(&rule.selectors, false, services.len());
        let left_out = windows(&rule.selectors, true, services.len());
        let mut closed = Vec::new();
        for (service, (covered, left_out)) in services.iter_mut().zip(covered.into_iter().zip(left_out)) {
            let covered = Covered { rule: index, covered, left_out };
            if rule.effect == Effect::Permit && service.closed.is_some() && is_ever(rule, &covered) {
                closed.push((service.name.clone(), service.span));
            }
            if !covered.covered.is_empty() {
                service.rules.push(covered);
            }
        }
        report_closed(rule, &closed, names);
    }
}

/// For each service, the windows of the selectors that select it.
fn windows(selectors: &[policy::Selector], except: bool, services: usize) -> Vec<Vec<Window>> {
    let mut windows = vec![Vec::new(); services];
    for selector in selectors.iter().filter(|selector| selector.except == except) {
        for service in &selector.services {
            windows[*service].push(selector.window);
        }
    }
    windows
}

fn selectors(
    written: &[Selector],
    except: bool,
    services: &[Service],
    tags: &[Tag],
    names: &mut Names<'_>,
) -> Vec<policy::Selector> {
    let mut resolved = Vec::new();
    for selector in written {
        let window = dates::item_window(names, &selector.dates);
        let Some(selected) = selected(selector, services, names) else { continue };
        if selected.is_empty() {
            report_empty(selector, services, tags, names);
        }
        let named = matches!(selector.kind, SelectorKind::Service(_));
        resolved.push(policy::Selector { services: selected, window, except, named, span: selector.span });
    }
    resolved
}

/// The services that a selector selects; `None` if it has a finding of its own.
fn selected(selector: &Selector, services: &[Service], names: &mut Names<'_>) -> Option<Vec<usize>> {
    let matching = |matches: &dyn Fn(&Service) -> bool| {
        let numbered = services.iter().enumerate();
        numbered.filter(|(_, service)| matches(service)).map(|(index, _)| index).collect()
    };
    Some(match &selector.kind {
        SelectorKind::All => matching(&|_| true),
        SelectorKind::Tag(name) => {
            let tag = tag(name, names)?;
            matching(&|service| service.tags.contains(&tag))
        }
        SelectorKind::Family(prefix) => matching(&|service| service.name.starts_with(prefix.text.as_str())),
        SelectorKind::Service(name) => match names.services.get(name.text.as_str()) {
            Some((service, _)) => vec![*service],
            None => {
                let help = help_for_unknown(&name.text, services, names);
                let message = format!("unknown service `{}`", name.text);
                names.report_unless_lost(Code::UnknownService, name, message, Some(help));
                return None;
            }
        },
    })
}

/// The help for a service that is not declared.
fn help_for_unknown(written: &str, services: &[Service], names: &Names<'_>) -> String {
    if names.tags.contains_key(written) {
        return format!("it is a tag: say `tag {written}`");
    }
    let known: Vec<&str> = services.iter().map(|service| service.name.as_str()).collect();
    let misspelt_all = suggest::did_you_mean(written, ["all"]);
    misspelt_all
        .or_else(|| suggest::service_like(written, &known))
        .unwrap_or_else(|| "declare it with `service`".to_owned())
}

fn report_empty(selector: &Selector, services: &[Service], tags: &[Tag], names: &mut Names<'_>) {
    let lost = match &selector.kind {
        SelectorKind::All | SelectorKind::Service(_) => names.may_be_lost(|_| true),
        SelectorKind::Tag(tag) => names.may_be_lost(|name| name == tag.text),
        SelectorKind::Family(prefix) => names.may_be_lost(|name| name.starts_with(prefix.text.as_str())),
    };
    if lost {
        return; // the services that it covers may be in the text that could not be read
    }
    let message = match &selector.kind {
        SelectorKind::Tag(name) => format!("no service has the tag `{}`", name.text),
        SelectorKind::Family(prefix) => format!("no service has a number that starts with `{}`", prefix.text),
        SelectorKind::All | SelectorKind::Service(_) => "the policy has no services".to_owned(),
    };
    let help = match &selector.kind {
        SelectorKind::Family(prefix) => {
            let alone = prefix.text.trim_end_matches('.');
            let service = services.iter().find(|service| service.name == alone);
            service.map(|service| format!("`{}` alone means the service of that number", service.name))
        }
        SelectorKind::Tag(name) => {
            let other_tags = tags.iter().filter(|tag| tag.name != name.text);
            suggest::did_you_mean(&name.text, other_tags.map(|tag| tag.name.as_str()))
        }
        SelectorKind::All | SelectorKind::Service(_) => None,
    };
    let finding = Diagnostic::new(Code::EmptySelector, selector.span, message);
    names.report(finding.maybe_help(help.or(Some("drop the item".to_owned()))));
}

/// Whether a rule covers a service on any date.
fn is_ever(rule: &Rule, covered: &Covered) -> bool {
    let windows = [&rule.window].into_iter().chain(&covered.covered).chain(&covered.left_out);
    let mut edges = windows.flat_map(Window::edges);
    edges.any(|edge| covered.holds(edge) && rule.window.contains(edge))
}

fn report_closed(rule: &Rule, closed: &[(String, Span)], names: &mut Names<'_>) {
    let Some((_, first)) = closed.first() else { return };
    let closed: Vec<&str> = closed.iter().map(|(name, _)| name.as_str()).collect();
    let (service, are) = if closed.len() == 1 { ("service", "is") } else { ("services", "are") };
    let list = suggest::join(&suggest::ticked(&closed), "and");
    let message = format!("the permit `{}` covers {service} {list}, which {are} closed", rule.name);
    names.report(
        Diagnostic::new(Code::ClosedService, rule.name_span, message)
            .because(*first, "closed to everyone")
            .help(format!("leave them out: `except {}`", closed.join(", "))),
    );
}
