use std::ops::AddAssign;

use super::ratio;

/// Number of bins of equal width that confidence is sorted into.
pub const BINS: usize = 10;

/// The predictions whose confidence falls into one bin.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Bin {
    /// Number of predictions.
    pub count: usize,
    right: usize,
    confidence: f64,
}

impl Bin {
    /// Share of the bin's predictions that are right; `None` when the bin is empty.
    #[must_use]
    pub fn accuracy(&self) -> Option<f64> {
        ratio(self.right, self.count)
    }

    /// Mean confidence of the bin's predictions; `None` when the bin is empty.
    #[must_use]
    pub fn confidence(&self) -> Option<f64> {
        (self.count > 0).then(|| self.confidence / self.count as f64)
    }
}

/// The reliability curve: how often predictions are right, by how sure they say they are.
///
/// Bins are open below and closed above, `(0.1, 0.2]`, the first closed on both sides, as in scikit-learn's `calibration_curve`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Reliability {
    bins: [Bin; BINS],
}

impl Reliability {
    /// Takes in one prediction of a confidence between 0 and 1.
    pub fn add(&mut self, confidence: f64, right: bool) {
        let bin = &mut self.bins[Self::bin_of(confidence)];
        bin.count += 1;
        bin.right += usize::from(right);
        bin.confidence += confidence;
    }

    /// The bins, from the least to the most confident.
    #[must_use]
    pub fn bins(&self) -> &[Bin; BINS] {
        &self.bins
    }

    /// The lower edge of a bin; that of the bin after it is its upper edge.
    #[must_use]
    pub fn edge(bin: usize) -> f64 {
        bin as f64 * (1.0 / BINS as f64)
    }

    /// Expected calibration error: the mean over predictions of the distance between their bin's accuracy and its mean confidence. `None`
    /// without confidences.
    ///
    /// It is never below 0 and falls on few predictions too high. Source: Guo et al., "On Calibration of Modern Neural Networks" (2017), equation 3.
    #[must_use]
    pub fn error(&self) -> Option<f64> {
        let count: usize = self.bins.iter().map(|bin| bin.count).sum();
        let sum: f64 = self.bins.iter().map(|bin| (bin.right as f64 - bin.confidence).abs()).sum();
        (count > 0).then(|| sum / count as f64)
    }

    fn bin_of(confidence: f64) -> usize {
        (1..BINS).filter(|&bin| confidence > Self::edge(bin)).count()
    }
}

impl AddAssign<&Self> for Reliability {
    fn add_assign(&mut self, other: &Self) {
        for (bin, other) in self.bins.iter_mut().zip(&other.bins) {
            bin.count += other.count;
            bin.right += other.right;
            bin.confidence += other.confidence;
        }
    }
}
