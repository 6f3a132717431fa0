//! "Did you mean": the known names that are most similar to the one that was written.

use crate::limits::MOST_SUGGESTIONS;

/// The most similar name, if it is similar enough to be what was meant. Of equally similar names, the first.
pub fn nearest<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    all_nearest(written, names).first().copied()
}

/// The most similar names, in the given order. Empty if no name is similar enough, or if too many are.
fn all_nearest<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let folded = fold(written);
    let mut least = most_slips(written);
    let mut nearest: Vec<&str> = Vec::new();
    for name in names {
        let distance = distance(&folded, &fold(name));
        if name == written || distance > least || nearest.contains(&name) {
            continue;
        }
        if distance < least {
            nearest.clear();
            least = distance;
        }
        nearest.push(name);
    }
    if nearest.len() > MOST_SUGGESTIONS { Vec::new() } else { nearest }
}

/// The name that differs only in capital letters, hyphens, underscores and blanks.
pub fn same<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = fold(written);
    names.into_iter().find(|name| *name != written && fold(name) == folded)
}

/// `` did you mean `Commissioned`? ``, if a name is similar enough.
pub fn did_you_mean<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let nearest = all_nearest(written, names);
    (!nearest.is_empty()).then(|| format!("did you mean {}?", either(&ticked(&nearest))))
}

/// A hint for a service that the policy does not have. A similar number means a different service, so the hint lists
/// the services of the same chapter instead.
pub fn service_like(written: &str, services: &[&str]) -> Option<String> {
    const MOST_LISTED: usize = 30;
    let parts: Vec<&&str> = services.iter().filter(|name| name.starts_with(&format!("{written}."))).collect();
    if !parts.is_empty() {
        return Some(format!("`{written}.*` means {}", join(&ticked(&parts), "and")));
    }
    let chapter = written.split_once('.').map_or(written, |(chapter, _)| chapter);
    let same_chapter: Vec<&&str> =
        services.iter().filter(|name| name.split('.').next() == Some(chapter)).collect();
    match same_chapter.len() {
        0 => did_you_mean(written, services.iter().copied()),
        length if length > MOST_LISTED => Some(format!("`{chapter}.*` means every service of that chapter")),
        _ => Some(format!("chapter {chapter} has {}", join(&ticked(&same_chapter), "and"))),
    }
}

/// The keyword of a line in a rule that a common other word stands for: `since` for `from`, `when` for `if`.
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

/// The keyword of an item of a file, or of a rule, that a common other word stands for: `permit` for `allow`, `forbid`
/// for `deny`.
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

/// Whether two names or texts differ only in capital letters, hyphens, underscores and blanks.
pub fn alike(left: &str, right: &str) -> bool {
    fold(left) == fold(right)
}

/// Names in backticks, as messages show them.
pub fn ticked<S: AsRef<str>>(names: &[S]) -> Vec<String> {
    names.iter().map(|name| format!("`{}`", name.as_ref())).collect()
}

/// A list in prose: `a, b or c`.
pub fn either<S: AsRef<str>>(words: &[S]) -> String {
    join(words, "or")
}

/// A list in prose, with the word before the last item: `a, b and c`.
pub fn join<S: AsRef<str>>(words: &[S], last: &str) -> String {
    match words {
        [] => String::new(),
        [word] => word.as_ref().to_owned(),
        [words @ .., last_word] => {
            let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
            format!("{} {last} {}", words.join(", "), last_word.as_ref())
        }
    }
}

/// The most slips between a name and what was meant. A wrong number is a different number and not a slip.
fn most_slips(written: &str) -> usize {
    let length = written.chars().count();
    match length {
        _ if !written.contains(|c: char| c.is_alphabetic()) => 0,
        0..=5 => 1,
        6..=8 => 2,
        _ => 3,
    }
}

/// Without capital letters, hyphens, underscores and blanks, which people get wrong most often.
fn fold(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).flat_map(char::to_lowercase).collect()
}

/// The number of slips between two names. Two letters swapped are one slip. In names of two letters, another letter is
/// two slips, since it is half of the name.
fn distance(left: &str, right: &str) -> usize {
    let is_swapped = left.chars().eq(right.chars().rev());
    let is_short = left.chars().count().min(right.chars().count()) <= 2;
    if is_short && left != right && !is_swapped && left.len() == right.len() {
        2
    } else {
        strsim::osa_distance(left, right)
    }
}
