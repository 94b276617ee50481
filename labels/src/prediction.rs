/// What a model says of one text.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// One calibrated probability a stance, in the scheme's order; they add up to 1.
    pub probabilities: Vec<f64>,
    /// Whether the model is too unsure for the prediction to be used without a human reading the text (abstention).
    pub review: bool,
}

impl Prediction {
    /// The position of the most probable stance in the scheme's order; of equals the first.
    #[must_use]
    pub fn stance(&self) -> usize {
        let better = |best: usize, at: usize| if self.probabilities[at] > self.probabilities[best] { at } else { best };
        (0..self.probabilities.len()).fold(0, better)
    }

    /// The probability of the most probable stance, between 0 and 1.
    #[must_use]
    pub fn confidence(&self) -> f64 {
        self.probabilities.iter().copied().fold(0.0, f64::max)
    }
}
