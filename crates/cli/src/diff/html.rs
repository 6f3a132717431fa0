//! A difference as an HTML page in one file, without a script and without the network.

use std::io::{self, Write};

use meterwarden_analysis::diff::{Cause, Diff, Region, ServiceDiff};

use super::heading::Heading;
use crate::changes::sections::{self, Change, Section};
use crate::limits::HTML_OPEN_REGIONS;
use crate::markup::{html as text, html_quoting as quoted};
use crate::region;

const PAGE: &str = include_str!("page.html");
const STYLE: &str = concat!(include_str!("../colours.css"), include_str!("page.css"));

pub(super) fn write(diff: &Diff, heading: &Heading, codes: bool, out: &mut impl Write) -> io::Result<()> {
    // The page's text between its three gaps; before the text after a gap, the gap is filled.
    for (index, part) in PAGE.split("<!--part-->").enumerate() {
        match index {
            1 => write!(out, "{}", heading.direction.words())?,
            2 => write!(out, "{STYLE}")?,
            3 => body(diff, heading, codes, out)?,
            _ => {}
        }
        write!(out, "{part}")?;
    }
    Ok(())
}

fn body(diff: &Diff, heading: &Heading, codes: bool, out: &mut impl Write) -> io::Result<()> {
    let [before, after] = heading.compared.each_ref().map(|name| quoted(name));
    let direction = heading.direction.words();
    writeln!(out, "<h1>What is permitted: {direction}</h1>\n<p>{}</p>", text(&heading.summary))?;
    writeln!(
        out,
        "<dl class=\"compared\"><dt>before</dt><dd>{before}</dd><dt>after</dt><dd>{after}</dd></dl>"
    )?;
    if let Some(note) = heading.note {
        writeln!(out, "<p class=\"note\">{}</p>", text(note))?;
    }
    if diff.services.is_empty() {
        return Ok(());
    }
    let (changed, recoded) = sections::partition(&diff.services);
    let services: Vec<&ServiceDiff> = changed.into_iter().chain(recoded).collect();
    table(&services, out)?;
    for (index, change) in services.into_iter().enumerate() {
        service(index, change, codes, diff.dates.is_none(), out)?;
    }
    let words = heading.explain_hint.words(|command| format!("<code>{}</code>", text(command)));
    writeln!(out, "<p class=\"note\">Each line in braces {words}.</p>")
}

fn table(services: &[&ServiceDiff], out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">service</th>")?;
    for name in ["newly permitted", "newly refused", "another code"] {
        write!(out, "<th scope=\"col\">{name}</th>")?;
    }
    writeln!(out, "</tr></thead><tbody>")?;
    for (index, change) in services.iter().enumerate() {
        write!(
            out,
            "<tr><th scope=\"row\"><a href=\"#service-{index}\">{}</a></th>",
            text(&sections::service_title(change))
        )?;
        for count in [&change.wider.cases, &change.narrower.cases, &sections::recoded(change)] {
            write!(out, "<td>{}</td>", region::number(count))?;
        }
        writeln!(out, "</tr>")?;
    }
    writeln!(out, "</tbody></table></div>")
}

fn service(
    index: usize,
    change: &ServiceDiff,
    codes: bool,
    timed: bool,
    out: &mut impl Write,
) -> io::Result<()> {
    writeln!(out, "<section><h2 id=\"service-{index}\">{}</h2>", text(&sections::service_title(change)))?;
    for part in sections::sections(change, codes) {
        section(&part, timed, out)?;
    }
    if let Some(codes) = sections::code_summary(change).filter(|_| !codes) {
        writeln!(out, "<p class=\"note\">another response code: {}</p>", text(&codes))?;
    }
    writeln!(out, "</section>")
}

fn section(section: &Section<'_>, timed: bool, out: &mut impl Write) -> io::Result<()> {
    let class = match section.change {
        Change::Opens => "opens",
        Change::Closes => "closes",
        Change::Recodes => "recodes",
    };
    let open = if section.regions() > HTML_OPEN_REGIONS { "" } else { " open" };
    writeln!(out, "<details class=\"{class}\"{open}><summary><h3>{}</h3></summary>", text(&section.title))?;
    writeln!(out, "<div class=\"inside\">")?;
    for group in &section.groups {
        causes(group.causes, out)?;
        writeln!(out, "<ul class=\"regions\">")?;
        group.regions.iter().try_for_each(|region| write_region(region, timed, out))?;
        writeln!(out, "</ul>")?;
    }
    if let Some(unshown) = &section.unshown {
        writeln!(out, "<p>and {}</p>", text(unshown))?;
    }
    writeln!(out, "</div></details>")
}

fn causes(causes: &[Cause], out: &mut impl Write) -> io::Result<()> {
    if causes.is_empty() {
        return Ok(());
    }
    writeln!(out, "<ul>")?;
    for cause in causes {
        let rule_text =
            sections::rule_text(cause).map(|rule| format!(": {}", text(rule))).unwrap_or_default();
        write!(out, "<li>{}{rule_text}", text(&sections::effect(cause)))?;
        for line in sections::origin(cause) {
            write!(out, "<span class=\"from\">{}</span>", text(line))?;
        }
        writeln!(out, "</li>")?;
    }
    writeln!(out, "</ul>")
}

fn write_region(region: &Region, timed: bool, out: &mut impl Write) -> io::Result<()> {
    let clauses = region::clauses(&region.clauses).join("\n");
    writeln!(
        out,
        "<li><p>{}</p><pre>{}</pre>",
        text(&sections::region_title(region, timed)),
        text(&clauses)
    )?;
    writeln!(out, "<div class=\"request\"><code>{}</code></div></li>", text(&region.witness.to_json()))
}

#[cfg(test)]
mod tests {
    use super::{PAGE, STYLE};

    #[test]
    fn the_page_has_a_place_for_each_part_and_names_no_host() {
        assert_eq!(PAGE.matches("<!--part-->").count(), 3);
        assert!(!PAGE.contains("://") && !STYLE.contains("://") && !PAGE.contains("<script"));
    }
}
