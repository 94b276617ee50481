//! Lists that run on inside a paragraph.

use std::ops::Range;

use super::context;

/// What a full stop after a number or letter says about a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    /// The label opens the sentence ("1. First", "iv. Fourth"): its stop is no end.
    Opening,
    /// A number of a list stands inside the sentence ("1. First 2. Second"): a sentence begins at this byte.
    Inside(usize),
}

/// Follows the numbers of the lists in a paragraph.
#[derive(Debug)]
pub(super) struct Counter {
    /// First byte of the paragraph that is not white space.
    start: usize,
    /// Number of the last item; 0 before the first.
    last: u32,
}

impl Counter {
    pub(super) fn new(start: usize) -> Self {
        Self { start, last: 0 }
    }

    /// The label that ends at byte `stop` of `text`, in the sentence that begins at byte `sentence`.
    pub(super) fn label(&mut self, text: &str, sentence: usize, stop: usize) -> Option<Label> {
        let word = context::word_before(&text[sentence..stop]);
        let start = stop - word.len();
        let opens = matches!(&text[sentence..start], "" | "(" | "[");
        let Some(number) = number(word) else {
            return (opens && is_label(word)).then_some(Label::Opening);
        };
        let opens_text = opens && sentence == self.start;
        if !opens_text && !self.expects(number, opens, &text[..start]) {
            return None;
        }
        self.last = number;
        Some(if opens { Label::Opening } else { Label::Inside(start) })
    }

    /// Whether `number`, after `before`, begins or carries on a list; others are answers ("How many? 25.") and years.
    fn expects(&self, number: u32, opens: bool, before: &str) -> bool {
        let begins = number == 1 && (opens || before.ends_with('\n'));
        let carries_on = number == self.last + 1 && self.last > 0 && (opens || before.ends_with(char::is_whitespace));
        begins || carries_on
    }
}

/// List numbers have at most three digits; more are years.
fn number(word: &str) -> Option<u32> {
    word.parse().ok().filter(|_| word.len() <= 3)
}

/// A letter, a Roman numeral or a section number ("3.2").
fn is_label(word: &str) -> bool {
    let letter = word.chars().count() == 1;
    let roman = word.len() <= 5 && word.bytes().all(|byte| b"ivxIVX".contains(&byte));
    let section = word.contains('.') && word.split('.').all(|part| number(part).is_some());
    !word.is_empty() && (letter || roman || section)
}

/// Splits a sentence before every line that begins with a bullet, or with a dash and a capital.
pub(super) fn items(text: &str, sentence: Range<usize>) -> Vec<Range<usize>> {
    let lines = text[sentence.clone()].match_indices('\n').map(|(at, _)| sentence.start + at + 1);
    let mut starts = vec![sentence.start];
    starts.extend(lines.filter(|&at| is_item(&text[at..sentence.end])));
    let ends = starts.iter().skip(1).copied().chain([sentence.end]);
    starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect()
}

fn is_item(line: &str) -> bool {
    let spaced = |bullets: &[char]| line.strip_prefix(bullets).and_then(|rest| rest.strip_prefix(' '));
    spaced(&['•', '▪', '◦', '‣', '·', '●']).is_some()
        || spaced(&['-', '–', '*']).is_some_and(|rest| rest.starts_with(char::is_uppercase))
}
