//! What a policy permits, as text that a person reviews: for each service the permitted requests as boxes
//! that are as large as can be and say nothing twice, each with the time for which it holds.

use std::fmt::Write;

use crate::compile::{Epoch, Plan};
use crate::policy::{Edge, Policy, Service, Window};
use crate::{region, words};

impl Plan {
    /// What the policy permits for a service; nothing where it does not know the service.
    ///
    /// A box is a paragraph of clauses, all of which must hold, below the time for which it holds; a request
    /// is permitted if it lies in any box of its date. The text depends on what is permitted, not on how the
    /// rules say it, and a change of one permission is a change of its own lines.
    pub fn outcomes(&self, service: &str) -> Option<String> {
        let (service, plan) = self.service(service)?;
        let mut boxes: Vec<TimedBox> = Vec::new();
        for (nth, epoch) in plan.epochs.iter().enumerate() {
            let until = plan.epochs.get(nth + 1).map_or(Edge::Never, |next| next.from);
            for clauses in clauses(self.policy(), service, epoch) {
                let earlier =
                    boxes.iter_mut().find(|one| one.clauses == clauses && one.time.until == epoch.from);
                match earlier {
                    Some(earlier) => earlier.time.until = until,
                    None => boxes.push(TimedBox { time: Window::new(epoch.from, until), clauses }),
                }
            }
        }
        boxes.sort_by_key(|one| (one.time.from, one.time.until != Edge::Never, one.time.until));
        Some(page(service, &boxes))
    }
}

/// A box and the time for which it holds.
struct TimedBox {
    time: Window,
    clauses: Vec<String>,
}

/// The clauses of each box of one stretch of time.
fn clauses(policy: &Policy, service: &Service, epoch: &Epoch) -> Vec<Vec<String>> {
    let cubes = region::trimmed(region::permitted(policy, epoch, None));
    cubes.iter().map(|cube| words::cube(policy, service, epoch, cube)).collect()
}

fn page(service: &Service, boxes: &[TimedBox]) -> String {
    let mut page = format!("{} {}\n", service.name, service.text);
    let mut last = None;
    for one in boxes {
        if last.replace(one.time) != Some(one.time) {
            let _ = writeln!(page, "\n  {}", heading(one.time));
        }
        let anything = ["anything".to_owned()];
        let clauses = if one.clauses.is_empty() { &anything[..] } else { &one.clauses };
        for (nth, clause) in clauses.iter().enumerate() {
            let mark = if nth == 0 { '-' } else { ' ' };
            let _ = writeln!(page, "    {mark} {clause}");
        }
    }
    if boxes.is_empty() {
        page.push_str("\n  nothing, to anybody\n");
    }
    page
}

fn heading(time: Window) -> String {
    match (time.from, time.until) {
        (Edge::On(from), Edge::On(until)) => format!("from {from} until {until}"),
        (Edge::On(from), _) => format!("from {from}"),
        (_, Edge::On(until)) => format!("until {until}"),
        _ => "always".to_owned(),
    }
}
