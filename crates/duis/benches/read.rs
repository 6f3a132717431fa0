//! Reading a message of 3 KB, compared with the XML parser alone on the same bytes.
//!
//! `cargo bench -p meterwarden-duis`

#![expect(clippy::unwrap_used, reason = "a bench that cannot be set up has failed")]

#[path = "../tests/large_messages/shapes.rs"]
mod shapes;

use std::sync::Arc;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use meterwarden::policy::Moment;
use meterwarden::{Date, Policy, compile};
use meterwarden_duis::{FileInventory, Limits, answers, read, requests};
use quick_xml::NsReader;
use quick_xml::events::Event;

/// A 6.15.1 with certificates and a signature
const MESSAGE: &str = include_str!("../tests/cases/ok/6.15.1-credentials.xml");
const STREET: &str = include_str!("../tests/cases/street.inventory.yaml");

fn main() {
    divan::main();
}

#[divan::bench]
fn message(bencher: Bencher<'_, '_>) {
    let counted = bencher.counter(BytesCount::of_str(MESSAGE));
    counted.bench(|| read(black_box(MESSAGE.as_bytes())));
}

#[divan::bench]
fn quick_xml_alone(bencher: Bencher<'_, '_>) {
    let counted = bencher.counter(BytesCount::of_str(MESSAGE));
    counted.bench(|| count_events(black_box(MESSAGE)));
}

/// The work of the XML parser below the reader: all events with their namespaces, which are dropped.
fn count_events(text: &str) -> usize {
    let mut reader = NsReader::from_str(text);
    let mut events = 0;
    while !matches!(reader.read_resolved_event().unwrap(), (_, Event::Eof)) {
        events += 1;
    }
    events
}

#[divan::bench]
fn message_to_requests(bencher: Bencher<'_, '_>) {
    let inventory = FileInventory::default().yaml(STREET).unwrap();
    let rules = concat!(env!("CARGO_MANIFEST_DIR"), "/../../rules");
    let (policy, at) = (Policy::load(rules).unwrap(), Date::constant(2023, 6, 29));
    bencher.bench(|| {
        let message = read(black_box(MESSAGE.as_bytes())).unwrap();
        requests(&message, &policy, &inventory, at).unwrap()
    });
}

/// Messages of 16 MiB, of the shapes that cost most: each is read and decided in less than 2 s.
#[divan::bench(args = shapes::SHAPES, sample_count = 3)]
fn large_message(bencher: Bencher<'_, '_>, name: &str) {
    let inventory = FileInventory::default().yaml(STREET).unwrap();
    let rules = concat!(env!("CARGO_MANIFEST_DIR"), "/../../rules");
    let (plan, at) = (compile(Arc::new(Policy::load(rules).unwrap())), Date::constant(2023, 6, 29));
    let text = shapes::shape(name, Limits::DEFAULT.bytes);
    bencher.bench(|| {
        let Ok(message) = read(black_box(text.as_bytes())) else { return 0 };
        answers(&plan, &message, &inventory, Moment::Day(at)).unwrap().count()
    });
}
