//! A map from a few names to small numbers without collisions: a lookup is one multiplication and one comparison.

/// A perfect hash table of the names of one attribute
#[derive(Debug)]
pub(crate) struct NameTable {
    factor: u64,
    shift: u32,
    slots: Box<[Slot]>,
}

/// A name and its number. An empty slot has the empty name, which is not a name of any value.
#[derive(Clone, Debug, Default)]
struct Slot {
    name: Box<str>,
    id: u32,
}

impl NameTable {
    /// `names[id]` gets the number `id`. Tries factors until no two names get the same slot; after 1,000 factors, the
    /// table gets twice the size.
    pub(crate) fn new(names: &[&str]) -> Self {
        let mut bits = names.len().max(1).next_power_of_two().trailing_zeros() + 1;
        let mut factor = 0x9e37_79b9_7f4a_7c15u64;
        loop {
            for _ in 0..1_000 {
                if let Some(slots) = try_slots(names, factor, 64 - bits) {
                    return Self { factor, shift: 64 - bits, slots };
                }
                factor = factor.wrapping_mul(0x2545_f491_4f6c_dd1d) | 1;
            }
            bits += 1;
        }
    }

    /// The number of a name
    #[inline]
    pub(crate) fn id(&self, name: &str) -> Option<u32> {
        let slot = &self.slots[(key(name).wrapping_mul(self.factor) >> self.shift) as usize];
        (*slot.name == *name && !name.is_empty()).then_some(slot.id)
    }
}

/// The names in their slots; `None` if two names get the same slot
fn try_slots(names: &[&str], factor: u64, shift: u32) -> Option<Box<[Slot]>> {
    let mut slots = vec![Slot::default(); 1 << (64 - shift)];
    for (name, id) in names.iter().zip(0..) {
        let slot = &mut slots[(key(name).wrapping_mul(factor) >> shift) as usize];
        if !slot.name.is_empty() {
            return None;
        }
        *slot = Slot { name: (*name).into(), id };
    }
    Some(slots.into())
}

/// A number from the first bytes, the last bytes and the length of a name
#[inline]
fn key(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let (head, tail) = match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        (Some(head), Some(tail)) => (u64::from_le_bytes(*head), u64::from_le_bytes(*tail)),
        _ => match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
            (Some(head), Some(tail)) => (u32::from_le_bytes(*head).into(), u32::from_le_bytes(*tail).into()),
            _ => (bytes.first().copied().unwrap_or_default().into(), short_tail(bytes)),
        },
    };
    head ^ tail.rotate_left(27) ^ bytes.len() as u64
}

/// The middle and the last byte of a name of at most three bytes
#[inline]
fn short_tail(bytes: &[u8]) -> u64 {
    match bytes {
        [.., last] => u64::from(bytes[bytes.len() / 2]) << 8 | u64::from(*last),
        [] => 0,
    }
}
