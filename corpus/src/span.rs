/// A half-open range of a document's text, in Unicode scalar values (not bytes), counted from the start of the text as read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Position of the first character.
    pub start: usize,
    /// Position one past the last character.
    pub end: usize,
}

impl Span {
    /// Number of characters that both spans cover.
    #[must_use]
    pub fn overlap(self, other: Self) -> usize {
        self.end.min(other.end).saturating_sub(self.start.max(other.start))
    }

    /// Number of characters covered.
    #[must_use]
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether no character is covered.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The part of `text` that the span covers, or `None` when the text is shorter than the span's end.
    #[must_use]
    pub fn of(self, text: &str) -> Option<&str> {
        let byte = |position: usize| text.char_indices().map(|(at, _)| at).chain([text.len()]).nth(position);
        text.get(byte(self.start)?..byte(self.end)?)
    }
}
