//! Footnote marks glued on to the end of a sentence.

use super::{abbreviation, context};

/// End of the footnote mark at byte `from`, after a run of terminal marks that begins at byte `run`; `from` if there is none.
pub(super) fn end(text: &str, run: usize, from: usize) -> usize {
    let rest = &text[from..];
    let length = bracketed(rest).or_else(|| superscript(rest)).or_else(|| digits(&text[..run], rest));
    from + length.unwrap_or(0)
}

/// Length of "[12]".
fn bracketed(text: &str) -> Option<usize> {
    let digits = leading_digits(text.strip_prefix('[')?);
    (digits > 0 && text[1 + digits..].starts_with(']')).then_some(digits + 2)
}

/// Length of superscript digits and daggers.
fn superscript(text: &str) -> Option<usize> {
    let length =
        text.len() - text.trim_start_matches(['¹', '²', '³', '⁰', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹', '†', '‡']).len();
    (length > 0).then_some(length)
}

/// Length of plain digits that lost their superscript ("the law.2 Next"): after a word, before a capital.
fn digits(before: &str, text: &str) -> Option<usize> {
    let length = leading_digits(text);
    let next = text[length..].strip_prefix(char::is_whitespace)?.chars().next()?;
    let word = context::word_before(before);
    let is_word =
        word.chars().count() > 2 && word.chars().all(char::is_alphabetic) && abbreviation::lookup(word).is_none();
    ((1..=3).contains(&length) && next.is_uppercase() && is_word).then_some(length)
}

fn leading_digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).take(4).count()
}
