//! Who may send what: a table of services by roles, by statuses, or of any two attributes, on a date.
//!
//! A cell is about every request that agrees with its row, its column and the filters, and carries no field
//! that its service does not declare: such a request is refused whatever the rules say, and would leave no
//! service that is *always* permitted. All values of what is left open weigh the same, and of a set
//! attribute all subsets.
//!
//! A row or column by a value of a set attribute is about the requests in which this value is present, alone
//! or among others; the row or column `none` is about those in which none is.

mod level;
mod extent;
mod question;
mod cell;
mod detail;
mod rule;
mod atlas;

use serde::Serialize;

pub use atlas::{Atlas, atlas};
pub use cell::{Cell, Change, Verdict};
pub use detail::{Detail, Refused};
pub use question::{Question, QuestionError};
pub use rule::RuleEntry;

use cell::{Book, Place};
use jiff::civil::Date;
use question::{Asked, Side};

use meterwarden::decide::SERVICE;
use meterwarden::plan::Plan;
use meterwarden::policy::Policy;

/// A table of what is permitted.
#[derive(Clone, Debug)]
pub struct Matrix<'p> {
    /// What the rows are by: `service`, or an attribute.
    pub rows: Heading<'p>,
    /// What the columns are by.
    pub columns: Heading<'p>,
    /// `cells[r][c]` is the cell of row `r` and column `c`.
    pub cells: Vec<Vec<Cell>>,
    /// What is left of the other attributes, where a filter leaves something out.
    pub filters: Vec<(&'p str, Vec<String>)>,
    /// The numbers of the services that are meant, where not all are.
    pub services: Option<Vec<&'p str>>,
    /// The date that chose the law.
    pub at: Date,
    /// The date with which it is compared.
    pub against: Option<Date>,
    policy: &'p Policy,
}

/// One side of a matrix.
#[derive(Clone, Debug, Serialize)]
pub struct Heading<'p> {
    /// `service`, or the name of the attribute.
    pub by: &'p str,
    /// What it is, for people.
    pub text: &'p str,
    /// What stands along it.
    pub values: Vec<Label<'p>>,
}

/// What a row or a column is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Label<'p> {
    /// `8.4`, `Commissioned`
    pub name: String,
    /// What it means, for people.
    pub text: &'p str,
    /// Of a service, why nobody may send it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed: Option<&'p str>,
}

/// The matrix that answers a question.
///
/// # Errors
///
/// The question names something that the policy does not have.
///
/// ```
/// use meterwarden_analysis::matrix::{Question, Verdict};
/// use meterwarden::{Date, Policy, Source, compile};
///
/// let rules = r#"
///     attribute role "who sends" { refuse unassigned "not for them" IS GS }
///     service 1.1 "Update Tariff" { permit suppliers { role IS source "the code" } }
/// "#;
/// let policy = Policy::from_sources(vec![Source::new("all.rules", rules)])?;
/// let plan = compile(policy.into());
/// let matrix = meterwarden_analysis::matrix(&plan, &Question::new(Date::constant(2026, 1, 1)))?;
/// let verdicts: Vec<Verdict> = matrix.cells[0].iter().map(|cell| cell.verdict).collect();
/// assert_eq!(verdicts, [Verdict::Always, Verdict::Never]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn matrix<'p>(plan: &'p Plan, question: &Question) -> Result<Matrix<'p>, QuestionError> {
    let asked = Asked::new(plan.policy(), question)?;
    let (rows, columns) = (heading(&asked, asked.rows), heading(&asked, asked.columns));
    let mut book = Book::new(plan, &asked, question);
    let mut cells = Vec::with_capacity(rows.values.len());
    for row in &rows.values {
        let place = |column: &Label<'_>| {
            let mut place = Place { services: None, values: Vec::new() };
            place.at(&asked, asked.rows, &row.name);
            place.at(&asked, asked.columns, &column.name);
            place
        };
        cells.push(columns.values.iter().map(|column| book.cell(&place(column))).collect());
    }
    Ok(table(plan, &asked, question, rows, columns, cells))
}

fn table<'p>(
    plan: &'p Plan,
    asked: &Asked<'p>,
    question: &Question,
    rows: Heading<'p>,
    columns: Heading<'p>,
    cells: Vec<Vec<Cell>>,
) -> Matrix<'p> {
    let policy = plan.policy();
    let shown = [asked.rows, asked.columns];
    let filters = policy.attributes().iter().zip(&asked.names).enumerate();
    let filters = filters.filter(|(nth, _)| !shown.contains(&Side::Attribute(*nth)));
    let filters = filters.filter_map(|(_, (one, names))| Some((one.name.as_str(), names.clone()?))).collect();
    let some = !question.services.is_empty();
    let names = asked.services.iter().map(|nth| policy.services()[*nth].name.as_str());
    let services = some.then(|| names.collect());
    let (at, against) = (question.at, question.against);
    Matrix { rows, columns, cells, filters, services, at, against, policy }
}

fn heading<'p>(asked: &Asked<'p>, side: Side) -> Heading<'p> {
    match side {
        Side::Service => Heading {
            by: SERVICE,
            text: "Service",
            values: asked.services.iter().map(|nth| service_label(asked.policy, *nth)).collect(),
        },
        Side::Attribute(attribute) => {
            let one = &asked.policy.attributes()[attribute];
            let label = |name: String| {
                let text = one.values.iter().find(|value| value.name == name);
                Label { text: text.map_or("", |value| value.text.as_str()), name, closed: None }
            };
            let values = asked.values(attribute).into_iter().map(label).collect();
            Heading { by: &one.name, text: &one.text, values }
        }
    }
}

fn service_label(policy: &Policy, nth: usize) -> Label<'_> {
    let service = &policy.services()[nth];
    Label { name: service.name.clone(), text: &service.text, closed: service.closed.as_deref() }
}

impl<'p> Matrix<'p> {
    /// A rule that a cell names.
    pub fn rule(&self, nth: usize) -> RuleEntry<'p> {
        rule::entry(self.policy, nth)
    }

    /// Every rule that some cell names, in policy order.
    pub fn rules(&self) -> Vec<RuleEntry<'p>> {
        let cells = self.cells.iter().flatten();
        let mut rules: Vec<usize> =
            cells.flat_map(|cell| cell.permits.iter().chain(&cell.forbids)).copied().collect();
        rules.sort_unstable();
        rules.dedup();
        rules.into_iter().map(|nth| self.rule(nth)).collect()
    }

    /// The rows in which something differs from the other date, and no others.
    #[must_use]
    pub fn only_changed(mut self) -> Self {
        let changed = |row: &Vec<Cell>| row.iter().any(|cell| cell.change.is_some());
        let keep: Vec<bool> = self.cells.iter().map(changed).collect();
        let mut kept = keep.iter();
        self.cells.retain(|_| kept.next().is_some_and(|keep| *keep));
        let mut kept = keep.iter();
        self.rows.values.retain(|_| kept.next().is_some_and(|keep| *keep));
        self
    }

    /// The fingerprint of the policy.
    pub fn fingerprint(&self) -> &'p str {
        self.policy.fingerprint()
    }
}
