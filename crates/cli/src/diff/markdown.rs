//! A difference for a comment on a pull request.

use std::fmt::Write;

use meterwarden_analysis::diff::{Diff, ServiceDiff};

use super::heading::Heading;
use crate::changes::markdown::{MarkdownStyle, service};
use crate::changes::sections;
use crate::limits::COMMENT_ROWS;
use crate::markup::{markdown as text, markdown_quoting as quoted};
use crate::{comment, region};

/// The whole comment. With `codes`, changes of response codes are shown region by region.
pub(super) fn comment(diff: &Diff, heading: &Heading, codes: bool) -> String {
    let style = |regions| MarkdownStyle {
        codes,
        timed: diff.dates.is_none(),
        regions,
        level: 4,
        explain_commands: [heading.explain_hint.before.as_str(), &heading.explain_hint.after],
    };
    let (changed, recoded) = sections::partition(&diff.services);
    let shown: Vec<&ServiceDiff> = changed.iter().chain(recoded.iter().filter(|_| codes)).copied().collect();
    let is_counted = !codes && !recoded.is_empty();
    let parts = shown.len() + usize::from(is_counted);
    comment::fit(head(heading, &shown), parts, |index, regions| match shown.get(index) {
        Some(diff) => service(diff, style(regions)),
        None => recoded_services(&recoded),
    })
}

/// The services of which only response codes change, folded.
fn recoded_services(services: &[&ServiceDiff]) -> String {
    let mut page =
        format!("\n<details><summary>{}</summary>\n\n", sections::only_codes_differ(services.len()));
    for diff in services.iter().take(COMMENT_ROWS) {
        let codes = sections::code_summary(diff).unwrap_or_default();
        let _ = writeln!(page, "- {}: {}", text(&sections::service_title(diff)), text(&codes));
    }
    if services.len() > COMMENT_ROWS {
        let _ = writeln!(page, "- and {} more", services.len() - COMMENT_ROWS);
    }
    page + "\n</details>\n"
}

fn head(heading: &Heading, services: &[&ServiceDiff]) -> String {
    let mut page = format!("### What is permitted: {}\n\n", heading.direction.words());
    let [before, after] = &heading.compared;
    let _ = writeln!(
        page,
        "{}\n\nbefore: {}  \nafter: {}",
        text(&heading.summary),
        quoted(before),
        quoted(after)
    );
    if let Some(note) = heading.note {
        let _ = writeln!(page, "\n{}", text(note));
    }
    if !services.is_empty() {
        page += "\n| service | newly permitted | newly refused | another code |\n|:--|--:|--:|--:|\n";
    }
    for diff in services.iter().take(COMMENT_ROWS) {
        let counts = [&diff.wider.cases, &diff.narrower.cases, &sections::recoded(diff)];
        let numbers = counts.map(region::number).join(" | ");
        let _ = writeln!(page, "| {} | {numbers} |", text(&sections::service_title(diff)));
    }
    if services.len() > COMMENT_ROWS {
        let _ = writeln!(page, "| and {} more | | | |", services.len() - COMMENT_ROWS);
    }
    page
}
