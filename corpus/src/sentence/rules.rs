//! Whether a terminal mark ends its sentence.

use super::{
    abbreviation::{self, Abbreviation},
    context::{self, After, Start},
    mark::{Closed, Kind, Mark},
    words,
};

/// A terminal mark in its paragraph.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate<'a> {
    mark: Mark,
    /// The sentence so far, up to the mark.
    before: &'a str,
    /// The word right before the mark.
    word: &'a str,
    after: After<'a>,
    /// Whether the paragraph is written without capitals.
    uncapitalised: bool,
}

impl<'a> Candidate<'a> {
    /// The candidate at `mark`, in the sentence of `text` that begins at byte `sentence`.
    pub(super) fn new(text: &'a str, sentence: usize, mark: Mark, uncapitalised: bool) -> Self {
        let before = &text[sentence..mark.start];
        let word = context::word_before(before.trim_end());
        Self { mark, before, word, after: After::read(&text[mark.next..]), uncapitalised }
    }

    /// Whether the sentence ends at the mark.
    pub(super) fn ends_sentence(&self) -> bool {
        if self.mark.kind == Kind::Unmistakable {
            return true;
        }
        if !self.says_something() || self.is_label() || self.runs_on() {
            return false;
        }
        if self.mark.end == self.mark.next {
            return self.lacks_space();
        }
        match self.mark.kind {
            Kind::Stop => self.stop_ends(),
            Kind::Ellipsis => self.after.start == Start::Upper,
            Kind::Exclamation | Kind::Unmistakable => self.exclamation_ends(),
        }
    }

    /// A sentence is more than a lone sign: "...and so", "[...] He".
    fn says_something(&self) -> bool {
        let chunk = context::chunk_before(self.before.trim_end());
        chunk.len() < self.before.trim_end().len() || chunk.contains(char::is_alphanumeric)
    }

    /// A mark right after an opening bracket or a colon stands for something else: "(?)", "Telephone:? 555".
    fn is_label(&self) -> bool {
        self.before.ends_with(['(', '[', ':', '/', '='])
    }

    /// The sentence goes on in small letters after a closed quote ("'No!' she said") or bracket ("(why?) and"), or names
    /// the speaker ("'No!' Mary said").
    fn runs_on(&self) -> bool {
        let small = self.after.start == Start::Lower;
        match self.mark.closed {
            Closed::Nothing => false,
            Closed::Bracket => small && !self.uncapitalised,
            Closed::Quote => {
                small || self.mark.kind != Kind::Stop && self.after.following().take(2).any(words::reports_speech)
            }
        }
    }

    fn exclamation_ends(&self) -> bool {
        if words::ends_exclaiming(self.word) {
            return self.evidently_begins();
        }
        self.after.start != Start::Lower || self.small_letter_begins()
    }

    fn stop_ends(&self) -> bool {
        match abbreviation::lookup(self.word) {
            Some(Abbreviation::Leading) => false,
            // "J. Q. Adams" has an initial, where "Q. 5" numbers a question.
            Some(Abbreviation::Numbered) if is_capital(self.word) => !self.number_follows() && self.letter_ends(),
            Some(Abbreviation::Numbered) => !self.number_follows() && self.word_ends(),
            Some(Abbreviation::Inner) => self.evidently_begins(),
            Some(Abbreviation::Final) => self.evidently_begins() || self.capital_begins(),
            None if is_acronym(self.word) => self.evidently_begins(),
            None if is_letter(self.word) => self.letter_ends(),
            None => self.word_ends(),
        }
    }

    fn word_ends(&self) -> bool {
        match self.after.start {
            Start::Lower => self.small_letter_begins() && (self.uncapitalised || !is_clipped(self.word)),
            Start::Digit => !is_clipped(self.word),
            Start::Upper | Start::Sign => true,
        }
    }

    /// Whether a number, or in a text with capitals a small letter, shows that "No." or "fig." is an abbreviation.
    fn number_follows(&self) -> bool {
        match self.after.start {
            Start::Digit => true,
            Start::Lower => !self.uncapitalised,
            Start::Upper => is_roman(self.after.word),
            Start::Sign => false,
        }
    }

