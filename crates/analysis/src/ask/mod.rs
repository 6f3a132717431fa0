//! Who may do what, with any part of a request left open: the exact answer, as few regions as large as can be.
//!
//! ```text
//! Question ──▶ Known ──▶ Subspace: the classes of value still open ──permitted──▶ region ──cover──▶ Answer, in words
//! ```

mod known;
mod question;

use crate::service_selector::selected;
use jiff::civil::Date;
use serde::Serialize;

use crate::service_order;
use known::Known;
use meterwarden::base::bit_set::bits;
use meterwarden::plan::Plan;
use meterwarden::policy::{Edge, Policy, Service, Window};
use meterwarden::space::RuleSpace;
use meterwarden::space::clause_text;
use meterwarden::space::{Cube, Region, Subspace, TooLarge, cover};
pub use question::{AskError, Given, Question};

/// What is permitted of the requests that a question is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The services of which something is permitted, in the order of their numbers.
    pub services: Vec<ServiceAnswer>,
    /// How many services were asked about.
    pub asked: usize,
}

/// What is permitted of one service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ServiceAnswer {
    /// `8.4`
    pub service: String,
    /// `Update Inventory`
    pub text: String,
    /// What is permitted, time by time, where something is; one without dates, if the question names one.
    pub times: Vec<TimeAnswer>,
}

/// What is permitted of one service at one time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct TimeAnswer {
    /// The first date, where it has one.
    pub from: Option<Date>,
    /// The first date for which it no longer holds, where it has one.
    pub until: Option<Date>,
    /// Whether every request is permitted that the question is about.
    pub always: bool,
    /// Regions that are what is permitted, together, exactly. They may overlap.
    pub regions: Vec<Stated>,
}

/// Requests that are permitted: those that agree with all of some clauses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stated {
    /// Clauses in the words of the language, beside what the question says; none means every request.
    pub clauses: Vec<String>,
    /// The permits that permit some of them.
    pub rules: Vec<String>,
}

/// More regions than this are no answer for a person, and half an answer is none.
const MOST_REGIONS: usize = 1_000;

/// What is permitted of the requests that a question is about. A question that asks for fields by name is about the
/// services that declare some, and about those that it names itself: where a service declares none, its body is not
/// looked at, and any would do.
///
/// # Errors
///
/// The question is not in the policy's words, or a service's rules tell too many classes of request apart.
pub fn ask(plan: &Plan, question: &Question) -> Result<Answer, AskError> {
    let policy = plan.policy();
    let known = Known::all(policy, question)?;
    let about: Result<Vec<usize>, AskError> =
        question.about.iter().map(|name| known::attribute(policy, name)).collect();
    let asking = Asking { policy, known, about: about? };
    let too_large = |service: &Service| AskError::TooLarge(service.name.clone());
    let mut services = Vec::new();
    let meant = meant(plan, &question.services)?;
    let by_fields = known::asks_for_fields(policy, &asking.known);
    for nth in &meant {
        let service = &policy.services()[*nth];
        if by_fields && service.fields.is_none() && !question.services.contains(&service.name) {
            continue;
        }
        let times = asking.times(service, &plan.service_plan(*nth).rule_spaces, question.at);
        let times = times.map_err(|TooLarge| too_large(service))?;
        if !times.is_empty() {
            let (name, text) = (service.name.clone(), service.text.clone());
            services.push(ServiceAnswer { service: name, text, times });
        }
    }
    Ok(Answer { services, asked: meant.len() })
}

/// The services that are meant, as places in the policy's list.
fn meant(plan: &Plan, selectors: &[String]) -> Result<Vec<usize>, AskError> {
    let policy = plan.policy();
    if let [one] = selectors
        && let Some(nth) = policy.service_place(one)
    {
        return Ok(vec![nth]);
    }
    let mut meant = selected(policy, selectors)?;
    meant.sort_by(|one, other| service_order::by_number(&one.name, &other.name));
    Ok(meant.iter().filter_map(|service| policy.service_place(&service.name)).collect())
}

/// A question, resolved.
struct Asking<'p> {
    policy: &'p Policy,
    known: Vec<Known>,
    about: Vec<usize>,
}

