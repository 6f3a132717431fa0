//! Coverage as text and as JSON.

use std::fmt;

use serde::{Serialize, Serializer, ser::SerializeStruct};

use super::{AlternativeOf, ClauseCoverage, Coverage, RuleCoverage, Share, Status};

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let permille = self.permille();
        write!(f, "{} of {} ({}.{} %)", self.part, self.whole, permille / 10, permille % 10)
    }
}

impl fmt::Display for Coverage {
    /// What is not covered, one line each, in the order of the rule files; then the shares.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let gaps: Vec<String> = self.rules.iter().flat_map(gaps).collect();
        for gap in &gaps {
            writeln!(f, "{gap}")?;
        }
        if !gaps.is_empty() {
            writeln!(f)?;
        }
        let (rules, clauses) = (self.rules_hit(), self.clauses_shown());
        writeln!(f, "rules    {rules} decide in some case{}", impossible(self.impossible_rules()))?;
        writeln!(
            f,
            "clauses  {clauses} are seen true and false on their own{}",
            impossible(self.impossible_clauses())
        )?;
        write!(f, "space    {} cells are pinned", self.space_pinned())
    }
}

fn impossible(count: usize) -> String {
    if count == 0 { String::new() } else { format!("; {count} cannot be shown") }
}

impl Coverage {
    /// The number of rules that no request can cover.
    fn impossible_rules(&self) -> usize {
        self.rules.iter().filter(|rule| rule.hit == Status::Impossible).count()
    }

    /// The number of clauses that no request can cover.
    fn impossible_clauses(&self) -> usize {
        let clauses = self.rules.iter().flat_map(|rule| &rule.clauses);
        clauses.filter(|clause| clause.status() == Status::Impossible).count()
    }

    /// What no scenario can cover, one line each with the reason. An author may want to find out why.
    pub fn cannot_be_shown(&self) -> Vec<String> {
        self.rules.iter().flat_map(impossible_parts).collect()
    }
}

/// What no scenario can cover of a rule: the whole rule, or some of its clauses.
fn impossible_parts(rule: &RuleCoverage) -> Vec<String> {
    if rule.hit == Status::Impossible {
        return vec![format!("{}: {} never decides: other rules always do", rule.place, rule.name)];
    }
    let impossible = rule.clauses.iter().filter(|clause| clause.status() == Status::Impossible);
    impossible
        .map(|clause| {
            let why = match (clause.holds, clause.fails) {
                (Status::Impossible, _) => "never holds where the rule decides",
                _ => "never makes the difference on its own",
            };
            format!("{}: {}: {} {why}", clause.place, rule.name, clause.words())
        })
        .collect()
}

impl ClauseCoverage {
    /// The clause in backticks, with the alternative that it is in.
    fn words(&self) -> String {
        match &self.alternative {
            Some(AlternativeOf { condition, number }) => {
                format!("`{}` in alternative {number} of {condition}", self.text)
            }
            None => format!("`{}`", self.text),
        }
    }
}

/// What is not covered of a rule.
fn gaps(rule: &RuleCoverage) -> Vec<String> {
    if rule.hit == Status::Uncovered {
        return vec![format!("{}: {} decides in no case", rule.place, rule.name)];
    }
    let open = rule.clauses.iter().filter(|clause| clause.status() == Status::Uncovered);
    open.map(|clause| {
        let why = match (clause.holds, clause.fails) {
            (Status::Uncovered, Status::Uncovered) => "is seen neither true nor false on its own",
            (Status::Uncovered, _) => "is never seen true",
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
