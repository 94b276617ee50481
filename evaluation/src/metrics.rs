//! Metrics of single-label classification, all derived from the confusion matrix.

/// Counts of hand labels (rows) against predictions (columns): `[stances][stances]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confusion {
    counts: Vec<Vec<usize>>,
}

impl Confusion {
    /// Counts pairs of (hand label, prediction), each the position of a stance below `stances`.
    #[must_use]
    pub fn count(stances: usize, pairs: impl IntoIterator<Item = (usize, usize)>) -> Self {
        let mut counts = vec![vec![0; stances]; stances];
        for (hand, predicted) in pairs {
            counts[hand][predicted] += 1;
        }
        Self { counts }
    }

    /// The counts, one row a stance of the hand labels.
    #[must_use]
    pub fn rows(&self) -> &[Vec<usize>] {
        &self.counts
    }

    /// Number of pairs.
    #[must_use]
    pub fn total(&self) -> usize {
        self.counts.iter().flatten().sum()
    }

    /// Number of hand labels of a stance.
    #[must_use]
    pub fn support(&self, stance: usize) -> usize {
        self.counts[stance].iter().sum()
    }

    /// Share of the predictions of a stance that are right; `None` when it was never predicted.
    #[must_use]
    pub fn precision(&self, stance: usize) -> Option<f64> {
        ratio(self.counts[stance][stance], self.counts.iter().map(|row| row[stance]).sum())
    }

    /// Share of the hand labels of a stance that were found; `None` when there are none.
    #[must_use]
    pub fn recall(&self, stance: usize) -> Option<f64> {
        ratio(self.counts[stance][stance], self.support(stance))
    }

    /// Harmonic mean of precision and recall, 2·tp / (2·tp + fp + fn); `None` when the stance was neither labelled nor predicted.
    #[must_use]
    pub fn f1(&self, stance: usize) -> Option<f64> {
        let predicted: usize = self.counts.iter().map(|row| row[stance]).sum();
        ratio(2 * self.counts[stance][stance], self.support(stance) + predicted)
    }

    /// Mean of the F1 of all stances that were labelled or predicted, as scikit-learn's `f1_score(average="macro")`; `None` without pairs.
    #[must_use]
    pub fn macro_f1(&self) -> Option<f64> {
        let scores: Vec<f64> = (0..self.counts.len()).filter_map(|stance| self.f1(stance)).collect();
        (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / scores.len() as f64)
    }

    /// Share of pairs that agree; `None` without pairs.
    #[must_use]
    pub fn accuracy(&self) -> Option<f64> {
        ratio((0..self.counts.len()).map(|stance| self.counts[stance][stance]).sum(), self.total())
    }
}

fn ratio(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::Confusion;

    /// Values of scikit-learn 1.5 for y = [0, 0, 1, 1, 2, 2], p = [0, 1, 1, 1, 2, 0].
    #[test]
    fn scores_are_those_of_scikit_learn() {
        let confusion = Confusion::count(3, [(0, 0), (0, 1), (1, 1), (1, 1), (2, 2), (2, 0)]);
        let near = |found: Option<f64>, expected: f64| {
            assert!(found.is_some_and(|value| (value - expected).abs() < 1e-12), "{found:?} {expected}");
        };
        near(confusion.accuracy(), 4.0 / 6.0);
        near(confusion.macro_f1(), 0.655_555_555_555_555_5);
        near(confusion.precision(1), 2.0 / 3.0);
        near(confusion.recall(2), 0.5);
        near(confusion.f1(0), 0.5);
    }

    #[test]
    fn what_cannot_be_said_is_none() {
        let confusion = Confusion::count(3, [(0, 1)]);
        assert_eq!((confusion.precision(0), confusion.recall(1), confusion.f1(2)), (None, None, None));
        assert_eq!(confusion.macro_f1(), Some(0.0));
        assert_eq!(Confusion::count(2, []).accuracy(), None);
    }
}
