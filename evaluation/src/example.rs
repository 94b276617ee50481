use standpoint_labels::Place;

/// One hand label beside the prediction that it met. Stances are positions in one list of stances.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// What was judged.
    pub place: Place,
    /// The document it belongs to: what bootstrap resamples draw whole.
    pub document: String,
    /// The text judged, where either file holds it.
    pub text: Option<String>,
    /// The row of the hand label in its file, counted from 1 with the header left out.
    pub row: u64,
    /// The stance of the hand label.
    pub hand: usize,
    /// The stance predicted.
    pub predicted: usize,
    /// One probability a stance, where the predictions have them.
    pub probabilities: Option<Vec<f64>>,
    /// How sure the prediction is of its stance, between 0 and 1, where the predictions say so.
    pub confidence: Option<f64>,
    /// Whether the prediction was flagged for review, where the predictions say so.
    pub review: Option<bool>,
    /// The values that examples are broken down by, one a column asked for.
    pub values: Vec<String>,
}

impl Example {
    /// Whether the prediction is that of the hand label.
    #[must_use]
    pub fn right(&self) -> bool {
        self.hand == self.predicted
    }
}
