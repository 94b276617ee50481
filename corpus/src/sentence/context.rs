//! What stands before and after a terminal mark. Looks at a bounded stretch of text, so that a scan stays linear.

/// No word that a rule knows is longer than this many characters.
const REACH: usize = 48;

/// How the text after a mark begins, quotes, brackets, dashes and bullets aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// A capital, or a letter of a script without capitals.
    Upper,
    /// A small letter.
    Lower,
    /// A digit.
    Digit,
    /// Signs only ("***", "=====").
    Sign,
}

/// The text after a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct After<'a> {
    pub(super) start: Start,
    /// The sign before the first word, if any.
    pub(super) sign: Option<char>,
    /// The first word, apostrophes and all; empty when there is none.
    pub(super) word: &'a str,
    /// What follows the first word.
    pub(super) rest: &'a str,
}

impl<'a> After<'a> {
    /// Reads the beginning of `text`, which is not white space.
    pub(super) fn read(text: &'a str) -> Self {
        let text = head(text);
        let body = text.trim_start_matches(|c: char| !c.is_alphanumeric());
        let word = &body[..body.find(|c| !is_word_part(c)).unwrap_or(body.len())];
        let sign = text.chars().next().filter(|c| !c.is_alphanumeric());
        Self { start: start(word), sign, word, rest: &body[word.len()..] }
    }

    /// The words after the first one.
    pub(super) fn following(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.rest.split(|c: char| !is_word_part(c)).filter(|word| !word.is_empty())
    }
}

fn start(word: &str) -> Start {
    match word.chars().next() {
        None => Start::Sign,
        Some(c) if c.is_numeric() => Start::Digit,
        Some(c) if c.is_lowercase() && !has_inner_capital(word) => Start::Lower,
        Some(_) => Start::Upper,
    }
}

/// "iPhone" and "eBay" begin sentences as they are.
fn has_inner_capital(word: &str) -> bool {
    word.chars().nth(1).is_some_and(char::is_uppercase)
}

fn is_word_part(c: char) -> bool {
    c.is_alphanumeric() || c == '\'' || c == '’'
}

/// The first characters of `text`.
fn head(text: &str) -> &str {
    text.char_indices().nth(REACH).map_or(text, |(end, _)| &text[..end])
}

/// The last characters of `text`.
fn tail(text: &str) -> &str {
    text.char_indices().nth_back(REACH - 1).map_or(text, |(start, _)| &text[start..])
}

/// The word that `text` ends in, with the full stops, apostrophes and ampersands inside it ("U.S", "gov't", "3.2").
pub(super) fn word_before(text: &str) -> &str {
    let text = tail(text);
    let is_part = |c: char| is_word_part(c) || c == '.' || c == '&';
    text[text.trim_end_matches(is_part).len()..].trim_start_matches(|c: char| !c.is_alphanumeric())
}

/// The stretch without white space that `text` ends in.
pub(super) fn chunk_before(text: &str) -> &str {
    let text = tail(text);
    text.rfind(char::is_whitespace).map_or(text, |space| text[space..].trim_start())
}

/// Whether `text` is written without capitals: it begins with a small letter, as do most words after a terminal mark.
pub(super) fn is_uncapitalised(text: &str) -> bool {
    let is_small = |rest: &str| rest.trim_start().chars().next().filter(|c| c.is_alphabetic()).map(char::is_lowercase);
    let after_marks = text.match_indices(['.', '?', '!']).map(|(at, _)| &text[at + 1..]);
    let spaced = after_marks.filter(|rest| rest.starts_with(char::is_whitespace));
    let (small, capital): (Vec<bool>, Vec<bool>) = spaced.filter_map(is_small).partition(|&small| small);
    is_small(text) == Some(true) && small.len() >= capital.len()
}
