//! The data of every matrix of a policy, for every date: the HTML page of `matrix --format html` reads its cells from
//! it.
//!
//! For each service and each interval it contains the decision diagram from which [`matrix`](fn@crate::matrix) reads
//! its cells. For each date on which the rules change it also contains the diagram of both intervals together. A
//! reader only adds up weights along the paths of the diagrams, and needs no knowledge of rules.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::attribute_choices::{AttributeChoices, Selection, ServiceRules};
use super::detail::Refused;
use super::rule::{self, RuleEntry};
use super::service_diagram::{
    MatchedRules, ServiceDiagram, between_intervals, in_interval, read, service_rules,
};
use crate::service_order;
use meterwarden::Date;
use meterwarden::decide::Outcome;
use meterwarden::decide::request::Request;
use meterwarden::plan::Plan;
use meterwarden::policy::{Edge, Policy, Value};
use meterwarden::space::{Diagram, Node, RuleSpace, Subset};

/// The data of every matrix of a policy.
#[derive(Clone, Debug, Serialize)]
pub struct Atlas<'p> {
    policy: &'p str,
    attributes: Vec<AttributeEntry<'p>>,
    /// The dates on which the rules of any service change, in order.
    dates: Vec<DateEntry<'p>>,
    /// In the order of their numbers.
    services: Vec<ServiceEntry<'p>>,
    /// Equal diagrams of several services are listed once.
    diagrams: Vec<DiagramEntry>,
    /// The rules that the ends name, by their place in the policy's list.
    rules: BTreeMap<usize, RuleEntry<'p>>,
    /// The ends of the diagrams: the permits that match, and the forbids that match as well.
    ends: Vec<MatchedRules>,
    /// The refusals of whole rows or columns.
    refusals: Vec<Refused>,
}

#[derive(Clone, Debug, Serialize)]
struct AttributeEntry<'p> {
    name: &'p str,
    text: &'p str,
    set: bool,
    /// Name and description of each; empty for `fields`, which each service declares.
    values: Vec<(&'p str, &'p str)>,
    /// Whether this is the attribute whose values each service declares.
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
    /// Its place: `path:line:column`.
    place: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    fields: Option<Vec<&'p str>>,
    #[serde(rename = "epochs")]
    intervals: Vec<IntervalEntry>,
}

#[derive(Clone, Debug, Serialize)]
struct IntervalEntry {
    /// The first date; left out for the first interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    /// The place of its diagram in `diagrams`.
    diagram: usize,
    /// The place of the diagram of the interval before and this one together.
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<usize>,
    /// For each attribute with any such refusal, for each value: one more than the place of the refusal that all
    /// requests with this value have in common, 0 if they have none in common.
    refused: BTreeMap<usize, Vec<usize>>,
}

/// A diagram as data.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct DiagramEntry {
    /// A fork is the attribute and the node of each choice. An end is `-1` and a number: the place in `ends`, or, in
    /// the diagram of two intervals, 1 if the request was permitted before plus 2 if it is permitted after.
    nodes: Vec<Vec<i64>>,
    root: usize,
    /// By attribute; an attribute that is missing has one choice.
    #[serde(rename = "levels")]
    attributes: BTreeMap<usize, ChoicesEntry>,
}

/// The choices of one attribute.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
enum ChoicesEntry {
    /// For a plain attribute, the choice of each value.
    Values(Vec<usize>),
    /// For a set attribute, the weight of each choice: among all subsets (`any`), for the empty subset (`none`), and
    /// among the subsets with each value (`with`); `null` if there is no such subset.
    Subsets { any: Vec<f64>, none: Option<Vec<f64>>, with: Vec<Option<Vec<f64>>> },
}

/// The data of every matrix of the policy.
pub fn atlas(plan: &Plan) -> Atlas<'_> {
    let policy = plan.policy();
    let mut builder = AtlasBuilder::default();
    let mut order: Vec<usize> = (0..policy.services().len()).collect();
    let name = |index: &usize| policy.services()[*index].name.as_str();
    order.sort_by(|left, right| service_order::by_number(name(left), name(right)));
    let services = order.into_iter().map(|index| builder.service(plan, index)).collect();
    let used: BTreeSet<usize> =
        builder.ends.iter().flat_map(|end| end.permits.iter().chain(&end.forbids)).copied().collect();
    Atlas {
        policy: policy.fingerprint(),
        attributes: (0..policy.attributes().len()).map(|index| attribute_entry(policy, index)).collect(),
        dates: dates(plan),
        services,
        diagrams: builder.diagrams,
        rules: used.into_iter().map(|index| (index, rule::entry(policy, index))).collect(),
        ends: builder.ends,
        refusals: builder.refusals,
    }
}

