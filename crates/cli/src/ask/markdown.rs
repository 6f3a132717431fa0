//! An answer for a comment on a pull request.

use std::fmt::Write;

use meterwarden_analysis::ask::{AnswerRegion, ServiceAnswer, TimeAnswer};

use super::result::{AskResult, NEXT_COMMANDS, NOTHING};
use crate::comment;
use crate::markup::{markdown as text, markdown_quoting as quoted};

pub(super) fn comment(result: &AskResult<'_>) -> String {
    let [date, policy] = &result.heading;
    let mut head =
        format!("### What is permitted: {}\n\n{}, {}\n", result.service_count(), text(date), quoted(policy));
    if !result.clauses.is_empty() {
        let _ = writeln!(head, "\nwhere {}", text(&result.clauses.join("; ")));
    }
    if result.answer.services.is_empty() {
        let _ = writeln!(head, "\n**{NOTHING}**; {}", quoted(NEXT_COMMANDS));
    }
    if result.is_short() {
        head.push('\n');
    }
    let services = &result.answer.services;
    comment::fit(head, services.len(), |index, regions| match result.is_short() {
        true => short_service(result, &services[index]),
        false => service(result, &services[index], regions),
    })
}

/// A line of a list.
fn short_service(result: &AskResult<'_>, service: &ServiceAnswer) -> String {
    let title = text(&AskResult::service_title(service));
    let times: Vec<String> = service.times.iter().map(|time| short_time(result, time)).collect();
    let times: Vec<&str> = times.iter().map(String::as_str).filter(|time| !time.is_empty()).collect();
    match times.as_slice() {
        [] => format!("- {title}\n"),
        times => format!("- {title}: {}\n", times.join("; ")),
    }
}

/// `from 2023-06-29: role IS, or role GS`
fn short_time(result: &AskResult<'_>, time: &TimeAnswer) -> String {
    let regions = time.regions.iter().map(|region| text(&result.lines(time, region).join(", ")));
    let regions: Vec<String> = regions.filter(|region| !region.is_empty()).collect();
    let parts = [result.time(time), (!regions.is_empty()).then(|| regions.join(", or "))];
    parts.into_iter().flatten().collect::<Vec<_>>().join(": ")
}

/// A heading, and at most `regions` regions of each time.
fn service(result: &AskResult<'_>, service: &ServiceAnswer, regions: usize) -> String {
    let mut page = format!("\n#### {}\n", text(&AskResult::service_title(service)));
    for time in &service.times {
        let words = result.time(time).map_or_else(String::new, |words| format!("\n{}:\n", text(&words)));
        page += &words;
        page.push('\n');
        for shown in time.regions.iter().take(regions) {
            page += &region(result, time, shown);
        }
        if let Some(more) = time.regions.len().checked_sub(regions).filter(|more| *more > 0) {
            let _ = writeln!(page, "- and {more} more");
        }
    }
    page
}

fn region(result: &AskResult<'_>, time: &TimeAnswer, region: &AnswerRegion) -> String {
    let lines: Vec<String> = result.lines(time, region).iter().map(|line| text(line)).collect();
    let rules: Vec<String> = region.rules.iter().map(|rule| format!("`{rule}`")).collect();
    format!("- {}  \n  by {}\n", lines.join("; "), rules.join(", "))
}
