//! An explanation as text and as data.

use std::fmt;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::Explanation;
use super::candidate::{Candidate, FailedClause, OpenClause};
use super::reasons::{OtherTime, Reasons};
use super::rule_note::{RuleNote, in_force};
use meterwarden::decide::ALTERNATIVES_SEPARATOR;
use meterwarden::decide::{Decision, Outcome};
use meterwarden::policy::Window;

impl Serialize for Explanation<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(serde::Serialize)]
        struct Flat<'a, 'p> {
            #[serde(flatten)]
            decision: &'a Decision<'p>,
            explanation: ShownExplanation<'a, 'p>,
        }
        Flat { decision: &self.decision, explanation: self.shown() }.serialize(serializer)
    }
}

/// An explanation with its reasons.
pub(super) struct ShownExplanation<'e, 'p> {
    pub(super) explanation: &'e Explanation<'p>,
    pub(super) reasons: Reasons<'p>,
}

impl<'p> Explanation<'p> {
    fn shown(&self) -> ShownExplanation<'_, 'p> {
        ShownExplanation { explanation: self, reasons: Reasons::new(self) }
    }
}

impl Serialize for ShownExplanation<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let reasons = &self.reasons;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("service", &reasons.service)?;
        map.serialize_entry("holds", &in_force(reasons.holds))?;
        if !reasons.changed_by.is_empty() {
            map.serialize_entry("changed-by", &reasons.changed_by)?;
        }
        if let Some(closed) = reasons.closed {
            map.serialize_entry("closed", closed)?;
        }
        if !reasons.hints.is_empty() {
            map.serialize_entry("hints", &reasons.hints)?;
        }
        map.serialize_entry("rules", &reasons.rules)?;
        if let Some(Ok(found)) = self.explanation.least_change.as_ref().map(|change| &change.found) {
            map.serialize_entry("least-change", found)?;
        }
        map.serialize_entry("candidates", &reasons.candidates)?;
        if !reasons.forbids.is_empty() {
            map.serialize_entry("forbids", &reasons.forbids)?;
        }
        map.serialize_entry("other-times", &reasons.other_times)?;
        if let Some(proposed) = &reasons.proposed {
            map.serialize_entry("if-proposed", proposed)?;
        }
        map.end()
    }
}

impl fmt::Display for Explanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.shown().fmt(f)
    }
}

impl fmt::Display for ShownExplanation<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.explanation.decision)?;
        self.write_time(f)?;
        self.write_request(f)?;
        self.reasons.rules.iter().try_for_each(|rule| write!(f, "\n{rule}"))?;
        self.write_least_change(f)?;
        self.write_last_failures(f)?;
        self.write_candidates(f)?;
        self.write_forbids(f)
    }
}

impl ShownExplanation<'_, '_> {
    /// How long the outcome holds, and when the same request is permitted.
    fn write_time(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.reasons.holds != Window::ALWAYS {
            writeln!(
                f,
                "  this answer holds {}{}",
                in_force(self.reasons.holds),
                in_brackets(&self.reasons.changed_by)
            )?;
        }
        self.reasons.other_times.iter().try_for_each(|time| write!(f, "  {time}"))?;
        self.reasons.proposed.iter().try_for_each(|proposed| write!(f, "  {proposed}"))
    }

    fn write_request(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  service   {}", self.reasons.service)?;
        for line in self.reasons.doc.lines() {
            writeln!(f, "            {line}")?;
        }
        writeln!(f, "  on        {}", self.explanation.decision.at)?;
        if !self.reasons.stated.is_empty() {
            writeln!(f, "  request   {}", self.reasons.stated.join("; "))?;
        }
        if let Outcome::Undetermined { permitted_when, .. } = &self.explanation.decision.outcome {
            for (index, alternative) in permitted_when.split(ALTERNATIVES_SEPARATOR).enumerate() {
                writeln!(
                    f,
                    "  {} {alternative}",
                    if index == 0 { "permitted when" } else { "            or" }
                )?;
            }
        }
        self.reasons.hints.iter().try_for_each(|hint| writeln!(f, "\n{hint}"))
    }