fn attribute_entry(policy: &Policy, index: usize) -> AttributeEntry<'_> {
    let attribute = &policy.attributes()[index];
    let values = attribute.values.iter().map(|value| (value.name.as_str(), value.text.as_str())).collect();
    let fields = policy.fields_attribute() == Some(index);
    AttributeEntry { name: &attribute.name, text: &attribute.text, set: attribute.set, values, fields }
}

fn dates(plan: &Plan) -> Vec<DateEntry<'_>> {
    let policy = plan.policy();
    let rule_spaces =
        (0..policy.services().len()).flat_map(|service| &plan.service_plan(service).rule_spaces);
    let dates: BTreeSet<Date> = rule_spaces.filter_map(first_date).collect();
    let modifications = |date: Date| {
        let effective = policy
            .modifications()
            .iter()
            .filter(move |modification| modification.effective == Edge::On(date));
        effective.map(|modification| (modification.name.as_str(), modification.text.as_str())).collect()
    };
    dates
        .into_iter()
        .map(|date| DateEntry { date: date.to_string(), modifications: modifications(date) })
        .collect()
}

fn first_date(rule_space: &RuleSpace) -> Option<Date> {
    match rule_space.from {
        Edge::On(date) => Some(date),
        Edge::Start | Edge::Never => None,
    }
}

/// The entries so far; equal entries are stored once.
#[derive(Default)]
struct AtlasBuilder {
    diagrams: Vec<DiagramEntry>,
    ends: Vec<MatchedRules>,
    refusals: Vec<Refused>,
}

impl AtlasBuilder {
    fn service<'p>(&mut self, plan: &'p Plan, index: usize) -> ServiceEntry<'p> {
        let policy = plan.policy();
        let service = &policy.services()[index];
        let rule_spaces = &plan.service_plan(index).rule_spaces;
        let intervals = rule_spaces.iter().enumerate().map(|(place, rule_space)| {
            let before = place.checked_sub(1).map(|before| &rule_spaces[before]);
            self.interval(plan, index, before, rule_space)
        });
        let fields = service.fields.as_ref();
        ServiceEntry {
            intervals: intervals.collect(),
            name: &service.name,
            text: &service.text,
            doc: &service.doc,
            tags: service.tags.iter().map(|tag| policy.tags()[*tag].name.as_str()).collect(),
            closed: service.closed.as_deref(),
            place: policy.place(service.span),
            fields: fields.map(|fields| fields.iter().map(|field| field.name.as_str()).collect()),
        }
    }

    fn interval(
        &mut self,
        plan: &Plan,
        service: usize,
        before: Option<&RuleSpace>,
        rule_space: &RuleSpace,
    ) -> IntervalEntry {
        let diagram = in_interval(plan, service, rule_space);
        let entry = DiagramEntry {
            nodes: node_entries(&diagram.diagram, |end| place_in(&mut self.ends, end.clone())),
            root: diagram.diagram.root,
            attributes: choices_entries(service_rules(plan, service, &[rule_space]), &diagram.attributes),
        };
        IntervalEntry {
            from: first_date(rule_space).map(|date| date.to_string()),
            diagram: place_in(&mut self.diagrams, entry),
            change: before.map(|before| self.change(plan, service, [before, rule_space])),
            refused: self.refused(plan, service, &diagram),
        }
    }

    fn change(&mut self, plan: &Plan, service: usize, rule_spaces: [&RuleSpace; 2]) -> usize {
        let compared = between_intervals(plan, service, rule_spaces);
        let end = |(before, after): &(bool, bool)| usize::from(*before) + 2 * usize::from(*after);
        let entry = DiagramEntry {
            nodes: node_entries(&compared.diagram, end),
            root: compared.diagram.root,
            attributes: choices_entries(service_rules(plan, service, &rule_spaces), &compared.attributes),
        };
        place_in(&mut self.diagrams, entry)
    }

    /// For each value of each plain attribute, the refusal that all requests with this value have in common.
    fn refused(
        &mut self,
        plan: &Plan,
        service: usize,
        diagram: &ServiceDiagram<'_>,
    ) -> BTreeMap<usize, Vec<usize>> {
        let policy = plan.policy();
        let at = first_date(diagram.rule_space).or_else(|| day_before_all(plan, service));
        let name = &policy.services()[service].name;
        let plain = policy.attributes().iter().enumerate().filter(|(_, attribute)| !attribute.set);
        let mut refused = BTreeMap::new();
        for (index, attribute) in plain {
            let refusal = |(number, value): (u32, &Value)| {
                if some_permitted(plan, service, diagram, index, number) {
                    return None;
                }
                let request = Request::new(name, at?).value(&attribute.name, &value.name);
                let Outcome::Refuse(refusal) = plan.decide(&request).ok()?.outcome else { return None };
                Some(1 + place_in(&mut self.refusals, Refused::from(&refusal)))
            };
            let values = (0u32..).zip(&attribute.values);
            let refusals: Vec<usize> = values.map(refusal).map(Option::unwrap_or_default).collect();
            if refusals.iter().any(|refusal| *refusal > 0) {
                refused.insert(index, refusals);
            }
        }
        refused
    }
}

