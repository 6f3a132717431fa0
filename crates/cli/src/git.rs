//! The rule files of a revision, as `git` has them. Only asked for objects: the work tree, the index and the refs stay as
//! they are, and nothing is fetched.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Component, Path};
use std::process::{Child, Command, Output, Stdio};

/// A file in a folder of rules, by its path in that folder, and what it holds.
pub(crate) type File = (String, Vec<u8>);

/// Which files of which revision.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'w> {
    /// What `git` understands.
    pub(crate) revision: &'w str,
    /// From the root of the repository, or with `./` from where one stands; left out, `standard`.
    pub(crate) folder: Option<&'w str>,
    /// The folder of rules as seen from where one stands.
    pub(crate) standard: &'w Path,
}

/// Why there are none.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GitError {
    #[error("the command `git` is not installed, or not on the PATH")]
    NotInstalled,
    #[error("this is not a repository of git, which says: {0}")]
    NotARepository(String),
    #[error("there is no revision `{revision}` here{}; git says: {said}", shallow_words(*.shallow))]
    UnknownRevision { revision: String, said: String, shallow: bool },
    #[error("`{0}` lies outside of the repository one stands in; name the folder as in git:main:rules")]
    Outside(String),
    #[error(
        "there is no folder `{folder}` at `{revision}`; name the one that is meant as in git:{revision}:rules"
    )]
    NoFolder { folder: String, revision: String },
    #[error("`{folder}` holds no rule files at `{revision}`: their names end in `.rules`")]
    NoRules { folder: String, revision: String },
    #[error("`{path}` is a symbolic link at `{revision}`, and those are not followed there")]
    Link { path: String, revision: String },
    #[error("git cannot read it: {0}")]
    Unread(String),
}

/// The files whose names end in `.rules`.
pub(crate) fn rules(wanted: Wanted<'_>) -> Result<Vec<File>, GitError> {
    let here = asked(&["rev-parse", "--show-prefix"])?.map_err(GitError::NotARepository)?;
    let folder = folder(wanted, &here)?;
    let tree = tree(wanted.revision)?;
    let entries = entries(wanted.revision, &tree, &folder)?;
    contents(&entries)
}

/// What a shallow clone has to do with it.
fn shallow_words(shallow: bool) -> &'static str {
    if shallow { ", and this is a shallow clone: it holds only what was fetched" } else { "" }
}

/// `git`, which reads and nothing else, takes paths as they are written, and speaks English.
fn git(words: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.args(["--no-pager", "--no-replace-objects"]).args(words);
    command.env("LC_ALL", "C").env("GIT_LITERAL_PATHSPECS", "1");
    command.env("GIT_OPTIONAL_LOCKS", "0").env("GIT_NO_LAZY_FETCH", "1").env("GIT_TERMINAL_PROMPT", "0");
    command.stdin(Stdio::null());
    command
}

/// What it answers, without the line end; or what it says instead, in one line.
fn asked(words: &[&str]) -> Result<Result<String, String>, GitError> {
    let output = git(words).output().map_err(|wrong| unstarted(&wrong))?;
    Ok(match output.status.success() {
        true => {
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            Ok(text.strip_suffix('\n').unwrap_or(&text).to_owned())
        }
        false => Err(complaint(&output)),
    })
}

fn unstarted(wrong: &io::Error) -> GitError {
    match wrong.kind() {
        io::ErrorKind::NotFound => GitError::NotInstalled,
        _ => GitError::Unread(wrong.to_string()),
    }
}

fn complaint(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    said.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("nothing").to_owned()
}

/// The folder from the root of the repository, without `.` and `..`.
fn folder(wanted: Wanted<'_>, here: &str) -> Result<String, GitError> {
    let standard = wanted.standard.to_string_lossy();
    let (said, path) = match wanted.folder {
        Some(path) if path == "." || path.starts_with("./") || path.starts_with("../") => {
            (path, format!("{here}{path}"))
        }
        Some(path) if Path::new(path).is_absolute() => (path, below_the_root(Path::new(path))?),
        Some(path) => (path, path.to_owned()),
        None if wanted.standard.is_absolute() => (&*standard, below_the_root(wanted.standard)?),
        None => (&*standard, format!("{here}{standard}")),
    };
    plain(Path::new(&path)).ok_or_else(|| GitError::Outside(said.to_owned()))
}

/// An absolute path from the root of the repository.
fn below_the_root(path: &Path) -> Result<String, GitError> {
    let outside = || GitError::Outside(path.display().to_string());
    let root = asked(&["rev-parse", "--show-toplevel"])?.map_err(GitError::NotARepository)?;
    // What is no longer there cannot be resolved; then it is taken as it is written.
    let real = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let below = real(path).strip_prefix(real(Path::new(&root))).map_err(|_| outside())?.to_owned();
    Ok(below.to_string_lossy().into_owned())
}

fn plain(path: &Path) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::Normal(name) => parts.push(name.to_string_lossy().into_owned()),
            Component::ParentDir => drop(parts.pop()?),
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(parts.join("/"))
}

/// The name of the tree of a revision, whatever it is: a commit, a tag, a tree.
fn tree(revision: &str) -> Result<String, GitError> {
    let meant = format!("{revision}^{{tree}}");
    let found = asked(&["rev-parse", "--verify", "--end-of-options", &meant])?;
    let is_name = |name: &String| name.len() >= 40 && name.bytes().all(|one| one.is_ascii_hexdigit());
    match found {
        Ok(name) if is_name(&name) => Ok(name),
        Ok(said) | Err(said) => {
            let shallow = asked(&["rev-parse", "--is-shallow-repository"])?.is_ok_and(|said| said == "true");
            Err(GitError::UnknownRevision { revision: revision.to_owned(), said, shallow })
        }
    }
}

