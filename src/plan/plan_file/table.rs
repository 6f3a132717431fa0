//! An [`DecisionTable`](crate::plan::table::DecisionTable) as bytes; its names are the policy's, and are looked up anew.

use crate::base::wire::{Reader, Wire, wire};
use crate::space::{SetTest, Subset};

wire!(SetTest { test, listed });

impl Wire for Subset {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
    }

    fn read(input: &mut Reader<'_>) -> Option<Self> {
        u128::read(input).map(Self)
    }
}
