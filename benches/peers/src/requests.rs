//! 10,000 complete requests for all services in turn, the same on every run.

use meterwarden::policy::{Policy, Service, Test};
use meterwarden::{Date, Fact, Plan, Request};

use crate::message::Message;
use crate::service_rules::{Constraint, RuleBox, ServiceRules, values};

/// The number of requests
pub(crate) const REQUESTS: usize = 10_000;

/// The date that selects the rules of the peers
pub(crate) const RULES_DATE: Date = Date::constant(2024, 1, 1);

/// A request for each service in turn, received on a day of the year that begins with [`RULES_DATE`].
///
/// Two in three start as a request that a permit matches. In two thirds of those, one attribute is drawn again, often
/// one that no rule uses. All others are drawn at random. Attributes that no rule uses are usually `NotApplicable`, if
/// they have that value.
pub(crate) fn requests(plan: &Plan, dice: &mut Dice) -> Vec<Request> {
    requests_for(plan, plan.policy().services(), dice)
}

/// The same for these services.
pub(crate) fn requests_for(plan: &Plan, services: &[Service], dice: &mut Dice) -> Vec<Request> {
    // A request starts inside a permit, so the forbids are left out.
    let permits = |service| ServiceRules {
        forbids: Vec::new(),
        ..ServiceRules::on(plan.policy(), service, RULES_DATE)
    };
    let all_rules: Vec<ServiceRules<'_>> = services.iter().map(permits).collect();
    (0..REQUESTS).map(|index| request(plan, &all_rules[index % all_rules.len()], dice)).collect()
}

/// The requests as lines of JSON
pub(crate) fn lines(requests: &[Request]) -> Vec<String> {
    requests.iter().map(|request| serde_json::to_string(&request).unwrap()).collect()
}

/// The lines as messages, whose texts borrow from the lines
pub(crate) fn messages(lines: &[String]) -> Vec<Message<'_>> {
    lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn request(plan: &Plan, rules: &ServiceRules<'_>, dice: &mut Dice) -> Request {
    let policy = plan.policy();
    let at = (0..dice.below(366)).fold(RULES_DATE, |at, _| at.tomorrow().unwrap());
    let pick_permit = |dice: &mut Dice| (!rules.permits.is_empty()).then(|| dice.pick(&rules.permits));
    if dice.below(3) == 0 {
        let permit = pick_permit(dice);
        return draw_request(policy, rules, permit.filter(|_| dice.below(2) == 0), at, dice);
    }
    // Most requests inside a permit are permitted; forbids refuse some.
    let mut request = draw_request(policy, rules, pick_permit(dice), at, dice);
    for _ in 0..20 {
        if plan.decide(&request).unwrap().is_permit() {
            break;
        }
        request = draw_request(policy, rules, pick_permit(dice), at, dice);
    }
    if dice.below(3) > 0 {
        let index = dice.below(request.facts.len());
        request.facts[index].1 = any_fact(policy, rules, index, dice);
    }
    request
}

/// Draws a request inside a box, if one is given.
fn draw_request(
    policy: &Policy,
    rules: &ServiceRules<'_>,
    rule_box: Option<&RuleBox<'_>>,
    at: Date,
    dice: &mut Dice,
) -> Request {
    let mut request = Request::new(rules.service, at);
    for (index, attribute) in policy.attributes().iter().enumerate() {
        let fact = match rule_box.map(|rule_box| &rule_box.constraints[index]) {
            Some(Constraint::OneOf(values)) => Fact::Value((*dice.pick(values)).to_owned()),
            Some(Constraint::Set(tests)) => set_that_passes(policy, rules, index, tests, dice),
            Some(Constraint::Any) | None => usual_fact(policy, rules, index, dice),
        };
        request.facts.push((attribute.name.clone(), fact));
    }
    request
}

/// The fact that most messages state about an attribute without a constraint
fn usual_fact(policy: &Policy, rules: &ServiceRules<'_>, index: usize, dice: &mut Dice) -> Fact {
    let not_applicable = policy.attributes()[index].values.iter().find(|value| value.name == "NotApplicable");
    let name = policy.attributes()[index].name.as_str();
    match not_applicable {
        Some(value) if !matches!(name, "status" | "device" | "generation") && dice.below(8) > 0 => {
            Fact::Value(value.name.clone())
        }
        _ => any_fact(policy, rules, index, dice),
    }
}

/// Any value, or any set of at most three values
fn any_fact(policy: &Policy, rules: &ServiceRules<'_>, index: usize, dice: &mut Dice) -> Fact {
    let attribute = &policy.attributes()[index];
    let values = values(policy, policy.service(rules.service).unwrap(), index);
    if !attribute.set {
        return Fact::Value((*dice.pick(&values)).to_owned());
    }
    let mut set: Vec<String> = Vec::new();
    for _ in 0..dice.below(4) {
        // Sometimes a field that the service does not declare.
        let is_undeclared = attribute.name == "fields" && rules.declared.is_some() && dice.below(8) == 0;
        let value =
            if is_undeclared { Some(&"Undeclared") } else { values.get(dice.below(values.len().max(1))) };
        if let Some(value) = value.filter(|value| !set.iter().any(|member| member == *value)) {
            set.push((*value).to_owned());
        }
    }
    Fact::Set(set)
}

/// A set that passes the tests, if one is found in 50 attempts
fn set_that_passes(
    policy: &Policy,
    rules: &ServiceRules<'_>,
    index: usize,
    tests: &[(Test, Vec<&str>)],
    dice: &mut Dice,
) -> Fact {
    let listed_values = |dice: &mut Dice| {
        let (test, list) = dice.pick(tests);
        let chance = 1 + dice.below(2);
        let needs_all = matches!(test, Test::Includes | Test::Exactly);
        let mut set: Vec<String> = Vec::new();
        for value in list.iter().filter(|_| needs_all || dice.below(list.len()) < chance) {
            set.push((*value).to_owned());
        }
        Fact::Set(set)
    };
    for _ in 0..50 {
        let fact =
            if dice.below(4) == 0 { any_fact(policy, rules, index, dice) } else { listed_values(dice) };
        if holds(tests, &fact) {
            return fact;
        }
    }
    any_fact(policy, rules, index, dice)
}

fn holds(tests: &[(Test, Vec<&str>)], fact: &Fact) -> bool {
    let Fact::Set(set) = fact else { return false };
    tests.iter().all(|(test, list)| {
        let is_listed = |value: &String| list.contains(&value.as_str());
        let is_stated = |value: &&str| set.iter().any(|stated| stated == value);
        match test {
            Test::Any => true,
            Test::In => set.iter().any(is_listed),
            Test::Not | Test::Excludes => !set.iter().any(is_listed),
            Test::Only => !set.is_empty() && set.iter().all(is_listed),
            Test::Includes => list.iter().all(is_stated),
            Test::Exactly => set.iter().all(is_listed) && list.iter().all(is_stated),
        }
    })
}

/// A small random number generator: xorshift64*
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new() -> Self {
        Self(0x9e37_79b9_7f4a_7c15)
    }

    /// A number below `bound`
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        ((self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % bound as u64) as usize
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}
