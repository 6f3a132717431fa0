//! The plan in force, which can be replaced while threads decide. Each answer comes from one version of the plan.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::plan::Plan;

/// Holds the current [`Plan`], which can be replaced while all threads decide.
///
/// A thread that decides keeps a [`PlanReader`]. To see whether there is a new plan, it reads one number that is
/// written only when a plan is replaced, so threads do not wait for each other. An answer borrows from its plan, so no
/// answer mixes two versions. A copy of a store is another handle of the same store. Stores and readers borrow nothing, so
/// both can be moved into a thread or a task.
///
/// ```
/// use std::sync::Arc;
/// use meterwarden::{Date, Diagnostics, Plan, Policy, Request, Source, PlanStore, compile};
///
/// fn plan(status: &str) -> Result<Plan, Diagnostics> {
///     let rules = format!(r#"
///         attribute status "SMI Status" always {{ refuse E5 "not in this status"  Pending Commissioned }}
///         service 4.2 "Read Instantaneous Export Registers" {{
///             permit reading "anybody reads" {{ status {status}  source "row 4.2" }}
///         }}"#);
///     Ok(compile(Arc::new(Policy::from_sources(vec![Source::new("example.rules", rules)])?)))
/// }
///
/// let store = PlanStore::new(plan("Commissioned")?);
/// let mut reader = store.reader();
/// let request = Request::new("4.2", Date::constant(2026, 1, 1)).value("status", "Pending");
/// assert!(!reader.plan().decide(&request)?.is_permit());
///
/// // A wrong version leaves the old one in force and returns why.
/// let error = store.replace_with(|| plan("Comissioned")).unwrap_err();
/// assert!(error.to_string().contains("did you mean `Commissioned`?"));
/// assert!(!reader.plan().decide(&request)?.is_permit());
///
/// store.replace_with(|| plan("Pending"))?;
/// assert!(reader.plan().decide(&request)?.is_permit());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct PlanStore(Arc<Shared>);

/// What a store and its readers share.
#[derive(Debug)]
struct Shared {
    current: Mutex<Arc<Plan>>,
    /// The number of replacements. It is raised after the new plan is in `current`.
    version: AtomicU64,
}

/// The view that one thread has of a [`PlanStore`].
#[derive(Clone, Debug)]
pub struct PlanReader {
    store: PlanStore,
    version: u64,
    plan: Arc<Plan>,
}

impl PlanStore {
    /// A store with its first plan.
    pub fn new(plan: Plan) -> Self {
        Self(Arc::new(Shared { current: Mutex::new(Arc::new(plan)), version: AtomicU64::new(0) }))
    }

    /// The plan in force. It takes a lock while it copies a pointer. A thread that decides often keeps a [`PlanReader`]
    /// instead.
    pub fn plan(&self) -> Arc<Plan> {
        Arc::clone(&self.0.current.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts a plan in force. Returns the plan that was in force.
    pub fn replace(&self, plan: Plan) -> Arc<Plan> {
        let plan = Arc::new(plan);
        let mut current = self.0.current.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *current, plan);
        self.0.version.fetch_add(1, Ordering::Release);
        before
    }

    /// Makes a plan and puts it in force. Threads can decide meanwhile. Returns the plan that was in force.
    ///
    /// # Errors
    ///
    /// The error of `make`. The plan in force stays.
    pub fn replace_with<E>(&self, make: impl FnOnce() -> Result<Plan, E>) -> Result<Arc<Plan>, E> {
        Ok(self.replace(make()?))
    }

    /// A view for one thread.
    pub fn reader(&self) -> PlanReader {
        let version = self.0.version.load(Ordering::Acquire);
        PlanReader { store: self.clone(), version, plan: self.plan() }
    }
}

impl PlanReader {
    /// The plan in force. Each call may return a new plan, so use it for requests by name. The numbers of an older plan
    /// may not be valid in it.
    #[inline]
    pub fn plan(&mut self) -> &Plan {
        self.changed();
        &self.plan
    }

    /// The plan that this reader took last, even if it is no longer in force. Numbers that were looked up in it stay
    /// valid until [`PlanReader::changed`] returns true.
    #[inline]
    pub fn cached(&self) -> &Plan {
        &self.plan
    }

    /// Takes the plan in force, and returns whether it was replaced since the last time. If so, the numbers of
    /// services, attributes and values must be looked up again.
    #[inline]
    pub fn changed(&mut self) -> bool {
        let version = self.store.0.version.load(Ordering::Acquire);
        let changed = version != self.version;
        if changed {
            // The plan is at least as new as `version`. If it is newer, the next call takes it again.
            self.plan = self.store.plan();
            self.version = version;
        }
        changed
    }
}
