//! Writes an encoder's folder again with its weights in 8 bits.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use safetensors::tensor::{Dtype, TensorView};

use super::config::BertConfig;
use super::error::LoadError;
use super::modules::Modules;
use super::weights::Weights;
use crate::folder::{Folder, FolderError};

const WEIGHTS: &str = "model.safetensors";

/// An encoder's folder could not be written again in 8 bits.
#[derive(Debug, thiserror::Error)]
pub enum QuantiseError {
    /// The folder could not be read.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The weights could not be put into a safetensors file.
    #[error("cannot write {WEIGHTS}")]
    Safetensors(#[from] safetensors::SafeTensorError),
    /// A file could not be written.
    #[error("cannot write {path}", path = .path.display())]
    Write {
        /// The file's path.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl From<FolderError> for QuantiseError {
    fn from(error: FolderError) -> Self {
        Self::Load(error.into())
    }
}

/// Writes the encoder of one folder to another, for [`super::BertEncoder::load`] to read: the weight matrices of the
/// word embeddings and the transformer's linear layers as 8-bit whole numbers, everything else of it as F32; the other
/// modules as they are. The same input gives the same bytes.
///
/// A row w becomes round(w / s) with s = max|w| / 127; the rows' s stand in a tensor `NAME.scale`.
///
/// # Errors
/// Where a file of the encoder is missing or damaged, its architecture is not one that can be run, or the new one cannot be
/// written.
pub fn quantise(from: &Folder, to: &Path) -> Result<(), QuantiseError> {
    let modules = Modules::read(from)?;
    let transformer = from.at(&modules.transformer);
    BertConfig::read(&transformer)?;
    let content = transformer.read(WEIGHTS)?;
    let weights = Weights::open(format!("{transformer}/{WEIGHTS}"), &content)?;
    let tensors = weights.names().iter().map(|name| store(&weights, name)).collect::<Result<Vec<_>, _>>()?;
    let views = tensors.iter().flatten().map(|stored| Ok((&stored.name, stored.view()?)));
    let views = views.collect::<Result<Vec<_>, safetensors::SafeTensorError>>()?;
    write(&to.join(&modules.transformer).join(WEIGHTS), &safetensors::serialize(views, None)?)?;
    copy_beside(&modules, from, to)
}

/// A tensor as it will stand in the file.
pub(crate) struct Stored {
    pub(crate) name: String,
    kind: Dtype,
    shape: Vec<usize>,
    data: Vec<u8>,
}

impl Stored {
    pub(crate) fn floats(name: String, shape: Vec<usize>, values: &[f32]) -> Self {
        Self { name, kind: Dtype::F32, shape, data: values.iter().flat_map(|value| value.to_le_bytes()).collect() }
    }

    pub(crate) fn view(&self) -> Result<TensorView<'_>, safetensors::SafeTensorError> {
        TensorView::new(self.kind, self.shape.clone(), &self.data)
    }
}

/// Positions and token types have few rows, so that 8 bits would save nothing worth their error.
fn is_kept(name: &str, shape: &[usize]) -> bool {
    let small = ["embeddings.position_embeddings.weight", "embeddings.token_type_embeddings.weight"];
    shape.len() != 2 || small.contains(&name)
}

fn store(weights: &Weights<'_>, name: &str) -> Result<Vec<Stored>, LoadError> {
    let shape = weights.shape(name)?;
    let values = weights.read(name, &shape)?;
    let own = weights.name_in_architecture(name);
    if is_kept(name, &shape) {
        return Ok(vec![Stored::floats(own, shape, &values)]);
    }
    let (scales, data) = quantise_rows(&values, shape[1].max(1));
    let scales = Stored::floats(format!("{own}.scale"), vec![shape[0]], &scales);
    Ok(vec![Stored { name: own, kind: Dtype::I8, shape, data }, scales])
}

/// The scale of each row, and all its elements as signed bytes.
fn quantise_rows(values: &[f32], columns: usize) -> (Vec<f32>, Vec<u8>) {
    let (mut scales, mut data) = (Vec::new(), Vec::with_capacity(values.len()));
    for row in values.chunks(columns) {
        let scale = row.iter().fold(0.0_f32, |most, value| most.max(value.abs())) / 127.0;
        // A row of zeros has scale zero; any divisor will do for it.
        let divisor = if scale > 0.0 { scale } else { 1.0 };
        #[expect(clippy::cast_possible_truncation, reason = "at most 127 by the choice of the scale")]
        data.extend(row.iter().map(|value| ((value / divisor).round_ties_even() as i8).cast_unsigned()));
        scales.push(scale);
    }
    (scales, data)
}

/// Copies what there is beside the transformer's weights.
pub(crate) fn copy_beside(modules: &Modules, from: &Folder, to: &Path) -> Result<(), QuantiseError> {
    for (folder, file) in modules.files() {
        let there = from.at(folder);
        if there.has(file) {
            write(&to.join(folder).join(file), &there.read(file)?)?;
        }
    }
    Ok(())
}

pub(crate) fn write(path: &Path, content: &[u8]) -> Result<(), QuantiseError> {
    let made = path.parent().map_or(Ok(()), fs::create_dir_all);
    let written = made.and_then(|()| fs::write(path, content));
    written.map_err(|source| QuantiseError::Write { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_keep_their_largest_value_and_round_to_even() {
        let (scales, data) = quantise_rows(&[127.0, -1.5, 0.4, 0.0, 0.0, 0.0, -254.0, 5.0, 254.0], 3);
        assert_eq!(scales, [1.0, 0.0, 2.0]);
        assert_eq!(data.iter().map(|byte| byte.cast_signed()).collect::<Vec<_>>(), [127, -2, 0, 0, 0, 0, -127, 2, 127]);
    }
}
