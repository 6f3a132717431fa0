//! [`Policy`] to [`Plan`]: the decision table, and the plan file.

pub(crate) mod plan_file;
pub(crate) mod response_codes;
pub(crate) mod table;

use std::sync::{Arc, OnceLock};

use crate::policy::{Policy, Service, Stamp};
use crate::space::{ServicePlan, service_plan};
use response_codes::ResponseCodes;
use table::{DecisionTable, decision_table};

pub use plan_file::PlanError;

/// A policy ready to decide, on every date. It is immutable and cheap to share in an `Arc`.
#[derive(Clone, Debug)]
pub struct Plan {
    policy: Arc<Policy>,
    /// Identifies the policy in the numbers of requests.
    stamp: Stamp,
    table: DecisionTable,
    response_codes: ResponseCodes,
    /// `services[s]`: what the rules of `policy.services[s]` mean as a whole. Computed when it is first needed, since a
    /// decision by the table does not need it.
    services: Vec<OnceLock<ServicePlan>>,
}

/// Compiles a checked policy to a plan. It cannot fail.
pub fn compile(policy: Arc<Policy>) -> Plan {
    let table = decision_table(&policy);
    Plan::new(policy, table)
}

impl Plan {
    pub(crate) fn new(policy: Arc<Policy>, table: DecisionTable) -> Self {
        let services = policy.services.iter().map(|_| OnceLock::new()).collect();
        let response_codes = ResponseCodes::of(&policy, &table);
        Self { stamp: Stamp::of(policy.fingerprint()), policy, table, response_codes, services }
    }

    /// The policy that the plan was compiled from.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    #[inline]
    pub(crate) fn stamp(&self) -> Stamp {
        self.stamp
    }

    #[inline]
    pub(crate) fn table(&self) -> &DecisionTable {
        &self.table
    }

    #[inline]
    pub(crate) fn response_codes(&self) -> &ResponseCodes {
        &self.response_codes
    }

    /// Computes the plans of all services now. Findings, differences, questions and explanations need them, and
    /// otherwise compute each when they first need it.
    pub fn precompute(&self) {
        self.services().for_each(drop);
    }

    /// The plans of the policy's services, in the same order.
    pub fn services(&self) -> impl Iterator<Item = &ServicePlan> {
        (0..self.services.len()).map(|service| self.service_plan(service))
    }

    /// The plan of a service, by its index in the policy's services.
    ///
    /// # Panics
    ///
    /// If the policy has no service with this index.
    pub fn service_plan(&self, service: usize) -> &ServicePlan {
        self.services[service].get_or_init(|| service_plan(&self.policy, &self.policy.services[service]))
    }

    /// The service with a name, and its plan.
    pub fn service(&self, name: &str) -> Option<(&Service, &ServicePlan)> {
        let service = *self.policy.service_index.get(name)?;
        Some((&self.policy.services[service], self.service_plan(service)))
    }

    /// The plan as the bytes of a plan file, with its policy and the rule files. Equal plans have equal bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        plan_file::write(self)
    }

    /// The plan from the bytes of a plan file. All its decisions are those of the plan that was written.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use meterwarden::{Date, Plan, PlanError, Policy, Request, Source, compile};
    /// # let rules = r#"
    /// #     attribute status "SMI Status" always { refuse E5 "not in this status"  Pending Commissioned }
    /// #     service 4.2 "Read Instantaneous Export Registers" {
    /// #         permit reading "anybody reads" { status Commissioned  source "row 4.2" }
    /// #     }"#;
    /// let plan = compile(Arc::new(Policy::from_sources(vec![Source::new("example.rules", rules)])?));
    /// let mut bytes = plan.to_bytes();
    /// let request = Request::new("4.2", Date::constant(2026, 1, 1)).value("status", "Pending");
    /// assert_eq!(Plan::from_bytes(&bytes)?.decide(&request)?, plan.decide(&request)?);
    ///
    /// bytes.pop();
    /// assert_eq!(Plan::from_bytes(&bytes).unwrap_err(), PlanError::Damaged);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The bytes are not a plan, are in another format than this version's, or are not what was written.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, PlanError> {
        plan_file::read(bytes)
    }
}
