use unicode_segmentation::UnicodeSegmentation;

/// The tokens of a text in lower case: words (Unicode Standard Annex 29) and runs of punctuation.
///
/// A contracted "not" becomes a token of its own ("don't" -> "do", "not"; "can't" and "cannot" -> "can", "not"), so that its n-grams are
/// those of the words written out: a stance often hangs on that one word.
pub(crate) fn tokens(lower: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut marks_from = None;
    for (at, piece) in lower.split_word_bound_indices() {
        let is_word = piece.contains(char::is_alphanumeric);
        let is_mark = !is_word && !piece.contains(char::is_whitespace);
        match marks_from {
            None if is_mark => marks_from = Some(at),
            Some(from) if !is_mark => {
                tokens.push(&lower[from..at]);
                marks_from = None;
            }
            _ => {}
        }
        if is_word {
            push_word(piece, &mut tokens);
        }
    }
    tokens.extend(marks_from.map(|from| &lower[from..]));
    tokens
}

fn push_word<'a>(word: &'a str, tokens: &mut Vec<&'a str>) {
    let verb = word.strip_suffix("n't").or_else(|| word.strip_suffix("n\u{2019}t"));
    match (word, verb) {
        ("cannot", _) | (_, Some("ca")) => tokens.extend(["can", "not"]),
        (_, Some("wo")) => tokens.extend(["will", "not"]),
        (_, Some(verb)) if !verb.is_empty() => tokens.extend([verb, "not"]),
        _ => tokens.push(word),
    }
}

#[cfg(test)]
mod tests {
    use super::tokens;

    #[test]
    fn words_and_runs_of_punctuation() {
        struct Case {
            text: &'static str,
            expected: &'static [&'static str],
        }
        let cases = [
            Case { text: "", expected: &[] },
            Case { text: "  \n ", expected: &[] },
            Case { text: "buyers, not sellers", expected: &["buyers", ",", "not", "sellers"] },
            Case { text: "what?! \u{201c}no\u{201d}...", expected: &["what", "?!", "\u{201c}", "no", "\u{201d}..."] },
            Case {
                text: "they don't. we won\u{2019}t!",
                expected: &["they", "do", "not", ".", "we", "will", "not", "!"],
            },
            Case { text: "cannot can't isn't n't", expected: &["can", "not", "can", "not", "is", "not", "n't"] },
            Case { text: "#safe @you 3.5", expected: &["#", "safe", "@", "you", "3.5"] },
            Case { text: "? !", expected: &["?", "!"] },
        ];
        let wrong: Vec<_> = cases.iter().map(|case| (tokens(case.text), case)).collect();
        let wrong: Vec<_> = wrong
            .iter()
            .filter(|(found, case)| found != case.expected)
            .map(|(found, case)| (found, case.text))
            .collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }
}
