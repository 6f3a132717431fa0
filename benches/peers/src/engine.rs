//! What every engine has to offer, and how it is timed.

use std::hint::black_box;
use std::time::{Duration, Instant};

use crate::message::Message;

/// An engine that holds the policy in its own form.
pub(crate) trait Engine {
    /// What the table calls it.
    fn name(&self) -> &'static str;

    /// Makes ready what [`Engine::prebuilt`] decides: the requests in the engine's own form.
    fn prepare(&mut self, messages: &[Message<'_>]);

    /// Decides the `nth` of the prepared requests.
    fn prebuilt(&mut self, nth: usize) -> Verdict<'_>;

    /// Decides a message that says names.
    fn strings(&mut self, message: &Message<'_>) -> Verdict<'_>;

    /// Decides a line of JSON.
    fn json(&mut self, line: &str) -> Verdict<'_> {
        let message: Message<'_> = serde_json::from_str(line).unwrap();
        // The verdict borrows of the engine, never of the message.
        self.strings(&message)
    }

    /// Decides every `step`th request once. In each engine this is a loop of its own, without calls through a table.
    fn pass(&mut self, way: Way, asked: &Asked<'_>, step: usize) -> Duration {
        let start = Instant::now();
        match way {
            Way::Prebuilt => {
                for nth in (0..asked.messages.len()).step_by(step) {
                    black_box(self.prebuilt(black_box(nth)));
                }
            }
            Way::Strings => {
                for message in asked.messages.iter().step_by(step) {
                    black_box(self.strings(black_box(message)));
                }
            }
            Way::Json => {
                for line in asked.lines.iter().step_by(step) {
                    black_box(self.json(black_box(line)));
                }
            }
        }
        start.elapsed()
    }
}

/// An answer, as far as the engine gives one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict<'e> {
    /// The first permit in policy order that matches, where the engine names it.
    Permit(Option<&'e str>),
    /// Where and with what it is refused, where the engine says so.
    Refuse(Option<Why<'e>>),
}

/// The attribute that refuses, and the response code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Why<'e> {
    pub(crate) attribute: &'e str,
    pub(crate) code: Option<&'e str>,
}

impl Verdict<'_> {
    pub(crate) const fn plain(permit: bool) -> Self {
        if permit { Self::Permit(None) } else { Self::Refuse(None) }
    }

    /// Whether this says nothing else than a whole verdict does.
    pub(crate) fn agrees(&self, whole: &Self) -> bool {
        match (self, whole) {
            (Self::Permit(None), Self::Permit(_)) | (Self::Refuse(None), Self::Refuse(_)) => true,
            _ => self == whole,
        }
    }

    /// Whether it is more than permit or refuse.
    pub(crate) fn is_whole(&self) -> bool {
        !matches!(self, Self::Permit(None) | Self::Refuse(None))
    }
}

/// What a decision begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Prebuilt,
    Strings,
    Json,
}

impl Way {
    pub(crate) const ALL: [Self; 3] = [Self::Prebuilt, Self::Strings, Self::Json];
}

/// The same requests as messages and as lines of JSON.
pub(crate) struct Asked<'r> {
    pub(crate) messages: Vec<Message<'r>>,
    pub(crate) lines: &'r [String],
}
