//! Mutants as text and as JSON.

use std::fmt;

use serde::{Serialize, Serializer, ser::SerializeStruct};

use super::{Fate, Mutation, Witness};
use meterwarden::decide::request::Fact;

impl fmt::Display for Mutation {
    /// The mutants that survive, each with a request that would kill it; then the share of killed mutants.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (mutant, witness) in self.survivors() {
            let (before, after) = (short(&witness.before), short(&witness.after));
            writeln!(f, "{}: {}: {}", mutant.place, mutant.of, mutant.change)?;
            writeln!(f, "    {}: {before}; then {after}", words(witness))?;
        }
        if self.survivors().next().is_some() {
            writeln!(f)?;
        }
        write!(f, "mutants  {} are noticed", self.killed())?;
        let equivalent = self.mutants.iter().filter(|mutant| mutant.fate == Fate::Equivalent).count();
        if equivalent > 0 { write!(f, "; {equivalent} more change no answer") } else { Ok(()) }
    }
}

/// A decision without its reason, but with the forbid that refuses.
fn short(decision: &str) -> String {
    let Some((short, reason)) = decision.split_once(": ") else { return decision.to_owned() };
    match reason.rsplit_once(" [") {
        Some((_, rule)) if rule.ends_with(']') => format!("{short} [{rule}"),
        _ => short.to_owned(),
    }
}

/// `8.4 on 2026-01-01 with status: Pending`: a request, with only the facts that are unusual in cases of its service.
fn words(witness: &Witness) -> String {
    let request = &witness.request;
    let facts = request.facts.iter().filter(|(name, _)| witness.unusual.contains(name));
    let facts = facts.map(|(name, fact)| match fact {
        Fact::Value(value) => format!("{name}: {value}"),
        Fact::Set(values) => format!("{name}: [{}]", values.join(", ")),
        Fact::Members { present, absent } => {
            format!("{name}: {{ present: [{}], absent: [{}] }}", present.join(", "), absent.join(", "))
        }
    });
    let facts = facts.collect::<Vec<_>>().join(", ");
    let with = if facts.is_empty() { String::new() } else { format!(" with {facts}") };
    format!("{} on {}{with}", request.service, request.at)
}

impl Serialize for Mutation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut data = serializer.serialize_struct("Mutation", 2)?;
        data.serialize_field("mutants", &self.killed())?;
        data.serialize_field("each", &self.mutants)?;
        data.end()
    }
}
