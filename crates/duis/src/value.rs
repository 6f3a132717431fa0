//! Values in the text of elements, with errors at the byte where the element begins.

use jiff::Timestamp;

use crate::date_time;
use crate::error::{ErrorKind, Fault, quote};
use crate::eui::Eui64;
use crate::limits::MPXN_CHARACTERS;
use crate::xml::trim;

/// Reads an EUI-64 from the text of an element that begins at `at`.
pub(crate) fn eui(text: &str, at: usize) -> Result<Eui64, Fault> {
    let text = trim(text);
    text.parse().map_err(|wrong| Fault::new(at, ErrorKind::Eui { found: quote(text), wrong }))
}

/// Reads the instant of an `xs:dateTime` from the text of an element that begins at `at`.
pub(crate) fn instant(text: &str, at: usize) -> Result<Timestamp, Fault> {
    let text = trim(text);
    date_time::instant(text).ok_or_else(|| Fault::new(at, ErrorKind::DateTime(quote(text))))
}

/// Whether a text can be a metering point: 1 to 13 characters, by the type `MPxN` of the DUIS XML Schema 5.4, without
/// blanks.
pub(crate) fn is_metering_point(text: &str) -> bool {
    (1..=MPXN_CHARACTERS).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Reads a metering point from the text of an element that begins at `at`.
pub(crate) fn metering_point(text: &str, at: usize) -> Result<String, Fault> {
    if is_metering_point(text) {
        return Ok(text.to_owned());
    }
    Err(Fault::new(at, ErrorKind::MeteringPoint(quote(text))))
}
