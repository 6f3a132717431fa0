//! The first line of a service or a group: its number, text and tags in a wrong order, or with wrong marks.

use super::super::grammar::Rule;
use super::sentences::together;
use super::{Kind, Stop, Token, shown};
use crate::language::diagnostic::Diagnostic;

/// What is wrong in the line that begins a service.
pub(super) fn service(stop: &Stop<'_>) -> Option<Diagnostic> {
    let (from, line) = stop.line(stop.here);
    line.first().filter(|first| first.is("service"))?;
    let here = stop.here()?;
    let before = line.get(..stop.here.checked_sub(from)?)?;
    match (before, here.kind) {
        ([_], Kind::Text) => number_in_the_text(stop, here),
        ([_, _, text], Kind::Text) if text.kind == Kind::Text => {
            let finding = stop.finding(here.range(), "tags are written without quotes");
            Some(finding.help(format!("write `{}`", here.text.trim_matches('"').trim())))
        }
        ([_, number, tags @ ..], Kind::Text) if tags.iter().all(|tag| tag.is_name() || tag.is(",")) => {
            let finding = stop.finding(here.range(), "the text of a service comes before its tags");
            let text = shown(here.text);
            Some(finding.help(format!("write `service {} {text} {}`", number.text, together(tags))))
        }
        (_, Kind::Word) if here.is("tag") => {
            let finding =
                stop.finding(here.range(), "the tags of a service are written without the word `tag`");
            Some(finding.help("drop it"))
        }
        (_, Kind::Mark) if matches!(here.text, "(" | "[") => {
            let finding = stop.finding(here.range(), "the tags of a service are written without brackets");
            Some(finding.help("write them with commas between: `critical, on-demand`"))
        }
        _ => None,
    }
}

/// `service "8.4 Update Inventory"`
fn number_in_the_text(stop: &Stop<'_>, text: &Token<'_>) -> Option<Diagnostic> {
    let (number, name) = text.text.trim_matches('"').trim().split_once(' ')?;
    number.starts_with(|c: char| c.is_ascii_digit()).then(|| {
        let finding = stop.finding(text.range(), "the number of a service comes before its text");
        finding.help(format!("write `service {} \"{}\"`", number.trim_end_matches(':'), name.trim()))
    })
}

/// `group live = …`: the attribute is missing.
pub(super) fn group(stop: &Stop<'_>) -> Option<Diagnostic> {
    let here = stop.here().filter(|here| here.is("=") && stop.expects(&[Rule::name]))?;
    let [word, name] = stop.tokens.get(stop.here.checked_sub(2)?..stop.here)? else { return None };
    if !word.is("group") {
        return None;
    }
    let finding = stop.finding(name.at..here.end(), "a group needs an attribute and a name");
    Some(finding.help(format!("the attribute comes first, then the name: `group status {} = …`", name.text)))
}
