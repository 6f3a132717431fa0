//! Who may send what: a table of services by roles, by statuses, or of any two attributes, on a date.
//!
//! A cell is about every request that agrees with its row, its column and the filters, and that contains no field which
//! its service does not declare. Requests with undeclared fields are left out because every service refuses them: with
//! them, no cell could ever be *always* permitted. Every value of an attribute that the cell leaves open has the same
//! weight, and every subset of a set attribute.
//!
//! The row or column of a value of a set attribute is about the requests in which this value is present, alone or with
//! others. The row or column `none` is about the requests in which the set is empty.
//!
//! ```text
//! Question ──▶ ResolvedQuestion ─┐
//! rules of a service ──▶ ServiceDiagram, made once ──read──▶ Cell
//! ```

mod question;
mod resolved_question;
mod attribute_choices;
mod permitted_share;
mod service_diagram;
mod cell;
mod cell_builder;
mod detail;
mod rule;
mod atlas;

use serde::Serialize;

pub use atlas::{Atlas, atlas};
pub use cell::{Cell, Change, Verdict};
pub use detail::{Detail, Refused};
pub use question::{Question, QuestionError};
pub use rule::RuleEntry;

use cell_builder::CellBuilder;
use jiff::civil::Date;
use resolved_question::{CellKey, ResolvedQuestion, Side};

use meterwarden::decide::SERVICE;
use meterwarden::plan::Plan;
use meterwarden::policy::Policy;

/// A table with a verdict for each row and column.
#[derive(Clone, Debug)]
pub struct Matrix<'p> {
    /// The rows: services, or the values of an attribute.
    pub rows: Heading<'p>,
    /// The columns.
    pub columns: Heading<'p>,
    /// `cells[r][c]` is the cell of row `r` and column `c`.
    pub cells: Vec<Vec<Cell>>,
    /// The selected values of the other attributes that have a filter.
    pub filters: Vec<(&'p str, Vec<String>)>,
    /// The numbers of the selected services, if not all are selected.
    pub services: Option<Vec<&'p str>>,
    /// The date whose rules apply.
    pub at: Date,
    /// The date with which the matrix is compared.
    pub against: Option<Date>,
    policy: &'p Policy,
}

/// One side of a matrix.
#[derive(Clone, Debug, Serialize)]
pub struct Heading<'p> {
    /// `service`, or the name of the attribute.
    pub by: &'p str,
    /// Its description, for people.
    pub text: &'p str,
    /// Its rows, or its columns, in order.
    pub values: Vec<Label<'p>>,
}

/// One row or column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Label<'p> {
    /// `8.4`, `Commissioned`
    pub name: String,
    /// Its description, for people.
    pub text: &'p str,
    /// For a closed service, why nobody may send it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed: Option<&'p str>,
}

/// The matrix that answers a question.
///
/// # Errors
///
/// The question names a service, an attribute or a value that the policy does not have.
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
    let resolved = ResolvedQuestion::new(plan.policy(), question)?;
    let (rows, columns) = (heading(&resolved, resolved.rows), heading(&resolved, resolved.columns));
    let mut builder = CellBuilder::new(plan, &resolved, question);
    let mut cells = Vec::with_capacity(rows.values.len());
    for row in &rows.values {
        let key = |column: &Label<'_>| CellKey::new(&resolved, &row.name, &column.name);
        cells.push(columns.values.iter().map(|column| builder.cell(&key(column))).collect());
    }
    Ok(with_headings(plan, &resolved, question, rows, columns, cells))
}

fn with_headings<'p>(
    plan: &'p Plan,
    resolved: &ResolvedQuestion<'p>,
    question: &Question,
    rows: Heading<'p>,
    columns: Heading<'p>,
    cells: Vec<Vec<Cell>>,
) -> Matrix<'p> {
    let policy = plan.policy();
    let sides = [resolved.rows, resolved.columns];
    let attributes = policy.attributes().iter().zip(&resolved.names).enumerate();
    let others = attributes.filter(|(index, _)| !sides.contains(&Side::Attribute(*index)));
    let filters = others
        .filter_map(|(_, (attribute, names))| Some((attribute.name.as_str(), names.clone()?)))
        .collect();
    let names = resolved.services.iter().map(|index| policy.services()[*index].name.as_str());
    let services = (!question.services.is_empty()).then(|| names.collect());
    let (at, against) = (question.at, question.against);
    Matrix { rows, columns, cells, filters, services, at, against, policy }
}

fn heading<'p>(resolved: &ResolvedQuestion<'p>, side: Side) -> Heading<'p> {
    match side {
        Side::Service => Heading {
            by: SERVICE,
            text: "Service",
            values: resolved.services.iter().map(|index| service_label(resolved.policy, *index)).collect(),
        },
        Side::Attribute(attribute) => {
            let values = resolved.values(attribute);
            let attribute = &resolved.policy.attributes()[attribute];
            let label = |name: String| {
                let text = attribute.values.iter().find(|value| value.name == name);
                Label { text: text.map_or("", |value| value.text.as_str()), name, closed: None }
            };
            let values = values.into_iter().map(label).collect();
            Heading { by: &attribute.name, text: &attribute.text, values }
        }
    }
}

fn service_label(policy: &Policy, index: usize) -> Label<'_> {
    let service = &policy.services()[index];
    Label { name: service.name.clone(), text: &service.text, closed: service.closed.as_deref() }
}

impl<'p> Matrix<'p> {
    /// A rule that a cell names by its place in the policy's list.
    pub fn rule(&self, index: usize) -> RuleEntry<'p> {
        rule::entry(self.policy, index)
    }

    /// Every rule that some cell names, in policy order.
    pub fn rules(&self) -> Vec<RuleEntry<'p>> {
        let cells = self.cells.iter().flatten();
        let mut rules: Vec<usize> =
            cells.flat_map(|cell| cell.permits.iter().chain(&cell.forbids)).copied().collect();
        rules.sort_unstable();
        rules.dedup();
        rules.into_iter().map(|index| self.rule(index)).collect()
    }

    /// The matrix with only those rows in which something differs from the other date.
    #[must_use]
    pub fn only_changed(mut self) -> Self {
        let changed = |row: &Vec<Cell>| row.iter().any(|cell| cell.change.is_some());
        let rows = std::mem::take(&mut self.cells).into_iter().zip(std::mem::take(&mut self.rows.values));
        (self.cells, self.rows.values) = rows.filter(|(row, _)| changed(row)).unzip();
        self
    }

    /// The fingerprint of the policy.
    pub fn fingerprint(&self) -> &'p str {
        self.policy.fingerprint()
    }
}
