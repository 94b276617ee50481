//! Lines set with a blank line after each.

use std::ops::Range;

use super::{lines::Line, shape};

/// Takes the blank lines out where they stand after every line and not after paragraphs: where sentences run on across them.
pub(super) fn close_up(lines: &mut [Line<'_>]) {
    let runs = spaced_runs(lines);
    let broken: Vec<usize> = runs.iter().map(|run| broken_sentences(lines, run)).collect();
    // One broken sentence can be a page break; two in one run cannot, and vouch for the shorter runs of the document.
    let sure = |index: usize| broken[index] >= 2 && broken[index] * 5 >= runs[index].len();
    if !(0..runs.len()).any(sure) {
        return;
    }
    for (run, broken) in runs.iter().zip(&broken) {
        if broken * 5 >= run.len() {
            lines[run.start + 1..run.end].iter_mut().for_each(|line| line.gap = 0);
        }
    }
}

/// Runs of at least two lines with just one blank line (or a page's end) between one and the next.
fn spaced_runs(lines: &[Line<'_>]) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    let mut start = 0;
    for index in 1..=lines.len() {
        let goes_on = lines.get(index).is_some_and(|line| line.gap == 1 || (line.page_start && line.gap == 0));
        if !goes_on {
            if index - start >= 2 {
                runs.push(start..index);
            }
            start = index;
        }
    }
    runs
}

fn broken_sentences(lines: &[Line<'_>], run: &Range<usize>) -> usize {
    let broken = |pair: &&[Line<'_>]| {
        let wrapped = (35..=200).contains(&pair[0].width);
        wrapped && pair[1].gap == 1 && shape::is_open_ended(pair[0].text) && shape::starts_lower(pair[1].text)
    };
    lines[run.clone()].windows(2).filter(broken).count()
}

#[cfg(test)]
mod tests {
    use super::super::lines;
    use super::*;

    fn gaps(text: &str) -> Vec<usize> {
        let mut lines = lines::split(text);
        close_up(&mut lines);
        lines.iter().map(|line| line.gap).collect()
    }

    #[test]
    fn blank_lines_within_sentences_go() {
        let text = "They came to the town early in the year and found\n\nthe house they had been promised, although it was not\n\n\
                    what they had hoped for. So they left.\n\nThen they came back.";
        assert_eq!(gaps(text), [0, 0, 0, 0]);
    }

    #[test]
    fn blank_lines_between_paragraphs_stay() {
        let text = "They came to the town early in the year.\n\nThey found a house, and were content with it\n\nand stayed.\n\nThe end.";
        assert_eq!(gaps(text), [0, 1, 1, 1]);
    }
}
