//! The rules of every service, on every date, as grids and diagrams.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};

use super::bitmaps::{Bitmaps, TableInput, ValueClass, undeclared};
use super::boxes::{Boxes, RuleCache};
use super::{
    Day, DecisionTable, Draft, Interval, NodeRef, Own, SetIds, TableRefusal, Vocabulary, grid, outcomes,
};
use crate::base::bit_set::{RuleSet, bits, both, mask};
use crate::base::parallel;
use crate::policy::{Clause, Edge, Effect, Policy, Rule, Service, Test};
use crate::space::{SetTest, Subset, edges};

/// The table of a policy.
pub(crate) fn index(policy: &Policy) -> DecisionTable {
    let shared = Shared::new(policy);
    let threads = parallel::threads(shared.many);
    let parts = parallel::map(&policy.services, threads, |service| shared.part(service));
    let mut builder = Builder::new(shared);
    for (service, part) in policy.services.iter().zip(parts) {
        builder.service(service, part);
    }
    builder.finish()
}

/// The diagrams of so many services no longer stay where looking into them costs nothing. A diagram is a chain of looks, each
/// of which waits for the one before; the looks into a grid are more, and wait for nothing.
const MANY: usize = 500;

/// So many forbids from outside its services stand in a service's own grid; more stand above it, once for all services
/// that they cover alike.
const FEW_ABOVE: usize = 16;

/// What is the same for every service.
struct Shared<'p> {
    policy: &'p Policy,
    /// Whether there are so many services that they are grids, and worth another thread.
    many: bool,
    /// How subsets are numbered, but those of fields.
    sets: Vec<SetIds>,
    /// Whether a request can say every value in the bits that it has for one.
    fits: bool,
}

/// One service, for which nothing has to be known of another.
struct Part {
    fields: SetIds,
    intervals: Vec<Drafted>,
}

/// A service from a date on.
struct Drafted {
    from: Edge,
    own: Rules,
    /// Forbids that are too many to stand in each service; otherwise none.
    above: Vec<usize>,
}

/// The rules of a service.
enum Rules {
    Grid(Draft),
    /// They need a diagram.
    Boxes(Boxes),
    /// They decide themselves: what they ask cannot be numbered.
    Unnumbered,
}

impl<'p> Shared<'p> {
    fn new(policy: &'p Policy) -> Self {
        let clauses = |attribute: usize| {
            let own = policy.rules.iter().flat_map(|rule| &rule.clauses);
            let cases = policy.conditions.iter().flat_map(|condition| condition.cases.iter().flatten());
            own.chain(cases).filter(move |clause| clause.attribute == attribute)
        };
        let sets = policy.attributes.iter().enumerate().map(|(nth, attribute)| {
            if !attribute.set || policy.fields == Some(nth) {
                return SetIds::Unseen;
            }
            SetIds::of(attribute.values.len(), tests(clauses(nth)), &[])
        });
        let fits = policy.attributes.iter().all(|attribute| attribute.values.len() < usize::from(u16::MAX));
        Self { policy, many: policy.services.len() >= MANY, sets: sets.collect(), fits }
    }

    fn part(&self, service: &Service) -> Part {
        let mut known = RuleCache::of(self.policy, service);
        let starts = known.starts(service);
        let fields = self.fields(service, &starts);
        let numbered = self.fits && fields != SetIds::TooMany && self.sets_are_numbered(service);
        let interval = |from| match numbered {
            true => self.interval(service, from, &fields, &mut known),
            false => Drafted { from, own: Rules::Unnumbered, above: Vec::new() },
        };
        let intervals = starts.into_iter().map(interval).collect();
        Part { intervals, fields }
    }

    /// Whether every set that the rules of a service look at has numbers, but that of its fields.
    fn sets_are_numbered(&self, service: &Service) -> bool {
        if !self.sets.contains(&SetIds::TooMany) {
            return true;
        }
        let rules = service.rules.iter().map(|covered| &self.policy.rules[covered.rule]);
        let mut clauses = rules.flat_map(|rule| {
            let cases =
                self.policy.conditions_of(rule).flat_map(|condition| condition.cases.iter().flatten());
            rule.clauses.iter().chain(cases)
        });
        clauses.all(|clause| self.sets[clause.attribute] != SetIds::TooMany)
    }

