//! Errors in inventory files.

use std::fmt;

use jiff::civil::Date;

use crate::error::{MessageError, did_you_mean};
use crate::eui::Eui64;
use crate::mpxn::Mpxn;
use crate::place::Place;

/// Where an inventory states something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The name of the file, in backticks, or its number
    pub file: String,
    /// The line, counted from 1
    pub line: u32,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} of {}", self.line, self.file)
    }
}

/// Why a file cannot be added to an inventory, or why an inventory cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InventoryError {
    /// `devces: []`
    #[error("{0}")]
    Yaml(#[from] Box<serde_yaml::Error>),
    /// Two parties or two devices with one identifier
    #[error("{place}: the {what} `{id}` is listed a second time; the first is in {first}")]
    Twice {
        /// The place of the second entry
        place: Place,
        /// `party` or `device`
        what: &'static str,
        /// Its identifier
        id: Eui64,
        /// The first entry
        first: Origin,
    },
    /// `roles: []`
    #[error("{place}: the party `{id}` has no role")]
    NoRole {
        /// The place of the empty list of roles
        place: Place,
        /// The party
        id: Eui64,
    },
    /// `type: Teapot`
    #[error("{place}: the policy has no {what} `{word}`{}", did_you_mean(nearest))]
    UnknownWord {
        /// The place of the entry
        place: Place,
        /// `User Role`, `Device Type`, `SMI Status`, `SMETS generation` or `ESME Variant`
        what: &'static str,
        /// The word
        word: String,
        /// The most similar word of the policy, if one is similar
        nearest: Option<String>,
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
    #[error("{place}: `{party}` holds `{mpxn}` as {role} while `{first_party}` does, by {first}")]
    TwoRegistrants {
        /// The place of the second registration
        place: Place,
        /// The metering point
        mpxn: Mpxn,
        /// The role
        role: String,
        /// The party of the second registration
        party: Eui64,
        /// The party of the first
        first_party: Eui64,
        /// The first registration
        first: Origin,
    },
    /// `{ id: 0A-…-01, linked: [0A-…-01] }`
    #[error("{place}: the device `{id}` is linked to itself")]
    LinkedToItself {
        /// The place of the link
        place: Place,
        /// The device
        id: Eui64,
    },
    /// One file has the status `Suspended`, a Read Inventory response `Commissioned`.
    #[error("{place}: the device `{id}` has the {what} `{second}`, and `{first_value}` by {first}")]
    Conflict {
        /// The place of the later entry
        place: Place,
        /// The device
        id: Eui64,
        /// `type`, `status`, `generation`, `ESME variant`, `metering points` or `pre-notifier`
        what: &'static str,
        /// The value that was read first
        first_value: String,
        /// Where it was read
        first: Box<Origin>,
        /// The value that was read later
        second: String,
    },
    /// A registration of a party that no file lists
    #[error("the party `{party}` is not listed; {origin} names it as the {what}")]
    UnknownParty {
        /// Where it is named
        origin: Origin,
        /// `holder of a registration`, `nominated agent` or `pre-notifier`
        what: &'static str,
        /// The party
        party: Eui64,
    },
    /// A link to a device that no file lists, in an inventory with all devices
    #[error("the device `{device}` is not listed, although all devices are; {origin} names it")]
    UnknownDevice {
        /// Where it is named
        origin: Origin,
        /// The device
        device: Eui64,
    },
    /// `role: ES` for a metering point that a meter lists under `import-mpxns`
    #[error("`{mpxn}` is registered as {role} by {registration}, and is for {direction} by {point}")]
    WrongDirection {
        /// The metering point
        mpxn: Mpxn,
        /// The role
        role: String,
        /// The registration
        registration: Origin,
        /// `import` or `export`
        direction: &'static str,
        /// The device
        point: Origin,
    },
    /// A metering point that one meter has for import, and another for export
    #[error("`{mpxn}` is for import by {import}, and for export by {export}")]
    BothDirections {
        /// The metering point
        mpxn: Mpxn,
        /// A device that has it for import
        import: Origin,
        /// A device that has it for export
        export: Origin,
    },
    /// A Read Inventory response that cannot be read
    #[error("{0}")]
    Response(#[from] MessageError),
}
