//! Which policy decided: one digest over the rule files.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::policy::source::Source;

/// `sha256:` and the digest of each file's path and bytes, line ends as LF, in path order. A zero byte
/// stands behind each path and each text, so that no two policies can run together to the same bytes.
pub(crate) fn of(sources: &[Source]) -> String {
    let mut digest = Sha256::new();
    for source in sources {
        digest.update(source.path.as_bytes());
        digest.update([0]);
        if source.text.contains('\r') {
            for (nth, part) in source.text.split("\r\n").enumerate() {
                digest.update(if nth == 0 { "" } else { "\n" });
                digest.update(part);
            }
        } else {
            digest.update(&source.text); // so nearly all are, and one character is quicker looked for than two
        }
        digest.update([0]);
    }
    let mut text = "sha256:".to_owned();
    for byte in digest.finalize() {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
