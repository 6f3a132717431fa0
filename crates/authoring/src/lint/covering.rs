//! Which rules together cover what a rule matches, on every date and in every service.

use std::collections::BTreeSet;

use super::scene::Scenes;
use meterwarden::space::Remainder;

/// Whether the meant rules cover every box of a rule. `false` if that would take too long to find out.
pub(super) fn is_covered(scenes: &Scenes<'_>, rule: usize, meant: &dyn Fn(usize) -> bool) -> bool {
    scenes.of_rule(rule).all(|(_, scene)| {
        scene.boxes_of(rule).all(|(_, cube)| scene.left(cube, |_, other| meant(other)) == Remainder::Nothing)
    })
}

/// The other rules that share a request with a rule.
pub(super) fn meeting(scenes: &Scenes<'_>, rule: usize) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    for (_, scene) in scenes.of_rule(rule) {
        for (_, cube) in scene.boxes_of(rule) {
            let others = scene.boxes().filter(|(_, other, _)| *other != rule);
            let shared = others.filter(|(_, _, other)| scene.layout.and(cube, other).is_some());
            found.extend(shared.map(|(_, other, _)| other));
        }
    }
    found
}

/// As few of these rules as cover a rule: none of them can be left out. The first of them are kept where there is a
/// choice.
pub(super) fn fewest(scenes: &Scenes<'_>, rule: usize, mut among: Vec<usize>) -> Vec<usize> {
    let alone = among.iter().find(|one| is_covered(scenes, rule, &|other| other == **one));
    if let Some(alone) = alone {
        return vec![*alone];
    }
    for nth in (0..among.len()).rev() {
        let without: Vec<usize> =
            among.iter().enumerate().filter(|(other, _)| *other != nth).map(|(_, one)| *one).collect();
        if is_covered(scenes, rule, &|other| without.contains(&other)) {
            among = without;
        }
    }
    among
}
