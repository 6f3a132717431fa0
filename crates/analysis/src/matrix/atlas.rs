//! Everything that a matrix of the policy could show, for every date at once, as data: what the page that is
//! written by `matrix --format html` looks its cells up in.
//!
//! For each service and each stretch of time it holds the decision diagram from which
//! [`Plan::matrix`](meterwarden::Plan::matrix) reads its cells, and for each date on which something changes the
//! diagram of before and after together. Whoever reads it sums weights along ways and needs to know nothing of
//! rules.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::cell::{Comparison, End, Page, compare, page_of, read, scene};
use super::detail::Refused;
use super::level::{Level, Pick, Scene};
use super::rule::{self, RuleEntry};
use crate::service_order;
use meterwarden::Date;
use meterwarden::decide::Outcome;
use meterwarden::decide::request::Request;
use meterwarden::plan::Plan;
use meterwarden::policy::{Edge, Modification, Policy, Value};
use meterwarden::space::{Diagram, Node};
use meterwarden::space::{RuleSpace, Subset};

/// A policy's matrices.
#[derive(Clone, Debug, Serialize)]
pub struct Atlas<'p> {
    policy: &'p str,
    attributes: Vec<AttributeEntry<'p>>,
    /// The dates on which a rule of some service comes into force or goes out of it, in order.
    dates: Vec<DateEntry<'p>>,
    /// In the order of their numbers.
    services: Vec<ServiceEntry<'p>>,
    /// Each once, though several services may share it.
    diagrams: Vec<Drawn>,
    /// The rules that ends name, by their place in the policy's list.
    rules: BTreeMap<usize, RuleEntry<'p>>,
    /// What ends of diagrams say: the permits that match, and the forbids that match as well.
    ends: Vec<End>,
    /// How whole rows or columns are refused.
    refusals: Vec<Refused>,
}

#[derive(Clone, Debug, Serialize)]
struct AttributeEntry<'p> {
    name: &'p str,
    text: &'p str,
    set: bool,
    /// Name and text of each; none of fields, which each service declares for itself.
    values: Vec<(&'p str, &'p str)>,
    /// Whether this is the one whose values each service declares.
    fields: bool,
}

#[derive(Clone, Debug, Serialize)]
struct DateEntry<'p> {
    date: String,
    modifications: Vec<(&'p str, &'p str)>,
}

#[derive(Clone, Debug, Serialize)]
struct ServiceEntry<'p> {
    name: &'p str,
    text: &'p str,
    #[serde(skip_serializing_if = "str::is_empty")]
    doc: &'p str,
    tags: Vec<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    closed: Option<&'p str>,
    /// Where it stands: `path:line:column`.
    place: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    fields: Option<Vec<&'p str>>,
    rule_spaces: Vec<EpochEntry>,
}

#[derive(Clone, Debug, Serialize)]
struct EpochEntry {
    /// The first date; nothing of the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    /// The place of its diagram.
    diagram: usize,
    /// The place of the diagram of the time before and this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<usize>,
    /// For each attribute that has any, for each value: one more than the place of the refusal that all
    /// requests with this value get, 0 where they do not all get one.
    refused: BTreeMap<usize, Vec<usize>>,
}

/// A diagram as data.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Drawn {
    /// Of a fork the attribute and where each of its choices leads; of an end `-1` and what it says: the place
    /// of an end, or of a change 1 if it was permitted, plus 2 if it is.
    nodes: Vec<Vec<i64>>,
    root: usize,
    /// By attribute; one that is missing has one choice.
    levels: BTreeMap<usize, DrawnLevel>,
}

/// The choices of one attribute.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
enum DrawnLevel {
    /// Of a plain attribute, the choice of each value.
    Values(Vec<usize>),
    /// Of a set attribute, what each choice weighs: of all subsets; of the empty one; of those with each value,
    /// and nothing where there are none.
    Subsets { any: Vec<f64>, none: Option<Vec<f64>>, with: Vec<Option<Vec<f64>>> },
}

