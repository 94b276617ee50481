//! Puts the lines of a paragraph together.

use std::ops::Range;

use super::{BlockKind, headings::Role, lines::Line, lists, references, shape, wrapping::Wrapping};

/// A block as the lines it stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Draft {
    /// What the block is.
    pub(super) kind: BlockKind,
    /// Indices of its lines.
    pub(super) lines: Range<usize>,
}

/// Groups the lines into blocks, in order; every line is in one.
pub(super) fn group(lines: &[Line<'_>], wrapping: &Wrapping, roles: &[Role]) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::new();
    for index in 0..lines.len() {
        let quoted = drafts.len() >= 2 && introduces_quotation(lines, &drafts[drafts.len() - 2]);
        match drafts.last_mut() {
            Some(draft) if goes_on(&Context { lines, wrapping, roles, quoted }, draft, index) => draft.lines.end += 1,
            _ => drafts.push(Draft { kind: kind(lines, roles, index), lines: index..index + 1 }),
        }
    }
    drafts
}

fn kind(lines: &[Line<'_>], roles: &[Role], index: usize) -> BlockKind {
    match roles[index] {
        Role::Heading | Role::Continued => BlockKind::Heading,
        Role::Text if lists::opens_entry(lines, index) => BlockKind::ListItem,
        Role::Text => BlockKind::Paragraph,
    }
}

fn introduces_quotation(lines: &[Line<'_>], draft: &Draft) -> bool {
    draft.kind != BlockKind::Heading && lines[draft.lines.end - 1].text.ends_with(':')
}

struct Context<'a> {
    lines: &'a [Line<'a>],
    wrapping: &'a Wrapping,
    roles: &'a [Role],
    /// Whether the block under way follows a colon.
    quoted: bool,
}

/// Whether line `index` belongs to the block that the line above ends so far.
fn goes_on(context: &Context<'_>, draft: &Draft, index: usize) -> bool {
    let Context { lines, roles, .. } = context;
    let (above, line) = (&lines[index - 1], &lines[index]);
    match roles[index] {
        Role::Continued => return true,
        Role::Heading => return false,
        Role::Text if draft.kind == BlockKind::Heading => return false,
        Role::Text => {}
    }
    if draft.kind == BlockKind::ListItem && draft.lines.len() == 1 && lists::is_bare_marker(above.text) {
        return lists::marker(line.text).is_none();
    }
    if lists::opens_entry(lines, index) || references::is_note_body(line.text) {
        return false;
    }
    if line.gap > 0 { is_resumed(context, draft, index) } else { is_same_paragraph(context, draft, index) }
}

/// Across blank lines: the sentence was cut by a page's end or by a stray blank line.
///
/// A small letter is no evidence where the writer begins paragraphs with small letters anyway.
fn is_resumed(context: &Context<'_>, draft: &Draft, index: usize) -> bool {
    let (above, line) = (&context.lines[index - 1], &context.lines[index]);
    let full = context.wrapping.is_wrapped(index - 1) && !context.wrapping.is_short(context.lines, index - 1);
    let capitalised = !shape::starts_lower(context.lines[draft.lines.start].text);
    let sentence = draft.lines.len() > 1 || above.text.split_whitespace().nth(3).is_some();
    shape::is_open_ended(above.text)
        && ((shape::starts_lower(line.text) && capitalised && sentence) || (line.page_start && full))
}

/// Without a blank line between: by what the lines say, and by whether the line above was full.
fn is_same_paragraph(context: &Context<'_>, draft: &Draft, index: usize) -> bool {
    let Context { lines, wrapping, .. } = context;
    let (above, line) = (&lines[index - 1], &lines[index]);
    let runs_on = shape::is_open_ended(above.text) && shape::starts_lower(line.text);
    if !wrapping.is_wrapped(index - 1) {
        let capitalised = !shape::starts_lower(lines[draft.lines.start].text);
        return runs_on && (capitalised || above.width >= 40);
    }
    if shape::is_attribution(above.text, line.text) && wrapping.is_short(lines, index - 1) {
        return false;
    }
    let first = &lines[draft.lines.start];
    if begins_with_term(first.text) && begins_with_term(line.text) && shape::ends_sentence(above.text) {
        return false;
    }
    runs_on || (!is_indented(above, line) && !closes_quotation(context, draft, index) && is_full(context, index - 1))
}

/// A line that breaks off is full even with some room left: the next word may have been long, or held together with more.
fn is_full(context: &Context<'_>, index: usize) -> bool {
    let open = shape::is_open_ended(context.lines[index].text);
    context.wrapping.slack(context.lines, index) <= if open { 25 } else { 10 }
}

/// The first line of a paragraph set in, after the end of a sentence.
fn is_indented(above: &Line<'_>, line: &Line<'_>) -> bool {
    (above.indent + 2..=above.indent + 12).contains(&line.indent) && shape::ends_sentence(above.text)
}

/// A quotation set as a paragraph of its own, after a colon, ends with its closing mark.
fn closes_quotation(context: &Context<'_>, draft: &Draft, index: usize) -> bool {
    let (first, above) = (&context.lines[draft.lines.start], &context.lines[index - 1]);
    context.quoted && shape::starts_quotation(first.text) && shape::ends_quotation(above.text)
}

/// "Term. What the term means ...": paragraphs of a glossary, of which each begins with its term.
fn begins_with_term(text: &str) -> bool {
    let Some((term, meaning)) = text.split_once(". ") else { return false };
    let words = term.split_whitespace().count();
    (1..=5).contains(&words)
        && term.len() >= 4
        && shape::starts_upper(term)
        && shape::starts_upper(meaning.trim_start())
}

#[cfg(test)]
mod tests {
    use super::super::{headings, lines};
    use super::*;

    struct Case {
        name: &'static str,
        text: &'static str,
        blocks: &'static [&'static str],
    }

    #[test]
    fn blocks() {
        let cases = [
            Case {
                name: "wrapped paragraphs without blank lines",
                text: "When the law was changed nobody asked those whose work\nit was, and so the first that most of them heard of it\n\
                       was a knock at the door.\nThat is no way to make a law, and it is no way to treat\nthose whose lives it is about.",
                blocks: &["When it was", "That those"],
            },
            Case {
                name: "verse",
                text: "Nobody asked us then,\nNobody asks us now,\nNobody will",
                blocks: &["Nobody", "Nobody", "Nobody"],
            },
            Case { name: "comment lines", text: "I agree with her.\nThey should listen more.", blocks: &["I", "They"] },
            Case {
                name: "cut by a blank line",
                text: "She said that the law was\n\nno help to her.",
                blocks: &["She no"],
            },
            Case {
                name: "small letters throughout",
                text: "i say it is so\n\nthey say it is not so",
                blocks: &["i", "they"],
            },
            Case {
                name: "entries",
                text: "We want:\n• a say in the law that is made about us and in\nthe way it is put to use\n• a vote\n•\nPeace",
                blocks: &["We", "• the", "•", "• Peace"],
            },
            Case {
                name: "a block quotation",
                text: "Then one of those who had been there told us how it was:\n\n“They came in the night and they took what they had come for.”\n\
                       The others who had been there said that they had seen it\nin another light, and that nothing had been taken.",
                blocks: &["Then", "“They", "The in"],
            },
        ];
        let failures: Vec<_> = cases
            .iter()
            .filter_map(|case| {
                let lines = lines::split(case.text);
                let wrapping = Wrapping::measure(&lines);
                let drafts = group(&lines, &wrapping, &headings::find(&lines, &wrapping));
                let first_words = |draft: &Draft| -> Vec<String> {
                    lines[draft.lines.clone()]
                        .iter()
                        .map(|line| line.text.split(' ').next().unwrap_or("").to_owned())
                        .collect()
                };
                let found: Vec<String> = drafts.iter().map(|draft| first_words(draft).join(" ")).collect();
                (found != case.blocks).then_some((case.name, found))
            })
            .collect();
        assert!(failures.is_empty(), "{failures:#?}");
    }
}
