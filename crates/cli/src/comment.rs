//! A comment on a pull request that is never too long for a code host.

use std::fmt::Write;

use crate::limits::{COMMENT_BYTES, COMMENT_REGIONS};

/// A heading and the `count` parts below it. `part` writes the part of an index with at most a number of regions.
///
/// All parts show the largest number of regions with which everything fits; then, from the first part on, each shows
/// the next larger number if there is room. Parts that still do not fit are left out, and the comment states how many.
pub(crate) fn fit(heading: String, count: usize, part: impl Fn(usize, usize) -> String) -> String {
    let parts_with = |regions| -> Vec<String> { (0..count).map(|index| part(index, regions)).collect() };
    let length = |parts: &[String]| heading.len() + parts.iter().map(String::len).sum::<usize>();
    let mut parts = parts_with(COMMENT_REGIONS[0]);
    let mut larger = None;
    for regions in COMMENT_REGIONS.windows(2) {
        if length(&parts) <= COMMENT_BYTES {
            break;
        }
        (parts, larger) = (parts_with(regions[1]), Some(regions[0]));
    }
    let mut room = COMMENT_BYTES.saturating_sub(length(&parts));
    for (index, text) in parts.iter_mut().enumerate() {
        let Some(longer) = larger.map(|regions| part(index, regions)) else { break };
        if longer.len() <= text.len() + room {
            room = room + text.len() - longer.len();
            *text = longer;
        }
    }
    join(heading, parts)
}

fn join(mut text: String, parts: Vec<String>) -> String {
    let count = parts.len();
    for (index, part) in parts.into_iter().enumerate() {
        if text.len() + part.len() > COMMENT_BYTES {
            let _ = writeln!(
                text,
                "\n**The rest is left out here, {} of {count} parts: a comment has room for no more.**",
                count - index
            );
            break;
        }
        text += &part;
    }
    text
}
