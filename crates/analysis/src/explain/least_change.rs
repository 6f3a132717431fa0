//! The least change that would make a request permitted, as an explanation shows it.

use std::fmt;

use super::Explanation;
use super::text::ShownExplanation;
use crate::counterfactual::{Changing, Counterfactual, Counterfactuals};
use crate::permitted_set::TooComplex;
use meterwarden::base::suggest;

/// The attributes that may change, and the least changes of these.
#[derive(Clone, Debug)]
pub(super) struct LeastChange {
    changing: Changing,
    /// `None` if no change of these attributes makes the request permitted.
    pub(super) found: Result<Option<Counterfactuals>, TooComplex>,
}

impl Explanation<'_> {
    /// The same explanation with the least change that would make the request permitted, as
    /// [`counterfactuals`](crate::counterfactuals) calculated it for the attributes that may change. A permitted
    /// request has none, and is explained without it.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use meterwarden::{Date, Policy, Request, Source, compile};
    /// use meterwarden_analysis::counterfactual::Changing;
    /// use meterwarden_analysis::{counterfactuals, explain};
    ///
    /// let rules = r#"
    ///     attribute role "User Role" always { refuse E2 "not this role"  IS ED }
    ///     service 4.2 "Read Registers" { permit network { role ED  source "row 4.2" } }"#;
    /// let plan = compile(Arc::new(Policy::from_sources(vec![Source::new("example.rules", rules)])?));
    /// let request = Request::new("4.2", Date::constant(2026, 1, 1)).value("role", "IS");
    ///
    /// let changing = Changing::Anything;
    /// let found = counterfactuals(&plan, &request, &changing, 10)?;
    /// let explanation = explain(&plan, &request)?.with_least_change(&changing, Ok(found));
    /// assert!(explanation.to_string().contains("it would be permitted with one attribute changed:\n  role ED\n"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_least_change(
        mut self,
        changing: &Changing,
        found: Result<Option<Counterfactuals>, TooComplex>,
    ) -> Self {
        let refused = !self.decision.is_permit();
        self.least_change = refused.then(|| LeastChange { changing: changing.clone(), found });
        self
    }
}

impl ShownExplanation<'_, '_> {
    /// The changes, one a line. If no permit is in force, another line of the explanation says so.
    pub(super) fn write_least_change(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(LeastChange { changing, found }) = &self.explanation.least_change else { return Ok(()) };
        match found {
            Ok(Some(found)) => self.write_remedies(changing, found, f),
            Ok(None) if self.reasons.candidates.is_empty() => Ok(()),
            Ok(None) => match changeable(changing) {
                Some(changeable) => {
                    writeln!(f, "\nno change of {changeable} alone would make it permitted on this date")
                }
                None => writeln!(f, "\nno change would make it permitted on this date"),
            },
            Err(too_complex) => writeln!(f, "\nthe least change is not known: {too_complex}"),
        }
    }

    fn write_remedies(
        &self,
        changing: &Changing,
        found: &Counterfactuals,
        f: &mut fmt::Formatter<'_>,
    ) -> fmt::Result {
        let (number, no_fewer) = match found.attributes {
            1 => ("one attribute".to_owned(), ""),
            number => (format!("{number} attributes"), ", and with no fewer"),
        };
        let how = self.how(found);
        let changeable =
            changeable(changing).map_or_else(String::new, |changeable| format!(", of {changeable}"));
        writeln!(f, "\nit would be permitted with {number} {how}{changeable}{no_fewer}:")?;
        for (index, remedy) in found.remedies.iter().enumerate() {
            let marked = |clause: &String| {
                let mark = if how != "stated" && self.leaves_unstated(clause) { " (not stated)" } else { "" };
                format!("{clause}{mark}")
            };
            let clauses: Vec<String> = remedy.say.iter().map(marked).collect();
            writeln!(f, "  {}{}", if index == 0 { "" } else { "or " }, clauses.join("; "))?;
        }
        if found.more { writeln!(f, "  and more") } else { Ok(()) }
    }

    /// Whether attributes must change, or only be stated.
    fn how(&self, found: &Counterfactuals) -> &'static str {
        let clauses = || found.remedies.iter().flat_map(|Counterfactual { say, .. }| say);
        let unstated = |clause: &String| self.leaves_unstated(clause);
        match (clauses().all(unstated), clauses().any(unstated)) {
            (true, _) => "stated",
            (false, true) => "stated or changed",
            (false, false) => "changed",
        }
    }

    /// Whether the request does not state the attribute of a clause. The rules check this attribute.
    fn leaves_unstated(&self, clause: &str) -> bool {
        let attribute = |text: &str| text.split(' ').next().map(str::to_owned);
        !self.reasons.stated.iter().any(|fact| attribute(fact) == attribute(clause))
    }
}

/// The attributes that may change, in words; `None` if every attribute may.
fn changeable(changing: &Changing) -> Option<String> {
    match changing {
        Changing::Anything => None,
        Changing::BySender => Some("what the sender states in the message".to_owned()),
        Changing::Attributes(names) => Some(suggest::join(names, "and")),
    }
}
