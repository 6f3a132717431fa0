//! [`Policy`] to [`Plan`]: the decision table, and the file that a plan is stored as.

pub(crate) mod plan_file;
pub(crate) mod response_codes;
pub(crate) mod table;

use std::sync::{Arc, OnceLock};

use crate::policy::{Policy, Service, Stamp};
use crate::space::{ServicePlan, service_plan};
use response_codes::Codes;
use table::{DecisionTable, index};

pub use plan_file::PlanError;

/// A policy ready to decide, for every date at once. Immutable, cheap to share behind an `Arc`.
#[derive(Clone, Debug)]
pub struct Plan {
    policy: Arc<Policy>,
    /// Whose numbers its requests are in.
    stamp: Stamp,
    /// What decides.
    index: DecisionTable,
    /// What its refusals answer.
    codes: Codes,
    /// `services[s]` is what the rules of `policy.services[s]` come to, for what is said of them as a whole. It is worked
    /// out when it is first asked for: deciding takes none of it.
    services: Vec<OnceLock<ServicePlan>>,
}

/// Turns a checked policy into a plan. Nothing can go wrong any more.
pub fn compile(policy: Arc<Policy>) -> Plan {
    let index = index(&policy);
    Plan::new(policy, index)
}

impl Plan {
    pub(crate) fn new(policy: Arc<Policy>, index: DecisionTable) -> Self {
        let services = policy.services.iter().map(|_| OnceLock::new()).collect();
        let codes = Codes::of(&policy, &index);
        Self { stamp: Stamp::of(&policy), policy, index, codes, services }
    }

    /// The policy that this is the plan of.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    #[inline]
    pub(crate) fn stamp(&self) -> Stamp {
        self.stamp
    }

    #[inline]
    pub(crate) fn index(&self) -> &DecisionTable {
        &self.index
    }

    #[inline]
    pub(crate) fn codes(&self) -> &Codes {
        &self.codes
    }

    /// Works out for every service what is otherwise worked out when it is first asked for: what findings, differences,
    /// questions and explanations look at.
    pub fn precompute(&self) {
        self.services().for_each(drop);
    }

    /// The plans of the policy's services, in the same order.
    pub fn services(&self) -> impl Iterator<Item = &ServicePlan> {
        (0..self.services.len()).map(|nth| self.nth(nth))
    }

    /// The plan of a service, by its place in the policy's list.
    pub fn nth(&self, service: usize) -> &ServicePlan {
        self.services[service].get_or_init(|| service_plan(&self.policy, &self.policy.services[service]))
    }

    /// The service of that name and its plan.
    pub fn service(&self, name: &str) -> Option<(&Service, &ServicePlan)> {
        let nth = *self.policy.service_index.get(name)?;
        Some((&self.policy.services[nth], self.nth(nth)))
    }
}
