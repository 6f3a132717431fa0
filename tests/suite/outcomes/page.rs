//! Reads a snapshot of outcomes, with just enough set algebra to decide whether boxes cover another box.

use std::collections::BTreeSet;

use meterwarden::{Date, Plan, Policy, Request};

/// For each variable, the values that the box accepts, as `true`. A set attribute has one variable for whether it has
/// any value, and one for each value: present, absent. The last variable is the time.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Box {
    pub(crate) text: String,
    pub(crate) sides: Vec<Vec<bool>>,
}

/// The boxes of a service, and their variables.
#[derive(Debug)]
pub(crate) struct Boxes<'p> {
    policy: &'p Policy,
    service: String,
    /// The first day of each interval except the first interval.
    dates: Vec<Date>,
    pub(crate) boxes: Vec<Box>,
}

/// The dates of a snapshot.
pub(crate) fn dates(page: &str) -> BTreeSet<Date> {
    let headings = page.lines().filter(|line| line.starts_with("  ") && !line.starts_with("    "));
    headings.flat_map(|line| line.split(' ').filter_map(|word| word.parse().ok())).collect()
}

impl<'p> Boxes<'p> {
    /// Reads the snapshot of a service. `dates` are those on which anything may change.
    pub(crate) fn read(plan: &'p Plan, service: &str, page: &str, dates: &BTreeSet<Date>) -> Self {
        let dates = dates.iter().copied().collect();
        let mut all = Self { policy: plan.policy(), service: service.to_owned(), dates, boxes: Vec::new() };
        let mut time = "always";
        for block in page.split("    - ") {
            let mut lines: Vec<&str> = block.lines().filter(|line| !line.is_empty()).collect();
            let heading = lines.pop_if(|line| line.starts_with("  ") && !line.starts_with("    "));
            if !block.starts_with(&format!("{service} ")) {
                let text = format!("{time}\n{}", lines.join("\n"));
                let sides = all.sides(time, &lines);
                all.boxes.push(Box { text, sides });
            }
            time = heading.map_or(time, str::trim);
        }
        all
    }

    fn values(&self, attribute: usize) -> Vec<&'p str> {
        let attribute = &self.policy.attributes()[attribute];
        if attribute.name == "fields" {
            let fields = self.policy.service(&self.service).unwrap().fields.iter().flatten();
            return fields.map(|field| field.name.as_str()).collect();
        }
        attribute.values.iter().map(|value| value.name.as_str()).collect()
    }

    fn sides(&self, time: &str, lines: &[&str]) -> Vec<Vec<bool>> {
        let mut sides = Vec::new();
        for (index, attribute) in self.policy.attributes().iter().enumerate() {
            let about =
                lines.iter().filter_map(|line| line.trim().strip_prefix(&format!("{} ", attribute.name)));
            let clauses: Vec<&str> = about.collect();
            let values = self.values(index);
            sides.extend(if attribute.set { set(&values, &clauses) } else { plain(&values, &clauses) });
        }
        let (from, until) = match time.split(' ').collect::<Vec<_>>()[..] {
            ["from", from, "until", until] => (from.parse().ok(), until.parse().ok()),
            ["from", from] => (from.parse().ok(), None),
            ["until", until] => (None, until.parse().ok()),
            _ => (None, None),
        };
        sides.push(self.stretches(from, until));
        sides
    }

    fn stretches(&self, from: Option<Date>, until: Option<Date>) -> Vec<bool> {
        let starts = [None].into_iter().chain(self.dates.iter().copied().map(Some));
        starts.map(|start| start >= from && until.is_none_or(|until| start < Some(until))).collect()
    }

    /// A request of a box, chosen by the numbers, and the smallest box around it.
    pub(crate) fn request(&self, bounds: &Box, mut choose: impl FnMut(usize) -> usize) -> (Request, Box) {
        let mut point = bounds.clone();
        for side in &mut point.sides {
            let inside: Vec<usize> = (0..side.len()).filter(|index| side[*index]).collect();
            let chosen = inside[choose(inside.len())];
            (0..side.len()).for_each(|index| side[index] = index == chosen);
        }
        let stretch = point.sides.last().unwrap().iter().position(|inside| *inside).unwrap();
        let at = if stretch == 0 { Date::constant(1990, 1, 1) } else { self.dates[stretch - 1] };
        let mut request = Request::new(&self.service, at);
        let mut variable = 0;
        for (index, attribute) in self.policy.attributes().iter().enumerate() {
            let values = self.values(index);
            if !attribute.set {
                let value = point.sides[variable].iter().position(|inside| *inside).unwrap();
                request = request.value(&attribute.name, values[value]);
                variable += 1;
            } else if !values.is_empty() {
                let (wanted, sides) =
                    (&bounds.sides[variable], &mut point.sides[variable..=variable + values.len()]);
                let any = sides[1..].iter().any(|side| side[0]);
                if !any && !wanted[1] {
                    // Some value must be present: the first that may be.
                    let may = (1..sides.len()).find(|index| bounds.sides[variable + index][0]).unwrap();
                    sides[may] = vec![true, false];
                }
                let there =
                    values.iter().zip(&sides[1..]).filter(|(_, side)| side[0]).map(|(value, _)| *value);
                let there: Vec<&str> = there.collect();
                sides[0] = vec![!there.is_empty(), there.is_empty()];
                request = request.set(&attribute.name, there);
                variable += values.len() + 1;
            }
        }
        (request, point)
    }

    /// The box of every request.
    pub(crate) fn everything(&self) -> Box {
        Box { text: String::new(), sides: self.sides("always", &[]) }
    }
}

