//! One figure for all stances: accuracy, balanced accuracy, Matthews correlation, Cohen's kappa.

use super::{Confusion, ratio};

impl Confusion {
    /// Share of pairs that agree; `None` without pairs.
    #[must_use]
    pub fn accuracy(&self) -> Option<f64> {
        ratio(self.all_right(), self.total())
    }

    /// Mean recall of the stances that have hand labels; `None` without pairs.
    #[must_use]
    pub fn balanced_accuracy(&self) -> Option<f64> {
        let recalls: Vec<f64> = (0..self.stances()).filter_map(|stance| self.recall(stance)).collect();
        (!recalls.is_empty()).then(|| recalls.iter().sum::<f64>() / recalls.len() as f64)
    }

    /// Matthews correlation for any number of stances, from -1 to 1; `None` when the labels or the predictions are all of one stance (there
    /// scikit-learn says 0).
    ///
    /// Source: Gorodkin, "Comparing two K-category assignments by a K-category correlation coefficient" (2004), the statistic `R_K`.
    #[must_use]
    pub fn matthews(&self) -> Option<f64> {
        let total = self.total() as f64;
        let marginal = |count: fn(&Self, usize) -> usize| {
            (0..self.stances()).map(|stance| (count(self, stance) as f64).powi(2)).sum::<f64>()
        };
        let spread_of_labels = total * total - marginal(Self::support);
        let spread_of_predictions = total * total - marginal(Self::predicted);
        let spread = spread_of_labels * spread_of_predictions;
        (spread > 0.0).then(|| (self.all_right() as f64 * total - self.chance_pairs()) / spread.sqrt())
    }

    /// Cohen's kappa, (observed - chance agreement) / (1 - chance agreement); `None` when chance agreement is complete.
    ///
    /// Source: Cohen, "A coefficient of agreement for nominal scales" (1960).
    #[must_use]
    pub fn kappa(&self) -> Option<f64> {
        let total = self.total() as f64;
        let beyond_chance = total * total - self.chance_pairs();
        (beyond_chance > 0.0).then(|| (self.all_right() as f64 * total - self.chance_pairs()) / beyond_chance)
    }

    fn all_right(&self) -> usize {
        (0..self.stances()).map(|stance| self.right(stance)).sum()
    }

    /// Pairs expected to agree by chance, times the number of pairs.
    fn chance_pairs(&self) -> f64 {
        (0..self.stances()).map(|stance| self.support(stance) as f64 * self.predicted(stance) as f64).sum()
    }
}
