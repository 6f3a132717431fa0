//! A difference for a comment on a pull request.

use std::fmt::Write;

use meterwarden_analysis::diff::{Diff, KnownBy, ServiceDiff};

use super::heading::Heading;
use super::human::title;
use super::told::{self, Change, Group, Section};
use crate::markup::{html, markdown as text, markdown_quoting as quoted};
use crate::region;
use crate::terminal::one_line;

/// A comment may have 65,536 characters; a recipe may add some of its own.
const MOST_BYTES: usize = 64_000;

/// More services than this are not in the table.
const MOST_ROWS: usize = 200;

/// A section with more regions is folded.
const MOST_OPEN: usize = 3;

/// How much of each service to show.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look<'l> {
    pub(crate) codes: bool,
    /// Whether a region has a time of its own.
    pub(crate) timed: bool,
    /// More regions of a section are counted, and not shown.
    pub(crate) regions: usize,
    /// The level of a service's heading.
    pub(crate) level: usize,
    /// The commands that explain a request: by the version before, by the one after.
    pub(crate) explain: [&'l str; 2],
}

/// The whole comment: of each service as much as fits.
pub(super) fn page(diff: &Diff, heading: &Heading, codes: bool) -> String {
    let explain = [heading.explaining.before.as_str(), &heading.explaining.after];
    let look = Look { codes, timed: diff.dates.is_none(), regions: usize::MAX, level: 4, explain };
    let (permits, recoded) = told::apart(&diff.services);
    let shown: Vec<&ServiceDiff> = permits.iter().chain(recoded.iter().filter(|_| codes)).copied().collect();
    let alone = !codes && !recoded.is_empty();
    fitting(head(heading, &shown), shown.len() + usize::from(alone), look, |nth, look| match shown.get(nth) {
        Some(one) => service(one, look),
        None => codes_alone(&recoded),
    })
}

/// Services of which only codes change, folded.
fn codes_alone(services: &[&ServiceDiff]) -> String {
    let mut page = format!("\n<details><summary>{}</summary>\n\n", told::recoded_alone(services.len()));
    for one in services.iter().take(MOST_ROWS) {
        let codes = told::codes(one).unwrap_or_default();
        let _ = writeln!(page, "- {}: {}", text(&told::service(one)), text(&codes));
    }
    if services.len() > MOST_ROWS {
        let _ = writeln!(page, "- and {} more", services.len() - MOST_ROWS);
    }
    page + "\n</details>\n"
}

/// How many regions of a section are shown, from the fullest look to the barest.
const REGIONS: [usize; 8] = [usize::MAX, 50, 20, 10, 5, 2, 1, 0];

