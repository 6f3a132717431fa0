//! The interface of every engine, and how an engine is timed.

use std::hint::black_box;
use std::time::{Duration, Instant};

use crate::message::Message;

/// An engine with the policy in its own form
pub(crate) trait Engine {
    /// Its name in the result table
    fn name(&self) -> &'static str;

    /// Stores the requests in the engine's own form for [`Engine::prebuilt`].
    fn prepare(&mut self, messages: &[Message<'_>]);

    /// Decides the prepared request at `index`.
    fn prebuilt(&mut self, index: usize) -> Verdict<'_>;

    /// Decides a message that states names.
    fn strings(&mut self, message: &Message<'_>) -> Verdict<'_>;

    /// Decides a line of JSON.
    fn json(&mut self, line: &str) -> Verdict<'_> {
        let message: Message<'_> = serde_json::from_str(line).unwrap();
        // The verdict borrows from the engine, never from the message.
        self.strings(&message)
    }

    /// Decides every `step`th request once. As a default method it is compiled for each engine, so the calls inside the
    /// loop are direct.
    fn pass(&mut self, form: InputForm, workload: &Workload<'_>, step: usize) -> Duration {
        let start = Instant::now();
        match form {
            InputForm::Prebuilt => {
                for index in (0..workload.messages.len()).step_by(step) {
                    black_box(self.prebuilt(black_box(index)));
                }
            }
            InputForm::Strings => {
                for message in workload.messages.iter().step_by(step) {
                    black_box(self.strings(black_box(message)));
                }
            }
            InputForm::Json => {
                for line in workload.lines.iter().step_by(step) {
                    black_box(self.json(black_box(line)));
                }
            }
        }
        start.elapsed()
    }
}

/// The answer of an engine, with as much detail as the engine gives
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict<'e> {
    /// The first permit in policy order that matches, if the engine names it
    Permit(Option<&'e str>),
    /// The failed check, if the engine names it
    Refuse(Option<Refusal<'e>>),
}

/// The attribute that failed its check, and the response code
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refusal<'e> {
    pub(crate) attribute: &'e str,
    pub(crate) code: Option<&'e str>,
}

impl Verdict<'_> {
    /// A verdict without details
    pub(crate) const fn plain(permit: bool) -> Self {
        if permit { Self::Permit(None) } else { Self::Refuse(None) }
    }

    /// Whether this verdict, which may lack details, agrees with a detailed one.
    pub(crate) fn agrees(&self, detailed: &Self) -> bool {
        match (self, detailed) {
            (Self::Permit(None), Self::Permit(_)) | (Self::Refuse(None), Self::Refuse(_)) => true,
            _ => self == detailed,
        }
    }

    /// Whether it has details besides permit or refuse.
    pub(crate) fn is_detailed(&self) -> bool {
        !matches!(self, Self::Permit(None) | Self::Refuse(None))
    }
}

/// The form of a request before it is decided
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InputForm {
    Prebuilt,
    Strings,
    Json,
}

impl InputForm {
    pub(crate) const ALL: [Self; 3] = [Self::Prebuilt, Self::Strings, Self::Json];
}

/// The same requests as messages and as lines of JSON
pub(crate) struct Workload<'r> {
    pub(crate) messages: Vec<Message<'r>>,
    pub(crate) lines: &'r [String],
}
