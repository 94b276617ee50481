use std::collections::BTreeMap;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

/// Parts texts into `folds` folds so that texts of one group (document) always share a fold: the fold of each text.
///
/// Groups are shuffled by `seed` and each goes to the fold that holds the fewest texts so far, so folds are close in size.
#[must_use]
pub fn grouped_folds(groups: &[String], folds: usize, seed: u64) -> Vec<usize> {
    let mut members: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (text, group) in groups.iter().enumerate() {
        members.entry(group).or_default().push(text);
    }
    let mut shuffled: Vec<Vec<usize>> = members.into_values().collect();
    shuffled.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    let mut sizes = vec![0; folds];
    let mut fold_of = vec![0; groups.len()];
    for texts in shuffled {
        let fold = (0..folds).min_by_key(|&fold| sizes[fold]).unwrap_or(0);
        sizes[fold] += texts.len();
        for text in texts {
            fold_of[text] = fold;
        }
    }
    fold_of
}

#[cfg(test)]
mod tests {
    use super::grouped_folds;

    #[test]
    fn groups_stay_together_and_folds_are_even() {
        let groups: Vec<String> = (0..100).map(|text| format!("document {}", text / 3)).collect();
        let folds = grouped_folds(&groups, 5, 7);
        assert!((0..99).filter(|text| text % 3 != 2).all(|text| folds[text] == folds[text + 1]));
        let sizes: Vec<usize> = (0..5).map(|fold| folds.iter().filter(|&&at| at == fold).count()).collect();
        assert!(sizes.iter().all(|size| (18..=22).contains(size)), "{sizes:?}");
        assert_eq!(folds, grouped_folds(&groups, 5, 7));
        assert_ne!(folds, grouped_folds(&groups, 5, 8));
    }
}
