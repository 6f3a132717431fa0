//! `meterwarden test --coverage` and `--mutate`: how good the scenarios are.

use std::io::{self, Write};

use meterwarden::Plan;
use meterwarden_authoring::coverage::{Coverage, Share, coverage};
use meterwarden_authoring::mutate::{Mutation, mutate};
use meterwarden_authoring::scenario::{Filter, ScenarioFile};
use serde::Serialize;

use crate::args::{Measure, Measures, Minimum};
use crate::terminal::{self, calm};

/// What was asked to be measured.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Measured {
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<Coverage>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mutation: Option<Mutation>,
}

/// The results of a run with what was measured of its cases.
#[derive(Serialize)]
pub(crate) struct Beside<'m, T> {
    #[serde(flatten)]
    results: &'m T,
    #[serde(flatten)]
    measured: &'m Measured,
}

impl Measured {
    /// Measures what is asked for, or has a minimum.
    pub(crate) fn of(asked: &Measures, plan: &Plan, files: &[ScenarioFile], filter: &Filter) -> Self {
        let mutants = asked.mutate || asked.min.iter().any(|one| one.of == Measure::Mutants);
        let covered = asked.coverage || asked.min.iter().any(|one| one.of != Measure::Mutants);
        Self {
            coverage: covered.then(|| coverage(plan, files, filter)),
            mutation: mutants.then(|| mutate(plan, files, filter)),
        }
    }

    /// Says for people what was measured; if asked, also what no case could show.
    pub(crate) fn people(&self, out: &mut impl Write, verbose: bool) -> io::Result<()> {
        if let Some(coverage) = &self.coverage {
            let never = if verbose { coverage.cannot_be_shown() } else { Vec::new() };
            if !never.is_empty() {
                writeln!(out, "\n{}", calm(&never.join("\n")))?;
            }
            writeln!(out, "\n{}", calm(&coverage.to_string()))?;
        }
        if let Some(mutation) = &self.mutation {
            writeln!(out, "\n{}", calm(&mutation.to_string()))?;
        }
        Ok(())
    }

    /// As data, beside the results of the run.
    pub(crate) fn beside<'m, T>(&'m self, results: &'m T) -> Beside<'m, T> {
        Beside { results, measured: self }
    }

    /// Whether something is less than it must be; says so of each.
    pub(crate) fn is_below(&self, least: &[Minimum]) -> bool {
        let mut below = false;
        for one in least {
            let (name, share) = self.share(one.of);
            if share.permille() < one.permille {
                let wanted = format!("{}.{}", one.permille / 10, one.permille % 10);
                terminal::error(&format!("{name}: {share} is less than {wanted} %"));
                below = true;
            }
        }
        below
    }

    fn share(&self, of: Measure) -> (&'static str, Share) {
        let covered = |share: fn(&Coverage) -> Share| self.coverage.as_ref().map(share).unwrap_or_default();
        match of {
            Measure::Rules => ("rules", covered(Coverage::rules_hit)),
            Measure::Clauses => ("clauses", covered(Coverage::clauses_shown)),
            Measure::Space => ("space", covered(Coverage::space_pinned)),
            Measure::Mutants => ("mutants", self.mutation.as_ref().map(Mutation::killed).unwrap_or_default()),
        }
    }
}
