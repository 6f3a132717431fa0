//! Builds the shipped policy into the command: writes the list of its rule files and scenario files as Rust, each with its
//! text.

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let rules = here.join("../../rules").canonicalize()?;
    let mut files = Vec::new();
    walk(&rules, "", &mut files)?;
    files.sort();
    let list =
        [list("RULES", ".rules", &rules, &files)?, list("SCENARIOS", ".scenarios.yaml", &rules, &files)?];
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("builtin.rs"), list.concat())?;
    Ok(())
}

/// The paths of all files under a folder, with `/` between their parts on every system.
fn walk(folder: &Path, prefix: &str, files: &mut Vec<String>) -> Result<(), Box<dyn Error>> {
    watch(folder);
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name =
            entry.file_name().into_string().map_err(|name| format!("{} is not UTF-8", name.display()))?;
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), &format!("{prefix}{name}/"), files)?;
        } else {
            watch(&entry.path());
            files.push(format!("{prefix}{name}"));
        }
    }
    Ok(())
}

/// Has Cargo run this again when a path changes; a folder does when a file comes or goes.
fn watch(path: &Path) {
    println!("cargo:rerun-if-changed={}", path.display());
}

/// A Rust constant that lists the files with this ending, each with its text.
fn list(name: &str, ending: &str, rules: &Path, files: &[String]) -> Result<String, Box<dyn Error>> {
    let mut text = format!("pub(super) const {name}: &[(&str, &str)] = &[\n");
    for file in files.iter().filter(|file| file.ends_with(ending)) {
        let path = rules.join(file);
        let path = path.to_str().ok_or("the path of the checkout is not UTF-8")?;
        writeln!(text, "    ({file:?}, include_str!({path:?})),")?;
    }
    text.push_str("];\n");
    Ok(text)
}