    /// How the fields of a service are numbered.
    fn fields(&self, service: &Service, starts: &[Edge]) -> SetIds {
        let (Some(attribute), Some(fields)) = (self.policy.fields, &service.fields) else {
            return SetIds::Unseen;
        };
        let clauses = service.rules.iter().flat_map(|covered| &self.policy.rules[covered.rule].clauses);
        let tests = tests(clauses.filter(|clause| clause.attribute == attribute));
        let mut undeclared: Vec<Subset> = starts.iter().map(|at| undeclared(fields, *at)).collect();
        undeclared.sort_unstable();
        undeclared.dedup();
        SetIds::of(fields.len(), tests, &undeclared)
    }

    /// A service from a date on.
    fn interval(&self, service: &Service, from: Edge, fields: &SetIds, known: &mut RuleCache) -> Drafted {
        let above = service.rules.iter().filter(|covered| {
            let rule = &self.policy.rules[covered.rule];
            is_above(rule) && rule.window.contains(from) && covered.holds(from)
        });
        let mut above: Vec<usize> = above.map(|covered| covered.rule).collect();
        if above.len() <= FEW_ABOVE {
            above.clear();
        }
        let input = TableInput { policy: self.policy, service, at: from, fields, sets: &self.sets };
        let boxes = input.boxes(known, |rule| above.is_empty() || !is_above(rule));
        let draft = if self.many { Draft::of(&input, &boxes) } else { None };
        let own = draft.map_or(Rules::Boxes(boxes), Rules::Grid);
        Drafted { from, own, above }
    }
}

fn is_above(rule: &Rule) -> bool {
    rule.service.is_none() && rule.effect == Effect::Forbid
}

struct Builder<'p> {
    policy: &'p Policy,
    index: DecisionTable,
    grids: grid::Builder,
    ends: outcomes::Builder,
    /// Where a fork with such branches stands, by their hash.
    forks: FxHashMap<u64, NodeRef>,
    /// The diagrams above services, by the forbids and the date that they are of.
    above: FxHashMap<(Vec<usize>, Edge), NodeRef>,
}

impl<'p> Builder<'p> {
    fn new(shared: Shared<'p>) -> Self {
        let policy = shared.policy;
        Self {
            policy,
            index: DecisionTable {
                sets: shared.sets,
                names: Vocabulary::of(policy),
                ..DecisionTable::default()
            },
            grids: grid::Builder::default(),
            ends: outcomes::Builder::default(),
            forks: FxHashMap::default(),
            above: FxHashMap::default(),
        }
    }

    fn service(&mut self, service: &Service, part: Part) {
        let first = self.index.intervals.len();
        self.index.services.push(u32::try_from(first).unwrap_or(u32::MAX));
        for drafted in part.intervals {
            let from = Day::of_edge(drafted.from);
            let above = self.above(service, drafted.from, drafted.above, &part.fields);
            let own = self.own(service, drafted.from, drafted.own, &part.fields);
            let intervals = &mut self.index.intervals;
            let last = intervals.last().filter(|_| intervals.len() > first);
            if last.is_none_or(|last| (last.own, last.above) != (own, above)) {
                intervals.push(Interval { from, own, above });
            }
        }
        self.index.fields.push(part.fields);
    }

    fn own(&mut self, service: &Service, at: Edge, rules: Rules, fields: &SetIds) -> Own {
        let boxes = match rules {
            Rules::Grid(draft) => {
                return self.grids.grid(&draft).map_or(Own::Diagram(NodeRef::RULES), Own::Grid);
            }
            Rules::Boxes(boxes) => boxes,
            Rules::Unnumbered => return Own::Diagram(NodeRef::RULES),
        };
        let input = TableInput { policy: self.policy, service, at, fields, sets: &self.index.sets };
        let bitmaps = input.bitmaps(&boxes);
        Own::Diagram(self.diagram(&bitmaps, Of::Service))
    }

