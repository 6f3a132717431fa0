//! Values in the text of elements, with errors at the byte where the element begins.

use jiff::Timestamp;

use crate::date_time;
use crate::error::{ErrorKind, Fault, quote};
use crate::eui::Eui64;
use crate::mpxn::Mpxn;
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

/// Reads a metering point from the text of an element that begins at `at`.
pub(crate) fn metering_point(text: &str, at: usize) -> Result<Mpxn, Fault> {
    text.parse().map_err(|kind| Fault::new(at, kind))
}
