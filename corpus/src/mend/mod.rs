//! Mends what extraction from web pages and PDFs does to text, and remembers where every character came from.
//!
//! The passes, each in its own file: `characters` → `lines` → furniture (`web`, `pages`) → `spacing` →
//! `wrapping` and `headings` → `paragraphs` → `assembly` with `hyphens` → `references` and `footnotes`.

mod assembly;
mod characters;
mod footnotes;
mod headings;
mod hyphens;
mod lines;
mod lists;
mod pages;
mod paragraphs;
mod references;
pub(crate) mod shape;
mod spacing;
mod traced;
mod web;
mod wrapping;

use std::ops::Range;

use self::{
    lines::Line,
    traced::{Origins, Traced},
};
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
    /// The way back from the characters of `text`.
    origins: Origins,
    /// The blocks in order; together they cover every character of `text` that is not white space.
    pub blocks: Vec<Block>,
}

impl Mended {
    /// The segment that `range` (bytes of [`Mended::text`]) makes, white space at its ends left out; `None` when nothing remains.
    ///
    /// Takes time in proportion to the range, wherever in the text it lies.
    #[must_use]
    pub fn segment(&self, range: Range<usize>) -> Option<Segment> {
        let inside = &self.text[range.clone()];
        let text = inside.trim();
        let last = text.chars().next_back()?;
        let first_byte = range.start + inside.len() - inside.trim_start().len();
        let last_byte = first_byte + text.len() - last.len_utf8();
        let start = self.origins.position(&self.text, first_byte);
        let end = self.origins.position(&self.text, last_byte) + 1;
        Some(Segment { span: Span { start, end }, text: text.replace('\n', " ") })
    }
}

/// Mends a document's text.
///
/// A document that would be nothing but furniture keeps all of its text as one block.
#[must_use]
pub fn mend(text: &str) -> Mended {
    let cleaned = characters::clean(text);
    let mut lines = lines::split(&cleaned.text);
    drop_furniture(&mut lines);
    spacing::close_up(&mut lines);
    let (written, blocks) = write(&cleaned, &lines);
    let furniture = furniture_blocks(&written.text, &blocks);
    let (mended, blocks) = assembly::cut(&written, &blocks, &furniture, &footnotes::find(&written.text));
    if blocks.is_empty() { whole(&cleaned) } else { Mended { text: mended.text, origins: mended.origins, blocks } }
}

/// Says of each line whether it is furniture.
type Mark = fn(&[Line<'_>]) -> Vec<bool>;

/// Takes out the lines that belong to the page, printed or on the web. One line alone is always text.
fn drop_furniture(lines: &mut Vec<Line<'_>>) {
    if lines.len() > 1 {
        for (mark, of_pages) in [(web::mark as Mark, false), (pages::mark, true)] {
            let furniture = mark(lines);
            lines::remove(lines, &furniture, of_pages);
        }
    }
}

fn write(cleaned: &Traced, lines: &[Line<'_>]) -> (Traced, Vec<Block>) {
    let wrapping = wrapping::Wrapping::measure(lines);
    let roles = headings::find(lines, &wrapping);
    assembly::write(cleaned, lines, &paragraphs::group(lines, &wrapping, &roles))
}

/// Which blocks are references or notices. One block alone is always text.
fn furniture_blocks(text: &str, blocks: &[Block]) -> Vec<bool> {
    let mut furniture = references::mark(text, blocks);
    for (drop, block) in furniture.iter_mut().zip(blocks) {
        *drop = blocks.len() > 1 && (*drop || web::is_notice(&text[block.range.clone()]));
    }
    furniture
}

/// All of the text as one block.
fn whole(cleaned: &Traced) -> Mended {
    let mut all = Traced::default();
    let start = cleaned.text.len() - cleaned.text.trim_start().len();
    all.push_collapsed(cleaned, start..start + cleaned.text.trim().len());
    let block = Block { kind: BlockKind::Paragraph, range: 0..all.text.len() };
    let blocks = if all.text.is_empty() { Vec::new() } else { vec![block] };
    Mended { text: all.text, origins: all.origins, blocks }
}
