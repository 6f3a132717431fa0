//! What is said of an answer, whatever the format.

use meterwarden_analysis::ask::{Answer, Question, ServiceAnswer, Stated, TimeAnswer};

use crate::receipt::Receipt;
use crate::region;

/// An answer and what was asked.
pub(super) struct Told<'a> {
    pub(super) answer: &'a Answer,
    pub(super) question: &'a Question,
    /// What the question says of the request, in the words of the language.
    pub(super) clauses: Vec<String>,
    /// Which law it is: a line each.
    pub(super) heading: [String; 2],
}

/// Said where nothing is permitted, with the commands that help on.
pub(super) const NOTHING: &str = "nothing of it is permitted";
pub(super) const INSTEAD: &str =
    "`meterwarden explain` says of one request why, and what would be; `meterwarden matrix` shows what is";

/// Which law it is.
pub(super) fn heading(receipt: Option<Receipt>, policy: &str) -> [String; 2] {
    let date = match receipt {
        None => "on every date".to_owned(),
        Some(receipt) if receipt.is_today(receipt.date) => {
            format!(
                "as received today, {} (say --at to ask about another date, --every-date about all)",
                receipt.date
            )
        }
        Some(receipt) => format!("as received on {}", receipt.date),
    };
    [date, format!("by {policy}")]
}

impl Told<'_> {
    /// Whether the answer speaks of some attributes alone: it is short then, and names no rules.
    pub(super) fn is_short(&self) -> bool {
        !self.question.about.is_empty()
    }

    /// `8.4 Update Inventory`
    pub(super) fn service(one: &ServiceAnswer) -> String {
        format!("{} {}", one.service, one.text).trim_end().to_owned()
    }

    /// When something is permitted, where every date was asked about.
    pub(super) fn time(&self, time: &TimeAnswer) -> Option<String> {
        self.question.at.is_none().then(|| region::time(time.from, time.until))
    }

    /// The clauses of a region, a line each. A short answer may have none, where the question says them all.
    pub(super) fn lines<'a>(&'a self, time: &TimeAnswer, region: &'a Stated) -> Vec<String> {
        match () {
            () if time.always => vec!["always: every such request".to_owned()],
            () if self.is_short() && region.clauses.is_empty() => self.open(),
            () => region::clauses(&region.clauses).into_iter().map(str::to_owned).collect(),
        }
    }

    /// That an attribute may have any value, of those that the answer is to speak of and the question does not.
    fn open(&self) -> Vec<String> {
        let said = |name: &&String| self.question.given.iter().any(|given| given.attribute == **name);
        let open = self.question.about.iter().filter(|name| !said(name));
        open.map(|name| format!("{name} any")).collect()
    }

    /// `3 of 129 services`
    pub(super) fn count(&self) -> String {
        let asked = self.answer.asked;
        let ending = if asked == 1 { "" } else { "s" };
        format!("{} of {asked} service{ending}", self.answer.services.len())
    }
}
