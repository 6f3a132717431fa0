//! Deciding a request that leaves unstated something that may matter.
//!
//! All completions of the request go through the checks together, as one decision diagram over the attributes that it
//! does not state. The ends of the diagram are what the completions get.

use super::checks::{Checks, Failure, Progress};
use super::decision::ALTERNATIVES_SEPARATOR;
use super::{Facts, Outcome, Refusal};
use crate::base::bit_set::bits;
use crate::limits::MOST_CELLS;
use crate::policy::Service;
use crate::space::{self, Diagram, Node, RuleSpace, Walk, clause_text};

/// Decides a request by its completions.
pub(super) fn outcome<'p>(checks: Checks<'p>, service: &'p Service, facts: &Facts) -> Outcome<'p> {
    let completions = Completions::of(checks, facts);
    // `check` lets no service have more. A plan that was read from a file, and that nobody checked, may have: then
    // nothing is permitted.
    if completions.count() > MOST_CELLS {
        return Outcome::Undetermined { needs: Vec::new(), permitted_when: String::new() };
    }
    let diagram = completions.diagram();
    let ends =
        diagram.nodes.iter().filter_map(|node| if let Node::End(end) = node { Some(*end) } else { None });
    let failures: Vec<Failure> = ends.clone().flatten().collect();
    match (ends.clone().any(|end| end.is_none()), failures.iter().map(|failure| failure.check).max()) {
        (true, None) => checks.permit(completions.permits()),
        // Without a completion, of an attribute without values in a plan that nobody checked, there is no failure
        // either.
        (false, latest) => Outcome::Refuse(shared_refusal(checks, latest.unwrap_or(0), &failures)),
        (true, Some(_)) => undetermined(checks, service, facts, completions.that_matter(&diagram)),
    }
}

/// What a completion gets: a permit, or a failure.
type End = Option<Failure>;

/// The completions of one request.
struct Completions<'c> {
    checks: Checks<'c>,
    facts: &'c Facts,
    /// The attributes that the request does not state, or states in part, except those with one class: the dimensions
    /// of the diagram.
    open: Vec<OpenAttribute>,
}

struct OpenAttribute {
    attribute: usize,
    /// The classes that a completion can have.
    classes: Vec<u32>,
}

impl<'c> Completions<'c> {
    fn of(checks: Checks<'c>, facts: &'c Facts) -> Self {
        let dimensions = checks.rule_space.dimensions.iter().enumerate();
        let is_open = |attribute: usize, classes: usize| facts.class(attribute).is_none() && classes != 1;
        let open = dimensions.filter(|(attribute, dimension)| is_open(*attribute, dimension.classes.len()));
        let open = open.map(|(attribute, dimension)| {
            let classes = (0..).take(dimension.classes.len());
            let classes = classes.filter(|class: &u32| facts.may_be(attribute, *class as usize)).collect();
            OpenAttribute { attribute, classes }
        });
        Self { checks, facts, open: open.collect() }
    }

    /// The number of value classes of each open attribute.
    fn choices(&self) -> impl Iterator<Item = usize> {
        self.open.iter().map(|open| open.classes.len())
    }

    /// The number of completions, where values that no rule distinguishes are one.
    fn count(&self) -> u64 {
        self.choices().fold(1, |count, classes| count.saturating_mul(classes as u64))
    }

    /// What every completion gets. Each open attribute has several classes, so it takes fewer states than there are
    /// completions.
    fn diagram(&self) -> Diagram<End> {
        let start = self.through_settled(self.checks.of_service(self.facts.class(0)), 0);
        Diagram::whole(self, &self.choices().collect::<Vec<_>>(), start)
    }

    /// Goes through the checks from an attribute up to the next one that is open.
    fn through_settled(&self, mut progress: Progress, first: usize) -> Progress {
        for attribute in first..self.checks.rule_space.dimensions.len() {
            let Progress::Passed(matching) = &progress else { break };
            if self.open.iter().any(|open| open.attribute == attribute) {
                break;
            }
            let class = self.facts.class(attribute).unwrap_or(0);
            progress = self.checks.of_attribute(matching, attribute, class);
        }
        progress
    }

