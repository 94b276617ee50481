//! Segments of one document inform each other: a comment seldom changes sides, and a report that reports goes on reporting.

use ndarray::Array2;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::first::first_smallest;
use crate::softmax::log_softmax_in_place;

const STRENGTHS: [f64; 6] = [0.0, 0.25, 0.5, 0.75, 1.0, 1.25];
const SMOOTHINGS: [f64; 5] = [0.5, 1.0, 2.0, 4.0, 8.0];
const REACHES: [f64; 5] = [1.0, 2.0, 4.0, 8.0, 32.0];

/// How the other segments of a document shift what a segment's own words say.
///
/// The others stand for how common each stance is around the segment: their probabilities are summed, each times
/// exp(-distance / reach), and `smoothing` texts that favour no stance are added. The segment's log-probabilities are
/// raised by `strength` times the logarithm of the shares that come out, as a classifier is adjusted to new class frequencies by
/// Saerens, Latinne and Decaestecker, "Adjusting the Outputs of a Classifier to New a Priori Probabilities" (2002),
/// equation 2.4; with strength 1 and stances equally frequent in training it is their formula.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Context {
    /// From 0, no influence, upwards.
    pub strength: f64,
    /// How many texts that favour no stance are added, above 0.
    pub smoothing: f64,
    /// At how many segments' distance the influence has fallen to 1/e, above 0.
    pub reach: f64,
}

/// No influence.
impl Default for Context {
    fn default() -> Self {
        Self { strength: 0.0, smoothing: 1.0, reach: 1.0 }
    }
}

impl Context {
    /// The strength, smoothing and reach with the smallest log loss on the log-probabilities `[segments, stances]` of
    /// segments that the classifier was not trained on. `lengths` says how many segments each document has, in order.
    ///
    /// # Panics
    /// When the lengths do not sum to the number of segments.
    #[must_use]
    pub fn fit(log_probabilities: &Array2<f64>, lengths: &[usize], labels: &[usize]) -> Self {
        let strengths = STRENGTHS.iter().flat_map(|&strength| SMOOTHINGS.iter().map(move |&rest| (strength, rest)));
        let candidates: Vec<Self> = strengths
            .flat_map(|(strength, smoothing)| REACHES.iter().map(move |&reach| Self { strength, smoothing, reach }))
            .collect();
        let loss = |context: &Self| {
            let adjusted = context.adjust(log_probabilities, lengths);
            -labels.iter().enumerate().map(|(segment, &label)| adjusted[[segment, label]]).sum::<f64>()
        };
        let losses: Vec<f64> = candidates.par_iter().map(loss).collect();
        candidates[first_smallest(losses)]
    }

    /// Log-probabilities `[segments, stances]` with the influence of the other segments of the same document; those of
    /// a document with a single segment stay as they are.
    ///
    /// # Panics
    /// When the lengths do not sum to the number of segments.
    #[must_use]
    pub fn adjust(&self, log_probabilities: &Array2<f64>, lengths: &[usize]) -> Array2<f64> {
        assert_eq!(lengths.iter().sum::<usize>(), log_probabilities.nrows(), "every segment belongs to one document");
        let mut adjusted = log_probabilities.clone();
        let mut start = 0;
        for &length in lengths {
            if length > 1 && self.strength > 0.0 {
                self.adjust_document(&mut adjusted, start, length);
            }
            start += length;
        }
        adjusted
    }

    fn adjust_document(&self, rows: &mut Array2<f64>, start: usize, length: usize) {
        let stances = rows.ncols();
        // What a segment counts as for its neighbours: its probabilities, and 1 for the sum of weights.
        let own: Vec<Vec<f64>> = (start..start + length)
            .map(|row| rows.row(row).iter().map(|value| value.exp()).chain([1.0]).collect())
            .collect();
        let others = self.weighted_sums(&own);
        for (row, others) in (start..).zip(others) {
            let total = self.smoothing + others[stances];
            for (stance, value) in rows.row_mut(row).iter_mut().enumerate() {
                let share = (self.smoothing / stances as f64 + others[stance]) / total;
                *value += self.strength * share.ln();
            }
            log_softmax_in_place(rows.row_mut(row));
        }
    }

