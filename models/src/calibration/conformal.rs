//! Sets of stances that hold the right one as often as asked.

use serde::{Deserialize, Serialize};
use standpoint_labels::Prediction;

/// Most scores kept; of more, evenly spread quantiles are.
const KEPT: usize = 199;

/// Split-conformal prediction sets.
///
/// The score of a text is one minus the probability of its hand label. A stance belongs to a text's set when its own score would
/// be among the smallest of those seen, so many that the set of a new text like them holds its stance with the coverage asked for. The promise
/// is an average over texts like those that the scores come from, not one for each text or stance.
///
/// Source: Angelopoulos and Bates, "A Gentle Introduction to Conformal Prediction" (arXiv:2107.07511), section 1.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Conformal {
    /// Smallest first.
    scores: Vec<f64>,
}

impl Conformal {
    /// From predictions for texts that the classifier was not trained on, and the positions of their hand labels.
    #[must_use]
    pub fn fit(predictions: &[Prediction], labels: &[usize]) -> Self {
        let mut scores: Vec<f64> =
            predictions.iter().zip(labels).map(|(prediction, &label)| 1.0 - prediction.probabilities[label]).collect();
        scores.sort_by(f64::total_cmp);
        let kept = scores.len().min(KEPT);
        // The upper end of each of the kept parts: a set is never smaller than it would be with all scores.
        Self { scores: (1..=kept).map(|part| scores[(part * scores.len()).div_ceil(kept) - 1]).collect() }
    }

    /// The positions of the stances that may be right, likeliest first; `coverage` is a share from 0 to 1. The likeliest is always among them, which
    /// only adds to the coverage.
    #[must_use]
    pub fn set(&self, prediction: &Prediction, coverage: f64) -> Vec<usize> {
        let most = self.quantile(coverage);
        let mut stances: Vec<usize> = (0..prediction.probabilities.len()).collect();
        stances.sort_by(|&a, &b| prediction.probabilities[b].total_cmp(&prediction.probabilities[a]));
        let likeliest = prediction.stance();
        stances.retain(|&stance| stance == likeliest || 1.0 - prediction.probabilities[stance] <= most);
        stances
    }

    /// The score that is not passed with probability `coverage`: the ⌈(n + 1) · coverage⌉-th smallest, infinite where there are not so many.
    fn quantile(&self, coverage: f64) -> f64 {
        let rank = ((self.scores.len() + 1) as f64 * coverage).ceil();
        let at = (1..).zip(&self.scores).find(|&(place, _)| f64::from(place) >= rank);
        at.map_or(f64::INFINITY, |(_, &score)| score)
    }
}

#[cfg(test)]
mod tests {
    use super::Conformal;
    use standpoint_labels::Prediction;

    fn prediction(first: f64) -> Prediction {
        Prediction { probabilities: vec![first, 1.0 - first], review: false }
    }

    /// The scores are 0.1, 0.2, ... 0.9: of ten texts alike, nine have a score of at most the ninth.
    fn conformal() -> Conformal {
        let predictions: Vec<Prediction> = (1..10).map(|tenths| prediction(f64::from(tenths) / 10.0)).collect();
        Conformal::fit(&predictions, &[0; 9])
    }

    #[test]
    fn a_set_grows_with_the_coverage_asked_for() {
        struct Case {
            coverage: f64,
            set: &'static [usize],
        }
        let cases = [
            Case { coverage: 0.0, set: &[1] },
            Case { coverage: 0.2, set: &[1] },
            Case { coverage: 0.5, set: &[1] },
            Case { coverage: 0.75, set: &[1, 0] },
            Case { coverage: 1.0, set: &[1, 0] },
        ];
        let found: Vec<Vec<usize>> =
            cases.iter().map(|case| conformal().set(&prediction(0.35), case.coverage)).collect();
        assert_eq!(found, cases.iter().map(|case| case.set.to_vec()).collect::<Vec<_>>());
    }

    #[test]
    fn without_scores_nothing_can_be_left_out() {
        assert_eq!(Conformal::default().set(&prediction(0.9), 0.5), [0, 1]);
    }

    #[test]
    fn sets_hold_the_right_stance_as_often_as_asked() {
        let spread = |count: u32| (0..count).map(move |at| prediction((f64::from(at) + 0.5) / f64::from(count)));
        let conformal = Conformal::fit(&spread(5_000).collect::<Vec<_>>(), &vec![0; 5_000]);
        for coverage in [0.5, 0.8, 0.95] {
            let held = spread(2_000).filter(|text| conformal.set(text, coverage).contains(&0)).count() as f64 / 2_000.0;
            assert!((coverage..coverage + 0.01).contains(&held), "{coverage}: {held}");
        }
    }
}
