//! `never-carried`: a field that no permitted request carries.

use std::borrow::Cow;

use super::never_sent::permits_nothing;
use super::service_interval::{ServiceInterval, ServiceIntervals};
use crate::single_constraint;
use meterwarden::language::diagnostic::{Code, Diagnostic};
use meterwarden::policy::{Service, Test};
use meterwarden::space::RuleSpace;

/// Fields that no permitted request carries on any date on which they are declared.
pub(super) fn find(intervals: &ServiceIntervals<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (index, service) in intervals.policy.services().iter().enumerate() {
        if intervals.of_service(index).all(permits_nothing) {
            continue; // another finding is about the service, or about its permits
        }
        for (field, field_index) in service.fields.iter().flatten().zip(0..) {
            // An element with others inside it may be only the place of these.
            let is_place = service.has_inside(field);
            if is_place
                || intervals.of_service(index).any(|interval| is_carried(interval, service, field_index))
            {
                continue;
            }
            let message = format!("no permitted request ever carries the field `{}`", field.name);
            let help = "let a permit of the service include it, or drop it: it is refused either way";
            found.push(Diagnostic::new(Code::NeverCarried, field.span, message).help(help));
        }
    }
    found
}

/// Whether some permitted request carries a field.
fn is_carried(interval: &ServiceInterval<'_>, service: &Service, field: u32) -> bool {
    let Some(fields) = interval.policy.fields_attribute() else { return true };
    let carries = |interval: &ServiceInterval<'_>, class: usize| {
        let classes = &interval.rule_space.dimensions[fields].classes;
        classes.get(class).is_some_and(|class| class.subset.contains(field))
    };
    // The subset that represents a class may carry the field. If it does not, another subset of the class may: then the
    // classes must be split by the field.
    if is_permitted(interval, &|class| carries(interval, class)) {
        return true;
    }
    let split = split_by_field(interval, service, fields, field);
    is_permitted(&split, &|class| carries(&split, class))
}

/// Whether some request is permitted whose set of fields is in one of the wanted classes.
fn is_permitted(interval: &ServiceInterval<'_>, wanted: &dyn Fn(usize) -> bool) -> bool {
    let Some(fields) = interval.policy.fields_attribute() else { return false };
    let mut within = interval.layout.all();
    interval.layout.keep(&mut within, fields, wanted);
    interval
        .permit_boxes()
        .filter(|permit| permit.rule != NO_RULE)
        .filter_map(|permit| interval.layout.and(permit.cube, &within))
        .any(|cube| !interval.is_covered(&cube, |other| !interval.is_permit(other.index)))
}

/// The rule of a box that belongs to no rule.
const NO_RULE: usize = usize::MAX;

/// The same interval with one more box, which makes every class either carry the field or not carry it.
fn split_by_field<'p>(
    interval: &ServiceInterval<'p>,
    service: &Service,
    fields: usize,
    field: u32,
) -> ServiceInterval<'p> {
    let rule_space = &interval.rule_space;
    let (permits, forbids) = rule_space.boxes.split_at(interval.permits.min(rule_space.boxes.len()));
    let includes_field = single_constraint::on_member(fields, Test::Includes, field);
    let splitting_box = single_constraint::box_of(NO_RULE, includes_field);
    let permits = permits.iter().cloned().chain([splitting_box]).collect();
    let split = RuleSpace::new(interval.policy, service, rule_space.from, permits, forbids.to_vec());
    ServiceInterval::new(interval.policy, interval.service, Cow::Owned(split), interval.day)
}
