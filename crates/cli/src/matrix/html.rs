//! A matrix as a page of its own: no network, one file, every date and attribute in it.

use std::io::{self, Write};

use meterwarden::Plan;
use meterwarden_analysis::matrix::{Atlas, Matrix, Question};
use serde::Serialize;

const PAGE: &str = include_str!("page.html");
const STYLE: &str = concat!(include_str!("../colours.css"), include_str!("page.css"));
const SCRIPT: &str = include_str!("page.js");

/// What the page shows, and what it shows first.
#[derive(Serialize)]
struct Data<'m> {
    atlas: Atlas<'m>,
    start: Start<'m>,
}

/// The question that was asked on the command line.
#[derive(Serialize)]
struct Start<'m> {
    at: String,
    rows: &'m str,
    columns: &'m str,
    #[serde(rename = "where")]
    filters: &'m [(String, Vec<String>)],
    services: &'m Option<Vec<&'m str>>,
    changed: bool,
}

pub(super) fn write(
    plan: &Plan,
    question: &Question,
    matrix: &Matrix<'_>,
    changed: bool,
    out: &mut impl Write,
) -> io::Result<()> {
    let start = Start {
        at: question.at.to_string(),
        rows: matrix.rows.by,
        columns: matrix.columns.by,
        filters: &question.filters,
        services: &matrix.services,
        changed,
    };
    let data = serde_json::to_string(&Data { atlas: meterwarden_analysis::atlas(&plan), start })?;
    for (nth, part) in PAGE.split("<!--part-->").enumerate() {
        let filled = match nth {
            1 => STYLE,
            2 => &inert(&data),
            3 => SCRIPT,
            _ => "",
        };
        write!(out, "{filled}{part}")?;
    }
    Ok(())
}

/// A set attribute of which several values are to be present, any of them: more than the page's diagrams tell apart.
pub(super) fn several<'m>(matrix: &'m Matrix<'_>, plan: &Plan) -> Option<&'m str> {
    let set = |name: &str| plan.policy().attribute(name).is_some_and(|attribute| attribute.set);
    matrix.filters.iter().find(|(name, values)| set(name) && values.len() > 1).map(|(name, _)| *name)
}

/// JSON that no browser takes for markup, whatever its texts say.
fn inert(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for one in json.chars() {
        match one {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => safe.push_str(&format!("\\u{:04x}", u32::from(one))),
            one => safe.push(one),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::{PAGE, SCRIPT, STYLE, inert};

    #[test]
    fn texts_of_rules_cannot_end_the_script() {
        let json = serde_json::to_string("</script><script>alert(1)</script> & <!-- \u{2028}").unwrap();
        let safe = inert(&json);
        assert!(!safe.contains(['<', '>', '&', '\u{2028}']), "{safe}");
        let read: String = serde_json::from_str(&safe).unwrap();
        assert_eq!(read, "</script><script>alert(1)</script> & <!-- \u{2028}");
    }

    #[test]
    fn the_page_has_a_place_for_each_part_and_names_no_host() {
        assert_eq!(PAGE.matches("<!--part-->").count(), 3);
        for part in [PAGE, STYLE, SCRIPT] {
            assert!(!part.contains("://") && !part.contains("innerHTML"), "{part}");
        }
    }
}
