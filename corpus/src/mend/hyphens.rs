//! Words that a line's end broke.

use std::collections::HashSet;

/// First parts that join with a hyphen far more often than they begin a solid word.
const COMPOUND_FIRSTS: [&str; 32] = [
    "anti", "best", "better", "cross", "face", "far", "first", "full", "gender", "good", "half", "harm", "high", "ill",
    "large", "left", "long", "low", "middle", "multi", "non", "peer", "police", "quasi", "rights", "self", "short",
    "street", "third", "three", "two", "well",
];
/// Beginnings of second parts that are endings and no words ("full-ness").
const ENDINGS: [&str; 12] =
    ["able", "ably", "ened", "ening", "hood", "ible", "less", "ment", "ness", "ship", "sion", "tion"];

/// What stands between two lines of one block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joint {
    /// A space.
    Space,
    /// Nothing: the break fell within a compound, or after a dash or a slash without spaces.
    Nothing,
    /// Nothing, and the last character of the upper line goes: it marked the break only.
    DropMark,
}

/// The words of a document, which say how its broken words are spelt.
pub(super) struct Vocabulary<'a>(HashSet<&'a str>);

impl<'a> Vocabulary<'a> {
    /// Collects the whole words of the lines when some are broken; the parts of broken ones say nothing.
    pub(super) fn of(lines: impl Iterator<Item = &'a str> + Clone) -> Self {
        let broken = |line: &str| line.ends_with(['-', '\u{2010}']);
        let mut words = HashSet::new();
        let mut after_break = false;
        if !lines.clone().any(broken) {
            return Self(words);
        }
        for line in lines {
            let first = if after_break { line.find(|letter| !is_word(letter)).unwrap_or(line.len()) } else { 0 };
            after_break = broken(line);
            let last = if after_break { line.rfind(char::is_whitespace).unwrap_or(0).max(first) } else { line.len() };
            words.extend(line[first..last].split(|letter| !is_word(letter)).filter(|word| !word.is_empty()));
        }
        Self(words)
    }

    /// How `upper` and `lower`, lines of one block, are joined.
    pub(super) fn joint(&self, upper: &str, lower: &str) -> Joint {
        let mut last = upper.chars().rev();
        let (mark, before) = (last.next().unwrap_or(' '), last.next().unwrap_or(' '));
        match mark {
            '\u{ad}' => Joint::DropMark,
            '—' | '/' if before.is_alphabetic() && lower.starts_with(char::is_alphabetic) => Joint::Nothing,
            '-' | '\u{2010}' if before.is_alphanumeric() && lower.starts_with(char::is_alphanumeric) => {
                self.hyphen(upper.trim_end_matches(mark), lower)
            }
            _ => Joint::Space,
        }
    }

    /// A hyphen stays beside capitals and digits, where the document spells the word with it or knows both parts as words,
    /// and after the usual first parts of compounds. Otherwise it goes: most hyphens at line ends only mark the break.
    fn hyphen(&self, stem: &str, lower: &str) -> Joint {
        let first = stem.rsplit(|letter| !is_word(letter)).next().unwrap_or_default();
        let second = lower.split(|letter| !is_word(letter)).next().unwrap_or_default();
        if matches!(second, "and" | "or" | "to" | "nor") {
            return Joint::Space;
        }
        let known = |word: &str| self.0.contains(word);
        let small = first.ends_with(char::is_lowercase) && second.starts_with(char::is_lowercase);
        if small && known(&format!("{first}{second}")) {
            return Joint::DropMark;
        }
        let words = first.len() >= 3 && second.len() >= 3 && known(first) && known(second);
        let spelt = words || known(&format!("{first}-{second}"));
        if !small || spelt || is_compound(first, second) { Joint::Nothing } else { Joint::DropMark }
    }
}

fn is_compound(first: &str, second: &str) -> bool {
    let usual = COMPOUND_FIRSTS.contains(&first.to_lowercase().as_str()) || first.contains('-');
    usual && second.len() >= 4 && !ENDINGS.iter().any(|ending| second.starts_with(ending))
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '-'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joints() {
        let document = [
            "the co-workers said",
            "the decision was a law",
            "makers of rules",
            "it is over-",
            "due and law-",
            "makers",
        ];
        let words = Vocabulary::of(document.into_iter());
        let cases = [
            ("a deci-", "sion", Joint::DropMark),
            ("her co-", "workers", Joint::Nothing),
            ("the law-", "makers", Joint::Nothing),
            ("her decriminali-", "sation", Joint::DropMark),
            ("a cross-", "dressing", Joint::Nothing),
            ("the full-", "ness", Joint::DropMark),
            ("Anti-", "Trafficking", Joint::Nothing),
            ("2014-", "15", Joint::Nothing),
            ("pre-", "and post-war", Joint::Space),
            ("was –", "so", Joint::Space),
            ("women—", "even", Joint::Nothing),
            ("sta\u{ad}", "tion", Joint::DropMark),
            ("plain", "text", Joint::Space),
            ("over-", "due", Joint::DropMark),
        ];
        let wrong: Vec<_> =
            cases.iter().filter(|(upper, lower, wanted)| words.joint(upper, lower) != *wanted).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }
}
