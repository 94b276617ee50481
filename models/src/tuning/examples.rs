//! The texts to learn from, as tokens, and which of them are held out.

use rayon::prelude::*;

use super::error::TuneError;
use super::settings::{ClassWeights, TuneSettings};
use crate::encoder::tokenizer::{TextTokenizer, Tokens};
use crate::folds::grouped_folds;

/// Labelled texts.
#[derive(Debug)]
pub(super) struct Examples {
    /// Each text's tokens; their ids are places in `words`.
    pub(super) passages: Vec<Tokens>,
    /// The word pieces that occur, in order, as rows of the encoder's table.
    pub(super) words: Vec<u32>,
    pub(super) labels: Vec<usize>,
    /// The texts to learn from.
    pub(super) training: Vec<usize>,
    /// The texts to choose the best epoch by.
    pub(super) held_out: Vec<usize>,
}

impl Examples {
    pub(super) fn new(
        tokenizer: &TextTokenizer,
        texts: &[&str],
        labels: &[usize],
        groups: &[String],
        settings: &TuneSettings,
    ) -> Result<Self, TuneError> {
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
        Ok(Self { passages, words, labels: labels.to_vec(), training, held_out })
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
        let mut counts = vec![0_usize; stances];
        self.training.iter().for_each(|text| counts[self.labels[*text]] += 1);
        if let Some(stance) = counts.iter().position(|count| *count == 0) {
            return Err(TuneError::NoExample { stance: stance + 1 });
        }
        let total = self.training.len() as f32;
        Ok(match asked {
            ClassWeights::Equal => vec![1.0; stances],
            ClassWeights::Balanced => counts.iter().map(|count| total / (stances * count) as f32).collect(),
            ClassWeights::Given(weights) => weights.clone(),
        })
    }
}

/// Checks that texts, labels and groups fit together.
pub(super) fn check(texts: usize, labels: &[usize], groups: &[String], stances: usize) -> Result<(), TuneError> {
    if labels.len() != texts || groups.len() != texts {
        return Err(TuneError::Lengths { texts, labels: labels.len(), groups: groups.len() });
    }
    match labels.iter().position(|label| *label >= stances) {
        Some(text) => Err(TuneError::Label { text, label: labels[text], stances }),
        None => Ok(()),
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
