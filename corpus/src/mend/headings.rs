//! Titles and headings, also where no blank line divides them from the text below.

use super::{lines::Line, lists, shape, wrapping::Wrapping};

/// Longest line taken for a heading, in characters.
const LONGEST: usize = 100;
/// Most titles that stand one above the other; more are a list of names.
const TALLEST_STACK: usize = 3;
/// Titles of one word that could not be told from an exclamation otherwise.
const SINGLE_WORDS: [&str; 24] = [
    "abstract",
    "acknowledgements",
    "acknowledgments",
    "aims",
    "annex",
    "appendix",
    "background",
    "bibliography",
    "conclusion",
    "conclusions",
    "context",
    "contents",
    "definitions",
    "discussion",
    "findings",
    "foreword",
    "introduction",
    "methodology",
    "methods",
    "overview",
    "preface",
    "recommendations",
    "references",
    "summary",
];

/// What a line is among headings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A heading begins.
    Heading,
    /// The heading of the line before goes on.
    Continued,
    /// No heading.
    Text,
}

/// The role of each line. Works from below, since a line is a heading by what it stands above.
pub(super) fn find(lines: &[Line<'_>], wrapping: &Wrapping) -> Vec<Role> {
    let finder = Finder { lines, wrapping };
    let mut roles = vec![Role::Text; lines.len()];
    if lines.len() < 2 {
        return roles;
    }
    for index in (0..lines.len()).rev() {
        if roles[index] == Role::Text && finder.is_heading(index, 1, &roles) {
            roles[index] = Role::Heading;
        } else if index + 1 < lines.len() && finder.is_wrapped_heading(index, &roles) {
            (roles[index], roles[index + 1]) = (Role::Heading, Role::Continued);
        }
    }
    join_capitals(lines, &mut roles);
    drop_stacks(lines, &mut roles);
    roles
}

/// Lines in capitals one below the other are one heading.
fn join_capitals(lines: &[Line<'_>], roles: &mut [Role]) {
    for index in 1..lines.len() {
        let both = roles[index - 1] != Role::Text && roles[index] == Role::Heading;
        let capitals = shape::is_capitals(lines[index - 1].text) && shape::is_capitals(lines[index].text);
        if both && capitals && lines[index].gap == 0 {
            roles[index] = Role::Continued;
        }
    }
}

/// Too many headings in a row head nothing: they are names, or lines of verse. Capitals stay.
fn drop_stacks(lines: &[Line<'_>], roles: &mut [Role]) {
    let mut start = 0;
    for index in 0..=lines.len() {
        if roles.get(index).is_some_and(|&role| role != Role::Text) {
            continue;
        }
        let stack = start..index;
        if roles[stack.clone()].iter().filter(|&&role| role == Role::Heading).count() > TALLEST_STACK {
            stack.filter(|&line| !shape::is_capitals(lines[line].text)).for_each(|line| roles[line] = Role::Text);
        }
        start = index + 1;
    }
}

struct Finder<'a> {
    lines: &'a [Line<'a>],
    wrapping: &'a Wrapping,
}

impl Finder<'_> {
    /// Whether `count` lines from `index` on are a heading, given the roles of the lines below.
    fn is_heading(&self, index: usize, count: usize, roles: &[Role]) -> bool {
        let line = &self.lines[index];
        let last = index + count - 1;
        let below = last + 1;
        if !looks_like_title(line.text, self.lines[last].text) || !self.follows_an_end(index) {
            return false;
        }
        let heads = self.heads_text(below, roles);
        let capitals = shape::is_capitals(line.text) && shape::is_capitals(self.lines[last].text);
        let entry = lists::opens_entry(self.lines, index);
        if entry {
            return heads && !self.is_entry_among_others(index, below);
        }
        if capitals {
            return heads
                || (self.stands_apart(index, below)
                    && self.lines.get(below).is_some_and(|next| !shape::starts_lower(next.text)));
        }
        heads && (self.stands_apart(index, below) || self.is_glued_title(index, last))
    }

    /// A heading of two lines: the first is no sentence, the second goes on in small letters and ends as headings do.
    fn is_wrapped_heading(&self, index: usize, roles: &[Role]) -> bool {
        let (first, second) = (&self.lines[index], &self.lines[index + 1]);
        let isolated = index == 0 || first.gap > 0 || first.page_start;
        let short = self.lines.get(index + 2).is_none_or(|next| next.gap > 0)
            || self.wrapping.slack(self.lines, index + 1) > 30;
        roles[index + 1] == Role::Text
            && isolated
            && second.gap == 0
            && short
            && shape::is_open_ended(first.text)
            && shape::starts_lower(second.text)
            && second.width <= first.width
            && self.is_heading(index, 2, roles)
    }

    /// Whether nothing of the text above goes on in this line.
    fn follows_an_end(&self, index: usize) -> bool {
        let Some(above) = index.checked_sub(1) else { return true };
        let (previous, line) = (&self.lines[above], &self.lines[index]);
        if line.gap <= 1 && shape::is_attribution(previous.text, line.text) {
            return false;
        }
        let ended = !shape::is_open_ended(previous.text) || self.wrapping.is_short(self.lines, above);
        line.gap > 0 || (ended && !self.is_question_of_entry(above, index)) || (line.page_start && ended)
    }

    /// Questions within a list's entry are no headings.
    fn is_question_of_entry(&self, above: usize, index: usize) -> bool {
        self.lines[index].text.ends_with('?') && lists::marker(self.lines[above].text).is_some()
    }

    /// Whether text, or the heading of some, begins at line `below`.
    fn heads_text(&self, below: usize, roles: &[Role]) -> bool {
        let Some(next) = self.lines.get(below) else { return false };
        let begins = shape::starts_upper(next.text)
            || lists::marker(next.text).is_some()
            || next.text.starts_with(|first: char| first.is_ascii_digit());
        let prose = next.width >= 40 || !shape::is_open_ended(next.text) || lists::marker(next.text).is_some();
        begins && (prose || roles[below] == Role::Heading)
    }

    /// Whether blank lines stand above and below.
    fn stands_apart(&self, index: usize, below: usize) -> bool {
        let above = index == 0 || self.lines[index].gap > 0 || self.lines[index].page_start;
        above && self.lines.get(below).is_none_or(|next| next.gap > 0)
    }

    /// A short line right above wrapped text, or a title in capitals or title case right above any.
    fn is_glued_title(&self, index: usize, last: usize) -> bool {
        let line = &self.lines[index];
        let next_wraps = self.lines.get(last + 1).is_some_and(|_| self.wrapping.is_wrapped(last + 1));
        let much_shorter = self.lines.get(last + 1).is_some_and(|next| self.lines[last].width * 2 <= next.width);
        (next_wraps && self.wrapping.slack(self.lines, last) > 15)
            || (much_shorter && (shape::is_title_case(line.text) || line.text.ends_with('?')))
    }

    /// A numbered line among others, or one with a bullet, is an entry and no heading.
    fn is_entry_among_others(&self, index: usize, below: usize) -> bool {
        let numbered = |index: usize| self.lines.get(index).is_some_and(|line| lists::marker(line.text).is_some());
        !matches!(lists::marker(self.lines[index].text), Some(lists::Marker::Number(_)))
            || numbered(below)
            || index.checked_sub(1).is_some_and(numbered)
            || self.lines[index].text.split_whitespace().count() > 9
    }
}

