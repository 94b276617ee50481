//! Passages: whole paragraphs up to a length an encoder sees whole.

use std::ops::Range;

use crate::mend::Mended;

/// Splits mended text into passages (bytes of [`Mended::text`]).
#[must_use]
pub fn split(mended: &Mended) -> Vec<Range<usize>> {
    mended.blocks.iter().map(|block| block.range.clone()).collect()
}
