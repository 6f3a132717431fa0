//! The root element, which requests and responses have in common.

use crate::error::{ErrorKind, Fault, quote};
use crate::namespace::SCHEMA_VERSIONS;
use crate::xml::{Node, Tag, Xml, attributes, trim};

const SCHEMA_VERSION: &str = "schemaVersion";

/// Opens the root element, which must have this name and a schema version of 5.x. Returns the
/// version.
pub(crate) fn open_root(xml: &mut Xml<'_>, expected: &'static str) -> Result<String, Fault> {
    let Some(tag) = xml.child()? else {
        return Err(xml.fault(ErrorKind::Missing { what: expected, within: "the message" }));
    };
    if tag.name != expected {
        return Err(tag.fault(ErrorKind::Root { found: quote(tag.name), expected }));
    }
    tag.expect_duis()?;
    schema_version(&tag, expected)
}

fn schema_version(tag: &Tag<'_>, within: &'static str) -> Result<String, Fault> {
    let mut version = None;
    for (name, value) in attributes(tag) {
        if name.0 == SCHEMA_VERSION {
            version = Some(trim(&value).to_owned());
        } else if name.prefix().is_none() && name.0 != "xmlns" {
            return Err(tag.fault(ErrorKind::Unexpected { found: quote(name.0), within }));
        }
    }
    let Some(version) = version else {
        return Err(tag.fault(ErrorKind::Missing { what: SCHEMA_VERSION, within }));
    };
    if !SCHEMA_VERSIONS.contains(&version.as_str()) {
        return Err(tag.fault(ErrorKind::SchemaVersion(quote(&version))));
    }
    Ok(version)
}

/// Reads from the end of the root to the end of the text. Only blanks, comments and processing
/// instructions may follow.
pub(crate) fn expect_end(xml: &mut Xml<'_>) -> Result<(), Fault> {
    while !matches!(xml.next()?, Node::End) {}
    Ok(())
}
