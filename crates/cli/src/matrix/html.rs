//! A matrix as an HTML page in one file, with every date and attribute and without the network.

use std::io::{self, Write};

use meterwarden::Plan;
use meterwarden_analysis::matrix::{Atlas, Matrix, Question};
use serde::Serialize;

const PAGE: &str = include_str!("page.html");
const STYLE: &str = concat!(include_str!("../colours.css"), include_str!("page.css"));
/// The files share one scope, and none of their names is global.
const SCRIPT: &str = concat!(
    "\"use strict\";\n(() => {\n",
    include_str!("page/data.js"),
    include_str!("page/diagrams.js"),
    include_str!("page/view.js"),
    include_str!("page/controls.js"),
    include_str!("page/table.js"),
    include_str!("page/cell.js"),
    include_str!("page/main.js"),
    "})();\n",
);

/// The data of the page: everything that it can show, and what it shows first.
#[derive(Serialize)]
struct PageData<'m> {
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
    let data = serde_json::to_string(&PageData { atlas: meterwarden_analysis::atlas(plan), start })?;
    // The page's text between its three gaps; before the text after a gap, the gap is filled.
    for (index, part) in PAGE.split("<!--part-->").enumerate() {
        let filled = match index {
            1 => STYLE,
            2 => &inert(&data),
            3 => SCRIPT,
            _ => "",
        };
        write!(out, "{filled}{part}")?;
    }
    Ok(())
}

/// A set attribute of which the question names several values, any of which may be present. The page's diagrams hold
/// one value of a set at a time.
pub(super) fn attribute_with_several_values<'m>(matrix: &'m Matrix<'_>, plan: &Plan) -> Option<&'m str> {
    let is_set = |name: &str| plan.policy().attribute(name).is_some_and(|attribute| attribute.set);
    matrix.filters.iter().find(|(name, values)| is_set(name) && values.len() > 1).map(|(name, _)| *name)
}

/// JSON in which no browser finds markup: the characters that could be markup are escaped.
fn inert(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                safe.push_str(&format!("\\u{:04x}", u32::from(character)))
            }
            character => safe.push(character),
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