    /// The permits that match some completion.
    fn permits(&self) -> impl Iterator<Item = usize> {
        let RuleSpace { permits, dimensions, .. } = self.checks.rule_space;
        let passes = |permit: usize| {
            dimensions.iter().enumerate().all(|(attribute, dimension)| {
                let mut classes = dimension.classes.iter().enumerate();
                classes.any(|(place, class)| class.passes(permit) && self.facts.may_be(attribute, place))
            })
        };
        bits(permits).filter(move |permit| passes(*permit))
    }

    /// The attributes on which it depends whether a completion is permitted. A diagram is canonical, so it branches on
    /// exactly these.
    fn that_matter(&self, diagram: &Diagram<End>) -> Vec<usize> {
        let permitted = diagram.map(Option::is_none);
        let branches_on = |open: usize| {
            permitted
                .nodes
                .iter()
                .any(|node| matches!(node, Node::Fork { dimension, .. } if *dimension == open))
        };
        let open = self.open.iter().enumerate();
        open.filter(|(dimension, _)| branches_on(*dimension)).map(|(_, open)| open.attribute).collect()
    }
}

impl Walk for Completions<'_> {
    type State = Progress;
    type End = End;

    fn step(&self, progress: &Progress, dimension: usize, choice: usize) -> Progress {
        let Progress::Passed(matching) = progress else { return progress.clone() };
        let OpenAttribute { attribute, classes } = &self.open[dimension];
        let progress = self.checks.of_attribute(matching, *attribute, classes[choice]);
        self.through_settled(progress, attribute + 1)
    }

    fn end(&self, progress: &Progress, dimension: usize) -> Option<End> {
        match progress {
            Progress::Failed(failure) => Some(Some(*failure)),
            Progress::Passed(_) => (dimension == self.open.len()).then_some(None),
        }
    }
}

/// The refusal that all completions share: at the latest check by which one fails, with what all that fail there agree
/// on, otherwise with the attribute's own code and reason.
fn shared_refusal<'p>(checks: Checks<'p>, latest: usize, failures: &[Failure]) -> Refusal<'p> {
    let own = &checks.policy.attributes[latest.saturating_sub(1)].refuse;
    let failures = failures.iter().filter(|failure| failure.check == latest);
    let answers: Vec<_> = failures.map(|failure| checks.answer(*failure)).collect();
    let (first, rule) = answers.first().copied().unwrap_or((own, None));
    let same_rule = answers.iter().all(|(_, by)| *by == rule);
    let same_code = answers.iter().all(|(answer, _)| answer.code == first.code);
    let same_reason = answers.iter().all(|(answer, _)| answer.reason == first.reason);
    let refusal =
        Refusal::new(checks.policy, latest, if same_code { first } else { own }, rule.filter(|_| same_rule));
    if same_reason { refusal } else { Refusal { reason: &own.reason, ..refusal } }
}

fn undetermined<'p>(checks: Checks<'p>, service: &Service, facts: &Facts, needs: Vec<usize>) -> Outcome<'p> {
    let Checks { policy, rule_space } = checks;
    let mut ways: Vec<String> = Vec::new();
    let may_be = |attribute, class| facts.may_be(attribute, class);
    let (layout, permitted) = space::permitted(policy, rule_space, may_be);
    for cube in &permitted {
        let clause = |attribute: &usize| {
            let flags = layout.choice_flags(cube, *attribute);
            let dimension = &rule_space.dimensions[*attribute];
            let members = facts.members(*attribute);
            clause_text::clause_among(policy, service, dimension, *attribute, &flags, members)
        };
        let way = needs.iter().filter_map(clause).collect::<Vec<_>>().join(", ");
        if !ways.contains(&way) {
            ways.push(way);
        }
    }
    Outcome::Undetermined {
        needs: needs.into_iter().map(|attribute| policy.attributes[attribute].name.as_str()).collect(),
        permitted_when: ways.join(ALTERNATIVES_SEPARATOR),
    }
}