    /// The diagram of the forbids above a service.
    fn above(&mut self, service: &Service, at: Edge, above: Vec<usize>, fields: &SetIds) -> NodeRef {
        if above.is_empty() {
            return NodeRef::NONE;
        }
        let key = (above, at);
        if let Some(known) = self.above.get(&key) {
            return *known;
        }
        let input = TableInput { policy: self.policy, service, at, fields, sets: &self.index.sets };
        let bitmaps = input.bitmaps(&input.boxes(&mut RuleCache::of(self.policy, service), is_above));
        let place = self.diagram(&bitmaps, Of::Forbids);
        self.above.insert(key, place);
        place
    }

    fn diagram(&mut self, bitmaps: &Bitmaps, of: Of) -> NodeRef {
        let (walked, places, dead) = (FxHashMap::default(), Vec::new(), vec![None; bitmaps.columns.len()]);
        Walker { bitmaps, of, builder: self, walked, places, dead }.whole().unwrap_or(NodeRef::RULES)
    }

    /// The fork on an attribute with these branches; nothing where the table is full.
    fn fork(&mut self, attribute: usize, branches: impl Iterator<Item = NodeRef>) -> Option<NodeRef> {
        let table = &mut self.index.table;
        let offset = table.len();
        table.push(NodeRef::OPEN);
        table.extend(branches);
        let mut hasher = FxHasher::default();
        (attribute, &table[offset..]).hash(&mut hasher);
        let hash = hasher.finish();
        if let Some(known) = self.forks.get(&hash) {
            let alike = usize::from(known.attribute()) == attribute
                && table.get(known.offset()..known.offset() + table.len() - offset) == table.get(offset..);
            if alike {
                table.truncate(offset);
                return Some(*known);
            }
        }
        let place = NodeRef::fork(attribute, offset)?;
        self.forks.insert(hash, place);
        Some(place)
    }

    fn finish(mut self) -> DecisionTable {
        self.index.services.push(u32::try_from(self.index.intervals.len()).unwrap_or(u32::MAX));
        self.index.grids = self.grids.grids;
        self.index.ends = self.ends.ends;
        self.index.table.shrink_to_fit();
        self.index.intervals.shrink_to_fit();
        self.index.grids.shrink_to_fit();
        self.index
    }
}

/// Every question that clauses about one set attribute ask on some date.
fn tests<'p>(clauses: impl Iterator<Item = &'p Clause>) -> impl Iterator<Item = SetTest> {
    clauses.filter(|clause| clause.test != Test::Any).flat_map(|clause| {
        let times = [Edge::Start, Edge::Never].into_iter().chain(edges(clause.windows()));
        times.map(|at| SetTest { test: clause.test, listed: Subset::of(clause.listed(at)) })
    })
}

/// What a diagram is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    /// The rules of a service: what no permit matches is refused.
    Service,
    /// Forbids alone, above services.
    Forbids,
}

/// One diagram in the making: column by column, with the boxes that match so far.
struct Walker<'w, 'p> {
    bitmaps: &'w Bitmaps,
    of: Of,
    builder: &'w mut Builder<'p>,
    walked: FxHashMap<(usize, RuleSet), NodeRef>,
    /// The places that the classes of the columns entered lead to.
    places: Vec<NodeRef>,
    /// `dead[c]`: the refusal where no permit passes column `c`.
    dead: Vec<Option<NodeRef>>,
}

impl Walker<'_, '_> {
    fn whole(&mut self) -> Option<NodeRef> {
        let alive: RuleSet = mask(self.bitmaps.rules.len(), |_| true);
        match self.forbid(&alive, 0) {
            Some(forbid) => self.refuse(0, None, Some(forbid)),
            None => self.enter(0, alive),
        }
    }