/// A rule file in a tree: the name of the object, and its path in the folder.
struct Entry {
    object: String,
    path: String,
}

/// The rule files of a folder.
fn entries(revision: &str, tree: &str, folder: &str) -> Result<Vec<Entry>, GitError> {
    let mut words = vec!["ls-tree", "-r", "-z", "--full-tree", tree];
    if !folder.is_empty() {
        words.extend(["--", folder]);
    }
    let output = git(&words).output().map_err(|wrong| unstarted(&wrong))?;
    if !output.status.success() {
        return Err(GitError::Unread(complaint(&output)));
    }
    let before = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let (mut found, mut is_folder) = (Vec::new(), false);
    for line in String::from_utf8_lossy(&output.stdout).split_terminator('\0') {
        let Some((about, whole)) = line.split_once('\t') else { continue };
        let Some(path) = whole.strip_prefix(&before) else { continue };
        is_folder = true;
        let [mode, kind, object] = about.split(' ').collect::<Vec<_>>()[..] else { continue };
        if kind != "blob" || !path.ends_with(".rules") {
            continue;
        }
        if mode == "120000" {
            return Err(GitError::Link { path: whole.to_owned(), revision: revision.to_owned() });
        }
        found.push(Entry { object: object.to_owned(), path: path.to_owned() });
    }
    let (folder, revision) = (if folder.is_empty() { "." } else { folder }.to_owned(), revision.to_owned());
    match (found.is_empty(), is_folder) {
        (false, _) => Ok(found),
        (true, true) => Err(GitError::NoRules { folder, revision }),
        (true, false) => Err(GitError::NoFolder { folder, revision }),
    }
}

/// What the files hold.
fn contents(entries: &[Entry]) -> Result<Vec<File>, GitError> {
    let mut command = git(&["cat-file", "--batch"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|wrong| unstarted(&wrong))?;
    let read = batch(&mut child, entries);
    // It ends by itself once nothing more is asked; what it says then is of no interest.
    drop(child.stdin.take());
    let _ = child.wait();
    read.map_err(|wrong| GitError::Unread(wrong.to_string()))
}

/// Asks for one after the other, and reads each answer before the next question, so that neither side waits for ever.
fn batch(child: &mut Child, entries: &[Entry]) -> io::Result<Vec<File>> {
    let (Some(questions), Some(answers)) = (child.stdin.as_mut(), child.stdout.take()) else {
        return Err(io::Error::other("it cannot be asked"));
    };
    let mut answers = BufReader::new(answers);
    let mut files = Vec::with_capacity(entries.len());
    for entry in entries {
        writeln!(questions, "{}", entry.object)?;
        questions.flush()?;
        let bytes = answer(&mut answers)
            .map_err(|wrong| io::Error::new(wrong.kind(), format!("`{}`: {wrong}", entry.path)))?;
        files.push((entry.path.clone(), bytes));
    }
    Ok(files)
}

/// `OBJECT blob SIZE`, the bytes, and a line end.
fn answer(answers: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut heading = String::new();
    answers.read_line(&mut heading)?;
    let size: Option<u64> = heading.trim_end().rsplit_once(" blob ").and_then(|(_, size)| size.parse().ok());
    let Some(size) = size else {
        return Err(io::Error::other(format!("git says `{}`", heading.trim_end())));
    };
    let mut bytes = Vec::new();
    // More of a file than can be a rule file is not kept in memory; the check then says that it is too large.
    answers.by_ref().take(size.min(LARGEST)).read_to_end(&mut bytes)?;
    io::copy(&mut answers.by_ref().take(size + 1 - size.min(LARGEST)), &mut io::sink())?;
    Ok(bytes)
}

/// One byte more than a rule file may have.
const LARGEST: u64 = 1024 * 1024 + 1;

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn folders_from_the_root_of_the_repository() {
        for (here, said, standard, meant) in [
            ("", None, "rules", Some("rules")),
            ("a/b/", None, "rules", Some("a/b/rules")),
            ("a/b/", None, "../c/./d/", Some("a/c/d")),
            ("a/", None, ".", Some("a")),
            ("a/", Some("rules"), "other", Some("rules")),
            ("a/", Some("./rules"), "other", Some("a/rules")),
            ("a/", Some("../rules"), "other", Some("rules")),
            ("a/", Some(""), "other", Some("")),
            ("a/", None, "../../rules", None),
            ("", Some("/rules"), "rules", None),
            ("", Some(":(top)*"), "rules", Some(":(top)*")),
        ] {
            let wanted = Wanted { revision: "main", folder: said, standard: Path::new(standard) };
            assert_eq!(folder(wanted, here).ok().as_deref(), meant, "{here} {said:?} {standard}");
        }
    }

    #[test]
    fn answers_of_a_batch() {
        let mut text = b"aa blob 3\nabc\nbb missing\n".as_slice();
        assert_eq!(answer(&mut text).unwrap(), b"abc");
        assert_eq!(answer(&mut text).unwrap_err().to_string(), "git says `bb missing`");
        let large = [b"cc blob 1048580\n".as_slice(), &[b'a'; 1_048_580], b"\ndd blob 0\n\n"].concat();
        let mut large = large.as_slice();
        assert_eq!(answer(&mut large).unwrap().len(), 1_048_577);
        assert_eq!(answer(&mut large).unwrap(), b"");
    }
}
