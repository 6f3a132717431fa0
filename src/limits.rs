//! Every numeric limit of the engine, with the reason for its value. What a person writes is far below all of them; a
//! policy above one of the first group is refused by `check` with a finding.

/// A policy has at most this many attributes: a request holds one number for each of them, without a heap allocation.
pub const MOST_ATTRIBUTES: usize = 32;

/// A set attribute has at most this many values: a subset is one machine word of 128 bits, and the last bit means
/// "a field that the service does not declare".
pub const MOST_SET_VALUES: usize = 127;

/// The fields of a service are nested at most this deep. The deepest element of a DUIS 5.4 body is at depth 7.
#[cfg(feature = "parse")]
pub(crate) const MOST_FIELD_DEPTH: usize = 16;

/// The alternatives of the conditions of one rule combine in at most this many ways: a rule is one box for each way.
pub const MOST_COMBINATIONS: usize = 1_000;

/// The rules of a service distinguish at most this many kinds of request. So many can be enumerated where a request
/// states nothing.
pub const MOST_CELLS: u64 = 1_000_000;

/// The most tests of one attribute in one service: an outcome is 128 bits, and two of them are for fields that are not
/// declared.
pub const MOST_TESTS: usize = 126;

/// The most states that making a diagram may take; the rules of a service that a person writes take some hundreds.
pub const MOST_STATES: usize = 200_000;

/// The search for witnesses stops at this number of subsets: `check` refuses a service with far fewer.
pub(crate) const MOST_WITNESSES: usize = 1 << 20;

/// The most steps that one question about covering may take: enough for every policy that a person writes.
pub(crate) const MOST_COVERING_STEPS: usize = 20_000;

/// At most this number of values: every subset has a number of its own.
pub(crate) const MOST_VALUES_AS_BITS: usize = 4;

/// The most numbers of subsets. A request has 16 bits for a subset: 0 means that none is stated, and the numbers from
/// 2^15 on state single members.
pub(crate) const MOST_SUBSET_NUMBERS: usize = (1 << 15) - 2;

/// The most branches that one verdict follows for sets that a request states in part. There are at most 32 for each.
pub(crate) const MOST_BRANCHES_FOLLOWED: usize = 256;

/// From this number of services on, bitmaps are made on all threads.
pub(crate) const PARALLEL_SERVICES: usize = 500;

/// Services whose bitmaps are in the memory at the same time.
pub(crate) const SERVICES_AT_ONCE: usize = 512;

/// The most items that memory is reserved for before they are read. A length that was read is not trusted.
pub(crate) const MOST_RESERVED: usize = 4096;

/// The longest duration that a `clock` states, in seconds: 36,525 days. What is later has no other meaning than never.
#[cfg(feature = "parse")]
pub(crate) const MOST_CLOCK_SECONDS: u64 = 36_525 * 24 * 60 * 60;

/// The largest rule file, in bytes: many times the size of a whole policy.
#[cfg(feature = "parse")]
pub(crate) const MOST_FILE_BYTES: usize = 1 << 20;

/// At most this many errors are reported for one file.
#[cfg(feature = "parse")]
pub(crate) const MOST_ERRORS: usize = 50;

/// Less text than this, in bytes, is parsed in the time that a thread needs to start.
#[cfg(feature = "parse")]
pub(crate) const PARALLEL_BYTES: usize = 1 << 14;

/// Fewer rules than this are checked in the time that a thread needs to start.
#[cfg(feature = "parse")]
pub(crate) const PARALLEL_RULES: usize = 1_000;

/// Values of more words than this are not searched for.
#[cfg(feature = "parse")]
pub(crate) const MOST_VALUE_WORDS: usize = 8;

/// At most this number of equally similar names are suggested. More would be a guess.
pub(crate) const MOST_SUGGESTIONS: usize = 3;
