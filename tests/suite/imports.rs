//! The direction of imports: which folder of the engine may import which, which crate may name which, and that no files
//! import each other in a circle.

mod file_graph;
mod source_file;

use std::fs;
use std::path::Path;

use self::file_graph::{Edge, FileGraph};

/// The folders of the engine. Each imports only those before it.
const ORDER: [&str; 8] = ["limits", "base", "policy", "space", "plan", "reload", "decide", "language"];

/// Imports against the order, with their reason.
const EXCEPTIONS: &[(&str, &str, &str)] = &[(
    "src/policy/mod.rs",
    "src/language/ast.rs",
    "with the feature `parse` a policy keeps the syntax tree of each file, which the checks of authoring read",
)];

/// The sources of a crate, and the other crates of the workspace that they must not name.
const CRATES: [(&str, &[&str]); 5] = [
    ("src", &["meterwarden_analysis", "meterwarden_authoring", "meterwarden_duis", "meterwarden_cli"]),
    ("crates/analysis/src", &["meterwarden_authoring", "meterwarden_duis", "meterwarden_cli"]),
    ("crates/authoring/src", &["meterwarden_duis", "meterwarden_cli"]),
    ("crates/duis/src", &["meterwarden_analysis", "meterwarden_authoring", "meterwarden_cli"]),
    ("crates/cli/src", &[]),
];

#[test]
fn folders_of_the_engine_import_only_what_is_below_them() {
    assert_none(&against_the_order(&crate_graph("src"), EXCEPTIONS));
}

#[test]
fn crates_name_only_crates_below_them() {
    let wrong = |(root, forbidden)| forbidden_crates(&crate_graph(root), forbidden);
    assert_none(&CRATES.into_iter().flat_map(wrong).collect::<Vec<_>>());
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let circles = |(root, _)| circles(&crate_graph(root));
    assert_none(&CRATES.into_iter().flat_map(circles).collect::<Vec<_>>());
}

/// `test = false` in their Cargo.toml: a test in one of these libraries would silently not run.
#[test]
fn libraries_without_tests_of_their_own_have_none() {
    for root in ["src", "crates/analysis/src"] {
        for (path, text) in sources(root) {
            assert!(
                !text.contains("#[cfg(test)]") && !text.contains("#[test]"),
                "{path}: move it to tests/suite"
            );
        }
    }
}

/// Otherwise the tests above could pass because they see nothing.
#[test]
fn wrong_imports_are_reported_with_file_and_line() {
    let files = [
        ("src/lib.rs", "pub mod base;\npub mod space;\npub mod plan;\npub use plan::Plan;\n"),
        (
            "src/base/mod.rs",
            "// crate::plan is only named\nfn f() -> &'static str { \"crate::plan\" }\nuse crate::Plan;\n",
        ),
        ("src/space/mod.rs", "mod cube;\nmod cover;\npub use cube::Cube;\n"),
        (
            "src/space/cube.rs",
            "pub struct Cube;\nfn g() { super::cover::h() }\n#[cfg(test)]\nmod tests { use crate::Plan; }\n",
        ),
        (
            "src/space/cover.rs",
            "use crate::{\n    space::Cube as C,\n};\nuse meterwarden_duis::Message;\npub fn h() {}\n",
        ),
        ("src/plan/mod.rs", "pub struct Plan;\nuse crate::space::Cube;\n"),
    ];
    let graph = FileGraph::new("src", &files.map(|(path, text)| (path.to_owned(), text.to_owned())));
    let found =
        [against_the_order(&graph, &[]), forbidden_crates(&graph, CRATES[0].1), circles(&graph)].concat();
    insta::assert_snapshot!(found.join("\n"), @r"
    src/base/mod.rs:3 imports src/plan/mod.rs (`base` must not import `plan`)
    src/space/cover.rs:4 must not name `meterwarden_duis`
    a circle of files:
      src/space/cover.rs:2 imports src/space/cube.rs
      src/space/cube.rs:2 imports src/space/cover.rs
    ");
}

fn assert_none(found: &[String]) {
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

/// The graph of the crate whose sources are in a folder of the repository.
fn crate_graph(root: &str) -> FileGraph {
    FileGraph::new(root, &sources(root))
}

/// The source files in a folder of the repository: their paths and texts.
fn sources(root: &str) -> Vec<(String, String)> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let paths = meterwarden::files(&repository.join(root), "rs").unwrap();
    let file = |path: &std::path::PathBuf| {
        let relative = path.strip_prefix(repository).unwrap().to_string_lossy().replace('\\', "/");
        (relative, fs::read_to_string(path).unwrap())
    };
    paths.iter().map(file).collect()
}

/// The imports of a folder that is above in the order, except the exceptions; and the exceptions that nothing needs.
fn against_the_order(graph: &FileGraph, exceptions: &[(&str, &str, &str)]) -> Vec<String> {
    let folder = |path: &str| path.split('/').nth(1).unwrap().trim_end_matches(".rs").to_owned();
    let rank = |path: &str| ORDER.iter().position(|name| *name == folder(path));
    let is_exception = |edge: &Edge, (from, to, _): &(&str, &str, &str)| edge.from == *from && edge.to == *to;
    let edges: Vec<Edge> = graph.edges().into_iter().filter(|edge| edge.from != "src/lib.rs").collect();
    let upwards =
        |edge: &&Edge| rank(&edge.from).is_none_or(|from| rank(&edge.to).is_none_or(|to| from < to));
    let mut wrong: Vec<String> = edges
        .iter()
        .filter(upwards)
        .filter(|edge| !exceptions.iter().any(|exception| is_exception(edge, exception)))
        .map(|edge| {
            format!("{} (`{}` must not import `{}`)", line(edge), folder(&edge.from), folder(&edge.to))
        })
        .collect();
    let needless =
        exceptions.iter().filter(|exception| !edges.iter().any(|edge| is_exception(edge, exception)));
    wrong.extend(needless.map(|(from, to, _)| format!("{from} does not import {to}: remove the exception")));
    wrong
}

/// The lines that name a crate which the crate must not name.
fn forbidden_crates(graph: &FileGraph, forbidden: &[&str]) -> Vec<String> {
    let mut wrong = Vec::new();
    for file in graph.files() {
        for import in file.imports.iter().filter(|import| forbidden.contains(&import.path[0].as_str())) {
            wrong.push(format!("{}:{} must not name `{}`", file.path, import.line, import.path[0]));
        }
    }
    wrong
}

/// Each circle as the imports that tie it.
fn circles(graph: &FileGraph) -> Vec<String> {
    let circle =
        |edges: Vec<Edge>| edges.iter().map(|edge| format!("\n  {}", line(edge))).collect::<String>();
    graph.circles().into_iter().map(|edges| format!("a circle of files:{}", circle(edges))).collect()
}

fn line(edge: &Edge) -> String {
    format!("{}:{} imports {}", edge.from, edge.line, edge.to)
}
