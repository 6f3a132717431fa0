//! The pages of `docs/`, followed as readers follow them: every command is run, and its output is what the page shows.
//!
//! `UPDATE_DOCS=1` writes the output of the commands into the pages. Read the difference before you commit it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use crate::sandbox::{Sandbox, seen};

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}

/// The command lines in a text: of a console, of a workflow, of hooks.
pub(crate) fn commands(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| {
        let line = line.trim().trim_start_matches("- ");
        ["$ ", "run: ", "entry: "].iter().fold(line, |line, before| line.strip_prefix(before).unwrap_or(line))
    });
    lines.filter(|line| line.starts_with("meterwarden ")).map(str::to_owned).collect()
}

/// A code block of a page: the words after its opening fence, and its text.
struct Block<'p> {
    language: &'p str,
    /// `write=rules/more.rules` and the like.
    about: &'p str,
    text: &'p str,
}

/// A page in parts: the text before a block, and the block; the last part has no block.
fn blocks(page: &str) -> Vec<(&str, Option<Block<'_>>)> {
    let mut parts = Vec::new();
    let mut rest = page;
    while let Some((before, block)) = rest.split_once("\n```") {
        let (info, block) = block.split_once('\n').unwrap();
        let (text, after) = block.split_once("```").unwrap();
        let (language, about) = info.split_once(' ').unwrap_or((info, ""));
        parts.push((before, Some(Block { language, about, text })));
        rest = after;
    }
    parts.push((rest, None));
    parts
}

/// Carries out the blocks of a page in order; returns the page with the output of its commands.
fn follow(page: &str, sandbox: &Sandbox) -> String {
    let mut written = String::new();
    let mut folder = String::new();
    for (before, block) in blocks(page) {
        written += before;
        let Some(block) = block else { break };
        let text = match (block.language, block.about.split_once('=')) {
            ("console", _) => console(block.text, sandbox, &mut folder),
            (_, Some((action, file))) => {
                edit(sandbox, action, &format!("{folder}{file}"), block.text);
                block.text.to_owned()
            }
            _ => block.text.to_owned(),
        };
        let about = if block.about.is_empty() { String::new() } else { format!(" {}", block.about) };
        written += &format!("\n```{}{about}\n{text}```", block.language);
    }
    written
}

/// Runs the commands of a console block. A block without output stays without it; its commands must succeed.
fn console(block: &str, sandbox: &Sandbox, folder: &mut String) -> String {
    let shows_answers = block.lines().any(|line| !line.starts_with("$ "));
    let mut text = String::new();
    for line in block.lines().filter_map(|line| line.strip_prefix("$ ")) {
        text += &format!("$ {line}\n");
        if let Some(into) = line.strip_prefix("cd ") {
            *folder = format!("{into}/");
            continue;
        }
        let output = sandbox.run_in(folder, line);
        if shows_answers {
            text += seen(&output).trim_end();
            text += "\n";
        } else {
            assert!(output.status.success(), "{line}\n{}", seen(&output));
        }
    }
    text
}

/// `write=FILE`: the text is the file. `append=FILE`: the text is added at its end. `change=FILE`: the text is a patch.
fn edit(sandbox: &Sandbox, action: &str, file: &str, text: &str) {
    let lines = |sign: char| -> String {
        let inside = text.lines().filter(|line| line.starts_with([' ', sign]));
        inside.map(|line| format!("{}\n", &line[1..])).collect()
    };
    match action {
        "write" => sandbox.write(file, text),
        "append" => sandbox.write(file, &format!("{}{text}", sandbox.read(file))),
        "change" => sandbox.replace(file, &lines('-'), &lines('+')),
        _ => panic!("unknown action `{action}={file}`"),
    }
}

fn check_page(name: &str, sandbox: &Sandbox) {
    let path = docs().join(name);
    let page = fs::read_to_string(&path).unwrap();
    let followed = follow(&page, sandbox);
    if followed != page && std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, followed).unwrap();
        return;
    }
    assert!(followed == page, "{}", similar::TextDiff::from_lines(&page, &followed).unified_diff());
}

#[test]
fn the_tutorial() {
    check_page("tutorial.md", &Sandbox::new("docs-tutorial"));
}

#[test]
fn how_to_carry_out_a_modification() {
    check_page("modification.md", &Sandbox::with_a_policy("docs-modification"));
}

#[test]
fn reviewing_a_change() {
    let sandbox = Sandbox::with_a_policy("docs-review");
    sandbox.commit_all();
    check_page("review.md", &sandbox);
}

