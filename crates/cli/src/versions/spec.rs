//! The text that names a version of the rules: `rules`, `git:main@2023-06-28`, `@2023-06-28,without:MP125`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::builder::{OsStringValueParser, TypedValueParser};

use meterwarden::Date;

/// A version as an argument names it; nothing of it has been read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct VersionSpec {
    /// The argument itself.
    pub(crate) text: String,
    /// Where the rules are; if it is left out, the policy of `--rules` or the built-in one.
    pub(crate) place: Option<RulesPlace>,
    /// `@2023-06-28`
    pub(crate) date: Option<Date>,
    /// `without:MP125`
    pub(crate) without: Vec<String>,
    /// `with:MP125`
    pub(crate) with: Vec<String>,
}

/// Where rules are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RulesPlace {
    /// `rules`
    Folder(PathBuf),
    /// `git:main`, `git:main:other/rules`
    Git {
        /// What `git` understands: a branch, a tag, a commit.
        revision: String,
        /// The folder from the root of the repository, or with `./` from the current folder; if it is left out, the
        /// folder of `--rules`, or `rules`.
        folder: Option<String>,
    },
}

/// The parts that a version may have, for error messages.
const PARTS: &str = "a folder, `git:REVISION`, `@DATE`, `without:MODIFICATION` or `with:MODIFICATION`";

impl FromStr for VersionSpec {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut version = Self { text: text.to_owned(), ..Self::default() };
        for part in text.split(',') {
            version.add(part.trim())?;
        }
        match version.with.iter().find(|name| version.without.contains(name)) {
            Some(name) => Err(format!("`{name}` cannot be both with and without")),
            None => Ok(version),
        }
    }
}

/// Reads a version from an argument. An argument that is the name of a folder is that folder, whatever the name looks
/// like.
pub(crate) fn argument() -> impl TypedValueParser<Value = VersionSpec> {
    OsStringValueParser::new().try_map(|argument| folder_or_else(argument, str::parse))
}

/// Reads a version without a date, which another option states: `--rules rules,without:MP125`.
pub(crate) fn argument_without_date() -> impl TypedValueParser<Value = VersionSpec> {
    OsStringValueParser::new().try_map(|argument| folder_or_else(argument, without_date))
}

/// Reads a folder of rules, and no other version.
pub(crate) fn folder_argument() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().try_map(|argument| folder_or_else(argument, only_folder)).map(|version| {
        match version.place {
            Some(RulesPlace::Folder(folder)) => folder,
            _ => PathBuf::from(version.text),
        }
    })
}

fn folder_or_else(
    argument: OsString,
    read: fn(&str) -> Result<VersionSpec, String>,
) -> Result<VersionSpec, String> {
    match argument.to_str() {
        Some(text) if !Path::new(text).is_dir() => read(text),
        _ => Ok(VersionSpec::folder(argument.into())),
    }
}

fn without_date(text: &str) -> Result<VersionSpec, String> {
    let version: VersionSpec = text.parse()?;
    match version.date.or_else(|| read_date(text)) {
        Some(date) => Err(format!("the date is an option of its own, as in --at {date}")),
        None => Ok(version),
    }
}

/// A text that cannot be read as a version either is the name of a folder that does not exist.
fn only_folder(text: &str) -> Result<VersionSpec, String> {
    match text.parse() {
        Ok(VersionSpec { place: Some(RulesPlace::Folder(_)), date: None, ref with, ref without, .. })
            if with.is_empty() && without.is_empty() => {}
        Err(_) => {}
        Ok(_) => return Err("only a folder of rules can be named here, not another version".to_owned()),
    }
    Ok(VersionSpec::folder(text.into()))
}

impl VersionSpec {
    /// The rules of a folder.
    fn folder(folder: PathBuf) -> Self {
        let text = folder.to_string_lossy().into_owned();
        Self { text, place: Some(RulesPlace::Folder(folder)), ..Self::default() }
    }

