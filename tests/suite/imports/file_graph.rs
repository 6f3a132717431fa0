//! Which file of a crate imports which, by the names that they use.

use std::collections::{BTreeMap, BTreeSet};

use super::source_file::{Import, SourceFile};

/// A re-export of a re-export, and so on, is followed so far.
const MOST_REEXPORTS: usize = 16;

/// The files of one crate.
pub(crate) struct FileGraph {
    /// The path of a module in the crate, such as `["space", "cube"]`, to its file.
    files: BTreeMap<Vec<String>, SourceFile>,
}

/// A line of one file that names an item of another.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Edge {
    pub(crate) from: String,
    pub(crate) line: usize,
    pub(crate) to: String,
    /// Whether the line counts in a circle. It does not if it only passes a name on, with `pub use`, or if it names
    /// an item of a module around its own: a folder's `mod.rs` may share types with the files of the folder.
    pub(crate) in_circles: bool,
}

impl FileGraph {
    /// Of the files of a crate, as path and text, whose sources are in the folder `root`.
    pub(crate) fn new(root: &str, files: &[(String, String)]) -> Self {
        let module = |path: &str| -> Vec<String> {
            let inner = path.trim_start_matches(root).trim_start_matches('/').trim_end_matches(".rs");
            let mut segments: Vec<String> = inner.split('/').map(str::to_owned).collect();
            let is_face = |name: &String| ["lib", "main", "mod"].contains(&name.as_str());
            segments.pop_if(|name| is_face(name));
            segments
        };
        let files = files.iter().map(|(path, text)| (module(path), SourceFile::new(path, text)));
        Self { files: files.collect() }
    }

    pub(crate) fn files(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.values()
    }

    /// Every line that names an item of another file.
    pub(crate) fn edges(&self) -> Vec<Edge> {
        let mut edges = BTreeSet::new();
        for (module, file) in &self.files {
            for import in &file.imports {
                let Some(target) = self.target(module, &import.path, MOST_REEXPORTS) else { continue };
                let to = self.files[&target].path.clone();
                if to != file.path {
                    let in_circles = !import.is_reexport && !module.starts_with(&target);
                    edges.insert(Edge { from: file.path.clone(), line: import.line, to, in_circles });
                }
            }
        }
        edges.into_iter().collect()
    }

    /// The module whose file defines what a path in `module` names; nothing if it is of another crate.
    fn target(&self, module: &[String], path: &[String], most: usize) -> Option<Vec<String>> {
        let mut at = module.to_vec();
        let mut rest = path;
        match rest.first()?.as_str() {
            "crate" => {
                at.clear();
                rest = &rest[1..];
            }
            "self" => rest = &rest[1..],
            "super" => {
                while rest.first().is_some_and(|name| name == "super") {
                    at.pop()?;
                    rest = &rest[1..];
                }
            }
            _ if !self.files.contains_key(&below(module, &rest[0])) => return None,
            _ => {}
        }
        while let Some((name, after)) = rest.split_first() {
            let child = below(&at, name);
            if self.files.contains_key(&child) {
                at = child;
            } else if let Some(found) = most.checked_sub(1).and_then(|most| self.imported(&at, name, most)) {
                at = found;
            } else {
                break;
            }
            rest = after;
        }
        self.files.contains_key(&at).then_some(at)
    }

    /// The module that defines a name which `module` itself imports.
    fn imported(&self, module: &[String], name: &str, most: usize) -> Option<Vec<String>> {
        let imports = &self.files.get(module)?.imports;
        let binds = |import: &&Import, bound: &str| import.binds.as_deref() == Some(bound);
        imports
            .iter()
            .find(|import| binds(import, name))
            .and_then(|import| self.target(module, &import.path, most))
    }

    /// The imports within each set of files that import each other in a circle.
    pub(crate) fn circles(&self) -> Vec<Vec<Edge>> {
        let edges: Vec<Edge> = self.edges().into_iter().filter(|edge| edge.in_circles).collect();
        let mut next: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for edge in &edges {
            next.entry(&edge.from).or_default().insert(&edge.to);
        }
        let reachable: BTreeMap<&str, BTreeSet<&str>> =
            next.keys().map(|file| (*file, reachable(file, &next))).collect();
        let tied = |from: &str, to: &str| reachable.get(from).is_some_and(|files| files.contains(to));
        let mut circles = Vec::new();
        let mut seen = BTreeSet::new();
        for file in next.keys().filter(|file| tied(file, file)) {
            if seen.contains(file) {
                continue;
            }
            let members: BTreeSet<&str> =
                next.keys().copied().filter(|other| tied(file, other) && tied(other, file)).collect();
            let inside =
                |edge: &&Edge| members.contains(edge.from.as_str()) && members.contains(edge.to.as_str());
            circles.push(edges.iter().filter(inside).cloned().collect());
            seen.extend(members);
        }
        circles
    }
}

fn below(module: &[String], name: &str) -> Vec<String> {
    module.iter().cloned().chain([name.to_owned()]).collect()
}

/// The files that a file imports, and those that they import, and so on.
fn reachable<'f>(file: &'f str, next: &BTreeMap<&'f str, BTreeSet<&'f str>>) -> BTreeSet<&'f str> {
    let mut found = BTreeSet::new();
    let mut open = vec![file];
    while let Some(file) = open.pop() {
        for target in next.get(file).into_iter().flatten() {
            if found.insert(*target) {
                open.push(target);
            }
        }
    }
    found
}
