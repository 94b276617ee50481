use crate::{Span, mend, passage, sentence};

/// A passage or a sentence of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Where the segment stands in the document's text as read.
    pub span: Span,
    /// The segment's text after mending; never empty.
    pub text: String,
}

/// What a document is split into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Paragraphs and headings, long ones split at sentence ends.
    Passage,
    /// Single sentences.
    Sentence,
}

/// Splits a document's text (as read) into segments, in order and without overlap.
///
/// Every character that is neither white space nor furniture is in exactly one segment.
#[must_use]
pub fn segment(text: &str, unit: Unit) -> Vec<Segment> {
    let mended = mend::mend(text);
    let ranges = match unit {
        Unit::Passage => passage::split(&mended),
        Unit::Sentence => sentences(&mended),
    };
    ranges.into_iter().filter_map(|range| mended.segment(range)).collect()
}

/// The sentences of every block, as bytes of the mended text; no sentence crosses a block.
fn sentences(mended: &mend::Mended) -> Vec<std::ops::Range<usize>> {
    let of_block = |block: &mend::Block| {
        let start = block.range.start;
        sentence::split(&mended.text[block.range.clone()])
            .into_iter()
            .map(move |part| start + part.start..start + part.end)
    };
    mended.blocks.iter().flat_map(of_block).collect()
}
