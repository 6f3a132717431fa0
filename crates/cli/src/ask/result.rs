//! An answer with its question, and the words of every format.

use meterwarden_analysis::ask::{Answer, AnswerRegion, Question, ServiceAnswer, TimeAnswer};

use crate::receipt::Receipt;
use crate::region;
use crate::wording::{count, titled};

/// An answer and its question.
pub(super) struct AskResult<'a> {
    pub(super) answer: &'a Answer,
    pub(super) question: &'a Question,
    /// The clauses of the question, in the words of the language.
    pub(super) clauses: Vec<String>,
    /// The date of receipt, and the policy.
    pub(super) heading: [String; 2],
}

/// Written if nothing is permitted.
pub(super) const NOTHING: &str = "no such request is permitted";
/// The commands that help on then.
pub(super) const NEXT_COMMANDS: &str =
    "`meterwarden explain` shows why one request is refused; `meterwarden matrix` shows what is permitted";

/// The date of receipt, and the policy.
pub(super) fn heading(receipt: Option<Receipt>, policy_name: &str) -> [String; 2] {
    let date = match receipt {
        None => "on every date".to_owned(),
        Some(receipt) if receipt.is_today(receipt.day) => {
            format!(
                "as received today, {} (for another date, use --at; for all dates, --every-date)",
                receipt.day
            )
        }
        Some(receipt) => format!("as received on {}", receipt.day),
    };
    [date, format!("by {policy_name}")]
}

impl AskResult<'_> {
    /// Whether the answer is about some attributes only: it is short then, and names no rules.
    pub(super) fn is_short(&self) -> bool {
        !self.question.about.is_empty()
    }

    /// `8.4 Update Inventory`
    pub(super) fn service_title(service: &ServiceAnswer) -> String {
        titled(&service.service, &service.text)
    }

    /// When the regions are permitted, if the question is about every date.
    pub(super) fn time(&self, time: &TimeAnswer) -> Option<String> {
        self.question.at.is_none().then(|| region::time(time.from, time.until))
    }

    /// The clauses of a region, a line each. In a short answer there may be none, if the question states them all.
    pub(super) fn lines<'a>(&'a self, time: &TimeAnswer, region: &'a AnswerRegion) -> Vec<String> {
        match () {
            () if time.always => vec!["always: every such request".to_owned()],
            () if self.is_short() && region.clauses.is_empty() => self.any_lines(),
            () => region::clauses(&region.clauses).into_iter().map(str::to_owned).collect(),
        }
    }

    /// `role any`: the attributes that the answer is about, except those that the question states.
    fn any_lines(&self) -> Vec<String> {
        let is_stated = |name: &&String| self.question.given.iter().any(|given| given.attribute == **name);
        let open = self.question.about.iter().filter(|name| !is_stated(name));
        open.map(|name| format!("{name} any")).collect()
    }

    /// `3 of 129 services`
    pub(super) fn service_count(&self) -> String {
        format!("{} of {}", self.answer.services.len(), count(self.answer.asked, "service"))
    }
}
