//! The public API: every public item of the engine, as the sources declare it. If this snapshot changes, the API
//! changes: the changelog must describe it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Items by file, in the order of the text. An item of a private module is public only if `lib.rs` names it.
#[test]
fn the_public_api_is_unchanged() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = BTreeMap::new();
    read(&src, &src, &mut files);
    let mut page = String::new();
    for (file, items) in files.into_iter().filter(|(_, items)| !items.is_empty()) {
        page += &format!("{file}\n{}\n", items.join("\n"));
    }
    insta::assert_snapshot!(page);
}

fn read(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<String>>) {
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            read(root, &entry, files);
        } else if entry.extension().is_some_and(|ext| ext == "rs") {
            let path = entry.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            files.insert(path, items(&fs::read_to_string(&entry).unwrap()));
        }
    }
}

/// Declarations up to their body, on one line each.
fn items(text: &str) -> Vec<String> {
    let mut items = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(start) = line.find("pub ").filter(|at| line[..*at].trim().is_empty()) else { continue };
        let mut item = line[start..].to_owned();
        while !item.trim_end().ends_with(['{', ';', ',', '}'])
            || item.matches('(').count() > item.matches(')').count()
        {
            let Some(more) = lines.next() else { break };
            item = format!("{item} {}", more.trim());
        }
        let head = item.trim_end_matches(['{', ';', ',']).trim_end();
        let head = if item.starts_with("pub use") { head } else { head.split(" {").next().unwrap_or(head) };
        items.push(format!("{}{head}", " ".repeat(4 + start)));
    }
    items
}
