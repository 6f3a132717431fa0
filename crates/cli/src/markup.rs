//! Texts of rules and requests in the markup of a page: they say what they say, and nothing in them is markup.

/// A text in which nothing is markup of Markdown, on one line.
pub(crate) fn markdown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for one in text.chars() {
        match one {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' => shown.extend(['\\', one]),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '&' => shown.push_str("&amp;"),
            one if one.is_control() => shown.push(' '),
            one => shown.push(one),
        }
    }
    shown
}

/// The same for a text of ours that quotes in backticks: what is quoted is code.
pub(crate) fn markdown_quoting(text: &str) -> String {
    quoting(text, markdown, |code| format!("`{}`", code.replace(char::is_control, " ")))
}

/// A text of ours in HTML: what it quotes in backticks is code.
pub(crate) fn html_quoting(text: &str) -> String {
    quoting(text, html, |code| format!("<code>{}</code>", html(code)))
}

/// Plain text and code by turns, as backticks part them; if somebody's own backtick is in it, all of it is plain.
fn quoting(text: &str, plain: impl Fn(&str) -> String, code: impl Fn(&str) -> String) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return plain(text);
    }
    let parts = parts.iter().enumerate();
    parts.map(|(nth, part)| if nth % 2 == 0 { plain(part) } else { code(part) }).collect()
}

/// A text in which nothing is markup of HTML.
pub(crate) fn html(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for one in text.chars() {
        match one {
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '&' => shown.push_str("&amp;"),
            '"' => shown.push_str("&quot;"),
            one if one.is_control() && one != '\n' => shown.push(' '),
            one => shown.push(one),
        }
    }
    shown
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
