use std::ops::AddAssign;

/// Counts of hand labels (rows) against predictions (columns): `[stances][stances]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confusion {
    counts: Vec<Vec<usize>>,
}

impl Confusion {
    /// No pairs yet.
    #[must_use]
    pub fn empty(stances: usize) -> Self {
        Self { counts: vec![vec![0; stances]; stances] }
    }

    /// Counts pairs of (hand label, prediction), each the position of a stance below `stances`.
    #[must_use]
    pub fn count(stances: usize, pairs: impl IntoIterator<Item = (usize, usize)>) -> Self {
        let mut confusion = Self::empty(stances);
        pairs.into_iter().for_each(|(hand, predicted)| confusion.add(hand, predicted));
        confusion
    }

    /// Counts one pair.
    pub fn add(&mut self, hand: usize, predicted: usize) {
        self.counts[hand][predicted] += 1;
    }

    /// The counts, one row a stance of the hand labels.
    #[must_use]
    pub fn rows(&self) -> &[Vec<usize>] {
        &self.counts
    }

    /// Number of stances.
    #[must_use]
    pub fn stances(&self) -> usize {
        self.counts.len()
    }

    /// Number of pairs.
    #[must_use]
    pub fn total(&self) -> usize {
        self.counts.iter().flatten().sum()
    }

    /// Number of pairs that agree on a stance.
    #[must_use]
    pub fn right(&self, stance: usize) -> usize {
        self.counts[stance][stance]
    }

    /// Number of hand labels of a stance.
    #[must_use]
    pub fn support(&self, stance: usize) -> usize {
        self.counts[stance].iter().sum()
    }

    /// Number of predictions of a stance.
    #[must_use]
    pub fn predicted(&self, stance: usize) -> usize {
        self.counts.iter().map(|row| row[stance]).sum()
    }
}

impl AddAssign<&Self> for Confusion {
    fn add_assign(&mut self, other: &Self) {
        self.counts.iter_mut().flatten().zip(other.counts.iter().flatten()).for_each(|(cell, other)| *cell += other);
    }
}
