//! NameIndex to numbers: the first and the last bytes of a name say where it stands.

/// Where each of a list of names stands in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct NameIndex {
    /// One more than a place in the list, or 0; a power of two of them, at least twice as many as there are names.
    slots: Box<[u32]>,
}

impl NameIndex {
    pub(super) fn of<'n>(names: impl ExactSizeIterator<Item = &'n str>) -> Self {
        let mut slots = vec![0u32; (names.len() * 2).next_power_of_two()].into_boxed_slice();
        let last = slots.len() - 1;
        for (nth, name) in (1..).zip(names) {
            let mut slot = hash(name) & last;
            while slots[slot] != 0 {
                slot = (slot + 1) & last;
            }
            slots[slot] = nth;
        }
        Self { slots }
    }

    /// The place of a name in the list, whose names these are.
    #[inline]
    pub(crate) fn find<'n>(&self, name: &str, known: impl Fn(usize) -> &'n str) -> Option<usize> {
        let last = self.slots.len().checked_sub(1)?;
        let mut slot = hash(name) & last;
        loop {
            let nth = (*self.slots.get(slot)? as usize).checked_sub(1)?;
            if known(nth) == name {
                return Some(nth);
            }
            slot = (slot + 1) & last;
        }
    }
}

/// A number that differs where two names do in length, in their first or in their last bytes: whoever writes rules has no
/// wish to make them alike, and a name that is looked for among them only finds where to stop.
#[inline]
fn hash(name: &str) -> usize {
    const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
    let bytes = name.as_bytes();
    let (head, tail) = match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        (Some(head), Some(tail)) => (u64::from_le_bytes(*head), u64::from_le_bytes(*tail)),
        _ => match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
            (Some(head), Some(tail)) => (u32::from_le_bytes(*head).into(), u32::from_le_bytes(*tail).into()),
            _ => match bytes {
                [one] => (u64::from(*one), 0),
                [one, .., last] => (u64::from(*one), u64::from(*last)),
                [] => (0, 0),
            },
        },
    };
    let mixed =
        (head ^ (bytes.len() as u64) << 56).wrapping_mul(MIX) ^ tail.rotate_left(17).wrapping_mul(MIX);
    (mixed.wrapping_mul(MIX) >> 40) as usize
}
