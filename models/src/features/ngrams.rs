use std::collections::HashMap;
use std::hash::Hasher;

use fnv::{FnvBuildHasher, FnvHasher};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use standpoint_labels::Target;

use super::sparse::SparseRows;
use super::words::tokens;
use crate::passage::Passage;

/// Keeps a bundle from asking for much memory (2^22 buckets of a part: 32 MB for the columns of both).
const MOST_BITS: u32 = 22;
/// Keeps a bundle from asking for time that does not grow with the text alone.
const LONGEST: usize = 16;

/// Which n-grams count, and into how many buckets they are hashed.
///
/// Words are those of Unicode Standard Annex 29 in lower case beside runs of punctuation, a contracted "not" written out. Characters are
/// taken within what white space separates, one space added on either side (scikit-learn's `char_wb`).
///
/// An n-gram of a text with a target is another n-gram with each target, since the same words favour one and oppose another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NgramSettings {
    /// Most words in an n-gram; the fewest is one.
    pub most_words: usize,
    /// Fewest characters (Unicode scalar values) in an n-gram.
    pub fewest_characters: usize,
    /// Most characters in an n-gram.
    pub most_characters: usize,
    /// Word n-grams have 2^`bits` buckets, and character n-grams as many after them.
    pub bits: u32,
}

impl Default for NgramSettings {
    fn default() -> Self {
        Self { most_words: 3, fewest_characters: 2, most_characters: 5, bits: 20 }
    }
}

impl NgramSettings {
    /// For texts with targets: each target has n-grams of its own, which need more buckets to be told apart.
    pub(crate) fn of_targets() -> Self {
        Self { bits: MOST_BITS, ..Self::default() }
    }

    /// What is wrong with settings that come from a file, if anything.
    pub(crate) fn problem(&self) -> Option<String> {
        let sound = (1..=LONGEST).contains(&self.most_words)
            && (1..=LONGEST).contains(&self.most_characters)
            && (1..=self.most_characters).contains(&self.fewest_characters)
            && (1..=MOST_BITS).contains(&self.bits);
        (!sound).then(|| format!("n-grams cannot be counted with {self:?}; fetch or train the bundle again"))
    }

    /// Buckets of word n-grams; those of character n-grams follow, as many.
    #[must_use]
    pub fn word_buckets(&self) -> usize {
        1 << self.bits
    }

    /// Buckets of all n-grams.
    #[must_use]
    pub fn buckets(&self) -> usize {
        2 * self.word_buckets()
    }

    /// How often each bucket's n-grams occur in each text, `[texts, buckets]`.
    #[must_use]
    pub fn count(&self, texts: &[Passage<'_>]) -> SparseRows {
        SparseRows::from_rows(self.buckets(), texts.par_iter().map(|text| self.count_text(text)).collect())
    }

    #[expect(clippy::cast_precision_loss, reason = "a count's logarithm is taken, for which 24 bits are enough")]
    fn count_text(&self, passage: &Passage<'_>) -> Vec<(u32, f32)> {
        let lower = passage.text.to_lowercase();
        // At most as many entries as there are buckets, however long the text.
        let mut counts: HashMap<u32, u32, FnvBuildHasher> = HashMap::default();
        let mut add = |bucket| *counts.entry(bucket).or_default() += 1;
        let start = passage.target.map_or_else(FnvHasher::default, of_target).finish();
        self.words(&lower, start, &mut add);
        self.characters(&lower, start, &mut add);
        let mut counts: Vec<(u32, f32)> = counts.into_iter().map(|(bucket, count)| (bucket, count as f32)).collect();
        counts.sort_unstable_by_key(|&(bucket, _)| bucket);
        counts
    }

    fn words(&self, lower: &str, start: u64, add: &mut impl FnMut(u32)) {
        let tokens = tokens(lower);
        for first in 0..tokens.len() {
            // The space ends a word, so that "may be" is not "maybe".
            let pieces = tokens[first..].iter().flat_map(|token| [*token, " "]).take(2 * self.most_words);
            prefix_hashes(start, pieces).skip(1).step_by(2).for_each(|hash| add(self.bucket(hash)));
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "there are far fewer than 2^32 buckets")]
    fn characters(&self, lower: &str, start: u64, add: &mut impl FnMut(u32)) {
        for word in lower.split_whitespace() {
            let padded = format!(" {word} ");
            for (first, _) in padded.char_indices() {
                let characters =
                    padded[first..].char_indices().map(|(at, c)| &padded[first + at..first + at + c.len_utf8()]);
                let hashes = prefix_hashes(start, characters.take(self.most_characters));
                hashes.skip(self.fewest_characters - 1).for_each(|hash| {
                    add(self.word_buckets() as u32 + self.bucket(hash));
                });
            }
        }
    }

    /// Both halves of the hash, folded together as its authors advise for fewer than 32 bits, then the lowest bits.
    #[expect(clippy::cast_possible_truncation, reason = "the low bits are what is wanted")]
    fn bucket(&self, hash: u64) -> u32 {
        ((hash >> 32) ^ hash) as u32 & (self.word_buckets() as u32 - 1)
    }
}

/// What has hashed a target's id.
fn of_target(target: &Target) -> FnvHasher {
    let mut hasher = FnvHasher::default();
    // No id has a line end, so that no two ids with n-grams behind them are alike.
    for piece in [target.id.as_str(), "\n"] {
        hasher.write(piece.as_bytes());
    }
    hasher
}

/// The 64-bit FNV-1a hashes of the first piece, of the first two, and so on, after what gave the hash `start`: the same on every machine.
///
/// Source: Fowler, Noll, Vo and Eastlake, "The FNV Non-Cryptographic Hash Algorithm" (RFC 9923).
fn prefix_hashes<'a>(start: u64, pieces: impl Iterator<Item = &'a str>) -> impl Iterator<Item = u64> {
    let mut hasher = FnvHasher::with_key(start);
    pieces.map(move |piece| {
        hasher.write(piece.as_bytes());
        hasher.finish()
    })
}

