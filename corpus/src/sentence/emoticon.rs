//! Emoticons and emoji, which belong to the sentence before them.

use unicode_segmentation::UnicodeSegmentation as _;

const EMOTICONS: &[&str] = &[
    ":-)", ":-(", ":-D", ":-P", ":-p", ":-/", ":-|", ":'(", ":')", ":)", ":))", ":)))", ":(", ":((", ":D", ":P", ":p",
    ":/", ":|", ":o", ":O", ":*", ":3", ":]", ":[", ";-)", ";)", ";D", ";P", ";p", "=)", "=(", "=D", "=P", "8)", "8-)",
    "xD", "XD", "<3", "</3", "^^", "^_^", "-_-", "o_O", "O_o", ">:(", "D:",
];

/// End of the emoticons and emoji that follow byte `from`, with or without white space before each; `from` if there are none.
pub(super) fn end(text: &str, from: usize) -> usize {
    let mut end = from;
    loop {
        let rest = text[end..].trim_start();
        let Some(length) = length(rest) else { return end };
        end = text.len() - rest.len() + length;
    }
}

/// Length of the emoticon or emoji that `text` begins with.
fn length(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    if is_emoji(first) {
        return text.graphemes(true).next().map(str::len);
    }
    let begun = EMOTICONS.iter().filter(|emoticon| emoticon.starts_with(first));
    begun.filter(|emoticon| stands_alone(text, emoticon)).map(|emoticon| emoticon.len()).max()
}

/// Whether `text` begins with `emoticon` and not with a word or an address ("8) Next" but not "://x").
fn stands_alone(text: &str, emoticon: &str) -> bool {
    text.strip_prefix(emoticon).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '/'))
}

/// Pictographs, flags and dingbats of the Unicode blocks that hold emoji.
fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{2b50}' | '\u{2b55}')
}
