//! A network with its weights.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use tch::nn::VarStore;
use tch::{Tensor, no_grad};

use super::architecture::{Forward, Purpose};
use super::batch::{Batch, batches};
use super::config::Config;
use super::device::Device;
use super::error::Error;
use crate::encoder::EncodeError;
use crate::encoder::tokenizer::Tokens;
use crate::encoder::weights::Weights;
use crate::folder::Folder;

const WEIGHTS: &str = "model.safetensors";
const ENGINE: &str = "rust-bert";

/// A network with its weights, on its device.
pub(super) struct Network {
    /// One batch at a time: libtorch uses all threads for each.
    forward: Mutex<Forward>,
    device: tch::Device,
    types: bool,
}

impl Network {
    /// Builds the network that `config.json` describes, with the weights in `model.safetensors`.
    pub(super) fn load(folder: &Folder, mut config: Config, purpose: Purpose, device: Device) -> Result<Self, Error> {
        let (device, types) = (device.open()?, config.bounds.types.is_some());
        let architecture = config.architecture;
        let build = purpose.build(architecture).ok_or_else(|| Error::Refused(purpose.name().to_owned()))?;
        let variables = VarStore::new(device);
        let forward = caught(|| build(&variables.root(), &mut config.settings)).map_err(Error::Refused)??;
        config.finish()?;
        let content = folder.read(WEIGHTS)?;
        let weights = Weights::open_as_named(format!("{folder}/{WEIGHTS}"), &content)?;
        fill(&variables, &weights, architecture.prefix)?;
        tch::set_num_threads(i32::try_from(rayon::current_num_threads()).unwrap_or(i32::MAX));
        Ok(Self { forward: Mutex::new(forward), device, types })
    }

    /// Takes texts through the network, in batches, and gives the place and the result of each text to `take`: its token
    /// vectors [tokens, dimensions], or its logits [labels], row by row.
    pub(super) fn run(&self, texts: &[Tokens], mut take: impl FnMut(usize, &[f32])) -> Result<(), EncodeError> {
        let lengths: Vec<usize> = texts.iter().map(|text| text.ids.len()).collect();
        for places in batches(&lengths) {
            let batch: Vec<&Tokens> = places.iter().map(|&place| &texts[place]).collect();
            let results = self.run_batch(&batch)?;
            let rows = results.chunks_exact((results.len() / places.len()).max(1));
            places.into_iter().zip(rows).for_each(|(place, result)| take(place, result));
        }
        Ok(())
    }

    /// The results of texts of the same length, one after the other.
    fn run_batch(&self, texts: &[&Tokens]) -> Result<Vec<f32>, EncodeError> {
        let failed = |problem| EncodeError::Engine { engine: ENGINE, problem };
        let forward = self.forward.lock().unwrap_or_else(PoisonError::into_inner);
        let run = || no_grad(|| forward(&Batch::new(texts, self.types, self.device)));
        let results = caught(run).map_err(failed)?.map_err(|error| failed(error.to_string()))?;
        let results = results.to_device(tch::Device::Cpu).contiguous().view(-1);
        Vec::try_from(&results).map_err(|error: tch::TchError| failed(error.to_string()))
    }
}

/// Turns a panic into an error: rust-bert and tch panic where libtorch refuses an operation.
fn caught<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|panic| {
        let said = panic.downcast_ref::<String>().cloned();
        said.or_else(|| panic.downcast_ref::<&str>().map(|&said| said.to_owned())).unwrap_or_default()
    })
}

/// Copies the weights of a file into the variables of a network.
fn fill(variables: &VarStore, weights: &Weights<'_>, prefix: &str) -> Result<(), Error> {
    let mut variables: Vec<(String, Tensor)> = variables.variables().into_iter().collect();
    variables.sort_by(|a, b| a.0.cmp(&b.0));
    for (name, mut variable) in variables {
        let Some(stored) = stored_name(weights, &name, prefix) else { continue };
        let shape = variable.size();
        let expected: Vec<usize> = shape.iter().filter_map(|&size| usize::try_from(size).ok()).collect();
        let values = Tensor::from_slice(&weights.read(&stored, &expected)?).view(shape.as_slice());
        no_grad(|| variable.f_copy_(&values)).map_err(|error| Error::Refused(error.to_string()))?;
    }
    Ok(())
}

/// The name in the file of a variable: an encoder's file may have the names of a model with a head, and the other way
/// round, or the names of old. None for the layer above the first token where the file is of an encoder without one.
fn stored_name(weights: &Weights<'_>, name: &str, prefix: &str) -> Option<String> {
    let bare = name.strip_prefix(prefix).unwrap_or(name);
    let names = [name.to_owned(), bare.to_owned(), format!("{prefix}{bare}")];
    let old =
        |name: &String| name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta");
    let shared = |part: &str| name.replace(".shared.", part);
    let others = [shared(".encoder.embed_tokens."), shared(".decoder.embed_tokens.")];
    let all = names.iter().cloned().chain(names.iter().map(old)).chain(others);
    let found = all.into_iter().find(|name| weights.has(name));
    if found.is_none() && name.starts_with("pooler") { None } else { Some(found.unwrap_or_else(|| name.to_owned())) }
}
