use ndarray::Array2;

use crate::features::Features;

/// What a classifier is fitted to.
#[derive(Debug, Clone, Copy)]
pub struct Training<'a> {
    /// The features of texts.
    pub features: &'a Features,
    /// The position of each text's stance in the scheme.
    pub labels: &'a [usize],
    /// How much each text counts (2 is as good as having it twice); all alike without.
    pub weights: Option<&'a [f64]>,
    /// Scores `[texts, stances]` that a logistic regression adds its own to, as a generalised linear model adds its offset; none elsewhere.
    pub offset: Option<&'a Array2<f64>>,
    /// Number of stances in the scheme.
    pub stances: usize,
}

impl Training<'_> {
    /// How much each text counts, with every stance that occurs counting the same in all where `balanced`, which leaves the total as it was.
    ///
    /// Source: scikit-learn's `class_weight="balanced"`.
    #[must_use]
    pub fn text_weights(&self, balanced: bool) -> Vec<f64> {
        let own = |text: usize| self.weights.map_or(1.0, |weights| weights[text]);
        let mut totals = vec![0.0; self.stances];
        self.labels.iter().enumerate().for_each(|(text, &label)| totals[label] += own(text));
        let share = totals.iter().sum::<f64>() / totals.iter().filter(|total| **total > 0.0).count() as f64;
        let factor = |label: usize| if balanced { share / totals[label] } else { 1.0 };
        self.labels.iter().enumerate().map(|(text, &label)| own(text) * factor(label)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Training;
    use crate::features::Features;
    use ndarray::Array2;

    #[test]
    fn balanced_weights_give_every_stance_that_occurs_the_same_share() {
        let features = Features::dense(Array2::zeros((3, 0)));
        let training = Training { features: &features, labels: &[0, 0, 1], weights: None, offset: None, stances: 3 };
        assert_eq!(training.text_weights(true), [0.75, 0.75, 1.5]);
        assert_eq!(training.text_weights(false), [1.0; 3]);
        let training = Training { weights: Some(&[1.0, 3.0, 1.0]), ..training };
        assert_eq!(training.text_weights(true), [0.625, 1.875, 2.5]);
    }
}
