//! Characters that extraction leaves behind: control characters, invisible ones, ligatures, symbols of private fonts.

use super::traced::Traced;

/// A broken word's mark: kept at a line's end only, where it says that the word goes on.
pub(super) const SOFT_HYPHEN: char = '\u{ad}';
/// The end of a page.
pub(super) const FORM_FEED: char = '\u{c}';

/// The text with one kind of line end (`\n`, and form feed for a page's end), plain spaces, and without characters that
/// nobody sees.
pub(super) fn clean(source: &str) -> Traced {
    let mut clean = Traced::default();
    let mut characters = source.chars().enumerate().peekable();
    while let Some((position, character)) = characters.next() {
        let next = characters.peek().map(|&(_, next)| next);
        match character {
            '\r' if next == Some('\n') => {}
            '\r' | '\u{b}' | '\u{85}' | '\u{2028}' | '\u{2029}' => clean.push('\n', position),
            '\n' | '\t' | FORM_FEED => clean.push(character, position),
            SOFT_HYPHEN if next.is_some_and(char::is_whitespace) => clean.push(SOFT_HYPHEN, position),
            _ if character.is_whitespace() => clean.push(' ', position),
            _ if is_invisible(character) => {}
            _ if is_private_bullet(character) => push_bullet(&mut clean, position),
            _ => push_letters(&mut clean, character, position),
        }
    }
    clean
}

/// Control and format characters; the zero-width joiners stay, since emoji and several scripts are spelt with them.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character, SOFT_HYPHEN | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}' | '\u{feff}')
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The places of bullets, arrows and ticks in the fonts Symbol and Wingdings, as PDFs and word processors spell them.
fn is_private_bullet(character: char) -> bool {
    matches!(
        character,
        '\u{f02d}'
            | '\u{f06e}'
            | '\u{f071}'
            | '\u{f076}'
            | '\u{f0a7}'
            | '\u{f0a8}'
            | '\u{f0b7}'
            | '\u{f0d8}'
            | '\u{f0e0}'
            | '\u{f0fc}'
    )
}

/// A private bullet always begins a list entry, so it also begins a line.
fn push_bullet(clean: &mut Traced, position: usize) {
    let before = clean.text.trim_end_matches([' ', '\t']);
    if !before.is_empty() && !before.ends_with(['\n', FORM_FEED, '•']) {
        clean.push('\n', position);
    }
    clean.push('•', position);
}

fn push_letters(clean: &mut Traced, character: char, position: usize) {
    let letters = match character {
        '\u{fb00}' => "ff",
        '\u{fb01}' => "fi",
        '\u{fb02}' => "fl",
        '\u{fb03}' => "ffi",
        '\u{fb04}' => "ffl",
        _ => return clean.push(character, position),
    };
    letters.chars().for_each(|letter| clean.push(letter, position));
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Case {
        input: &'static str,
        expected: &'static str,
    }

    #[test]
    fn cleans_characters() {
        let cases = [
            Case { input: "a\r\nb\rc\u{2028}d", expected: "a\nb\nc\nd" },
            Case { input: "a\u{a0}b\u{2009}c\u{200b}d\u{feff}e\0f", expected: "a b cdef" },
            Case { input: "de\u{ad}crim and de\u{ad}\ncrim", expected: "decrim and de\u{ad}\ncrim" },
            Case { input: "e\u{fb03}cient o\u{fb00}ence", expected: "efficient offence" },
            Case { input: "these: \u{f0b7} one \u{f0b7} two", expected: "these: \n• one \n• two" },
            Case { input: "\u{1f469}\u{200d}\u{1f4bb}", expected: "\u{1f469}\u{200d}\u{1f4bb}" },
        ];
        let wrong: Vec<_> = cases
            .iter()
            .map(|case| (clean(case.input).text, case.expected))
            .filter(|(found, expected)| found != expected)
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
