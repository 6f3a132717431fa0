//! The proof that a formatted text has the words and comments of the text: it finds everything that a formatter may do
//! wrong.

use meterwarden::language::differs_in_blanks_only;

const TEXT: &str = "/// doc\npermit a { // first\n    role IS, // importer\n         ES\n}\n";

fn same(formatted: &str) -> bool {
    differs_in_blanks_only(TEXT, formatted)
}

#[test]
fn blanks_may_differ() {
    assert!(same(TEXT));
    assert!(same("/// doc\npermit\na{ // first\nrole IS,// importer\nES}"));
}

/// Everything that a formatter may do wrong. Each line differs from a correct layout in one way.
#[test]
fn every_other_difference_is_found() {
    for (slip, from, to) in [
        ("a comment is lost", " // importer", ""),
        ("a comment is repeated", "// first", "// first\n// first"),
        ("a comment has another text", "// importer", "// Importer"),
        ("a comment has another blank in it", "// importer", "//  importer"),
        ("a comment has another slash", "// importer", "/// importer"),
        ("a comment is before its comma", "IS, // importer\n", "IS // importer\n,"),
        ("a comment is after the next word", ", // importer\n         ES", ", ES // importer"),
        ("a comment is on the line of the word before it", "/// doc\npermit a", "permit /// doc\na"),
        ("a comment is on a line of its own", "{ // first", "{\n// first"),
        (
            "two comments change places",
            "// first\n    role IS, // importer",
            "// importer\n    role IS, // first",
        ),
        ("a doc comment is cut off from its item", "/// doc\n", "/// doc\n\n"),
        ("a word is lost", "IS, // importer\n         ES", "IS // importer"),
        ("a word is repeated", "ES", "ES, ES"),
        ("a word is another word", "ES", "GS"),
        ("two words change places", "role IS, // importer\n         ES", "role ES, // importer\n IS"),
        ("a clause is added", "ES", "ES role any"),
        ("it does not parse", "{", "{{"),
        ("it is empty", TEXT, ""),
    ] {
        assert!(TEXT.contains(from), "{slip}");
        assert!(!same(&TEXT.replace(from, to)), "{slip}");
    }
}
