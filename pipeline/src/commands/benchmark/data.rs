use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Result, bail};
use standpoint_evaluation::benchmark::{EncoderCost, Method, Request, Split};
use standpoint_labels::Scheme;
use standpoint_models::grouped_folds;
use standpoint_models::train::FOLDS;

use super::Options;
use crate::commands::examples::{self, LabelledTexts};

/// With fewer groups a note warns of the intervals.
const FEW_GROUPS: usize = 20;

/// The encoder compiled in has seen the labels of the project's corpus.
const BUILT_IN: &str = "The encoder compiled in was tuned on this project's corpus (corpus/data, corpus/documents). Of texts from there, the figures of \
    everything that sees embeddings are too good: name an encoder that has not seen them with --encoder.";

/// Labelled texts, and what of them is trained on and tested with.
pub(crate) struct Data {
    pub(crate) texts: LabelledTexts,
    pub(crate) splits: Vec<Split>,
}

impl Data {
    /// Reads the label files. Every split must have texts of every stance to train on.
    pub(crate) fn read(options: &Options, scheme: &Scheme) -> Result<Self> {
        let read = |files: &[PathBuf]| examples::read(files, &options.corpus, &options.columns, scheme);
        let data = if options.train.is_empty() {
            let texts = read(&options.labels)?;
            let splits = crossed(&texts.groups, options)?;
            Self { texts, splits }
        } else {
            let (mut texts, test) = (read(&options.train)?, read(&options.test)?);
            let train = texts.texts.len();
            texts.append(test);
            let split = Split { repeat: 0, train: (0..train).collect(), test: (train..texts.texts.len()).collect() };
            Self { texts, splits: vec![split] }
        };
        data.check(scheme)?;
        Ok(data)
    }

    fn check(&self, scheme: &Scheme) -> Result<()> {
        for (nth, split) in self.splits.iter().enumerate() {
            if let Some((stance, found)) = split.lacks(&self.texts.labels, scheme.stances.len(), FOLDS) {
                bail!(
                    "split {} of {} has {found} text(s) of `{}` to train on; at least {FOLDS} are needed; label more, or take fewer --folds",
                    nth + 1,
                    self.splits.len(),
                    scheme.stances[stance].id
                );
            }
            if split.test.is_empty() {
                bail!(
                    "split {} of {} has no text to test with; label more, or take fewer --folds",
                    nth + 1,
                    self.splits.len()
                );
            }
        }
        Ok(())
    }

    /// What the benchmark is told of the data.
    pub(crate) fn request(&self, options: &Options, scheme: &Scheme, encoder: EncoderCost) -> Result<Request> {
        let files = [&options.labels, &options.train, &options.test].into_iter().flatten();
        let stances: Vec<String> = scheme.ids().into_iter().map(str::to_owned).collect();
        Ok(Request {
            program: concat!("standpoint ", env!("CARGO_PKG_VERSION")).to_owned(),
            files: files.map(|file| file.display().to_string()).collect(),
            named: options.positive.positions(&stances)?,
            stances,
            labels: self.texts.labels.clone(),
            groups: self.texts.groups.clone(),
            documents: self.texts.documents.iter().collect::<BTreeSet<_>>().len(),
            method: self.method(options),
            notes: self.notes(options),
            encoder,
            bootstrap: options.bootstrap(),
        })
    }

    fn method(&self, options: &Options) -> Method {
        let mean =
            |size: fn(&Split) -> usize| self.splits.iter().map(size).sum::<usize>() as f64 / self.splits.len() as f64;
        let fixed = !options.train.is_empty();
        Method {
            kind: if fixed { "fixed files" } else { "grouped cross-validation" },
            folds: if fixed { 1 } else { options.folds.into() },
            repeats: if fixed { 1 } else { options.repeats.into() },
            rounds: options.rounds.into(),
            seed: options.seed,
            trained: mean(|split| split.train.len()),
            tested: mean(|split| split.test.len()),
        }
    }

    fn notes(&self, options: &Options) -> Vec<String> {
        let shared: usize = self.splits.iter().map(|split| split.shared(&self.texts.groups)).sum();
        let shared = (shared > 0).then(|| {
            format!("{shared} of the texts tested belong to documents or groups that are trained on too: figures may be too good.")
        });
        let tested = self.splits.iter().flat_map(|split| &split.test);
        let groups = tested.map(|&text| &self.texts.groups[text]).collect::<BTreeSet<_>>().len();
        let few = (groups < FEW_GROUPS).then(|| {
            format!("The texts tested are of {groups} group(s): intervals resampled from so few are too narrow.")
        });
        let built_in = options.encoder.path().is_none().then(|| BUILT_IN.to_owned());
        [shared, few, built_in].into_iter().flatten().collect()
    }
}

/// The splits of the cross-validation; each repeat has a seed of its own.
fn crossed(groups: &[String], options: &Options) -> Result<Vec<Split>> {
    let folds = usize::from(options.folds);
    let distinct = groups.iter().collect::<BTreeSet<_>>().len();
    if distinct < folds {
        bail!(
            "the labels are of {distinct} document(s) or group(s), which --folds {folds} cannot part; label more, or take fewer --folds"
        );
    }
    let fold_of: Vec<Vec<usize>> = (0..options.repeats)
        .map(|repeat| grouped_folds(groups, folds, options.seed.wrapping_add(repeat.into())))
        .collect();
    Ok(Split::crossed(&fold_of, folds))
}
