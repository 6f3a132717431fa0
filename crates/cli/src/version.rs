//! Which version of the rules a person means: `rules`, `git:main@2023-06-28`, `@2023-06-28,without:MP125`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::builder::{OsStringValueParser, TypedValueParser};

use meterwarden::Date;

/// What is said of one version, nothing of it looked up yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Version {
    /// As it was said.
    pub(crate) text: String,
    /// Where the rules are; left out, the policy of `--rules`, or the built-in one.
    pub(crate) place: Option<Place>,
    /// `@2023-06-28`
    pub(crate) at: Option<Date>,
    /// `without:MP125`
    pub(crate) without: Vec<String>,
    /// `with:MP125`
    pub(crate) with: Vec<String>,
}

/// Where rules are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// `rules`
    Folder(PathBuf),
    /// `git:main`, `git:main:other/rules`
    Git {
        /// What `git` understands: a branch, a tag, a commit.
        revision: String,
        /// From the root of the repository, or with `./` from where one stands; left out, the folder that is meant anyway.
        folder: Option<String>,
    },
}

/// What there is to say of a version, for those who said something else.
const PARTS: &str = "a folder, `git:REVISION`, `@DATE`, `without:MODIFICATION` or `with:MODIFICATION`";

impl FromStr for Version {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut version = Self { text: text.to_owned(), ..Self::default() };
        for part in text.split(',') {
            version.add(part.trim())?;
        }
        let both = version.with.iter().find(|name| version.without.contains(name));
        match both {
            Some(name) => Err(format!("`{name}` cannot be both with and without")),
            None => Ok(version),
        }
    }
}

/// Reads a version from an argument. What is the name of a folder is that folder, whatever its name looks like.
pub(crate) fn argument() -> impl TypedValueParser<Value = Version> {
    OsStringValueParser::new().try_map(|said| said_to_be(said, str::parse))
}

/// The same where the date is said elsewhere: `--rules rules,without:MP125`.
pub(crate) fn argument_without_date() -> impl TypedValueParser<Value = Version> {
    OsStringValueParser::new().try_map(|said| said_to_be(said, undated))
}

/// A folder of rules that is to be read itself: no other version.
pub(crate) fn folder_argument() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().try_map(|said| said_to_be(said, only_folder)).map(|version| {
        match version.place {
            Some(Place::Folder(folder)) => folder,
            _ => PathBuf::from(version.text),
        }
    })
}

fn said_to_be(said: OsString, read: fn(&str) -> Result<Version, String>) -> Result<Version, String> {
    match said.to_str() {
        Some(text) if !Path::new(text).is_dir() => read(text),
        _ => Ok(Version::folder(said.into())),
    }
}

fn undated(text: &str) -> Result<Version, String> {
    let version: Version = text.parse()?;
    let date = version.at.or_else(|| read_date(text));
    match date {
        Some(date) => Err(format!("the date is said apart, as in --at {date}")),
        None => Ok(version),
    }
}

/// What cannot be read as a version either is a folder that there is not.
fn only_folder(text: &str) -> Result<Version, String> {
    match text.parse() {
        Ok(Version { place: Some(Place::Folder(_)), at: None, ref with, ref without, .. })
            if with.is_empty() && without.is_empty() => {}
        Err(_) => {}
        Ok(_) => {
            return Err("only a folder of rules can be named here, and no other version of them".to_owned());
        }
    }
    Ok(Version::folder(text.into()))
}

impl Version {
    /// The rules of a folder.
    fn folder(folder: PathBuf) -> Self {
        let text = folder.to_string_lossy().into_owned();
        Self { text, place: Some(Place::Folder(folder)), ..Self::default() }
    }

    /// Adds what stands between two commas.
    fn add(&mut self, part: &str) -> Result<(), String> {
        if part.is_empty() {
            return Err(format!("nothing stands before or behind a comma; there, say {PARTS}"));
        }
        in_lower_case(part)?;
        if let Some(name) = part.strip_prefix("without:") {
            return modification(&mut self.without, "without:", name.trim());
        }
        if let Some(name) = part.strip_prefix("with:") {
            return modification(&mut self.with, "with:", name.trim());
        }
        let (place, at) = dated(part)?;
        if let Some(date) = at {
            once(&mut self.at, date, "a version has one date")?;
        }
        match place {
            "" => Ok(()),
            place => once(&mut self.place, Place::of(place)?, "a version has one folder or revision"),
        }
    }
}

impl Place {
    fn of(text: &str) -> Result<Self, String> {
        let Some(git) = text.strip_prefix("git:").map(str::trim) else {
            return Ok(Self::Folder(PathBuf::from(text)));
        };
        let (revision, folder) = match path_behind(git) {
            Some(colon) => (&git[..colon], Some(git[colon + 1..].to_owned())),
            None => (git, None),
        };
        if revision.is_empty() {
            return Err("a revision stands behind `git:`, as in git:main or git:HEAD~1".to_owned());
        }
        Ok(Self::Git { revision: revision.to_owned(), folder })
    }
}

