use std::collections::BTreeMap;
use std::ops::AddAssign;

use crate::Example;
use crate::metrics::{Confusion, Losses, Reliability};

/// Everything that headline figures are computed from, as sums: the tally of two sets of examples is the sum of theirs, so a resample of
/// documents costs one addition a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Tally {
    /// Hand labels against predictions.
    pub confusion: Confusion,
    /// Log loss and Brier score.
    pub losses: Losses,
    /// Confidence against accuracy.
    pub reliability: Reliability,
}

impl Tally {
    /// A tally of nothing.
    #[must_use]
    pub fn empty(stances: usize) -> Self {
        Self { confusion: Confusion::empty(stances), losses: Losses::default(), reliability: Reliability::default() }
    }

    /// The tally of examples.
    #[must_use]
    pub fn of<'a>(stances: usize, examples: impl IntoIterator<Item = &'a Example>) -> Self {
        let mut tally = Self::empty(stances);
        examples.into_iter().for_each(|example| tally.add(example));
        tally
    }

    /// One tally a document, in the order of the documents' names.
    #[must_use]
    pub fn by_document<'a>(stances: usize, examples: impl IntoIterator<Item = &'a Example>) -> Vec<Self> {
        let mut documents: BTreeMap<&str, Self> = BTreeMap::new();
        for example in examples {
            documents.entry(&example.document).or_insert_with(|| Self::empty(stances)).add(example);
        }
        documents.into_values().collect()
    }

    /// The sum of the tallies at `drawn` positions.
    #[must_use]
    pub fn sum(tallies: &[Self], drawn: &[usize]) -> Self {
        let mut sum = Self::empty(tallies.first().map_or(0, |tally| tally.confusion.stances()));
        for &at in drawn {
            sum += &tallies[at];
        }
        sum
    }

    fn add(&mut self, example: &Example) {
        self.confusion.add(example.hand, example.predicted);
        if let Some(probabilities) = &example.probabilities {
            self.losses.add(probabilities, example.hand);
        }
        if let Some(confidence) = example.confidence {
            self.reliability.add(confidence, example.right());
        }
    }
}

impl AddAssign<&Self> for Tally {
    fn add_assign(&mut self, other: &Self) {
        self.confusion += &other.confusion;
        self.losses += &other.losses;
        self.reliability += &other.reliability;
    }
}