/// Whether any request with a value is permitted.
fn some_permitted(
    plan: &Plan,
    service: usize,
    diagram: &ServiceDiagram<'_>,
    attribute: usize,
    value: u32,
) -> bool {
    let mut selections = vec![Selection::Any; diagram.attributes.len()];
    selections[attribute] = Selection::Values(vec![value]);
    read(service_rules(plan, service, &[diagram.rule_space]), diagram, &selections).share.some
}

/// A date before the first change of a service's rules.
fn day_before_all(plan: &Plan, service: usize) -> Option<Date> {
    let first = plan.service_plan(service).rule_spaces.iter().find_map(first_date);
    first.map_or(Some(Date::constant(2000, 1, 1)), |date| date.yesterday().ok())
}

/// The place of an entry in a list, to which it is added if it is new.
fn place_in<T: PartialEq>(entries: &mut Vec<T>, entry: T) -> usize {
    entries.iter().position(|known| *known == entry).unwrap_or_else(|| {
        entries.push(entry);
        entries.len() - 1
    })
}

fn node_entries<E>(diagram: &Diagram<E>, mut end_number: impl FnMut(&E) -> usize) -> Vec<Vec<i64>> {
    let number = |index: usize| i64::try_from(index).unwrap_or(i64::MAX);
    let entry = |node: &Node<E>| match node {
        Node::End(end) => vec![-1, number(end_number(end))],
        Node::Fork { dimension, next } => {
            [*dimension].iter().chain(next).map(|index| number(*index)).collect()
        }
    };
    diagram.nodes.iter().map(entry).collect()
}

fn choices_entries(
    rules: ServiceRules<'_>,
    attributes: &[AttributeChoices],
) -> BTreeMap<usize, ChoicesEntry> {
    let policy = rules.policy;
    // `fields` is listed for every service that declares fields, also if they make no difference.
    let is_shown = |(index, choices): &(usize, &AttributeChoices)| {
        let is_fields = policy.fields_attribute() == Some(*index) && rules.service.fields.is_some();
        choices.choices.len() > 1 || is_fields
    };
    let entry = |(index, choices): (usize, &AttributeChoices)| {
        if !policy.attributes()[index].set {
            return (index, ChoicesEntry::Values(choices.of_value.clone()));
        }
        let weigh = |present: Subset, empty: bool| {
            rules.weights(choices, index, &Selection::Subsets { present, empty })
        };
        let values = (0u32..).take(policy.value_count(index, rules.service));
        let with = values.map(|value| weigh(Subset::of([value]), false)).collect();
        let any = rules.weights(choices, index, &Selection::Any).unwrap_or_default();
        (index, ChoicesEntry::Subsets { any, none: weigh(Subset::default(), true), with })
    };
    attributes.iter().enumerate().filter(is_shown).map(entry).collect()
}
