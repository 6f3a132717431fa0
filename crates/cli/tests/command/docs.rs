//! The pages of `docs/`, as their readers follow them: every command is run, and what it says is what the page shows.
//!
//! `UPDATE_DOCS=1` writes what the commands say into the pages. Read the difference before you commit it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use crate::workshop::{Workshop, seen};

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

/// A block of a page: what stands behind its opening fence, and its text.
struct Block<'p> {
    language: &'p str,
    /// `write=rules/more.rules` and the like.
    about: &'p str,
    text: &'p str,
}

/// A page in turns: the text before a block, and the block.
fn blocks(page: &str) -> Vec<(&str, Option<Block<'_>>)> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some((before, block)) = rest.split_once("\n```") {
        let (info, block) = block.split_once('\n').unwrap();
        let (text, after) = block.split_once("```").unwrap();
        let (language, about) = info.split_once(' ').unwrap_or((info, ""));
        found.push((before, Some(Block { language, about, text })));
        rest = after;
    }
    found.push((rest, None));
    found
}

/// Does what the blocks of a page say, one after the other, and gives the page with what the commands said.
fn followed(page: &str, shop: &Workshop) -> String {
    let mut written = String::new();
    let mut folder = String::new();
    for (before, block) in blocks(page) {
        written += before;
        let Some(block) = block else { break };
        let text = match (block.language, block.about.split_once('=')) {
            ("console", _) => console(block.text, shop, &mut folder),
            (_, Some((what, file))) => {
                edit(shop, what, &format!("{folder}{file}"), block.text);
                block.text.to_owned()
            }
            _ => block.text.to_owned(),
        };
        let about = if block.about.is_empty() { String::new() } else { format!(" {}", block.about) };
        written += &format!("\n```{}{about}\n{text}```", block.language);
    }
    written
}

/// Runs the commands of a console block. A block that shows no answer says nothing of it.
fn console(block: &str, shop: &Workshop, folder: &mut String) -> String {
    let shows_answers = block.lines().any(|line| !line.starts_with("$ "));
    let mut text = String::new();
    for line in block.lines().filter_map(|line| line.strip_prefix("$ ")) {
        text += &format!("$ {line}\n");
        if let Some(into) = line.strip_prefix("cd ") {
            *folder = format!("{into}/");
            continue;
        }
        let said = shop.run_in(folder, line);
        if shows_answers {
            text += seen(&said).trim_end();
            text += "\n";
        } else {
            assert!(said.status.success(), "{line}\n{}", seen(&said));
        }
    }
    text
}

/// `write=FILE`: this is the file. `append=FILE`: this goes below. `change=FILE`: these lines for those.
fn edit(shop: &Workshop, what: &str, file: &str, text: &str) {
    let lines = |sign: char| -> String {
        let inside = text.lines().filter(|line| line.starts_with([' ', sign]));
        inside.map(|line| format!("{}\n", &line[1..])).collect()
    };
    match what {
        "write" => shop.write(file, text),
        "append" => shop.write(file, &format!("{}{text}", shop.read(file))),
        "change" => shop.replace(file, &lines('-'), &lines('+')),
        _ => panic!("what is `{what}={file}`?"),
    }
}

fn is_true(name: &str, shop: &Workshop) {
    let path = docs().join(name);
    let page = fs::read_to_string(&path).unwrap();
    let followed = followed(&page, shop);
    if followed != page && std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, followed).unwrap();
        return;
    }
    assert!(followed == page, "{}", similar::TextDiff::from_lines(&page, &followed).unified_diff());
}

#[test]
fn the_tutorial() {
    is_true("tutorial.md", &Workshop::new("docs-tutorial"));
}

#[test]
fn how_to_carry_out_a_modification() {
    is_true("modification.md", &Workshop::with_a_policy("docs-modification"));
}

#[test]
fn reviewing_a_change() {
    let shop = Workshop::with_a_policy("docs-review");
    shop.commit_all();
    is_true("review.md", &shop);
}

#[test]
fn asking() {
    let shop = Workshop::new("docs-asking");
    copy(&docs().join("../rules"), &shop.path("rules"));
    is_true("asking.md", &shop);
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
            let shop = Workshop::with_a_policy("docs-ci");
            shop.commit_all();
            shop.git("commit --quiet --allow-empty --message=second");
            let said = shop.run(&line.replace("$CI_MERGE_REQUEST_DIFF_BASE_SHA", "HEAD^1"));
            assert!(said.status.success(), "{line}\n{}", seen(&said));
        }
    }
    assert!(seen_yaml >= 3 && commands(&page).len() >= 10);
}

/// What the page says that `new` writes is what it writes, but for the comment at its head.
#[test]
fn the_recipes_are_what_new_writes() {
    let page = fs::read_to_string(docs().join("ci.md")).unwrap();
    let shop = Workshop::with_a_policy("docs-ci-new");
    for file in [".github/workflows/policy.yml", ".pre-commit-config.yaml"] {
        let written = shop.read(file);
        let lines = written.lines().skip_while(|line| line.starts_with('#'));
        let block = format!("```yaml\n{}\n```", lines.collect::<Vec<_>>().join("\n"));
        assert!(page.contains(&block), "{file} is not in docs/ci.md:\n{block}");
    }
}

/// No example of any page goes untested: here is who tests which.
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

/// The commands of MP125's page, on the rules that ship.
#[test]
fn mp125() {
    let page = fs::read_to_string(docs().join("mp125.md")).unwrap();
    let shop = Workshop::new("docs-mp125");
    copy(&docs().join("../rules"), &shop.path("rules"));
    let commands = commands(&page);
    assert_eq!(commands.len(), 4, "{commands:?}");
    for line in commands {
        let said = shop.run(&line);
        assert!(said.status.success(), "{line}\n{}", seen(&said));
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

/// Every page is in the index, and every link of the pages leads somewhere.
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
