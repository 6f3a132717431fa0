//! The `fields` line of a service. An element with others inside is on one line if it fits there; otherwise its braces
//! are opened, and what is inside is indented.

use super::chunk::Chunk;
use super::layout::Layout;
use super::page::Place;
use super::{INDENT, MARGIN};
use crate::language::ast::{Dated, FieldsLine};

/// On the next line, at the hanging column.
const NEXT_LINE: Place = Place::Fitting(1, MARGIN);

impl<'t> Layout<'t> {
    /// Writes the elements of a line, the outermost at a column.
    pub(super) fn fields(&mut self, line: &FieldsLine, column: usize) {
        let mut opened = 0; // the elements around the next one whose braces are on lines of their own
        let mut at = 0;
        let mut begins_line = false; // whether the next element begins a line, because a brace is before it
        let mut follows = false; // whether another element is before the next one, between the same braces
        while let (Some(item), Some(depth)) = (line.items.get(at), line.depths.get(at)) {
            if follows {
                begins_line = opened > *depth;
                self.close_fields(&mut opened, *depth, column);
                self.page.word(",", Place::After(0));
            }
            self.page.hang = column + opened * INDENT;
            let on_one_line = self.on_one_line(line, at, MARGIN.saturating_sub(self.page.hang));
            let is_open = on_one_line.is_none();
            let (chunk, end) = on_one_line.unwrap_or_else(|| (self.words.dated(item), at + 1));
            let comma = usize::from(line.depths.get(end) == Some(depth));
            let place = match at {
                0 => Place::Column(column),
                _ if begins_line || is_open => NEXT_LINE,
                _ => Place::Fitting(1, chunk.width() + comma),
            };
            self.page.chunk(&chunk, place);
            if is_open {
                self.page.word("{", Place::After(1));
                opened += 1;
            }
            (at, begins_line, follows) = (end, is_open, !is_open);
        }
        self.close_fields(&mut opened, 0, column);
    }

    /// Closes braces that are on lines of their own, until `depth` of them are open.
    fn close_fields(&mut self, opened: &mut usize, depth: usize, column: usize) {
        while *opened > depth {
            *opened -= 1;
            self.page.hang = column + *opened * INDENT;
            self.page.word("}", NEXT_LINE);
        }
    }

    /// Whether elements are inside an element, and a comment is among them or their braces.
    fn has_comment_inside(&self, line: &FieldsLine, at: usize) -> bool {
        let (Some(item), Some(outer)) = (line.items.get(at), line.depths.get(at)) else { return false };
        let inside = line.depths.iter().skip(at + 1).take_while(|depth| *depth > outer).count();
        let last = line.items.get(at + inside).map_or(item.span(), Dated::span);
        let from = self.comments.partition_point(|comment| comment.span.start < item.name.span.start);
        let mut comments =
            self.comments.iter().skip(from).take_while(|comment| comment.span.start < line.span.end);
        // A comment after the last element may be before the closing brace, or after it.
        inside > 0 && comments.any(|comment| comment.span.start < self.brace_after(last.end))
    }

    /// The first closing brace after a byte.
    fn brace_after(&self, byte: u32) -> u32 {
        let byte = byte as usize;
        let rest = self.words.0.get(byte..).unwrap_or_default();
        u32::try_from(byte + rest.find('}').unwrap_or(rest.len())).unwrap_or(u32::MAX)
    }

    /// An element with all that is inside, and the index of the element after it; `None` if elements are inside and
    /// they do not all fit into `room` characters, or if comments are among them.
    fn on_one_line(&self, line: &FieldsLine, at: usize, room: usize) -> Option<(Chunk<'t>, usize)> {
        let outer = *line.depths.get(at)?;
        if self.has_comment_inside(line, at) {
            return None;
        }
        let mut chunk = self.words.dated(line.items.get(at)?);
        let (mut depth, mut end, mut width) = (outer, at + 1, chunk.width());
        while let (Some(item), Some(next)) = (line.items.get(end), line.depths.get(end)) {
            if *next <= outer {
                break;
            }
            let before = chunk.words.len();
            if *next > depth {
                chunk.words.push((1, "{"));
            } else {
                chunk.words.extend((*next..depth).map(|_| (1, "}")));
                chunk.words.push((0, ","));
            }
            chunk.words.extend(self.words.dated(item).words);
            (depth, end) = (*next, end + 1);
            width += chunk.words.iter().skip(before).map(|(blanks, word)| blanks + word.len()).sum::<usize>();
            if width > room {
                return None;
            }
        }
        let closing = depth - outer;
        chunk.words.extend((0..closing).map(|_| (1, "}")));
        let comma = usize::from(line.depths.get(end) == Some(&outer));
        (closing == 0 || width + 2 * closing + comma <= room).then_some((chunk, end))
    }
}
