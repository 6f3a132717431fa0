//! Names to numbers, by a hash of the first and the last bytes of a name.

/// The number of each name of a list: its index. The names themselves stay in the policy.
#[derive(Clone, Debug, Default)]
pub(crate) struct NameIndex {
    /// One more than the index of a name, or 0 for a free slot. The number of slots is a power of two and at least
    /// twice the number of names, so a search always ends at a free slot.
    slots: Box<[u32]>,
}

impl NameIndex {
    pub(super) fn of<'n>(names: impl ExactSizeIterator<Item = &'n str>) -> Self {
        let mut slots = vec![0u32; (names.len() * 2).next_power_of_two()].into_boxed_slice();
        let last = slots.len() - 1;
        for (number, name) in (1..).zip(names) {
            let mut slot = hash(name) & last;
            while slots[slot] != 0 {
                slot = (slot + 1) & last;
            }
            slots[slot] = number;
        }
        Self { slots }
    }

    /// The index of a name. `name_at` gives the name with an index.
    #[inline]
    pub(crate) fn find<'n>(&self, name: &str, name_at: impl Fn(usize) -> &'n str) -> Option<usize> {
        let last = self.slots.len().checked_sub(1)?;
        let mut slot = hash(name) & last;
        loop {
            let index = (*self.slots.get(slot)? as usize).checked_sub(1)?;
            if name_at(index) == name {
                return Some(index);
            }
            slot = (slot + 1) & last;
        }
    }
}

/// A hash of the length, the first bytes and the last bytes of a name. Equal hashes only make a search longer. The
/// names are those of the policy, whose authors have no reason to make them collide.
#[inline]
fn hash(name: &str) -> usize {
    const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
    let bytes = name.as_bytes();
    let (head, tail) = match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        (Some(head), Some(tail)) => (u64::from_le_bytes(*head), u64::from_le_bytes(*tail)),
        _ => match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
            (Some(head), Some(tail)) => (u32::from_le_bytes(*head).into(), u32::from_le_bytes(*tail).into()),
            _ => match bytes {
                [byte] => (u64::from(*byte), 0),
                [first, .., last] => (u64::from(*first), u64::from(*last)),
                [] => (0, 0),
            },
        },
    };
    let mixed =
        (head ^ (bytes.len() as u64) << 56).wrapping_mul(MIX) ^ tail.rotate_left(17).wrapping_mul(MIX);
    (mixed.wrapping_mul(MIX) >> 40) as usize
}
