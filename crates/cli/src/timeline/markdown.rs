//! A timeline for a comment on a pull request.

use std::fmt::Write;

use meterwarden_analysis::timeline::{Compared, Comparison, Moment, Status};

use super::words::{BEGINNING, NOTHING_CHANGES, modifications, moments_shown, status};
use crate::changes::markdown::{MarkdownStyle, service};
use crate::comment;
use crate::markup::{markdown as text, markdown_quoting as quoted};
use crate::versions::loaded::LoadedVersion;

pub(super) fn comment(version: &LoadedVersion, moments: &[Moment]) -> String {
    let head = format!(
        "### When what is permitted changes\n\n{}\n{}",
        quoted(&version.name),
        nothing_changes(moments)
    );
    comment::fit(head, moments.len(), |index, regions| {
        let moment = &moments[index];
        format!("\n#### {}\n{}", moment.date, changes(moment, None, style(version, regions)))
    })
}

pub(super) fn comment_compared(versions: [&LoadedVersion; 2], comparison: &Comparison) -> String {
    let Comparison { beginning, dates } = comparison;
    let beginning_parts = usize::from(!beginning.is_empty());
    let parts = beginning_parts + dates.len();
    comment::fit(head_compared(versions, comparison), parts, |index, regions| {
        match index.checked_sub(beginning_parts).and_then(|index| dates.get(index)) {
            Some(date) => changes_of_date(date, versions, regions),
            None => {
                let style = style(versions[1], regions);
                let services: String = beginning.iter().map(|diff| service(diff, style)).collect();
                format!("\n#### {BEGINNING}\n{services}")
            }
        }
    })
}

fn head_compared(versions: [&LoadedVersion; 2], comparison: &Comparison) -> String {
    let Comparison { beginning, dates } = comparison;
    let [before, after] = versions.map(|version| quoted(&version.name));
    let note = if beginning.is_empty() { nothing_changes(dates) } else { format!("\n{BEGINNING}\n") };
    let mut head =
        format!("### When what is permitted changes\n\nbefore: {before}  \nafter: {after}\n{note}");
    if !dates.is_empty() {
        head += "\n| date | | modifications |\n|:--|:--|:--|\n";
    }
    for date in dates {
        let mut names: Vec<String> =
            moments_shown(date).iter().map(|(_, moment)| text(&modifications(moment))).collect();
        names.dedup();
        let _ = writeln!(head, "| {} | {} | {} |", date.date, status(date.status), names.join("<br>"));
    }
    head
}

fn changes_of_date(date: &Compared, versions: [&LoadedVersion; 2], regions: usize) -> String {
    let parts = moments_shown(date).into_iter().map(|(name, moment)| {
        let is_before = name == Some("before") || date.status == Status::Gone;
        changes(moment, name, style(versions[usize::from(!is_before)], regions))
    });
    format!("\n#### {}: {}\n{}", date.date, status(date.status), parts.collect::<String>())
}

fn nothing_changes<T>(dates: &[T]) -> String {
    if dates.is_empty() { format!("\n{NOTHING_CHANGES}\n") } else { String::new() }
}

/// The version explains the requests that are shown of it. The headings of services are below those of dates.
fn style(version: &LoadedVersion, regions: usize) -> MarkdownStyle<'_> {
    let command = version.explain_command.as_str();
    MarkdownStyle { codes: false, timed: false, regions, level: 5, explain_commands: [command, command] }
}

/// What changes on a date, below its modifications.
fn changes(moment: &Moment, version: Option<&str>, style: MarkdownStyle<'_>) -> String {
    let modifications = text(&modifications(moment));
    let title = match version {
        Some(version) => format!("\n**{version}**: {modifications}\n"),
        None if modifications.is_empty() => String::new(),
        None => format!("\n{modifications}\n"),
    };
    title + &moment.services.iter().map(|diff| service(diff, style)).collect::<String>()
}
