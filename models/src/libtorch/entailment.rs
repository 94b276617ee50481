//! Natural language inference: whether one text follows from another.

use rayon::prelude::*;
use tokenizers::{Tokenizer, TruncationParams, TruncationStrategy};

use super::architecture::Purpose;
use super::config::Config;
use super::device::Device;
use super::error::Error;
use super::network::Network;
use crate::encoder::config::Bounds;
use crate::encoder::tokenizer::{TextTokenizer, Tokens};
use crate::encoder::{EncodeError, LoadError};
use crate::folder::Folder;

/// A model of natural language inference, read from a folder in Hugging Face layout and run by libtorch.
///
/// What looks like a special token in a text is taken for words, so that no text can pass for two.
pub struct Entailment {
    tokenizer: Tokenizer,
    network: Network,
    /// The place of the label `entailment` among the labels.
    label: usize,
}

/// What a model says of some pairs of texts.
#[derive(Clone, Debug, PartialEq)]
pub struct Entailed {
    /// The probability, for each pair, that the second text follows from the first.
    pub probabilities: Vec<f64>,
    /// Whether the end of each pair's first text was cut off.
    pub truncated: Vec<bool>,
}

impl Entailment {
    /// Loads the model in a folder: `config.json`, `tokenizer.json`, `tokenizer_config.json` and `model.safetensors`.
    ///
    /// # Errors
    /// As for [`LibtorchEncoder::load`](super::LibtorchEncoder::load), and where the model has no label `entailment`, in
    /// capitals or not.
    pub fn load(folder: &Folder, device: Device) -> Result<Self, Error> {
        let config = Config::read(folder, Purpose::Classifier)?;
        let label = entailment(folder, &config)?;
        let tokenizer = for_pairs(folder, config.bounds)?;
        Ok(Self { tokenizer, network: Network::load(folder, config, Purpose::Classifier, device)?, label })
    }

    /// The probability of each pair of texts (premise, hypothesis) that the second follows from the first: the softmax of
    /// the model's logits at `entailment`. Where a pair is too long, its first text is cut.
    ///
    /// # Errors
    /// Where the second text alone is too long, or libtorch fails.
    pub fn entailed(&self, pairs: &[(&str, &str)]) -> Result<Entailed, EncodeError> {
        let tokenize = |(text, &pair): (usize, &(&str, &str))| {
            let encoding = self.tokenizer.encode_fast(pair, true);
            encoding
                .map(|encoding| Tokens::of(&encoding, None))
                .map_err(|source| EncodeError::Tokenizer { text, source })
        };
        let pairs: Vec<Tokens> = pairs.par_iter().enumerate().map(tokenize).collect::<Result<_, _>>()?;
        let mut probabilities = vec![0.0; pairs.len()];
        self.network.run(&pairs, |place, logits| probabilities[place] = probability(logits, self.label))?;
        Ok(Entailed { probabilities, truncated: pairs.iter().map(|pair| pair.truncated).collect() })
    }

    /// Whether a pair is seen whole.
    pub(super) fn fits(&self, pair: (&str, &str)) -> bool {
        self.tokenizer.encode_fast(pair, true).is_ok_and(|encoding| encoding.get_overflowing().is_empty())
    }
}

/// The place of the one label that is called entailment.
fn entailment(folder: &Folder, config: &Config) -> Result<usize, Error> {
    let places = config.labels.iter().filter(|(_, name)| name.eq_ignore_ascii_case("entailment"));
    let places: Vec<usize> = places.map(|(&place, _)| place).collect();
    match places[..] {
        [place] if place < config.labels.len() => Ok(place),
        _ => {
            let names: Vec<&str> = config.labels.values().map(String::as_str).collect();
            let found = if names.is_empty() { "no labels".to_owned() } else { names.join(", ") };
            Err(Error::NoEntailment { folder: folder.to_string(), found })
        }
    }
}

/// The tokenizer of a folder, made to cut the first text of a pair, and to take special tokens in a text for words.
fn for_pairs(folder: &Folder, bounds: Bounds) -> Result<Tokenizer, LoadError> {
    let failed = |source| LoadError::Tokenizer { file: format!("{folder}/tokenizer.json"), source };
    let single = TextTokenizer::read(folder, bounds, "")?;
    let max_length = single.max_tokens();
    let mut tokenizer = single.into_inner();
    let types = tokenizer.encode_fast(("a", "a"), true).map_err(failed)?;
    if let (Some(rows), Some(&largest)) = (bounds.types, types.get_type_ids().iter().max())
        && largest as usize >= rows
    {
        return Err(failed(format!("it gives tokens of pairs type {largest}, but type_vocab_size is {rows}").into()));
    }
    let strategy = TruncationStrategy::OnlyFirst;
    let truncation = TruncationParams { max_length, strategy, ..TruncationParams::default() };
    tokenizer.with_truncation(Some(truncation)).map_err(failed)?;
    tokenizer.set_encode_special_tokens(true);
    Ok(tokenizer)
}

/// The softmax of logits at a place.
fn probability(logits: &[f32], place: usize) -> f64 {
    let at = f64::from(logits[place]);
    1.0 / logits.iter().map(|&logit| (f64::from(logit) - at).exp()).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_softmax_survives_large_logits() {
        assert!((probability(&[1.0, 1.0, 1.0], 1) - 1.0 / 3.0).abs() < 1e-12);
        assert!((probability(&[0.0, 1000.0], 1) - 1.0).abs() < 1e-12);
        assert!(probability(&[0.0, 1000.0], 0).abs() < 1e-12);
    }
}
