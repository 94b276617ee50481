//! Passages: whole paragraphs up to a length an encoder sees whole.

mod balance;

use std::ops::Range;

use crate::mend::{BlockKind, Mended, shape};
use crate::sentence;

/// Longest passage in characters: the encoders see 256 word pieces, and English takes about 4.3 characters each, so that
/// with some room for names and foreign words nothing of a passage is cut off.
pub const LONGEST: usize = 1_000;

/// Fewest fragments in a row that stand by themselves (a list of signatories) instead of joining the text above.
const GROUP: usize = 3;

/// Splits mended text into passages (bytes of [`Mended::text`]), in order.
///
/// Each block is one, but: quotations stay with the sentence that introduces them and with the line that names the speaker,
/// fragments join a neighbour, and what is longer than [`LONGEST`] is split at sentence ends into parts of like length.
#[must_use]
pub fn split(mended: &Mended) -> Vec<Range<usize>> {
    let mut units = gather(mended);
    join_groups(&mut units, &mended.text);
    join_fragments(&mut units, &mended.text);
    introduce_quotations(&mut units, &mended.text);
    units.iter().flat_map(|unit| balance::split(&mended.text, unit.range.clone(), LONGEST)).collect()
}

/// Blocks that make one passage.
#[derive(Debug, Clone)]
struct Unit {
    kind: BlockKind,
    range: Range<usize>,
    /// How many fragments, when it is made of nothing else.
    fragments: usize,
}

impl Unit {
    fn text<'a>(&self, text: &'a str) -> &'a str {
        &text[self.range.clone()]
    }

    fn absorb(&mut self, next: &Self) {
        self.range.end = next.range.end;
    }
}

/// One unit a block, but for attributions and salutations, which stay with their text.
fn gather(mended: &Mended) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::with_capacity(mended.blocks.len());
    for block in &mended.blocks {
        let text = &mended.text[block.range.clone()];
        let fragments = usize::from(block.kind == BlockKind::Paragraph && is_fragment(text));
        let unit = Unit { kind: block.kind, range: block.range.clone(), fragments };
        match units.last_mut() {
            Some(last) if belongs(last, &unit, &mended.text) => last.absorb(&unit),
            _ => units.push(unit),
        }
    }
    units
}

fn belongs(last: &Unit, unit: &Unit, text: &str) -> bool {
    let paragraphs = last.kind == BlockKind::Paragraph && unit.kind == BlockKind::Paragraph;
    paragraphs && fits(text, last, unit) && {
        let above = last.text(text);
        let salutation = above.ends_with(',') && above.chars().nth(80).is_none();
        salutation || (shape::starts_quotation(above) && shape::is_attribution(above, unit.text(text)))
    }
}

/// Nothing that could be judged alone: no letter, one word, a name or a date.
fn is_fragment(text: &str) -> bool {
    let words = text.split_whitespace().filter(|word| word.contains(char::is_alphabetic)).take(2).count();
    words <= 1 || shape::is_name(text)
}

/// Whether two units together are short enough for one passage.
fn fits(text: &str, first: &Unit, second: &Unit) -> bool {
    text[first.range.start..second.range.end].chars().nth(LONGEST).is_none()
}

/// Joins fragments that follow each other.
fn join_groups(units: &mut Vec<Unit>, text: &str) {
    units.dedup_by(|next, unit| {
        let both = unit.fragments > 0 && next.fragments > 0 && fits(text, unit, next);
        if both {
            unit.absorb(next);
            unit.fragments += next.fragments;
        }
        both
    });
}

/// Joins the fragments that are too few to stand by themselves to the text above, or below where a number or a heading
/// says that they begin something.
fn join_fragments(units: &mut Vec<Unit>, text: &str) {
    let lone = |unit: &Unit| (1..GROUP).contains(&unit.fragments);
    units.dedup_by(|next, unit| {
        let down = lone(unit) && next.kind == BlockKind::Paragraph;
        let up = lone(next) && unit.kind != BlockKind::Heading && !is_number(next.text(text));
        let joins = (down || up) && fits(text, unit, next);
        if joins {
            unit.absorb(next);
            unit.fragments = 0;
            unit.kind = if down { next.kind } else { unit.kind };
        }
        joins
    });
}

/// "1." or "3)", which counts what comes next.
fn is_number(text: &str) -> bool {
    text.contains(char::is_numeric) && !text.contains(char::is_alphabetic)
}

/// Brings quotations together with what introduces them: the whole text above when both fit, else its last sentence.
fn introduce_quotations(units: &mut Vec<Unit>, text: &str) {
    units.dedup_by(|next, unit| {
        let introduced = unit.kind == BlockKind::Paragraph && unit.text(text).ends_with(':');
        let quotation = next.kind == BlockKind::Paragraph && shape::starts_quotation(next.text(text));
        if !introduced || !quotation {
            return false;
        }
        let whole = fits(text, unit, next);
        if whole {
            unit.absorb(next);
        } else if let Some(start) = last_sentence(unit.text(text)).map(|start| unit.range.start + start)
            && text[start..next.range.end].chars().nth(LONGEST).is_none()
        {
            unit.range.end = start;
            next.range.start = start;
        }
        whole
    });
}

/// Where the last sentence begins, when it is not the only one.
fn last_sentence(text: &str) -> Option<usize> {
    sentence::split(text).last().map(|last| last.start).filter(|&start| start > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mend::mend;

    struct Case {
        name: &'static str,
        text: String,
        passages: Vec<String>,
    }

    fn case(name: &'static str, blocks: &[&str], passages: &[&str]) -> Case {
        Case { name, text: blocks.join("\n\n"), passages: passages.iter().map(ToString::to_string).collect() }
    }

    const FIRST: &str = "They had worked in the town for years before the law was changed.";
    const QUOTE: &str = "“Nobody asked us what we thought of it.”";

    #[test]
    fn passages() {
        let cases = [
            case("paragraphs stay apart", &[FIRST, "They did."], &[FIRST, "They did."]),
            case("an ellipsis", &[FIRST, "..."], &[&format!("{FIRST} ...")]),
            case("a word", &["Sigh.", FIRST], &[&format!("Sigh. {FIRST}")]),
            case("a number", &[FIRST, "1.", FIRST], &[FIRST, &format!("1. {FIRST}")]),
            case("a name", &[FIRST, "Ada Bo"], &[&format!("{FIRST} Ada Bo")]),
            case("signatories", &[FIRST, "Ada Bo", "Cy Dee", "Ed Fox"], &[FIRST, "Ada Bo Cy Dee Ed Fox"]),
            case("a salutation", &["Dear all,", FIRST], &[&format!("Dear all, {FIRST}")]),
            case(
                "an attribution",
                &[QUOTE, "Ada, who works in Turku", FIRST],
                &[&format!("{QUOTE} Ada, who works in Turku"), FIRST],
            ),
            case("an introduction", &["As she put it:", QUOTE, FIRST], &[&format!("As she put it: {QUOTE}"), FIRST]),
            case("a heading", &["The Law in Practice", FIRST], &["The Law in Practice", FIRST]),
            case("entries", &["- one", "- two"], &["- one", "- two"]),
        ];
        let failures: Vec<_> = cases
            .iter()
            .filter_map(|case| {
                let mended = mend(&case.text);
                let found: Vec<String> = split(&mended)
                    .into_iter()
                    .filter_map(|range| mended.segment(range))
                    .map(|segment| segment.text)
                    .collect();
                (found != case.passages).then_some((case.name, found))
            })
            .collect();
        assert!(failures.is_empty(), "{failures:#?}");
    }
}
