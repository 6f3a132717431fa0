//! Every numeric limit of this crate. Messages come from outside, so each limit bounds the memory or
//! the time that a malicious message can cost.

/// What a message may ask for. A gateway that expects less can allow less; each limit that a message exceeds is an error
/// that names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The longest message that is read, in bytes: 16 MiB. A message is held in memory as a whole. The largest messages
    /// of the test suite have about 3 KB
    pub bytes: usize,
    /// The most devices of one message: 50,000, as many as `DeviceIDList` of the DUIS XML Schema 5.4 has room for
    pub devices: usize,
    /// The most different elements of one body: 1,000. Every request of the message states all of them. The largest
    /// message of the test suite has fewer than 100
    pub fields: usize,
    /// The most facts about elements that the requests of one message state together, devices times different elements:
    /// 500,000. A message about 50,000 devices has six elements, by the DUIS XML Schema 5.4
    pub field_facts: usize,
    /// The longest path of an element of the body, in bytes: 1,000, of the names of the elements around it and its own.
    /// Each different path is kept. The longest of the DUIS XML Schema 5.4 has 159
    pub path_bytes: usize,
    /// The longest text of an element that a policy reads, in bytes: 100. It is compared with the values of an
    /// attribute, which are short words
    pub value_bytes: usize,
}

impl Limits {
    /// The limits of [`read`](crate::read).
    pub const DEFAULT: Self = Self {
        bytes: 16 * 1024 * 1024,
        devices: 50_000,
        fields: 1_000,
        field_facts: 500_000,
        path_bytes: 1_000,
        value_bytes: 100,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// How deep elements may be nested. The reader keeps an entry for each open element. The deepest
/// message of the test suite has 7 levels.
pub(crate) const MAX_DEPTH: usize = 64;

/// The most attributes of one element. The parser keeps the names of an element's attributes to find
/// repeated ones. No element of the test suite has more than 2.
pub(crate) const MAX_ATTRIBUTES: usize = 64;

/// The most values of an element that a policy reads: `RemotePartyRole` of 6.24.1 may be in the body
/// seven times, by the DUIS XML Schema 5.4.
pub(crate) const MAX_VALUES: usize = 7;

/// The most characters of the message that an error quotes, so that an error fits on one line of a log.
pub(crate) const MAX_QUOTED_CHARACTERS: usize = 60;

/// The longest text, in bytes, for which a similar Service Reference Variant is searched. The edit
/// distance takes time for each byte of the text, and the longest variants (`6.15.1`) have 6 bytes.
pub(crate) const MAX_SIMILAR_BYTES: usize = 8;

/// The most edits between a text and the Service Reference Variant that an error suggests for it.
/// With more edits, nearly every short text is similar to a variant.
pub(crate) const MAX_SIMILAR_EDITS: usize = 2;

/// The longest word of an inventory, in bytes, for which a similar word of the policy is searched. The longest of the
/// shipped policy, `InstalledNotCommissioned`, has 24.
pub(crate) const MAX_WORD_BYTES: usize = 32;

/// The largest offset from UTC that an `xs:dateTime` may have, in minutes: 14 hours, by XML Schema.
pub(crate) const MAX_OFFSET_MINUTES: i64 = 14 * 60;

/// The most characters of a metering point, by the type `MPxN` of the DUIS XML Schema 5.4.
pub(crate) const MPXN_CHARACTERS: usize = 13;

/// The most nodes of a YAML inventory. The parser's own limit is meant for configuration files; the
/// inventory of a whole region is longer.
pub(crate) const MAX_YAML_NODES: usize = 50_000_000;

/// The most parser events of a YAML inventory: up to three for each node, as a list or a map has a
/// start and an end.
pub(crate) const MAX_YAML_EVENTS: usize = 3 * MAX_YAML_NODES;

/// The most bytes of all scalars of a YAML inventory together: 1 GiB, about 21 for each node.
pub(crate) const MAX_YAML_SCALAR_BYTES: usize = 1 << 30;
