//! The lines of a cleaned text, white space taken off.

use super::characters::FORM_FEED;

/// A line that is not blank.
#[derive(Debug, Clone)]
pub(super) struct Line<'a> {
    /// The line without white space at its ends.
    pub(super) text: &'a str,
    /// Byte of the cleaned text where `text` begins.
    pub(super) start: usize,
    /// Characters of white space before the text.
    pub(super) indent: usize,
    /// Characters of `text`.
    pub(super) width: usize,
    /// Blank lines before this one.
    pub(super) gap: usize,
    /// Whether a page begins here.
    pub(super) page_start: bool,
}

impl Line<'_> {
    /// The bytes of the cleaned text that the line stands on.
    pub(super) fn range(&self) -> std::ops::Range<usize> {
        self.start..self.start + self.text.len()
    }
}

/// Splits a cleaned text into its lines, blank ones counted but left out.
pub(super) fn split(cleaned: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let (mut start, mut gap, mut page_start) = (0, 0, false);
    for part in cleaned.split_inclusive(['\n', FORM_FEED]) {
        let text = part.trim();
        if text.is_empty() {
            gap += usize::from(part.ends_with('\n'));
        } else {
            let before = part.len() - part.trim_start().len();
            let indent = part[..before].chars().count();
            lines.push(Line { text, start: start + before, indent, width: text.chars().count(), gap, page_start });
            (gap, page_start) = (0, false);
        }
        page_start |= part.ends_with(FORM_FEED);
        start += part.len();
    }
    mark_lost_form_feeds(&mut lines);
    lines
}

/// Some extractors turn a form feed into one space: in a text set flush left, a line with exactly one begins a page.
fn mark_lost_form_feeds(lines: &mut [Line<'_>]) {
    let flush = lines.iter().filter(|line| line.indent == 0).count();
    if lines.len() >= 10 && flush * 5 >= lines.len() * 4 {
        lines.iter_mut().filter(|line| line.indent == 1).for_each(|line| line.page_start = true);
    }
}

/// Takes out the lines that `drop` names; what follows them keeps their distance, and begins a page where `pages` says so.
pub(super) fn remove(lines: &mut Vec<Line<'_>>, drop: &[bool], pages: bool) {
    let (mut index, mut gap, mut page_start) = (0, 0, false);
    lines.retain_mut(|line| {
        let dropped = drop[index];
        index += 1;
        if dropped {
            gap += line.gap;
            page_start |= pages || line.page_start;
        } else {
            line.gap += std::mem::take(&mut gap);
            line.page_start |= std::mem::take(&mut page_start);
        }
        !dropped
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_know_their_place() {
        let text = "one\n\n  two \n\u{c}three\n \nfour";
        let found: Vec<_> = split(text)
            .iter()
            .map(|line| (line.text, &text[line.range()] == line.text, line.indent, line.gap, line.page_start))
            .collect();
        let expected = [
            ("one", true, 0, 0, false),
            ("two", true, 2, 1, false),
            ("three", true, 0, 0, true),
            ("four", true, 0, 1, false),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn removed_lines_leave_their_distance() {
        let mut lines = split("a\n\nhead\n\nb");
        remove(&mut lines, &[false, true, false], true);
        assert_eq!((lines.len(), lines[1].gap, lines[1].page_start), (2, 2, true));
    }
}
