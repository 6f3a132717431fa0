//! Errors in inventory files.

use jiff::civil::Date;

use crate::error::MessageError;
use crate::eui::Eui64;
use crate::place::Place;

/// Why a file cannot be added to an inventory.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InventoryError {
    /// `devces: []`
    #[error("{0}")]
    Yaml(#[from] Box<serde_yaml::Error>),
    /// Two parties or two devices with one identifier
    #[error("{place}: the {what} `{id}` is listed a second time")]
    Twice {
        /// The place of the second entry
        place: Place,
        /// `party` or `device`
        what: &'static str,
        /// Its identifier
        id: Eui64,
    },
    /// `roles: []`
    #[error("{place}: the party `{id}` has no role")]
    NoRole {
        /// The place of the empty list of roles
        place: Place,
        /// The party
        id: Eui64,
    },
    /// `{ from: 2023-07-01, until: 2023-07-01 }`
    #[error("{place}: `until: {until}` is not after `from: {from}`")]
    Window {
        /// The place of `from`
        place: Place,
        /// The first day
        from: Date,
        /// The first day after the end
        until: Date,
    },
    /// One file has the status `Suspended`, a Read Inventory response `Commissioned`.
    #[error("the {what} of the device `{id}` is `{first}` in one file and `{second}` in another")]
    Conflict {
        /// The device
        id: Eui64,
        /// `type`, `status`, `generation` or `ESME variant`
        what: &'static str,
        /// The value that was read first
        first: String,
        /// The value that was read later
        second: String,
    },
    /// A Read Inventory response that cannot be read
    #[error("{0}")]
    Response(#[from] MessageError),
}
