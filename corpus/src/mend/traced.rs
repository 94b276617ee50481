//! Text whose every character knows its place in the text as read.

use std::ops::Range;

/// Most characters between two anchors, so that looking a position up costs a bounded walk.
const STRIDE: usize = 64;

/// Where one run of characters, consecutive in the text as read, begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Anchor {
    /// Byte of the mended text.
    byte: usize,
    /// Unicode scalar value of the text as read.
    position: usize,
}

/// The way back from bytes of a mended text to positions in the text as read.
///
/// Anchors instead of one entry a character: a 50 MB field costs megabytes, not hundreds of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Origins {
    anchors: Vec<Anchor>,
}

impl Origins {
    /// The position in the text as read of the character that starts at `byte` of `text`, whose origins these are.
    pub(super) fn position(&self, text: &str, byte: usize) -> usize {
        let index = self.anchor_before(byte);
        self.anchors.get(index).map_or(0, |anchor| anchor.position + text[anchor.byte..byte].chars().count())
    }

    fn anchor_before(&self, byte: usize) -> usize {
        self.anchors.partition_point(|anchor| anchor.byte <= byte).saturating_sub(1)
    }
}

/// A text under repair together with its origins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Traced {
    /// The text.
    pub(super) text: String,
    /// Where its characters come from.
    pub(super) origins: Origins,
    /// Position that would continue the last run.
    next: usize,
    /// Characters since the last anchor.
    since: usize,
}

impl Traced {
    /// Appends a character that stands at `position` in the text as read; positions never fall.
    pub(super) fn push(&mut self, character: char, position: usize) {
        if position != self.next || self.since == STRIDE || self.origins.anchors.is_empty() {
            self.origins.anchors.push(Anchor { byte: self.text.len(), position });
            self.since = 0;
        }
        self.text.push(character);
        self.next = position + 1;
        self.since += 1;
    }

    /// Appends a space that no character of the text as read stands for.
    pub(super) fn push_separator(&mut self, separator: char) {
        self.push(separator, self.next.saturating_sub(1));
    }

    /// The characters of a range of bytes with their positions in the text as read.
    pub(super) fn characters(&self, range: Range<usize>) -> impl Iterator<Item = (char, usize)> + '_ {
        let mut anchors = self.origins.anchors.iter().skip(self.origins.anchor_before(range.start) + 1).peekable();
        let mut position = self.origins.position(&self.text, range.start);
        let start = range.start;
        self.text[range].char_indices().map(move |(offset, character)| {
            if let Some(anchor) = anchors.next_if(|anchor| anchor.byte == start + offset) {
                position = anchor.position;
            }
            position += 1;
            (character, position - 1)
        })
    }

    /// Appends a range of another text, runs of white space made one space.
    pub(super) fn push_collapsed(&mut self, from: &Self, range: Range<usize>) {
        for (character, position) in from.characters(range) {
            let character = if character.is_whitespace() { ' ' } else { character };
            if character != ' ' || !self.text.ends_with(' ') {
                self.push(character, position);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_survive_gaps_and_long_runs() {
        let mut traced = Traced::default();
        let places: Vec<usize> = (0..200).chain(500..900).chain([900, 900, 903]).collect();
        for &place in &places {
            traced.push('é', place);
        }
        let found: Vec<usize> = (0..places.len()).map(|at| traced.origins.position(&traced.text, at * 2)).collect();
        assert_eq!(found, places);
        let walked: Vec<usize> = traced.characters(20..traced.text.len()).map(|(_, place)| place).collect();
        assert_eq!(walked, places[10..]);
    }
}
