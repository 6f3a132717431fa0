//! A folder of its own, in which a test runs one command after the other, and what a person would see.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// An empty folder.
pub(crate) struct Workshop {
    folder: PathBuf,
}

impl Workshop {
    /// A folder of that name, which no other test uses.
    pub(crate) fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        fs::create_dir_all(&folder).unwrap();
        Self { folder }
    }

    /// A folder that `meterwarden new` has filled.
    pub(crate) fn with_a_policy(name: &str) -> Self {
        let workshop = Self::new(name);
        let output = workshop.run("meterwarden new .");
        assert!(output.status.success(), "{output:?}");
        workshop
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

    /// Puts one text in the place of another, which must be there once.
    pub(crate) fn replace(&self, file: &str, old: &str, new: &str) {
        let text = self.read(file);
        assert_eq!(text.matches(old).count(), 1, "{file} must hold this once:\n{old}");
        self.write(file, &text.replace(old, new));
    }

    /// Every file, by its path.
    pub(crate) fn files(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![self.folder.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    found.push(path.strip_prefix(&self.folder).unwrap().to_str().unwrap().replace('\\', "/"));
                }
            }
        }
        found.sort_unstable();
        found
    }

    /// Runs a command line: words between blanks, and quotes of either kind around a word.
    pub(crate) fn run(&self, line: &str) -> Output {
        self.run_in("", line)
    }

    /// The same in a folder below.
    pub(crate) fn run_in(&self, below: &str, line: &str) -> Output {
        let (line, output) = line.split_once(" > ").map_or((line, None), |(line, file)| (line, Some(file)));
        let words = words(line);
        assert_eq!(words[0], "meterwarden", "{line}");
        let mut command = self.command(env!("CARGO_BIN_EXE_meterwarden"), below);
        command.args(&words[1..]).env_remove("NO_COLOR");
        let mut said = command.output().unwrap();
        if let Some(file) = output {
            fs::write(self.folder.join(below).join(file), std::mem::take(&mut said.stdout)).unwrap();
        }
        said
    }

    /// A program in a folder below. What it finds of git is what a test has made: no settings of a person, no repository
    /// around the folder.
    pub(crate) fn command(&self, program: &str, below: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder.join(below)).stdin(Stdio::null());
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
            command.env_remove(name);
        }
        command.env("GIT_CEILING_DIRECTORIES", self.folder.parent().unwrap());
        command.env("GIT_CONFIG_GLOBAL", "no-such-file").env("GIT_CONFIG_NOSYSTEM", "1");
        command
    }

    /// Runs `git` as one person at one time, and gives what it says.
    pub(crate) fn git(&self, words: &str) -> String {
        let mut command = self.command("git", "");
        for (whose, name) in [("AUTHOR", "An Author"), ("COMMITTER", "A Committer")] {
            command
                .env(format!("GIT_{whose}_NAME"), name)
                .env(format!("GIT_{whose}_EMAIL"), "who@example.org");
            command.env(format!("GIT_{whose}_DATE"), "2026-01-01T12:00:00Z");
        }
        let said = command.args(words.split(' ')).output().unwrap();
        assert!(said.status.success(), "git {words}: {}", seen(&said));
        seen(&said)
    }

    /// Makes a repository of the folder, with all of it in the first commit of the branch `main`.
    pub(crate) fn commit_all(&self) {
        for words in ["init --quiet --initial-branch=main", "add --all", "commit --quiet --message=first"] {
            self.git(words);
        }
    }

    /// A command line, what it said, and how it ended where that was not well.
    pub(crate) fn page(&self, line: &str) -> String {
        let said = self.run(line);
        let exit = match said.status.code() {
            Some(0) => String::new(),
            code => format!("(exit {})\n", code.unwrap_or(-1)),
        };
        format!("$ {line}\n{}{exit}", seen(&said))
    }
}

/// What a person sees of a command: standard output, and standard error below.
pub(crate) fn seen(said: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    text(&said.stdout) + &text(&said.stderr)
}

fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for one in line.trim().chars() {
        match quote {
            None if one == ' ' => words.push(String::new()),
            None if "'\"".contains(one) => quote = Some(one),
            Some(open) if one == open => quote = None,
            _ => words.last_mut().unwrap().push(one),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
