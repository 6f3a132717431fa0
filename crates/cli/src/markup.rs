//! Escapes texts of rules and requests for Markdown and HTML, so that nothing in them is markup.

/// A text for Markdown, on one line.
pub(crate) fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' => escaped.extend(['\\', character]),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            control if control.is_control() => escaped.push(' '),
            character => escaped.push(character),
        }
    }
    escaped
}

/// A text of the command for Markdown; its quotations in backticks become code.
pub(crate) fn markdown_quoting(text: &str) -> String {
    quoting(text, markdown, |code| format!("`{}`", code.replace(char::is_control, " ")))
}

/// A text of the command for HTML; its quotations in backticks become code.
pub(crate) fn html_quoting(text: &str) -> String {
    quoting(text, html, |code| format!("<code>{}</code>", html(code)))
}

/// Backticks separate plain text and code by turns. An odd number of them means that a quoted text has a backtick of
/// its own; then everything is plain.
fn quoting(text: &str, plain: impl Fn(&str) -> String, code: impl Fn(&str) -> String) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return plain(text);
    }
    let parts = parts.iter().enumerate();
    parts.map(|(index, part)| if index % 2 == 0 { plain(part) } else { code(part) }).collect()
}

/// A text for HTML.
pub(crate) fn html(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            control if control.is_control() && control != '\n' => escaped.push(' '),
            character => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{html, html_quoting, markdown, markdown_quoting};

    #[test]
    fn nothing_in_a_text_is_markup() {
        for (written, shown) in [
            ("a | b", "a \\| b"),
            ("<script>", "&lt;script&gt;"),
            ("[x](y) *b* _i_ `c`", "\\[x\\](y) \\*b\\* \\_i\\_ \\`c\\`"),
            ("two\nlines", "two lines"),
            ("R&D", "R&amp;D"),
        ] {
            assert_eq!(markdown(written), shown);
        }
    }

    #[test]
    fn what_is_quoted_is_code() {
        for (written, shown) in [
            ("the rules in `a_b` at `<c>`, *", "the rules in `a_b` at `<c>`, \\*"),
            ("in `a`b`", "in \\`a\\`b\\`"),
        ] {
            assert_eq!(markdown_quoting(written), shown);
        }
    }

    #[test]
    fn what_is_quoted_is_code_in_html() {
        assert_eq!(html_quoting("in `<a>` & b"), "in <code>&lt;a&gt;</code> &amp; b");
    }

    #[test]
    fn nothing_in_a_text_is_an_element() {
        assert_eq!(html("<b a=\"c\">R&D\u{1b}"), "&lt;b a=&quot;c&quot;&gt;R&amp;D ");
    }
}