#[cfg(test)]
mod tests {
    use super::NgramSettings;
    use crate::passage::Passage;
    use proptest::prelude::*;
    use standpoint_labels::Target;
    use std::collections::BTreeSet;

    fn counts(settings: NgramSettings, text: &str) -> Vec<(u32, f32)> {
        settings.count(&[text.into()]).entries(0).collect()
    }

    #[test]
    fn buckets_are_the_same_on_every_machine() {
        let words = NgramSettings { most_words: 2, fewest_characters: 9, most_characters: 9, bits: 18 };
        let hash = |text: &str| {
            text.bytes()
                .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
        };
        let bucket = |text: &str| u32::try_from((hash(text) >> 32 ^ hash(text)) & 0x3_ffff).unwrap_or_default();
        let expected: BTreeSet<u32> = ["we ", "ask ", "we ask "].map(bucket).into();
        assert_eq!(counts(words, "We  ASK").into_iter().map(|(bucket, _)| bucket).collect::<BTreeSet<_>>(), expected);
        assert_eq!(hash("a"), 0xaf63_dc4c_8601_ec8c, "the published value");
    }

    /// `CountVectorizer(analyzer="char_wb", ngram_range=(2, 5))` finds " a", "a ", " a ", and of " one " all of length 2 to 5.
    #[test]
    fn short_words_give_what_they_have() {
        let characters = NgramSettings { most_words: 1, ..NgramSettings::default() };
        let first = characters.word_buckets();
        let of_characters =
            |text| counts(characters, text).iter().filter(|(bucket, _)| *bucket as usize >= first).count();
        assert_eq!(of_characters("a"), 3);
        assert_eq!(of_characters("one"), 4 + 3 + 2 + 1);
        assert_eq!(of_characters(" \n "), 0);
    }

    #[test]
    fn counts_add_up() {
        let settings = NgramSettings { most_words: 1, ..NgramSettings::default() };
        let count = |text| counts(settings, text).iter().map(|(_, count)| f64::from(*count)).sum::<f64>();
        assert!((count("no no no") - 3.0 * count("no")).abs() < 1e-9);
    }

    #[test]
    fn every_target_has_n_grams_of_its_own() {
        let settings = NgramSettings::of_targets();
        let target = |id: &str| Target { id: id.to_owned(), name: String::new() };
        let buckets = |target| -> BTreeSet<u32> {
            settings.count(&[Passage { text: "we ask", target }]).entries(0).map(|(bucket, _)| bucket).collect()
        };
        let [plain, lamps, river] = [None, Some(&target("lamps")), Some(&target("river"))].map(buckets);
        assert_eq!((plain.len(), lamps.len()), (river.len(), river.len()));
        assert!(plain.is_disjoint(&lamps) && plain.is_disjoint(&river) && lamps.is_disjoint(&river));
    }

    proptest! {
        #[test]
        fn any_text_is_counted(text in "\\PC{0,60}|[a-z\u{300}\u{1f3f3}\u{200d} ']{0,40}") {
            let settings = NgramSettings { bits: 3, ..NgramSettings::default() };
            let found = counts(settings, &text);
            prop_assert!(found.is_sorted_by(|a, b| a.0 < b.0));
            prop_assert!(found.iter().all(|&(bucket, count)| bucket < 16 && count >= 1.0));
            prop_assert_eq!(found.is_empty(), text.trim().is_empty());
        }
    }
}