/// All that the policy's matrices could show.
pub fn atlas(plan: &Plan) -> Atlas<'_> {
    let policy = plan.policy();
    let mut drawing = Drawing::default();
    let mut order: Vec<usize> = (0..policy.services().len()).collect();
    order.sort_by(|one, other| {
        service_order::by_number(&policy.services()[*one].name, &policy.services()[*other].name)
    });
    let services = order.into_iter().map(|nth| drawing.service(plan, nth)).collect();
    let used: BTreeSet<usize> =
        drawing.ends.iter().flat_map(|end| end.permits.iter().chain(&end.forbids)).copied().collect();
    Atlas {
        policy: policy.fingerprint(),
        attributes: (0..policy.attributes().len()).map(|nth| attribute(policy, nth)).collect(),
        dates: dates(plan),
        services,
        diagrams: drawing.diagrams,
        rules: used.into_iter().map(|nth| (nth, rule::entry(policy, nth))).collect(),
        ends: drawing.ends,
        refusals: drawing.refusals,
    }
}

fn attribute(policy: &Policy, nth: usize) -> AttributeEntry<'_> {
    let one = &policy.attributes()[nth];
    let values = one.values.iter().map(|value| (value.name.as_str(), value.text.as_str())).collect();
    let fields = policy.fields_attribute() == Some(nth);
    AttributeEntry { name: &one.name, text: &one.text, set: one.set, values, fields }
}

fn dates(plan: &Plan) -> Vec<DateEntry<'_>> {
    let policy = plan.policy();
    let services = (0..policy.services().len()).flat_map(|nth| &plan.service_plan(nth).rule_spaces);
    let dates: BTreeSet<Date> = services.filter_map(first_date).collect();
    let titled = |date: Date| {
        let named = policy.modifications().iter().filter(move |one| one.effective == Edge::On(date));
        named.map(|one: &Modification| (one.name.as_str(), one.text.as_str())).collect()
    };
    dates.into_iter().map(|date| DateEntry { date: date.to_string(), modifications: titled(date) }).collect()
}

fn first_date(rule_space: &RuleSpace) -> Option<Date> {
    match rule_space.from {
        Edge::On(date) => Some(date),
        Edge::Start | Edge::Never => None,
    }
}

/// What is drawn so far; what is alike, once.
#[derive(Default)]
struct Drawing {
    diagrams: Vec<Drawn>,
    ends: Vec<End>,
    refusals: Vec<Refused>,
}

impl Drawing {
    fn service<'p>(&mut self, plan: &'p Plan, nth: usize) -> ServiceEntry<'p> {
        let policy = plan.policy();
        let service = &policy.services()[nth];
        let rule_spaces = &plan.service_plan(nth).rule_spaces;
        let entries = rule_spaces.iter().enumerate().map(|(place, rule_space)| {
            let before = place.checked_sub(1).map(|before| &rule_spaces[before]);
            self.rule_space(plan, nth, before, rule_space)
        });
        let fields = service.fields.as_ref();
        ServiceEntry {
            rule_spaces: entries.collect(),
            name: &service.name,
            text: &service.text,
            doc: &service.doc,
            tags: service.tags.iter().map(|tag| policy.tags()[*tag].name.as_str()).collect(),
            closed: service.closed.as_deref(),
            place: policy.place(service.span),
            fields: fields.map(|fields| fields.iter().map(|field| field.name.as_str()).collect()),
        }
    }

    fn rule_space(
        &mut self,
        plan: &Plan,
        nth: usize,
        before: Option<&RuleSpace>,
        rule_space: &RuleSpace,
    ) -> EpochEntry {
        let page = page_of(plan, nth, rule_space);
        let nodes = nodes(&page.diagram, |end| place(&mut self.ends, end.clone()));
        let levels = drawn(scene(plan, nth, &[rule_space]), &page.levels);
        let drawn_diagram = place(&mut self.diagrams, Drawn { nodes, root: page.diagram.root, levels });
        let change = before.map(|before| self.change(plan, nth, [before, rule_space]));
        let from = first_date(rule_space).map(|date| date.to_string());
        EpochEntry { from, diagram: drawn_diagram, change, refused: self.refused(plan, nth, &page) }
    }

    fn change(&mut self, plan: &Plan, nth: usize, rule_spaces: [&RuleSpace; 2]) -> usize {
        let Comparison { levels, diagram, .. } = compare(plan, nth, rule_spaces);
        let nodes = nodes(&diagram, |(was, is)| usize::from(*was) + 2 * usize::from(*is));
        let levels = drawn(scene(plan, nth, &rule_spaces), &levels);
        place(&mut self.diagrams, Drawn { nodes, root: diagram.root, levels })
    }

    /// How each value of each plain attribute is refused, whatever the rest.
    fn refused(&mut self, plan: &Plan, nth: usize, page: &Page<'_>) -> BTreeMap<usize, Vec<usize>> {
        let policy = plan.policy();
        let service = &policy.services()[nth];
        let at = first_date(page.rule_space).or_else(|| before_all(plan, nth));
        let mut refused = BTreeMap::new();
        for (attribute, one) in policy.attributes().iter().enumerate().filter(|(_, one)| !one.set) {
            let of_value = |(place_of, value): (u32, &Value)| {
                if some_permitted(plan, nth, page, attribute, place_of) {
                    return None;
                }
                let request = Request::new(&service.name, at?).value(&one.name, &value.name);
                let Outcome::Refuse(refusal) = plan.decide(&request).ok()?.outcome else { return None };
                Some(1 + place(&mut self.refusals, Refused::from(&refusal)))
            };
            let values: Vec<usize> =
                (0u32..).zip(&one.values).map(of_value).map(Option::unwrap_or_default).collect();
            if values.iter().any(|place| *place > 0) {
                refused.insert(attribute, values);
            }
        }
        refused
    }
}

