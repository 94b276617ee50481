use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use standpoint_labels::Scheme;
use standpoint_models::classifier::LogisticSettings;
use standpoint_models::train::{Examples, Trained, train};
use standpoint_models::{BertEncoder, Bundle, Encoder, Folder, NewBundle, encoder::quantise};

use super::examples::{self, LabelledTexts};
use super::input::Columns;
use super::model_card;
use crate::cli::{Common, Outcome};
use crate::console::say;

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  standpoint train --labels labels/data/adjudicated.csv --corpus corpus/data --out my-bundle"
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
    /// The scheme of stances, TOML [default: the law of sex work]
    #[arg(long, value_name = "FILE")]
    scheme: Option<PathBuf>,
    /// An encoder in Hugging Face layout [default: that of the bundle compiled in]
    #[arg(long, value_name = "DIR")]
    encoder: Option<PathBuf>,
    /// Mark for review what keeps the rest from being right this often
    #[arg(long, default_value_t = 0.9, value_name = "SHARE")]
    accuracy: f64,
    /// The same seed gives the same bundle
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

pub(crate) fn run(options: &Options, common: Common) -> Result<Outcome> {
    let scheme = read_scheme(options.scheme.as_deref())?;
    let texts = examples::read(&options.labels, &options.corpus, &options.columns, &scheme)?;
    let folder = tempfile::tempdir().context("a folder for the quantised encoder cannot be made")?;
    let source = match &options.encoder {
        Some(folder) => Folder::disk(folder),
        None => Bundle::built_in_encoder()?,
    };
    quantise(&source, folder.path())?;
    // The classifier learns from the embeddings it will see: those of the quantised encoder.
    let encoder = BertEncoder::load(&Folder::disk(folder.path()))?;
    let embeddings = encoder.encode(&texts.texts.iter().map(String::as_str).collect::<Vec<_>>())?;
    let examples = Examples {
        features: &embeddings.vectors,
        labels: &texts.labels,
        groups: &texts.groups,
        stances: scheme.stances.len(),
    };
    let trained = train(examples, options.accuracy, options.seed)?;
    let account = account(&trained, &texts, &scheme);
    let model_card =
        model_card::write(&model_card::Facts { scheme: &scheme, texts: &texts, trained: &trained, account: &account });
    let bundle = NewBundle {
        scheme: &scheme,
        encoder: folder.path(),
        classifier: &trained.classifier,
        calibration: trained.calibration,
        model_card: &model_card,
    };
    bundle.write(&options.out)?;
    if !common.quiet {
        say(account);
        say(format_args!("the bundle is in {}", options.out.display()));
    }
    Ok(Outcome::Done)
}

fn read_scheme(file: Option<&Path>) -> Result<Scheme> {
    let Some(file) = file else { return Ok(Scheme::sex_work_law()) };
    let name = file.display();
    let toml = std::fs::read_to_string(file).with_context(|| format!("{name}: cannot be read"))?;
    Scheme::parse(&toml).with_context(|| format!("{name}"))
}

/// What was tried, what was chosen and why.
fn account(trained: &Trained, texts: &LabelledTexts, scheme: &Scheme) -> String {
    let counts: Vec<String> =
        scheme.ids().iter().zip(texts.counts(scheme)).map(|(id, count)| format!("{id} {count}")).collect();
    let tried = |(settings, loss): &(LogisticSettings, f64)| {
        let mark = if *settings == trained.chosen { "  <- chosen, the smallest" } else { "" };
        format!("  C = {:<5} log loss out of fold {loss:.4}{mark}", settings.c)
    };
    [
        format!("learnt from {} texts of {} groups: {}", texts.texts.len(), texts.group_count(), counts.join(", ")),
        "strength of the penalty, by five-fold cross-validation that never parts a group:".to_owned(),
        trained.tried.iter().map(tried).collect::<Vec<_>>().join("\n"),
        format!("final fit: {}", trained.termination),
        format!(
            "temperature {:.3}, review below confidence {:.3}",
            trained.calibration.temperature, trained.calibration.review_below
        ),
        model_card::scores(trained, texts, scheme),
    ]
    .join("\n")
}
