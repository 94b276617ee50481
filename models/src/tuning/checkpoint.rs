//! The state after a pass, kept so that an interrupted run can go on.

use std::collections::HashMap;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};
use sha2::{Digest, Sha256};

use super::Epoch;
use super::error::TuneError;

const FILE: &str = "tuning.safetensors";
const RUN: &str = "run";
const CONTRASTIVE: &str = "contrastive";
const EPOCHS: &str = "epochs";

/// The file in a folder that holds the last pass's state of one run.
pub(super) struct Checkpoint {
    path: PathBuf,
    /// What tells this run from others: settings, texts and encoder.
    run: String,
}

/// The state after a pass, as lists of numbers; what they stand for is the trainer's affair.
pub(super) struct State {
    /// The loss of each contrastive pass, the last one last.
    pub(super) contrastive: Vec<f64>,
    /// How each epoch went, the last one last.
    pub(super) epochs: Vec<Epoch>,
    /// The numbers of each tensor by name.
    pub(super) tensors: Vec<(String, Vec<f32>)>,
}

impl Checkpoint {
    pub(super) fn new(folder: &Path, run: String) -> Self {
        Self { path: folder.join(FILE), run }
    }

    /// Writes a state. What was there before stays until the new one is complete.
    pub(super) fn write(
        &self,
        contrastive: &[f64],
        epochs: &[Epoch],
        tensors: &[(String, &[f32])],
    ) -> Result<(), TuneError> {
        let losses: Vec<u8> = contrastive.iter().flat_map(|loss| loss.to_le_bytes()).collect();
        let account: Vec<u8> = epochs.iter().flat_map(numbers).flat_map(f64::to_le_bytes).collect();
        let bytes = tensors.iter().map(|(name, values)| (name, values.iter().flat_map(|x| x.to_le_bytes()).collect()));
        let bytes: Vec<(&String, Vec<u8>)> = bytes.collect();
        let views = bytes
            .iter()
            .map(|(name, bytes)| Ok((name.as_str(), TensorView::new(Dtype::F32, vec![bytes.len() / 4], bytes)?)));
        let mut views = views.collect::<Result<Vec<_>, TuneError>>()?;
        views.push((CONTRASTIVE, TensorView::new(Dtype::F64, vec![contrastive.len()], &losses)?));
        views.push((EPOCHS, TensorView::new(Dtype::F64, vec![epochs.len(), 3], &account)?));
        let content = safetensors::serialize(views, Some(HashMap::from([(RUN.to_owned(), self.run.clone())])))?;
        self.replace(&content).map_err(|source| self.failed(source))
    }

    fn replace(&self, content: &[u8]) -> std::io::Result<()> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(content)?;
        file.as_file().sync_all()?;
        file.persist(&self.path)?;
        Ok(())
    }

    /// The state of this run after its last pass; none where no pass of it is over.
    pub(super) fn read(&self) -> Result<Option<State>, TuneError> {
        let content = match fs::read(&self.path) {
            Ok(content) => content,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.failed(error)),
        };
        let damaged = |error: safetensors::SafeTensorError| self.damaged(&error.to_string());
        let (_, metadata) = SafeTensors::read_metadata(&content).map_err(damaged)?;
        if metadata.metadata().as_ref().and_then(|data| data.get(RUN)) != Some(&self.run) {
            return Err(TuneError::OtherCheckpoint { path: self.path.clone() });
        }
        let tensors = SafeTensors::deserialize(&content).map_err(damaged)?;
        let account = |name| Ok::<_, TuneError>(doubles(tensors.tensor(name).map_err(damaged)?.data()));
        let (contrastive, epochs) = (account(CONTRASTIVE)?, epochs(&account(EPOCHS)?));
        let floats = |view: &TensorView<'_>| view.data().as_chunks().0.iter().map(|x| f32::from_le_bytes(*x)).collect();
        let values = tensors.iter().filter(|(_, view)| view.dtype() == Dtype::F32);
        let tensors = values.map(|(name, view)| (name.to_owned(), floats(&view))).collect();
        Ok(Some(State { contrastive, epochs, tensors }))
    }

    /// The error for a checkpoint that holds something else than it should.
    pub(super) fn damaged(&self, reason: &str) -> TuneError {
        TuneError::DamagedCheckpoint { path: self.path.clone(), reason: reason.to_owned() }
    }

    fn failed(&self, source: std::io::Error) -> TuneError {
        TuneError::File { path: self.path.clone(), source }
    }
}

/// An epoch's account as numbers; NaN stands for none.
fn numbers(epoch: &Epoch) -> [f64; 3] {
    [epoch.train_loss, epoch.held_out_loss.unwrap_or(f64::NAN), epoch.held_out_macro_f1.unwrap_or(f64::NAN)]
}

fn doubles(bytes: &[u8]) -> Vec<f64> {
    bytes.as_chunks().0.iter().map(|x| f64::from_le_bytes(*x)).collect()
}

fn epochs(values: &[f64]) -> Vec<Epoch> {
    let some = |x: f64| Some(x).filter(|x| !x.is_nan());
    let epoch = |[loss, held_out_loss, macro_f1]: &[f64; 3]| Epoch {
        train_loss: *loss,
        held_out_loss: some(*held_out_loss),
        held_out_macro_f1: some(*macro_f1),
    };
    values.as_chunks().0.iter().map(epoch).collect()
}

/// A name for a run: the SHA-256 of all that its result depends on, each part after its length.
pub(super) fn fingerprint(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}
