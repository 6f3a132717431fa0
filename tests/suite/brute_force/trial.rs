//! Every finding about one policy, compared with the reference with and without the part that the finding is about.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use meterwarden::language::ast::File;
use meterwarden::{Code, Diagnostic, Policy, Source, Span, compile, parse};
use meterwarden_authoring::lint_meaning as lint;

use super::dropping::{Dropped, PartKind, RulePart, parts};
use super::world::{World, answers_of, book, disagreements, gaps, spaces};
use crate::reference;
use crate::reference::law::Facts;

/// Random policies with more requests are left out.
const MOST_CELLS: usize = 1_000;

/// The number of findings of each code, and of parts that rightly have no finding.
pub(crate) type Tally = BTreeMap<String, usize>;

/// Compares every finding about one policy with the reference.
pub(crate) fn compare(policy: Policy, tally: &mut Tally) -> Result<(), String> {
    let files: Vec<File> =
        policy.sources().iter().zip(0..).map(|(source, index)| parse(source, index).file).collect();
    let as_written = book(files.clone());
    let Some(spaces) = spaces(&as_written, MOST_CELLS) else { return Ok(()) };
    *tally.entry("policies".to_owned()).or_default() += 1;
    let plan = compile(Arc::new(policy));
    let found = lint(&plan);
    for finding in found.found() {
        *tally.entry(finding.code.name().to_owned()).or_default() += 1;
    }
    let trial = Trial {
        policy: plan.policy(),
        found: found.found(),
        parts: parts(&files),
        world: World::of(&as_written, &spaces),
        files,
        spaces,
    };
    trial.permits()?;
    trial.forbids()?;
    trial.clauses(tally)?;
    trial.selectors()?;
    trial.cases()?;
    trial.services()?;
    trial.dates()?;
    trial.disagreements()?;
    trial.refuses()
}

struct Trial<'p> {
    policy: &'p Policy,
    found: &'p [Diagnostic],
    parts: Vec<RulePart>,
    world: World,
    files: Vec<File>,
    spaces: Vec<(String, Vec<Facts>)>,
}

