//! Writes the blocks out, one a line, and cuts out of them what is no text.

use std::{iter::Peekable, ops::Range};

use super::{
    Block, BlockKind,
    hyphens::{Joint, Vocabulary},
    lines::Line,
    paragraphs::Draft,
    shape,
    traced::Traced,
};

/// The drafts as one line each, their broken lines joined.
pub(super) fn write(cleaned: &Traced, lines: &[Line<'_>], drafts: &[Draft]) -> (Traced, Vec<Block>) {
    let vocabulary = Vocabulary::of(lines.iter().map(|line| line.text));
    let mut written = Traced::default();
    let mut blocks = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let start = begin_block(&mut written);
        for index in draft.lines.clone() {
            let next = (index + 1 < draft.lines.end).then(|| lines[index + 1].text);
            push_line(&mut written, cleaned, &lines[index], next.map(|next| vocabulary.joint(lines[index].text, next)));
        }
        blocks.push(Block { kind: draft.kind, range: start..written.text.len() });
    }
    (written, blocks)
}

fn begin_block(written: &mut Traced) -> usize {
    if !written.text.is_empty() {
        written.push_separator('\n');
    }
    written.text.len()
}

fn push_line(written: &mut Traced, cleaned: &Traced, line: &Line<'_>, joint: Option<Joint>) {
    let mark = match joint {
        Some(Joint::DropMark) => line.text.chars().next_back().map_or(0, char::len_utf8),
        _ => 0,
    };
    written.push_collapsed(cleaned, line.start..line.range().end - mark);
    if joint == Some(Joint::Space) {
        written.push_separator(' ');
    }
}

/// The text without the bytes in `cuts` (ascending, each within a block) and without the blocks that `drop` names; a sentence
/// that a dropped block interrupted is whole again.
pub(super) fn cut(written: &Traced, blocks: &[Block], drop: &[bool], cuts: &[Range<usize>]) -> (Traced, Vec<Block>) {
    let mut kept = Traced::default();
    let mut left: Vec<Block> = Vec::new();
    let mut cuts = cuts.iter().peekable();
    for (index, block) in blocks.iter().enumerate().filter(|(index, _)| !drop[*index]) {
        let interrupted = index > 0 && drop[index - 1];
        let text = &written.text[block.range.clone()];
        if let Some(last) =
            left.last_mut().filter(|last| interrupted && resumes(&kept.text[last.range.clone()], text, last.kind))
        {
            kept.push_separator(' ');
            push_uncut(&mut kept, written, block.range.clone(), &mut cuts);
            last.range.end = kept.text.len();
        } else {
            let start = begin_block(&mut kept);
            push_uncut(&mut kept, written, block.range.clone(), &mut cuts);
            left.push(Block { kind: block.kind, range: start..kept.text.len() });
        }
    }
    (kept, left)
}

fn resumes(before: &str, after: &str, kind: BlockKind) -> bool {
    kind != BlockKind::Heading && shape::is_open_ended(before) && shape::starts_lower(after)
}

fn push_uncut<'a>(
    kept: &mut Traced,
    written: &Traced,
    range: Range<usize>,
    cuts: &mut Peekable<impl Iterator<Item = &'a Range<usize>>>,
) {
    let mut from = range.start;
    while let Some(cut) = cuts.next_if(|cut| cut.start < range.end) {
        if cut.start >= from {
            kept.push_collapsed(written, from..cut.start);
            from = cut.end;
        }
    }
    kept.push_collapsed(written, from..range.end);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_goes_on_after_a_dropped_block() {
        let mut written = Traced::default();
        "They were\n2 See there.\nnot there.1".chars().enumerate().for_each(|(at, letter)| written.push(letter, at));
        let blocks = [0..9, 10..22, 23..34].map(|range| Block { kind: BlockKind::Paragraph, range });
        let (kept, left) = cut(&written, &blocks, &[false, true, false], std::slice::from_ref(&(33..34)));
        assert_eq!((kept.text.as_str(), left.len()), ("They were not there.", 1));
        assert_eq!(kept.origins.position(&kept.text, 10), 23);
    }
}
