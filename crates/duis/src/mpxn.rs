//! MPxN: the number of a metering point, an MPAN or an MPRN.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Deserialize, Deserializer};

use crate::error::{ErrorKind, quote};
use crate::limits::MPXN_CHARACTERS;

/// The number of a metering point: 1 to 13 ASCII characters without blanks, by the type `MPxN` of the DUIS XML Schema
/// 5.4.
///
/// ```
/// use meterwarden_duis::Mpxn;
///
/// let mpan: Mpxn = "1200000000011".parse().unwrap();
/// assert_eq!(mpan.as_str(), "1200000000011");
/// assert!("12 34".parse::<Mpxn>().is_err());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mpxn {
    /// The characters, and zeros after them
    bytes: [u8; MPXN_CHARACTERS],
    length: u8,
}

impl Mpxn {
    /// The characters.
    pub fn as_str(&self) -> &str {
        let bytes = self.bytes.get(..usize::from(self.length)).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }
}

impl FromStr for Mpxn {
    type Err = ErrorKind;

    fn from_str(text: &str) -> Result<Self, ErrorKind> {
        let mut bytes = [0; MPXN_CHARACTERS];
        let is_legal = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        match (bytes.get_mut(..text.len()).filter(|_| is_legal), u8::try_from(text.len())) {
            (Some(start), Ok(length)) => {
                start.copy_from_slice(text.as_bytes());
                Ok(Self { bytes, length })
            }
            _ => Err(ErrorKind::MeteringPoint(quote(text))),
        }
    }
}

impl fmt::Display for Mpxn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Mpxn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mpxn({self})")
    }
}

impl<'de> Deserialize<'de> for Mpxn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        /// Reads a text without copying it
        struct Text;

        impl de::Visitor<'_> for Text {
            type Value = Mpxn;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a metering point")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Mpxn, E> {
                text.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_str(Text)
    }
}
