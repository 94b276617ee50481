//! Stances without hand labels.

use ndarray::Array2;
use standpoint_labels::Scheme;

use super::entailment::{Entailed, Entailment};
use super::error::Error;
use crate::calibration::Calibration;
use crate::encoder::EncodeError;
use crate::labeller::{Labeller, Predicted};
use crate::passage::Passage;

/// Labels by natural language inference: each stance of a scheme has hypotheses, and a text has the stance whose hypotheses
/// follow from it.
///
/// Source: Yin, Hay and Roth, "Benchmarking Zero-shot Text Classification" (2019), section 5; for stances, Burnham, "Stance
/// Detection: A Practical Guide to Classifying Political Beliefs in Text" (2024).
pub struct ZeroShot {
    scheme: Scheme,
    model: Entailment,
    calibration: Calibration,
}

impl ZeroShot {
    /// Labels with the hypotheses of a scheme.
    ///
    /// # Errors
    /// Where a stance has no hypotheses, or one that leaves no room for a text.
    pub fn new(scheme: Scheme, model: Entailment) -> Result<Self, Error> {
        for stance in &scheme.stances {
            let refusal = |problem| Error::Hypotheses { scheme: scheme.id.clone(), stance: stance.id.clone(), problem };
            if stance.hypotheses.is_empty() {
                let remedy = "has no hypotheses; give it some in the scheme's file: hypotheses = [\"The author ...\"]";
                return Err(refusal(remedy.to_owned()));
            }
            let targets = scheme.targets.iter().map(Some).chain(scheme.targets.is_empty().then_some(None));
            let hypotheses: Vec<String> = targets.flat_map(|target| stance.hypotheses_on(target)).collect();
            if let Some(long) = hypotheses.iter().find(|hypothesis| !model.fits(("a", hypothesis.as_str()))) {
                return Err(refusal(format!("the hypothesis {long:?} is longer than the model sees; shorten it")));
            }
        }
        Ok(Self { scheme, model, calibration: Calibration::none() })
    }

    /// The logits of texts, [texts, stances], and whether the end of each text was cut off. A logit is the logarithm of the
    /// mean, over the stance's hypotheses, of the probability that the text entails it; the softmax of a text's logits is
    /// thus each stance's share in these means.
    ///
    /// # Errors
    /// When libtorch fails.
    pub fn logits(&self, passages: &[Passage<'_>]) -> Result<(Array2<f64>, Vec<bool>), EncodeError> {
        let on = |target| self.scheme.stances.iter().flat_map(move |stance| stance.hypotheses_on(target));
        let hypotheses: Vec<Vec<String>> = passages.iter().map(|passage| on(passage.target).collect()).collect();
        let pairs: Vec<(&str, &str)> = passages
            .iter()
            .zip(&hypotheses)
            .flat_map(|(passage, all)| all.iter().map(move |one| (passage.text, one.as_str())))
            .collect();
        let Entailed { probabilities, truncated } = self.model.entailed(&pairs)?;
        let mut of_pairs = probabilities.into_iter();
        let mut logit = |(_, stance): (usize, usize)| {
            let count = self.scheme.stances[stance].hypotheses.len();
            let mean = of_pairs.by_ref().take(count).sum::<f64>() / count as f64;
            mean.max(f64::MIN_POSITIVE).ln()
        };
        // Filled row by row, in the order of the pairs.
        let logits = Array2::from_shape_fn((passages.len(), self.scheme.stances.len()), &mut logit);
        let truncated = truncated.chunks(on(None).count()).map(|of_text| of_text.contains(&true)).collect();
        Ok((logits, truncated))
    }
}

impl Labeller for ZeroShot {
    fn scheme(&self) -> &Scheme {
        &self.scheme
    }

    fn calibration(&self) -> &Calibration {
        &self.calibration
    }

    fn predict(&self, passages: &[Passage<'_>], lengths: &[usize]) -> Result<Predicted, EncodeError> {
        let (logits, truncated) = self.logits(passages)?;
        Ok(Predicted { predictions: self.calibration.predictions(&logits, lengths), truncated })
    }
}
