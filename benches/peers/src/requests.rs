//! Ten thousand complete requests over all services in turn, the same on every run.

use meterwarden::policy::{Policy, Service, Test};
use meterwarden::{Date, Fact, Plan, Request};

use crate::law::{Law, RuleBox, Wants, values};
use crate::message::Message;

/// How many requests are decided.
pub(crate) const REQUESTS: usize = 10_000;

/// The date whose law the peers get.
pub(crate) const LAW: Date = Date::constant(2024, 1, 1);

/// A request for each service in turn, received on some day of the year that begins with [`LAW`].
///
/// Two in three begin as a request that some permit takes, and of two thirds of those one attribute is drawn anew, often
/// as one that no rule minds; the rest is drawn. What no rule asks about is `NotApplicable` where that can be said.
pub(crate) fn requests(plan: &Plan, dice: &mut Dice) -> Vec<Request> {
    requests_for(plan, plan.policy().services(), dice)
}

/// The same for some of the services.
pub(crate) fn requests_for(plan: &Plan, services: &[Service], dice: &mut Dice) -> Vec<Request> {
    // A request begins in a permit; forbids above services would stand in all of them.
    let permits = |service| Law { forbids: Vec::new(), ..Law::of(plan.policy(), service, LAW) };
    let laws: Vec<Law<'_>> = services.iter().map(permits).collect();
    (0..REQUESTS).map(|nth| request(plan, &laws[nth % laws.len()], dice)).collect()
}

/// The requests as lines of JSON.
pub(crate) fn lines(requests: &[Request]) -> Vec<String> {
    requests.iter().map(|request| serde_json::to_string(&request).unwrap()).collect()
}

/// The lines as what a gateway holds of them: every text stands in the line that was received.
pub(crate) fn messages(lines: &[String]) -> Vec<Message<'_>> {
    lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn request(plan: &Plan, law: &Law<'_>, dice: &mut Dice) -> Request {
    let policy = plan.policy();
    let at = (0..dice.below(366)).fold(LAW, |at, _| at.tomorrow().unwrap());
    let near = |dice: &mut Dice| (!law.permits.is_empty()).then(|| dice.pick(&law.permits));
    if dice.below(3) == 0 {
        let near = near(dice);
        return drawn(policy, law, near.filter(|_| dice.below(2) == 0), at, dice);
    }
    // Most draws inside a permit are permitted; a forbid stops some.
    let mut request = drawn(policy, law, near(dice), at, dice);
    for _ in 0..20 {
        if plan.decide(&request).unwrap().is_permit() {
            break;
        }
        request = drawn(policy, law, near(dice), at, dice);
    }
    if dice.below(3) > 0 {
        let nth = dice.below(request.facts.len());
        request.facts[nth].1 = anything(policy, law, nth, dice);
    }
    request
}

/// A request inside a box, where there is one.
fn drawn(policy: &Policy, law: &Law<'_>, near: Option<&RuleBox<'_>>, at: Date, dice: &mut Dice) -> Request {
    let mut request = Request::new(law.service, at);
    for (nth, attribute) in policy.attributes().iter().enumerate() {
        let fact = match near.map(|near| &near.wants[nth]) {
            Some(Wants::OneOf(values)) => Fact::Value((*dice.pick(values)).to_owned()),
            Some(Wants::Set(tests)) => within(policy, law, nth, tests, dice),
            Some(Wants::Anything) | None => plain(policy, law, nth, dice),
        };
        request.facts.push((attribute.name.clone(), fact));
    }
    request
}

/// What most messages say of an attribute that nothing is asked of.
fn plain(policy: &Policy, law: &Law<'_>, nth: usize, dice: &mut Dice) -> Fact {
    let not_applicable = policy.attributes()[nth].values.iter().find(|value| value.name == "NotApplicable");
    let name = policy.attributes()[nth].name.as_str();
    match not_applicable {
        Some(value) if !matches!(name, "status" | "device" | "generation") && dice.below(8) > 0 => {
            Fact::Value(value.name.clone())
        }
        _ => anything(policy, law, nth, dice),
    }
}

/// Any value, or any set of at most three.
fn anything(policy: &Policy, law: &Law<'_>, nth: usize, dice: &mut Dice) -> Fact {
    let attribute = &policy.attributes()[nth];
    let values = values(policy, policy.service(law.service).unwrap(), nth);
    if !attribute.set {
        return Fact::Value((*dice.pick(&values)).to_owned());
    }
    let mut set: Vec<String> = Vec::new();
    for _ in 0..dice.below(4) {
        // Something that the service does not declare, now and then.
        let strange = attribute.name == "fields" && law.declared.is_some() && dice.below(8) == 0;
        let value = if strange { Some(&"Undeclared") } else { values.get(dice.below(values.len().max(1))) };
        if let Some(value) = value.filter(|value| !set.iter().any(|known| known == *value)) {
            set.push((*value).to_owned());
        }
    }
    Fact::Set(set)
}

/// A set that meets the tests, if a few draws find one.
fn within(policy: &Policy, law: &Law<'_>, nth: usize, tests: &[(Test, Vec<&str>)], dice: &mut Dice) -> Fact {
    let listed = |dice: &mut Dice| {
        let (test, list) = dice.pick(tests);
        let some = 1 + dice.below(2);
        let all = matches!(test, Test::Includes | Test::Exactly);
        let mut set: Vec<String> = Vec::new();
        for value in list.iter().filter(|_| all || dice.below(list.len()) < some) {
            set.push((*value).to_owned());
        }
        Fact::Set(set)
    };
    for _ in 0..50 {
        let fact = if dice.below(4) == 0 { anything(policy, law, nth, dice) } else { listed(dice) };
        if holds(tests, &fact) {
            return fact;
        }
    }
    anything(policy, law, nth, dice)
}

fn holds(tests: &[(Test, Vec<&str>)], fact: &Fact) -> bool {
    let Fact::Set(set) = fact else { return false };
    tests.iter().all(|(test, list)| {
        let listed = |value: &String| list.contains(&value.as_str());
        let said = |value: &&str| set.iter().any(|known| known == value);
        match test {
            Test::Any => true,
            Test::In => set.iter().any(listed),
            Test::Not | Test::Excludes => !set.iter().any(listed),
            Test::Only => !set.is_empty() && set.iter().all(listed),
            Test::Includes => list.iter().all(said),
            Test::Exactly => set.iter().all(listed) && list.iter().all(said),
        }
    })
}

/// A small generator of numbers: xorshift64*.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new() -> Self {
        Self(0x9e37_79b9_7f4a_7c15)
    }

    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        ((self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % bound as u64) as usize
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}
