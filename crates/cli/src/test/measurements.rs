//! `meterwarden test --coverage` and `--mutate`: how much of the rules the scenarios cover.

use std::io::{self, Write};

use meterwarden::Plan;
use meterwarden_authoring::coverage::{Coverage, Share, coverage};
use meterwarden_authoring::mutate::{Mutation, mutate};
use meterwarden_authoring::scenario::{Filter, ScenarioFile};
use serde::Serialize;

use crate::args::{Measure, Measures, Minimum};
use crate::terminal::{self, escape_controls};

/// The measurements that were asked for.
#[derive(Debug, Default, Serialize)]
pub(super) struct Measurements {
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<Coverage>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mutation: Option<Mutation>,
}

/// The results of a run with its measurements, for programs.
#[derive(Serialize)]
pub(super) struct ResultsWithMeasurements<'m, T> {
    #[serde(flatten)]
    results: &'m T,
    #[serde(flatten)]
    measurements: &'m Measurements,
}

impl Measurements {
    /// Measures what is asked for or has a minimum.
    pub(super) fn of(arguments: &Measures, plan: &Plan, files: &[ScenarioFile], filter: &Filter) -> Self {
        let with_mutation =
            arguments.mutate || arguments.min.iter().any(|minimum| minimum.of == Measure::Mutants);
        let with_coverage =
            arguments.coverage || arguments.min.iter().any(|minimum| minimum.of != Measure::Mutants);
        Self {
            coverage: with_coverage.then(|| coverage(plan, files, filter)),
            mutation: with_mutation.then(|| mutate(plan, files, filter)),
        }
    }

    /// Writes the measurements for people; if `verbose`, also what no case can cover.
    pub(super) fn write_human(&self, out: &mut impl Write, verbose: bool) -> io::Result<()> {
        if let Some(coverage) = &self.coverage {
            let impossible = if verbose { coverage.cannot_be_shown() } else { Vec::new() };
            if !impossible.is_empty() {
                writeln!(out, "\n{}", escape_controls(&impossible.join("\n")))?;
            }
            writeln!(out, "\n{}", escape_controls(&coverage.to_string()))?;
        }
        if let Some(mutation) = &self.mutation {
            writeln!(out, "\n{}", escape_controls(&mutation.to_string()))?;
        }
        Ok(())
    }

    /// The results of the run with the measurements, for programs.
    pub(super) fn with_results<'m, T>(&'m self, results: &'m T) -> ResultsWithMeasurements<'m, T> {
        ResultsWithMeasurements { results, measurements: self }
    }

    /// Whether a measure is below its minimum. Each that is gets an error message.
    pub(super) fn is_below(&self, minimums: &[Minimum]) -> bool {
        let mut below = false;
        for minimum in minimums {
            let (name, share) = self.share(minimum.of);
            if share.permille() < minimum.permille {
                let percent = format!("{}.{}", minimum.permille / 10, minimum.permille % 10);
                terminal::error(&format!("{name}: {share} is less than {percent} %"));
                below = true;
            }
        }
        below
    }

    fn share(&self, measure: Measure) -> (&'static str, Share) {
        let of_coverage =
            |share: fn(&Coverage) -> Share| self.coverage.as_ref().map(share).unwrap_or_default();
        match measure {
            Measure::Rules => ("rules", of_coverage(Coverage::rules_hit)),
            Measure::Clauses => ("clauses", of_coverage(Coverage::clauses_shown)),
            Measure::Space => ("space", of_coverage(Coverage::space_pinned)),
            Measure::Mutants => ("mutants", self.mutation.as_ref().map(Mutation::killed).unwrap_or_default()),
        }
    }
}
