//! A folder in which a test runs one command after the other, and what a person sees of them.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// An empty folder.
pub(crate) struct Sandbox {
    folder: PathBuf,
}

impl Sandbox {
    /// A folder with a name that no other test uses.
    pub(crate) fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        fs::create_dir_all(&folder).unwrap();
        Self { folder }
    }

    /// A folder with the files of `meterwarden new`.
    pub(crate) fn with_a_policy(name: &str) -> Self {
        let sandbox = Self::new(name);
        let output = sandbox.run("meterwarden new .");
        assert!(output.status.success(), "{output:?}");
        sandbox
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.folder.join(file)
    }

    pub(crate) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap()
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        fs::create_dir_all(self.path(file).parent().unwrap()).unwrap();
        fs::write(self.path(file), text).unwrap();
    }

    /// Replaces a text, which must be in the file once.
    pub(crate) fn replace(&self, file: &str, old: &str, new: &str) {
        let text = self.read(file);
        assert_eq!(text.matches(old).count(), 1, "{file} must hold this once:\n{old}");
        self.write(file, &text.replace(old, new));
    }

    /// Every file, by its path.
    pub(crate) fn files(&self) -> Vec<String> {
        let mut files = Vec::new();
        let mut folders = vec![self.folder.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    files.push(path.strip_prefix(&self.folder).unwrap().to_str().unwrap().replace('\\', "/"));
                }
            }
        }
        files.sort_unstable();
        files
    }

    /// Runs a command line: words with blanks between them, quotes of either kind, and `> FILE` at its end.
    pub(crate) fn run(&self, line: &str) -> Output {
        self.run_in("", line)
    }

    /// Runs a command line in a folder of this one.
    pub(crate) fn run_in(&self, subfolder: &str, line: &str) -> Output {
        let (line, redirect) = line.split_once(" > ").map_or((line, None), |(line, file)| (line, Some(file)));
        let words = words(line);
        assert_eq!(words[0], "meterwarden", "{line}");
        let mut command = self.command(env!("CARGO_BIN_EXE_meterwarden"), subfolder);
        command.args(&words[1..]).env_remove("NO_COLOR");
        let mut output = command.output().unwrap();
        if let Some(file) = redirect {
            fs::write(self.folder.join(subfolder).join(file), std::mem::take(&mut output.stdout)).unwrap();
        }
        output
    }

    /// A program in a folder of this one. It finds only the git repository that the test has made: no settings of a
    /// person, and no repository around the folder.
    pub(crate) fn command(&self, program: &str, subfolder: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder.join(subfolder)).stdin(Stdio::null());
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
            command.env_remove(name);
        }
        command.env("GIT_CEILING_DIRECTORIES", self.folder.parent().unwrap());
        command.env("GIT_CONFIG_GLOBAL", "no-such-file").env("GIT_CONFIG_NOSYSTEM", "1");
        command
    }

    /// Runs `git` with a fixed author and a fixed time, so that commits are the same in every run; returns its output.
    pub(crate) fn git(&self, words: &str) -> String {
        let mut command = self.command("git", "");
        for (person, name) in [("AUTHOR", "An Author"), ("COMMITTER", "A Committer")] {
            command
                .env(format!("GIT_{person}_NAME"), name)
                .env(format!("GIT_{person}_EMAIL"), "who@example.org");
            command.env(format!("GIT_{person}_DATE"), "2026-01-01T12:00:00Z");
        }
        let output = command.args(words.split(' ')).output().unwrap();
        assert!(output.status.success(), "git {words}: {}", seen(&output));
        seen(&output)
    }

    /// Makes a repository of the folder, with all files in the first commit of the branch `main`.
    pub(crate) fn commit_all(&self) {
        for words in ["init --quiet --initial-branch=main", "add --all", "commit --quiet --message=first"] {
            self.git(words);
        }
    }

    /// A command line, its output, and its exit code if that is not 0.
    pub(crate) fn page(&self, line: &str) -> String {
        let output = self.run(line);
        let exit = match output.status.code() {
            Some(0) => String::new(),
            code => format!("(exit {})\n", code.unwrap_or(-1)),
        };
        format!("$ {line}\n{}{exit}", seen(&output))
    }
}

/// What a person sees of a command: standard output, then standard error.
pub(crate) fn seen(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    text(&output.stdout) + &text(&output.stderr)
}

fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for character in line.trim().chars() {
        match quote {
            None if character == ' ' => words.push(String::new()),
            None if "'\"".contains(character) => quote = Some(character),
            Some(open) if character == open => quote = None,
            _ => words.last_mut().unwrap().push(character),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
