//! Words that every output uses alike.

/// `1 rule`, `2 rules`
pub(crate) fn count(number: usize, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

/// `8.4 Update Inventory`; a service without a text is its number alone.
pub(crate) fn titled(name: &str, text: &str) -> String {
    format!("{name} {text}").trim_end().to_owned()
}