    /// Adds the part between two commas.
    fn add(&mut self, part: &str) -> Result<(), String> {
        if part.is_empty() {
            return Err(format!("a part is missing before or after a comma; write {PARTS}"));
        }
        check_small_letters(part)?;
        if let Some(name) = part.strip_prefix("without:") {
            return add_modification(&mut self.without, "without:", name.trim());
        }
        if let Some(name) = part.strip_prefix("with:") {
            return add_modification(&mut self.with, "with:", name.trim());
        }
        let (place, date) = split_date(part)?;
        if let Some(date) = date {
            set_once(&mut self.date, date, "a version has one date")?;
        }
        match place {
            "" => Ok(()),
            place => {
                set_once(&mut self.place, RulesPlace::parse(place)?, "a version has one folder or revision")
            }
        }
    }
}

impl RulesPlace {
    fn parse(text: &str) -> Result<Self, String> {
        let Some(git) = text.strip_prefix("git:").map(str::trim) else {
            return Ok(Self::Folder(PathBuf::from(text)));
        };
        let (revision, folder) = match path_colon(git) {
            Some(colon) => (&git[..colon], Some(git[colon + 1..].to_owned())),
            None => (git, None),
        };
        if revision.is_empty() {
            return Err("a revision is missing after `git:`, as in git:main or git:HEAD~1".to_owned());
        }
        Ok(Self::Git { revision: revision.to_owned(), folder })
    }
}

/// Where the colon is that separates a revision from a path. A colon in braces, as in `HEAD^{/fix: it}`, is part of the
/// revision.
fn path_colon(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    text.char_indices().find_map(|(offset, character)| {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        (character == ':' && depth == 0).then_some(offset)
    })
}

/// A part without the date at its end, and the date. What cannot be meant as a date, as in `main@{1}`, belongs to the
/// place.
fn split_date(part: &str) -> Result<(&str, Option<Date>), String> {
    let Some((place, text)) = part.rsplit_once('@') else { return Ok((part, None)) };
    let (place, text) = (place.trim_end(), text.trim_start());
    match read_date(text) {
        Some(date) => Ok((place, Some(date))),
        None if text.is_empty() && place == "git:" => Ok((part, None)),
        None if text.is_empty() => Err(format!("a date is missing after `@`, as in {place}@2023-06-29")),
        None if is_like_a_date(text) || place.is_empty() => {
            Err(format!("`@{text}` is not a date such as @2023-06-29"))
        }
        None => Ok((part, None)),
    }
}

/// A date in the only form that is accepted, `2023-06-29`.
pub(crate) fn read_date(text: &str) -> Option<Date> {
    text.parse().ok().filter(|date: &Date| date.to_string() == text)
}

/// Whether a text begins with a year, or has three parts, and consists of numbers.
fn is_like_a_date(text: &str) -> bool {
    let year = text.bytes().take_while(u8::is_ascii_digit).count() == 4;
    let numbers = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    numbers
        && text.starts_with(|first: char| first.is_ascii_digit())
        && (year || text.matches('-').count() == 2)
}

/// The three words before a colon are written in small letters.
fn check_small_letters(part: &str) -> Result<(), String> {
    let Some((word, rest)) = part.split_once(':') else { return Ok(()) };
    let lower = word.to_ascii_lowercase();
    if word != lower && ["git", "with", "without"].contains(&lower.as_str()) {
        return Err(format!("write `{lower}:` without capital letters, as in {lower}:{rest}"));
    }
    Ok(())
}

fn add_modification(names: &mut Vec<String>, word: &str, name: &str) -> Result<(), String> {
    if name.is_empty() {
        return Err(format!("a modification is missing after `{word}`, as in {word}MP125"));
    }
    if let Some((name, date)) = name.rsplit_once('@') {
        let date = if read_date(date).is_some() { date } else { "2023-06-29" };
        return Err(format!("put a comma before the date: {word}{},@{date}", name.trim_end()));
    }
    if names.iter().any(|earlier| earlier == name) {
        return Err(format!("`{word}{name}` is written twice; name it once"));
    }
    names.push(name.to_owned());
    Ok(())
}

