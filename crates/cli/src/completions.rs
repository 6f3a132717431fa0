//! `meterwarden completions` and `meterwarden man`: what a shell and a manual need to know, generated from the arguments.

use std::fs;
use std::io::Write;

use clap::{Command, CommandFactory};

use crate::args::{Arguments, Completions, Man};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::terminal;

const NAME: &str = "meterwarden";

/// Writes the completions of a shell.
pub(crate) fn completions(arguments: &Completions) -> Result<Exit, Failure> {
    // Into memory first: the generator panics where it cannot write.
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), NAME, &mut text);
    let mut out = terminal::stdout();
    out.write_all(&text)?;
    out.flush()?;
    Ok(Exit::Fine)
}

/// Writes the manual: its first page, or every page into a folder.
pub(crate) fn man(arguments: &Man) -> Result<Exit, Failure> {
    let mut out = terminal::stdout();
    match &arguments.output {
        None => out.write_all(&page(whole())?)?,
        Some(folder) => {
            fs::create_dir_all(folder).map_err(|source| Failure::Write { path: folder.clone(), source })?;
            for (name, page) in pages()? {
                let path = folder.join(format!("{name}.1"));
                fs::write(&path, page).map_err(|source| Failure::Write { path: path.clone(), source })?;
                writeln!(out, "{}", path.display())?;
            }
        }
    }
    out.flush()?;
    Ok(Exit::Fine)
}

/// The command with everything below it; `help` has no page of its own.
fn whole() -> Command {
    Arguments::command().disable_help_subcommand(true)
}

/// A page for the command, for each of its subcommands, and for theirs.
fn pages() -> std::io::Result<Vec<(String, Vec<u8>)>> {
    let mut whole = whole();
    whole.build();
    let mut commands = vec![whole];
    let mut pages = Vec::new();
    while let Some(command) = commands.pop() {
        commands.extend(command.get_subcommands().cloned());
        pages.push((command.get_display_name().unwrap_or(NAME).to_owned(), page(command)?));
    }
    pages.sort_unstable();
    Ok(pages)
}

/// A page in ASCII: what else there is in it is written as `man` reads it everywhere, in any locale.
fn page(command: Command) -> std::io::Result<Vec<u8>> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    let in_ascii = |one: char| match one {
        one if one.is_ascii() => one.to_string(),
        one => format!("\\[u{:04X}]", u32::from(one)),
    };
    Ok(String::from_utf8_lossy(&page).chars().map(in_ascii).collect::<String>().into_bytes())
}
