use unicode_segmentation::UnicodeSegmentation;

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
/// Every character that is neither white space nor furniture is in exactly one segment. No span begins or ends within a
/// grapheme cluster.
#[must_use]
pub fn segment(text: &str, unit: Unit) -> Vec<Segment> {
    let mended = mend::mend(text);
    let ranges = match unit {
        Unit::Passage => passage::split(&mended),
        Unit::Sentence => sentences(&mended),
    };
    let mut segments: Vec<Segment> = ranges.into_iter().filter_map(|range| mended.segment(range)).collect();
    widen_to_clusters(text, &mut segments);
    segments
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

/// Widens spans that begin or end within a grapheme cluster of the text; a cluster that two share falls to the first.
///
/// Mending sees lines and white space, and an accent may stand on a space or follow a character that was left out.
fn widen_to_clusters(text: &str, segments: &mut Vec<Segment>) {
    // In ASCII only a line end has two characters, and no span begins or ends with white space.
    if text.is_ascii() {
        return;
    }
    let mut clusters = text.graphemes(true).scan(0, |start, cluster| {
        let span = Span { start: *start, end: *start + cluster.chars().count() };
        *start = span.end;
        Some(span)
    });
    let mut current = Span { start: 0, end: 0 };
    let mut taken = 0;
    segments.retain_mut(|Segment { span, .. }| {
        seek(&mut clusters, &mut current, span.start);
        span.start = current.start.max(taken);
        seek(&mut clusters, &mut current, span.end - 1);
        span.end = current.end;
        taken = taken.max(span.end);
        span.start < span.end
    });
}

/// Moves on to the cluster that covers `position`.
fn seek(clusters: &mut impl Iterator<Item = Span>, current: &mut Span, position: usize) {
    while current.end <= position {
        match clusters.next() {
            Some(next) => *current = next,
            None => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_lead_back_to_the_text_as_read() {
        let text = "\u{feff}  They   said\u{a0}it\r\nwas a de\u{ad}cision.\r\n\r\nThe \0end.";
        let found = segment(text, Unit::Passage);
        let seen: Vec<_> =
            found.iter().map(|segment| (segment.text.as_str(), segment.span.of(text).unwrap_or(""))).collect();
        let expected = [
            ("They said it was a decision.", "They   said\u{a0}it\r\nwas a de\u{ad}cision."),
            ("The end.", "The \0end."),
        ];
        assert_eq!(seen, expected);
    }

    #[test]
    fn an_accent_on_a_space_is_not_cut_from_it() {
        let text = "One is one.\n \u{301}two are two.";
        let spans: Vec<_> = segment(text, Unit::Passage).iter().map(|segment| segment.span).collect();
        assert_eq!(spans.last().copied(), Some(Span { start: 12, end: 26 }));
    }
}
