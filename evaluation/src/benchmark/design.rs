use std::collections::{BTreeMap, BTreeSet};

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

/// Texts to train on and texts to test with, as positions among all texts, ascending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// The repeat that it is part of, counted from 0: in each repeat of a cross-validation every text is tested once.
    pub repeat: usize,
    /// What is trained on.
    pub train: Vec<usize>,
    /// What is tested with.
    pub test: Vec<usize>,
}

impl Split {
    /// The splits of a repeated cross-validation: in each repeat, whose folds are those of each text in `fold_of`, every fold is tested in turn.
    #[must_use]
    pub fn crossed(fold_of: &[Vec<usize>], folds: usize) -> Vec<Self> {
        let split = |repeat: usize, fold: usize| {
            let (test, train) = (0..fold_of[repeat].len()).partition(|&text| fold_of[repeat][text] == fold);
            Self { repeat, train, test }
        };
        (0..fold_of.len()).flat_map(|repeat| (0..folds).map(move |fold| split(repeat, fold))).collect()
    }

    /// The same test with a share of what is trained on. Groups stay whole, and a smaller share is part of every larger one.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a number of texts")]
    pub fn with_share(&self, share: f64, groups: &[String], seed: u64) -> Self {
        let enough = (share * self.train.len() as f64).round() as usize;
        let mut shuffled: Vec<&str> =
            self.train.iter().map(|&text| groups[text].as_str()).collect::<BTreeSet<_>>().into_iter().collect();
        shuffled.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
        let place: BTreeMap<&str, usize> = shuffled.into_iter().zip(0..).collect();
        let mut train = self.train.clone();
        train.sort_by_key(|&text| (place[groups[text].as_str()], text));
        // The group that the share ends in is left out whole, unless it is the first.
        let end = (enough..train.len()).find(|&at| at == 0 || groups[train[at]] != groups[train[at - 1]]);
        train.truncate(end.unwrap_or(train.len()));
        train.sort_unstable();
        Self { train, ..self.clone() }
    }

    /// The first stance of which fewer than `fewest` texts are trained on, with their number.
    #[must_use]
    pub fn lacks(&self, labels: &[usize], stances: usize, fewest: usize) -> Option<(usize, usize)> {
        let count = |stance| self.train.iter().filter(|&&text| labels[text] == stance).count();
        (0..stances).map(|stance| (stance, count(stance))).find(|&(_, found)| found < fewest)
    }

    /// How many texts are tested whose group is trained on too.
    #[must_use]
    pub fn shared(&self, groups: &[String]) -> usize {
        let trained: BTreeSet<&String> = self.train.iter().map(|&text| &groups[text]).collect();
        self.test.iter().filter(|&&text| trained.contains(&groups[text])).count()
    }
}

#[cfg(test)]
mod tests {
    use super::Split;

    fn groups() -> Vec<String> {
        (0..60).map(|text| format!("group {}", text / 3)).collect()
    }

    #[test]
    fn every_text_is_tested_once_a_repeat() {
        let fold_of = [vec![0, 1, 2, 0], vec![2, 2, 1, 0]];
        let splits = Split::crossed(&fold_of, 3);
        assert_eq!(splits.len(), 6);
        for repeat in 0..2 {
            let mut tested: Vec<usize> =
                splits.iter().filter(|split| split.repeat == repeat).flat_map(|split| split.test.clone()).collect();
            tested.sort_unstable();
            assert_eq!(tested, [0, 1, 2, 3]);
        }
        assert!(splits.iter().all(|split| split.train.iter().all(|text| !split.test.contains(text))));
        assert!(splits.iter().all(|split| split.train.len() + split.test.len() == 4));
    }

    #[test]
    fn shares_are_nested_and_keep_groups_whole() {
        let (groups, whole) = (groups(), Split { repeat: 0, train: (0..60).collect(), test: Vec::new() });
        let parts = [0.01, 0.25, 0.5, 0.9, 1.0].map(|share| whole.with_share(share, &groups, 7));
        for (smaller, larger) in parts.iter().zip(&parts[1..]) {
            assert!(smaller.train.iter().all(|text| larger.train.contains(text)));
        }
        for (part, expected) in parts.iter().zip([3, 15, 30, 54, 60]) {
            assert_eq!(part.train.len(), expected);
            assert!(part.train.chunks(3).all(|of_group| of_group.iter().all(|text| text / 3 == of_group[0] / 3)));
            assert!(part.train.is_sorted());
        }
        assert_ne!(parts[2], whole.with_share(0.5, &groups, 8), "the seed chooses");
        assert_eq!(parts[4], whole);
    }

    #[test]
    fn what_a_split_lacks_and_shares_is_counted() {
        let split = Split { repeat: 0, train: vec![0, 1, 2], test: vec![3, 4] };
        assert_eq!(split.lacks(&[0, 0, 1, 1, 1], 2, 1), None);
        assert_eq!(split.lacks(&[0, 0, 1, 1, 1], 2, 2), Some((1, 1)));
        let groups = ["a", "b", "c", "c", "d"].map(str::to_owned);
        assert_eq!(split.shared(&groups), 1);
    }
}