/// A heading and the parts below it, all in the fullest look in which they fit a comment together, and the first of them in
/// a fuller one where there is room. What still does not fit is left out, and said to be.
pub(crate) fn fitting(
    head: String,
    count: usize,
    look: Look<'_>,
    part: impl Fn(usize, Look<'_>) -> String,
) -> String {
    let parts =
        |regions| -> Vec<String> { (0..count).map(|nth| part(nth, Look { regions, ..look })).collect() };
    let length = |parts: &[String]| head.len() + parts.iter().map(String::len).sum::<usize>();
    let mut shown = parts(REGIONS[0]);
    let mut fuller = None;
    for regions in REGIONS.windows(2) {
        if length(&shown) <= MOST_BYTES {
            break;
        }
        (shown, fuller) = (parts(regions[1]), Some(regions[0]));
    }
    let mut room = MOST_BYTES.saturating_sub(length(&shown));
    for (nth, one) in shown.iter_mut().enumerate() {
        let Some(more) = fuller.map(|regions| part(nth, Look { regions, ..look })) else { break };
        if more.len() <= one.len() + room {
            room = room + one.len() - more.len();
            *one = more;
        }
    }
    joined(head, shown)
}

fn joined(mut text: String, parts: Vec<String>) -> String {
    let all = parts.len();
    for (nth, part) in parts.into_iter().enumerate() {
        if text.len() + part.len() > MOST_BYTES {
            let _ = writeln!(
                text,
                "\n**The rest is left out here, {} of {all} parts: a comment has room for no more.**",
                all - nth
            );
            break;
        }
        text += &part;
    }
    text
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
    for one in services.iter().take(MOST_ROWS) {
        let number = |count| region::number(count);
        let numbers = [number(&one.wider.cases), number(&one.narrower.cases), number(&told::recoded(one))];
        let _ = writeln!(page, "| {} | {} |", text(&told::service(one)), numbers.join(" | "));
    }
    if services.len() > MOST_ROWS {
        let _ = writeln!(page, "| and {} more | | | |", services.len() - MOST_ROWS);
    }
    page
}

/// All that changes in a service.
pub(crate) fn service(one: &ServiceDiff, look: Look<'_>) -> String {
    let mut page = format!("\n{} {}\n", "#".repeat(look.level), text(&told::service(one)));
    // What is gone, only the version before can explain.
    let [before, after] = look.explain;
    let look = Look { explain: [before, if one.known == KnownBy::Before { before } else { after }], ..look };
    for part in told::sections(one, look.codes) {
        page += &section(&part, look);
    }
    if let Some(codes) = told::codes(one).filter(|_| !look.codes) {
        let _ = writeln!(page, "\nanother response code: {}", text(&codes));
    }
    page
}

fn section(section: &Section<'_>, look: Look<'_>) -> String {
    let mut inside = String::new();
    let mut left = look.regions;
    for group in &section.groups {
        let shown = group.regions.len().min(left);
        left -= shown;
        if shown > 0 {
            inside += &causes(group);
            inside += &regions(group, shown, section.change, look);
        }
    }
    let cut = section.regions().saturating_sub(look.regions);
    if cut > 0 {
        let (ending, verb) = if cut == 1 { ("", "is") } else { ("s", "are") };
        let _ = writeln!(
            inside,
            "\n{cut} more region{ending} {verb} left out here: a comment has room for no more."
        );
    }
    if let Some(unshown) = &section.unshown {
        let _ = writeln!(inside, "\nand {}", text(unshown));
    }
    let title = text(&section.title);
    if section.regions() > MOST_OPEN {
        // What is folded begins and ends behind an empty line, so that it is read as Markdown.
        format!("\n<details><summary><b>{title}</b></summary>\n{inside}\n</details>\n")
    } else {
        format!("\n**{title}**\n{inside}")
    }
}

fn causes(group: &Group<'_>) -> String {
    let mut list = String::new();
    for cause in group.causes {
        let says = told::says(cause).map(|says| format!(": {}", text(says))).unwrap_or_default();
        let origin: Vec<String> = told::origin(cause).into_iter().map(text).collect();
        let origin =
            if origin.is_empty() { String::new() } else { format!("  \n  {}", origin.join("  \n  ")) };
        let _ = writeln!(list, "- {}{says}{origin}", text(&told::does(cause)));
    }
    if list.is_empty() { list } else { format!("\n{list}") }
}

/// Regions as a patch, which code hosts show in colour, and a request of each.
fn regions(group: &Group<'_>, shown: usize, change: Change, look: Look<'_>) -> String {
    let sign = match change {
        Change::Opens | Change::Closes => change.sign(),
        Change::Recodes => '!',
    };
    let (mut patch, mut requests) = (String::new(), String::new());
    for (nth, region) in group.regions.iter().take(shown).enumerate() {
        if nth > 0 {
            patch.push('\n');
        }
        let _ = writeln!(patch, "{sign} {}", title(region, look.timed));
        for clause in region::clauses(&region.clauses) {
            let _ = writeln!(patch, "{sign}   {}", one_line(clause));
        }
        let _ = writeln!(requests, "{}", one_line(&region.witness.to_json()));
    }
    let command = one_line(&html(look.explain[1]));
    let summary = format!("<details><summary>as requests, for <code>{command}</code></summary>");
    format!("\n{}\n{summary}\n\n{}\n</details>\n", fenced("diff", &patch), fenced("json", &requests))
}

/// A block of text that no text in it can end.
fn fenced(language: &str, text: &str) -> String {
    let longest = text.split(|one| one != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{language}\n{text}{fence}\n")
}
