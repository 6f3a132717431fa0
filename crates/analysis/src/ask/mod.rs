//! Who may do what: the exact answer to a question that leaves any part of a request open, in few and large regions.
//!
//! ```text
//! Question ──▶ Known: names resolved ──▶ Subspace: the open value classes ──permitted──▶ Region ──cover──▶ Answer
//! ```

mod known;
mod question;

use jiff::civil::Date;
use serde::Serialize;

use crate::limits::MOST_ANSWER_REGIONS;
use crate::service_order;
use crate::service_selector::selected;
use known::Known;
use meterwarden::base::bit_set::bits;
use meterwarden::plan::Plan;
use meterwarden::policy::{Edge, Policy, Service, Window};
use meterwarden::space::{Cube, Region, RuleSpace, Subspace, TooLarge, clause_text, cover};
pub use question::{AskError, Given, Question};

/// What is permitted among the requests that a question is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The services with permitted requests, in the order of their numbers.
    pub services: Vec<ServiceAnswer>,
    /// The number of services that the question is about.
    pub asked: usize,
}

/// What is permitted for one service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ServiceAnswer {
    /// `8.4`
    pub service: String,
    /// `Update Inventory`
    pub text: String,
    /// The times with permitted requests, in order. If the question has a date, it is one time without dates.
    pub times: Vec<TimeAnswer>,
}

/// What is permitted for one service at one time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct TimeAnswer {
    /// The first date, if it has one.
    pub from: Option<Date>,
    /// The first date on which it no longer holds, if it has one.
    pub until: Option<Date>,
    /// Whether every request that the question is about is permitted.
    pub always: bool,
    /// Regions that are exactly the permitted requests together. They may overlap.
    pub regions: Vec<AnswerRegion>,
}

/// A region: the permitted requests that agree with all of some clauses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnswerRegion {
    /// Clauses of the rule language, in addition to those of the question; an empty list means every request.
    pub clauses: Vec<String>,
    /// The permits that permit some of these requests.
    pub rules: Vec<String>,
}

/// What is permitted among the requests that a question is about.
///
/// A question that asks for fields by name is about the services that declare fields, and about the services that it
/// names itself. The other services are left out: a service without declared fields does not check the body, so it
/// would accept any field.
///
/// ```
/// use meterwarden::{Date, Policy, Source, compile};
/// use meterwarden_analysis::ask::{Question, ask};
/// use meterwarden::policy::Test;
///
/// let rules = r#"
///     attribute role "User Role" always { refuse E2 "not this role"  IS ED }
///     attribute status "SMI Status" always { refuse E5 "not in this status"  Pending Commissioned }
///     service 4.2 "Read" { permit network { role ED  status Commissioned  source "row 4.2" } }"#;
/// let plan = compile(Policy::from_sources(vec![Source::new("example.rules", rules)])?.into());
///
/// let question = Question::new("4.2").at(Date::constant(2026, 1, 1)).given("role", Test::In, ["ED"]);
/// let answer = ask(&plan, &question)?;
/// assert_eq!(answer.services[0].times[0].regions[0].clauses, ["status Commissioned"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// The question uses a name that the policy does not have, or a service's rules distinguish too many classes of
/// request.
pub fn ask(plan: &Plan, question: &Question) -> Result<Answer, AskError> {
    let policy = plan.policy();
    let known = Known::all(policy, question)?;
    let about: Result<Vec<usize>, AskError> =
        question.about.iter().map(|name| known::attribute(policy, name)).collect();
    let resolved = ResolvedQuestion { policy, known, about: about? };
    let too_large = |service: &Service| AskError::TooLarge(service.name.clone());
    let mut services = Vec::new();
    let selected = services_in_order(plan, &question.services)?;
    let by_fields = known::asks_for_fields(policy, &resolved.known);
    for index in &selected {
        let service = &policy.services()[*index];
        if by_fields && service.fields.is_none() && !question.services.contains(&service.name) {
            continue;
        }
        let times = resolved.times(service, &plan.service_plan(*index).rule_spaces, question.at);
        let times = times.map_err(|TooLarge| too_large(service))?;
        if !times.is_empty() {
            let (name, text) = (service.name.clone(), service.text.clone());
            services.push(ServiceAnswer { service: name, text, times });
        }
    }
    Ok(Answer { services, asked: selected.len() })
}

/// The selected services in the order of their numbers, as places in the policy's list.
fn services_in_order(plan: &Plan, selectors: &[String]) -> Result<Vec<usize>, AskError> {
    let policy = plan.policy();
    if let [name] = selectors
        && let Some(index) = policy.service_index_of(name)
    {
        return Ok(vec![index]);
    }
    let mut services = selected(policy, selectors)?;
    services.sort_by(|left, right| service_order::by_number(&left.name, &right.name));
    Ok(services.iter().filter_map(|service| policy.service_index_of(&service.name)).collect())
}

/// A question with its names resolved.
struct ResolvedQuestion<'p> {
    policy: &'p Policy,
    known: Vec<Known>,
    /// The attributes that the answer describes; every attribute if it is empty.
    about: Vec<usize>,
}

