//! Numbers of requests, which may be larger than any machine integer.

use std::fmt;
use std::iter::Sum;

use num_bigint::BigUint;
use serde::{Serialize, Serializer};

/// How many requests. As data it is a text of digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Count(pub(crate) BigUint);

impl Count {
    /// Whether there are none.
    pub fn is_zero(&self) -> bool {
        self.0 == BigUint::ZERO
    }

    /// What share of a whole this is, from 0 to 1; 0 of nothing.
    pub fn share_of(&self, whole: &Self) -> f64 {
        if let (Ok(part), Ok(whole)) = (u128::try_from(&self.0), u128::try_from(&whole.0)) {
            return if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
        }
        // Both are brought to a size that a float can hold; their quotient keeps 53 bits.
        let spare = whole.0.bits().saturating_sub(1000);
        let float = |one: &BigUint| -> f64 { (one >> spare).to_string().parse().unwrap_or(f64::MAX) };
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
        for (nth, digit) in digits.chars().enumerate() {
            if nth > 0 && (digits.len() - nth).is_multiple_of(3) {
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
