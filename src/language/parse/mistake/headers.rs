//! The first line of a service or a group: its number, text and tags in another order, or in other marks.

use super::super::grammar::Rule;
use super::sentences::together;
use super::{Kind, Scene, Token, shown};
use crate::language::diagnostic::Diagnostic;

/// What stands wrong in the line that begins a service.
pub(super) fn service(scene: &Scene<'_>) -> Option<Diagnostic> {
    let (from, line) = scene.line(scene.here);
    line.first().filter(|first| first.is("service"))?;
    let here = scene.here()?;
    let before = line.get(..scene.here.checked_sub(from)?)?;
    match (before, here.kind) {
        ([_], Kind::Text) => number_in_the_text(scene, here),
        ([_, _, text], Kind::Text) if text.kind == Kind::Text => {
            let said = scene.say(here.range(), "tags stand without quotes");
            Some(said.help(format!("write `{}`", here.text.trim_matches('"').trim())))
        }
        ([_, number, tags @ ..], Kind::Text) if tags.iter().all(|tag| tag.is_name() || tag.is(",")) => {
            let said = scene.say(here.range(), "what a service is called stands before its tags");
            let text = shown(here.text);
            Some(said.help(format!("write `service {} {text} {}`", number.text, together(tags))))
        }
        (_, Kind::Word) if here.is("tag") => {
            let said = scene.say(here.range(), "the tags of a service stand without the word `tag`");
            Some(said.help("drop it"))
        }
        (_, Kind::Mark) if matches!(here.text, "(" | "[") => {
            let said = scene.say(here.range(), "the tags of a service stand without brackets");
            Some(said.help("write them with commas between: `critical, on-demand`"))
        }
        _ => None,
    }
}

/// `service "8.4 Update Inventory"`
fn number_in_the_text(scene: &Scene<'_>, text: &Token<'_>) -> Option<Diagnostic> {
    let (number, name) = text.text.trim_matches('"').trim().split_once(' ')?;
    number.starts_with(|c: char| c.is_ascii_digit()).then(|| {
        let said = scene.say(text.range(), "the number of a service stands before its text");
        said.help(format!("write `service {} \"{}\"`", number.trim_end_matches(':'), name.trim()))
    })
}

/// `group live = …`: the attribute is missing.
pub(super) fn group(scene: &Scene<'_>) -> Option<Diagnostic> {
    let here = scene.here().filter(|here| here.is("=") && scene.expects(&[Rule::name]))?;
    let [word, name] = scene.tokens.get(scene.here.checked_sub(2)?..scene.here)? else { return None };
    if !word.is("group") {
        return None;
    }
    let said = scene.say(name.at..here.end(), "a group says whose values it lists, and what it is called");
    Some(said.help(format!("the attribute stands first, then the name: `group status {} = …`", name.text)))
}
