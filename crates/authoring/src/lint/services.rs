//! `never-sent`, `never-carried`: services that nobody may send, and fields that no permitted request carries.

use std::collections::BTreeSet;

use super::scene::{Scene, Scenes};
use meterwarden::language::diagnostic::{Code, Diagnostic};
use meterwarden::policy::{Service, Test};
use meterwarden::space::Remainder;
use meterwarden::space::{Allowed, Constraint, RuleBox, RuleSpace, SetTest, Subset};

/// Services of which no request is ever permitted, unless a permit that is found to permit nothing says so already.
pub(super) fn never_sent(scenes: &Scenes<'_>, idle: &BTreeSet<usize>) -> Vec<Diagnostic> {
    let open = scenes.policy.services().iter().enumerate().filter(|(_, service)| service.closed.is_none());
    let dead = open.filter(|(nth, service)| {
        let told = service.rules.iter().any(|covered| idle.contains(&covered.rule));
        !told && scenes.of_service(*nth).all(|(_, scene)| permits_nothing(scene))
    });
    dead.map(|(_, service)| unsent(scenes, service)).collect()
}

fn permits_nothing(scene: &Scene<'_>) -> bool {
    let permits = scene.boxes().filter(|(nth, _, _)| scene.is_permit(*nth));
    permits.into_iter().all(|(_, _, cube)| scene.left(cube, |nth, _| !scene.is_permit(nth)) == Remainder::Nothing)
}

fn unsent(scenes: &Scenes<'_>, service: &Service) -> Diagnostic {
    let message = format!("nobody may ever send service `{}`", service.name);
    let permits = service.rules.iter().filter_map(|covered| scenes.policy.rules().get(covered.rule));
    let permits = permits.filter(|rule| rule.effect == meterwarden::policy::Effect::Permit);
    let found = Diagnostic::new(Code::NeverSent, service.span, message)
        .help("write a permit for it, or say why there is none: `closed \"…\"`");
    permits.fold(found, |found, rule| {
        found.because(rule.name_span, "every request that it matches is forbidden")
    })
}

/// Fields that no permitted request carries at any time at which they are declared.
pub(super) fn never_carried(scenes: &Scenes<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (nth, service) in scenes.policy.services().iter().enumerate() {
        if scenes.of_service(nth).all(|(_, scene)| permits_nothing(scene)) {
            continue; // which is said of the service, or of its permits
        }
        for (field, place) in service.fields.iter().flatten().zip(0..) {
            if scenes.of_service(nth).any(|(_, scene)| carries(scene, service, place)) {
                continue;
            }
            let message = format!("no permitted request ever carries the field `{}`", field.name);
            let help = "let a permit of the service include it, or drop it: it is refused either way";
            found.push(Diagnostic::new(Code::NeverCarried, field.span, message).help(help));
        }
    }
    found
}

/// Whether some request that is permitted carries a field.
fn carries(scene: &Scene<'_>, service: &Service, field: u32) -> bool {
    let Some(fields) = scene.policy.fields_attribute() else { return true };
    let with = |scene: &Scene<'_>, class: usize| {
        scene
            .rule_space
            .dimensions
            .get(fields)
            .and_then(|dimension| dimension.classes.get(class))
            .is_some_and(|class| class.subset.contains(field))
    };
    // The subset that stands for its class may carry the field; if not, another of the class may.
    if permitted(scene, &|class| with(scene, class)) {
        return true;
    }
    let asking = asking(scene, service, fields, field);
    permitted(&asking, &|class| with(&asking, class))
}

/// Whether something is permitted among the classes of subset that are wanted.
fn permitted(scene: &Scene<'_>, wanted: &dyn Fn(usize) -> bool) -> bool {
    let Some(fields) = scene.policy.fields_attribute() else { return false };
    let mut within = scene.layout.all();
    scene.layout.keep(&mut within, fields, wanted);
    let permits = scene.boxes().filter(|(nth, _, _)| scene.is_permit(*nth));
    let permits = permits.filter(|(_, rule, _)| *rule != QUESTION);
    permits
        .filter_map(|(_, _, cube)| scene.layout.and(cube, &within))
        .any(|cube| scene.left(&cube, |nth, _| !scene.is_permit(nth)) != Remainder::Nothing)
}

/// What stands in a box for the rule where the box is of none.
const QUESTION: usize = usize::MAX;

/// The same scene, in which a box more asks whether the field is there: a class has it, or has it not.
fn asking<'p>(scene: &Scene<'p>, service: &Service, fields: usize, field: u32) -> Scene<'p> {
    let (permits, forbids) = scene.rule_space.boxes.split_at(scene.permits.min(scene.rule_space.boxes.len()));
    let test = SetTest { test: Test::Includes, listed: Subset::of([field]) };
    let asks = Constraint { attribute: fields, allowed: Allowed::Subsets(test) };
    let question = RuleBox { rule: QUESTION, cases: Vec::new(), constraints: [asks].into(), answers: 0 };
    let permits = permits.iter().cloned().chain([question]).collect();
    let rule_space = RuleSpace::new(scene.policy, service, scene.rule_space.from, permits, forbids.to_vec());
    Scene::new(scene.policy, scene.service, std::borrow::Cow::Owned(rule_space), scene.day)
}
