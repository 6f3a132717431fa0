//! Compares the findings about a mistake with the expected ones.

use std::collections::BTreeMap;
use std::fmt::Write;

use meterwarden::language::diagnostic::Severity;
use meterwarden::{Diagnostic, Diagnostics, Parsed, Policy, Source, check, parse};

use super::book::Book;
use super::draw::Mistake;

/// The shipped rules, already parsed, so that a mistake costs the parsing of one file.
pub(crate) struct Engine {
    sources: Vec<Source>,
    parsed: Vec<Parsed>,
}

impl Engine {
    pub(crate) fn new(book: &Book) -> Self {
        let sources = book.sources();
        let parsed = sources.iter().zip(0..).map(|(source, file)| parse(source, file)).collect();
        Self { sources, parsed }
    }

    /// The errors of a mistake, in the order of the text.
    pub(crate) fn run(&self, mistake: &Mistake) -> Result<(), Diagnostics> {
        if let Some(bytes) = &mistake.bytes {
            let mut files: Vec<(String, Vec<u8>)> = self
                .sources
                .iter()
                .map(|source| (source.path.clone(), source.text.clone().into_bytes()))
                .collect();
            files[mistake.file].1.clone_from(bytes);
            return Policy::from_bytes(files).map(|_| ());
        }
        let (mut sources, mut parsed) = (self.sources.clone(), self.parsed.clone());
        sources[mistake.file].text.clone_from(&mistake.text);
        parsed[mistake.file] = parse(&sources[mistake.file], u32::try_from(mistake.file).unwrap());
        check(sources, parsed).map(|_| ())
    }
}

/// What was right about the findings of one mistake.
pub(crate) struct Verdict {
    pub(crate) found: usize,
    pub(crate) code: bool,
    pub(crate) line: bool,
    /// `None` if no name was meant.
    pub(crate) meant: Option<bool>,
    /// Every finding, one on a line.
    pub(crate) findings: Vec<String>,
}

pub(crate) fn judge(engine: &Engine, mistake: &Mistake) -> Verdict {
    let diagnostics = match engine.run(mistake) {
        Ok(()) => return silence(mistake),
        Err(diagnostics) => diagnostics,
    };
    let errors: Vec<&Diagnostic> =
        diagnostics.found().iter().filter(|finding| finding.code.severity() == Severity::Error).collect();
    let Some(first) = errors.first() else { return silence(mistake) };
    let source = &diagnostics.sources()[first.span.file as usize];
    let (line, _) = source.line_column(first.span.start as usize);
    let help = first.help.clone().unwrap_or_default();
    let ticked =
        |name: &String| help.contains(&format!("`{name}`")) || first.message.contains(&format!("`{name}`"));
    Verdict {
        found: errors.len(),
        code: mistake.codes.contains(&first.code),
        line: first.span.file as usize == mistake.in_file && mistake.lines.contains(&line),
        meant: mistake.meant.as_ref().map(ticked),
        findings: errors.iter().map(|finding| in_a_line(&diagnostics, finding)).collect(),
    }
}

fn in_a_line(diagnostics: &Diagnostics, finding: &Diagnostic) -> String {
    let source = &diagnostics.sources()[finding.span.file as usize];
    let (line, _) = source.line_column(finding.span.start as usize);
    let help = finding.help.as_ref().map_or_else(String::new, |help| format!("; {help}"));
    format!("{}:{line} {}: {}{help}", source.path, finding.code, finding.message)
}

fn silence(mistake: &Mistake) -> Verdict {
    let right = mistake.codes.is_empty();
    let meant = mistake.meant.as_ref().map(|_| false);
    Verdict { found: 0, code: right, line: right, meant, findings: vec!["nothing".to_owned()] }
}

/// The results of the mistakes of a kind, or of all.
#[derive(Clone, Copy, Default)]
pub(crate) struct Tally {
    mistakes: usize,
    harmless: usize,
    codes: usize,
    lines: usize,
    meant: usize,
    right_meant: usize,
    found: usize,
    most: usize,
}

impl Tally {
    pub(crate) fn add(&mut self, mistake: &Mistake, verdict: &Verdict) {
        self.mistakes += 1;
        self.harmless += usize::from(mistake.codes.is_empty());
        self.codes += usize::from(verdict.code);
        self.lines += usize::from(verdict.line);
        self.meant += usize::from(verdict.meant.is_some());
        self.right_meant += usize::from(verdict.meant == Some(true));
        self.found += verdict.found;
        self.most = self.most.max(verdict.found);
    }

    pub(crate) fn mistakes(&self) -> usize {
        self.mistakes
    }

    pub(crate) fn right_codes(&self) -> f64 {
        share(self.codes, self.mistakes)
    }

    pub(crate) fn right_lines(&self) -> f64 {
        share(self.lines, self.mistakes)
    }

    pub(crate) fn right_meant(&self) -> f64 {
        share(self.right_meant, self.meant)
    }

    /// Findings for each mistake, without harmless edits.
    pub(crate) fn average(&self) -> f64 {
        share(self.found, self.mistakes - self.harmless)
    }

    pub(crate) fn row(&self, name: &str) -> String {
        let meant =
            if self.meant == 0 { String::new() } else { format!("{}/{}", self.right_meant, self.meant) };
        let average =
            if self.harmless == self.mistakes { String::new() } else { format!("{:.2}", self.average()) };
        format!(
            "{name:<42} {:>5} {:>5} {:>5} {meant:>9} {average:>9} {:>4}",
            self.mistakes, self.codes, self.lines, self.most
        )
    }
}

fn share(some: usize, all: usize) -> f64 {
    if all == 0 { 1.0 } else { some as f64 / all as f64 }
}

/// The mistakes of one seed: a row for each kind, and those with a wrong finding.
#[derive(Default)]
pub(crate) struct Report {
    pub(crate) all: Tally,
    kinds: BTreeMap<&'static str, Tally>,
    misses: Vec<String>,
}

impl Report {
    pub(crate) fn add(&mut self, mistake: &Mistake, verdict: &Verdict) {
        self.all.add(mistake, verdict);
        self.kinds.entry(mistake.kind).or_default().add(mistake, verdict);
        let wrong = [
            ("code", !verdict.code),
            ("line", !verdict.line),
            ("did you mean", verdict.meant == Some(false)),
        ];
        let mut wrong: Vec<&str> = wrong.iter().filter(|(_, wrong)| *wrong).map(|(what, _)| *what).collect();
        if verdict.found > 1 {
            wrong.push("many");
        }
        if wrong.is_empty() {
            return;
        }
        let mut lines = format!("{}: {}\n  edit: {}\n", mistake.kind, wrong.join(", "), mistake.edit);
        let codes: Vec<&str> = mistake.codes.iter().map(|code| code.name()).collect();
        let meant = mistake.meant.as_ref().map_or_else(String::new, |name| format!(", `{name}`"));
        let _ = writeln!(lines, "  expected: line {:?} {}{meant}", mistake.lines, codes.join(" or "));
        for finding in &verdict.findings {
            let _ = writeln!(lines, "  got: {finding}");
        }
        self.misses.push(lines);
    }

    pub(crate) fn page(&self) -> String {
        let head = "kind                                        edits  code  line     meant  findings most";
        let rows: String = self.kinds.iter().map(|(name, tally)| tally.row(name) + "\n").collect();
        format!("{head}\n{rows}{}\n\n{}", self.all.row("all"), self.misses.join("\n"))
    }
}
