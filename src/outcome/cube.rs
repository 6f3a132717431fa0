//! Boxes as rows of bits: a variable has a bit for each of its values, set where the box takes the value.
//!
//! All boxes of one space are equally long, so that cutting and comparing them is word by word.

/// A box, as the bits of all variables one behind the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cube(Vec<u64>);

impl Cube {
    /// A box with room for so many bits that takes nothing.
    pub(super) fn empty(bits: usize) -> Self {
        Self(vec![0; bits.div_ceil(64)])
    }

    pub(super) fn has(&self, bit: usize) -> bool {
        self.0.get(bit / 64).is_some_and(|word| word >> (bit % 64) & 1 == 1)
    }

    pub(super) fn put(&mut self, bit: usize, inside: bool) {
        let Some(word) = self.0.get_mut(bit / 64) else { return };
        if inside { *word |= 1 << (bit % 64) } else { *word &= !(1 << (bit % 64)) }
    }

    pub(super) fn covers(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(mine, theirs)| mine & theirs == *theirs)
    }

    pub(super) fn and(&self, other: &Self) -> Self {
        self.zip(other, |mine, theirs| mine & theirs)
    }

    pub(super) fn or(&self, other: &Self) -> Self {
        self.zip(other, |mine, theirs| mine | theirs)
    }

    pub(super) fn without(&self, other: &Self) -> Self {
        self.zip(other, |mine, theirs| mine & !theirs)
    }

    fn zip(&self, other: &Self, join: impl Fn(u64, u64) -> u64) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(mine, theirs)| join(*mine, *theirs)).collect())
    }

    fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(mine, theirs)| mine & theirs != 0)
    }

    /// Sorts boxes by what they take of the first variable, the early values first, then of the next.
    pub(super) fn order(&self) -> Vec<u64> {
        self.0.iter().map(|word| !word.reverse_bits()).collect()
    }
}

/// The variables: for each, a box that has its bits and no others.
#[derive(Clone, Debug, Default)]
pub(super) struct Variables(pub(super) Vec<Cube>);

/// Past this many boxes a union is left as it is: exact, but not in its largest boxes.
const MOST_CUBES: usize = 3_000;

impl Variables {
    /// Whether a box takes no value of some variable, and so nothing at all.
    pub(super) fn nothing(&self, cube: &Cube) -> bool {
        self.0.iter().any(|variable| !cube.meets(variable))
    }

    /// What is left of a box without another, in boxes that may overlap, each as large as can be.
    pub(super) fn minus(&self, cube: &Cube, other: &Cube) -> Vec<Cube> {
        if self.nothing(&cube.and(other)) {
            return vec![cube.clone()];
        }
        let left = self.0.iter().map(|variable| cube.without(&other.and(variable)));
        left.filter(|left| !self.nothing(left)).collect()
    }

    /// The largest box that lies in the union of two across one variable, if it is larger than either there.
    fn across(&self, one: &Cube, other: &Cube, variable: &Cube) -> Option<Cube> {
        let union = one.or(other).and(variable);
        let more = !one.covers(&union) && !other.covers(&union);
        let joined = one.and(other).or(&union);
        (more && !self.nothing(&joined)).then_some(joined)
    }

    /// Every largest box of a union. Which these are depends on the union alone.
    pub(super) fn largest(&self, mut cubes: Vec<Cube>) -> Vec<Cube> {
        absorb(&mut cubes);
        let mut fresh = cubes.clone();
        while !fresh.is_empty() && cubes.len() <= MOST_CUBES {
            let mut joined: Vec<Cube> = Vec::new();
            for new in &fresh {
                for old in &cubes {
                    let found = self.0.iter().filter_map(|variable| self.across(new, old, variable));
                    for found in found.filter(|found| !cubes.iter().any(|known| known.covers(found))) {
                        add(&mut joined, found);
                    }
                }
            }
            for new in &joined {
                add(&mut cubes, new.clone());
            }
            fresh = joined;
        }
        cubes
    }
}

/// Drops every box that lies in another.
pub(super) fn absorb(cubes: &mut Vec<Cube>) {
    for cube in std::mem::take(cubes) {
        add(cubes, cube);
    }
}

/// Adds a box, unless it lies in one of them; those that lie in it go.
fn add(cubes: &mut Vec<Cube>, cube: Cube) {
    if !cubes.iter().any(|known| known.covers(&cube)) {
        cubes.retain(|known| !cube.covers(known));
        cubes.push(cube);
    }
}
