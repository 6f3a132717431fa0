//! A timeline in words, for every format that people read.

use meterwarden_analysis::timeline::{Compared, Moment, Status};

/// Written if nothing ever changes.
pub(super) const NOTHING_CHANGES: &str = "what is permitted is the same on every date";

/// Written if two versions differ before the first date on which anything changes.
pub(super) const BEGINNING: &str = "from the beginning: different, before any date";

/// What became of a date from one version to the other.
pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::Same => "the same in both",
        Status::New => "new, nothing changed on it before",
        Status::Gone => "gone, nothing changes on it any more",
        Status::Different => "different",
    }
}

/// The modifications of a date.
pub(super) fn modifications(moment: &Moment) -> String {
    moment.modifications.join("; ")
}

/// The moments of a date that are shown, each with the name of its version if there are two.
pub(super) fn moments_shown(date: &Compared) -> Vec<(Option<&'static str>, &Moment)> {
    let (before, after) = (date.before.as_ref(), date.after.as_ref());
    match date.status {
        Status::Same | Status::New => after.into_iter().map(|moment| (None, moment)).collect(),
        Status::Gone => before.into_iter().map(|moment| (None, moment)).collect(),
        Status::Different => {
            let before = before.into_iter().map(|moment| (Some("before"), moment));
            before.chain(after.into_iter().map(|moment| (Some("after"), moment))).collect()
        }
    }
}