    /// What is left to ask from a column on, where these boxes match so far.
    fn enter(&mut self, nth: usize, alive: RuleSet) -> Option<NodeRef> {
        let bitmaps = self.bitmaps;
        let Some(column) = bitmaps.columns.get(nth).filter(|_| !self.settled(nth, &alive)) else {
            return self.matched(&alive);
        };
        let key = (nth, alive);
        if let Some(known) = self.walked.get(&key) {
            return Some(*known);
        }
        let first = self.places.len();
        for class in &column.classes {
            let place = self.class(nth, class, &key.1)?;
            self.places.push(place);
        }
        let places = &self.places[first..];
        let one = places.iter().all(|place| *place == places[0]);
        let branches = column.class_of.iter().map(|class| places[*class]);
        let place = if one { places[0] } else { self.builder.fork(column.attribute, branches)? };
        self.places.truncate(first);
        self.walked.insert(key, place);
        Some(place)
    }

    /// Where a class of value leads.
    fn class(&mut self, nth: usize, class: &ValueClass, alive: &RuleSet) -> Option<NodeRef> {
        let check = self.bitmaps.columns[nth].attribute + 1;
        let alive = both(alive, &class.passes);
        let forbid = self.forbid(&alive, check);
        let fails = self.of == Of::Service && (class.undeclared || !self.any_permit(&alive));
        match (forbid, class.code) {
            (None, _) if !fails => self.enter(nth + 1, alive),
            // Most of what can be said fails, and for this.
            (None, None) => {
                if self.dead[nth].is_none() {
                    self.dead[nth] = self.refuse(check, None, None);
                }
                self.dead[nth]
            }
            _ => self.refuse(check, class.code, forbid),
        }
    }

    /// Whether nothing from a column on makes a difference any more.
    fn settled(&self, nth: usize, alive: &RuleSet) -> bool {
        let bitmaps = self.bitmaps;
        let settled = &bitmaps.settled[bitmaps.columns[nth].attribute];
        if alive.iter().zip(settled).any(|(alive, settled)| alive & !settled != 0) {
            return false;
        }
        let declared = bitmaps.undeclared.is_none_or(|last| last < nth);
        self.of == Of::Forbids || (declared && self.any_permit(alive))
    }

    /// The end where all that is left matches.
    fn matched(&mut self, alive: &RuleSet) -> Option<NodeRef> {
        if self.of == Of::Forbids {
            return Some(NodeRef::NONE);
        }
        let mut rules: Vec<u32> =
            bits(alive).filter_map(|nth| u32::try_from(self.bitmaps.rules[nth]).ok()).collect();
        rules.dedup();
        // A policy without attributes has nowhere to refuse at.
        if rules.is_empty() { Some(NodeRef::RULES) } else { self.builder.ends.permit(&rules) }
    }

    /// The forbid that answers at a check.
    fn forbid(&self, alive: &RuleSet, check: usize) -> Option<usize> {
        let answering =
            alive.iter().zip(&self.bitmaps.answering[check]).map(|(alive, answering)| alive & answering);
        let (word, bits) = answering.enumerate().find(|(_, bits)| *bits != 0)?;
        Some(word * 64 + bits.trailing_zeros() as usize)
    }

    fn any_permit(&self, alive: &RuleSet) -> bool {
        alive.iter().zip(&self.bitmaps.permits).any(|(alive, permits)| alive & permits != 0)
    }

    /// The end of a refusal; the code is the forbid's, or of the value that fails, or the attribute's.
    fn refuse(&mut self, check: usize, value: Option<u32>, forbid: Option<usize>) -> Option<NodeRef> {
        let rule = forbid.map(|nth| self.bitmaps.rules[nth]);
        let own = rule.is_some_and(|rule| self.builder.policy.rules[rule].refuse.is_some());
        let forbid = rule.and_then(|rule| u32::try_from(rule).ok());
        let (check, value) = (u8::try_from(check).ok()?, value.filter(|_| !own));
        let refused = TableRefusal { check, forbid, own, value };
        self.builder.ends.refuse(refused)
    }
}