impl Trial<'_> {
    fn spans(&self, codes: &[Code]) -> BTreeSet<Span> {
        self.found
            .iter()
            .filter(|finding| codes.contains(&finding.code))
            .map(|finding| finding.span)
            .collect()
    }

    /// The spans of the findings of a code that have a fix.
    fn fixable(&self, code: Code) -> BTreeSet<Span> {
        let found = self.found.iter().filter(|finding| finding.code == code && !finding.fix.is_empty());
        found.map(|finding| finding.span).collect()
    }

    fn without(&self, dropped: &Dropped) -> World {
        World::of(&book(dropped.from(&self.files)), &self.spaces)
    }

    fn of(&self, what: PartKind) -> impl Iterator<Item = &RulePart> {
        self.parts.iter().filter(move |part| part.what == what)
    }

    /// Without all reported rules the policy permits the same; without any other rule as well, it does not.
    fn permits(&self) -> Result<(), String> {
        let dropped = Dropped {
            parts: self.spans(&[Code::NeverPermits, Code::AlreadyPermitted]),
            ..Dropped::default()
        };
        let before = self.world.permitted();
        ensure(self.without(&dropped).permitted() == before, "permits: what is found is needed")?;
        let never = self.spans(&[Code::NeverPermits]);
        for permit in self.of(PartKind::Permit) {
            if !dropped.parts.contains(&permit.span) {
                let needed = self.without(&dropped.and(permit)).permitted() != before;
                ensure(needed, &format!("permit not found: {}", permit.owner))?;
            } else {
                let matched = self.world.matched(&permit.owner);
                let alone = matched.iter().zip(self.world.asked()).filter(|(matched, _)| **matched);
                let mut asked = alone.map(|(_, asked)| asked);
                let refused =
                    asked.all(|((_, _, law), cell)| law.forbids.iter().any(|forbid| forbid.matches(cell)));
                ensure(refused == never.contains(&permit.span), &format!("never permits: {}", permit.owner))?;
            }
        }
        Ok(())
    }

    fn forbids(&self) -> Result<(), String> {
        let dropped = Dropped {
            parts: self.spans(&[Code::NeverForbids, Code::AlreadyForbidden]),
            ..Dropped::default()
        };
        let before = self.world.answers();
        ensure(self.without(&dropped).answers() == before, "forbids: what is found is needed")?;
        for forbid in self.of(PartKind::Forbid).filter(|piece| !dropped.parts.contains(&piece.span)) {
            let needed = self.without(&dropped.and(forbid)).answers() != before;
            ensure(needed, &format!("forbid not found: {}", forbid.owner))?;
        }
        Ok(())
    }

    /// The parts of rules: without all reported parts each rule matches the same; without any other part it does not.
    fn clauses(&self, tally: &mut Tally) -> Result<(), String> {
        let rules = self.spans(&[
            Code::NeverPermits,
            Code::AlreadyPermitted,
            Code::NeverForbids,
            Code::AlreadyForbidden,
        ]);
        let dropped = Dropped {
            parts: self.spans(&[Code::IdleClause, Code::IdleItem, Code::IdleWhen]),
            dates: self.fixable(Code::IdleDates),
        };
        let undated = self.spans(&[Code::IdleDates]);
        let owners = self.of(PartKind::Permit).chain(self.of(PartKind::Forbid));
        for rule in owners.filter(|rule| !rules.contains(&rule.span)) {
            let before = self.world.matched(&rule.owner);
            let without = self.without(&dropped);
            ensure(without.matched(&rule.owner) == before, &format!("part of {} is needed", rule.owner))?;
            for part in self.parts.iter().filter(|part| part.owner == rule.owner) {
                let reported = dropped.parts.contains(&part.span) || undated.contains(&part.span);
                let tried = match part.what {
                    PartKind::Clause | PartKind::When => true,
                    PartKind::Item => self.list_of(part, &dropped) > 1,
                    _ => false,
                };
                let clause_told = self.parts.iter().any(|clause| {
                    clause.what == PartKind::Clause
                        && within(part.span, clause.span)
                        && dropped.parts.contains(&clause.span)
                });
                if reported || !tried || clause_told {
                    continue;
                }
                let needed = if part.what == PartKind::When {
                    // The engine tries it first, with the rule as written except for other conditions.
                    let whens = Dropped { parts: self.spans(&[Code::IdleWhen]), ..Dropped::default() };
                    let without = self.without(&whens.and(part));
                    without.matched(&rule.owner) != before || without.answers() != self.world.answers()
                } else {
                    // The engine tries dates last, so it compares an item with lists that have all their dates.
                    let dated = Dropped { dates: BTreeSet::new(), ..dropped.clone() };
                    self.without(&dated.and(part)).matched(&rule.owner) != before
                };
                let text = self.policy.text(part.span);
                ensure(needed, &format!("{:?} of {} not found: {text}", part.what, rule.owner))?;
                *tally.entry(format!("{:?} needed", part.what)).or_default() += 1;
            }
            for part in
                self.parts.iter().filter(|part| part.owner == rule.owner && part.what == PartKind::Dates)
            {
                let lasting = self.without(&dropped.and(part)).matched(&rule.owner) == before;
                let gone = self.found.iter().any(|finding| {
                    matches!(finding.code, Code::IdleClause | Code::IdleItem)
                        && within(part.span, finding.span)
                });
                let text = self.policy.text(part.span);
                let reported = undated.contains(&part.span);
                // If only one of two bounds is reported, this test cannot leave it out alone.
                let bound = undated.iter().any(|span| !dropped.dates.contains(span));
                ensure(
                    gone || reported || bound || !lasting,
                    &format!("dates of {} not found: {text}", rule.owner),
                )?;
            }
        }
        Ok(())
    }

    /// The number of items that remain in the list of an item.
    fn list_of(&self, item: &RulePart, dropped: &Dropped) -> usize {
        let clause = self.of(PartKind::Clause).find(|clause| within(item.span, clause.span));
        let Some(clause) = clause else { return 0 };
        let items = self.of(PartKind::Item).filter(|other| within(other.span, clause.span));
        items.filter(|other| !dropped.parts.contains(&other.span)).count()
    }

    fn selectors(&self) -> Result<(), String> {
        let rules = self.spans(&[
            Code::NeverPermits,
            Code::AlreadyPermitted,
            Code::NeverForbids,
            Code::AlreadyForbidden,
        ]);
        let reported =
            Dropped { parts: self.spans(&[Code::IdleService, Code::IdleExcept]), ..Dropped::default() };
        let without = self.without(&reported);
        ensure(without.permitted() == self.world.permitted(), "an item of `services` is needed")?;
        let forbids_only = self
            .of(PartKind::Permit)
            .all(|permit| without.covered(&permit.owner) == self.world.covered(&permit.owner));
        ensure(!forbids_only || without.answers() == self.world.answers(), "an item of `services` is heard")?;
        for item in self.of(PartKind::Except).filter(|item| !reported.parts.contains(&item.span)) {
            let rule = self.parts.iter().find(|piece| piece.owner == item.owner).unwrap();
            if rules.contains(&rule.span) {
                continue;
            }
            let same = self.without(&reported.and(item)).covered(&item.owner) == without.covered(&item.owner);
            ensure(!same, &format!("item of except of {} not found", item.owner))?;
        }
        Ok(())
    }

    /// A condition alone, in a permit without other clauses.
    fn cases(&self) -> Result<(), String> {
        let never = self.spans(&[Code::CaseNeverHolds]);
        let covered = self.spans(&[Code::CaseCovered]);
        let mut conditions: Vec<&str> = self.of(PartKind::Case).map(|case| case.owner.as_str()).collect();
        conditions.dedup();
        for condition in conditions {
            let text = format!("service 0 \"\" {{ permit p {{ source \"s\" when {condition} }} }}");
            let alone = parse(&Source::new("z.rules", text), 99).file;
            let worded = |dropped: &Dropped| {
                let mut files = dropped.from(&self.files);
                files.iter_mut().for_each(|file| {
                    file.items.retain(|item| {
                        !matches!(
                            item,
                            meterwarden::language::ast::Item::Rule(_)
                                | meterwarden::language::ast::Item::Service(_)
                        )
                    });
                });
                files.push(alone.clone());
                book(files)
            };
            let whole = worded(&Dropped::default());
            let Some(spaces) = spaces(&whole, 2_000) else { continue };
            let matched = |dropped: &Dropped| World::of(&worded(dropped), &spaces).matched("0/p");
            let before = matched(&Dropped::default());
            let of_it = |span: &&Span| {
                self.of(PartKind::Case).any(|case| case.owner == condition && case.span == **span)
            };
            let reported =
                Dropped { parts: covered.iter().filter(of_it).copied().collect(), ..Dropped::default() };
            ensure(matched(&reported) == before, &format!("a case of {condition} is needed"))?;
            for case in self.of(PartKind::Case).filter(|case| case.owner == condition) {
                let others = self
                    .of(PartKind::Case)
                    .filter(|other| other.owner == condition && other.span != case.span);
                let only = others.fold(Dropped::default(), |dropped, other| dropped.and(other));
                let used: Vec<&RulePart> = self.of_rules_with(condition);
                let world = self.without(&only);
                let holds = used.iter().any(|rule| world.matched(&rule.owner).contains(&true));
                let seldom = self
                    .policy
                    .rules()
                    .iter()
                    .any(|rule| rule.effect == meterwarden::language::ast::Effect::Permit);
                let is_never = !used.is_empty() && !holds;
                // A permit about undeclared fields alone matches nothing here, but its alternatives can hold.
                if never.contains(&case.span) {
                    ensure(is_never, &format!("a case of {condition} holds"))?;
                    continue;
                }
                let has_fields = self.policy.attribute("fields").is_some() && seldom;
                ensure(!is_never || has_fields, &format!("a case of {condition} never holds"))?;
                let empty = !matched(&only).contains(&true);
                if !reported.parts.contains(&case.span) && !empty && !never.contains(&case.span) {
                    ensure(
                        matched(&reported.and(case)) != before || self.told_never(condition, &never),
                        &format!("a case of {condition} is covered"),
                    )?;
                }
            }
        }
        Ok(())
    }

    /// An alternative that never holds may cover another one. Both are reported; the code depends on the better reason.
    fn told_never(&self, condition: &str, never: &BTreeSet<Span>) -> bool {
        self.of(PartKind::Case).any(|case| case.owner == condition && never.contains(&case.span))
    }

    fn of_rules_with(&self, condition: &str) -> Vec<&RulePart> {
        let rules = self.of(PartKind::Permit).chain(self.of(PartKind::Forbid));
        let names = |rule: &&RulePart| {
            self.of(PartKind::When)
                .any(|when| when.owner == rule.owner && self.policy.text(when.span) == condition)
        };
        rules.filter(names).collect()
    }

    fn services(&self) -> Result<(), String> {
        let reported = self.spans(&[Code::NeverSent]);
        let permits = !self.spans(&[Code::NeverPermits, Code::AlreadyPermitted]).is_empty();
        for service in self.policy.services() {
            let mut asked = self.world.asked().filter(|((name, _, _), _)| *name == service.name);
            let sent = asked
                .any(|((_, _, law), cell)| matches!(law.decide(cell), reference::decide::Answer::Permit(_)));
            let is_told = reported.contains(&service.span);
            ensure(!is_told || !sent, &format!("{} is sent", service.name))?;
            let silent = sent || service.closed.is_some() || permits;
            ensure(is_told || silent, &format!("{} is never sent", service.name))?;
            for field in service.fields.iter().flatten() {
                let never = self
                    .found
                    .iter()
                    .any(|finding| finding.code == Code::NeverCarried && finding.span == field.span);
                // "An element with others inside it may be only the place of these."
                let is_place = service.has_inside(field);
                ensure(
                    never || is_place || !sent || self.carried(&service.name, &field.name),
                    &format!("{} is never carried", field.name),
                )?;
                ensure(
                    !never || !self.carried(&service.name, &field.name),
                    &format!("{} is carried", field.name),
                )?;
            }
        }
        Ok(())
    }

    /// Whether a permitted request has a field, with any other fields.
    fn carried(&self, service: &str, field: &str) -> bool {
        let mut asked = self.world.asked().filter(|((name, _, _), _)| name == service);
        asked.any(|((_, _, law), cell)| {
            let fields = law.axes.iter().find(|axis| axis.name == reference::law::FIELDS).unwrap();
            fields.space.iter().any(|fact| {
                let reference::law::Stated::Set(names) = fact else { return false };
                let mut cell = cell.clone();
                cell.insert(reference::law::FIELDS.to_owned(), fact.clone());
                names.contains(field) && matches!(law.decide(&cell), reference::decide::Answer::Permit(_))
            })
        })
    }

    fn dates(&self) -> Result<(), String> {
        let reported: BTreeSet<&str> = self
            .found
            .iter()
            .filter(|finding| finding.code == Code::DateGap)
            .map(|finding| finding.message.as_str())
            .collect();
        let expected =
            gaps(&self.world).into_iter().map(|(before, after, from, until)| match before == after {
                true => format!(
                    "`{after}` leaves a gap: what it permits until {from} it permits again only from {until}"
                ),
                false => format!(
                    "what `{before}` permits until {from} is permitted again only from {until}, by `{after}`"
                ),
            });
        let expected: BTreeSet<String> = expected.collect();
        ensure(
            reported.iter().copied().eq(expected.iter().map(String::as_str)),
            &format!("gaps: {reported:?} for {expected:?}"),
        )
    }

    fn disagreements(&self) -> Result<(), String> {
        let place = |name: &String| self.parts.iter().find(|part| part.owner == *name).unwrap().span;
        let expected: BTreeSet<(Span, Span)> =
            disagreements(&self.world).iter().map(|(first, second)| (place(first), place(second))).collect();
        let reported = self.found.iter().filter(|finding| finding.code == Code::ForbidsDisagree);
        let reported: BTreeSet<(Span, Span)> =
            reported.map(|finding| (finding.because[0].0, finding.span)).collect();
        ensure(reported == expected, &format!("forbids that disagree: {reported:?} for {expected:?}"))
    }

    fn refuses(&self) -> Result<(), String> {
        let reported = Dropped { parts: self.spans(&[Code::IdleRefuse]), ..Dropped::default() };
        ensure(self.without(&reported).answers() == self.world.answers(), "a `refuse` is heard")?;
        let idle = self.spans(&[Code::NeverForbids, Code::AlreadyForbidden]);
        let speaking = self.policy.rules().iter().filter(|rule| rule.refuse.is_some());
        for rule in speaking.filter(|rule| !idle.contains(&rule.name_span)) {
            let is_told = reported.parts.iter().any(|span| within(*span, rule.span));
            let alike = answers_of(&self.world, &rule.name);
            ensure(is_told == (alike == BTreeSet::from([true])), &format!("`refuse` of {}", rule.name))?;
        }
        Ok(())
    }
}

fn within(inner: Span, outer: Span) -> bool {
    inner.file == outer.file && outer.start <= inner.start && inner.end <= outer.end
}

fn ensure(holds: bool, otherwise: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise.to_owned()) }
}
