//! Rule files matched in few steps: the moves of which `grammar/build.rs` writes a function for each production of the
//! grammar. They say whether a text is one of the language, and what stands where; what is wrong with one that is not, pest
//! says.

use super::grammar::Rule;
use super::tree::{Node, Pair, Pairs};

/// A function for each production.
#[expect(clippy::manual_is_ascii_check, reason = "kinds of bytes stand there as in the grammar")]
mod production {
    use super::{Matcher, Rule, blanks};

    include!(concat!(env!("OUT_DIR"), "/matcher.rs"));
}

/// Hands over the items of a text one after the other, so that what is held of them is small. Says whether there is nothing
/// else in it.
pub(super) fn items(text: &str, mut each: impl FnMut(Pair<'_>)) -> bool {
    let mut matcher = Matcher { bytes: text.as_bytes(), at: 0, nodes: Vec::new() };
    matcher.text("\u{FEFF}");
    loop {
        blanks(&mut matcher);
        if matcher.at == text.len() {
            return true;
        }
        if !production::item(&mut matcher) {
            return false;
        }
        Pairs::new(text, &matcher.nodes).for_each(&mut each);
        matcher.nodes.clear();
    }
}

/// Blanks and remarks, if there are any.
fn blanks(matcher: &mut Matcher<'_>) -> bool {
    matcher.repeat(production::whitespace_atomic)
}

/// Where a text has been matched to, and what was found. What does not match moves nothing and leaves nothing behind.
struct Matcher<'t> {
    bytes: &'t [u8],
    at: usize,
    nodes: Vec<Node>,
}

impl Matcher<'_> {
    /// Everything that a production matches, as a node.
    #[inline]
    fn node(&mut self, production: Rule, inside: impl FnOnce(&mut Self) -> bool) -> bool {
        let (start, nth) = (self.at, self.nodes.len());
        self.nodes.push(Node::begun(production, start));
        let matched = inside(self);
        if !matched {
            self.nodes.truncate(nth);
        }
        let (end, nodes) = (self.at, self.nodes.len());
        if let Some(node) = self.nodes.get_mut(nth) {
            node.end(end, nodes - nth);
        }
        matched
    }

    /// Parts that all have to match.
    #[inline]
    fn all(&mut self, parts: impl FnOnce(&mut Self) -> bool) -> bool {
        let (at, nodes) = (self.at, self.nodes.len());
        let matched = parts(self);
        if !matched {
            self.back(at, nodes);
        }
        matched
    }

    /// Parts of which the first that matches counts.
    #[inline]
    fn either(&mut self, parts: impl FnOnce(&mut Self) -> bool) -> bool {
        parts(self)
    }

    /// Whether something stands ahead, without moving there.
    #[inline]
    fn ahead(&mut self, part: impl FnOnce(&mut Self) -> bool) -> bool {
        let (at, nodes) = (self.at, self.nodes.len());
        let matched = part(self);
        self.back(at, nodes);
        matched
    }

    #[inline]
    fn back(&mut self, at: usize, nodes: usize) {
        self.at = at;
        self.nodes.truncate(nodes);
    }

    #[inline]
    fn optional(&mut self, part: impl FnOnce(&mut Self) -> bool) -> bool {
        part(self);
        true
    }

    #[inline]
    fn repeat(&mut self, mut part: impl FnMut(&mut Self) -> bool) -> bool {
        while part(self) {}
        true
    }

    /// The byte ahead.
    #[inline]
    fn next(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    // Always, since to compare with a text whose length is known takes a step or two.
    #[inline(always)]
    fn text(&mut self, text: &str) -> bool {
        let matched = self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(text.as_bytes()));
        if matched {
            self.at += text.len();
        }
        matched
    }

    #[inline]
    fn byte(&mut self, is: impl Fn(u8) -> bool) -> bool {
        let matched = self.next().is_some_and(is);
        self.at += usize::from(matched);
        matched
    }

    /// As many bytes as there are of a kind.
    #[inline]
    fn run(&mut self, is: impl Fn(u8) -> bool) -> bool {
        while self.byte(&is) {}
        true
    }
}
