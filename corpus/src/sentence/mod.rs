//! Sentences of running text.
//!
//! Every run of terminal marks is a candidate (`mark`); what stands before and after it (`context`) decides whether the
//! sentence ends there (`rules`). The rules follow what is usual in English print and in comments on the web.

mod abbreviation;
mod context;
mod emoticon;
mod footnote;
mod list;
mod mark;
mod rules;
#[cfg(test)]
mod tests;
mod words;

use std::ops::Range;

use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation as _};

use list::{Counter, Label};
use mark::{Kind, Mark};
use rules::Candidate;

/// Splits one paragraph into sentences, as ranges of bytes in order; together they cover all of it that is not white space,
/// and none cuts a grapheme cluster. Takes linear time.
#[must_use]
pub fn split(paragraph: &str) -> Vec<Range<usize>> {
    let sentences = at_marks(paragraph).into_iter().flat_map(|sentence| list::items(paragraph, sentence));
    sentences.map(|sentence| trim(paragraph, sentence)).filter(|sentence| !sentence.is_empty()).collect()
}

/// The sentences as terminal marks and the numbers of lists show them.
fn at_marks(text: &str) -> Vec<Range<usize>> {
    let uncapitalised = context::is_uncapitalised(text);
    let mut sentences = Vec::new();
    let mut sentence = trim(text, 0..text.len()).start;
    let mut counter = Counter::new(sentence);
    let mut from = sentence;
    while let Some(mark) = Mark::find(text, from) {
        from = mark.next;
        let label = (mark.kind == Kind::Stop).then(|| counter.label(text, sentence, mark.start)).flatten();
        let gap = match label {
            Some(Label::Opening) => None,
            Some(Label::Inside(start)) => Some(start..start),
            None => Candidate::new(text, sentence, mark, uncapitalised).ends_sentence().then_some(mark.end..mark.next),
        };
        if let Some(gap) = gap.filter(|gap| cuts_no_cluster(text, gap)) {
            sentences.push(sentence..gap.start);
            sentence = gap.end;
        }
    }
    sentences.push(sentence..text.len());
    sentences
}

/// Whether both ends of `gap` lie between grapheme clusters.
fn cuts_no_cluster(text: &str, gap: &Range<usize>) -> bool {
    [gap.start, gap.end]
        .into_iter()
        .all(|at| GraphemeCursor::new(at, text.len(), true).is_boundary(text, 0) == Ok(true))
}

/// `range` without the clusters of white space at either end.
fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let is_space = |cluster: &&str| cluster.chars().all(char::is_whitespace);
    let length = |clusters: &mut dyn Iterator<Item = &str>| clusters.take_while(is_space).map(str::len).sum::<usize>();
    let start = range.start + length(&mut text[range.clone()].graphemes(true));
    let end = range.end - length(&mut text[start..range.end].graphemes(true).rev());
    start..end
}
