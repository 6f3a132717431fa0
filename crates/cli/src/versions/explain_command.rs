//! The command that explains a request by a version of the rules, written so that it can be pasted into a shell.

use std::path::Path;

use super::spec::{RulesPlace, VersionSpec};
use crate::args::Rules;

/// `meterwarden explain - --rules rules,with:MP162`. It has no date: a request states its own.
pub(crate) fn command(version: &VersionSpec, rules: &Rules) -> String {
    let mut parts = Vec::new();
    let folder = rules.folder.as_deref();
    match &version.place {
        None => parts.extend(folder.map(|folder| folder.display().to_string())),
        Some(RulesPlace::Folder(folder)) => parts.push(folder.display().to_string()),
        Some(RulesPlace::Git { revision, folder: Some(folder) }) => {
            parts.push(format!("git:{revision}:{folder}"))
        }
        Some(RulesPlace::Git { revision, folder: None }) => {
            let path = folder.map(revision_path).unwrap_or_default();
            parts.push(format!("git:{revision}{path}"));
        }
    }
    parts.extend(version.without.iter().map(|name| format!("without:{name}")));
    parts.extend(version.with.iter().map(|name| format!("with:{name}")));
    match parts.as_slice() {
        [] => "meterwarden explain -".to_owned(),
        parts => format!("meterwarden explain - --rules {}", quoted(&parts.join(","))),
    }
}

/// The folder of `--rules` as the path of a revision; for `rules`, the default, there is nothing to write.
fn revision_path(folder: &Path) -> String {
    let text = folder.display().to_string();
    match () {
        () if folder == Path::new("rules") => String::new(),
        () if folder.is_absolute() || text.starts_with("./") || text.starts_with("../") => format!(":{text}"),
        () => format!(":./{text}"),
    }
}

/// A word, in quotes if a shell would take it for something else.
fn quoted(word: &str) -> String {
    let is_plain = |character: char| character.is_alphanumeric() || "_./,:@%+=-~".contains(character);
    if word.chars().all(is_plain) && !word.starts_with(['~', '=']) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_name_the_version() {
        for (version, rules, words) in [
            ("@2023-06-28", None, ""),
            ("@2023-06-28", Some("rules"), " --rules rules"),
            ("with:MP162,without:MP1", None, " --rules without:MP1,with:MP162"),
            ("with:MP162", Some("rules"), " --rules rules,with:MP162"),
            ("other@2023-06-28", Some("rules"), " --rules other"),
            ("git:HEAD~1", None, " --rules git:HEAD~1"),
            ("git:HEAD~1", Some("rules"), " --rules git:HEAD~1"),
            ("git:HEAD", Some("a/b"), " --rules git:HEAD:./a/b"),
            ("git:HEAD", Some("../b"), " --rules git:HEAD:../b"),
            ("git:HEAD", Some("/a/b"), " --rules git:HEAD:/a/b"),
            ("git:HEAD:b,with:MP1", Some("rules"), " --rules git:HEAD:b,with:MP1"),
            ("git:main@{1}", None, " --rules 'git:main@{1}'"),
            ("my rules", None, " --rules 'my rules'"),
            ("it's", None, r" --rules 'it'\''s'"),
            ("~me", None, " --rules '~me'"),
        ] {
            let rules = Rules { folder: rules.map(Into::into) };
            let command = command(&version.parse().unwrap(), &rules);
            assert_eq!(command, format!("meterwarden explain -{words}"), "{version}");
        }
    }
}
