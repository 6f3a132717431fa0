//! Dates and windows: `since`, `until`, `effective`.

use jiff::civil::Date;

use super::names::Names;
use crate::language::ast::{Bound, DatePart, Name};
use crate::language::diagnostic::{Code, Diagnostic};
use crate::policy::source::Span;
use crate::policy::{Edge, Window};

/// The date that a name is, or a finding.
pub(super) fn date(names: &mut Names<'_>, name: &Name) -> Option<Date> {
    let date = name.text.parse().ok();
    if date.is_none() {
        let message = format!("the calendar has no date `{}`", name.text);
        let finding = Diagnostic::new(Code::InvalidDate, name.span, message);
        names.report(finding.help("a date is year, month and day: 2023-06-29"));
    }
    date
}

/// The window of an item of a list; [`Window::ALWAYS`] if it has no dates.
pub(super) fn item_window(names: &mut Names<'_>, dates: &[DatePart]) -> Window {
    let since: Vec<&Bound> = dates.iter().filter_map(since_part).collect();
    let until: Vec<&Bound> = dates.iter().filter_map(until_part).collect();
    window(names, &since, &until)
}

fn since_part(part: &DatePart) -> Option<&Bound> {
    if let DatePart::Since(bound) = part { Some(bound) } else { None }
}

fn until_part(part: &DatePart) -> Option<&Bound> {
    if let DatePart::Until(bound) = part { Some(bound) } else { None }
}

/// The window of a `since` and an `until`, each at most once, and the modifications that they name.
pub(super) fn window(names: &mut Names<'_>, since: &[&Bound], until: &[&Bound]) -> Window {
    let from = side(names, "`since`", since);
    let to = side(names, "`until`", until);
    let edge = |side: Option<NamedEdge>, open: Edge| side.map_or(open, |(edge, _)| edge);
    let mut window = Window::new(edge(from, Edge::Start), edge(to, Edge::Never));
    window.named = [from, to].map(|side| side.and_then(|(_, modification)| modification));
    if let (Some(since), Some(until), Some(_), Some(_)) = (since.first(), until.first(), from, to) {
        let same = since.name.text == until.name.text;
        if same || (window.until != Edge::Never && window.from >= window.until) {
            report_out_of_order(names, since.span, until.span, window);
        }
    }
    window
}

fn report_out_of_order(names: &mut Names<'_>, since: Span, until: Span, window: Window) {
    let date_of = |edge: Edge| match edge {
        Edge::On(date) => format!(", which is {date}"),
        Edge::Never => ", which has no date yet".to_owned(),
        Edge::Start => String::new(),
    };
    let message = "`since` is not before `until`, so this is never in force";
    names.report(
        Diagnostic::new(Code::DatesOutOfOrder, since, message)
            .label(format!("from here on{}", date_of(window.from)))
            .because(until, format!("up to here{}, this day excluded", date_of(window.until)))
            .help("swap the two, or drop one"),
    );
}

/// An edge, and the modification that it is the date of, if the text names one.
type NamedEdge = (Edge, Option<u32>);

fn side(names: &mut Names<'_>, word: &str, bounds: &[&Bound]) -> Option<NamedEdge> {
    let (first, rest) = bounds.split_first()?;
    for again in rest {
        names.report_said_twice(word, again.span, first.span);
    }
    edge(names, first)
}

fn edge(names: &mut Names<'_>, bound: &Bound) -> Option<NamedEdge> {
    if bound.is_date {
        return date(names, &bound.name).map(|date| (Edge::On(date), None));
    }
    if let Some((modification, _)) = names.modifications.get(bound.name.text.as_str()) {
        return names.dates[*modification].map(|date| (date, u32::try_from(*modification).ok()));
    }
    let known = Names::sorted(&names.modifications);
    let help = Some("declare it with `modification`, or write a date".to_owned());
    names.report_unknown(Code::UnknownModification, "modification", &bound.name, known, help);
    None
}