    /// For each vector the sum of the others, weighted by distance. Sums are carried along from both ends, so the time is
    /// linear in the number of vectors.
    fn weighted_sums(&self, own: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let fading = (-1.0 / self.reach).exp();
        let carry = |order: &mut dyn Iterator<Item = usize>, sums: &mut Vec<Vec<f64>>| {
            let mut before = vec![0.0; own[0].len()];
            for at in order {
                for ((sum, before), own) in sums[at].iter_mut().zip(&mut before).zip(&own[at]) {
                    *sum += *before;
                    *before = (*before + own) * fading;
                }
            }
        };
        let mut sums = vec![vec![0.0; own[0].len()]; own.len()];
        carry(&mut (0..own.len()), &mut sums);
        carry(&mut (0..own.len()).rev(), &mut sums);
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::Context;
    use ndarray::{Array2, array};

    const CONTEXT: Context = Context { strength: 1.0, smoothing: 1.5, reach: 2.0 };

    fn probabilities() -> Array2<f64> {
        array![[0.6, 0.3, 0.1], [0.2, 0.2, 0.6], [0.9, 0.05, 0.05], [0.4, 0.4, 0.2]]
    }

    /// The formula, written out with every pair.
    #[test]
    fn carried_sums_equal_the_sums_over_all_pairs() {
        let own = probabilities();
        let found = CONTEXT.adjust(&own.mapv(f64::ln), &[4]);
        for segment in 0..4_usize {
            let weight = |other: usize| (-(segment.abs_diff(other) as f64) / CONTEXT.reach).exp();
            let others = || (0..4).filter(|other| *other != segment);
            let total = CONTEXT.smoothing + others().map(weight).sum::<f64>();
            let share = |stance: usize| {
                (CONTEXT.smoothing / 3.0 + others().map(|other| weight(other) * own[[other, stance]]).sum::<f64>())
                    / total
            };
            let raised: Vec<f64> = (0..3).map(|stance| own[[segment, stance]] * share(stance)).collect();
            for stance in 0..3 {
                let expected = (raised[stance] / raised.iter().sum::<f64>()).ln();
                assert!((found[[segment, stance]] - expected).abs() < 1e-12, "segment {segment} stance {stance}");
            }
        }
    }

    #[test]
    fn nothing_crosses_documents() {
        let own = probabilities().mapv(f64::ln);
        let together = CONTEXT.adjust(&own, &[1, 3]);
        let alone = CONTEXT.adjust(&own.select(ndarray::Axis(0), &[1, 2, 3]), &[3]);
        assert_eq!(together.row(0), own.row(0));
        assert_eq!(together.select(ndarray::Axis(0), &[1, 2, 3]), alone);
    }

    #[test]
    fn a_strength_of_zero_changes_nothing() {
        let own = probabilities().mapv(f64::ln);
        assert_eq!(Context { strength: 0.0, ..CONTEXT }.adjust(&own, &[4]), own);
    }

    /// Every second segment is unsure; its document's other segments tell what it is.
    #[test]
    fn fitting_uses_documents_that_agree_and_ignores_those_that_do_not() {
        let rows: Vec<[f64; 2]> = (0..40).map(|at| if at % 2 == 0 { [0.9, 0.1] } else { [0.48, 0.52] }).collect();
        let own = Array2::from(rows).mapv(f64::ln);
        assert!(Context::fit(&own, &[4; 10], &[0; 40]).strength > 0.0);
        let disagreeing: Vec<usize> = (0..40).map(|at| at % 2).collect();
        assert!(Context::fit(&own, &[4; 10], &disagreeing).strength.abs() < 1e-12);
    }
}