    /// A single letter is mostly an initial ("J. K. Rowling"), but "plan B. The" and "so do I. He" end sentences.
    fn letter_ends(&self) -> bool {
        let before = self.before.trim_end();
        let previous = context::word_before(before[..before.len() - self.word.len()].trim_end());
        if matches!(self.word, "i" | "u" | "x") || words::takes_letter(previous) {
            return self.word_ends();
        }
        let follows_name = previous.is_empty() || previous.starts_with(char::is_uppercase);
        self.word != "v" && (!follows_name || self.word == "I") && self.evidently_begins()
    }

    fn capital_begins(&self) -> bool {
        self.after.start == Start::Upper && !words::carries_date(self.after.word)
    }

    /// A usual first word with its capital, or in a text without capitals a usual subject.
    fn evidently_begins(&self) -> bool {
        match self.after.start {
            Start::Upper => words::is_starter(self.after.word),
            Start::Lower => self.uncapitalised && words::is_subject(self.after.word),
            Start::Digit | Start::Sign => false,
        }
    }

    fn small_letter_begins(&self) -> bool {
        self.uncapitalised || !words::joins(self.after.word)
    }

    /// Whether only the space after the mark is missing ("the end.The next"), and this is no address, file name or code.
    fn lacks_space(&self) -> bool {
        let After { sign, word, start, .. } = self.after;
        let opens = sign.is_none_or(|sign| matches!(sign, '(' | '[' | '“' | '‘' | '«'));
        let address = context::chunk_before(self.before).contains(['/', '@', '_', '\\', '#']) || words::ends_name(word);
        let plain = is_word(self.word) && abbreviation::lookup(self.word).is_none();
        opens
            && plain
            && !address
            && match start {
                Start::Upper if self.mark.kind == Kind::Ellipsis => words::is_starter(word),
                Start::Upper => self.glued_capital_begins(),
                Start::Lower => self.mark.kind != Kind::Ellipsis && self.glued_small_letter_begins(),
                Start::Digit | Start::Sign => false,
            }
    }

    /// "the end.The next", but not "System.Out.print", "Foo.Bar(x)" or "Ph.D".
    fn glued_capital_begins(&self) -> bool {
        let After { word, rest, .. } = self.after;
        let (mut letters, mut rest) = (word.chars().skip(1), rest.chars());
        let code = match rest.next() {
            Some('.') => rest.next().is_some_and(char::is_lowercase),
            follow => follow.is_some_and(|c| matches!(c, '(' | '/' | '_' | '@' | '=' | '-')),
        };
        !code && (word.len() > 1 || word == "I") && letters.all(|c| !c.is_uppercase() && !c.is_numeric())
    }

    /// "in Stockholm.high levels": longer words, with another one after them.
    fn glued_small_letter_begins(&self) -> bool {
        let is_long = |word: &str| word.chars().count() > 2 && word.chars().all(char::is_alphabetic);
        let another = self.after.rest.strip_prefix(' ').is_some_and(|rest| rest.starts_with(char::is_alphabetic));
        is_long(self.word) && is_long(self.after.word) && another
    }
}

/// "U.S", "a.k.a", "W.H.S".
fn is_acronym(word: &str) -> bool {
    word.contains('.') && word.split('.').all(is_letter)
}

fn is_letter(word: &str) -> bool {
    word.chars().count() == 1 && word.chars().all(char::is_alphabetic)
}

fn is_capital(word: &str) -> bool {
    is_letter(word) && word.starts_with(char::is_uppercase)
}

fn is_word(word: &str) -> bool {
    word.chars().count() > 1 && word.chars().all(char::is_alphabetic)
}

/// Roman numerals but "I".
fn is_roman(word: &str) -> bool {
    word != "I" && word.bytes().all(|byte| b"IVX".contains(&byte))
}

/// Small letters without a vowel: an abbreviation that no list knows ("mgmt.", "dpt.").
fn is_clipped(word: &str) -> bool {
    is_word(word) && word.chars().all(|c| c.is_ascii_lowercase() && !"aeiouy".contains(c))
}
