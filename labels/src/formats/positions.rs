//! Converts between the ways in which labelling tools count positions in a text.

use serde_json::Value;
use standpoint_corpus::Span;

/// What a tool counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// Unicode scalar values, as Python does.
    Characters,
    /// UTF-16 code units, as JavaScript does: a character outside the Basic Multilingual Plane, such as an emoji, counts two.
    Utf16,
}

/// Where the characters of a text begin.
pub(super) struct Positions<'a> {
    text: &'a str,
    /// For each character and the text's end its byte and its UTF-16 code unit; none where the text is ASCII and all three are the same.
    starts: Option<Vec<(usize, usize)>>,
}

impl<'a> Positions<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let starts = (!text.is_ascii()).then(|| {
            let mut units = 0;
            let lengths = text.char_indices().map(|(byte, letter)| (byte, letter.len_utf16()));
            let start = |(byte, length): (usize, usize)| {
                units += length;
                (byte, units - length)
            };
            lengths.chain([(text.len(), 0)]).map(start).collect()
        });
        Self { text, starts }
    }

    /// The length of the text in characters.
    fn len(&self) -> usize {
        self.starts.as_ref().map_or(self.text.len(), |starts| starts.len() - 1)
    }

    /// The part of the text that a span within it covers.
    pub(super) fn cut(&self, span: Span) -> &'a str {
        let byte = |at: usize| self.starts.as_ref().map_or(at, |starts| starts[at].0);
        &self.text[byte(span.start)..byte(span.end)]
    }

    /// A span within the text in UTF-16 code units.
    pub(super) fn in_utf16(&self, span: Span) -> (usize, usize) {
        let unit = |at: usize| self.starts.as_ref().map_or(at, |starts| starts[at].1);
        (unit(span.start), unit(span.end))
    }

    /// The span between two positions of a file.
    ///
    /// # Errors
    /// When they are no whole numbers, out of order, outside the text or inside a character; says what was found.
    pub(super) fn span(&self, start: Option<&Value>, end: Option<&Value>, unit: Unit) -> Result<Span, String> {
        let (first, last) = (whole(start, "start")?, whole(end, "end")?);
        if first >= last {
            return Err(format!("start {first} is not before end {last}; end is one past the last character"));
        }
        let outside = || format!("{first}..{last} lies outside the text of {} characters", self.len());
        let at = |position: usize| match (&self.starts, unit) {
            (Some(starts), Unit::Utf16) => starts.binary_search_by_key(&position, |&(_, unit)| unit).ok(),
            _ => Some(position).filter(|&position| position <= self.len()),
        };
        at(first).zip(at(last)).map(|(start, end)| Span { start, end }).ok_or_else(outside)
    }
}

fn whole(position: Option<&Value>, name: &str) -> Result<usize, String> {
    let shown = || position.map_or_else(|| "nothing".to_owned(), |found| format!("`{found}`"));
    let number = position.and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok());
    number.ok_or_else(|| format!("the {name} of a span is a whole number from 0; found {}", shown()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{Positions, Unit};
    use serde_json::{Value, json};

    #[test]
    fn spans_are_found_in_either_unit() {
        let text = "né 🚲 vélo";
        let cases = [
            (Unit::Characters, 5, 9, Ok("vélo")),
            (Unit::Utf16, 6, 10, Ok("vélo")),
            (Unit::Utf16, 3, 5, Ok("🚲")),
            (Unit::Utf16, 4, 5, Err("4..5 lies outside the text of 9 characters")),
            (Unit::Characters, 5, 10, Err("5..10 lies outside")),
            (Unit::Utf16, 6, 11, Err("6..11 lies outside")),
            (Unit::Characters, 5, 5, Err("start 5 is not before end 5")),
        ];
        let positions = Positions::new(text);
        for (unit, start, end, expected) in cases {
            let found = positions.span(Some(&json!(start)), Some(&json!(end)), unit);
            match expected {
                Ok(part) => {
                    let span = found.unwrap();
                    assert_eq!(positions.cut(span), part);
                    let back = if unit == Unit::Utf16 { positions.in_utf16(span) } else { (span.start, span.end) };
                    assert_eq!(back, (start, end));
                }
                Err(reason) => assert!(found.as_ref().is_err_and(|error| error.contains(reason)), "{found:?}"),
            }
        }
    }

    #[test]
    fn what_is_no_position_is_said() {
        let positions = Positions::new("plain");
        for (start, expected) in
            [(Some(json!("/p[1]")), "found `\"/p[1]\"`"), (Some(json!(-1)), "`-1`"), (None, "nothing")]
        {
            let found = positions.span(start.as_ref(), Some(&Value::from(3)), Unit::Characters).unwrap_err();
            assert!(found.contains(expected), "{found}");
        }
    }
}
