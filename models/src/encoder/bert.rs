//! The encoder: a model of the BERT family, run in fp32.

use std::ops::Range;

use ndarray::Array2;
use rayon::prelude::*;

use super::config::BertConfig;
use super::ending::Ending;
use super::error::{EncodeError, LoadError};
use super::layer::Layer;
use super::matrix::Matrix;
use super::modules::Modules;
use super::norm::LayerNorm;
use super::tokenizer::{TextTokenizer, Tokens};
use super::weights::Weights;
use super::{Embeddings, Encoder};
use crate::folder::Folder;

/// Tokens that one thread takes through the model together; a single longer text makes a chunk of its own. More would
/// not fit a core's cache, and fewer would fill the last tile of a product badly.
const CHUNK: usize = 384;

/// A sentence encoder of the BERT family, read from a folder in Hugging Face layout.
///
/// Texts are taken through the model in chunks, a thread a chunk, without padding; nothing that is computed for a text
/// depends on the others in its chunk.
pub struct BertEncoder {
    tokenizer: TextTokenizer,
    words: Matrix,
    positions: Matrix,
    /// None where the model looks at no types.
    types: Option<Matrix>,
    norm: LayerNorm,
    layers: Vec<Layer>,
    ending: Ending,
}

impl BertEncoder {
    /// Loads the encoder in a folder: `config.json` of a model of the kind of BERT, `RoBERTa` or `DistilBERT`, `tokenizer.json` and
    /// `model.safetensors`, and beside them, where they are there, `modules.json` with the files of the modules that it
    /// names, `sentence_bert_config.json`, `tokenizer_config.json` and `config_sentence_transformers.json`.
    ///
    /// A folder without `modules.json` is a plain BERT model: the vector of a text is the mean of its tokens' vectors,
    /// not normalised, as sentence-transformers does it.
    ///
    /// # Errors
    /// Where a file is missing or damaged, a tensor does not have the shape that the configuration calls for, or a
    /// setting asks for something that is not honoured here; the error names it.
    pub fn load(folder: &Folder) -> Result<Self, LoadError> {
        let modules = Modules::read(folder)?;
        let transformer = folder.at(&modules.transformer);
        let config = BertConfig::read(&transformer)?;
        let tokenizer = TextTokenizer::read(&transformer, config.bounds(), &modules.prompt)?;
        let ending = Ending::read(folder, &modules, config.bounds(), &tokenizer)?;
        let content = transformer.read("model.safetensors")?;
        let weights = Weights::open(format!("{transformer}/model.safetensors"), &content)?;
        let table = |name: &str, rows| weights.matrix(&format!("embeddings.{name}.weight"), rows, config.hidden);
        Ok(Self {
            tokenizer,
            words: table("word_embeddings", config.vocabulary)?,
            positions: table("position_embeddings", config.positions)?,
            types: config.types.map(|rows| table("token_type_embeddings", rows)).transpose()?,
            norm: LayerNorm::read(&weights, "embeddings.LayerNorm", &config)?,
            layers: (0..config.layers).map(|at| Layer::read(&weights, at, &config)).collect::<Result<_, _>>()?,
            ending,
        })
    }

    /// The vectors of a chunk of texts, one after the other, computed on the calling thread.
    fn encode_chunk(&self, texts: &[Tokens]) -> Vec<f32> {
        let passages = rows_of(texts);
        let mut hidden = self.embed(texts);
        for layer in &self.layers {
            hidden = layer.apply(&hidden, &passages);
        }
        passages.iter().flat_map(|rows| self.ending.apply(&hidden, rows)).collect()
    }

    /// The vectors [tokens, hidden] that the tokens of all texts enter the first layer with.
    fn embed(&self, texts: &[Tokens]) -> Matrix {
        let mut values = Vec::new();
        for text in texts {
            for ((id, kind), position) in text.ids.iter().zip(&text.types).zip(&text.positions) {
                let (word, position) = (self.words.row(*id as usize), self.positions.row(*position as usize));
                let parts = word.iter().zip(position);
                match &self.types {
                    Some(types) => {
                        let parts = parts.zip(types.row(*kind as usize));
                        values.extend(parts.map(|((word, position), kind)| word + kind + position));
                    }
                    None => values.extend(parts.map(|(word, position)| word + position)),
                }
            }
        }
        let mut hidden = Matrix::new(values, self.words.columns());
        self.norm.apply(&mut hidden);
        hidden
    }
}

impl Encoder for BertEncoder {
    fn dimensions(&self) -> usize {
        self.ending.dimensions()
    }

    fn max_tokens(&self) -> usize {
        self.tokenizer.max_tokens()
    }

    fn encode(&self, texts: &[&str]) -> Result<Embeddings, EncodeError> {
        let tokenize = |(place, text): (usize, &&str)| self.tokenizer.tokenize(text, place);
        let texts: Vec<Tokens> = texts.par_iter().enumerate().map(tokenize).collect::<Result<_, _>>()?;
        let encoded: Vec<Vec<f32>> =
            chunks(&texts).into_par_iter().map(|chunk| self.encode_chunk(&texts[chunk])).collect();
        let shape = (texts.len(), self.dimensions());
        let values: Vec<f32> = encoded.concat();
        Ok(Embeddings {
            vectors: Array2::from_shape_fn(shape, |(text, at)| values[text * shape.1 + at]),
            tokens: texts.iter().map(|text| text.ids.len()).collect(),
            truncated: texts.iter().map(|text| text.truncated).collect(),
        })
    }
}

/// The rows that each text takes where the tokens of all are stacked.
fn rows_of(texts: &[Tokens]) -> Vec<Range<usize>> {
    let ends = texts.iter().scan(0, |end, text| {
        *end += text.ids.len();
        Some(*end - text.ids.len()..*end)
    });
    ends.collect()
}

/// Splits texts into runs of at most `CHUNK` tokens, or of one text.
fn chunks(texts: &[Tokens]) -> Vec<Range<usize>> {
    let mut chunks: Vec<Range<usize>> = Vec::new();
    let mut tokens = 0;
    for (at, text) in texts.iter().enumerate() {
        tokens += text.ids.len();
        match chunks.last_mut() {
            Some(chunk) if tokens <= CHUNK => chunk.end = at + 1,
            _ => {
                chunks.push(at..at + 1);
                tokens = text.ids.len();
            }
        }
    }
    chunks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(tokens: usize) -> Tokens {
        let zeros = || vec![0; tokens];
        Tokens { ids: zeros(), types: zeros(), positions: zeros(), truncated: false }
    }

    #[test]
    fn chunks_hold_whole_texts_up_to_their_limit() {
        let texts = [CHUNK / 2, CHUNK / 2, 1, CHUNK + 1, 1, CHUNK - 1].map(text);
        assert_eq!(chunks(&texts), [0..2, 2..3, 3..4, 4..6]);
        assert!(chunks(&[]).is_empty());
        assert_eq!(rows_of(&[text(2), text(3)]), [0..2, 2..5]);
    }
}
