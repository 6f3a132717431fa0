//! `meterwarden man`: manual pages, generated from the arguments.

use std::io::Write;
use std::{fs, io};

use clap::{Command, CommandFactory};

use crate::args::{Arguments, Man, NAME};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::terminal;

/// Writes the first page to standard output, or every page into a folder.
pub(crate) fn run(arguments: &Man) -> Result<Exit, Failure> {
    let mut out = terminal::stdout();
    match &arguments.output {
        None => out.write_all(&page(command())?)?,
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

/// The command and its subcommands, without `help`, which has no page.
fn command() -> Command {
    Arguments::command().disable_help_subcommand(true)
}

/// A page for the command, for each of its subcommands, and for theirs: the name and the text of each.
fn pages() -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut root = command();
    root.build();
    let mut commands = vec![root];
    let mut pages = Vec::new();
    while let Some(command) = commands.pop() {
        commands.extend(command.get_subcommands().cloned());
        pages.push((command.get_display_name().unwrap_or(NAME).to_owned(), page(command)?));
    }
    pages.sort_unstable();
    Ok(pages)
}

/// A page in ASCII: other characters are written as escapes, which `man` reads in any locale.
fn page(command: Command) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    let as_ascii = |character: char| match character {
        character if character.is_ascii() => character.to_string(),
        character => format!("\\[u{:04X}]", u32::from(character)),
    };
    Ok(String::from_utf8_lossy(&page).chars().map(as_ascii).collect::<String>().into_bytes())
}
