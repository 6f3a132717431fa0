//! "What a request gets", point by point.

use std::collections::{BTreeMap, BTreeSet};

use super::law::{Box, FIELDS, Facts, Law, Rule, Stated, UNDECLARED};
use super::model::Refuse;

/// The answer of the reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The permits that match, in policy order.
    Permit(Vec<String>),
    Refuse(Refused),
    /// The attributes that are not stated and matter, in vocabulary order.
    Undetermined(Vec<String>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    /// 0 before the first attribute, then 1 for the first.
    pub(crate) check: usize,
    pub(crate) attribute: String,
    pub(crate) code: Option<String>,
    /// Only for complete requests: language.md does not define which of several completions the answer is about.
    pub(crate) why: Option<Why>,
}

/// The reason, and the forbid that answered, if one did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Why {
    pub(crate) reason: String,
    pub(crate) rule: Option<String>,
}

/// "A service that the policy does not know is a refusal at `service`, without a code, not an error."
pub(crate) fn unknown_service() -> Answer {
    Answer::Refuse(Refused { check: 0, attribute: "service".to_owned(), code: None, why: None })
}

impl Law {
    /// Decides a request.
    pub(crate) fn decide(&self, facts: &Facts) -> Answer {
        let facts = &self.fields_by_name(facts);
        let unsaid = self.unsaid(facts);
        if unsaid.is_empty() { self.complete(facts) } else { self.partial(facts, &unsaid) }
    }

    /// "A request may state a field by its place", `/` and its path, instead of its name.
    fn fields_by_name(&self, facts: &Facts) -> Facts {
        let name = |field: &String| self.names_at.get(field).unwrap_or(field).clone();
        let mut facts = facts.clone();
        match facts.get_mut(FIELDS) {
            Some(Stated::Set(fields)) => *fields = fields.iter().map(name).collect(),
            Some(Stated::Members { present, absent }) => {
                *present = present.iter().map(name).collect();
                *absent = absent.iter().map(name).collect();
            }
            _ => {}
        }
        facts
    }

    /// The attributes that a request does not state, or of which it states single values. A service without a `fields` line "does not look at the body".
    pub(crate) fn unsaid(&self, facts: &Facts) -> Vec<String> {
        let names = self.axes.iter().map(|axis| &axis.name);
        let looked_at = names.filter(|name| *name != FIELDS || self.declared.is_some());
        let is_whole =
            |name: &&String| facts.get(*name).is_some_and(|fact| !matches!(fact, Stated::Members { .. }));
        looked_at.filter(|name| !is_whole(name)).cloned().collect()
    }

    /// Every possible fact of an attribute: "any of its values (any subset; unsaid `fields` may hold an undeclared
    /// one)".
    pub(crate) fn sayable(&self, attribute: &str) -> Vec<Stated> {
        let mut sayable = self.axes.iter().find(|axis| axis.name == attribute).unwrap().space.clone();
        if attribute == FIELDS {
            let with = sayable.iter().map(|fact| match fact {
                Stated::Set(fields) => Stated::Set(fields | &BTreeSet::from([UNDECLARED.to_owned()])),
                _ => panic!("the space of fields is sets"),
            });
            sayable.extend(with.collect::<Vec<_>>());
        }
        sayable
    }

    /// Points 2 and 3, for a complete request.
    fn complete(&self, facts: &Facts) -> Answer {
        // 2. "**Permit** if a box of a permit matches, no box of a forbid does, and no undeclared field is
        // present. The answer names the permit (the first in policy order …) and every other that matched."
        let undeclared = self.has_undeclared(facts);
        let matching: Vec<&Rule> = self.permits.iter().filter(|rule| rule.matches(facts)).collect();
        if !matching.is_empty() && !self.forbids.iter().any(|rule| rule.matches(facts)) && !undeclared {
            return Answer::Permit(matching.iter().map(|rule| rule.name.clone()).collect());
        }

        // 3. "Otherwise **Refuse**, at the first failing check."
        // "A forbid that constrains nothing answers before the first attribute and must have a `refuse`."
        if let Some(forbid) = self.answering(None, facts) {
            return refused(
                0,
                "service",
                forbid.refuse.clone().expect("it must have a `refuse`"),
                Some(forbid),
            );
        }
        // "All boxes of permits start alive; go through the attributes in vocabulary order."
        let mut alive: Vec<&Box> = self.permits.iter().flat_map(|rule| &rule.boxes).collect();
        for (place, axis) in self.axes.iter().enumerate() {
            let fact = facts.get(&axis.name);
            // ""The attribute's `refuse`" is that of the request's value where the value has one."
            let value_refuse = match fact {
                Some(Stated::Value(value)) => axis.own_refuse.get(value),
                _ => None,
            };
            let refuse = value_refuse.unwrap_or(&axis.refuse);
            // "A forbid answers, if one of its boxes matches the whole request and answers at this attribute:
            // refuse with the forbid's `refuse` if it has one, else the attribute's." "If several forbids
            // answer at one attribute the first in policy order does."
            if let Some(forbid) = self.answering(Some(place), facts) {
                let refuse = forbid.refuse.as_ref().unwrap_or(refuse);
                return refused(place + 1, &axis.name, refuse.clone(), Some(forbid));
            }
            // "At `fields`, an undeclared field is refused, with the attribute's `refuse`."
            if axis.name == FIELDS && undeclared {
                return refused(place + 1, &axis.name, refuse.clone(), None);
            }
            // "The boxes that do not match at this attribute die; if none is alive now, refuse with the
            // attribute's `refuse`."
            alive.retain(|rule_box| rule_box.matches_at(&axis.name, fact));
            if alive.is_empty() {
                return refused(place + 1, &axis.name, refuse.clone(), None);
            }
        }
        panic!("neither permitted nor refused: {facts:?}")
    }

