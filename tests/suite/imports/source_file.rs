//! A source file as the paths that it names. This reads Rust only as far as imports need it.

/// A file of a crate.
pub(crate) struct SourceFile {
    /// Its path from the root of the repository.
    pub(crate) path: String,
    /// The paths that it names, in the order of the text.
    pub(crate) imports: Vec<Import>,
}

/// A path in a `use` or in the code, such as `crate::space::Region`.
pub(crate) struct Import {
    /// The line, from 1.
    pub(crate) line: usize,
    /// Its segments, without `*`.
    pub(crate) path: Vec<String>,
    /// The name that a `use` brings into the module; `*` for all names; `None` for a path in the code.
    pub(crate) binds: Option<String>,
    /// Whether the `use` is `pub`, so that the file only passes the name on.
    pub(crate) is_reexport: bool,
}

struct Token<'t> {
    line: usize,
    text: &'t str,
}

impl SourceFile {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        let tokens = without_unit_tests(tokens(text));
        let mut imports = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            at = if tokens[at].text == "use" && !is(&tokens, at + 1, "<") {
                // `pub use` and `pub(crate) use`.
                let is_reexport = at > 0 && matches!(tokens[at - 1].text, "pub" | ")");
                let before = imports.len();
                let end = use_tree(&tokens, at + 1, &mut Vec::new(), &mut imports);
                imports[before..].iter_mut().for_each(|import| import.is_reexport = is_reexport);
                end
            } else if is_name(tokens[at].text) && is(&tokens, at + 1, "::") {
                let (segments, end) = qualified_path(&tokens, at);
                imports.push(Import {
                    line: tokens[at].line,
                    path: segments,
                    binds: None,
                    is_reexport: false,
                });
                end
            } else {
                at + 1
            };
        }
        Self { path: path.to_owned(), imports }
    }
}

/// Reads `a::b`, `a::{b, c as d}` or `a::*`, and returns the index of the token after it.
fn use_tree(tokens: &[Token<'_>], start: usize, above: &mut Vec<String>, imports: &mut Vec<Import>) -> usize {
    let depth = above.len();
    let line = tokens[start].line;
    let mut at = start;
    let mut binds = None;
    while at < tokens.len() {
        match tokens[at].text {
            "::" => at += 1,
            "{" => {
                at += 1;
                while !is(tokens, at, "}") {
                    at = use_tree(tokens, at, above, imports);
                    at += usize::from(is(tokens, at, ","));
                }
                above.truncate(depth);
                return at + 1;
            }
            "*" => {
                binds = Some("*".to_owned());
                at += 1;
            }
            "as" => {
                binds = Some(tokens[at + 1].text.to_owned());
                at += 2;
            }
            name if is_name(name) => {
                above.push(name.to_owned());
                at += 1;
            }
            _ => break,
        }
    }
    let mut path = above.clone();
    // `a::{self}` imports `a`.
    if depth > 0 && path.last().is_some_and(|name| name == "self") {
        path.pop();
    }
    let binds = binds.or_else(|| path.last().cloned());
    imports.push(Import { line, path, binds, is_reexport: false });
    above.truncate(depth);
    at
}

/// The path that starts at a token, and the index of the token after it.
fn qualified_path(tokens: &[Token<'_>], start: usize) -> (Vec<String>, usize) {
    let mut path = vec![tokens[start].text.to_owned()];
    let mut at = start + 1;
    while is(tokens, at, "::") && tokens.get(at + 1).is_some_and(|token| is_name(token.text)) {
        path.push(tokens[at + 1].text.to_owned());
        at += 2;
    }
    (path, at.max(start + 1))
}

fn is(tokens: &[Token<'_>], at: usize, text: &str) -> bool {
    tokens.get(at).is_some_and(|token| token.text == text)
}

fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// Unit tests may use what they like: they are no part of the library.
fn without_unit_tests(tokens: Vec<Token<'_>>) -> Vec<Token<'_>> {
    const ATTRIBUTE: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        kept.push(token);
        let tail = kept[kept.len().saturating_sub(ATTRIBUTE.len())..].iter().map(|token| token.text);
        if !tail.eq(ATTRIBUTE) || tokens.peek().is_none_or(|token| token.text != "mod") {
            continue;
        }
        let mut depth = 0;
        for token in tokens.by_ref() {
            match token.text {
                "{" => depth += 1,
                "}" => depth -= 1,
                _ => {}
            }
            if depth == 0 && matches!(token.text, "}" | ";") {
                break;
            }
        }
    }
    kept
}

/// Names, `::` and single characters, without comments, texts and blanks.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let (mut rest, mut line) = (text, 1);
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            '"' => text_length(rest),
            'r' if raw_text_length(rest).is_some() => raw_text_length(rest).unwrap(),
            '\'' => character_length(rest),
            _ if first.is_whitespace() => first.len_utf8(),
            _ => {
                let length = if is_name(rest) {
                    rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(rest.len())
                } else if rest.starts_with("::") {
                    2
                } else {
                    first.len_utf8()
                };
                tokens.push(Token { line, text: &rest[..length] });
                length
            }
        };
        line += rest[..length].matches('\n').count();
        rest = &rest[length..];
    }
    tokens
}

/// The length of `"..."`, in which a backslash escapes the next character.
fn text_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            '"' if !escaped => return at + 1,
            _ => escaped = letter == '\\' && !escaped,
        }
    }
    text.len()
}

/// The length of `r"..."` or `r#"..."#`.
fn raw_text_length(text: &str) -> Option<usize> {
    let hashes = text[1..].chars().take_while(|letter| *letter == '#').count();
    let start = 1 + hashes;
    text[start..].starts_with('"').then(|| {
        let end = format!("\"{}", "#".repeat(hashes));
        text[start + 1..].find(&end).map_or(text.len(), |length| start + 1 + length + end.len())
    })
}

/// The length of `'x'` or `'\n'`; of a lifetime, only its mark.
fn character_length(text: &str) -> usize {
    let mut letters = text.char_indices().skip(1);
    match letters.next() {
        Some((_, '\\')) => {
            text[2..].char_indices().skip(1).find(|(_, letter)| *letter == '\'').map_or(1, |(at, _)| at + 3)
        }
        Some(_) => letters.next().filter(|(_, letter)| *letter == '\'').map_or(1, |(at, _)| at + 1),
        None => 1,
    }
}
