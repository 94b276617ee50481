use ndarray::Array2;
use rayon::prelude::*;

use super::architecture::Purpose;
use super::config::Config;
use super::device::Device;
use super::error::Error;
use super::network::Network;
use crate::encoder::ending::Ending;
use crate::encoder::matrix::Matrix;
use crate::encoder::modules::Modules;
use crate::encoder::tokenizer::{TextTokenizer, Tokens};
use crate::encoder::{Embeddings, EncodeError, Encoder};
use crate::folder::Folder;

/// A sentence encoder of any architecture that rust-bert has, read from a folder in Hugging Face layout and run by
/// libtorch.
///
/// Its vectors are those of the plain encoder but for rounding: see the [module](super).
pub struct LibtorchEncoder {
    tokenizer: TextTokenizer,
    network: Network,
    hidden: usize,
    ending: Ending,
}

impl LibtorchEncoder {
    /// Loads the encoder in a folder with the files that [`BertEncoder::load`](crate::BertEncoder::load) names, of the
    /// architecture that `model_type` in `config.json` names.
    ///
    /// # Errors
    /// Where the architecture or the device is not there, a file is missing or damaged, a tensor does not have the shape
    /// that the configuration calls for, or a setting asks for something that rust-bert does not do; the error names it.
    pub fn load(folder: &Folder, device: Device) -> Result<Self, Error> {
        let modules = Modules::read(folder)?;
        let transformer = folder.at(&modules.transformer);
        let config = Config::read(&transformer, Purpose::Encoder)?;
        let bounds = config.bounds;
        let tokenizer = TextTokenizer::read(&transformer, bounds, &modules.prompt)?;
        Ok(Self {
            ending: Ending::read(folder, &modules, bounds, &tokenizer)?,
            tokenizer,
            network: Network::load(&transformer, config, Purpose::Encoder, device)?,
            hidden: bounds.hidden,
        })
    }

    /// The vector of a text from those of its tokens, row by row.
    fn pool(&self, hidden: &[f32]) -> Vec<f32> {
        let hidden = Matrix::new(hidden.to_vec(), self.hidden);
        self.ending.apply(&hidden, &(0..hidden.rows().len()))
    }
}

impl Encoder for LibtorchEncoder {
    fn dimensions(&self) -> usize {
        self.ending.dimensions()
    }

    fn max_tokens(&self) -> usize {
        self.tokenizer.max_tokens()
    }

    fn encode(&self, texts: &[&str]) -> Result<Embeddings, EncodeError> {
        let tokenize = |(place, text): (usize, &&str)| self.tokenizer.tokenize(text, place);
        let texts: Vec<Tokens> = texts.par_iter().enumerate().map(tokenize).collect::<Result<_, _>>()?;
        let mut vectors = Array2::zeros((texts.len(), self.dimensions()));
        self.network.run(&texts, |place, hidden| {
            vectors.row_mut(place).iter_mut().zip(self.pool(hidden)).for_each(|(to, from)| *to = from);
        })?;
        Ok(Embeddings {
            vectors,
            tokens: texts.iter().map(|text| text.ids.len()).collect(),
            truncated: texts.iter().map(|text| text.truncated).collect(),
        })
    }
}
