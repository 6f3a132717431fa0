//! A message of 16 MiB, of whatever shape, costs at most 64 MiB beyond its own size, and a smaller one as much less. The
//! bench `read` measures the time.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[path = "large_messages/shapes.rs"]
mod shapes;

use std::path::Path;
use std::sync::Arc;

use allocation_counter::measure;
use meterwarden::policy::Moment;
use meterwarden::{Date, Plan, Policy, compile};
use meterwarden_duis::{FileInventory, answers, read};

use shapes::{SHAPES, shape};

const MESSAGE_BYTES: usize = 1024 * 1024;
const MOST_BYTES: u64 = 4 * MESSAGE_BYTES as u64;

/// Reads and decides a message. Returns how many answers it gets; none if it cannot be read.
fn answer(plan: &Plan, inventory: &FileInventory, message: &[u8]) -> usize {
    let at = Moment::Day(Date::constant(2023, 6, 29));
    let Ok(message) = read(message) else { return 0 };
    answers(plan, &message, inventory, at).map_or(0, Iterator::count)
}

#[test]
fn a_large_message_of_any_shape_takes_little_memory() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let plan = compile(Arc::new(Policy::load(folder.join("../../rules")).unwrap()));
    let street = std::fs::read_to_string(folder.join("tests/cases/street.inventory.yaml")).unwrap();
    let inventory = FileInventory::default().yaml(&street).unwrap();
    let mut page = String::new();
    for name in SHAPES {
        let message = shape(name, MESSAGE_BYTES);
        assert!(message.len() <= MESSAGE_BYTES && message.len() > MESSAGE_BYTES / 2, "{name}");
        let mut count = 0;
        let peak = measure(|| count = answer(&plan, &inventory, message.as_bytes())).bytes_max;
        assert!(peak <= MOST_BYTES, "{name}: {peak} bytes");
        page += &format!("{name}: {count} answers\n");
    }
    insta::assert_snapshot!(page);
}
