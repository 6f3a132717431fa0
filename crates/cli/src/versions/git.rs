//! The rule files of a git revision. `git` is only asked to read objects: the work tree, the index and the refs stay as
//! they are, and nothing is fetched.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Component, Path};
use std::process::{Child, Command, Output, Stdio};

use crate::limits;

/// A file in a folder of rules: its path in that folder, and its bytes.
pub(crate) type File = (String, Vec<u8>);

/// A folder of rules at a revision.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RevisionFolder<'f> {
    /// What `git` understands.
    pub(crate) revision: &'f str,
    /// The path from the root of the repository, or with `./` from the current folder; if it is left out,
    /// `default_folder`.
    pub(crate) folder: Option<&'f str>,
    /// The folder of rules, from the current folder.
    pub(crate) default_folder: &'f Path,
}

/// Why the rule files of a revision cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GitError {
    #[error("the command `git` is not installed, or not on the PATH")]
    NotInstalled,
    #[error("this is not a git repository; git says: {0}")]
    NotARepository(String),
    #[error("there is no revision `{revision}` here{}; git says: {message}", shallow_hint(*.shallow))]
    UnknownRevision { revision: String, message: String, shallow: bool },
    #[error("`{0}` is outside the repository; name the folder as in git:main:rules")]
    Outside(String),
    #[error(
        "there is no folder `{folder}` at `{revision}`; name the folder of rules as in git:{revision}:rules"
    )]
    NoFolder { folder: String, revision: String },
    #[error("`{folder}` has no rule files at `{revision}`: their names end in `.rules`")]
    NoRules { folder: String, revision: String },
    #[error("`{path}` is a symbolic link at `{revision}`; links of a revision are not followed")]
    Link { path: String, revision: String },
    #[error("git cannot read the rules: {0}")]
    Unread(String),
}

/// The rule files of a folder at a revision: the names of rule files end in `.rules`.
pub(crate) fn rule_files(place: RevisionFolder<'_>) -> Result<Vec<File>, GitError> {
    let current = git_output(&["rev-parse", "--show-prefix"])?.map_err(GitError::NotARepository)?;
    let folder = folder_in_repository(place, &current)?;
    let tree = tree_object(place.revision)?;
    let entries = list_rule_files(place.revision, &tree, &folder)?;
    read_objects(&entries)
}

/// Why a revision may be missing from a shallow clone.
fn shallow_hint(shallow: bool) -> &'static str {
    if shallow { ", and this is a shallow clone: it holds only what was fetched" } else { "" }
}

/// A `git` command that only reads, takes paths literally, and writes its messages in English.
fn git(arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.args(["--no-pager", "--no-replace-objects"]).args(arguments);
    command.env("LC_ALL", "C").env("GIT_LITERAL_PATHSPECS", "1");
    command.env("GIT_OPTIONAL_LOCKS", "0").env("GIT_NO_LAZY_FETCH", "1").env("GIT_TERMINAL_PROMPT", "0");
    command.stdin(Stdio::null());
    command
}

/// The output of a git command without the line end; or, if the command fails, the first line of its error message.
fn git_output(arguments: &[&str]) -> Result<Result<String, String>, GitError> {
    let output = git(arguments).output().map_err(|error| not_started(&error))?;
    Ok(match output.status.success() {
        true => {
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            Ok(text.strip_suffix('\n').unwrap_or(&text).to_owned())
        }
        false => Err(error_line(&output)),
    })
}

fn not_started(error: &io::Error) -> GitError {
    match error.kind() {
        io::ErrorKind::NotFound => GitError::NotInstalled,
        _ => GitError::Unread(error.to_string()),
    }
}

fn error_line(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("nothing").to_owned()
}

/// The path of the folder from the root of the repository, without `.` and `..`. `current` is the current folder from
/// there.
fn folder_in_repository(place: RevisionFolder<'_>, current: &str) -> Result<String, GitError> {
    let default_folder = place.default_folder.to_string_lossy();
    let (argument, path) = match place.folder {
        Some(path) if path == "." || path.starts_with("./") || path.starts_with("../") => {
            (path, format!("{current}{path}"))
        }
        Some(path) if Path::new(path).is_absolute() => (path, path_from_root(Path::new(path))?),
        Some(path) => (path, path.to_owned()),
        None if place.default_folder.is_absolute() => {
            (&*default_folder, path_from_root(place.default_folder)?)
        }
        None => (&*default_folder, format!("{current}{default_folder}")),
    };
    normalised(Path::new(&path)).ok_or_else(|| GitError::Outside(argument.to_owned()))
}

/// The path from the root of the repository of an absolute path.
fn path_from_root(path: &Path) -> Result<String, GitError> {
    let outside = || GitError::Outside(path.display().to_string());
    let root = git_output(&["rev-parse", "--show-toplevel"])?.map_err(GitError::NotARepository)?;
    // A path that does not exist any more cannot be resolved; then it is compared as it is written.
    let resolved = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let inside = resolved(path).strip_prefix(resolved(Path::new(&root))).map_err(|_| outside())?.to_owned();
    Ok(inside.to_string_lossy().into_owned())
}

