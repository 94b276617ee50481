//! Reference lists and the bodies of footnotes.

use super::{Block, BlockKind, lists};

/// Titles of reference lists, in small letters and without numbering.
const TITLES: [&str; 12] = [
    "bibliography",
    "cited works",
    "endnotes",
    "footnotes",
    "further reading",
    "literature",
    "notes",
    "reference list",
    "references",
    "references cited",
    "sources",
    "works cited",
];
/// Words that only references use.
const TERMS: [&str; 19] = [
    "http",
    "www.",
    "doi",
    " pp.",
    " pp ",
    " p. ",
    "ibid",
    "et al",
    "(ed",
    "available at",
    "available from",
    "accessed",
    "retrieved",
    "op. cit",
    "op cit",
    "supra",
    "vol.",
    "isbn",
    "para.",
];
/// Longest block taken for one reference or several joined, in bytes.
const LONGEST_ENTRY: usize = 2_000;

/// Which blocks are references: those under a title that says so, runs of them at any place, bodies of footnotes.
pub(super) fn mark(text: &str, blocks: &[Block]) -> Vec<bool> {
    let texts: Vec<&str> = blocks.iter().map(|block| &text[block.range.clone()]).collect();
    let mut marked: Vec<bool> = texts.iter().map(|text| is_note_body(text)).collect();
    let likely: Vec<bool> = texts.iter().map(|text| starts_entry(text) && evidence(text) >= 2).collect();
    for index in 0..blocks.len() {
        let neighbours = [index.checked_sub(1), Some(index + 1)];
        marked[index] |= likely[index] && neighbours.iter().flatten().any(|&other| likely.get(other) == Some(&true));
        if is_title(texts[index]) {
            mark_list(&texts, blocks, index, &mut marked);
        }
    }
    marked
}

/// Marks a list's title and its entries, up to the first block that is none.
fn mark_list(texts: &[&str], blocks: &[Block], title: usize, marked: &mut [bool]) {
    let is_entry = |&index: &usize| {
        let number = lists::marker(texts[index]).is_some();
        blocks[index].kind != BlockKind::Heading
            && evidence(texts[index]) + usize::from(number) >= 1
            && texts[index].len() <= LONGEST_ENTRY
            && (starts_entry(texts[index]) || evidence(texts[index]) >= 2 || has_term(texts[index]))
    };
    let end = title + 1 + (title + 1..blocks.len()).take_while(is_entry).count();
    if end > title + 1 {
        marked[title..end].fill(true);
    }
}

fn is_title(text: &str) -> bool {
    let title = text.trim_matches(|edge: char| !edge.is_alphabetic());
    title.len() <= 30 && TITLES.contains(&title.to_lowercase().as_str())
}

/// A footnote's body: its number, a capital letter, and a term of references.
pub(super) fn is_note_body(text: &str) -> bool {
    let after = text.trim_start_matches(|digit: char| digit.is_ascii_digit());
    let digits = text.len() - after.len();
    let capital = after.trim_start().starts_with(|first: char| first.is_uppercase() || "“‘\"".contains(first));
    (1..=3).contains(&digits) && capital && text.len() <= LONGEST_ENTRY && (refers(after) || has_term(text))
}

/// Whether the text begins by pointing elsewhere.
fn refers(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default();
    matches!(first.trim_end_matches([',', ';']), "See" | "Ibid" | "Ibid." | "Id." | "Cf." | "Supra")
}

fn has_term(text: &str) -> bool {
    let lower = text.to_lowercase();
    TERMS.iter().any(|term| lower.contains(term))
}

/// How many kinds of sign say that a text is a reference: terms, a year.
fn evidence(text: &str) -> usize {
    if text.len() > LONGEST_ENTRY {
        return 0;
    }
    let year = |word: &str| word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
    let years = text.split(|letter: char| !letter.is_ascii_digit()).any(year);
    usize::from(has_term(text)) + usize::from(years)
}

/// "Surname, A." or "Surname A (2012)" or "[3] ..." or "3. Surname"
fn starts_entry(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let first = words.next().unwrap_or_default();
    let bracketed = first.starts_with('[') && first.ends_with(']');
    if bracketed || lists::marker(text).is_some() {
        return true;
    }
    let initials =
        words.next().is_some_and(|word| word.trim_matches(['.', ',']).split('.').all(|part| part.len() == 1));
    first.starts_with(char::is_uppercase) && initials && first.len() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Case {
        blocks: &'static [(BlockKind, &'static str)],
        marked: &'static [bool],
    }

    #[test]
    fn references() {
        use BlockKind::{Heading, ListItem, Paragraph};
        let cases = [
            Case {
                blocks: &[
                    (Heading, "References"),
                    (Paragraph, "Doe, J. (2011) Laws and Lives. London: Nobody."),
                    (ListItem, "2. Roe, R. Work, vol. 3, 1999"),
                    (Heading, "Annex"),
                    (Paragraph, "Text in 2012."),
                ],
                marked: &[true, true, true, false, false],
            },
            Case { blocks: &[(Paragraph, "4 Doe, Laws and Lives, 2011, p. 7.")], marked: &[true] },
            Case { blocks: &[(Paragraph, "20 women signed in 2012.")], marked: &[false] },
            Case {
                blocks: &[(Paragraph, "Doe, J. Laws. 2011, pp. 3–4"), (Paragraph, "Roe, R. Lives. 2012, http://a.org")],
                marked: &[true, true],
            },
            Case { blocks: &[(Heading, "Notes"), (Paragraph, "We were never asked.")], marked: &[false, false] },
        ];
        let failures: Vec<_> = cases
            .iter()
            .enumerate()
            .filter_map(|(number, case)| {
                let mut text = String::new();
                let place = |&(kind, block): &(BlockKind, &str)| {
                    let start = text.len();
                    text.push_str(block);
                    Block { kind, range: start..text.len() }
                };
                let blocks: Vec<_> = case.blocks.iter().map(place).collect();
                let marked = mark(&text, &blocks);
                (marked != case.marked).then_some((number, marked))
            })
            .collect();
        assert!(failures.is_empty(), "{failures:?}");
    }
}
