//! The shipped rules with one line changed: a clause deleted, a value deleted from its list or added to it, a date
//! deleted.

use meterwarden::policy::{Clause, Rule, Service};
use meterwarden::{Policy, Source, Span};

/// A change of one line.
#[derive(Debug)]
pub(crate) struct Mutant {
    span: Span,
    with: String,
    /// The service that the line is in, if any.
    pub(crate) service: Option<String>,
}

/// Every change of this kind.
pub(crate) fn all(policy: &Policy) -> Vec<Mutant> {
    let rules = policy.rules().iter().flat_map(|rule| of_rule(policy, rule));
    let cases = policy.conditions().iter().flat_map(|condition| condition.cases.iter().flatten());
    let conditions = cases.flat_map(|clause| of_clause(policy, clause, None));
    rules.chain(conditions).collect()
}

fn of_rule(policy: &Policy, rule: &Rule) -> Vec<Mutant> {
    let service = rule.service.map(|service| policy.services()[service].name.clone());
    let mut found: Vec<Mutant> =
        rule.clauses.iter().flat_map(|clause| of_clause(policy, clause, service.clone())).collect();
    let text = policy.text(rule.span);
    for word in ["since", "until"] {
        let line = text.lines().find(|line| line.trim_start().starts_with(&format!("{word} ")));
        if let Some(start) = line.and_then(|line| text.find(line)) {
            let end = start + line.unwrap_or_default().len();
            let at = |place: usize| rule.span.start + u32::try_from(place).unwrap();
            let span = Span { start: at(start), end: at(end), ..rule.span };
            found.push(Mutant { span, with: String::new(), service: service.clone() });
        }
    }
    found
}

fn of_clause(policy: &Policy, clause: &Clause, service: Option<String>) -> Vec<Mutant> {
    let attribute = &policy.attributes()[clause.attribute];
    let text = policy.text(clause.span);
    let words: Vec<&str> = text.split_whitespace().collect();
    let tests = ["only", "includes", "excludes", "exactly", "not"];
    let head = if tests.contains(&words[1]) { words[..2].join(" ") } else { words[0].to_owned() };
    let items: Vec<String> =
        words.join(" ")[head.len()..].split(',').map(|item| item.trim().to_owned()).collect();
    let mut lists: Vec<Vec<String>> = Vec::new();
    if items.len() > 1 {
        lists.extend((0..items.len()).map(|drop| [&items[..drop], &items[drop + 1..]].concat()));
    }
    if !["any", "none"].contains(&items[0].as_str()) {
        let more =
            attribute.values.iter().map(|value| value.name.clone()).filter(|value| !items.contains(value));
        lists.extend(more.map(|value| [items.clone(), vec![value]].concat()));
    }
    let lists = lists.into_iter().map(|list| format!("{head} {}", list.join(", ")));
    let with = lists.chain([String::new(), format!("{} any", attribute.name)]);
    with.map(|with| Mutant { span: clause.span, with, service: service.clone() }).collect()
}

impl Mutant {
    /// A description of the change.
    pub(crate) fn text(&self, policy: &Policy) -> String {
        format!("{}: `{}` becomes `{}`", policy.place(self.span), policy.text(self.span), self.with)
    }

    /// The rule files before and after the change. If the change is in one service, every other file with services, but
    /// without vocabulary, is reduced to a line for each service: this is faster to read, and the decisions are the
    /// same.
    pub(crate) fn sources(&self, policy: &Policy) -> [Vec<Source>; 2] {
        let mut before = policy.sources().to_vec();
        if self.service.is_some() {
            for (file, source) in before.iter_mut().enumerate() {
                let inside = |service: &&Service| service.span.file as usize == file;
                let services: Vec<&Service> = policy.services().iter().filter(inside).collect();
                if !services.is_empty() && file != self.span.file as usize {
                    source.text = services.into_iter().map(|service| stub(policy, service)).collect();
                }
            }
        }
        let mut after = before.clone();
        let place = self.span.start as usize..self.span.end as usize;
        after[self.span.file as usize].text.replace_range(place, &self.with);
        [before, after]
    }
}

fn stub(policy: &Policy, service: &Service) -> String {
    let tags: Vec<&str> = service.tags.iter().map(|tag| policy.tags()[*tag].name.as_str()).collect();
    format!("service {} \"\" {} {{ closed \"elsewhere\" }}\n", service.name, tags.join(", "))
}
