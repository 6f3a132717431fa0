//! Values as bytes: what is written is read back, and nothing else is read.

use meterwarden::base::wire::{Reader, Wire};

fn assert_round_trip<T: Wire + PartialEq + std::fmt::Debug>(value: T) {
    let mut bytes = Vec::new();
    value.write(&mut bytes);
    let mut reader = Reader::new(&bytes);
    assert_eq!(T::read(&mut reader).as_ref(), Some(&value));
    assert!(reader.is_empty());
    for length in 0..bytes.len() {
        assert_eq!(T::read(&mut Reader::new(&bytes[..length])), None, "{value:?} cut to {length} bytes");
    }
}

#[test]
fn written_values_are_read_back_and_a_part_is_not() {
    [0, 1, 127, 128, 300, u64::MAX].into_iter().for_each(assert_round_trip);
    [0, u128::from(u64::MAX), u128::MAX].into_iter().for_each(assert_round_trip);
    [i32::MIN, -1, 0, i32::MAX].into_iter().for_each(assert_round_trip);
    assert_round_trip("Commissioned".to_owned());
    assert_round_trip(vec![Some([true, false]), None]);
}

#[test]
fn wrong_lengths_and_values_are_not_read() {
    let mut bytes = Vec::new();
    u64::MAX.write(&mut bytes);
    assert_eq!(Vec::<u8>::read(&mut Reader::new(&bytes)), None);
    assert_eq!(bool::read(&mut Reader::new(&[2])), None);
    assert_eq!(u8::read(&mut Reader::new(&[0x80, 0x02])), None);
    assert_eq!(String::read(&mut Reader::new(&[1, 0xff])), None);
}
