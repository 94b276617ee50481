//! What a page carries besides its text: running headers and footers, page numbers, tables of contents, rules.

use std::collections::BTreeMap;

use super::{lines::Line, shape};

/// Longest line taken for a running header or footer, in characters.
const LONGEST_HEADER: usize = 120;
/// Fewest lines on average between two showings of a header; closer ones are a refrain or a list.
const SHORTEST_PAGE: usize = 4;
/// Fewest lines of a document in which repetition alone, without form feeds, tells a header.
const FEWEST_LINES: usize = 20;
/// Fewest showings of a title that make it a header when nothing else does.
const FEWEST_SHOWINGS: usize = 4;
/// Titles that count up and are text all the same ("Recommendation 4").
const COUNTED_TITLES: [&str; 18] = [
    "annex",
    "appendix",
    "article",
    "case",
    "chapter",
    "comment",
    "figure",
    "interview",
    "option",
    "paragraph",
    "part",
    "question",
    "recommendation",
    "response",
    "section",
    "step",
    "submission",
    "table",
];

/// Which lines belong to the page and not to the text.
pub(super) fn mark(lines: &[Line<'_>]) -> Vec<bool> {
    let numbers: Vec<bool> = (0..lines.len()).map(|index| is_page_number(lines, index)).collect();
    let edges: Vec<bool> = (0..lines.len()).map(|index| is_at_page_edge(lines, &numbers, index)).collect();
    let drawn = |line: &Line<'_>| is_rule(line.text) || is_contents_entry(line.text);
    let mut marked: Vec<bool> = lines.iter().zip(&numbers).map(|(line, number)| *number || drawn(line)).collect();
    for places in repeated(lines).values().filter(|places| is_running(lines, &edges, places)) {
        for &place in places {
            marked[place] = true;
        }
    }
    marked
}

/// The lines that could be headers, by their wording with every number made `#`.
fn repeated(lines: &[Line<'_>]) -> BTreeMap<String, Vec<usize>> {
    let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, line) in lines.iter().enumerate().filter(|(_, line)| line.width <= LONGEST_HEADER) {
        if line.text.contains(char::is_alphabetic) {
            places.entry(wording(line.text)).or_default().push(index);
        }
    }
    places.retain(|_, places| places.len() >= 2);
    places
}

fn wording(text: &str) -> String {
    let mut wording = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            _ if character.is_numeric() && wording.ends_with('#') => {}
            _ if character.is_numeric() => wording.push('#'),
            _ if character.is_whitespace() => {}
            _ => wording.extend(character.to_lowercase()),
        }
    }
    wording
}

