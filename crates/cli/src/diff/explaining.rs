//! How a request of a difference is explained: the commands for both versions, to be pasted into a shell.

use std::path::Path;

use meterwarden_analysis::diff::{Diff, KnownBy, Region, ServiceDiff};

use crate::args::Rules;
use crate::side::Side;
use crate::version::{Place, Version};

/// The commands that explain a request: by the version before, by the one after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Explaining {
    pub(crate) before: String,
    pub(crate) after: String,
    /// Whether requests are shown of which the version after does not know all the words.
    pub(super) needs_before: bool,
}

impl Explaining {
    pub(super) fn of(diff: &Diff, sides: [&Side; 2]) -> Self {
        let [before, after] = sides.map(|side| side.explain.clone());
        let unknown = |region: &Region| sides[1].plan.decide(&region.witness).is_err();
        let needs_before =
            diff.services.iter().any(|one| one.known == KnownBy::Before || regions(one).any(unknown));
        Self { needs_before: needs_before && before != after, before, after }
    }

    /// What is said below a difference; `command` writes one down.
    pub(super) fn words(&self, command: impl Fn(&str) -> String) -> String {
        let after = format!("{}, which says why it is permitted now, or refused", command(&self.after));
        let before = if self.needs_before {
            format!("; what that does not know, into {}", command(&self.before))
        } else {
            String::new()
        };
        format!("is a request of its region, to be pasted into {after}{before}")
    }
}

fn regions(one: &ServiceDiff) -> impl Iterator<Item = &Region> {
    let codes = one.codes.iter().map(|change| &change.part);
    [&one.wider, &one.narrower].into_iter().chain(codes).flat_map(|part| &part.regions)
}

/// `meterwarden explain - --rules rules,with:MP162`. A request states its date itself.
pub(crate) fn command(version: &Version, rules: &Rules) -> String {
    let mut parts = Vec::new();
    let folder = rules.folder.as_deref();
    match &version.place {
        None => parts.extend(folder.map(|folder| folder.display().to_string())),
        Some(Place::Folder(folder)) => parts.push(folder.display().to_string()),
        Some(Place::Git { revision, folder: Some(folder) }) => parts.push(format!("git:{revision}:{folder}")),
        Some(Place::Git { revision, folder: None }) => {
            let behind = folder.map(from_here).unwrap_or_default();
            parts.push(format!("git:{revision}{behind}"));
        }
    }
    parts.extend(version.without.iter().map(|name| format!("without:{name}")));
    parts.extend(version.with.iter().map(|name| format!("with:{name}")));
    match parts.as_slice() {
        [] => "meterwarden explain -".to_owned(),
        parts => format!("meterwarden explain - --rules {}", quoted(&parts.join(","))),
    }
}

/// The folder of `--rules` as a part of a revision; `rules` is meant anyway.
fn from_here(folder: &Path) -> String {
    let text = folder.display().to_string();
    match () {
        () if folder == Path::new("rules") => String::new(),
        () if folder.is_absolute() || text.starts_with("./") || text.starts_with("../") => format!(":{text}"),
        () => format!(":./{text}"),
    }
}

/// As a shell takes it for one word.
fn quoted(word: &str) -> String {
    let plain = |one: char| one.is_alphanumeric() || "_./,:@%+=-~".contains(one);
    if word.chars().all(plain) && !word.starts_with(['~', '=']) {
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
            let said = command(&version.parse().unwrap(), &rules);
            assert_eq!(said, format!("meterwarden explain -{words}"), "{version}");
        }
    }
}