/// Whether anything is permitted with a value.
fn some_permitted(plan: &Plan, service: usize, page: &Page<'_>, attribute: usize, value: u32) -> bool {
    let mut picks = vec![Pick::Any; page.levels.len()];
    picks[attribute] = Pick::Values(vec![value]);
    read(scene(plan, service, &[page.rule_space]), page, &picks).0.some
}

/// A date before any on which a service's rules change.
fn before_all(plan: &Plan, service: usize) -> Option<Date> {
    let first = plan.service_plan(service).rule_spaces.iter().find_map(first_date);
    first.map_or(Some(Date::constant(2000, 1, 1)), |date| date.yesterday().ok())
}

/// The place of something in a list, put there if it is new.
fn place<T: PartialEq>(list: &mut Vec<T>, one: T) -> usize {
    list.iter().position(|known| *known == one).unwrap_or_else(|| {
        list.push(one);
        list.len() - 1
    })
}

fn nodes<E>(diagram: &Diagram<E>, mut end: impl FnMut(&E) -> usize) -> Vec<Vec<i64>> {
    let number = |nth: usize| i64::try_from(nth).unwrap_or(i64::MAX);
    let drawn = diagram.nodes.iter().map(|node| match node {
        Node::End(said) => vec![-1, number(end(said))],
        Node::Fork { dimension, next } => [*dimension].iter().chain(next).map(|nth| number(*nth)).collect(),
    });
    drawn.collect()
}

fn drawn(scene: Scene<'_>, levels: &[Level]) -> BTreeMap<usize, DrawnLevel> {
    let policy = scene.policy;
    let several = levels.iter().enumerate().filter(|(nth, level)| {
        level.choices.len() > 1 || (policy.fields_attribute() == Some(*nth) && scene.service.fields.is_some())
    });
    let one = |(nth, level): (usize, &Level)| {
        if !policy.attributes()[nth].set {
            return (nth, DrawnLevel::Values(level.of_value.clone()));
        }
        let weigh =
            |present: Subset, empty: bool| scene.weights(level, nth, &Pick::Subsets { present, empty });
        let values = (0u32..).take(policy.value_count(nth, scene.service));
        let with = values.map(|value| weigh(Subset::of([value]), false)).collect();
        let any = scene.weights(level, nth, &Pick::Any).unwrap_or_default();
        (nth, DrawnLevel::Subsets { any, none: weigh(Subset::default(), true), with })
    };
    several.map(one).collect()
}