    /// "A service with a `fields` line is never permitted a message that carries any other element."
    pub(crate) fn has_undeclared(&self, facts: &Facts) -> bool {
        match (&self.declared, facts.get(FIELDS)) {
            (Some(declared), Some(Stated::Set(fields))) => {
                fields.iter().any(|field| !declared.contains(field))
            }
            _ => false,
        }
    }

    /// The first forbid with a box that matches the whole request and answers at this attribute.
    fn answering(&self, place: Option<usize>, facts: &Facts) -> Option<&Rule> {
        let answers = |rule_box: &Box| rule_box.answers_at == place && rule_box.matches(facts);
        self.forbids.iter().find(|rule| rule.boxes.iter().any(answers))
    }

    /// "A *completion* gives each unsaid attribute any of its values."
    fn completions(&self, facts: &Facts, unsaid: &[String]) -> Vec<Facts> {
        let mut completions = vec![facts.clone()];
        for attribute in unsaid {
            let mut sayable = self.sayable(attribute);
            if let Some(Stated::Members { present, absent }) = facts.get(attribute) {
                sayable = having(present, absent, sayable);
            }
            let with = |facts: &Facts, fact: &Stated| {
                let mut facts = facts.clone();
                facts.insert(attribute.clone(), fact.clone());
                facts
            };
            let each = completions.iter().flat_map(|facts| sayable.iter().map(move |fact| with(facts, fact)));
            completions = each.collect();
        }
        completions
    }

    /// 4. "A request may leave attributes unsaid."
    fn partial(&self, facts: &Facts, unsaid: &[String]) -> Answer {
        let completions = self.completions(facts, unsaid);
        let answers: Vec<Answer> = completions.iter().map(|completion| self.complete(completion)).collect();
        let mut named = BTreeSet::new();
        let mut refusals = Vec::new();
        for answer in &answers {
            match answer {
                Answer::Permit(rules) => named.extend(rules),
                Answer::Refuse(refused) => refusals.push(refused),
                Answer::Undetermined(_) => panic!("a completion is undetermined"),
            }
        }
        // "Every completion permitted: **Permit**, naming the first permit in policy order that matches some
        // completion, and the others."
        if refusals.is_empty() {
            let names = self.permits.iter().map(|rule| &rule.name);
            return Answer::Permit(names.filter(|name| named.contains(name)).cloned().collect());
        }
        // "Every completion refused: **Refuse**, at the first attribute by which every completion has failed
        // (the latest of their failing checks). The code is that of the completions that fail there, if they
        // agree, otherwise the attribute's own."
        if named.is_empty() {
            let check = refusals.iter().map(|refused| refused.check).max().unwrap();
            let last: Vec<_> = refusals.into_iter().filter(|refused| refused.check == check).collect();
            let agree = last.iter().all(|refused| refused.code == last[0].code);
            let code = if agree { last[0].code.clone() } else { self.axes[check - 1].refuse.code.clone() };
            return Answer::Refuse(Refused { check, attribute: last[0].attribute.clone(), code, why: None });
        }
        // "Otherwise **Undetermined**. `needs` are the unsaid attributes that matter." An attribute of which single
        // values are stated is among them.
        let matters = |attribute: &&String| matters(attribute, &completions, &answers);
        Answer::Undetermined(unsaid.iter().filter(matters).cloned().collect())
    }
}

/// The sets that have the one values and not the others. A field that no set has is undeclared: that it is absent states
/// nothing of other undeclared fields.
fn having(present: &BTreeSet<String>, absent: &BTreeSet<String>, sets: Vec<Stated>) -> Vec<Stated> {
    let members = |fact: &Stated| match fact {
        Stated::Set(set) => set.clone(),
        _ => panic!("members of a plain attribute"),
    };
    let known: BTreeSet<String> = sets.iter().flat_map(members).collect();
    let is_known = |value: &&String| known.contains(*value) && *value != UNDECLARED;
    let mut needed: BTreeSet<String> = present.iter().filter(is_known).cloned().collect();
    if needed.len() < present.len() {
        needed.insert(UNDECLARED.to_owned());
    }
    let excluded: BTreeSet<String> = absent.iter().filter(is_known).cloned().collect();
    let agrees = |fact: &Stated| needed.is_subset(&members(fact)) && excluded.is_disjoint(&members(fact));
    sets.into_iter().filter(agrees).collect()
}

/// "Two completions that differ in that one alone, one permitted, one refused"
fn matters(attribute: &str, completions: &[Facts], answers: &[Answer]) -> bool {
    let mut permitted: BTreeMap<Facts, BTreeSet<bool>> = BTreeMap::new();
    for (completion, answer) in completions.iter().zip(answers) {
        let mut others = completion.clone();
        others.remove(attribute);
        permitted.entry(others).or_default().insert(matches!(answer, Answer::Permit(_)));
    }
    permitted.values().any(|answers| answers.len() == 2)
}

fn refused(check: usize, attribute: &str, refuse: Refuse, forbid: Option<&Rule>) -> Answer {
    let why = Some(Why { reason: refuse.reason, rule: forbid.map(|rule| rule.name.clone()) });
    Answer::Refuse(Refused { check, attribute: attribute.to_owned(), code: refuse.code, why })
}
