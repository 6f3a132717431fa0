//! Coverage as a person and as a program reads it.

use std::fmt;

use serde::{Serialize, Serializer, ser::SerializeStruct};

use super::{CaseOf, ClauseCoverage, Coverage, RuleCoverage, Seen, Share};

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let permille = self.permille();
        write!(f, "{} of {} ({}.{} %)", self.part, self.whole, permille / 10, permille % 10)
    }
}

impl fmt::Display for Coverage {
    /// What is not covered, a line each, in the order of the rule files; then the shares.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let gaps: Vec<String> = self.rules.iter().flat_map(gaps).collect();
        for gap in &gaps {
            writeln!(f, "{gap}")?;
        }
        if !gaps.is_empty() {
            writeln!(f)?;
        }
        writeln!(f, "rules    {} decide in some case{}", self.rules_hit(), never(self.rules_never()))?;
        let clauses = self.clauses_shown();
        writeln!(
            f,
            "clauses  {clauses} are seen true and false on their own{}",
            never(self.clauses_never())
        )?;
        write!(f, "space    {} cells are pinned", self.space_pinned())
    }
}

fn never(count: usize) -> String {
    if count == 0 { String::new() } else { format!("; {count} cannot be shown") }
}

impl Coverage {
    /// How many rules no request can show.
    fn rules_never(&self) -> usize {
        self.rules.iter().filter(|rule| rule.hit == Seen::Never).count()
    }

    /// How many clauses no request can show.
    fn clauses_never(&self) -> usize {
        let clauses = self.rules.iter().flat_map(|rule| &rule.clauses);
        clauses.filter(|clause| clause.seen() == Seen::Never).count()
    }

    /// What no scenario can show, a line each: an author may want to look at why.
    pub fn cannot_be_shown(&self) -> Vec<String> {
        let rule = |rule: &RuleCoverage| {
            let whole = (rule.hit == Seen::Never)
                .then(|| format!("{}: {} never decides: other rules always do", rule.place, rule.name));
            let clauses = rule.clauses.iter().filter(|clause| clause.seen() == Seen::Never);
            let clauses = clauses.map(|clause| {
                let why = match (clause.holds, clause.fails) {
                    (Seen::Never, _) => "never holds where the rule decides",
                    _ => "never makes the difference on its own",
                };
                format!("{}: {}: {} {why}", clause.place, rule.name, clause.words())
            });
            whole
                .into_iter()
                .chain(if rule.hit == Seen::Never { Vec::new() } else { clauses.collect() })
                .collect::<Vec<_>>()
        };
        self.rules.iter().flat_map(rule).collect()
    }
}

impl ClauseCoverage {
    /// The clause in backticks, with the case in which it stands.
    fn words(&self) -> String {
        match &self.case {
            Some(CaseOf { condition, case }) => format!("`{}` in case {case} of {condition}", self.text),
            None => format!("`{}`", self.text),
        }
    }
}

/// What is not covered of a rule.
fn gaps(rule: &RuleCoverage) -> Vec<String> {
    if rule.hit == Seen::Not {
        return vec![format!("{}: {} decides in no case", rule.place, rule.name)];
    }
    let open = rule.clauses.iter().filter(|clause| clause.seen() == Seen::Not);
    open.map(|clause| {
        let why = match (clause.holds, clause.fails) {
            (Seen::Not, Seen::Not) => "is seen neither true nor false on its own",
            (Seen::Not, _) => "is never seen true",
            _ => "is never seen false on its own",
        };
        format!("{}: {}: {} {why}", clause.place, rule.name, clause.words())
    })
    .collect()
}

impl Serialize for Coverage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut data = serializer.serialize_struct("Coverage", 5)?;
        data.serialize_field("rules", &self.rules_hit())?;
        data.serialize_field("clauses", &self.clauses_shown())?;
        data.serialize_field("space", &self.space_pinned())?;
        data.serialize_field("by-rule", &self.rules)?;
        data.serialize_field("by-service", &self.services)?;
        data.end()
    }
}