/// The path without `.` and `..`; `None` if it leads out of the repository.
fn normalised(path: &Path) -> Option<String> {
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

/// The name of the tree object of a revision, which may be a commit, a tag or a tree.
fn tree_object(revision: &str) -> Result<String, GitError> {
    let tree = format!("{revision}^{{tree}}");
    let output = git_output(&["rev-parse", "--verify", "--end-of-options", &tree])?;
    let is_object_name =
        |name: &String| name.len() >= 40 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    match output {
        Ok(name) if is_object_name(&name) => Ok(name),
        Ok(message) | Err(message) => {
            let shallow =
                git_output(&["rev-parse", "--is-shallow-repository"])?.is_ok_and(|text| text == "true");
            Err(GitError::UnknownRevision { revision: revision.to_owned(), message, shallow })
        }
    }
}

/// A rule file in a tree: the name of its object, and its path in the folder of rules.
struct Entry {
    object: String,
    path: String,
}

/// The rule files of a folder, which is a path from the root of the repository.
fn list_rule_files(revision: &str, tree: &str, folder: &str) -> Result<Vec<Entry>, GitError> {
    let mut arguments = vec!["ls-tree", "-r", "-z", "--full-tree", tree];
    if !folder.is_empty() {
        arguments.extend(["--", folder]);
    }
    let output = git(&arguments).output().map_err(|error| not_started(&error))?;
    if !output.status.success() {
        return Err(GitError::Unread(error_line(&output)));
    }
    let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let (mut entries, mut folder_exists) = (Vec::new(), false);
    for line in String::from_utf8_lossy(&output.stdout).split_terminator('\0') {
        // `MODE KIND OBJECT`, a tab, and the path
        let Some((attributes, full_path)) = line.split_once('\t') else { continue };
        let Some(path) = full_path.strip_prefix(&prefix) else { continue };
        folder_exists = true;
        let [mode, kind, object] = attributes.split(' ').collect::<Vec<_>>()[..] else { continue };
        if kind != "blob" || !path.ends_with(".rules") {
            continue;
        }
        let is_link = mode == "120000";
        if is_link {
            return Err(GitError::Link { path: full_path.to_owned(), revision: revision.to_owned() });
        }
        entries.push(Entry { object: object.to_owned(), path: path.to_owned() });
    }
    let (folder, revision) = (if folder.is_empty() { "." } else { folder }.to_owned(), revision.to_owned());
    match (entries.is_empty(), folder_exists) {
        (false, _) => Ok(entries),
        (true, true) => Err(GitError::NoRules { folder, revision }),
        (true, false) => Err(GitError::NoFolder { folder, revision }),
    }
}

/// The files with their bytes.
fn read_objects(entries: &[Entry]) -> Result<Vec<File>, GitError> {
    let mut command = git(&["cat-file", "--batch"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| not_started(&error))?;
    let files = read_batch(&mut child, entries);
    // Git ends by itself when its input ends. Everything has been read, so that its exit code does not matter.
    drop(child.stdin.take());
    let _ = child.wait();
    files.map_err(|error| GitError::Unread(error.to_string()))
}

/// Asks for one object after the other. Each answer is read before the next question is written: if all questions came
/// first, both pipes could fill, and both processes would wait for ever.
fn read_batch(child: &mut Child, entries: &[Entry]) -> io::Result<Vec<File>> {
    let (Some(questions), Some(answers)) = (child.stdin.as_mut(), child.stdout.take()) else {
        return Err(io::Error::other("its input and output are not connected"));
    };
    let mut answers = BufReader::new(answers);
    let mut files = Vec::with_capacity(entries.len());
    for entry in entries {
        writeln!(questions, "{}", entry.object)?;
        questions.flush()?;
        let bytes = read_answer(&mut answers)
            .map_err(|error| io::Error::new(error.kind(), format!("`{}`: {error}", entry.path)))?;
        files.push((entry.path.clone(), bytes));
    }
    Ok(files)
}

/// Reads an answer of `git cat-file --batch`: `OBJECT blob SIZE`, a line end, the bytes, and a line end.
fn read_answer(answers: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut heading = String::new();
    answers.read_line(&mut heading)?;
    let size: Option<u64> = heading.trim_end().rsplit_once(" blob ").and_then(|(_, size)| size.parse().ok());
    let Some(size) = size else {
        return Err(io::Error::other(format!("git says `{}`", heading.trim_end())));
    };
    let mut bytes = Vec::new();
    let kept = size.min(limits::GIT_FILE_BYTES);
    answers.by_ref().take(kept).read_to_end(&mut bytes)?;
    let line_end = 1;
    io::copy(&mut answers.by_ref().take(size - kept + line_end), &mut io::sink())?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn folders_from_the_root_of_the_repository() {
        for (current, argument, default_folder, expected) in [
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
            let default_folder = Path::new(default_folder);
            let place = RevisionFolder { revision: "main", folder: argument, default_folder };
            let folder = folder_in_repository(place, current).ok();
            assert_eq!(folder.as_deref(), expected, "{current} {argument:?} {default_folder:?}");
        }
    }

    #[test]
    fn answers_of_a_batch() {
        let mut text = b"aa blob 3\nabc\nbb missing\n".as_slice();
        assert_eq!(read_answer(&mut text).unwrap(), b"abc");
        assert_eq!(read_answer(&mut text).unwrap_err().to_string(), "git says `bb missing`");
        let large = [b"cc blob 1048580\n".as_slice(), &[b'a'; 1_048_580], b"\ndd blob 0\n\n"].concat();
        let mut large = large.as_slice();
        assert_eq!(read_answer(&mut large).unwrap().len(), 1_048_577);
        assert_eq!(read_answer(&mut large).unwrap(), b"");
    }
}