fn listed<'c>(clause: &'c str, words: &[&str]) -> (String, Vec<&'c str>) {
    let word =
        words.iter().find(|word| clause.strip_prefix(**word).is_some_and(|rest| rest.starts_with(' ')));
    let list = word.map_or(clause, |word| &clause[word.len() + 1..]);
    (word.unwrap_or(&"").to_string(), list.split(", ").collect())
}

fn plain(values: &[&str], clauses: &[&str]) -> Vec<Vec<bool>> {
    let clauses: Vec<_> = clauses.iter().map(|clause| listed(clause, &["not"])).collect();
    let inside = |value: &&str| clauses.iter().all(|(word, list)| list.contains(value) != (word == "not"));
    vec![values.iter().map(inside).collect()]
}

fn set(values: &[&str], clauses: &[&str]) -> Vec<Vec<bool>> {
    if values.is_empty() {
        return Vec::new();
    }
    let mut sides = vec![vec![true; 2]; values.len() + 1];
    for clause in clauses {
        let (word, list) = listed(clause, &["only", "includes", "excludes", "exactly"]);
        for (value, side) in values.iter().zip(&mut sides[1..]) {
            let inside = list.contains(value);
            match word.as_str() {
                _ if *clause == "none" => side[0] = false,
                "only" => side[0] &= inside,
                "excludes" => side[0] &= !inside,
                "exactly" => side[usize::from(inside)] = false,
                _ => side[1] &= !inside,
            }
        }
        match word.as_str() {
            _ if *clause == "none" => sides[0][0] = false,
            "excludes" => {}
            _ => sides[0][1] = false,
        }
    }
    sides
}

/// Whether a box contains every request of another. In each box the variables of a set agree with each other, so the
/// comparison of their bits is exact.
pub(crate) fn covers(outer: &Box, inner: &Box) -> bool {
    let within = |(mine, theirs): (&Vec<bool>, &Vec<bool>)| {
        mine.iter().zip(theirs).all(|(mine, theirs)| *mine || !theirs)
    };
    outer.sides.iter().zip(&inner.sides).all(within)
}

impl Boxes<'_> {
    /// Whether a box contains no request.
    fn nothing(&self, sides: &[Vec<bool>]) -> bool {
        let mut first = 0;
        for (index, attribute) in self.policy.attributes().iter().enumerate() {
            let values = self.values(index).len();
            if attribute.set && values > 0 {
                let may = sides[first + 1..=first + values].iter().any(|side| side[0]);
                let must = sides[first + 1..=first + values].iter().any(|side| !side[1]);
                if !(sides[first][0] && may || sides[first][1] && !must) {
                    return true;
                }
            }
            first += if attribute.set { values + usize::from(values > 0) } else { 1 };
        }
        sides.iter().any(|side| !side.contains(&true))
    }

    /// Whether boxes together cover another box. It is cut along the sides of a box that it meets, until each piece is
    /// in one box.
    pub(crate) fn covered(&self, inner: &Box, by: &[Box]) -> bool {
        if self.nothing(&inner.sides) || by.iter().any(|outer| covers(outer, inner)) {
            return true;
        }
        let both = |(mine, theirs): (&Vec<bool>, &Vec<bool>)| -> Vec<bool> {
            mine.iter().zip(theirs).map(|(mine, theirs)| *mine && *theirs).collect()
        };
        let meets = |outer: &&Box| {
            !self.nothing(&inner.sides.iter().zip(&outer.sides).map(both).collect::<Vec<Vec<bool>>>())
        };
        let Some(outer) = by.iter().find(meets) else { return false };
        let narrower = |variable: &usize| {
            inner.sides[*variable].iter().zip(&outer.sides[*variable]).any(|(mine, theirs)| *mine && !theirs)
        };
        let variable = (0..inner.sides.len()).find(narrower).unwrap();
        [true, false].into_iter().all(|wanted| {
            let mut piece = inner.clone();
            piece.sides[variable]
                .iter_mut()
                .zip(&outer.sides[variable])
                .for_each(|(mine, theirs)| *mine &= *theirs == wanted);
            self.covered(&piece, by)
        })
    }
}
