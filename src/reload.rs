//! The plan in force, while it changes: every thread goes on deciding, and each answer is one version's.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::plan::Plan;

/// Holds the current [`Plan`] and lets it be replaced while deciding goes on in all threads.
///
/// A thread that decides keeps a [`PlanReader`]: looking whether there is a new plan is one read of a number that nobody
/// writes meanwhile, so that threads do not hold each other up. What a plan answers borrows from that plan, so that no
/// answer mixes two versions.
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
/// let mut watch = store.reader();
/// let request = Request::new("4.2", Date::constant(2026, 1, 1)).value("status", "Pending");
/// assert!(!watch.plan().decide(&request)?.is_permit());
///
/// // A bad version leaves the old one in place, and says why.
/// let wrong = store.replace_with(|| plan("Comissioned")).unwrap_err();
/// assert!(wrong.to_string().contains("did you mean `Commissioned`?"));
/// assert!(!watch.plan().decide(&request)?.is_permit());
///
/// store.replace_with(|| plan("Pending"))?;
/// assert!(watch.plan().decide(&request)?.is_permit());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct PlanStore {
    current: Mutex<Arc<Plan>>,
    /// How often the plan was replaced. It grows after the plan is there to be read.
    version: AtomicU64,
}

/// One thread's view of a [`PlanStore`].
#[derive(Clone, Debug)]
pub struct PlanReader<'w> {
    store: &'w PlanStore,
    version: u64,
    plan: Arc<Plan>,
}

impl PlanStore {
    /// Decides by a plan until it is replaced.
    pub fn new(plan: Plan) -> Self {
        Self { current: Mutex::new(Arc::new(plan)), version: AtomicU64::new(0) }
    }

    /// The plan in force. It takes a lock for as long as copying a pointer takes; a thread that decides much keeps a
    /// [`PlanReader`].
    pub fn plan(&self) -> Arc<Plan> {
        Arc::clone(&self.current.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts a plan in force, and gives back the one that was.
    pub fn replace(&self, plan: Plan) -> Arc<Plan> {
        let plan = Arc::new(plan);
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *current, plan);
        self.version.fetch_add(1, Ordering::Release);
        before
    }

    /// Puts in force what is made here, if it can be made: deciding goes on meanwhile. Gives back the plan that was.
    ///
    /// # Errors
    ///
    /// What stood in the way; the plan in force stays.
    pub fn replace_with<E>(&self, make: impl FnOnce() -> Result<Plan, E>) -> Result<Arc<Plan>, E> {
        Ok(self.replace(make()?))
    }

    /// A view for one thread.
    pub fn reader(&self) -> PlanReader<'_> {
        let version = self.version.load(Ordering::Acquire);
        PlanReader { store: self, version, plan: self.plan() }
    }
}

impl PlanReader<'_> {
    /// The plan in force, for whoever has no numbers of another: it may be a new one each time.
    #[inline]
    pub fn plan(&mut self) -> &Plan {
        self.changed();
        &self.plan
    }

    /// The plan that was taken last, whether or not it is still in force: numbers that were looked up in it since
    /// [`PlanReader::changed`] are its own.
    #[inline]
    pub fn cached(&self) -> &Plan {
        &self.plan
    }

    /// Takes the plan in force where it was replaced since, and says whether it was: then numbers of services, attributes
    /// and values have to be looked up again.
    #[inline]
    pub fn changed(&mut self) -> bool {
        let version = self.store.version.load(Ordering::Acquire);
        let changed = version != self.version;
        if changed {
            // At least as new as that version; if it is newer the next look takes it once more.
            self.plan = self.store.plan();
            self.version = version;
        }
        changed
    }
}
