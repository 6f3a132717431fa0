//! The least change that would have a request permitted, as an explanation tells it.

use std::fmt;

use super::Explanation;
use super::text::Shown;
use crate::counterfactual::{Changing, Counterfactual, Counterfactuals};
use crate::permitted_set::TooComplex;
use meterwarden::base::suggest;

/// What was looked for, and what was found.
#[derive(Clone, Debug)]
pub(super) struct Least {
    changing: Changing,
    /// Nothing where no such change would do.
    pub(super) found: Result<Option<Counterfactuals>, TooComplex>,
}

impl Explanation<'_> {
    /// The same with the least change that would have the request permitted, as [`meterwarden::Plan::remedies`] found it for what
    /// may change. Of a request that is permitted there is none to tell.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use meterwarden::{Date, Policy, Request, Source, compile};
    /// use meterwarden_analysis::counterfactual::Changing;
    ///
    /// let rules = r#"
    ///     attribute role "User Role" always { refuse E2 "not this role"  IS ED }
    ///     service 4.2 "Read Registers" { permit network "the network operator reads" { role ED  source "row 4.2" } }"#;
    /// let plan = compile(Arc::new(Policy::from_sources(vec![Source::new("example.rules", rules)])?));
    /// let request = Request::new("4.2", Date::constant(2026, 1, 1)).value("role", "IS");
    ///
    /// let changing = Changing::Anything;
    /// let found = plan.permitted("4.2", request.at)?.unwrap().counterfactuals(&request, &changing, 10)?;
    /// let explanation = meterwarden_analysis::explain(&plan, &request)?.with_least_change(&changing, Ok(found));
    /// assert!(explanation.to_string().contains("it would be permitted with one attribute other:\n  role ED\n"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_least_change(
        mut self,
        changing: &Changing,
        found: Result<Option<Counterfactuals>, TooComplex>,
    ) -> Self {
        let told = !self.decision.is_permit();
        self.least = told.then(|| Least { changing: changing.clone(), found });
        self
    }
}

impl Shown<'_, '_> {
    /// The changes, a line each. Where no permit is in force, that is said elsewhere.
    pub(super) fn write_least(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(Least { changing, found }) = &self.of.least else { return Ok(()) };
        match found {
            Ok(Some(found)) => self.write_remedies(changing, found, f),
            Ok(None) if self.reasons.candidates.is_empty() => Ok(()),
            Ok(None) => match of_what(changing) {
                Some(of_what) => {
                    writeln!(f, "\nno change of {of_what} alone would have it permitted on this date")
                }
                None => writeln!(f, "\nwhatever it said, it would not be permitted on this date"),
            },
            Err(explodes) => writeln!(f, "\nwhat the least change would be is not known: {explodes}"),
        }
    }

    fn write_remedies(
        &self,
        changing: &Changing,
        found: &Counterfactuals,
        f: &mut fmt::Formatter<'_>,
    ) -> fmt::Result {
        let (many, fewer) = match found.attributes {
            1 => ("one attribute".to_owned(), ""),
            many => (format!("{many} attributes"), ", and with no fewer"),
        };
        let how = self.how(found);
        let of_what = of_what(changing).map_or_else(String::new, |of_what| format!(", of {of_what}"));
        writeln!(f, "\nit would be permitted with {many} {how}{of_what}{fewer}:")?;
        for (nth, remedy) in found.remedies.iter().enumerate() {
            let clause = |clause: &String| {
                let mark = if how != "said" && self.leaves_unsaid(clause) { " (not said)" } else { "" };
                format!("{clause}{mark}")
            };
            let said: Vec<String> = remedy.say.iter().map(clause).collect();
            writeln!(f, "  {}{}", if nth == 0 { "" } else { "or " }, said.join("; "))?;
        }
        if found.more { writeln!(f, "  and more") } else { Ok(()) }
    }

    /// Whether attributes are to be other than they are, or only to be said.
    fn how(&self, found: &Counterfactuals) -> &'static str {
        let clauses = || found.remedies.iter().flat_map(|Counterfactual { say, .. }| say);
        match (clauses().all(|one| self.leaves_unsaid(one)), clauses().any(|one| self.leaves_unsaid(one))) {
            (true, _) => "said",
            (false, true) => "said or other",
            (false, false) => "other",
        }
    }

    /// Whether the request says nothing of the attribute of a clause. It is one that the rules look at.
    fn leaves_unsaid(&self, clause: &str) -> bool {
        let attribute = |text: &str| text.split(' ').next().map(str::to_owned);
        !self.reasons.said.iter().any(|said| attribute(said) == attribute(clause))
    }
}

/// What may change, where that is not everything.
fn of_what(changing: &Changing) -> Option<String> {
    match changing {
        Changing::Anything => None,
        Changing::BySender => Some("what the message itself says".to_owned()),
        Changing::Attributes(names) => Some(suggest::join(names, "and")),
    }
}