#[test]
fn asking() {
    let sandbox = Sandbox::new("docs-asking");
    copy(&docs().join("../rules"), &sandbox.path("rules"));
    check_page("asking.md", &sandbox);
}

#[test]
fn recipes_for_ci() {
    let page = fs::read_to_string(docs().join("ci.md")).unwrap();
    let mut seen_yaml = 0;
    for block in blocks(&page).into_iter().filter_map(|(_, block)| block) {
        if block.language == "yaml" {
            serde_yaml::from_str::<serde_json::Value>(block.text).unwrap();
            seen_yaml += 1;
        }
        for line in commands(block.text) {
            let sandbox = Sandbox::with_a_policy("docs-ci");
            sandbox.commit_all();
            sandbox.git("commit --quiet --allow-empty --message=second");
            let output = sandbox.run(&line.replace("$CI_MERGE_REQUEST_DIFF_BASE_SHA", "HEAD^1"));
            assert!(output.status.success(), "{line}\n{}", seen(&output));
        }
    }
    assert!(seen_yaml >= 3 && commands(&page).len() >= 10);
}

/// The files that the page shows are those that `new` writes, without the comment at their head.
#[test]
fn the_recipes_are_what_new_writes() {
    let page = fs::read_to_string(docs().join("ci.md")).unwrap();
    let sandbox = Sandbox::with_a_policy("docs-ci-new");
    for file in [".github/workflows/policy.yml", ".pre-commit-config.yaml"] {
        let written = sandbox.read(file);
        let lines = written.lines().skip_while(|line| line.starts_with('#'));
        let block = format!("```yaml\n{}\n```", lines.collect::<Vec<_>>().join("\n"));
        assert!(page.contains(&block), "{file} is not in docs/ci.md:\n{block}");
    }
}

/// Every example of every page has a test: this lists which test.
#[test]
fn every_block_has_its_test() {
    let tested = |page: &str, language: &str, about: &str| match page {
        "README.md" => false,
        "tutorial.md" | "modification.md" | "review.md" | "asking.md" => {
            language == "console" || about.contains('=')
        }
        "ci.md" => ["yaml", "console"].contains(&language),
        "language.md" => language == "rules", // tests/suite/language.rs
        "embedding.md" => language == "rust", // src/lib.rs
        "modifications.md" => true,           // tests/command/modifications.rs
        "mp125.md" => ["text", "yaml", "diff", "console"].contains(&language), // tests/suite/mp125.rs, and below
        _ => true, // docs/formats.md: tests/suite/formats.rs
    };
    for (name, page) in pages() {
        for block in blocks(&page).into_iter().filter_map(|(_, block)| block) {
            let Block { language, about, text } = block;
            assert!(tested(&name, language, about), "{name} has a block that no test reads:\n{text}");
        }
    }
}

/// The commands of MP125's page, on the shipped rules.
#[test]
fn mp125() {
    let page = fs::read_to_string(docs().join("mp125.md")).unwrap();
    let sandbox = Sandbox::new("docs-mp125");
    copy(&docs().join("../rules"), &sandbox.path("rules"));
    let commands = commands(&page);
    assert_eq!(commands.len(), 4, "{commands:?}");
    for line in commands {
        let output = sandbox.run(&line);
        assert!(output.status.success(), "{line}\n{}", seen(&output));
    }
}

pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).unwrap();
        }
    }
}

/// The pages of the guide, by their names.
fn pages() -> Vec<(String, String)> {
    let paths = fs::read_dir(docs()).unwrap().map(|entry| entry.unwrap().path());
    let pages = paths.filter(|path| path.extension().is_some_and(|ending| ending == "md"));
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    pages.map(|path| (name(&path), fs::read_to_string(&path).unwrap())).collect()
}

/// Every page is in the index, and the target of every link exists.
#[test]
fn links() {
    let index = fs::read_to_string(docs().join("README.md")).unwrap();
    for (name, page) in pages() {
        if name != "README.md" {
            assert!(index.contains(&format!("]({name}")), "docs/README.md does not lead to {name}");
        }
        for target in page.split("](").skip(1).map(|rest| rest.split_once(')').unwrap().0) {
            let file = target.split('#').next().unwrap();
            let leads = target.starts_with("https://") || file.is_empty() || docs().join(file).exists();
            assert!(leads, "{name}: {target}");
        }
    }
}
