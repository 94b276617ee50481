use std::ops::AddAssign;

/// The log loss of one prediction: minus the natural logarithm of the probability of the hand label's stance.
///
/// As in scikit-learn the probability is first brought into [ε, 1 - ε] with ε = 2⁻⁵², so that a certain error costs 36.04 and not infinity.
#[must_use]
pub fn log_loss(probabilities: &[f64], hand: usize) -> f64 {
    -probabilities[hand].clamp(f64::EPSILON, 1.0 - f64::EPSILON).ln()
}

/// The Brier score of one prediction: the sum over all stances of (probability - 1 or 0)², from 0 to 2.
///
/// This is the definition of Brier (1950); scikit-learn's `brier_score_loss(..., scale_by_half=False)`. Some halve it.
#[must_use]
pub fn brier(probabilities: &[f64], hand: usize) -> f64 {
    let square = |(stance, probability): (usize, &f64)| (f64::from(u8::from(stance == hand)) - probability).powi(2);
    probabilities.iter().enumerate().map(square).sum()
}

/// Sums of both losses over predictions that have probabilities.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Losses {
    count: usize,
    log: f64,
    brier: f64,
}

impl Losses {
    /// Takes in one prediction with the position of its hand label's stance.
    pub fn add(&mut self, probabilities: &[f64], hand: usize) {
        self.count += 1;
        self.log += log_loss(probabilities, hand);
        self.brier += brier(probabilities, hand);
    }

    /// Mean log loss, in nats; `None` without probabilities.
    #[must_use]
    pub fn log_loss(&self) -> Option<f64> {
        (self.count > 0).then(|| self.log / self.count as f64)
    }

    /// Mean Brier score; `None` without probabilities.
    #[must_use]
    pub fn brier(&self) -> Option<f64> {
        (self.count > 0).then(|| self.brier / self.count as f64)
    }
}

impl AddAssign<&Self> for Losses {
    fn add_assign(&mut self, other: &Self) {
        self.count += other.count;
        self.log += other.log;
        self.brier += other.brier;
    }
}
