//! An [`Index`](crate::index::Index) as bytes; its names are the policy's, and are looked up anew.

use super::{Reader, Wire, wire};
use crate::compile::{SetTest, Subset};

wire!(SetTest { test, listed });

impl Wire for Subset {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
    }

    fn read(input: &mut Reader<'_>) -> Option<Self> {
        u128::read(input).map(Self)
    }
}
