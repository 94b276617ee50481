//! Where lines were broken because they were full, and where because something ended.

use std::ops::Range;

use super::{lines::Line, shape};

/// Narrowest and widest setting taken for wrapped text, in characters: below lies verse, above are unwrapped paragraphs.
const WIDTHS: std::ops::RangeInclusive<usize> = 35..=170;
/// Lines on either side that tell a line's setting: boxes and columns of other widths stand further off.
const REACH: usize = 8;

/// The setting of each line.
pub(super) struct Wrapping {
    /// Width of the setting around each line, in characters.
    widths: Vec<usize>,
    /// Whether the text around each line is wrapped at that width.
    wrapped: Vec<bool>,
}

impl Wrapping {
    /// Measures runs of lines without blank lines between them.
    pub(super) fn measure(lines: &[Line<'_>]) -> Self {
        let runs = dense_runs(lines);
        let document = document_width(lines, &runs);
        let mut measured = Self { widths: Vec::with_capacity(lines.len()), wrapped: Vec::with_capacity(lines.len()) };
        for run in runs {
            let (running_on, breaks) = count_running_on(lines, &run);
            let evident = breaks >= 2 && running_on * 10 >= breaks * 3;
            for index in run.clone() {
                let near = local_width(lines, &run, index);
                let width = if breaks < 2 { near.max(document.unwrap_or(near)) } else { near };
                let as_document = document.is_some_and(|document| width * 10 >= document * 8);
                measured.widths.push(width);
                measured.wrapped.push(WIDTHS.contains(&width) && (evident || as_document));
            }
        }
        measured
    }

    /// Whether the text around the line is wrapped.
    pub(super) fn is_wrapped(&self, index: usize) -> bool {
        self.wrapped[index]
    }

    /// Per cent of the setting's width left free at the end of the line had the next line's first word been put there:
    /// near nothing where the line was full, much where something ended.
    pub(super) fn slack(&self, lines: &[Line<'_>], index: usize) -> usize {
        let first_word = lines.get(index + 1).and_then(|line| line.text.split_whitespace().next());
        let needed = lines[index].width + first_word.map_or(0, |word| 1 + word.chars().count());
        self.widths[index].saturating_sub(needed) * 100 / self.widths[index].max(1)
    }

    /// Whether the line ends well before the margin. A tenth is what proportional type makes full lines differ by.
    pub(super) fn is_short(&self, lines: &[Line<'_>], index: usize) -> bool {
        self.slack(lines, index) > 10
    }
}

fn dense_runs(lines: &[Line<'_>]) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    let mut start = 0;
    for index in 1..=lines.len() {
        if lines.get(index).is_none_or(|line| line.gap > 0) {
            runs.push(start..index);
            start = index;
        }
    }
    runs.retain(|run| !run.is_empty() && run.end <= lines.len());
    runs
}

/// How many line breaks of a run stand within sentences (the next line begins with a small letter), and how many there are.
fn count_running_on(lines: &[Line<'_>], run: &Range<usize>) -> (usize, usize) {
    let running_on = |pair: &&[Line<'_>]| shape::is_open_ended(pair[0].text) && shape::starts_lower(pair[1].text);
    let pairs = lines[run.clone()].windows(2);
    (pairs.clone().filter(running_on).count(), pairs.count())
}

/// The width that most of the document's text is wrapped at; `None` when wrapping is not its habit.
fn document_width(lines: &[Line<'_>], runs: &[Range<usize>]) -> Option<usize> {
    let wrapped: Vec<_> = runs
        .iter()
        .filter(|run| {
            let (running_on, breaks) = count_running_on(lines, run);
            breaks >= 1 && running_on * 10 >= breaks * 3
        })
        .collect();
    let mut widths: Vec<usize> =
        wrapped.iter().flat_map(|run| &lines[run.start..run.end - 1]).map(|line| line.width).collect();
    widths.sort_unstable();
    let width = *widths.get(widths.len() * 9 / 10)?;
    (widths.len() >= 3 && WIDTHS.contains(&width)).then_some(width)
}

/// The greatest width near a line; the second greatest when one line sticks out, as an address too long to wrap does.
fn local_width(lines: &[Line<'_>], run: &Range<usize>, index: usize) -> usize {
    let near = index.saturating_sub(REACH).max(run.start)..(index + REACH + 1).min(run.end);
    let count = near.len();
    let (first, second) = lines[near].iter().fold((0, 0), |(first, second), line| {
        if line.width > first { (line.width, first) } else { (first, second.max(line.width)) }
    });
    if count >= 4 && first * 100 > second * 115 { second } else { first }
}

#[cfg(test)]
mod tests {
    use super::super::lines;
    use super::*;

    #[test]
    fn prose_is_wrapped_and_verse_is_not() {
        let prose = lines::split(
            "When the law was changed nobody asked those whose work\nit was, and so the first that most of them heard of it\n\
             was a knock at the door. That is no way to make a law.",
        );
        let verse = lines::split(
            "Nobody asked us then, by the harbour wall,\nNobody asks us now, as the lanterns fall,\nWe were there",
        );
        assert!(Wrapping::measure(&prose).is_wrapped(1));
        assert!(!Wrapping::measure(&verse).is_wrapped(1));
    }

    #[test]
    fn one_long_line_does_not_set_the_width() {
        let long = "x".repeat(160);
        let text = format!(
            "a line of some forty characters, it says\nand one more of nearly as many as that\n{long}\nand the end"
        );
        let lines = lines::split(&text);
        assert_eq!(Wrapping::measure(&lines).widths[0], 40);
    }
}