    /// The permits that failed last, if the request was refused because no permit was left. They are listed only if the
    /// nearest permit, which has a section of its own, is not one of them.
    fn write_last_failures(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Outcome::Refuse(refusal) = &self.explanation.decision.outcome else { return Ok(()) };
        let failed_last = |permit: &&Candidate<'_>| {
            refusal.rule.is_none()
                && permit.failed.first().is_some_and(|failed| failed.attribute == refusal.attribute)
        };
        let last: Vec<&Candidate<'_>> = self.reasons.candidates.iter().filter(failed_last).collect();
        let nearest_is_among_them =
            self.reasons.candidates.first().is_some_and(|nearest| failed_last(&nearest));
        if last.is_empty() || nearest_is_among_them {
            return Ok(());
        }
        writeln!(f, "\nat {} the last permits failed:", refusal.attribute)?;
        last.into_iter().try_for_each(|permit| {
            let accepted = permit.failed.first().map_or("", |failed| failed.accepted.as_str());
            writeln!(f, "  {}, which accepts {} {accepted}", permit.rule.rule, refusal.attribute)
        })
    }

    fn write_candidates(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(closed) = self.reasons.closed {
            return writeln!(f, "\nthe service is closed to everyone: {closed}");
        }
        let Some((nearest, further)) = self.reasons.candidates.split_first() else {
            let is_explained = self.explanation.decision.is_permit()
                || !self.reasons.rules.is_empty()
                || !self.reasons.hints.is_empty();
            return if is_explained {
                Ok(())
            } else {
                writeln!(f, "\nno permit of this service is in force on that date")
            };
        };
        write!(f, "\nnearest permit: {}", nearest.rule)?;
        nearest.write_clauses(f)?;
        if !further.is_empty() {
            writeln!(f, "\nfurther permits, and their clauses that are not met:")?;
        }
        further.iter().try_for_each(|permit| permit.write_line(f))
    }

    fn write_forbids(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.reasons.forbids.is_empty() {
            writeln!(f, "\nforbids that may still match:")?;
        }
        self.reasons.forbids.iter().try_for_each(|forbid| forbid.write_line(f))
    }
}

fn in_brackets(names: &[String]) -> String {
    if names.is_empty() { String::new() } else { format!(" ({})", names.join("; ")) }
}

impl fmt::Display for RuleNote<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} \"{}\"", self.rule, self.text)?;
        for line in self.doc.lines() {
            writeln!(f, "  {line}")?;
        }
        writeln!(f, "  at        {}", self.place)?;
        let because = in_brackets(&self.modifications);
        writeln!(f, "  in force  {}{because}", self.in_force)?;
        if let Some(source) = self.source {
            writeln!(f, "  source    {source}")?;
        }
        if let Some(assumed) = self.assumed {
            writeln!(f, "  assumed   {assumed}")?;
        }
        for condition in &self.conditions {
            writeln!(f, "  when      {} \"{}\"", condition.condition, condition.text)?;
            if let Some(assumed) = condition.assumed {
                writeln!(f, "            assumed: {assumed}")?;
            }
        }
        Ok(())
    }
}

impl OpenClause<'_> {
    fn how_stated(&self) -> &'static str {
        if self.in_part { "stated in part" } else { "not stated" }
    }
}

impl Candidate<'_> {
    fn write_clauses(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for failed in &self.failed {
            let FailedClause { attribute, stated, in_part, accepted, place } = failed;
            let is = if *in_part { "" } else { "is " };
            writeln!(f, "  - {attribute} {is}{stated}; accepted: {accepted} ({place})")?;
        }
        for open in &self.open {
            let how = open.how_stated();
            writeln!(f, "  ? {} is {how}; accepted: {}", open.attribute, open.accepted)?;
        }
        if self.failed.is_empty() && self.open.is_empty() {
            writeln!(f, "  every clause is met")?;
        }
        Ok(())
    }

    /// The rule and, on the same line, its clauses that failed or are still open.
    fn write_line(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let failed = self.failed.iter().map(|clause| format!("{} {}", clause.attribute, clause.accepted));
        let open = self
            .open
            .iter()
            .map(|clause| format!("{} {} ({})", clause.attribute, clause.accepted, clause.how_stated()));
        let clauses: Vec<String> = failed.chain(open).collect();
        let clauses = if clauses.is_empty() { "nothing else".to_owned() } else { clauses.join("; ") };
        writeln!(f, "  {} ({}): {clauses}", self.rule.rule, self.rule.place)
    }
}

impl fmt::Display for OtherTime<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.from, &self.until) {
            (Some(from), Some(until)) => write!(f, "from {from} until {until}")?,
            (Some(from), None) => write!(f, "from {from}")?,
            (None, Some(until)) => write!(f, "before {until}")?,
            (None, None) => write!(f, "always")?,
        }
        writeln!(f, " the same request is permitted by {}", self.rule)
    }
}
