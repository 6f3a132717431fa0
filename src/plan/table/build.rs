//! The rules of every service, on every date, as grids and diagrams.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};

use super::boxes::{Boxes, Known};
use super::sheet::{Ground, Kind, Sheet, undeclared};
use super::{Day, Draft, Index, Own, Place, Refused, SetIds, Stretch, Vocabulary, ends, grid};
use crate::base::bit_set::{Mask, bits, both, mask};
use crate::base::parallel;
use crate::policy::{Clause, Edge, Effect, Policy, Rule, Service, Test};
use crate::space::{SetTest, Subset, edges};

/// The table of a policy.
pub(crate) fn index(policy: &Policy) -> Index {
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
    stretches: Vec<Drafted>,
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
        let mut known = Known::of(self.policy, service);
        let starts = known.starts(service);
        let fields = self.fields(service, &starts);
        let numbered = self.fits && fields != SetIds::TooMany && self.sets_are_numbered(service);
        let stretch = |from| match numbered {
            true => self.stretch(service, from, &fields, &mut known),
            false => Drafted { from, own: Rules::Unnumbered, above: Vec::new() },
        };
        let stretches = starts.into_iter().map(stretch).collect();
        Part { stretches, fields }
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
    fn stretch(&self, service: &Service, from: Edge, fields: &SetIds, known: &mut Known) -> Drafted {
        let above = service.rules.iter().filter(|covered| {
            let rule = &self.policy.rules[covered.rule];
            is_above(rule) && rule.window.contains(from) && covered.holds(from)
        });
        let mut above: Vec<usize> = above.map(|covered| covered.rule).collect();
        if above.len() <= FEW_ABOVE {
            above.clear();
        }
        let ground = Ground { policy: self.policy, service, at: from, fields, sets: &self.sets };
        let boxes = ground.boxes(known, |rule| above.is_empty() || !is_above(rule));
        let draft = if self.many { Draft::of(&ground, &boxes) } else { None };
        let own = draft.map_or(Rules::Boxes(boxes), Rules::Grid);
        Drafted { from, own, above }
    }
}

fn is_above(rule: &Rule) -> bool {
    rule.service.is_none() && rule.effect == Effect::Forbid
}

struct Builder<'p> {
    policy: &'p Policy,
    index: Index,
    grids: grid::Making,
    ends: ends::Making,
    /// Where a fork with such branches stands, by their hash.
    forks: FxHashMap<u64, Place>,
    /// The diagrams above services, by the forbids and the date that they are of.
    above: FxHashMap<(Vec<usize>, Edge), Place>,
}

impl<'p> Builder<'p> {
    fn new(shared: Shared<'p>) -> Self {
        let policy = shared.policy;
        Self {
            policy,
            index: Index { sets: shared.sets, names: Vocabulary::of(policy), ..Index::default() },
            grids: grid::Making::default(),
            ends: ends::Making::default(),
            forks: FxHashMap::default(),
            above: FxHashMap::default(),
        }
    }

    fn service(&mut self, service: &Service, part: Part) {
        let first = self.index.stretches.len();
        self.index.services.push(u32::try_from(first).unwrap_or(u32::MAX));
        for drafted in part.stretches {
            let from = Day::of_edge(drafted.from);
            let above = self.above(service, drafted.from, drafted.above, &part.fields);
            let own = self.own(service, drafted.from, drafted.own, &part.fields);
            let stretches = &mut self.index.stretches;
            let last = stretches.last().filter(|_| stretches.len() > first);
            if last.is_none_or(|last| (last.own, last.above) != (own, above)) {
                stretches.push(Stretch { from, own, above });
            }
        }
        self.index.fields.push(part.fields);
    }

    fn own(&mut self, service: &Service, at: Edge, rules: Rules, fields: &SetIds) -> Own {
        let boxes = match rules {
            Rules::Grid(draft) => {
                return self.grids.grid(&draft).map_or(Own::Diagram(Place::RULES), Own::Grid);
            }
            Rules::Boxes(boxes) => boxes,
            Rules::Unnumbered => return Own::Diagram(Place::RULES),
        };
        let ground = Ground { policy: self.policy, service, at, fields, sets: &self.index.sets };
        let sheet = ground.sheet(&boxes);
        Own::Diagram(self.diagram(&sheet, Of::Service))
    }

    /// The diagram of the forbids above a service.
    fn above(&mut self, service: &Service, at: Edge, above: Vec<usize>, fields: &SetIds) -> Place {
        if above.is_empty() {
            return Place::NONE;
        }
        let key = (above, at);
        if let Some(known) = self.above.get(&key) {
            return *known;
        }
        let ground = Ground { policy: self.policy, service, at, fields, sets: &self.index.sets };
        let sheet = ground.sheet(&ground.boxes(&mut Known::of(self.policy, service), is_above));
        let place = self.diagram(&sheet, Of::Forbids);
        self.above.insert(key, place);
        place
    }

    fn diagram(&mut self, sheet: &Sheet, of: Of) -> Place {
        let (walked, places, dead) = (FxHashMap::default(), Vec::new(), vec![None; sheet.columns.len()]);
        Walker { sheet, of, builder: self, walked, places, dead }.whole().unwrap_or(Place::RULES)
    }

