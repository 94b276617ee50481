//! Precision, recall and F1 of one stance.

use super::{Confusion, ratio};

impl Confusion {
    /// Share of the predictions of a stance that are right; `None` when it was never predicted.
    #[must_use]
    pub fn precision(&self, stance: usize) -> Option<f64> {
        ratio(self.right(stance), self.predicted(stance))
    }

    /// Share of the hand labels of a stance that were found; `None` when there are none.
    #[must_use]
    pub fn recall(&self, stance: usize) -> Option<f64> {
        ratio(self.right(stance), self.support(stance))
    }

    /// Harmonic mean of precision and recall, 2·tp / (2·tp + fp + fn); `None` when the stance was neither labelled nor predicted.
    #[must_use]
    pub fn f1(&self, stance: usize) -> Option<f64> {
        ratio(2 * self.right(stance), self.support(stance) + self.predicted(stance))
    }
}
