//! Terminal marks: where a sentence may end.

use super::{emoticon, footnote};

/// What kind of terminal mark stands in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One full stop.
    Stop,
    /// Two or more full stops, or "…".
    Ellipsis,
    /// A run with a question mark or an exclamation mark.
    Exclamation,
    /// A mark of a script whose marks stand nowhere but at the end of a sentence ("。", "؟", "।").
    Unmistakable,
}

/// What was closed right after a terminal mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Closed {
    Nothing,
    Bracket,
    Quote,
}

/// A run of terminal marks with what belongs to it, all in bytes of the paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) kind: Kind,
    /// First byte of the run.
    pub(super) start: usize,
    /// End of the run with the quotes, brackets, footnote marks and emoticons that belong to it.
    pub(super) end: usize,
    /// First byte after `end` that is not white space.
    pub(super) next: usize,
    pub(super) closed: Closed,
}

impl Mark {
    /// The first run of terminal marks at or after byte `from`.
    pub(super) fn find(text: &str, from: usize) -> Option<Self> {
        let start = from + text[from..].find(is_terminal)?;
        let run_end = run_end(text, start);
        let closed_end = closers_end(text, run_end);
        let end = emoticon::end(text, footnote::end(text, start, closed_end));
        let next = text.len() - text[end..].trim_start().len();
        Some(Self { kind: kind(&text[start..run_end]), start, end, next, closed: closed(&text[run_end..closed_end]) })
    }
}

fn is_terminal(c: char) -> bool {
    matches!(c, '.' | '?' | '!' | '…' | '‼' | '⁇' | '⁈' | '⁉' | '‽' | '❗' | '❓' | '❕' | '❔') || is_unmistakable(c)
}

fn is_unmistakable(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '｡' | '؟' | '۔' | '।' | '॥')
}

fn kind(run: &str) -> Kind {
    if run.contains(is_unmistakable) {
        Kind::Unmistakable
    } else if run.contains(|c| is_terminal(c) && c != '.' && c != '…') {
        Kind::Exclamation
    } else if run == "." {
        Kind::Stop
    } else {
        Kind::Ellipsis
    }
}

/// End of the run of marks at `start`. Equal marks may be spaced out ("wait . . .", "what ? ?").
fn run_end(text: &str, start: usize) -> usize {
    let mut end = start;
    loop {
        let marks = text[end..].trim_start_matches(is_run_part);
        end = text.len() - marks.len();
        let last = text[start..end].chars().next_back();
        let Some(spaced) = marks.strip_prefix(' ').filter(|spaced| spaced.chars().next() == last) else { return end };
        if spaced.trim_start_matches(is_run_part).starts_with(char::is_alphanumeric) {
            return end; // " .com" and " ...and" belong to what follows.
        }
        end += 1;
    }
}

/// Emoji are made of marks with the presentation selector ("❗", "!\u{fe0f}").
fn is_run_part(c: char) -> bool {
    is_terminal(c) || c == '\u{fe0f}'
}

/// End of the closing quotes, brackets and Markdown emphasis at `from`.
fn closers_end(text: &str, from: usize) -> usize {
    let rest = text[from..].trim_start_matches(is_closer);
    let end = text.len() - rest.len();
    if !rest.starts_with(char::is_alphanumeric) {
        return end;
    }
    // “ and ‘ close a quote in some languages, but not in front of a word.
    from + text[from..end].trim_end_matches(['“', '‘']).len()
}

fn is_closer(c: char) -> bool {
    is_closing_quote(c) || is_closing_bracket(c) || matches!(c, '*' | '_' | '~')
}

fn is_closing_bracket(c: char) -> bool {
    matches!(c, ')' | ']' | '}')
}

fn is_closing_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '”' | '’' | '»' | '›' | '`' | '“' | '‘' | '」' | '』')
}

fn closed(closers: &str) -> Closed {
    if closers.contains(is_closing_quote) {
        Closed::Quote
    } else if closers.contains(is_closing_bracket) {
        Closed::Bracket
    } else {
        Closed::Nothing
    }
}
