//! The numeric limits of the analyses. Each one bounds the work or the length of one answer.

/// The most regions in the answer to one question of [`ask`](fn@crate::ask), for one service and interval.
///
/// Nobody reads more than a thousand regions, and an incomplete answer would be wrong. Above the limit the question is
/// refused as too large.
pub(crate) const MOST_ANSWER_REGIONS: usize = 1_000;

/// The most regions that [`diff`](fn@crate::diff) describes for one service and one kind of change.
///
/// A reviewer does not read more than some dozens. The requests of the remaining regions are counted exactly and
/// reported as `unshown`.
pub(crate) const MOST_DIFF_REGIONS: usize = 200;

/// The most names that an error about an unknown name lists when no known name is similar to it.
///
/// Twenty names fit on a few lines of a terminal. A longer list hides the rest of the message.
pub(crate) const MOST_NAMES_SHOWN: usize = 20;

/// The most sets of attributes that the counterfactual search tries for a request that does not state everything.
///
/// Each set costs one projection of a region. 20,000 sets are enough for all subsets of 14 attributes, and for all
/// subsets of up to four of 26 attributes.
pub(crate) const MOST_SETS_TRIED: usize = 20_000;

/// The most boxes that the snapshot of a service merges into larger ones.
///
/// Merging compares all pairs of boxes, about ten million pairs at this limit. Above it the boxes are left as they are:
/// the snapshot is still exact, but its boxes are not all as large as possible.
pub(crate) const MOST_BOXES_MERGED: usize = 3_000;
