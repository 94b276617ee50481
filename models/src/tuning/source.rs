//! The encoder to be tuned, as its folder describes it.

use super::error::TuneError;
use super::parameters::{Dense, Layer, Norm, Parameters, Tables};
use super::pooling::Pool;
use crate::encoder::LoadError;
use crate::encoder::config::BertConfig;
use crate::encoder::modules::Modules;
use crate::encoder::tokenizer::TextTokenizer;
use crate::encoder::weights::Weights;
use crate::folder::Folder;

pub(super) const WEIGHTS: &str = "model.safetensors";
pub(super) const WORDS: &str = "embeddings.word_embeddings.weight";

/// Everything but the weights.
pub(super) struct Source {
    pub(super) modules: Modules,
    pub(super) config: BertConfig,
    pub(super) pool: Pool,
    pub(super) tokenizer: TextTokenizer,
}

impl Source {
    pub(super) fn read(folder: &Folder) -> Result<Self, LoadError> {
        let modules = Modules::read(folder)?;
        let transformer = folder.at(&modules.transformer);
        let config = BertConfig::read(&transformer)?;
        let pool = Pool::read(folder, &modules, config.bounds())?;
        let tokenizer = TextTokenizer::read(&transformer, config.bounds(), &modules.prompt)?;
        Ok(Self { modules, config, pool, tokenizer })
    }

    /// The tensors of the encoder and of a head for so many stances, where only `words` rows of the word embeddings are
    /// kept.
    pub(super) fn tensors(&self, words: usize, stances: usize) -> Parameters<Tensor> {
        let BertConfig { positions, types, hidden, .. } = self.config;
        let table = |name: &str, rows| Tensor::matrix(vec![name.to_owned()], rows, hidden, Level::Tables);
        Parameters {
            tables: Tables {
                words: table(WORDS, words),
                positions: table("embeddings.position_embeddings.weight", positions),
                types: table("embeddings.token_type_embeddings.weight", types.unwrap_or(0)),
                norm: norm("embeddings.LayerNorm", hidden, Level::Tables),
            },
            layers: (0..self.config.layers).map(|at| self.layer(at)).collect(),
            head: dense(&["head".to_owned()], stances, hidden, Level::Head),
        }
    }

    fn layer(&self, at: usize) -> Layer<Tensor> {
        let BertConfig { hidden, intermediate, .. } = self.config;
        let name = |part: &str| format!("encoder.layer.{at}.{part}");
        let level = Level::Layer(at);
        let one = |part: &str, outputs, inputs| dense(&[name(part)], outputs, inputs, level);
        let stacked = ["query", "key", "value"].map(|part| name(&format!("attention.self.{part}")));
        Layer {
            attention: dense(&stacked, hidden, hidden, level),
            attention_output: one("attention.output.dense", hidden, hidden),
            attention_norm: norm(&name("attention.output.LayerNorm"), hidden, level),
            intermediate: one("intermediate.dense", intermediate, hidden),
            output: one("output.dense", hidden, intermediate),
            output_norm: norm(&name("output.LayerNorm"), hidden, level),
        }
    }
}

/// Where in the model a tensor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Tables,
    /// Counted from 0 at the bottom.
    Layer(usize),
    Head,
}

impl Level {
    /// Whether a tensor of this level learns where so much is frozen.
    pub(super) fn learns(self, frozen_layers: Option<usize>) -> bool {
        match self {
            Self::Head => true,
            Self::Tables => frozen_layers.is_none(),
            Self::Layer(at) => at >= frozen_layers.unwrap_or(0),
        }
    }
}

/// One tensor of the model; several tensors of the same shape in the file are one here, their rows one after the other.
#[derive(Clone, Debug)]
pub(super) struct Tensor {
    pub(super) names: Vec<String>,
    /// Of each of them.
    pub(super) shape: Vec<usize>,
    pub(super) level: Level,
}

impl Tensor {
    fn matrix(names: Vec<String>, rows: usize, columns: usize, level: Level) -> Self {
        Self { names, shape: vec![rows, columns], level }
    }

    /// Whether weight decay acts on it: not on biases and norms.
    pub(super) fn decays(&self) -> bool {
        self.shape.len() == 2
    }

    /// Numbers in it.
    pub(super) fn length(&self) -> usize {
        self.names.len() * self.shape.iter().product::<usize>()
    }

    /// Its starting values: those in the file, and zeros for the head.
    pub(super) fn read(&self, weights: &Weights<'_>) -> Result<Vec<f32>, LoadError> {
        if self.level == Level::Head {
            return Ok(vec![0.0; self.length()]);
        }
        Ok(self.names.iter().map(|name| weights.read(name, &self.shape)).collect::<Result<Vec<_>, _>>()?.concat())
    }
}

fn dense(names: &[String], outputs: usize, inputs: usize, level: Level) -> Dense<Tensor> {
    let with = |end: &str| names.iter().map(|name| format!("{name}.{end}")).collect();
    Dense {
        weight: Tensor::matrix(with("weight"), outputs, inputs, level),
        bias: Tensor { names: with("bias"), shape: vec![outputs], level },
    }
}

fn norm(name: &str, hidden: usize, level: Level) -> Norm<Tensor> {
    let tensor = |end: &str| Tensor { names: vec![format!("{name}.{end}")], shape: vec![hidden], level };
    Norm { scale: tensor("weight"), shift: tensor("bias") }
}

/// The starting values of all tensors; of the word embeddings, the rows that `words` names.
pub(super) fn read_weights(
    folder: &Folder,
    source: &Source,
    tensors: &Parameters<Tensor>,
    words: &[u32],
) -> Result<Parameters<Vec<f32>>, TuneError> {
    let transformer = folder.at(&source.modules.transformer);
    let content = transformer.read(WEIGHTS)?;
    let weights = Weights::open(format!("{transformer}/{WEIGHTS}"), &content)?;
    let table = weights.matrix(WORDS, source.config.vocabulary, source.config.hidden)?;
    let rows: Vec<f32> = words.iter().flat_map(|word| table.row(*word as usize)).copied().collect();
    let read = |tensor: &Tensor| if tensor.names == [WORDS] { Ok(rows.clone()) } else { tensor.read(&weights) };
    Ok(tensors.as_ref().try_map(read)?)
}
