//! Entries of bulleted and numbered lists.

use super::{lines::Line, shape};

/// What stands before a list entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marker {
    /// A sign that nothing else begins with.
    Bullet,
    /// A dash, which wrapped running text may begin with too.
    Dash,
    /// "3." or "3)"; running text may begin with it where a sentence ends in a number.
    Number(u32),
    /// "(b)", "b)" or "(iv)".
    Letter,
}

/// The marker that a line begins with, when white space or nothing follows it.
pub(super) fn marker(text: &str) -> Option<Marker> {
    let first = text.split_whitespace().next()?;
    match first {
        "-" | "–" | "—" => Some(Marker::Dash),
        "*" | "+" | "·" | "o" if text.len() > 1 && first != "o" => Some(Marker::Bullet),
        _ if text.starts_with(is_bullet) => Some(Marker::Bullet),
        _ => numbering(first),
    }
}

fn is_bullet(first: char) -> bool {
    matches!(
        first,
        '•' | '●'
            | '○'
            | '◦'
            | '▪'
            | '■'
            | '□'
            | '▸'
            | '►'
            | '‣'
            | '⁃'
            | '∙'
            | '➢'
            | '➤'
            | '❖'
            | '✓'
            | '✔'
            | '◆'
    )
}

fn numbering(first: &str) -> Option<Marker> {
    let closed = first.strip_suffix(')');
    let name = closed.map_or_else(|| first.strip_suffix('.'), |name| Some(name.strip_prefix('(').unwrap_or(name)))?;
    if name.len() <= 2 && name.bytes().all(|byte| byte.is_ascii_digit()) {
        return name.parse().ok().map(Marker::Number);
    }
    let roman = name.len() <= 4 && name.bytes().all(|byte| b"ivx".contains(&byte));
    let letter = name.len() == 1 && name.bytes().all(|byte| byte.is_ascii_lowercase());
    (closed.is_some() && !name.is_empty() && (roman || letter)).then_some(Marker::Letter)
}

/// Whether a line is a marker and nothing else, its entry having slipped to the next line.
pub(super) fn is_bare_marker(text: &str) -> bool {
    !text.contains(char::is_whitespace) && marker(text).is_some()
}

/// Whether line `index` begins a list entry: a doubtful marker counts after a finished line or beside one of its kind.
pub(super) fn opens_entry(lines: &[Line<'_>], index: usize) -> bool {
    let Some(found) = marker(lines[index].text) else { return false };
    let previous = index.checked_sub(1).map(|before| &lines[before]);
    let finished = previous.is_none_or(|line| lines[index].gap > 0 || !shape::is_open_ended(line.text));
    let listed = previous.is_some_and(|line| ends_entry(line.text));
    let beside = |other: Option<&Line<'_>>, wanted: Option<Marker>| wanted == other.and_then(|line| marker(line.text));
    let next = lines.get(index + 1).filter(|line| line.gap == 0);
    match found {
        Marker::Bullet => true,
        Marker::Dash if beside(previous, Some(found)) || beside(next, Some(found)) => true,
        Marker::Dash => finished && !previous.is_some_and(|line| shape::is_attribution(line.text, lines[index].text)),
        Marker::Letter => finished || listed || beside(previous, Some(found)),
        Marker::Number(number) => {
            let last = number.checked_sub(1).map(Marker::Number);
            finished
                || listed
                || (last.is_some() && beside(previous, last))
                || beside(next, Some(Marker::Number(number + 1)))
        }
    }
}

/// Whether the text ends as an entry before the last does: "...;", "..., and".
fn ends_entry(text: &str) -> bool {
    let text = text.trim_end_matches("and").trim_end_matches("or").trim_end();
    text.ends_with([';', ','])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers() {
        let cases = [
            ("• one", Some(Marker::Bullet)),
            ("*starred*", None),
            ("* one", Some(Marker::Bullet)),
            ("– one", Some(Marker::Dash)),
            ("12. one", Some(Marker::Number(12))),
            ("2014. The", None),
            ("3.3 below", None),
            ("(b) one", Some(Marker::Letter)),
            ("iv) one", Some(Marker::Letter)),
            ("(see) one", None),
            ("A. Smith", None),
            (")", None),
        ];
        let wrong: Vec<_> = cases.iter().filter(|(text, wanted)| marker(text) != *wanted).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }

    #[test]
    fn a_dash_in_wrapped_text_is_no_entry() {
        let text = "they never came back to us\n– not once\n\n- one\n- two\n\n“Never.”\n– Ada, Turku";
        let lines = super::super::lines::split(text);
        let found: Vec<_> = (0..lines.len()).map(|index| opens_entry(&lines, index)).collect();
        assert_eq!(found, [false, false, true, true, false, false]);
    }
}
