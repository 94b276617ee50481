use serde::Serialize;

use super::{Confusion, ratio};

/// Precision, recall and F1 averaged over stances.
///
/// As in scikit-learn with `zero_division=0`, an average takes in the stances that are labelled or predicted, and a score among them that would
/// divide by zero counts as 0.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Average {
    /// Averaged precision.
    pub precision: f64,
    /// Averaged recall.
    pub recall: f64,
    /// Averaged F1 (not the F1 of the averages).
    pub f1: f64,
}

/// The three ways to average.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Averages {
    /// Every stance counts the same.
    #[serde(rename = "macro")]
    pub macro_: Average,
    /// Every label counts the same: with one stance a label, all three scores are the accuracy.
    pub micro: Average,
    /// Every stance counts by its number of hand labels.
    pub weighted: Average,
}

impl Confusion {
    /// All averages; `None` without pairs.
    #[must_use]
    pub fn averages(&self) -> Option<Averages> {
        let accuracy = self.accuracy()?;
        let equal = |stance: usize| usize::from(self.occurs(stance));
        Some(Averages {
            macro_: self.average(equal)?,
            micro: Average { precision: accuracy, recall: accuracy, f1: accuracy },
            weighted: self.average(|stance| self.support(stance))?,
        })
    }

    /// Mean of the F1 of all stances that were labelled or predicted, as scikit-learn's `f1_score(average="macro")`; `None` without pairs.
    #[must_use]
    pub fn macro_f1(&self) -> Option<f64> {
        self.mean(|stance| usize::from(self.occurs(stance)), Self::f1)
    }

    /// Mean F1 of the `named` stances, the measure of `SemEval`'s stance tasks; one that is neither labelled nor predicted counts as 0.
    ///
    /// `None` without pairs or names. Source: Mohammad et al., "SemEval-2016 Task 6: Detecting Stance in Tweets", section 4.
    #[must_use]
    pub fn named_f1(&self, named: &[usize]) -> Option<f64> {
        let sum: f64 = named.iter().map(|&stance| self.f1(stance).unwrap_or(0.0)).sum();
        (self.total() > 0 && !named.is_empty()).then(|| sum / named.len() as f64)
    }

    fn occurs(&self, stance: usize) -> bool {
        self.support(stance) + self.predicted(stance) > 0
    }

    fn average(&self, weight: impl Fn(usize) -> usize) -> Option<Average> {
        Some(Average {
            precision: self.mean(&weight, Self::precision)?,
            recall: self.mean(&weight, Self::recall)?,
            f1: self.mean(&weight, Self::f1)?,
        })
    }

    fn mean(&self, weight: impl Fn(usize) -> usize, score: fn(&Self, usize) -> Option<f64>) -> Option<f64> {
        let weights: usize = (0..self.stances()).map(&weight).sum();
        let weighted = |stance| weight(stance) as f64 * score(self, stance).unwrap_or(0.0);
        ratio(1, weights).map(|_| (0..self.stances()).map(weighted).sum::<f64>() / weights as f64)
    }
}
