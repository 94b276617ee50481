//! Training: from hand labels to a bundle.

mod fine_tune;
mod model_card;
mod plan;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::Args;
use standpoint_labels::Scheme;
use standpoint_models::calibration::Context;
use standpoint_models::train::{Trained, Tried, adapt, train};
use standpoint_models::{Bundle, Folder, NewBundle, encoder::quantise};

use super::encoder::EncoderChoice;
use super::examples::{self, LabelledTexts};
use super::fine_tune::embedded;
use super::input::Columns;
use super::label::load_bundle;
use super::schemes;
use crate::cli::{Common, Outcome};
use crate::console::say;

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  standpoint train --labels labels/data/adjudicated.csv --corpus corpus/data \\\n      --out my-bundle"
)]
pub(crate) struct Options {
    /// Hand labels, `text,stance` or `document,start,end,stance`
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    labels: Vec<PathBuf>,
    /// The documents that stand-off labels are about
    #[arg(long, num_args = 1.., value_name = "INPUT")]
    corpus: Vec<String>,
    #[command(flatten)]
    columns: Columns,
    /// Where the bundle goes; a bundle that is there is replaced
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Adapt this bundle, or `default`, the one compiled in, instead of starting anew; some fifty labels are enough
    #[arg(long, value_name = "BUNDLE", conflicts_with_all = ["scheme", "encoder", "prefix", "fine_tune", "classifier", "features"])]
    from: Option<PathBuf>,
    /// The scheme of stances, TOML [default: the law of sex work]
    #[arg(long, value_name = "FILE")]
    scheme: Option<PathBuf>,
    #[command(flatten)]
    encoder: EncoderChoice,
    #[command(flatten)]
    fine_tune: fine_tune::FineTuneOptions,
    #[command(flatten)]
    plan: plan::PlanOptions,
}

pub(crate) fn run(options: &Options, common: Common) -> Result<Outcome> {
    let start = options.start()?;
    let texts = examples::read(&options.labels, &options.corpus, &options.columns, &start.scheme)?;
    let folder = tempfile::tempdir().context("a folder for the encoder cannot be made")?;
    let stored = folder.path().join("encoder");
    let (trained, of_tuning) = if options.fine_tune.fine_tune {
        let (trained, account) = options.fine_tune.run(&start, &texts, &options.plan, &stored, common)?;
        (trained, Some(account))
    } else {
        (options.learn(&start, &texts, &stored)?, None)
    };
    let account = account(&trained, &texts, &start, of_tuning);
    let facts = model_card::Facts { scheme: &start.scheme, texts: &texts, trained: &trained, account: &account };
    let bundle = NewBundle {
        scheme: &start.scheme,
        encoder: &stored,
        featuriser: &trained.featuriser,
        classifier: &*trained.classifier,
        model_card: &model_card::write(&facts),
        calibration: trained.calibration,
    };
    bundle.write(&options.out)?;
    if !common.quiet {
        say(account);
        say(format_args!("the bundle is in {}", options.out.display()));
    }
    Ok(Outcome::Done)
}

/// What training starts from.
struct Start {
    scheme: Scheme,
    encoder: Folder,
    /// The bundle to adapt.
    bundle: Option<Bundle>,
}

impl Start {
    /// Whether the confidence below which texts are marked for review is still that of the bundle adapted.
    fn kept_review(&self, trained: &Trained) -> bool {
        let same =
            |bundle: &Bundle| bundle.calibration.review_below.total_cmp(&trained.calibration.review_below).is_eq();
        self.bundle.as_ref().is_some_and(same)
    }
}

impl Options {
    fn start(&self) -> Result<Start> {
        let Some(from) = &self.from else {
            let encoder = self.encoder.folder()?;
            return Ok(Start { scheme: schemes::read_or_default(self.scheme.as_deref())?, encoder, bundle: None });
        };
        let built_in = from == Path::new("default");
        let bundle = load_bundle((!built_in).then_some(from))?;
        let encoder = if built_in { Bundle::built_in_encoder()? } else { Folder::disk(from.join("encoder")) };
        Ok(Start { scheme: bundle.scheme.clone(), encoder, bundle: Some(bundle) })
    }

    /// Trains on the embeddings that the bundle will give: those of the encoder as it is `stored`.
    fn learn(&self, start: &Start, texts: &LabelledTexts, stored: &Path) -> Result<Trained> {
        quantise(&start.encoder, stored)?;
        let plan = self.plan.plan(&start.scheme)?;
        embedded(stored, texts, &start.scheme, |examples| {
            Ok(match &start.bundle {
                Some(bundle) => adapt(bundle, examples, plan.accuracy, plan.seed)?,
                None => train(examples, &plan)?,
            })
        })
    }
}

/// How many texts have each target, where there are targets.
fn of_targets(texts: &LabelledTexts) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    texts.targets.iter().for_each(|target| *counts.entry(&target.id).or_default() += 1);
    let each: Vec<String> = counts.iter().map(|(id, count)| format!("{id} {count}")).collect();
    if each.is_empty() { String::new() } else { format!("their targets: {}", each.join(", ")) }
}

/// What was tried, what was chosen and why.
fn account(trained: &Trained, texts: &LabelledTexts, start: &Start, of_tuning: Option<String>) -> String {
    let scheme = &start.scheme;
    let counts: Vec<String> =
        scheme.ids().iter().zip(texts.counts(scheme)).map(|(id, count)| format!("{id} {count}")).collect();
    let tried = |(at, Tried { name, loss }): (usize, &Tried)| {
        let mark = if at == trained.chosen { "  <- chosen, the smallest" } else { "" };
        format!("  {loss:.4}  {name}{mark}")
    };
    let judged = if of_tuning.is_some() { "texts held out" } else { "out of five folds" };
    let Context { strength, smoothing, reach } = trained.calibration.context;
    let lines = [
        format!("learnt from {} texts of {} groups: {}", texts.texts.len(), texts.group_count(), counts.join(", ")),
        of_targets(texts),
        of_tuning.unwrap_or_default(),
        format!("log loss of texts not learnt from ({judged}), after temperature scaling:"),
        trained.tried.iter().enumerate().map(tried).collect::<Vec<_>>().join("\n"),
        format!("final fit: {}", trained.termination),
        format!(
            "temperature {:.3}, review below confidence {:.3}{}",
            trained.calibration.temperature,
            trained.calibration.review_below,
            if start.kept_review(trained) {
                " (the bundle's: the labels are too few to set a smaller one by)"
            } else {
                ""
            }
        ),
        format!("context of a document's other segments: strength {strength}, smoothing {smoothing}, reach {reach}"),
        model_card::scores(trained, texts, scheme),
    ];
    lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}
