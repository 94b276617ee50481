//! Groups of texts that are about the same.

use std::collections::BTreeMap;

use ndarray::{Array2, Axis};
use rand::SeedableRng;
use rand::seq::index::sample;
use rand_chacha::ChaCha8Rng;

use crate::direction::scale_rows;
use crate::first::first_largest;

/// Passes that k-means makes at most; it settles in some twenty.
const PASSES: usize = 100;

/// Parts texts into at most `topics` groups of texts whose embeddings are alike: the name of each text's group. Texts that share one of `groups`
/// (documents) share a topic, too, that of their mean.
///
/// Folds made of such groups tell more honestly how a model will fare on texts that are about other things than those it learnt from:
/// near copies, replies to one news item and texts with one hashtag do not stand on both sides.
///
/// `embeddings` are [texts, dimensions]. The method is spherical k-means (Dhillon & Modha, Machine Learning 42, 2001), which starts from groups
/// that `seed` draws.
///
/// # Panics
/// When there are not as many embeddings as groups.
#[must_use]
pub fn topics(embeddings: &Array2<f32>, groups: &[String], topics: usize, seed: u64) -> Vec<String> {
    assert_eq!(embeddings.nrows(), groups.len(), "each text has an embedding and a group");
    let (places, means) = means(embeddings, groups);
    let topic_of = k_means(&means, topics.min(means.nrows()), seed);
    places.iter().map(|place| format!("topic {}", topic_of[*place])).collect()
}

/// The place of each text's group among the groups in order, and the groups' mean directions, [groups, dimensions].
fn means(embeddings: &Array2<f32>, groups: &[String]) -> (Vec<usize>, Array2<f32>) {
    let mut known: BTreeMap<&str, usize> = groups.iter().map(|group| (group.as_str(), 0)).collect();
    known.values_mut().zip(0..).for_each(|(place, next)| *place = next);
    let places: Vec<usize> = groups.iter().map(|group| known[group.as_str()]).collect();
    let means = directions(embeddings, &places, known.len());
    (places, means)
}

/// The sums of the rows that go to each of `of` places, scaled to length 1; zero where there are none.
fn directions(rows: &Array2<f32>, places: &[usize], of: usize) -> Array2<f32> {
    let mut sums = Array2::zeros((of, rows.ncols()));
    for (row, place) in rows.outer_iter().zip(places) {
        sums.row_mut(*place).scaled_add(1.0, &row);
    }
    scale_rows(&mut sums);
    sums
}

/// The cluster of each row; rows have length 1.
fn k_means(rows: &Array2<f32>, clusters: usize, seed: u64) -> Vec<usize> {
    let drawn = sample(&mut ChaCha8Rng::seed_from_u64(seed), rows.nrows(), clusters).into_vec();
    let mut centres = rows.select(Axis(0), &drawn);
    let mut nearest = Vec::new();
    for _ in 0..PASSES {
        let similarities = rows.dot(&centres.t());
        let now: Vec<usize> = similarities.outer_iter().map(first_largest).collect();
        if now == nearest {
            break;
        }
        nearest = now;
        centres = directions(rows, &nearest, clusters);
    }
    nearest
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Forty texts in four directions, in turn, each a little off its own.
    fn four_topics() -> Array2<f32> {
        Array2::from_shape_fn((40, 4), |(text, axis)| {
            let off = ((text * 7 + axis * 3) % 5) as f32 / 50.0;
            if text % 4 == axis { 1.0 } else { off }
        })
    }

    fn of_one_text_each(texts: usize) -> Vec<String> {
        (0..texts).map(|text| format!("document {text}")).collect()
    }

    /// K-means may start from two texts of one direction; with some seed it does not, and then finds all four.
    #[test]
    fn texts_that_are_alike_share_a_topic() {
        let parted = |seed| {
            let found = topics(&four_topics(), &of_one_text_each(40), 4, seed);
            (0..36).all(|text| found[text] == found[text + 4]) && (0..39).all(|text| found[text] != found[text + 1])
        };
        assert!((0..50).any(parted));
        assert!(topics(&four_topics(), &of_one_text_each(40), 1, 3).iter().all(|topic| topic == "topic 0"));
    }

    #[test]
    fn texts_of_one_document_share_a_topic() {
        let groups: Vec<String> = (0..40).map(|text| format!("document {}", text / 8)).collect();
        let found = topics(&four_topics(), &groups, 5, 1);
        assert!((0..39).filter(|text| text % 8 != 7).all(|text| found[text] == found[text + 1]), "{found:?}");
    }

    #[test]
    fn the_seed_decides() {
        let of = |seed| topics(&four_topics(), &of_one_text_each(40), 6, seed);
        assert_eq!(of(1), of(1));
        assert!((2..20).any(|seed| of(seed) != of(1)));
    }
}