/// Whether a title could begin with `first` and end with `last` (one line, or two).
fn looks_like_title(first: &str, last: &str) -> bool {
    let words = first.split_whitespace().take(17).count();
    let ends = last.ends_with('?') || !(shape::ends_sentence(last) || last.ends_with([',', ';', ':', '-', '–', '—']));
    let begins = shape::starts_upper(first) || first.starts_with(|digit: char| digit.is_ascii_digit());
    let letters = first.chars().filter(|letter| letter.is_alphabetic()).take(3).count();
    let long = first.chars().nth(LONGEST).is_some();
    let single = words > 1 || shape::is_capitals(first) || SINGLE_WORDS.contains(&first.to_lowercase().as_str());
    let quoted = shape::starts_quotation(first) && shape::ends_quotation(last);
    begins
        && ends
        && single
        && !long
        && letters >= 3
        && words <= 16
        && !quoted
        && !first.split_whitespace().any(shape::is_address)
}

#[cfg(test)]
mod tests {
    use super::super::lines;
    use super::*;

    struct Case {
        name: &'static str,
        text: &'static str,
        headings: &'static [&'static str],
    }

    const PROSE: &str = "When the law was changed nobody asked those whose work it was\nand the first that most of them heard of it was a \
                         knock at the\ndoor. That is no way to make a law.\n";

    #[test]
    fn headings() {
        let cases = [
            Case { name: "capitals, glued", text: "WHO WAS ASKED\n*", headings: &["WHO WAS ASKED"] },
            Case { name: "capitals on two lines", text: "WHO WAS\nASKED\n*", headings: &["WHO WAS ASKED"] },
            Case { name: "sentence case, glued", text: "Those who were asked\n*", headings: &["Those who were asked"] },
            Case { name: "after a paragraph", text: "*Those who were asked\n*", headings: &["Those who were asked"] },
            Case { name: "a question", text: "Who was asked?\n*", headings: &["Who was asked?"] },
            Case {
                name: "a question on two lines",
                text: "What did they say when they were asked about the law that had been\nchanged?\n\n*",
                headings: &["What did they say when they were asked about the law that had been changed?"],
            },
            Case { name: "numbered", text: "*\n3. Those who were asked\n\n*", headings: &["3. Those who were asked"] },
            Case { name: "list entries", text: "1. Asked people\n2. Other people\n\n*", headings: &[] },
            Case { name: "names", text: "*\nAda Bo\n\nCy Dee\n\nEd Fox\n\nGil Hay\n\nThe end is near.", headings: &[] },
            Case {
                name: "an attribution", text: "“Nobody asked us.”\nAda, who works in Turku\n\n*", headings: &[]
            },
            Case { name: "alone", text: "Those Who Were Asked", headings: &[] },
        ];
        let failures: Vec<_> = cases
            .iter()
            .filter_map(|case| {
                let text = case.text.replace('*', PROSE);
                let found = texts(&text);
                (found != case.headings).then_some((case.name, found))
            })
            .collect();
        assert!(failures.is_empty(), "{failures:#?}");
    }

    fn texts(text: &str) -> Vec<String> {
        let lines = lines::split(text);
        let mut found: Vec<String> = Vec::new();
        for (line, role) in lines.iter().zip(find(&lines, &Wrapping::measure(&lines))) {
            match (role, found.last_mut()) {
                (Role::Heading, _) => found.push(line.text.to_owned()),
                (Role::Continued, Some(heading)) => *heading = format!("{heading} {}", line.text),
                _ => {}
            }
        }
        found
    }
}
