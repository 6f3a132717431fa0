//! The changes of a service for a comment on a pull request.

use std::fmt::Write;

use meterwarden_analysis::diff::{KnownBy, ServiceDiff};

use super::sections::{self, CauseGroup, Change, Section};
use crate::limits::COMMENT_OPEN_REGIONS;
use crate::markup::{html, markdown as text};
use crate::region;
use crate::terminal::one_line;

/// What of a service's changes is shown, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MarkdownStyle<'s> {
    /// Whether changes of response codes are shown region by region, and not only counted.
    pub(crate) codes: bool,
    /// Whether a region has a time of its own.
    pub(crate) timed: bool,
    /// How many regions of a section are shown; the others are counted.
    pub(crate) regions: usize,
    /// The level of the service's heading.
    pub(crate) level: usize,
    /// The commands that explain a request: by the version before, by the version after.
    pub(crate) explain_commands: [&'s str; 2],
}

/// All changes of a service.
pub(crate) fn service(diff: &ServiceDiff, style: MarkdownStyle<'_>) -> String {
    let mut page = format!("\n{} {}\n", "#".repeat(style.level), text(&sections::service_title(diff)));
    // Only the version before can explain the requests of a service that is gone.
    let [before, after] = style.explain_commands;
    let explain_command = if diff.known == KnownBy::Before { before } else { after };
    for part in sections::sections(diff, style.codes) {
        page += &section(&part, style, explain_command);
    }
    if let Some(codes) = sections::code_summary(diff).filter(|_| !style.codes) {
        let _ = writeln!(page, "\nanother response code: {}", text(&codes));
    }
    page
}

fn section(section: &Section<'_>, style: MarkdownStyle<'_>, explain_command: &str) -> String {
    let mut body = String::new();
    let mut left = style.regions;
    for group in &section.groups {
        let shown = group.regions.len().min(left);
        left -= shown;
        if shown > 0 {
            body += &causes(group);
            body += &regions(group, shown, section.change, style.timed, explain_command);
        }
    }
    let cut = section.regions().saturating_sub(style.regions);
    if cut > 0 {
        let (ending, verb) = if cut == 1 { ("", "is") } else { ("s", "are") };
        let _ = writeln!(
            body,
            "\n{cut} more region{ending} {verb} left out here: a comment has room for no more."
        );
    }
    if let Some(unshown) = &section.unshown {
        let _ = writeln!(body, "\nand {}", text(unshown));
    }
    let title = text(&section.title);
    if section.regions() > COMMENT_OPEN_REGIONS {
        // Folded text is read as Markdown only if empty lines surround it.
        format!("\n<details><summary><b>{title}</b></summary>\n{body}\n</details>\n")
    } else {
        format!("\n**{title}**\n{body}")
    }
}

fn causes(group: &CauseGroup<'_>) -> String {
    let mut list = String::new();
    for cause in group.causes {
        let rule_text =
            sections::rule_text(cause).map(|rule| format!(": {}", text(rule))).unwrap_or_default();
        let origin: Vec<String> = sections::origin(cause).into_iter().map(text).collect();
        let origin =
            if origin.is_empty() { String::new() } else { format!("  \n  {}", origin.join("  \n  ")) };
        let _ = writeln!(list, "- {}{rule_text}{origin}", text(&sections::effect(cause)));
    }
    if list.is_empty() { list } else { format!("\n{list}") }
}

/// The first `shown` regions as a patch, which code hosts show in colour, and an example request of each.
fn regions(
    group: &CauseGroup<'_>,
    shown: usize,
    change: Change,
    timed: bool,
    explain_command: &str,
) -> String {
    let sign = match change {
        Change::Opens | Change::Closes => change.sign(),
        Change::Recodes => '!',
    };
    let (mut patch, mut requests) = (String::new(), String::new());
    for (index, region) in group.regions.iter().take(shown).enumerate() {
        if index > 0 {
            patch.push('\n');
        }
        let _ = writeln!(patch, "{sign} {}", sections::region_title(region, timed));
        for clause in region::clauses(&region.clauses) {
            let _ = writeln!(patch, "{sign}   {}", one_line(clause));
        }
        let _ = writeln!(requests, "{}", one_line(&region.witness.to_json()));
    }
    let command = one_line(&html(explain_command));
    let summary = format!("<details><summary>example requests, for <code>{command}</code></summary>");
    format!("\n{}\n{summary}\n\n{}\n</details>\n", fenced("diff", &patch), fenced("json", &requests))
}

/// A code block, with a fence longer than any run of backticks in the text, so that the text cannot end it.
fn fenced(language: &str, text: &str) -> String {
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{language}\n{text}{fence}\n")
}
