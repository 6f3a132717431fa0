//! Values to bytes, and back.

use crate::limits::MOST_RESERVED;

/// The bytes that are not yet read.
pub struct Reader<'b> {
    rest: &'b [u8],
}

impl<'b> Reader<'b> {
    /// A reader of these bytes.
    pub fn new(rest: &'b [u8]) -> Self {
        Self { rest }
    }

    /// Whether all bytes are read.
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    fn take(&mut self, length: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    /// The next `N` bytes.
    pub fn bytes<const N: usize>(&mut self) -> Option<&'b [u8; N]> {
        let (taken, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(taken)
    }

    /// The length of a list. Every item takes at least one byte, so a length above the number of bytes left is wrong.
    fn length(&mut self) -> Option<usize> {
        usize::read(self).filter(|length| *length <= self.rest.len())
    }
}

/// A value that can be written and read.
pub trait Wire: Sized {
    /// Adds the value.
    fn write(&self, out: &mut Vec<u8>);

    /// `None` if the bytes are not such a value.
    fn read(input: &mut Reader<'_>) -> Option<Self>;
}

/// A struct is written as its fields, in order.
macro_rules! wire {
    ($type:ty { $($field:ident),* $(,)? }) => {
        impl $crate::base::wire::Wire for $type {
            fn write(&self, out: &mut Vec<u8>) {
                $($crate::base::wire::Wire::write(&self.$field, out);)*
            }

            fn read(input: &mut $crate::base::wire::Reader<'_>) -> Option<Self> {
                Some(Self { $($field: $crate::base::wire::Wire::read(input)?),* })
            }
        }
    };
}
pub(crate) use wire;

/// Seven bits in each byte, the lowest first. The highest bit of a byte is set if another byte follows.
impl Wire for u64 {
    fn write(&self, out: &mut Vec<u8>) {
        let mut rest = *self;
        while rest >= 0x80 {
            out.push((rest & 0x7f) as u8 | 0x80);
            rest >>= 7;
        }
        out.push(rest as u8);
    }

    fn read(input: &mut Reader<'_>) -> Option<Self> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let [byte, rest @ ..] = input.rest else { return None };
            input.rest = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if *byte < 0x80 {
                return Some(number);
            }
        }
        None
    }
}

/// Smaller numbers are written as `u64`.
macro_rules! number {
    ($($type:ty),*) => {$(
        impl Wire for $type {
            fn write(&self, out: &mut Vec<u8>) {
                (*self as u64).write(out);
            }

            fn read(input: &mut Reader<'_>) -> Option<Self> {
                u64::read(input)?.try_into().ok()
            }
        }
    )*};
}
number!(u8, u16, u32, usize);

impl Wire for i32 {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend(self.to_le_bytes());
    }

    fn read(input: &mut Reader<'_>) -> Option<Self> {
        input.bytes().map(|bytes| Self::from_le_bytes(*bytes))
    }
}

impl Wire for u128 {
    fn write(&self, out: &mut Vec<u8>) {
        ((*self >> 64) as u64).write(out);
        (*self as u64).write(out);
    }

    fn read(input: &mut Reader<'_>) -> Option<Self> {
        let high = Self::from(u64::read(input)?);
        Some(high << 64 | Self::from(u64::read(input)?))
    }
}

impl Wire for bool {
    fn write(&self, out: &mut Vec<u8>) {
        u8::from(*self).write(out);
    }

    fn read(input: &mut Reader<'_>) -> Option<Self> {
        match u8::read(input)? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Wire for String {
    fn write(&self, out: &mut Vec<u8>) {
        self.len().write(out);
        out.extend(self.as_bytes());
    }

    fn read(input: &mut Reader<'_>) -> Option<Self> {
        let length = input.length()?;
        std::str::from_utf8(input.take(length)?).ok().map(str::to_owned)
    }
}

impl<T: Wire> Wire for Option<T> {
    fn write(&self, out: &mut Vec<u8>) {
        self.is_some().write(out);
        if let Some(value) = self {
            value.write(out);
        }
    }

    fn read(input: &mut Reader<'_>) -> Option<Self> {
        if bool::read(input)? { T::read(input).map(Some) } else { Some(None) }
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn write(&self, out: &mut Vec<u8>) {
        self.len().write(out);
        self.iter().for_each(|value| value.write(out));
    }

    fn read(input: &mut Reader<'_>) -> Option<Self> {
        let length = input.length()?;
        let mut list = Self::with_capacity(length.min(MOST_RESERVED));
        for _ in 0..length {
            list.push(T::read(input)?);
        }
        Some(list)
    }
}

impl<T: Wire> Wire for [T; 2] {
    fn write(&self, out: &mut Vec<u8>) {
        self.iter().for_each(|value| value.write(out));
    }

    fn read(input: &mut Reader<'_>) -> Option<Self> {
        Some([T::read(input)?, T::read(input)?])
    }
}
