//! The details of one cell: what is permitted in it, in the author's words, and the refusal of its requests.

use jiff::civil::Date;
use serde::Serialize;

use super::attribute_choices::{Selection, ServiceRules};
use super::resolved_question::{CellKey, NONE, ResolvedQuestion};
use meterwarden::decide::request::Request;
use meterwarden::decide::{Outcome, Refusal};
use meterwarden::plan::Plan;
use meterwarden::space::{self, RuleSpace, clause_text};

/// The details of a cell that is about one service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Detail {
    /// What is permitted: a request of the cell is permitted if it agrees with all clauses of any of these lists. The
    /// clauses of the cell and of the filters are left out; an empty list means every request of the cell.
    pub when: Vec<Vec<String>>,
    /// The refusal, if all requests of the cell are refused in the same way.
    pub refusal: Option<Refused>,
}

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// The response code; `None` if none is assigned.
    pub code: Option<String>,
    /// The attribute at which the request is refused.
    pub attribute: String,
    /// Why, for people.
    pub reason: String,
}

impl From<&Refusal<'_>> for Refused {
    fn from(refusal: &Refusal<'_>) -> Self {
        Self {
            code: refusal.code.map(str::to_owned),
            attribute: refusal.attribute.to_owned(),
            reason: refusal.reason.to_owned(),
        }
    }
}

pub(super) fn detail(
    plan: &Plan,
    resolved: &ResolvedQuestion<'_>,
    at: Date,
    service: usize,
    rule_space: &RuleSpace,
    key: &CellKey,
    selections: &[Selection],
) -> Detail {
    let when = permitted_clauses(plan, service, rule_space, selections);
    let refusal = if when.is_empty() { common_refusal(plan, resolved, at, service, key) } else { None };
    Detail { when, refusal }
}

/// The largest boxes of what is permitted in the cell, without the attributes that the selections already fix.
fn permitted_clauses(
    plan: &Plan,
    service: usize,
    rule_space: &RuleSpace,
    selections: &[Selection],
) -> Vec<Vec<String>> {
    let policy = plan.policy();
    let service = &policy.services()[service];
    let rules = ServiceRules { policy, service, rule_spaces: &[rule_space] };
    let layout = space::layout(&rule_space.dimensions);
    let mut cell = layout.all();
    for (attribute, selection) in selections.iter().enumerate() {
        let selected = rules.selected_classes(attribute, selection);
        layout.keep(&mut cell, attribute, |class| selected[class]);
    }
    let is_limited = |attribute: &usize| selections[*attribute] != Selection::Any;
    let mut lists: Vec<Vec<String>> = Vec::new();
    for mut cube in space::permitted_in(rule_space, &layout, &cell) {
        for attribute in (0..selections.len()).filter(is_limited) {
            if layout.choice_flags(&cube, attribute) == layout.choice_flags(&cell, attribute) {
                layout.widen(&mut cube, attribute);
            }
        }
        let clauses = clause_text::clauses(policy, service, rule_space, &layout, &cube);
        if !lists.contains(&clauses) {
            lists.push(clauses);
        }
    }
    lists
}

/// The refusal of a partial request that states what all requests of the cell have in common; `None` if the refusal
/// depends on more.
fn common_refusal(
    plan: &Plan,
    resolved: &ResolvedQuestion<'_>,
    at: Date,
    service: usize,
    key: &CellKey,
) -> Option<Refused> {
    let policy = plan.policy();
    let mut request = Request::new(&policy.services()[service].name, at);
    for (index, attribute) in policy.attributes().iter().enumerate() {
        let common = key.value(index).or_else(|| match resolved.names[index].as_deref() {
            Some([name]) => Some(name.as_str()),
            _ => None,
        });
        request = match common {
            Some(value) if !attribute.set => request.value(&attribute.name, value),
            Some(NONE) => request.set(&attribute.name, [""; 0]),
            _ => request,
        };
    }
    match plan.decide(&request).ok()?.outcome {
        Outcome::Refuse(refusal) => Some(Refused::from(&refusal)),
        Outcome::Permit { .. } | Outcome::Undetermined { .. } => None,
    }
}