fn set_once<T>(slot: &mut Option<T>, value: T, rule: &str) -> Result<(), String> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(format!("{rule}, and here are two")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> VersionSpec {
        VersionSpec { text: String::new(), ..text.parse().unwrap() }
    }

    fn git(revision: &str, folder: Option<&str>) -> Option<RulesPlace> {
        Some(RulesPlace::Git { revision: revision.to_owned(), folder: folder.map(str::to_owned) })
    }

    #[test]
    fn places() {
        for (text, place) in [
            ("rules", Some(RulesPlace::Folder("rules".into()))),
            ("../other/rules", Some(RulesPlace::Folder("../other/rules".into()))),
            ("./with:MP125", Some(RulesPlace::Folder("./with:MP125".into()))),
            ("me@home/rules", Some(RulesPlace::Folder("me@home/rules".into()))),
            ("git:main", git("main", None)),
            ("git:origin/main:other/rules", git("origin/main", Some("other/rules"))),
            ("git:HEAD:", git("HEAD", Some(""))),
            ("git:main@{1}", git("main@{1}", None)),
            ("git:@", git("@", None)),
            ("git:@~2", git("@~2", None)),
            ("git:main@{2023-06-28}", git("main@{2023-06-28}", None)),
            ("git:HEAD^{/fix: it}:a", git("HEAD^{/fix: it}", Some("a"))),
            ("git:--output=x", git("--output=x", None)),
            (" git: main ", git("main", None)),
            ("you@4/rules", Some(RulesPlace::Folder("you@4/rules".into()))),
        ] {
            assert_eq!(read(text), VersionSpec { place, ..VersionSpec::default() }, "{text}");
        }
    }

    #[test]
    fn dates_alone_or_after_a_place() {
        let date = Some(Date::constant(2023, 6, 28));
        let place = git("main", None);
        assert_eq!(read("@2023-06-28"), VersionSpec { date, ..VersionSpec::default() });
        for text in ["git:main@2023-06-28", "git:main,@2023-06-28", "@2023-06-28,git:main"] {
            assert_eq!(
                read(text),
                VersionSpec { date, place: place.clone(), ..VersionSpec::default() },
                "{text}"
            );
        }
        assert_eq!(read("git:main@{1}@2023-06-28").place, git("main@{1}", None));
        assert_eq!(read("git:main:other@2023-06-28").place, git("main", Some("other")));
    }

    #[test]
    fn modifications() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        for text in
            ["without:MP1,rules,with:MP3,without:MP2", " without: MP1, rules ,with:MP3 ,  without:MP2 "]
        {
            let version = read(text);
            assert_eq!(version.place, Some(RulesPlace::Folder("rules".into())));
            assert_eq!((version.without, version.with), (names(&["MP1", "MP2"]), names(&["MP3"])));
        }
    }

    #[test]
    fn texts_that_are_no_version() {
        let messages = [
            "",
            "a,",
            ",a",
            "a,b",
            "git:main,rules",
            "git:",
            "git::rules",
            "@",
            "@today",
            "@2023-06-31",
            "rules@2023-6-1",
            "@2023-06-28,@2023-06-29",
            "a@2023-06-28,@2023-06-28",
            "without:",
            "with:",
            "with:MP1,without:MP1",
            "with:MP1,rules,with:MP1",
            "without:MP125@2023-06-29",
            "with: MP125 @ today",
            "git:HEAD@",
            "git:main:rules@2023",
            "GIT:HEAD",
            "rules, Without:MP1",
        ]
        .map(|text| format!("{text}\n    {}\n", text.parse::<VersionSpec>().unwrap_err()));
        insta::assert_snapshot!("no-version", messages.concat());
    }
}
