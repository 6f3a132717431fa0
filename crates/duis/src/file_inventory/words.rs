//! The words that a policy has for the facts of an inventory, and each word of an inventory once.

use std::collections::BTreeSet;
use std::sync::Arc;

use meterwarden::Policy;
use strsim::osa_distance;

use crate::error::quote;
use crate::inventory_error::InventoryError;
use crate::limits::{MAX_SIMILAR_EDITS, MAX_WORD_BYTES};
use crate::place::Place;

/// Which attribute of a policy a word belongs to
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Role,
    DeviceType,
    Status,
    Generation,
    EsmeVariant,
}

impl Kind {
    fn attribute(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::DeviceType => "device",
            Self::Status => "status",
            Self::Generation => "generation",
            Self::EsmeVariant => "esme-variant",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Role => "User Role",
            Self::DeviceType => "Device Type",
            Self::Status => "SMI Status",
            Self::Generation => "SMETS generation",
            Self::EsmeVariant => "ESME Variant",
        }
    }
}

/// The words of an inventory. Millions of devices share a few.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    /// For each kind, the values of the policy; `None` if any word is accepted
    known: [Option<BTreeSet<String>>; 5],
    used: BTreeSet<Arc<str>>,
}

impl Words {
    /// Those that the attributes of a policy have. An attribute that the policy does not have accepts any word.
    pub(super) fn of(policy: &Policy) -> Self {
        let kinds = [Kind::Role, Kind::DeviceType, Kind::Status, Kind::Generation, Kind::EsmeVariant];
        let known = kinds.map(|kind| {
            let attribute = policy.attribute(kind.attribute())?;
            Some(attribute.values.iter().map(|value| value.name.clone()).collect())
        });
        Self { known, used: BTreeSet::new() }
    }

    /// A word that an inventory file states. It is an error if the policy does not have it.
    pub(super) fn stated(
        &mut self,
        kind: Kind,
        word: &str,
        place: Place,
    ) -> Result<Arc<str>, InventoryError> {
        match self.known.get(kind as usize).and_then(Option::as_ref) {
            Some(known) if !known.contains(word) => {
                let nearest = nearest(word, known).map(str::to_owned);
                let word = quote(word);
                Err(InventoryError::UnknownWord { place, what: kind.name(), word, nearest })
            }
            _ => Ok(self.shared(word)),
        }
    }

    /// One copy of a word.
    pub(super) fn shared(&mut self, word: &str) -> Arc<str> {
        if let Some(used) = self.used.get(word) {
            return Arc::clone(used);
        }
        let new: Arc<str> = word.into();
        self.used.insert(Arc::clone(&new));
        new
    }
}

/// The most similar word of a policy, without regard to capitals.
fn nearest<'k>(word: &str, known: &'k BTreeSet<String>) -> Option<&'k str> {
    if word.len() > MAX_WORD_BYTES {
        return None;
    }
    // A text in which every character differs is not similar.
    let most = MAX_SIMILAR_EDITS.min(word.len().saturating_sub(1));
    let folded = word.to_lowercase();
    let edits = |known: &String| osa_distance(&folded, &known.to_lowercase());
    let near = known.iter().map(|known| (edits(known), known)).filter(|(edits, _)| *edits <= most);
    near.min().map(|(_, known)| known.as_str())
}
