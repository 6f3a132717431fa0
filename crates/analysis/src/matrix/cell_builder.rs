//! Calculates the cells of a matrix. The diagrams of each service are made once, and every cell is read from them.

use std::collections::BTreeMap;

use super::attribute_choices::Selection;
use super::cell::{Cell, ServicePart, joined};
use super::detail::detail;
use super::question::Question;
use super::resolved_question::{CellKey, ResolvedQuestion};
use super::service_diagram::{
    CellReading, ComparedDiagrams, ServiceDiagram, between_dates, on_date, read, service_rules,
};
use meterwarden::plan::Plan;

/// The diagrams of the services so far.
pub(super) struct CellBuilder<'p, 'q> {
    plan: &'p Plan,
    resolved: &'q ResolvedQuestion<'p>,
    question: &'q Question,
    diagrams: BTreeMap<usize, (ServiceDiagram<'p>, Option<ComparedDiagrams<'p>>)>,
}

impl<'p, 'q> CellBuilder<'p, 'q> {
    pub(super) fn new(plan: &'p Plan, resolved: &'q ResolvedQuestion<'p>, question: &'q Question) -> Self {
        Self { plan, resolved, question, diagrams: BTreeMap::new() }
    }

    /// A cell. If neither rows nor columns are services, the cell is about all selected services together.
    pub(super) fn cell(&mut self, key: &CellKey) -> Cell {
        let services = key.service.map_or_else(|| self.resolved.services.clone(), |service| vec![service]);
        let parts: Vec<ServicePart> = services.iter().map(|service| self.part(*service, key)).collect();
        let mut cell = joined(&parts, self.question.against.is_some());
        if let ([service], true) = (services.as_slice(), self.question.detail) {
            let selections = self.resolved.selections(*service, key);
            cell.detail = self.diagrams.get(service).map(|(diagram, _)| {
                let at = self.question.at;
                detail(self.plan, self.resolved, at, *service, diagram.rule_space, key, &selections)
            });
        }
        cell
    }

    fn part(&mut self, service: usize, key: &CellKey) -> ServicePart {
        let selections: Vec<Selection> = self.resolved.selections(service, key);
        let (plan, question) = (self.plan, self.question);
        let (diagram, compared) = self.diagrams.entry(service).or_insert_with(|| {
            let compared = question.against.and_then(|then| between_dates(plan, service, then, question.at));
            (on_date(plan, service, question.at), compared)
        });
        let CellReading { share, permits, forbids } =
            read(service_rules(plan, service, &[diagram.rule_space]), diagram, &selections);
        let mut part = ServicePart { now: share, then: share, outcomes: Vec::new(), permits, forbids };
        if let Some(compared) = compared {
            let earlier = &compared.earlier;
            part.then = read(service_rules(plan, service, &[earlier.rule_space]), earlier, &selections).share;
            part.outcomes =
                compared.outcomes(service_rules(plan, service, &compared.rule_spaces), &selections);
        } else {
            part.outcomes.extend(share.some.then_some((true, true)));
        }
        part
    }
}
