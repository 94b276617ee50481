mod split;

use std::borrow::Cow;

use split::split;

/// Hashtags parted into their words, as an encoder knows them: `#VoteYes2026` becomes `# Vote Yes 2026`, and `#voteyes` becomes `# vote yes`.
///
/// A hashtag begins with `#` that no letter, digit, `_`, `&` or further `#` stands before, and runs over letters, digits and `_`.
pub(crate) fn part_hashtags(text: &str) -> Cow<'_, str> {
    let mut parted = String::new();
    let mut copied = 0;
    for (at, _) in text.match_indices('#') {
        let joined = text[..at].chars().next_back().is_some_and(|c| is_of_tag(c) || matches!(c, '&' | '#'));
        let tag = text[at + 1..].split(|c| !is_of_tag(c)).next().unwrap_or_default();
        if joined || tag.is_empty() {
            continue;
        }
        parted.push_str(&text[copied..at]);
        parted.push('#');
        words(tag).flat_map(split).for_each(|word| parted.extend([" ", word]));
        copied = at + 1 + tag.len();
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    parted.push_str(&text[copied..]);
    Cow::Owned(parted)
}

fn is_of_tag(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The words of a hashtag whose spelling shows them: they begin at a capital behind a small letter, at the last of several capitals before
/// a small letter, between letters and digits, and at `_`.
fn words(tag: &str) -> impl Iterator<Item = &str> {
    let characters: Vec<(usize, char)> = tag.char_indices().collect();
    let begins = |at: &usize| {
        let (before, c) = (characters[at - 1].1, characters[*at].1);
        let small_next = characters.get(at + 1).is_some_and(|(_, next)| next.is_lowercase());
        (c.is_uppercase() && (before.is_lowercase() || before.is_uppercase() && small_next))
            || c.is_numeric() != before.is_numeric()
    };
    let starts = (1..characters.len()).filter(begins).map(|at| characters[at].0);
    let bounds: Vec<usize> = std::iter::once(0).chain(starts).chain([tag.len()]).collect();
    let words: Vec<&str> = bounds.windows(2).flat_map(|bound| tag[bound[0]..bound[1]].split('_')).collect();
    words.into_iter().filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::part_hashtags;

    #[test]
    fn hashtags_become_words() {
        struct Case {
            text: &'static str,
            expected: &'static str,
        }
        let cases = [
            Case { text: "no tags, no. 3 & C# and a#b", expected: "no tags, no. 3 & C# and a#b" },
            Case { text: "#VoteYes2026!", expected: "# Vote Yes 2026!" },
            Case { text: "we say #NotInMyName, #never", expected: "we say # Not In My Name, # never" },
            Case { text: "#EULawNow #ABC", expected: "# EU Law Now # ABC" },
            Case { text: "(#rights_not_rescue)", expected: "(# rights not rescue)" },
            Case { text: "&#39; ##heading # alone", expected: "&#39; ##heading # alone" },
            Case { text: "#ÉtatFrançais é", expected: "# État Français é" },
            Case { text: "#1 #2nd", expected: "# 1 # 2 nd" },
            Case { text: "#rightsnotrescue #Sexworkiswork", expected: "# rights not rescue # Sex work is work" },
        ];
        let wrong: Vec<_> = cases.iter().map(|case| (part_hashtags(case.text), case.expected)).collect();
        let wrong: Vec<_> = wrong.iter().filter(|(found, expected)| found != expected).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }
}
