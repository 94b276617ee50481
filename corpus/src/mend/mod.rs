//! Mends what extraction from web pages and PDFs does to text, and remembers where every character came from.

use std::ops::Range;

use crate::{Segment, Span};

/// What a block of mended text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// A title or a heading, alone on its lines.
    Heading,
    /// Running text.
    Paragraph,
    /// An entry of a bulleted or numbered list.
    ListItem,
}

/// A paragraph-like part of mended text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What the block is.
    pub kind: BlockKind,
    /// Bytes of [`Mended::text`].
    pub range: Range<usize>,
}

/// Mended text with the way back to the text as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mended {
    /// The text after mending: one line a block, furniture left out.
    pub text: String,
    /// For each character of `text`, the position of its origin in the text as read, in Unicode scalar values; never falling.
    origin: Vec<usize>,
    /// The blocks in order; together they cover every character of `text` that is not white space.
    pub blocks: Vec<Block>,
}

impl Mended {
    /// The segment that `range` (bytes of [`Mended::text`]) makes, white space at its ends left out; `None` when nothing remains.
    #[must_use]
    pub fn segment(&self, range: Range<usize>) -> Option<Segment> {
        let text = self.text[range.clone()].trim();
        let skipped = self.text[range.clone()].len() - self.text[range.clone()].trim_start().len();
        let first = self.text[..range.start + skipped].chars().count();
        let last = first + text.chars().count().checked_sub(1)?;
        Some(Segment { span: Span { start: self.origin[first], end: self.origin[last] + 1 }, text: text.to_owned() })
    }
}

/// Mends a document's text.
#[must_use]
pub fn mend(text: &str) -> Mended {
    let origin = (0..text.chars().count()).collect();
    Mended { text: text.to_owned(), origin, blocks: vec![Block { kind: BlockKind::Paragraph, range: 0..text.len() }] }
}
