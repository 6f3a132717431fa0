//! Numbers of requests, which can be larger than any machine integer.

use std::fmt;
use std::iter::Sum;

use num_bigint::BigUint;
use serde::{Serialize, Serializer};

/// A number of requests. In data it is a string of decimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Count(pub(crate) BigUint);

impl Count {
    /// Whether the number is 0.
    pub fn is_zero(&self) -> bool {
        self.0 == BigUint::ZERO
    }

    /// The share of a whole that this is, from 0 to 1; 0 if the whole is 0.
    pub fn share_of(&self, whole: &Self) -> f64 {
        if let (Ok(part), Ok(whole)) = (u128::try_from(&self.0), u128::try_from(&whole.0)) {
            return if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
        }
        // A float holds less than 2^1024. Both are shifted by the same number of bits, so that the whole keeps 1000:
        // the quotient is then exact to the 53 bits of a float.
        let shift = whole.0.bits().saturating_sub(1000);
        let float = |count: &BigUint| -> f64 { (count >> shift).to_string().parse().unwrap_or(f64::MAX) };
        float(&self.0) / float(&whole.0)
    }
}

impl<'c> Sum<&'c Self> for Count {
    fn sum<I: Iterator<Item = &'c Self>>(counts: I) -> Self {
        Self(counts.map(|count| &count.0).sum())
    }
}

impl fmt::Display for Count {
    /// With a comma between every three digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

impl Serialize for Count {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}
