//! Words that are written together, found again.

use std::collections::HashMap;
use std::sync::LazyLock;

/// English words, the most frequent first: the words of BERT's uncased vocabulary (Devlin et al., arXiv:1810.04805; Apache License 2.0), which is
/// ordered so. Of words of one or two letters only those are here that hashtags are likely to hold.
const WORDS: &str = include_str!("words.txt");

/// The longest word's letters.
const LONGEST: usize = 18;
/// ln N, N being the number of words.
const LOGARITHM_OF_COUNT: f64 = 10.0;
/// The first words' shares are more alike than Zipf's law has it (Mandelbrot's correction).
const FIRST_PLACE: u32 = 10;

/// What each word costs: by Zipf's law the n-th word has a share of about 1 / (n ln N) of a text, and its cost is minus the logarithm of that.
static COSTS: LazyLock<HashMap<&str, f64>> = LazyLock::new(|| {
    let costs = |(place, word)| (word, (f64::from(place) * LOGARITHM_OF_COUNT).ln());
    (FIRST_PLACE..).zip(WORDS.lines()).map(costs).collect()
});

/// The words that small letters without spaces are most likely made of, if all of them are known; otherwise, and where they are a word or are
/// fewer than four, the letters as they are.
pub(super) fn split(letters: &str) -> Vec<&str> {
    let small = letters.to_ascii_lowercase();
    if letters.len() < 4 || !letters.bytes().all(|byte| byte.is_ascii_alphabetic()) || COSTS.contains_key(&*small) {
        return vec![letters];
    }
    // The cheapest way to each place: its cost, and where its last word begins.
    let mut ways = vec![Some((0.0, 0))];
    for end in 1..=small.len() {
        let earliest = end.saturating_sub(LONGEST);
        let by = |start: usize| Some((ways[start]?.0 + COSTS.get(&small[start..end])?, start));
        let cheapest = (earliest..end).filter_map(by).min_by(|(a, _), (b, _)| a.total_cmp(b));
        ways.push(cheapest);
    }
    let mut words = Vec::new();
    let mut end = letters.len();
    while end > 0 {
        let Some((_, start)) = ways[end] else { return vec![letters] };
        words.push(&letters[start..end]);
        end = start;
    }
    words.reverse();
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_written_together_are_found() {
        let cases = [
            ("sexworkiswork", "sex work is work"),
            ("STOPTHISNOW", "STOP THIS NOW"),
            ("endviolenceagainstwomen", "end violence against women"),
            ("nordicmodel", "nordic model"),
            ("mybodymychoice", "my body my choice"),
            ("together", "together"),
            ("now", "now"),
            ("xqzvxqzv", "xqzvxqzv"),
            ("straße", "straße"),
            ("", ""),
        ];
        for (letters, expected) in cases {
            assert_eq!(split(letters).join(" "), expected);
        }
    }

    #[test]
    fn the_list_is_as_it_is_said_to_be() {
        assert_eq!(WORDS.lines().map(str::len).max(), Some(LONGEST));
        assert_eq!(COSTS.len(), WORDS.lines().count());
        assert!(WORDS.lines().all(|word| word.bytes().all(|byte| byte.is_ascii_lowercase())));
        assert!(((WORDS.lines().count() as f64).ln() - LOGARITHM_OF_COUNT).abs() < 0.1);
    }
}
