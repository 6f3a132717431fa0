//! What was matched in a text, and where: nodes in the order of the text, each before those within it.

use pest::iterators::Pairs as Tokens;

use super::grammar::Rule;

/// A production that matched.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Node {
    production: Rule,
    start: u32,
    end: u32,
    /// How many nodes it is, with those within it.
    nodes: u32,
}

impl Node {
    /// A production that matches from a byte on, as far as is known.
    pub(super) fn begun(production: Rule, start: usize) -> Self {
        Self { production, start: small(start), end: small(start), nodes: 1 }
    }

    /// Where it ended, and how many nodes it came to.
    pub(super) fn end(&mut self, end: usize, nodes: usize) {
        (self.end, self.nodes) = (small(end), small(nodes));
    }
}

/// Places of a rule file, which is no larger than [`MOST_BYTES`](super::MOST_BYTES).
fn small(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// The nodes of what pest read.
pub(super) fn nodes(tokens: Tokens<'_, Rule>) -> Vec<Node> {
    let mut nodes = Vec::new();
    add(tokens, &mut nodes);
    nodes
}

fn add(tokens: Tokens<'_, Rule>, nodes: &mut Vec<Node>) {
    for token in tokens {
        let nth = nodes.len();
        nodes.push(Node::begun(token.as_rule(), token.as_span().start()));
        let end = token.as_span().end();
        add(token.into_inner(), nodes);
        let count = nodes.len() - nth;
        if let Some(node) = nodes.get_mut(nth) {
            node.end(end, count);
        }
    }
}

/// A node of a text.
#[derive(Clone, Copy)]
pub(super) struct Pair<'t> {
    text: &'t str,
    node: Node,
    inside: &'t [Node],
}

impl<'t> Pair<'t> {
    pub(super) fn production(&self) -> Rule {
        self.node.production
    }

    pub(super) fn start(&self) -> usize {
        self.node.start as usize
    }

    pub(super) fn end(&self) -> usize {
        self.node.end as usize
    }

    pub(super) fn text(&self) -> &'t str {
        self.text.get(self.start()..self.end()).unwrap_or_default()
    }

    pub(super) fn inside(&self) -> Pairs<'t> {
        Pairs { text: self.text, nodes: self.inside }
    }
}

/// Nodes that follow each other.
#[derive(Clone)]
pub(super) struct Pairs<'t> {
    text: &'t str,
    nodes: &'t [Node],
}

impl<'t> Pairs<'t> {
    pub(super) fn new(text: &'t str, nodes: &'t [Node]) -> Self {
        Self { text, nodes }
    }
}

impl<'t> Iterator for Pairs<'t> {
    type Item = Pair<'t>;

    fn next(&mut self) -> Option<Pair<'t>> {
        let node = *self.nodes.first()?;
        let (own, rest) = self.nodes.split_at_checked(node.nodes as usize)?;
        self.nodes = rest;
        Some(Pair { text: self.text, node, inside: own.get(1..)? })
    }
}
