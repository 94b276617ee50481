use rayon::prelude::*;

use super::ngrams::NgramSettings;
use super::sparse::SparseRows;

/// An n-gram counts if at least this many training texts have it; what only one has says nothing of other texts.
const FEWEST_TEXTS: usize = 2;
/// And if at least one in so many has it. Both were chosen on texts out of fold; rarer n-grams would be most of the bundle and make
/// predictions worse.
const TEXTS_FOR_EACH: usize = 1_500;
const UNUSED: u32 = u32::MAX;

/// Weighs counted n-grams: (1 + ln count) · idf, with word n-grams and character n-grams each scaled to length 1.
///
/// Source: scikit-learn's `TfidfTransformer(sublinear_tf=True)`: idf = 1 + ln((1 + texts) / (1 + texts with the n-gram)).
#[derive(Debug, Clone, PartialEq)]
pub struct Tfidf {
    /// How the counts were made.
    pub settings: NgramSettings,
    /// The buckets that count, ascending; each becomes a column.
    pub buckets: Vec<u32>,
    /// The inverse document frequency of each column.
    pub idf: Vec<f32>,
    /// The column of each bucket, or [`UNUSED`].
    columns: Vec<u32>,
}

impl Tfidf {
    /// Learns which buckets occur in how many of the texts that `counts` (made under `settings`) has rows of.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "buckets are fewer than 2^32, and idf is kept in f32")]
    pub fn fit(settings: NgramSettings, counts: &SparseRows) -> Self {
        let mut texts_with = vec![0; counts.width()];
        for row in 0..counts.rows() {
            counts.entries(row).for_each(|(bucket, _)| texts_with[bucket as usize] += 1);
        }
        let fewest = counts.rows().div_ceil(TEXTS_FOR_EACH).max(FEWEST_TEXTS);
        let texts = counts.rows() as f64;
        let used = (0_u32..).zip(&texts_with).filter(|(_, with)| **with >= fewest);
        let weighted = used.map(|(bucket, with)| (bucket, (1.0 + ((1.0 + texts) / (1.0 + *with as f64)).ln()) as f32));
        let (buckets, idf) = weighted.unzip();
        Self::new(settings, buckets, idf)
    }

    /// From what [`Tfidf::fit`] learnt; `buckets` are numbers of the settings' buckets, ascending.
    #[must_use]
    pub fn new(settings: NgramSettings, buckets: Vec<u32>, idf: Vec<f32>) -> Self {
        let mut columns = vec![UNUSED; settings.buckets()];
        for (column, &bucket) in (0..).zip(&buckets) {
            columns[bucket as usize] = column;
        }
        Self { settings, buckets, idf, columns }
    }

    /// Weighs counts made under the same settings, `[texts, buckets]`, to `[texts, columns]`.
    #[must_use]
    pub fn transform(&self, counts: &SparseRows) -> SparseRows {
        let first_of_characters =
            self.buckets.partition_point(|&bucket| (bucket as usize) < self.settings.word_buckets());
        let rows = (0..counts.rows()).into_par_iter().map(|row| {
            let mut entries: Vec<(u32, f32)> =
                counts.entries(row).filter_map(|(bucket, count)| self.weigh(bucket, count)).collect();
            let words = entries.partition_point(|&(column, _)| (column as usize) < first_of_characters);
            let (words, characters) = entries.split_at_mut(words);
            scale_to_length_one(words);
            scale_to_length_one(characters);
            entries
        });
        SparseRows::from_rows(self.buckets.len(), rows.collect())
    }

    fn weigh(&self, bucket: u32, count: f32) -> Option<(u32, f32)> {
        let column = self.columns[bucket as usize];
        (column != UNUSED).then(|| (column, (1.0 + count.ln()) * self.idf[column as usize]))
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the entries are f32")]
fn scale_to_length_one(entries: &mut [(u32, f32)]) {
    let length = entries.iter().map(|(_, value)| f64::from(*value).powi(2)).sum::<f64>().sqrt();
    for (_, value) in entries {
        *value = (f64::from(*value) / length) as f32;
    }
}

#[cfg(test)]
mod tests {
    use super::Tfidf;
    use crate::features::{NgramSettings, SparseRows};

    /// Values of scikit-learn 1.9.1: `TfidfTransformer(sublinear_tf=True)` fitted to the first two columns, and to the last two, of
    /// [[1, 3, 2, 0], [2, 0, 1, 1], [1, 1, 0, 4]], and applied to [2, 1, 3, 5].
    #[test]
    fn weights_are_those_of_scikit_learn() {
        let row = |counts: [f32; 4]| (0..).zip(counts).filter(|(_, count)| *count > 0.0).collect::<Vec<_>>();
        let settings = NgramSettings { bits: 1, ..NgramSettings::default() };
        let counts = [[1.0, 3.0, 2.0, 0.0], [2.0, 0.0, 1.0, 1.0], [1.0, 1.0, 0.0, 4.0]].map(row);
        let tfidf = Tfidf::fit(settings, &SparseRows::from_rows(4, counts.to_vec()));
        let found = tfidf.transform(&SparseRows::from_rows(4, vec![row([2.0, 1.0, 3.0, 5.0])]));
        let expected = [0.795_960_54, 0.605_348_5, 0.626_707_25, 0.779_254_8];
        let close = found.row(0).1.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-6);
        assert!(close, "{:?}", found.row(0));
    }

    #[test]
    fn what_one_text_alone_has_does_not_count() {
        let counts = SparseRows::from_rows(4, vec![vec![(0, 1.0), (2, 1.0)], vec![(0, 1.0)]]);
        let tfidf = Tfidf::fit(NgramSettings { bits: 1, ..NgramSettings::default() }, &counts);
        assert_eq!(tfidf.buckets, [0]);
        assert_eq!(tfidf.transform(&counts).row(1), (&[0][..], &[1.0][..]));
    }
}
