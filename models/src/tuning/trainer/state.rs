//! What a checkpoint holds of a run, and what tells the run from others.

use std::collections::HashMap;

use super::super::checkpoint::{State, fingerprint};
use super::super::error::TuneError;
use super::super::examples::Examples;
use super::super::settings::TuneSettings;
use super::super::source::{Source, WEIGHTS};
use super::Trainer;
use crate::folder::Folder;

impl Trainer<'_> {
    pub(super) fn save(&self) -> Result<(), TuneError> {
        let Some(checkpoint) = &self.checkpoint else { return Ok(()) };
        let mut tensors = Vec::new();
        let kinds = [
            ("weights", &self.weights),
            ("first", &self.optimiser.first),
            ("second", &self.optimiser.second),
            ("best", &self.best),
        ];
        let average = self.average.iter().map(|average| ("average", &average.weights));
        for (kind, parts) in kinds.into_iter().chain(average) {
            for (at, values) in parts.as_ref().into_list().into_iter().enumerate() {
                tensors.push((format!("{kind}.{at}"), values.as_slice()));
            }
        }
        checkpoint.write(&self.contrastive, &self.epochs, &tensors)
    }

    /// Takes over the state that a checkpoint holds.
    pub(super) fn resume(&mut self) -> Result<(), TuneError> {
        let Some(checkpoint) = &self.checkpoint else { return Ok(()) };
        let Some(State { contrastive, epochs, tensors }) = checkpoint.read()? else { return Ok(()) };
        let mut tensors: HashMap<String, Vec<f32>> = tensors.into_iter().collect();
        let kinds = [
            ("weights", &mut self.weights),
            ("first", &mut self.optimiser.first),
            ("second", &mut self.optimiser.second),
            ("best", &mut self.best),
        ];
        let average = self.average.iter_mut().map(|average| ("average", &mut average.weights));
        for (kind, parts) in kinds.into_iter().chain(average) {
            for (at, values) in parts.as_mut().into_list().into_iter().enumerate() {
                let name = format!("{kind}.{at}");
                let found = tensors.remove(&name).filter(|found| found.len() == values.len());
                *values =
                    found.ok_or_else(|| checkpoint.damaged(&format!("`{name}` is not there or has another length")))?;
            }
        }
        self.contrastive = contrastive;
        self.epochs = epochs;
        Ok(())
    }
}

/// What tells a run from others: all that its result depends on.
pub(super) fn run_fingerprint(
    folder: &Folder,
    source: &Source,
    examples: &Examples,
    stances: usize,
    settings: &TuneSettings,
    run: usize,
) -> Result<String, TuneError> {
    let transformer = folder.at(&source.modules.transformer);
    let about = format!("{} {:?} {stances} {run} {}", env!("CARGO_PKG_VERSION"), source.pool, settings.fingerprint());
    let (config, weights) = (transformer.read("config.json")?, transformer.read(WEIGHTS)?);
    Ok(fingerprint(&[about.as_bytes(), &config, &weights, format!("{examples:?}").as_bytes()]))
}
