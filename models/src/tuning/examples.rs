//! The texts to learn from, as tokens, and which of them are held out.

use rayon::prelude::*;

use super::error::TuneError;
use super::settings::{ClassWeights, TuneSettings};
use crate::encoder::tokenizer::{TextTokenizer, Tokens};
use crate::folds::grouped_folds;

/// Texts to learn from, one entry a text in each list.
#[derive(Debug, Clone, Copy)]
pub struct Labelled<'a> {
    /// The texts.
    pub texts: &'a [&'a str],
    /// The position of each text's stance in the scheme.
    pub labels: &'a [usize],
    /// How much each text counts in the loss, above 0; all alike without. In contrastive passes and where epochs are measured they count alike.
    pub weights: Option<&'a [f64]>,
    /// What each text belongs to (its document), which is held out as a whole or not at all.
    pub groups: &'a [String],
}

/// Labelled texts, ready to learn from.
#[derive(Debug)]
pub(super) struct Examples {
    /// Each text's tokens; their ids are places in `words`.
    pub(super) passages: Vec<Tokens>,
    /// The word pieces that occur, in order, as rows of the encoder's table.
    pub(super) words: Vec<u32>,
    pub(super) labels: Vec<usize>,
    /// How much each text counts in the loss.
    pub(super) weights: Vec<f32>,
    /// The texts to learn from.
    pub(super) training: Vec<usize>,
    /// The texts to choose the best epoch by.
    pub(super) held_out: Vec<usize>,
}

impl Examples {
    pub(super) fn new(
        tokenizer: &TextTokenizer,
        labelled: Labelled<'_>,
        settings: &TuneSettings,
    ) -> Result<Self, TuneError> {
        let Labelled { texts, labels, groups, .. } = labelled;
        let tokenize = |(place, text): (usize, &&str)| tokenizer.tokenize(text, place);
        let mut passages: Vec<Tokens> = texts.par_iter().enumerate().map(tokenize).collect::<Result<_, _>>()?;
        let words = keep_words(&mut passages);
        let (held_out, training) = match settings.hold_out_one_in {
            0 => (Vec::new(), (0..texts.len()).collect()),
            folds => {
                let folds = grouped_folds(groups, folds, settings.seed);
                (0..texts.len()).partition(|text| folds[*text] == 0)
            }
        };
        Ok(Self { passages, words, labels: labels.to_vec(), weights: labelled.weights(), training, held_out })
    }

    pub(super) fn held_out_labels(&self) -> Vec<usize> {
        self.held_out.iter().map(|text| self.labels[*text]).collect()
    }

    /// The rows of the word embeddings that occur in some texts, in order.
    pub(super) fn words_of(&self, texts: &[usize]) -> Vec<usize> {
        let ids = texts.iter().flat_map(|text| &self.passages[*text].ids);
        let mut words: Vec<usize> = ids.map(|id| *id as usize).collect();
        words.sort_unstable();
        words.dedup();
        words
    }

    /// The weight of each stance's examples in the loss. Every stance must have a text to learn from.
    pub(super) fn class_weights(&self, stances: usize, asked: &ClassWeights) -> Result<Vec<f32>, TuneError> {
        let mut totals = vec![0.0; stances];
        self.training.iter().for_each(|&text| totals[self.labels[text]] += self.weights[text]);
        if let Some(stance) = totals.iter().position(|total| *total <= 0.0) {
            return Err(TuneError::NoExample { stance: stance + 1 });
        }
        let total: f32 = totals.iter().sum();
        Ok(match asked {
            ClassWeights::Equal => vec![1.0; stances],
            ClassWeights::Balanced => totals.iter().map(|of_stance| total / (stances as f32 * of_stance)).collect(),
            ClassWeights::Given(weights) => weights.clone(),
        })
    }
}

impl Labelled<'_> {
    /// Checks that the lists fit together, and labels and weights are in their range.
    pub(super) fn check(&self, stances: usize) -> Result<(), TuneError> {
        let Self { texts, labels, weights, groups } = self;
        let weighed = weights.map_or(texts.len(), <[f64]>::len);
        if [labels.len(), weighed, groups.len()] != [texts.len(); 3] {
            return Err(TuneError::Lengths {
                texts: texts.len(),
                labels: labels.len(),
                weights: weighed,
                groups: groups.len(),
            });
        }
        if let Some(text) = labels.iter().position(|label| *label >= stances) {
            return Err(TuneError::Label { text, label: labels[text], stances });
        }
        let usable = |weight: &f32| weight.is_finite() && *weight > 0.0;
        match self.weights().iter().position(|weight| !usable(weight)) {
            Some(text) => Err(TuneError::Weight { text, weight: weights.map_or(1.0, |weights| weights[text]) }),
            None => Ok(()),
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "rounding is what is meant")]
    fn weights(&self) -> Vec<f32> {
        let rounded = |weights: &[f64]| weights.iter().map(|&weight| weight as f32).collect();
        self.weights.map_or_else(|| vec![1.0; self.texts.len()], rounded)
    }
}

/// Renumbers the word pieces so that only those that occur are counted; gives their numbers of before, in order.
fn keep_words(passages: &mut [Tokens]) -> Vec<u32> {
    let mut words: Vec<u32> = passages.iter().flat_map(|passage| &passage.ids).copied().collect();
    words.sort_unstable();
    words.dedup();
    for id in passages.iter_mut().flat_map(|passage| &mut passage.ids) {
        let place = words.partition_point(|word| word < id);
        #[expect(clippy::cast_possible_truncation, reason = "there are no more distinct u32 than u32 can count")]
        {
            *id = place as u32;
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn word_pieces_are_renumbered_in_order() {
        let passage = |ids: &[u32]| {
            let zeros = || vec![0; ids.len()];
            Tokens { ids: ids.to_vec(), types: zeros(), positions: zeros(), truncated: false }
        };
        let mut passages = [passage(&[101, 7, 102]), passage(&[101, 2000, 7, 102])];
        assert_eq!(keep_words(&mut passages), [7, 101, 102, 2000]);
        assert_eq!(passages[0].ids, [1, 0, 2]);
        assert_eq!(passages[1].ids, [1, 3, 0, 2]);
    }
}
