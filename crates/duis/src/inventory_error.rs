//! What can be wrong with an inventory file.

use jiff::civil::Date;

use crate::error::MessageError;
use crate::eui::Eui64;
use crate::place::Place;

/// Why a file is no part of an inventory.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InventoryError {
    /// `devces: []`
    #[error("{0}")]
    Yaml(#[from] Box<serde_yaml::Error>),
    /// Two parties or two devices of one name.
    #[error("{place}: the {what} `{id}` stands here a second time")]
    Twice {
        /// Where it stands the second time.
        place: Place,
        /// `party` or `device`
        what: &'static str,
        /// Its name.
        id: Eui64,
    },
    /// `roles: []`
    #[error("{place}: the party `{id}` has no role")]
    NoRole {
        /// Where the roles stand.
        place: Place,
        /// The party.
        id: Eui64,
    },
    /// `{ from: 2023-07-01, until: 2023-07-01 }`
    #[error("{place}: from {from} until {until} is no time at all")]
    Window {
        /// Where the window stands.
        place: Place,
        /// Its first day.
        from: Date,
        /// The first day after it.
        until: Date,
    },
    /// A file says `Suspended`, a Read Inventory response `Commissioned`.
    #[error("the {what} of the device `{id}` is `{first}` in one file and `{second}` in another")]
    Conflict {
        /// The device.
        id: Eui64,
        /// `status`
        what: &'static str,
        /// What was read first.
        first: String,
        /// What was read later.
        second: String,
    },
    /// A Read Inventory response that cannot be read.
    #[error("{0}")]
    Response(#[from] MessageError),
}
