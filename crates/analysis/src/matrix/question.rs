//! The question that a matrix answers.

use jiff::civil::Date;

use crate::service_selector::UnknownService;
use meterwarden::decide::SERVICE;

/// What a matrix shows: its rows and columns, the filters of the other attributes, and the date.
///
/// ```
/// use meterwarden::Date;
/// use meterwarden_analysis::matrix::Question;
///
/// let question = Question::new(Date::constant(2023, 6, 29))
///     .columns("status")
///     .with("role", ["IS"])
///     .service("8.*")
///     .against(Date::constant(2023, 6, 28));
/// assert_eq!(question.rows, "service");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// `service`, or an attribute.
    pub rows: String,
    /// An attribute, or `service`.
    pub columns: String,
    /// The attributes of which only some values are selected. For a set attribute: any of these values is present, or,
    /// for `none`, no value is.
    pub filters: Vec<(String, Vec<String>)>,
    /// The selected services: `8.4`, `8.*`, `tag critical`; every service if it is empty.
    pub services: Vec<String>,
    /// The date whose rules apply.
    pub at: Date,
    /// The date with which the matrix is compared.
    pub against: Option<Date>,
    /// Whether each cell also has its [`Detail`](super::Detail).
    pub detail: bool,
}

impl Question {
    /// Rows of all services, columns of the policy's first attribute, on a date.
    pub fn new(at: Date) -> Self {
        Self {
            rows: SERVICE.to_owned(),
            columns: String::new(),
            filters: Vec::new(),
            services: Vec::new(),
            at,
            against: None,
            detail: false,
        }
    }

    /// Sets the rows: `service`, or an attribute.
    #[must_use]
    pub fn rows(mut self, rows: impl Into<String>) -> Self {
        self.rows = rows.into();
        self
    }

    /// Sets the columns: an attribute, or `service`.
    #[must_use]
    pub fn columns(mut self, columns: impl Into<String>) -> Self {
        self.columns = columns.into();
        self
    }

    /// Limits an attribute to these values.
    #[must_use]
    pub fn with<V: Into<String>>(
        mut self,
        attribute: impl Into<String>,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        self.filters.push((attribute.into(), values.into_iter().map(Into::into).collect()));
        self
    }

    /// Adds services: `8.4`, `8.*`, `tag critical`.
    #[must_use]
    pub fn service(mut self, services: impl Into<String>) -> Self {
        self.services.push(services.into());
        self
    }

    /// Compares with another date.
    #[must_use]
    pub fn against(mut self, date: Date) -> Self {
        self.against = Some(date);
        self
    }

    /// Adds to each cell what is permitted, in the author's words, and the refusal of its requests.
    #[must_use]
    pub fn detail(mut self) -> Self {
        self.detail = true;
        self
    }
}

/// A question with a name that the policy does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QuestionError {
    /// `--columns statsu`
    #[error("the policy has no attribute `{written}`; {help}")]
    UnknownAttribute {
        /// What the question names.
        written: String,
        /// Similar names, or the names that exist.
        help: String,
    },
    /// `--where status=pending`
    #[error("`{attribute}` has no value `{written}`; {help}")]
    UnknownValue {
        /// The attribute.
        attribute: String,
        /// What the question names.
        written: String,
        /// Similar names, or the names that exist.
        help: String,
    },
    /// `--service 8.44`
    #[error(transparent)]
    UnknownService(#[from] UnknownService),
    /// `--rows role --columns role`
    #[error("the rows and the columns are both by `{0}`; choose two different things")]
    Same(String),
    /// `--where status=`
    #[error("`{0}` has an empty list of values; name at least one")]
    NoValue(String),
    /// `--where service=8.4`
    #[error("`service` is no attribute; choose services with their numbers, such as 8.4 or 8.*")]
    ServiceAsAttribute,
    /// A policy without attributes.
    #[error("the policy has no attribute to show")]
    NoAttribute,
}
