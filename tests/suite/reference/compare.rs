//! Compares the answers of the engine with those of the reference.

use std::collections::BTreeMap;
use std::fmt::Write;

use meterwarden::{Date, Fact, InputError, Outcome, Plan, Request};

use super::decide::{Answer, Refused, unknown_service};
use super::law::{Facts, Law, Stated};
use super::model::Book;

/// The facts as a request for the engine.
pub(crate) fn request(service: &str, at: Date, facts: &Facts) -> Request {
    let mut request = Request::new(service, at);
    for (attribute, fact) in facts {
        request = match fact {
            Stated::Value(value) => request.value(attribute, value),
            Stated::Set(values) => request.set(attribute, values),
            Stated::Members { present, absent } => request.members(attribute, present, absent),
        };
    }
    request
}

/// The facts of a request.
pub(crate) fn facts(request: &Request) -> Facts {
    let fact = request.facts.iter().map(|(attribute, fact)| match fact {
        Fact::Value(value) => (attribute.clone(), Stated::Value(value.clone())),
        Fact::Set(values) => (attribute.clone(), Stated::Set(values.iter().cloned().collect())),
        Fact::Members { present, absent } => {
            let [present, absent] = [present, absent].map(|values| values.iter().cloned().collect());
            (attribute.clone(), Stated::Members { present, absent })
        }
    });
    fact.collect()
}

/// The reference's answer to a request.
pub(crate) fn answer(book: &Book, request: &Request) -> Answer {
    if !book.services.contains_key(&request.service) {
        return unknown_service();
    }
    book.law(&request.service, request.at).decide(&facts(request))
}

/// `None` if the engine answers as the reference does, by its table and by its rules. Otherwise the answers and the
/// request.
pub(crate) fn differs(plan: &Plan, request: &Request, answer: &Answer) -> Option<String> {
    let decided = plan.decide(request);
    let engine = decided.as_ref().map(|decision| &decision.outcome);
    if decided != plan.interpret(request) {
        return Some(format!(
            "by its rules: {:?}\n{}",
            plan.interpret(request),
            report(request, engine, answer)
        ));
    }
    if engine.is_ok_and(|outcome| agrees(outcome, answer)) {
        return None;
    }
    Some(report(request, engine, answer))
}

fn agrees(outcome: &Outcome<'_>, answer: &Answer) -> bool {
    match (outcome, answer) {
        (Outcome::Permit { rule, also }, Answer::Permit(rules)) => {
            std::iter::once(rule).chain(also).eq(rules.iter())
        }
        (Outcome::Refuse(refusal), Answer::Refuse(Refused { check, attribute, code, why })) => {
            refusal.check == *check
                && refusal.attribute == attribute
                && refusal.code == code.as_deref()
                && why
                    .as_ref()
                    .is_none_or(|why| refusal.rule == why.rule.as_deref() && refusal.reason == why.reason)
        }
        (Outcome::Undetermined { needs, .. }, Answer::Undetermined(attributes)) => {
            needs.iter().eq(attributes.iter())
        }
        _ => false,
    }
}

fn report(request: &Request, engine: Result<&Outcome<'_>, &InputError>, answer: &Answer) -> String {
    let mut text = format!("service: {}\nat: {}\n", request.service, request.at);
    for (attribute, fact) in &request.facts {
        let _ = match fact {
            Fact::Value(value) => writeln!(text, "{attribute}: {value}"),
            Fact::Set(values) => writeln!(text, "{attribute}: [{}]", values.join(", ")),
            Fact::Members { present, absent } => {
                let (present, absent) = (present.join(", "), absent.join(", "));
                writeln!(text, "{attribute}: {{ present: [{present}], absent: [{absent}] }}")
            }
        };
    }
    let _ = match engine {
        Ok(outcome) => writeln!(text, "# engine:    {outcome:?}"),
        Err(error) => writeln!(text, "# engine:    {error}"),
    };
    let _ = writeln!(text, "# reference: {answer:?}");
    text
}

/// The number of answers of each kind: a comparison with answers of one kind alone shows little.
#[derive(Default)]
pub(crate) struct Tally(BTreeMap<&'static str, usize>);

impl Tally {
    pub(crate) fn count(&mut self, answer: &Answer) {
        let kind = match answer {
            Answer::Permit(_) => "permit",
            Answer::Refuse(Refused { check: 0, .. }) => "refuse before the first attribute",
            Answer::Refuse(Refused { why: Some(why), .. }) if why.rule.is_some() => "refuse by a forbid",
            Answer::Refuse(_) => "refuse",
            Answer::Undetermined(_) => "undetermined",
        };
        *self.0.entry(kind).or_default() += 1;
    }

    pub(crate) fn of(&self, kind: &str) -> usize {
        self.0.get(kind).copied().unwrap_or_default()
    }

    pub(crate) fn total(&self) -> usize {
        self.0.values().sum()
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kinds: Vec<String> = self.0.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        write!(f, "{} ({})", self.total(), kinds.join(", "))
    }
}

/// The dates on which a policy may change, each with the day before, and one after all changes of the shipped rules.
pub(crate) fn dates(book: &Book) -> Vec<Date> {
    use super::model::When;
    let mut dates = vec![Date::constant(2026, 1, 1)];
    for when in book.modifications.values() {
        if let When::On(date) = when {
            dates.extend([date.yesterday().unwrap(), *date]);
        }
    }
    dates.sort_unstable();
    dates.dedup();
    dates
}

/// Dates on which the law of a service is exactly the same.
pub(crate) fn laws(book: &Book, service: &str, dates: &[Date]) -> Vec<(Law, Vec<Date>)> {
    let mut laws: Vec<(Law, Vec<Date>)> = Vec::new();
    for &date in dates {
        let law = book.law(service, date);
        match laws.iter_mut().find(|(earlier, _)| *earlier == law) {
            Some((_, dates)) => dates.push(date),
            None => laws.push((law, vec![date])),
        }
    }
    laws
}