impl ResolvedQuestion<'_> {
    /// The answer at each time. Adjacent intervals with the same answer are one time.
    fn times(
        &self,
        service: &Service,
        rule_spaces: &[RuleSpace],
        at: Option<Date>,
    ) -> Result<Vec<TimeAnswer>, TooLarge> {
        if let Some(at) = at {
            let next = rule_spaces.partition_point(|rule_space| rule_space.from <= Edge::On(at));
            let Some(rule_space) = rule_spaces.get(next.saturating_sub(1)) else { return Ok(Vec::new()) };
            return Ok(self.time(service, rule_space, Window::ALWAYS)?.into_iter().collect());
        }
        let mut times: Vec<TimeAnswer> = Vec::new();
        for (index, rule_space) in rule_spaces.iter().enumerate() {
            let until = rule_spaces.get(index + 1).map_or(Edge::Never, |next| next.from);
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

    /// The answer in one interval; `None` if nothing is permitted.
    fn time(
        &self,
        service: &Service,
        rule_space: &RuleSpace,
        time: Window,
    ) -> Result<Option<TimeAnswer>, TooLarge> {
        let meant: Vec<Vec<bool>> = (rule_space.dimensions.iter().enumerate())
            .map(|(attribute, dimension)| {
                known::meant(self.policy, service, dimension, attribute, &self.known)
            })
            .collect();
        let subspace = Subspace::new(rule_space, |attribute, class| meant[attribute][class]);
        let permitted = subspace.permitted(rule_space)?;
        if permitted.is_empty() {
            return Ok(None);
        }
        let always = permitted == Region::constant(true);
        let (boxes, rest) =
            cover(&self.shown(&subspace, permitted.clone()), &subspace.layout, MOST_ANSWER_REGIONS);
        if !rest.is_empty() {
            return Err(TooLarge);
        }
        let region = |cube: &Cube| AnswerRegion {
            clauses: self.clauses(service, rule_space, &subspace, cube),
            rules: self.rules(rule_space, &subspace, &permitted, cube),
        };
        let regions = boxes.iter().map(region).collect();
        Ok(Some(TimeAnswer { from: day(time.from), until: day(time.until), always, regions }))
    }

    /// A region without the attributes that the answer does not describe: a request is in it if the request is
    /// permitted with any values of these.
    fn shown(&self, subspace: &Subspace, region: Region) -> Region {
        if self.about.is_empty() {
            return region;
        }
        let attributes = subspace.attributes.iter().enumerate();
        let hidden = attributes.filter(|(_, attribute)| !self.about.contains(attribute));
        hidden.fold(region, |region, (dimension, _)| region.exists(dimension))
    }

    /// The clauses of a box, in addition to those of the question.
    fn clauses(
        &self,
        service: &Service,
        rule_space: &RuleSpace,
        subspace: &Subspace,
        cube: &Cube,
    ) -> Vec<String> {
        let clause = |(dimension, attribute): (usize, &usize)| {
            let choices = subspace.layout.choices(dimension);
            if subspace.layout.taken(cube, dimension).count() == choices {
                return None;
            }
            let inside = subspace.class_flags(rule_space, cube, *attribute);
            self.clause(service, rule_space, *attribute, &inside)
        };
        subspace.attributes.iter().enumerate().filter_map(clause).collect()
    }

    /// The clause of an attribute for some of its classes. If the question gives values of a plain attribute, the
    /// clause lists those of them that are in the classes: `not` would also mean values that the question excludes.
    fn clause(
        &self,
        service: &Service,
        rule_space: &RuleSpace,
        index: usize,
        inside: &[bool],
    ) -> Option<String> {
        let (attribute, dimension) = (&self.policy.attributes()[index], &rule_space.dimensions[index]);
        let mut given = self.known.iter().filter(|known| known.attribute == index).peekable();
        if attribute.set || given.peek().is_none() {
            return clause_text::clause(self.policy, service, dimension, index, inside);
        }
        let given: Vec<&Known> = given.collect();
        let listed = (0u32..).zip(&attribute.values).filter(|(value, named)| {
            inside[dimension.class_of_value(*value) as usize]
                && given.iter().all(|known| known.allows(&named.name))
        });
        let names: Vec<&str> = listed.map(|(_, value)| value.name.as_str()).collect();
        Some(format!("{} {}", attribute.name, names.join(", ")))
    }

    /// The permits that permit some requests of a box.
    fn rules(
        &self,
        rule_space: &RuleSpace,
        subspace: &Subspace,
        permitted: &Region,
        cube: &Cube,
    ) -> Vec<String> {
        // If the answer describes only some attributes, not every request of the box is permitted. Then a permit
        // counts only if the part of the box that it matches contains a permitted request.
        let permits = |index: &usize| {
            subspace.meets(rule_space, cube, *index)
                && (self.about.is_empty() || {
                    let matched = matched_part(rule_space, subspace, cube, *index);
                    permitted.without(&subspace.layout, &matched) != *permitted
                })
        };
        let permits = bits(&rule_space.permits).filter(permits);
        let mut rules: Vec<usize> = permits.map(|index| rule_space.boxes[index].rule).collect();
        rules.dedup();
        rules.into_iter().map(|rule| self.policy.rules()[rule].name.clone()).collect()
    }
}

/// The part of a box that a box of the rules matches.
fn matched_part(rule_space: &RuleSpace, subspace: &Subspace, cube: &Cube, index: usize) -> Cube {
    let mut part = cube.clone();
    for (dimension, attribute) in subspace.attributes.iter().enumerate() {
        let classes = &rule_space.dimensions[*attribute].classes;
        let passes = |choice: usize| classes[subspace.classes[dimension][choice]].passes(index);
        subspace.layout.keep(&mut part, dimension, passes);
    }
    part
}

fn day(edge: Edge) -> Option<Date> {
    if let Edge::On(date) = edge { Some(date) } else { None }
}