/// Where the colon stands that parts a revision and a path; one in braces, as in `HEAD^{/fix: it}`, does not.
fn path_behind(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    text.char_indices().find_map(|(at, one)| {
        match one {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        (one == ':' && depth == 0).then_some(at)
    })
}

/// A part and the date behind it. What cannot be meant as a date, as in `main@{1}`, belongs to the place.
fn dated(part: &str) -> Result<(&str, Option<Date>), String> {
    let Some((place, date)) = part.rsplit_once('@') else { return Ok((part, None)) };
    let (place, date) = (place.trim_end(), date.trim_start());
    match read_date(date) {
        Some(read) => Ok((place, Some(read))),
        None if date.is_empty() && place == "git:" => Ok((part, None)),
        None if date.is_empty() => Err(format!("a date is missing behind `@`, as in {place}@2023-06-29")),
        None if is_like_a_date(date) || place.is_empty() => {
            Err(format!("`@{date}` is not a date such as @2023-06-29"))
        }
        None => Ok((part, None)),
    }
}

/// A date as it is always written.
pub(crate) fn read_date(text: &str) -> Option<Date> {
    text.parse().ok().filter(|read: &Date| read.to_string() == text)
}

/// Whether it begins with a year, or has three parts, and is numbers alone.
fn is_like_a_date(text: &str) -> bool {
    let year = text.bytes().take_while(u8::is_ascii_digit).count() == 4;
    let numbers = text.bytes().all(|one| one.is_ascii_digit() || one == b'-');
    numbers
        && text.starts_with(|first: char| first.is_ascii_digit())
        && (year || text.matches('-').count() == 2)
}

/// What stands before a colon is one of three words, in lower case.
fn in_lower_case(part: &str) -> Result<(), String> {
    let Some((word, behind)) = part.split_once(':') else { return Ok(()) };
    let lower = word.to_ascii_lowercase();
    if word != lower && ["git", "with", "without"].contains(&lower.as_str()) {
        return Err(format!("write `{lower}:` in lower case, as in {lower}:{behind}"));
    }
    Ok(())
}

fn modification(names: &mut Vec<String>, word: &str, name: &str) -> Result<(), String> {
    if name.is_empty() {
        return Err(format!("a modification stands behind `{word}`, as in {word}MP125"));
    }
    if let Some((name, date)) = name.rsplit_once('@') {
        let date = if read_date(date).is_some() { date } else { "2023-06-29" };
        return Err(format!("put a comma before the date: {word}{},@{date}", name.trim_end()));
    }
    if names.iter().any(|known| known == name) {
        return Err(format!("`{word}{name}` is said twice; name it once"));
    }
    names.push(name.to_owned());
    Ok(())
}

fn once<T>(place: &mut Option<T>, value: T, why: &str) -> Result<(), String> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(format!("{why}, and here are two")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Version {
        Version { text: String::new(), ..text.parse().unwrap() }
    }

    fn git(revision: &str, folder: Option<&str>) -> Option<Place> {
        Some(Place::Git { revision: revision.to_owned(), folder: folder.map(str::to_owned) })
    }

    #[test]
    fn places() {
        for (text, place) in [
            ("rules", Some(Place::Folder("rules".into()))),
            ("../other/rules", Some(Place::Folder("../other/rules".into()))),
            ("./with:MP125", Some(Place::Folder("./with:MP125".into()))),
            ("me@home/rules", Some(Place::Folder("me@home/rules".into()))),
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
            ("you@4/rules", Some(Place::Folder("you@4/rules".into()))),
        ] {
            assert_eq!(read(text), Version { place, ..Version::default() }, "{text}");
        }
    }

    #[test]
    fn dates_stand_alone_or_behind_a_place() {
        let at = Some(Date::constant(2023, 6, 28));
        let place = git("main", None);
        assert_eq!(read("@2023-06-28"), Version { at, ..Version::default() });
        for text in ["git:main@2023-06-28", "git:main,@2023-06-28", "@2023-06-28,git:main"] {
            assert_eq!(read(text), Version { at, place: place.clone(), ..Version::default() }, "{text}");
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
            assert_eq!(version.place, Some(Place::Folder("rules".into())));
            assert_eq!((version.without, version.with), (names(&["MP1", "MP2"]), names(&["MP3"])));
        }
    }

    #[test]
    fn what_is_no_version() {
        let said = [
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
        .map(|text| format!("{text}\n    {}\n", text.parse::<Version>().unwrap_err()));
        insta::assert_snapshot!("no-version", said.concat());
    }
}