    /// The fork on an attribute with these branches; nothing where the table is full.
    fn fork(&mut self, attribute: usize, branches: impl Iterator<Item = Place>) -> Option<Place> {
        let table = &mut self.index.table;
        let offset = table.len();
        table.push(Place::OPEN);
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
        let place = Place::fork(attribute, offset)?;
        self.forks.insert(hash, place);
        Some(place)
    }

    fn finish(mut self) -> Index {
        self.index.services.push(u32::try_from(self.index.stretches.len()).unwrap_or(u32::MAX));
        self.index.grids = self.grids.grids;
        self.index.ends = self.ends.ends;
        self.index.table.shrink_to_fit();
        self.index.stretches.shrink_to_fit();
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
    sheet: &'w Sheet,
    of: Of,
    builder: &'w mut Builder<'p>,
    walked: FxHashMap<(usize, Mask), Place>,
    /// The places that the kinds of the columns entered lead to.
    places: Vec<Place>,
    /// `dead[c]`: the refusal where no permit passes column `c`.
    dead: Vec<Option<Place>>,
}

impl Walker<'_, '_> {
    fn whole(&mut self) -> Option<Place> {
        let alive: Mask = mask(self.sheet.rules.len(), |_| true);
        match self.forbid(&alive, 0) {
            Some(forbid) => self.refuse(0, None, Some(forbid)),
            None => self.enter(0, alive),
        }
    }

    /// What is left to ask from a column on, where these boxes match so far.
    fn enter(&mut self, nth: usize, alive: Mask) -> Option<Place> {
        let sheet = self.sheet;
        let Some(column) = sheet.columns.get(nth).filter(|_| !self.settled(nth, &alive)) else {
            return self.matched(&alive);
        };
        let key = (nth, alive);
        if let Some(known) = self.walked.get(&key) {
            return Some(*known);
        }
        let first = self.places.len();
        for kind in &column.kinds {
            let place = self.kind(nth, kind, &key.1)?;
            self.places.push(place);
        }
        let places = &self.places[first..];
        let one = places.iter().all(|place| *place == places[0]);
        let branches = column.kind_of.iter().map(|kind| places[*kind]);
        let place = if one { places[0] } else { self.builder.fork(column.attribute, branches)? };
        self.places.truncate(first);
        self.walked.insert(key, place);
        Some(place)
    }

    /// Where a kind of value leads.
    fn kind(&mut self, nth: usize, kind: &Kind, alive: &Mask) -> Option<Place> {
        let check = self.sheet.columns[nth].attribute + 1;
        let alive = both(alive, &kind.passes);
        let forbid = self.forbid(&alive, check);
        let fails = self.of == Of::Service && (kind.undeclared || !self.any_permit(&alive));
        match (forbid, kind.code) {
            (None, _) if !fails => self.enter(nth + 1, alive),
            // Most of what can be said fails, and for this.
            (None, None) => {
                if self.dead[nth].is_none() {
                    self.dead[nth] = self.refuse(check, None, None);
                }
                self.dead[nth]
            }
            _ => self.refuse(check, kind.code, forbid),
        }
    }

    /// Whether nothing from a column on makes a difference any more.
    fn settled(&self, nth: usize, alive: &Mask) -> bool {
        let sheet = self.sheet;
        let settled = &sheet.settled[sheet.columns[nth].attribute];
        if alive.iter().zip(settled).any(|(alive, settled)| alive & !settled != 0) {
            return false;
        }
        let declared = sheet.undeclared.is_none_or(|last| last < nth);
        self.of == Of::Forbids || (declared && self.any_permit(alive))
    }

    /// The end where all that is left matches.
    fn matched(&mut self, alive: &Mask) -> Option<Place> {
        if self.of == Of::Forbids {
            return Some(Place::NONE);
        }
        let mut rules: Vec<u32> =
            bits(alive).filter_map(|nth| u32::try_from(self.sheet.rules[nth]).ok()).collect();
        rules.dedup();
        // A policy without attributes has nowhere to refuse at.
        if rules.is_empty() { Some(Place::RULES) } else { self.builder.ends.permit(&rules) }
    }

    /// The forbid that answers at a check.
    fn forbid(&self, alive: &Mask, check: usize) -> Option<usize> {
        let answering =
            alive.iter().zip(&self.sheet.answering[check]).map(|(alive, answering)| alive & answering);
        let (word, bits) = answering.enumerate().find(|(_, bits)| *bits != 0)?;
        Some(word * 64 + bits.trailing_zeros() as usize)
    }

    fn any_permit(&self, alive: &Mask) -> bool {
        alive.iter().zip(&self.sheet.permits).any(|(alive, permits)| alive & permits != 0)
    }

    /// The end of a refusal; the code is the forbid's, or of the value that fails, or the attribute's.
    fn refuse(&mut self, check: usize, value: Option<u32>, forbid: Option<usize>) -> Option<Place> {
        let rule = forbid.map(|nth| self.sheet.rules[nth]);
        let own = rule.is_some_and(|rule| self.builder.policy.rules[rule].refuse.is_some());
        let forbid = rule.and_then(|rule| u32::try_from(rule).ok());
        let (check, value) = (u8::try_from(check).ok()?, value.filter(|_| !own));
        let refused = Refused { check, forbid, own, value };
        self.builder.ends.refuse(refused)
    }
}
