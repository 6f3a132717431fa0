//! `meterwarden snapshot`

mod folder;

use std::io::{self, BufWriter, StdoutLock, Write};
use std::path::PathBuf;

use meterwarden_analysis::snapshot::{Difference, Pages, differences, file, pages};
use meterwarden_authoring::scaffold::OUTCOMES;
use similar::{ChangeTag, TextDiff};

use crate::args::{Rules, Snapshot};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::limits::PATCH_CONTEXT_LINES;
use crate::terminal::{self, Colour, painted};
use crate::versions::policy;
use crate::wording::count;
use folder::SnapshotFolder;

/// Shows what the rules permit, compares it with the stored snapshots, or stores it.
pub(crate) fn run(arguments: &Snapshot) -> Result<Exit, Failure> {
    let plan = policy::plan(&arguments.rules)?;
    let services = meterwarden_analysis::selected(plan.policy(), &arguments.services)?;
    let mut out = terminal::stdout();
    if !arguments.check && !arguments.update {
        let texts: Vec<String> = services
            .iter()
            .filter_map(|service| meterwarden_analysis::outcomes(&plan, &service.name))
            .collect();
        write!(out, "{}", texts.join("\n"))?;
        out.flush()?;
        return Ok(Exit::Fine);
    }
    let folder = SnapshotFolder::at(folder_path(arguments)?);
    let mut current = pages(&plan);
    let mut stored = folder.read(&current)?;
    if !arguments.services.is_empty() {
        let files: Vec<String> = services.iter().map(|service| file(&service.name)).collect();
        let is_selected = |file: &String, _: &mut String| files.contains(file);
        current.retain(is_selected);
        stored.retain(is_selected);
    }
    let differences = differences(&stored, &current);
    let exit = if arguments.update {
        update(&mut out, &folder, &differences, &current)?
    } else {
        check(&mut out, &folder, &differences, [&stored, &current], &arguments.rules)?
    };
    out.flush()?;
    Ok(exit)
}

/// The folder of `--output`, or the one beside the rules.
fn folder_path(arguments: &Snapshot) -> Result<PathBuf, Failure> {
    let beside_rules = || arguments.rules.folder.as_ref().map(|rules| rules.join(OUTCOMES));
    let no_folder = "the built-in policy has no folder of snapshots: add --rules DIR, or --output DIR";
    arguments.output.clone().or_else(beside_rules).ok_or_else(|| Failure::Snapshot(no_folder.to_owned()))
}

type Out = BufWriter<StdoutLock<'static>>;

/// Writes the snapshots that differ, and removes those of services that are gone.
fn update(
    out: &mut Out,
    folder: &SnapshotFolder,
    differences: &[Difference],
    current: &Pages,
) -> Result<Exit, Failure> {
    for difference in differences {
        match &difference.now {
            Some(text) => folder.write(&difference.file, text)?,
            None => folder.remove(&difference.file)?,
        }
        let (stored, now) = texts(difference);
        let lines = TextDiff::from_lines(stored, now);
        let count = |tag| lines.iter_all_changes().filter(|change| change.tag() == tag).count();
        let verb = match (&difference.kept, &difference.now) {
            (None, _) => "new",
            (_, None) => "removed",
            _ => "changed",
        };
        let (added, deleted) = (count(ChangeTag::Insert), count(ChangeTag::Delete));
        writeln!(out, "{verb} {}: +{added} -{deleted}", folder.path(&difference.file).display())?;
    }
    let changed = differences.iter().filter(|difference| difference.now.is_some()).count();
    let removed = differences.len() - changed;
    let unchanged = current.len() - changed;
    writeln!(out, "{} written, {removed} removed, {unchanged} unchanged", count(changed, "snapshot"))?;
    Ok(Exit::Fine)
}

/// Shows how the stored snapshots differ from what the rules permit.
fn check(
    out: &mut Out,
    folder: &SnapshotFolder,
    differences: &[Difference],
    [stored, current]: [&Pages; 2],
    rules: &Rules,
) -> io::Result<Exit> {
    if differences.is_empty() {
        let (snapshots, rules) = (count(current.len(), "snapshot"), policy::name_with_hint(rules));
        let verb = if current.len() == 1 { "agrees" } else { "agree" };
        writeln!(out, "{snapshots} in `{}` {verb} with {rules}", folder.name())?;
        return Ok(Exit::Fine);
    }
    if stored.is_empty() {
        writeln!(out, "`{}` has no snapshots", folder.name())?;
    } else {
        for difference in differences {
            show(out, folder, difference)?;
        }
        let ending = if differences.len() == 1 { "s" } else { "" };
        writeln!(out, "{} differ{ending}", count(differences.len(), "snapshot"))?;
    }
    writeln!(out, "to accept what the rules permit now, run this with --update instead of --check")?;
    Ok(Exit::Refused)
}

/// The stored text and the current text; a text that does not exist is empty.
fn texts(difference: &Difference) -> (&str, &str) {
    (difference.kept.as_deref().unwrap_or(""), difference.now.as_deref().unwrap_or(""))
}

/// Shows a difference as a patch; the header of each hunk names the time that the hunk is about.
fn show(out: &mut Out, folder: &SnapshotFolder, difference: &Difference) -> io::Result<()> {
    let path = folder.path(&difference.file).display().to_string();
    let (stored, now) = texts(difference);
    let titles = match (&difference.kept, &difference.now) {
        (None, _) => [format!("{path} (does not exist)"), "what the rules permit now".to_owned()],
        (_, None) => [path, "the rules have no such service".to_owned()],
        _ => [path, "what the rules permit now".to_owned()],
    };
    let with_colour = terminal::colour_of_answers();
    writeln!(out, "--- {}\n+++ {}", titles[0], titles[1])?;
    let lines = TextDiff::from_lines(stored, now);
    for hunk in lines.unified_diff().context_radius(PATCH_CONTEXT_LINES).iter_hunks() {
        let first_line = hunk.ops().first().map_or(0, |op| op.new_range().start);
        let header = format!("{} {}", hunk.header().to_string().trim_end(), time_heading(now, first_line));
        writeln!(out, "{}", header.trim_end())?;
        for line in hunk.iter_changes() {
            let colour = match line.tag() {
                ChangeTag::Insert => Some(Colour::Green),
                ChangeTag::Delete => Some(Colour::Red),
                ChangeTag::Equal => None,
            };
            let text = format!("{}{}", line.tag(), line.value().trim_end_matches(['\n', '\r']));
            let text = terminal::one_line(&text);
            writeln!(out, "{}", painted(&text, colour.filter(|_| with_colour)))?;
        }
    }
    writeln!(out)
}

/// The heading above a line of a snapshot: `always`, `from 2023-06-29`. Headings are indented by two spaces.
fn time_heading(page: &str, line: usize) -> &str {
    let above: Vec<&str> = page.lines().take(line).collect();
    let heading = above.iter().rev().find(|line| line.starts_with("  ") && !line.starts_with("   "));
    heading.map_or("", |line| line.trim())
}
