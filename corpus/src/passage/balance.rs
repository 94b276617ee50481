//! Splits text that is too long into parts of like length.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::sentence;

/// A stretch of text that is not split further.
struct Piece {
    /// Byte where it ends; it begins where the piece before ends.
    end: usize,
    /// Its length in characters.
    length: usize,
}

/// Splits `range` of `text` into parts of at most `longest` characters, and of like length: at sentence ends, within a
/// sentence that is itself too long at clause ends or white space, failing that between grapheme clusters.
pub(super) fn split(text: &str, range: Range<usize>, longest: usize) -> Vec<Range<usize>> {
    if text[range.clone()].chars().nth(longest).is_none() {
        return vec![range];
    }
    let pieces = pieces(text, range.clone(), longest);
    balance(&pieces, range.start, longest)
}

/// The sentences of a range, those longer than `longest` in pieces; white space after one belongs to it.
fn pieces(text: &str, range: Range<usize>, longest: usize) -> Vec<Piece> {
    let sentences = sentence::split(&text[range.clone()]);
    let starts = sentences.iter().skip(1).map(|sentence| range.start + sentence.start).chain([range.end]);
    let mut pieces = Vec::with_capacity(sentences.len());
    let mut start = range.start;
    for end in starts {
        let length = text[start..end].chars().count();
        if length <= longest {
            pieces.push(Piece { end, length });
        } else {
            push_parts(&mut pieces, text, start..end, length, longest);
        }
        start = end;
    }
    pieces
}

/// Splits one sentence of `length` characters into as few parts as `longest` allows, of like length.
fn push_parts(pieces: &mut Vec<Piece>, text: &str, sentence: Range<usize>, length: usize, longest: usize) {
    let (mut start, mut left) = (sentence.start, length);
    while left > longest {
        let wanted = left.div_ceil(left.div_ceil(longest));
        let part = first_part(&text[start..sentence.end], wanted, longest);
        start += part.end;
        left -= part.length;
        pieces.push(Piece { end: start, length: part.length });
    }
    if left > 0 {
        pieces.push(Piece { end: sentence.end, length: left });
    }
}

/// The first part of a sentence: up to the clause's end nearest to `wanted` characters, or the last white space before
/// that many, or the last cluster.
///
/// A clause's end counts only in the part's second half, so that no part is tiny.
fn first_part(text: &str, wanted: usize, longest: usize) -> Piece {
    let (mut end, mut length) = (0, 0);
    let (mut clause, mut space, mut cluster) = (None, None, None);
    let mut before = ' ';
    for grapheme in text.graphemes(true) {
        (end, length) = (end + grapheme.len(), length + grapheme.chars().count());
        if length > longest && cluster.is_some() {
            break;
        }
        let blank = grapheme.starts_with(char::is_whitespace);
        if blank && length * 2 >= wanted && ",;:–—)".contains(before) {
            clause = nearest(clause, (end, length), wanted);
        }
        if blank {
            space = nearest(space, (end, length), wanted);
        }
        cluster = nearest(cluster, (end, length), wanted);
        before = grapheme.chars().next_back().unwrap_or(' ');
    }
    let (end, length) = clause.or(space).or(cluster).unwrap_or((end, length));
    Piece { end, length }
}

/// The candidate whose length is nearer to `wanted`.
fn nearest(found: Option<(usize, usize)>, candidate: (usize, usize), wanted: usize) -> Option<(usize, usize)> {
    found.filter(|found| found.1.abs_diff(wanted) <= candidate.1.abs_diff(wanted)).or(Some(candidate))
}

/// Puts pieces together into parts of at most `longest` characters, each as near as can be to an even share of what is left.
fn balance(pieces: &[Piece], start: usize, longest: usize) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut left: usize = pieces.iter().map(|piece| piece.length).sum();
    let (mut from, mut length, mut end) = (start, 0, start);
    let mut share = left.div_ceil(left.div_ceil(longest).max(1));
    for piece in pieces {
        let nearer = share.abs_diff(length) < share.abs_diff(length + piece.length);
        if length > 0 && (length + piece.length > longest || (nearer && length < left)) {
            parts.push(from..end);
            left -= length;
            share = left.div_ceil(left.div_ceil(longest).max(1));
            (from, length) = (end, 0);
        }
        length += piece.length;
        end = piece.end;
    }
    parts.push(from..end);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lengths(text: &str, longest: usize) -> Vec<usize> {
        split(text, 0..text.len(), longest).into_iter().map(|part| text[part].chars().count()).collect()
    }

    #[test]
    fn no_white_space() {
        assert_eq!(lengths(&"a".repeat(25), 10), [9, 8, 8]);
    }

    #[test]
    fn clauses_before_words() {
        let text = "one two three, four five six seven eight nine";
        assert_eq!(
            split(text, 0..text.len(), 30).iter().map(|part| &text[part.clone()]).collect::<Vec<_>>(),
            ["one two three, ", "four five six seven eight nine"]
        );
    }

    #[test]
    fn clusters_stay_whole() {
        let text = "e\u{301}\u{302}".repeat(9);
        assert_eq!(lengths(&text, 10), [9, 9, 9]);
        assert_eq!(lengths(&format!("a{}b", "\u{301}".repeat(30)), 10), [31, 1]);
    }
}
