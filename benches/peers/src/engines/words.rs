//! A few words to small numbers, without a collision: one multiplication, one comparison.

/// A perfect hash table of the words of one attribute.
#[derive(Debug)]
pub(crate) struct Words {
    factor: u64,
    shift: u32,
    slots: Box<[Slot]>,
}

/// A word and its number. An empty slot has no word: no name is empty.
#[derive(Clone, Debug, Default)]
struct Slot {
    word: Box<str>,
    id: u32,
}

impl Words {
    /// `words[id]` gets the number `id`.
    pub(crate) fn new(words: &[&str]) -> Self {
        let mut bits = words.len().max(1).next_power_of_two().trailing_zeros() + 1;
        let mut factor = 0x9e37_79b9_7f4a_7c15u64;
        loop {
            for _ in 0..1_000 {
                if let Some(slots) = placed(words, factor, 64 - bits) {
                    return Self { factor, shift: 64 - bits, slots };
                }
                factor = factor.wrapping_mul(0x2545_f491_4f6c_dd1d) | 1;
            }
            bits += 1;
        }
    }

    /// The number of a word.
    #[inline]
    pub(crate) fn id(&self, word: &str) -> Option<u32> {
        let slot = &self.slots[(key(word).wrapping_mul(self.factor) >> self.shift) as usize];
        (*slot.word == *word && !word.is_empty()).then_some(slot.id)
    }
}

/// The words in their slots, if no two fall into one.
fn placed(words: &[&str], factor: u64, shift: u32) -> Option<Box<[Slot]>> {
    let mut slots = vec![Slot::default(); 1 << (64 - shift)];
    for (word, id) in words.iter().zip(0..) {
        let slot = &mut slots[(key(word).wrapping_mul(factor) >> shift) as usize];
        if !slot.word.is_empty() {
            return None;
        }
        *slot = Slot { word: (*word).into(), id };
    }
    Some(slots.into())
}

/// The first and the last bytes of a word, and how many there are.
#[inline]
fn key(word: &str) -> u64 {
    let bytes = word.as_bytes();
    let (head, tail) = match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        (Some(head), Some(tail)) => (u64::from_le_bytes(*head), u64::from_le_bytes(*tail)),
        _ => match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
            (Some(head), Some(tail)) => (u32::from_le_bytes(*head).into(), u32::from_le_bytes(*tail).into()),
            _ => (bytes.first().copied().unwrap_or_default().into(), short(bytes)),
        },
    };
    head ^ tail.rotate_left(27) ^ bytes.len() as u64
}

/// The middle and the last byte of a word of at most three.
#[inline]
fn short(bytes: &[u8]) -> u64 {
    match bytes {
        [.., last] => u64::from(bytes[bytes.len() / 2]) << 8 | u64::from(*last),
        [] => 0,
    }
}
