//! EUI-64: the identifier of every device and every party.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

/// The identifier of a device or a party: eight bytes, written as pairs of hexadecimal digits with
/// hyphens between them, `0A-00-…-1C`.
///
/// Small and capital letters are both read; capitals are written.
///
/// ```
/// use meterwarden_duis::Eui64;
///
/// let eui: Eui64 = "0a-1b-2c-3d-4e-5f-60-71".parse().unwrap();
/// assert_eq!(eui.to_string(), "0A-1B-2C-3D-4E-5F-60-71");
/// assert_eq!(u64::from(eui), 0x0A1B_2C3D_4E5F_6071);
/// assert_eq!(Eui64::from([0x0A, 0x1B, 0x2C, 0x3D, 0x4E, 0x5F, 0x60, 0x71]), eui);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Eui64([u8; 8]);

/// Why a text is not an EUI-64.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EuiError {
    /// `0A-00-00`
    #[error("it has {0} characters, not 23")]
    Length(usize),
    /// `0G-00-00-00-00-00-00-01`
    #[error("`{0}` is not a hexadecimal digit")]
    Digit(char),
    /// `0A:00:00:00:00:00:00:01`
    #[error("`{0}` is in the place of a hyphen")]
    Hyphen(char),
}

/// The characters of an EUI-64: eight times two digits and a hyphen, without the last hyphen.
const LENGTH: usize = 8 * 3 - 1;

impl FromStr for Eui64 {
    type Err = EuiError;

    /// Reports a wrong length rather than a wrong character, as a text of another length is usually
    /// something else altogether.
    fn from_str(text: &str) -> Result<Self, EuiError> {
        let mut bytes = [0; 8];
        let mut length = 0;
        let mut first_error = None;
        for (index, character) in text.chars().enumerate() {
            length += 1;
            if index < LENGTH && first_error.is_none() {
                first_error = add_character(&mut bytes, index, character).err();
            }
        }
        match (length, first_error) {
            (LENGTH, None) => Ok(Self(bytes)),
            (LENGTH, Some(error)) => Err(error),
            _ => Err(EuiError::Length(length)),
        }
    }
}

/// Adds the character at `index` of the text to the byte that it is part of. Every third character
/// is a hyphen; the two before it are the high and the low digit of one byte.
fn add_character(bytes: &mut [u8; 8], index: usize, character: char) -> Result<(), EuiError> {
    if index % 3 == 2 {
        return if character == '-' { Ok(()) } else { Err(EuiError::Hyphen(character)) };
    }
    let digit = character.to_digit(16).ok_or(EuiError::Digit(character))?;
    if let (Some(byte), Ok(digit)) = (bytes.get_mut(index / 3), u8::try_from(digit)) {
        *byte = *byte << 4 | digit;
    }
    Ok(())
}

impl fmt::Display for Eui64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, byte) in self.0.iter().enumerate() {
            let hyphen = if index == 0 { "" } else { "-" };
            write!(f, "{hyphen}{byte:02X}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Eui64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The bytes, the first of the text first.
impl From<[u8; 8]> for Eui64 {
    fn from(bytes: [u8; 8]) -> Self {
        Self(bytes)
    }
}

impl From<Eui64> for [u8; 8] {
    fn from(eui: Eui64) -> Self {
        eui.0
    }
}

/// The number whose hexadecimal digits are those of the text.
impl From<u64> for Eui64 {
    fn from(number: u64) -> Self {
        Self(number.to_be_bytes())
    }
}

impl From<Eui64> for u64 {
    fn from(eui: Eui64) -> Self {
        Self::from_be_bytes(eui.0)
    }
}

impl Serialize for Eui64 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Eui64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|error| de::Error::custom(format!("`{text}` is not an EUI-64: {error}")))
    }
}
