//! "Did you mean": the known names nearest to the one that was written.

/// More equally near names than this are a guess, not an answer.
const MOST: usize = 3;

/// The nearest of the names, if it is near enough to be what was meant. A tie goes to the first.
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    all_nearest(written, known).first().copied()
}

/// All names that are equally near, and nearer than the others, in the given order.
fn all_nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let folded = fold(written);
    let allowed = allowed(written);
    let mut best = allowed + 1;
    let mut found: Vec<&str> = Vec::new();
    for name in known {
        let distance = distance(&folded, &fold(name));
        if name == written || distance > allowed || distance > best || found.contains(&name) {
            continue;
        }
        if distance < best {
            found.clear();
            best = distance;
        }
        found.push(name);
    }
    if found.len() > MOST { Vec::new() } else { found }
}

/// The name that is the same but for case, hyphens, underscores and blanks.
pub fn same<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = fold(written);
    known.into_iter().find(|name| *name != written && fold(name) == folded)
}

/// `` did you mean `Commissioned`? ``, where a name is near enough.
pub fn did_you_mean<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let near = all_nearest(written, known);
    (!near.is_empty()).then(|| format!("did you mean {}?", either(&ticked(&near))))
}

/// A hint for a service that there is not. A wrong number is another number, so that the nearest is no help; those beside
/// it are.
pub fn service_like(written: &str, known: &[&str]) -> Option<String> {
    const MOST_BESIDE: usize = 30;
    let parts: Vec<&&str> = known.iter().filter(|name| name.starts_with(&format!("{written}."))).collect();
    if !parts.is_empty() {
        return Some(format!("`{written}.*` means {}", join(&ticked(&parts), "and")));
    }
    let chapter = written.split_once('.').map_or(written, |(chapter, _)| chapter);
    let beside: Vec<&&str> = known.iter().filter(|name| name.split('.').next() == Some(chapter)).collect();
    match beside.len() {
        0 => did_you_mean(written, known.iter().copied()),
        length if length > MOST_BESIDE => Some(format!("`{chapter}.*` means every service of that chapter")),
        _ => Some(format!("chapter {chapter} has {}", join(&ticked(&beside), "and"))),
    }
}

/// The word of a rule's line that people mean who write another: `from`, `if`.
pub fn other_word(written: &str) -> Option<&'static str> {
    Some(match written.to_ascii_lowercase().as_str() {
        "from" | "after" | "starting" => "since",
        "before" | "till" | "to" => "until",
        "if" | "where" => "when",
        "because" | "basis" | "citation" | "cite" | "origin" | "ref" | "reference" | "see" => "source",
        "assume" | "assumes" | "assuming" | "assumption" => "assumed",
        _ => return None,
    })
}

/// The word that people mean who begin an item of a file, or a rule, with another: `allow`, `deny`.
pub fn other_item(written: &str) -> Option<&'static str> {
    Some(match written.to_ascii_lowercase().as_str() {
        "accept" | "allow" | "allowed" | "enable" | "grant" | "permitted" => "permit",
        "block" | "deny" | "denied" | "disallow" | "forbidden" | "prohibit" | "reject" => "forbid",
        "request" | "srv" => "service",
        "enum" | "type" => "attribute",
        "mod" | "release" => "modification",
        _ => return None,
    })
}

/// Whether two names or texts are the same but for case, hyphens, underscores and blanks.
pub fn alike(one: &str, other: &str) -> bool {
    fold(one) == fold(other)
}

/// Names as a message shows them.
pub fn ticked<S: AsRef<str>>(names: &[S]) -> Vec<String> {
    names.iter().map(|name| format!("`{}`", name.as_ref())).collect()
}

/// A list for people: `a`, `b` or `c`.
pub fn either<S: AsRef<str>>(words: &[S]) -> String {
    join(words, "or")
}

/// A list for people: a, b and c.
pub fn join<S: AsRef<str>>(words: &[S], last: &str) -> String {
    match words {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [init @ .., end] => {
            let init: Vec<&str> = init.iter().map(AsRef::as_ref).collect();
            format!("{} {last} {}", init.join(", "), end.as_ref())
        }
    }
}

/// How many slips may lie between a name and what was meant. Numbers are not misspelt, they are other numbers.
fn allowed(written: &str) -> usize {
    let length = written.chars().count();
    match length {
        _ if !written.contains(|c: char| c.is_alphabetic()) => 0,
        0..=5 => 1,
        6..=8 => 2,
        _ => 3,
    }
}

/// Case, hyphens and underscores are what people get wrong first.
fn fold(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).flat_map(char::to_lowercase).collect()
}

/// Slips between two names; two letters swapped are one. In a name of two letters half of it would be another.
fn distance(a: &str, b: &str) -> usize {
    let swapped = |a: &str, b: &str| a.chars().eq(b.chars().rev());
    let short = a.chars().count().min(b.chars().count()) <= 2;
    if short && a != b && !swapped(a, b) && a.len() == b.len() { 2 } else { strsim::osa_distance(a, b) }
}
