//! Texts that are taken through a network together.

use tch::{Device, Kind, Tensor};

use crate::encoder::tokenizer::Tokens;

/// The most tokens in a batch; a longer text makes a batch of its own.
const TOKENS: usize = 8192;

/// Texts of the same length, each of shape [texts, tokens], as rust-bert wants them.
pub(super) struct Batch {
    pub(super) ids: Tensor,
    /// The types of tokens, where the network looks at them.
    pub(super) types: Option<Tensor>,
    /// All ones: there is no padding. Some of rust-bert's networks do without one, and others stop.
    pub(super) mask: Tensor,
}

impl Batch {
    /// Stacks texts, which must have the same length.
    pub(super) fn new(texts: &[&Tokens], with_types: bool, device: Device) -> Self {
        let shape = [size(texts.len()), -1];
        let stacked = |part: fn(&Tokens) -> &[u32]| {
            let values: Vec<i64> = texts.iter().flat_map(|text| part(text)).map(|&id| i64::from(id)).collect();
            Tensor::from_slice(&values).view(shape).to_device(device)
        };
        let ids = stacked(|text| &text.ids);
        let mask = Tensor::ones(ids.size(), (Kind::Int64, device));
        Self { ids, types: with_types.then(|| stacked(|text| &text.types)), mask }
    }
}

/// A size as libtorch counts it.
pub(super) fn size(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Splits texts, given by their lengths in tokens, into batches of texts of the same length; gives their places.
pub(super) fn batches(lengths: &[usize]) -> Vec<Vec<usize>> {
    let mut places: Vec<usize> = (0..lengths.len()).collect();
    places.sort_by_key(|&place| lengths[place]);
    let same = places.chunk_by(|&a, &b| lengths[a] == lengths[b]);
    let split = same.flat_map(|places| places.chunks((TOKENS / lengths[places[0]].max(1)).max(1)));
    split.map(<[usize]>::to_vec).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_texts_of_the_same_length_stand_together() {
        assert_eq!(batches(&[3, 2, 3, TOKENS + 1, 2]), [vec![1, 4], vec![0, 2], vec![3]]);
        assert_eq!(batches(&[TOKENS / 2; 3]), [vec![0, 1], vec![2]]);
        assert!(batches(&[]).is_empty());
    }
}
