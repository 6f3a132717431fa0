//! `meterwarden snapshot`

use std::io::{self, BufWriter, StdoutLock, Write};
use std::path::PathBuf;

use meterwarden_analysis::snapshot::{Difference, Pages, differences, file, pages};
use meterwarden_authoring::scaffold::OUTCOMES;
use similar::TextDiff;

use crate::args::{Rules, Snapshot};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::page_folder::PageFolder;
use crate::policy;
use crate::terminal::{self, Colour, painted};

/// Shows what the rules permit, compares it with the pages that are kept, or keeps it.
pub(crate) fn run(arguments: &Snapshot) -> Result<Exit, Failure> {
    let plan = policy::plan(&arguments.rules)?;
    let wanted = meterwarden_analysis::selected(plan.policy(), &arguments.services)?;
    let mut now = pages(&plan);
    let mut out = terminal::stdout();
    if !arguments.check && !arguments.update {
        let texts: Vec<String> = wanted
            .iter()
            .filter_map(|service| meterwarden_analysis::outcomes(&plan, &service.name))
            .collect();
        write!(out, "{}", texts.join("\n"))?;
        out.flush()?;
        return Ok(Exit::Fine);
    }
    let folder = PageFolder::at(folder(arguments)?);
    let mut kept = folder.read(&now)?;
    if !arguments.services.is_empty() {
        let wanted: Vec<String> = wanted.iter().map(|service| file(&service.name)).collect();
        [&mut now, &mut kept].into_iter().for_each(|pages| pages.retain(|file, _| wanted.contains(file)));
    }
    let found = differences(&kept, &now);
    let ended = if arguments.update {
        update(&mut out, &folder, &found, &now)?
    } else {
        check(&mut out, &folder, &found, &kept, &now, &arguments.rules)?
    };
    out.flush()?;
    Ok(ended)
}

fn folder(arguments: &Snapshot) -> Result<PathBuf, Failure> {
    let beside = || arguments.rules.folder.as_ref().map(|rules| rules.join(OUTCOMES));
    let none =
        "the built-in policy keeps no pages: name its rules with --rules DIR, or a folder with --output DIR";
    arguments.output.clone().or_else(beside).ok_or_else(|| Failure::Snapshot(none.to_owned()))
}

type Out = BufWriter<StdoutLock<'static>>;

/// Writes the pages that differ, and removes those that are left over.
fn update(out: &mut Out, folder: &PageFolder, found: &[Difference], now: &Pages) -> Result<Exit, Failure> {
    for one in found {
        let (kept, new) = (one.kept.as_deref().unwrap_or(""), one.now.as_deref().unwrap_or(""));
        match &one.now {
            Some(text) => folder.write(&one.file, text)?,
            None => folder.remove(&one.file)?,
        }
        let difference = TextDiff::from_lines(kept, new);
        let lines = |tag| difference.iter_all_changes().filter(|change| change.tag() == tag).count();
        let did = match (&one.kept, &one.now) {
            (None, _) => "new",
            (_, None) => "removed",
            _ => "changed",
        };
        let (more, less) = (lines(similar::ChangeTag::Insert), lines(similar::ChangeTag::Delete));
        writeln!(out, "{did} {}: +{more} -{less}", folder.path(&one.file).display())?;
    }
    let changed = found.iter().filter(|one| one.now.is_some()).count();
    let removed = found.len() - changed;
    let others = now.len() - changed;
    writeln!(out, "{} written, {removed} removed, {others} as before", count(changed))?;
    Ok(Exit::Fine)
}

/// Shows how the pages that are kept differ from what the rules permit.
fn check(
    out: &mut Out,
    folder: &PageFolder,
    found: &[Difference],
    kept: &Pages,
    now: &Pages,
    rules: &Rules,
) -> io::Result<Exit> {
    if found.is_empty() {
        writeln!(out, "{} in `{}`, as {} permit", count(now.len()), folder.name(), policy::named(rules))?;
        return Ok(Exit::Fine);
    }
    if kept.is_empty() {
        writeln!(out, "`{}` holds no pages yet", folder.name())?;
    } else {
        for one in found {
            show(out, folder, one)?;
        }
        let ending = if found.len() == 1 { "s" } else { "" };
        writeln!(out, "{} differ{ending}", count(found.len()))?;
    }
    writeln!(out, "to accept what the rules permit now, run this with --update instead of --check")?;
    Ok(Exit::Refused)
}

/// A difference as a patch; each part names the time that it is about.
fn show(out: &mut Out, folder: &PageFolder, one: &Difference) -> io::Result<()> {
    let path = folder.path(&one.file).display().to_string();
    let (kept, now) = (one.kept.as_deref().unwrap_or(""), one.now.as_deref().unwrap_or(""));
    let titles = match (&one.kept, &one.now) {
        (None, _) => [format!("{path} (there is none)"), "what the rules permit now".to_owned()],
        (_, None) => [path, "the rules know no such service".to_owned()],
        _ => [path, "what the rules permit now".to_owned()],
    };
    let paint = |colour| Some(colour).filter(|_| terminal::colour_of_answers());
    writeln!(out, "--- {}\n+++ {}", titles[0], titles[1])?;
    for hunk in TextDiff::from_lines(kept, now).unified_diff().context_radius(3).iter_hunks() {
        let first = hunk.ops().first().map_or(0, |op| op.new_range().start);
        let header = format!("{} {}", hunk.header().to_string().trim_end(), time(now, first));
        writeln!(out, "{}", header.trim_end())?;
        for line in hunk.iter_changes() {
            let colour = match line.tag() {
                similar::ChangeTag::Insert => paint(Colour::Green),
                similar::ChangeTag::Delete => paint(Colour::Red),
                similar::ChangeTag::Equal => None,
            };
            let text = format!("{}{}", line.tag(), line.value().trim_end_matches(['\n', '\r']));
            writeln!(out, "{}", painted(&terminal::one_line(&text), colour))?;
        }
    }
    writeln!(out)
}

/// The heading below which a line of a page stands: `always`, `from 2023-06-29`.
fn time(page: &str, line: usize) -> &str {
    let above: Vec<&str> = page.lines().take(line).collect();
    let heading = above.iter().rev().find(|line| line.starts_with("  ") && !line.starts_with("   "));
    heading.map_or("", |line| line.trim())
}

/// `1 page`, `2 pages`
fn count(pages: usize) -> String {
    format!("{pages} page{}", if pages == 1 { "" } else { "s" })
}
