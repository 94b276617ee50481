//! Numbers of footnotes that extraction glues to the text.

use std::ops::Range;

use super::shape;

/// Abbreviations that numbers follow ("No.3").
const ABBREVIATIONS: [&str; 14] =
    ["app", "art", "arts", "cap", "chap", "fig", "figs", "nos", "para", "paras", "sec", "sect", "ver", "vol"];
/// Greatest number taken for a footnote's.
const GREATEST: u32 = 999;

/// A number that could be a footnote's.
struct Candidate {
    range: Range<usize>,
    number: u32,
    /// Whether its place alone tells: after a sentence's final mark, before the next sentence.
    sure: bool,
}

/// The bytes of `text` (paragraphs on lines) that are footnote numbers, in order.
///
/// A number after a final mark is one by its place. Elsewhere ("grounds2 of", "law,3 and") it must also continue the count:
/// follow the last sure number or come right before the next, so that names with numbers stay whole.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let candidates = candidates(text);
    let following = next_sure(&candidates);
    let mut last = None;
    let mut found = Vec::new();
    for (candidate, next) in candidates.into_iter().zip(following) {
        let counts_on =
            last.is_some_and(|last: u32| candidate.number == last + 1) || next == Some(candidate.number + 1);
        if candidate.sure || counts_on {
            last = Some(candidate.number);
            found.push(candidate.range);
        }
    }
    found
}

/// For each candidate, the number of the next sure one.
fn next_sure(candidates: &[Candidate]) -> Vec<Option<u32>> {
    let mut next = None;
    let mut following: Vec<_> = candidates
        .iter()
        .rev()
        .map(|candidate| {
            let found = next;
            next = if candidate.sure { Some(candidate.number) } else { next };
            found
        })
        .collect();
    following.reverse();
    following
}

fn candidates(text: &str) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut start = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        found.extend(in_word(text, start..start + word.trim_end().len()));
        start += word.len();
    }
    found
}

/// The footnote number at the end of a word: digits, superscript digits or `[4]`, several with commas; marks may follow.
fn in_word(text: &str, word: Range<usize>) -> Option<Candidate> {
    let whole = &text[word.clone()];
    let core = whole.trim_end_matches(|mark: char| ".,;:!?”\"’)".contains(mark));
    let raised = core.ends_with(is_superscript);
    let superscript = core.trim_end_matches(|digit: char| is_superscript(digit) || digit == ',');
    let bracketed = core.strip_suffix(']').and_then(|open| open.rfind('[')).map(|at| &core[..at]);
    let plain = core
        .trim_end_matches(|digit: char| digit.is_ascii_digit() || digit == ',')
        .trim_end_matches(|digit: char| digit.is_ascii_digit());
    let stem = if raised { superscript } else { bracketed.unwrap_or(plain) };
    let stem = if core[stem.len()..].starts_with(',') { &core[..=stem.len()] } else { stem };
    let digits: String =
        core[stem.len()..].chars().map_while(|digit| plain_digit(digit, bracketed.is_some())).collect();
    let number = digits.trim_start_matches('[').parse().ok().filter(|number| (1..=GREATEST).contains(number))?;
    if !is_stem(stem, raised) || (bracketed.is_some() && !raised && !is_citation(&core[stem.len()..])) {
        return None;
    }
    let marked = stem.ends_with(['.', '!', '?', ')', '”', '"', '’']) && core.len() == whole.len();
    // Abbreviations of two letters are too many to list.
    let long = stem.chars().filter(|letter| letter.is_alphabetic()).nth(2).is_some();
    let sure = raised || bracketed.is_some() || (marked && long && begins_sentence(&text[word.end..]));
    Some(Candidate { range: word.start + stem.len()..word.start + core.len(), number, sure })
}

fn is_citation(brackets: &str) -> bool {
    brackets.bytes().all(|byte| byte.is_ascii_digit() || b"[],".contains(&byte)) && brackets.len() <= 9
}

fn is_superscript(digit: char) -> bool {
    matches!(digit, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹')
}

fn plain_digit(digit: char, bracketed: bool) -> Option<char> {
    match digit {
        '0'..='9' => Some(digit),
        '[' if bracketed => Some(digit),
        '¹' => Some('1'),
        '²' => Some('2'),
        '³' => Some('3'),
        _ if is_superscript(digit) => char::from_digit(u32::from(digit) - 0x2070, 10),
        _ => None,
    }
}

/// Whether a footnote may hang on the word: two letters at least, no decimal, address, abbreviation, or name with a number.
fn is_stem(stem: &str, raised: bool) -> bool {
    let letters = stem.trim_matches(|edge: char| !edge.is_alphanumeric());
    let plain = letters.chars().all(|letter| letter.is_alphabetic() || "'’-–—/".contains(letter));
    let small = letters.ends_with(char::is_lowercase) || stem.ends_with(|mark: char| !mark.is_alphanumeric());
    let unit = raised && matches!(letters, "m" | "cm" | "km" | "mm" | "ft");
    let long = letters.chars().nth(1).is_some();
    plain
        && small
        && long
        && !unit
        && !ABBREVIATIONS.contains(&letters.to_lowercase().as_str())
        && !stem.ends_with(['-', '–', '/', '\''])
}

/// Whether a new sentence or nothing follows on the line; runs of spaces are one by now.
fn begins_sentence(rest: &str) -> bool {
    let next = rest.strip_prefix(' ').unwrap_or(rest);
    next.is_empty() || next.starts_with('\n') || shape::starts_upper(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Case {
        text: &'static str,
        expected: &'static str,
    }

    #[test]
    fn numbers() {
        let cases = [
            Case { text: "These are their grounds.2 They say", expected: "These are their grounds. They say" },
            Case { text: "the office (UNEP).1 The", expected: "the office (UNEP). The" },
            Case { text: "“so it was.”12", expected: "“so it was.”" },
            Case { text: "It ends.3\nHere", expected: "It ends.\nHere" },
            Case {
                text: "It ends.3 The law4 was made,5 and kept.6 So",
                expected: "It ends. The law was made, and kept. So",
            },
            Case { text: "They have it.1 The law is law.2 So", expected: "They have it. The law is law. So" },
            Case { text: "so it was¹ and²,³ is", expected: "so it was and is" },
            Case { text: "as shown[12] before", expected: "as shown before" },
            Case { text: "section 3.3 and 4.5 The", expected: "section 3.3 and 4.5 The" },
            Case { text: "COVID-19. Then COVID19 came", expected: "COVID-19. Then COVID19 came" },
            Case { text: "in 2014.", expected: "in 2014." },
            Case { text: "see No.3 The and art.3 The", expected: "see No.3 The and art.3 The" },
            Case { text: "we meet at www.a.org.2 Then web2 came", expected: "we meet at www.a.org.2 Then web2 came" },
            Case { text: "of 20 m² and", expected: "of 20 m² and" },
            Case { text: "a sum of 1,000 or 2,500", expected: "a sum of 1,000 or 2,500" },
            Case { text: "it costs£5 there", expected: "it costs£5 there" },
        ];
        let failures: Vec<_> = cases
            .iter()
            .filter_map(|case| {
                let mut text = case.text.to_owned();
                find(case.text).into_iter().rev().for_each(|range| text.replace_range(range, ""));
                (text != case.expected).then_some((text, case.expected))
            })
            .collect();
        assert!(failures.is_empty(), "{failures:#?}");
    }
}
