//! The diagram of a service for an interval, made from its bitmaps.

use rustc_hash::FxHashMap;

use super::bitmaps::{Bitmaps, ColumnClass};
use super::forks::Forks;
use super::outcomes::{OutcomesBuilder, TableRefusal};
use super::{NodeRef, TableOutcome};
use crate::base::bit_set::{RuleSet, bits, both, first_common, is_subset, mask, meet};
use crate::policy::Policy;

/// Makes one diagram, column by column. Its state is the set of the boxes that every value so far passes.
pub(super) struct Diagram<'d> {
    policy: &'d Policy,
    bitmaps: &'d Bitmaps,
    forks: &'d mut Forks,
    outcomes: &'d mut OutcomesBuilder,
    /// The node for a column and a set of boxes. What follows depends on nothing else.
    nodes: FxHashMap<(usize, RuleSet), NodeRef>,
    /// For the columns that are being walked: the nodes that their classes lead to.
    class_nodes: Vec<NodeRef>,
    /// `no_permit[c]`: the refusal if no permit passes column `c` and no forbid or value has an answer of its own. Most
    /// values lead there.
    no_permit: Vec<Option<NodeRef>>,
}

impl<'d> Diagram<'d> {
    pub(super) fn new(
        policy: &'d Policy,
        bitmaps: &'d Bitmaps,
        forks: &'d mut Forks,
        outcomes: &'d mut OutcomesBuilder,
    ) -> Self {
        let no_permit = vec![None; bitmaps.columns.len()];
        let (nodes, class_nodes) = (FxHashMap::default(), Vec::new());
        Self { policy, bitmaps, forks, outcomes, nodes, class_nodes, no_permit }
    }

    /// The first node. `None` if the table is full.
    pub(super) fn root(mut self) -> Option<NodeRef> {
        let all = mask(self.bitmaps.rules.len(), |_| true);
        match self.forbid(&all, 0) {
            Some(forbid) => self.refusal(0, None, Some(forbid)),
            None => self.node(0, all),
        }
    }

    /// The node for a column if these boxes match so far.
    fn node(&mut self, index: usize, matching: RuleSet) -> Option<NodeRef> {
        let bitmaps = self.bitmaps;
        let Some(column) = bitmaps.columns.get(index).filter(|_| !self.is_settled(index, &matching)) else {
            return self.permit(&matching);
        };
        let key = (index, matching);
        if let Some(node) = self.nodes.get(&key) {
            return Some(*node);
        }
        let first = self.class_nodes.len();
        for class in &column.classes {
            let node = self.class_node(index, class, &key.1)?;
            self.class_nodes.push(node);
        }
        let class_nodes = &self.class_nodes[first..];
        let node = if class_nodes.iter().all(|node| *node == class_nodes[0]) {
            // The attribute makes no difference here.
            class_nodes[0]
        } else {
            let branches = column.class_of.iter().map(|class| class_nodes[*class]);
            self.forks.fork(column.attribute, branches)?
        };
        self.class_nodes.truncate(first);
        self.nodes.insert(key, node);
        Some(node)
    }

    /// The node that a class of values leads to.
    fn class_node(&mut self, index: usize, class: &ColumnClass, matching: &RuleSet) -> Option<NodeRef> {
        let check = self.bitmaps.columns[index].attribute + 1;
        let matching = both(matching, &class.passes);
        let forbid = self.forbid(&matching, check);
        let fails = class.undeclared || !meet(&matching, &self.bitmaps.permits);
        match (forbid, class.answering_value) {
            (None, _) if !fails => self.node(index + 1, matching),
            (None, None) => {
                if self.no_permit[index].is_none() {
                    self.no_permit[index] = self.refusal(check, None, None);
                }
                self.no_permit[index]
            }
            _ => self.refusal(check, class.answering_value, forbid),
        }
    }

    /// Whether nothing from a column on can change the result: every box that matches has no constraint left, a permit
    /// is among them, and no field can be undeclared.
    fn is_settled(&self, index: usize, matching: &RuleSet) -> bool {
        let bitmaps = self.bitmaps;
        // Check numbers begin with the service, so this is the check before the column.
        let check = bitmaps.columns[index].attribute;
        bitmaps.last_undeclared.is_none_or(|last| last < index)
            && is_subset(matching, &bitmaps.complete_at[check])
            && meet(matching, &bitmaps.permits)
    }

    /// The outcome if all constraints of these boxes hold. No forbid is among them: it would have refused.
    fn permit(&mut self, matching: &RuleSet) -> Option<NodeRef> {
        let rules = bits(matching).map(|index| u32::try_from(self.bitmaps.rules[index]).ok());
        let mut rules = rules.collect::<Option<Vec<u32>>>()?;
        rules.dedup();
        // Without attributes there is no check that could refuse.
        if rules.is_empty() { Some(TableOutcome::NOT_IN_TABLE.0) } else { self.outcomes.permit(&rules) }
    }

    /// The forbid that refuses at a check, as the index of its box: the first in policy order.
    fn forbid(&self, matching: &RuleSet, check: usize) -> Option<usize> {
        first_common(matching, &self.bitmaps.forbids_at[check])
    }

    /// The outcome of a refusal. The forbid's own answer comes before that of the value, which comes before that of the
    /// attribute.
    fn refusal(&mut self, check: usize, value: Option<u32>, forbid: Option<usize>) -> Option<NodeRef> {
        let rule = forbid.map(|index| self.bitmaps.rules[index]);
        let has_answer = rule.is_some_and(|rule| self.policy.rules[rule].refuse.is_some());
        self.outcomes.refusal(TableRefusal {
            check: u8::try_from(check).ok()?,
            forbid: rule.map(u32::try_from).transpose().ok()?,
            value: value.filter(|_| !has_answer),
        })
    }
}
