//! Compiled plans as bytes, written here without the engine.

/// A plan file with this body. The header is correct for any body, so a reader can reject the body only by its content.
pub(crate) fn with_header(body: &[u8]) -> Vec<u8> {
    let mix = |hash: u64, word: u64| (hash ^ word).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(23);
    let (words, rest) = body.as_chunks::<8>();
    let hash = words.iter().map(|word| u64::from_le_bytes(*word)).fold(0xcbf2_9ce4_8422_2325, mix);
    let digest = rest.iter().map(|byte| u64::from(*byte)).fold(mix(hash, body.len() as u64), mix);
    [b"MWPLAN\r\n".as_slice(), &5u16.to_le_bytes(), &digest.to_le_bytes(), body].concat()
}