impl Asking<'_> {
    fn times(
        &self,
        service: &Service,
        rule_spaces: &[RuleSpace],
        at: Option<Date>,
    ) -> Result<Vec<TimeAnswer>, TooLarge> {
        if let Some(at) = at {
            let after = rule_spaces.partition_point(|rule_space| rule_space.from <= Edge::On(at));
            let Some(rule_space) = rule_spaces.get(after.saturating_sub(1)) else { return Ok(Vec::new()) };
            return Ok(self.time(service, rule_space, Window::ALWAYS)?.into_iter().collect());
        }
        let mut times: Vec<TimeAnswer> = Vec::new();
        for (nth, rule_space) in rule_spaces.iter().enumerate() {
            let until = rule_spaces.get(nth + 1).map_or(Edge::Never, |next| next.from);
            let Some(time) = self.time(service, rule_space, Window::new(rule_space.from, until))? else {
                continue;
            };
            match times.last_mut().filter(|last| last.until.is_some() && last.until == time.from) {
                Some(last) if (last.always, &last.regions) == (time.always, &time.regions) => {
                    last.until = time.until
                }
                _ => times.push(time),
            }
        }
        Ok(times)
    }

    /// Nothing where nothing is permitted.
    fn time(
        &self,
        service: &Service,
        rule_space: &RuleSpace,
        time: Window,
    ) -> Result<Option<TimeAnswer>, TooLarge> {
        let meant: Vec<Vec<bool>> = (rule_space.dimensions.iter().enumerate())
            .map(|(nth, dimension)| known::meant(self.policy, service, dimension, nth, &self.known))
            .collect();
        let room = Subspace::new(rule_space, |attribute, class| meant[attribute][class]);
        let permitted = room.permitted(rule_space)?;
        if permitted.is_empty() {
            return Ok(None);
        }
        let always = permitted == Region::constant(true);
        let (boxes, rest) = cover(&self.shown(&room, permitted.clone()), &room.layout, MOST_REGIONS);
        if !rest.is_empty() {
            return Err(TooLarge);
        }
        let region = |cube: &Cube| Stated {
            clauses: self.clauses(service, rule_space, &room, cube),
            rules: self.rules(rule_space, &room, &permitted, cube),
        };
        let regions = boxes.iter().map(region).collect();
        Ok(Some(TimeAnswer { from: day(time.from), until: day(time.until), always, regions }))
    }

    /// What is left of a region where the answer is to speak of some attributes alone.
    fn shown(&self, room: &Subspace, region: Region) -> Region {
        if self.about.is_empty() {
            return region;
        }
        let hidden = room.attributes.iter().enumerate().filter(|(_, one)| !self.about.contains(one));
        hidden.fold(region, |region, (dimension, _)| region.exists(dimension))
    }

    /// What a region says beside the question.
    fn clauses(
        &self,
        service: &Service,
        rule_space: &RuleSpace,
        room: &Subspace,
        cube: &Cube,
    ) -> Vec<String> {
        let clause = |(dimension, attribute): (usize, &usize)| {
            if room.layout.taken(cube, dimension).count() == room.layout.choices(dimension) {
                return None;
            }
            let constraint = room.class_flags(rule_space, cube, *attribute);
            let known = || self.known.iter().filter(|one| one.attribute == *attribute);
            if self.policy.attributes()[*attribute].set || known().next().is_none() {
                return clause_text::clause(
                    self.policy,
                    service,
                    &rule_space.dimensions[*attribute],
                    *attribute,
                    &constraint,
                );
            }
            let one = &self.policy.attributes()[*attribute];
            let dimension = &rule_space.dimensions[*attribute];
            let inside = (0u32..).zip(&one.values).filter(|(nth, value)| {
                constraint[dimension.class_of_value(*nth) as usize]
                    && known().all(|known| known.allows(&value.name))
            });
            let names: Vec<&str> = inside.map(|(_, value)| value.name.as_str()).collect();
            Some(format!("{} {}", one.name, names.join(", ")))
        };
        room.attributes.iter().enumerate().filter_map(clause).collect()
    }

    /// The permits that permit something of a region. Where the answer speaks of some attributes alone, not all of a region
    /// is permitted.
    fn rules(&self, rule_space: &RuleSpace, room: &Subspace, permitted: &Region, cube: &Cube) -> Vec<String> {
        let permits = |nth: &usize| {
            room.meets(rule_space, cube, *nth)
                && (self.about.is_empty() || {
                    let taken = taken(rule_space, room, cube, *nth);
                    permitted.without(&room.layout, &taken) != *permitted
                })
        };
        let mut rules: Vec<usize> =
            bits(&rule_space.permits).filter(permits).map(|nth| rule_space.boxes[nth].rule).collect();
        rules.dedup();
        rules.into_iter().map(|rule| self.policy.rules()[rule].name.clone()).collect()
    }
}

/// What a box of the rules takes of a region.
fn taken(rule_space: &RuleSpace, room: &Subspace, cube: &Cube, nth: usize) -> Cube {
    let mut taken = cube.clone();
    for (dimension, attribute) in room.attributes.iter().enumerate() {
        for (choice, class) in room.classes[dimension].iter().enumerate() {
            if !rule_space.dimensions[*attribute].classes[*class].passes(nth) {
                room.layout.put(&mut taken, dimension, choice, false);
            }
        }
    }
    taken
}

fn day(edge: Edge) -> Option<Date> {
    if let Edge::On(date) = edge { Some(date) } else { None }
}