/// Whether the places of one wording are those of a running header: at page breaks, in mid-sentence, counting up, or just
/// far apart and often.
fn is_running(lines: &[Line<'_>], edges: &[bool], places: &[usize]) -> bool {
    let (first, last) = (places[0], places[places.len() - 1]);
    let spread = last - first >= (places.len() - 1) * SHORTEST_PAGE;
    let at_edges = places.iter().filter(|&&place| edges[place]).count();
    if at_edges >= 2 && at_edges * 2 >= places.len() {
        return true;
    }
    let long = lines.len() >= FEWEST_LINES && spread;
    let text = lines[first].text;
    let numbered_title = COUNTED_TITLES.iter().any(|title| wording(text).starts_with(title));
    let title = !shape::ends_sentence(text) && (shape::is_title_case(text) || shape::is_capitals(text));
    let worded = text.contains(char::is_whitespace);
    long && ((worded && places.iter().any(|&place| interrupts(lines, place)))
        || (!numbered_title && (counts_up(lines, places) || (title && places.len() >= FEWEST_SHOWINGS))))
}

/// Within two lines of a page's beginning or end, or beside a page number.
fn is_at_page_edge(lines: &[Line<'_>], numbers: &[bool], place: usize) -> bool {
    let starts = |index: usize| lines.get(index).is_some_and(|line| line.page_start);
    let number = |index: usize| numbers.get(index) == Some(&true);
    (place.saturating_sub(1)..=place + 2).any(starts) || (place.saturating_sub(1)..=place + 1).any(number)
}

/// Whether the sentence before the line goes on after it, or after the page number beside it.
fn interrupts(lines: &[Line<'_>], place: usize) -> bool {
    let worded = |line: &&Line<'_>| line.text.contains(char::is_alphabetic);
    let before = lines[..place].iter().rev().take(2).find(worded).map(|line| line.text);
    let after = lines[place + 1..].iter().take(2).find(worded).map(|line| line.text);
    before.is_some_and(shape::is_open_ended)
        && after.is_some_and(shape::starts_lower)
        && !shape::starts_lower(lines[place].text)
}

/// Whether the last number of each line is greater than that of the one before.
fn counts_up(lines: &[Line<'_>], places: &[usize]) -> bool {
    let number = |&place: &usize| {
        let text = lines[place].text;
        text.rsplit(|letter: char| !letter.is_ascii_digit()).find(|run| !run.is_empty())?.parse::<u64>().ok()
    };
    let numbers: Vec<_> = places.iter().map(number).collect();
    numbers[0].is_some() && numbers.is_sorted_by(|left, right| left < right)
}

/// "Page 3 of 12" always; a bare number only in a text of several lines, beside blank space or a page's edge, and when it
/// is no year.
fn is_page_number(lines: &[Line<'_>], index: usize) -> bool {
    let line = &lines[index];
    let text = line.text.trim_matches(|edge: char| edge.is_whitespace() || "-–—|[]•·".contains(edge)).to_lowercase();
    if lines.len() < 2 || line.width > 24 || text.is_empty() {
        return false;
    }
    let digits = |word: &str| !word.is_empty() && word.len() <= 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    let words: Vec<_> =
        text.split([' ', '/']).filter(|word| !matches!(*word, "" | "|" | "of" | "page" | "p.")).collect();
    let numbers = (1..=2).contains(&words.len()) && words.iter().all(|word| digits(word));
    if numbers && (text.contains("page") || text.contains(" of ") || text.starts_with("p. ")) {
        return true;
    }
    let year = text.len() == 4 && (text.starts_with("19") || text.starts_with("20"));
    let alone =
        line.gap > 0 || line.page_start || lines.get(index + 1).is_none_or(|next| next.gap > 0 || next.page_start);
    lines.len() >= 6 && alone && !year && words.len() == 1 && (numbers || is_roman(&text))
}

fn is_roman(text: &str) -> bool {
    (2..=5).contains(&text.len()) && text.bytes().all(|byte| b"ivx".contains(&byte))
}

/// A line drawn with characters; dots are left to the text, where they are an ellipsis.
fn is_rule(text: &str) -> bool {
    text.len() >= 3 && text.chars().all(|mark| "-–—_=*~#│─━═ ".contains(mark))
}

/// "Introduction ........ 7"
fn is_contents_entry(text: &str) -> bool {
    let title = text.trim_end_matches(|last: char| last.is_ascii_digit() || last.is_whitespace());
    title.len() < text.len() && (title.ends_with(".....") || title.ends_with(". . . .") || title.ends_with("……"))
}

#[cfg(test)]
mod tests {
    use super::super::lines;
    use super::*;

    struct Case {
        name: &'static str,
        text: String,
        marked: &'static [usize],
    }

    /// Lines that are all different.
    fn body(count: usize) -> String {
        let start = count * 10;
        let lines = (start..start + count).map(|line| format!("and so it was {} for all\n", "o".repeat(line)));
        lines.collect::<String>() + &format!("and so on to {}.\n", "u".repeat(count))
    }

    #[test]
    fn pages() {
        let cases = [
            Case {
                name: "headers at form feeds",
                text: format!("Our report 1\n{}\u{c}Our report 2\n{}\u{c}Our report 3\nand the end", body(4), body(3)),
                marked: &[0, 6, 11],
            },
            Case {
                name: "headers that count up",
                text: format!("{}Our Report | 7\n{}Our Report | 8\nThe end.", body(9), body(10)),
                marked: &[10, 22],
            },
            Case {
                name: "numbered titles stay",
                text: format!("Recommendation 1\n{}Recommendation 2\n{}", body(12), body(12)),
                marked: &[],
            },
            Case { name: "page numbers", text: format!("{}\n12\n\n{}Page 3 of 9", body(6), body(5)), marked: &[7, 14] },
            Case { name: "years stay", text: format!("{}\n2014\n\n{}", body(6), body(5)), marked: &[] },
            Case { name: "a number alone stays", text: "5".to_owned(), marked: &[] },
            Case { name: "contents and rules", text: "Aims ........ 4\n-----\nText ...".to_owned(), marked: &[0, 1] },
            Case {
                name: "a refrain stays",
                text: "No more\nwe say\nNo more\nwe sing\nNo more".to_owned(),
                marked: &[],
            },
        ];
        let failures: Vec<_> = cases
            .iter()
            .filter_map(|case| {
                let marked = mark(&lines::split(&case.text));
                let found: Vec<_> = (0..marked.len()).filter(|&index| marked[index]).collect();
                (found != case.marked).then_some((case.name, found))
            })
            .collect();
        assert!(failures.is_empty(), "{failures:#?}");
    }
}
