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
    /// Two parties hold one metering point in one role at one time
    #[error(
        "{place}: `{party}` holds `{mpxn}` as {role} while `{first_party}` does, by line {first_line} of {first_file}"
    )]
    TwoRegistrants {
        /// The place of the second registration
        place: Place,
        /// The metering point
        mpxn: String,
        /// The role
        role: String,
        /// The party of the second registration
        party: Eui64,
        /// The party of the first
        first_party: Eui64,
        /// The line of the first
        first_line: usize,
        /// The file of the first
        first_file: String,
    },
    /// `{ id: 0A-…-01, linked: [0A-…-01] }`
    #[error("{place}: the device `{id}` is linked to itself")]
    LinkedToItself {
        /// The place of the link
        place: Place,
        /// The device
        id: Eui64,
    },
    /// A Read Inventory response that lists a device twice
    #[error("the response lists the device `{0}` a second time")]
    TwiceInResponse(Eui64),
    /// One file has the status `Suspended`, a Read Inventory response `Commissioned`.
    #[error("the device `{id}` has the {what} `{second}` here, and `{first}` in {first_file}")]
    Conflict {
        /// The device
        id: Eui64,
        /// `type`, `status`, `generation`, `ESME variant`, `metering points` or `pre-notifier`
        what: &'static str,
        /// The value that was read first
        first: String,
        /// The file that has this value
        first_file: String,
        /// The value that was read later
        second: String,
    },
    /// A Read Inventory response that cannot be read
    #[error("{0}")]
    Response(#[from] MessageError),
}
