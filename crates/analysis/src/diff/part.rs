//! The changes of one service as data.

use jiff::civil::Date;
use serde::Serialize;

use super::cause::Cause;
use super::count::Count;
use meterwarden::decide::request::Request;

/// The requests that change in one direction.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Part {
    /// The number of requests, over the values and declared fields of the attributes that the service's rules check. A
    /// request that changes on several dates is counted once. The JSON key is `cases`.
    pub cases: Count,
    /// The share of these requests among all requests of the service, from 0 to 1.
    pub share: f64,
    /// Regions, each as large as possible, that are exactly these requests together. They may overlap.
    pub regions: Vec<Region>,
    /// The number of requests that are in no region of the list; `None` if all are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unshown: Option<Count>,
}

/// The requests that agree with all of some clauses, for a time.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Region {
    /// The first date, if it has one.
    pub from: Option<Date>,
    /// The first date on which it no longer holds, if it has one.
    pub until: Option<Date>,
    /// Clauses of the rule language that must all hold; an empty list means every request.
    pub clauses: Vec<String>,
    /// The number of requests. The JSON key is `cases`.
    pub cases: Count,
    /// The rules that cause the change.
    pub causes: Vec<Cause>,
    /// One of the requests, on a date on which the region holds.
    pub witness: Request,
}

/// The requests whose refusal changes from one code to another.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct CodeChange {
    /// The code before; `None` if none is assigned.
    pub before: Option<String>,
    /// The code after; `None` if none is assigned.
    pub after: Option<String>,
    /// The requests.
    #[serde(flatten)]
    pub part: Part,
}

impl Part {
    /// Whether no request changes.
    pub fn is_empty(&self) -> bool {
        self.cases.is_zero()
    }
}
