//! What a line looks like: how it begins, how it ends, what its letters are.

const OPENERS: [char; 9] = ['“', '"', '‘', '\'', '(', '[', '«', '…', '¿'];
const CLOSERS: [char; 8] = ['”', '"', '’', '\'', ')', ']', '»', '*'];
const CLOSING_QUOTES: [char; 5] = ['”', '"', '’', '\'', '»'];
const DASHES: [char; 3] = ['-', '–', '—'];

/// Whether the text ends in a sentence's final mark, with closing quotes, brackets or a footnote's number after it.
pub(crate) fn ends_sentence(text: &str) -> bool {
    without_note(text).trim_end_matches(CLOSERS).ends_with(['.', '!', '?', '…'])
}

/// The text without a footnote's number glued to its final mark; `3.3` is no such number.
fn without_note(text: &str) -> &str {
    let words = text.trim_end_matches(|last: char| last.is_ascii_digit());
    let marked = words.ends_with(['.', '!', '?', ')', '”', '"']);
    let decimal = words.trim_end_matches(['.', ')']).ends_with(|last: char| last.is_ascii_digit());
    if marked && !decimal && text.len() - words.len() <= 3 { words } else { text }
}

/// Whether the text breaks off: neither a sentence's end nor a colon.
pub(crate) fn is_open_ended(text: &str) -> bool {
    !ends_sentence(text) && !text.ends_with(':')
}

/// Whether the text begins with a small letter, quotes, brackets and dashes passed over; an address is no word.
pub(crate) fn starts_lower(text: &str) -> bool {
    let word = text
        .trim_start_matches(|first: char| OPENERS.contains(&first) || DASHES.contains(&first) || first.is_whitespace());
    word.starts_with(char::is_lowercase) && !is_address(word.split_whitespace().next().unwrap_or_default())
}

/// Whether the text begins as a sentence or a title does: with a capital letter, quotes and brackets passed over.
pub(crate) fn starts_upper(text: &str) -> bool {
    text.trim_start_matches(OPENERS).starts_with(char::is_uppercase)
}

/// Whether the text begins with an opening quotation mark.
pub(crate) fn starts_quotation(text: &str) -> bool {
    // Some writers open with a closing mark; nothing else begins with one.
    text.starts_with(['“', '"', '‘', '«', '”', '„'])
}

/// Whether the text ends in a closing quotation mark.
pub(crate) fn ends_quotation(text: &str) -> bool {
    without_note(text).ends_with(CLOSING_QUOTES)
}

/// Whether the text, which follows a quotation, names whom it is from: "A name, what they do", "– A name".
pub(crate) fn is_attribution(quotation: &str, text: &str) -> bool {
    let short = text.chars().nth(100).is_none();
    let names = text.contains(',') || text.starts_with(DASHES) || is_name(text);
    ends_quotation(quotation) && short && names && !ends_sentence(text) && !is_capitals(text) && !text.ends_with(':')
}

/// Whether the text could be a name or a date: two to four words, each with a capital or a digit first.
pub(crate) fn is_name(text: &str) -> bool {
    let mut words = text.split_whitespace().take(5);
    let count = words.clone().count();
    (2..=4).contains(&count)
        && words.all(|word| word.starts_with(|first: char| first.is_uppercase() || first.is_ascii_digit()))
        && !text.ends_with(['.', '!', '?', ':', ';'])
}

/// Whether the letters of the text are capitals, but for a few (as in "MPs").
pub(crate) fn is_capitals(text: &str) -> bool {
    let letters = |of: fn(char) -> bool| text.chars().filter(|&letter| of(letter)).count();
    let (upper, lower) = (letters(char::is_uppercase), letters(char::is_lowercase));
    upper >= 3 && upper >= lower * 8
}

/// Whether the longer words of the text begin with capitals, as in a title.
pub(crate) fn is_title_case(text: &str) -> bool {
    let long = |word: &&str| word.chars().filter(|letter| letter.is_alphabetic()).count() >= 4;
    let words: Vec<_> = text.split_whitespace().filter(long).collect();
    let capital = words.iter().filter(|word| starts_upper(word)).count();
    words.len() >= 2 && capital * 10 >= words.len() * 8
}

/// Whether a word is the address of a web page or a mailbox.
pub(crate) fn is_address(word: &str) -> bool {
    let word = word.trim_matches(|edge: char| !edge.is_alphanumeric());
    word.contains("://") || word.starts_with("www.") || is_mailbox(word) || is_domain(word)
}

fn is_mailbox(word: &str) -> bool {
    word.split_once('@').is_some_and(|(name, domain)| !name.is_empty() && domain.contains('.'))
}

/// `site.org`, `site.org.uk/page`: small letters, and an ending that sites have and that is no word (a slip like `the end.no one` is
/// no address).
fn is_domain(word: &str) -> bool {
    let host = word.split('/').next().unwrap_or_default();
    let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-' || letter == '.';
    let known = ["com", "org", "net", "edu", "gov", "uk", "eu"];
    host.rsplit_once('.').is_some_and(|(name, end)| name.len() >= 2 && known.contains(&end)) && host.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Case {
        name: &'static str,
        test: fn(&str) -> bool,
        yes: &'static [&'static str],
        no: &'static [&'static str],
    }

    #[test]
    fn shapes() {
        let cases = [
            Case {
                name: "ends_sentence",
                test: ends_sentence,
                yes: &["It ends.", "“It ends.”", "(It ends.)", "as it ends.2", "the office).1", "Why?"],
                no: &["It goes on", "section 3.3", "in 2014", "these:", "(note)", "one,"],
            },
            Case {
                name: "starts_lower",
                test: starts_lower,
                yes: &["and so", "“and so", "– and so", "(and so"],
                no: &["And", "3 and", "http://x.org", "www.x.org", "“And", "home.example.org"],
            },
            Case {
                name: "is_address",
                test: is_address,
                yes: &["https://a.b/c", "(www.a.org)", "me@a.org", "a-b.org.uk/x", "site.org"],
                no: &["e.g.", "word.Another", "3.14", "end.no.", "and/or", "a.no"],
            },
            Case {
                name: "is_capitals",
                test: is_capitals,
                yes: &["THE COST", "THE COST OF UNAIDS’s"],
                no: &["The COST", "A", "12", "UK and EU"],
            },
            Case {
                name: "is_name",
                test: is_name,
                yes: &["Ada Lovelace", "May 2015", "Sir Tim J. Berners-Lee"],
                no: &["Ada", "Ada agrees", "He Said So.", "One Two Three Four Five"],
            },
        ];
        let failures: Vec<_> = cases
            .iter()
            .flat_map(|case| {
                let wrong = |texts: &'static [&str], wanted| {
                    let unlike = move |text: &&&str| (case.test)(text) != wanted;
                    texts.iter().filter(unlike).map(|text| (case.name, *text, wanted)).collect::<Vec<_>>()
                };
                [wrong(case.yes, true), wrong(case.no, false)].concat()
            })
            .collect();
        assert!(failures.is_empty(), "{failures:#?}");
    }
}
