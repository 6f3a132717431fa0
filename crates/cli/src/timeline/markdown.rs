//! A timeline for a pull request.

use std::fmt::Write;

use meterwarden_analysis::timeline::{Comparison, Moment, Status};

use super::human::{BEGINNING, NOTHING, named, sides_shown, word};
use crate::diff::markdown::{Look, fitting, service};
use crate::markup::{markdown as text, markdown_quoting as quoted};
use crate::side::Side;

/// Services stand below their date.
const LOOK: Look<'_> = Look { codes: false, timed: false, regions: usize::MAX, level: 5, explain: ["", ""] };

pub(super) fn alone(side: &Side, moments: &[Moment]) -> String {
    let head = format!("### When what is permitted changes\n\n{}\n{}", quoted(&side.name), nothing(moments));
    fitting(head, moments.len(), LOOK, |nth, look| {
        let one = &moments[nth];
        format!("\n#### {}\n{}", one.date, changes(one, None, of(side, look)))
    })
}

pub(super) fn compared(sides: [&Side; 2], found: &Comparison) -> String {
    let Comparison { beginning, dates } = found;
    let [before, after] = sides.map(|side| quoted(&side.name));
    let mut head = format!(
        "### When what is permitted changes\n\nbefore: {before}  \nafter: {after}\n{}",
        if beginning.is_empty() { nothing(dates) } else { format!("\n{BEGINNING}\n") }
    );
    if !dates.is_empty() {
        head += "\n| date | | modifications |\n|:--|:--|:--|\n";
    }
    for one in dates {
        let mut names: Vec<String> =
            sides_shown(one).iter().map(|(_, moment)| text(&named(moment))).collect();
        names.dedup();
        let _ = writeln!(head, "| {} | {} | {} |", one.date, word(one.status), names.join("<br>"));
    }
    let first = usize::from(!beginning.is_empty());
    fitting(head, first + dates.len(), LOOK, |nth, look| {
        let Some(one) = nth.checked_sub(first).and_then(|nth| dates.get(nth)) else {
            let look = of(sides[1], look);
            let services: String = beginning.iter().map(|one| service(one, look)).collect();
            return format!("\n#### {BEGINNING}\n{services}");
        };
        let parts = sides_shown(one).into_iter().map(|(said, moment)| {
            let before = said == Some("before") || one.status == Status::Gone;
            changes(moment, said, of(sides[usize::from(!before)], look))
        });
        format!("\n#### {}: {}\n{}", one.date, word(one.status), parts.collect::<String>())
    })
}

fn nothing<T>(dates: &[T]) -> String {
    if dates.is_empty() { format!("\n{NOTHING}\n") } else { String::new() }
}

/// The dates of one version, which explains the requests that are shown of it.
fn of<'l>(side: &'l Side, look: Look<'_>) -> Look<'l> {
    Look { explain: [&side.explain, &side.explain], ..look }
}

/// What changes on a date, below its modifications.
fn changes(moment: &Moment, side: Option<&str>, look: Look<'_>) -> String {
    let named = text(&named(moment));
    let title = match side {
        Some(side) => format!("\n**{side}**: {named}\n"),
        None if named.is_empty() => String::new(),
        None => format!("\n{named}\n"),
    };
    title + &moment.services.iter().map(|one| service(one, look)).collect::<String>()
}
