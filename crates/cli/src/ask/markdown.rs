//! An answer for a comment on a pull request.

use std::fmt::Write;

use meterwarden_analysis::ask::{ServiceAnswer, Stated, TimeAnswer};

use super::told::{INSTEAD, NOTHING, Told};
use crate::diff::markdown::{Look, fitting};
use crate::markup::{markdown as text, markdown_quoting as quoted};

/// Of each service as much as fits a comment.
const LOOK: Look<'_> = Look { codes: false, timed: false, regions: usize::MAX, level: 4, explain: ["", ""] };

pub(super) fn page(told: &Told<'_>) -> String {
    let [date, policy] = &told.heading;
    let mut head = format!("### What is permitted: {}\n\n{}, {}\n", told.count(), text(date), quoted(policy));
    if !told.clauses.is_empty() {
        let _ = writeln!(head, "\nwhere {}", text(&told.clauses.join("; ")));
    }
    if told.answer.services.is_empty() {
        let _ = writeln!(head, "\n**{NOTHING}**; {}", quoted(INSTEAD));
    }
    if told.is_short() {
        head.push('\n');
    }
    let services = &told.answer.services;
    fitting(head, services.len(), LOOK, |nth, look| service(told, &services[nth], look))
}

/// A heading and its regions; in a short answer a line of a list.
fn service(told: &Told<'_>, one: &ServiceAnswer, look: Look<'_>) -> String {
    let title = text(&Told::service(one));
    if told.is_short() {
        let times: Vec<String> = one.times.iter().map(|time| short(told, time)).collect();
        let times: Vec<&str> = times.iter().map(String::as_str).filter(|time| !time.is_empty()).collect();
        return match times.as_slice() {
            [] => format!("- {title}\n"),
            times => format!("- {title}: {}\n", times.join("; ")),
        };
    }
    let mut page = format!("\n{} {title}\n", "#".repeat(look.level));
    for time in &one.times {
        let when = told.time(time).map_or_else(String::new, |when| format!("\n{}:\n", text(&when)));
        page += &when;
        page.push('\n');
        for shown in time.regions.iter().take(look.regions) {
            page += &region(told, time, shown);
        }
        if let Some(more) = time.regions.len().checked_sub(look.regions).filter(|more| *more > 0) {
            let _ = writeln!(page, "- and {more} more");
        }
    }
    page
}

/// `from 2023-06-29: role IS, or role GS`
fn short(told: &Told<'_>, time: &TimeAnswer) -> String {
    let regions = time.regions.iter().map(|one| text(&told.lines(time, one).join(", ")));
    let regions: Vec<String> = regions.filter(|region| !region.is_empty()).collect();
    let parts = [told.time(time), (!regions.is_empty()).then(|| regions.join(", or "))];
    parts.into_iter().flatten().collect::<Vec<_>>().join(": ")
}

fn region(told: &Told<'_>, time: &TimeAnswer, one: &Stated) -> String {
    let lines: Vec<String> = told.lines(time, one).iter().map(|line| text(line)).collect();
    let rules: Vec<String> = one.rules.iter().map(|rule| format!("`{rule}`")).collect();
    format!("- {}  \n  by {}\n", lines.join("; "), rules.join(", "))
}
