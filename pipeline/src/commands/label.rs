use std::path::{Path, PathBuf};

use anyhow::{Context as _, Error, Result};
use clap::{Args, ValueEnum};
use rayon::prelude::*;
use standpoint_corpus::{Document, Segment, Unit, segment};
use standpoint_labels::formats::TARGET_COLUMN;
use standpoint_labels::{Prediction, Scheme};
use standpoint_models::{Bundle, Folder, Labeller, Passage};

use super::context::Context;
use super::engine::DeviceOption;
use super::input::Input;
use super::rejects::Rejects;
use super::schemes;
use super::stances::StanceCounts;
use super::targets::{TargetOptions, Targets};
use crate::cli::{Common, Outcome};
use crate::console::{Progress, counted, say};
use crate::engine::{self, Item};
use crate::export::{Cell, Format, TableWriter, beside};
use crate::output::Output;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  standpoint label corpus/samples/comments.csv -o labelled.csv")]
pub(crate) struct Options {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    target: TargetOptions,
    /// Where the table goes [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    /// What gets a row
    #[arg(long, value_enum, default_value_t = LabelUnit::Segment)]
    unit: LabelUnit,
    /// The bundle to label with [default: the one compiled in]
    #[arg(long, value_name = "DIR")]
    bundle: Option<PathBuf>,
    /// The column that says which document a row is part of; rows of one document that follow each other inform each other
    /// [default: `document`, where there is such a column]
    #[arg(long, value_name = "COLUMN", conflicts_with = "no_context")]
    document_column: Option<String>,
    /// Judge every segment by its own words alone
    #[arg(long)]
    no_context: bool,
    /// Add the column `stances`: those that hold the right one for so large a share of texts
    #[arg(long, value_name = "SHARE", value_parser = share)]
    coverage: Option<f64>,
    /// Label without hand labels: a model of natural language inference in Hugging Face layout; needs a build with the
    /// feature rust-bert
    #[arg(long, value_name = "DIR", conflicts_with = "bundle")]
    zero_shot: Option<PathBuf>,
    /// The scheme whose hypotheses --zero-shot asks for, TOML [default: the law of sex work]
    #[arg(long, value_name = "FILE", requires = "zero_shot", conflicts_with = "bundle")]
    scheme: Option<PathBuf>,
    #[command(flatten)]
    device: DeviceOption,
    /// The table's format [default: what OUT's name says, else csv]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Do not guard text that a spreadsheet would run as a formula
    #[arg(long)]
    raw_cells: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LabelUnit {
    /// One row a passage
    Segment,
    /// One row a document
    Document,
}

/// A document with what the labeller says of its segments.
struct Labelled {
    document: Document,
    segments: Vec<Segment>,
    predictions: Vec<Prediction>,
    truncated: usize,
}

/// What the closing summary tells.
struct Summary {
    documents: usize,
    segments: usize,
    truncated: usize,
    stances: StanceCounts,
}

pub(crate) fn run(options: &Options, common: Common) -> Result<Outcome> {
    let corpus = options.input.open(Rejects::written(options.out.as_deref()))?;
    let repeated = corpus.repeated_ids();
    let labeller = load(options)?;
    let scheme = labeller.scheme();
    let targets = Targets::new(&options.target, scheme, &corpus.columns)?;
    let document_column = options.document_column.as_deref();
    let context = Context::new(options.no_context, document_column, &corpus.columns, targets.field())?;
    let own = own_columns(options, scheme, &targets);
    let header = [own.clone(), beside(&own, &corpus.columns)].concat();
    let format = options.format.map_or_else(|| Format::of(options.out.as_deref()), Ok)?;
    let mut table = TableWriter::new(Output::open(options.out.as_deref())?, format, header, options.raw_cells)?;
    let mut rejects = Rejects::beside(options.out.as_deref())?;
    let mut progress = Progress::new(corpus.total_bytes(), common.quiet);
    let mut summary = Summary { documents: 0, segments: 0, truncated: 0, stances: StanceCounts::new(scheme) };
    let judge = Judge { labeller: labeller.as_ref(), context, targets: &targets, coverage: options.coverage };
    engine::run(
        targets.check(corpus),
        |last, next| context.joins(last, next),
        |batch| judge.label(batch),
        |item, bytes| match item {
            Item::Reject(reject) => rejects.add(reject),
            Item::Done(judged) => {
                progress.document(judged.segments.len(), bytes);
                summary.documents += 1;
                summary.segments += judged.segments.len();
                summary.truncated += judged.truncated;
                let rows = match options.unit {
                    LabelUnit::Segment => judge.segment_rows(judged),
                    LabelUnit::Document => judge.document_row(judged).into_iter().collect(),
                };
                rows.into_iter().try_for_each(|(stance, row)| {
                    summary.stances.add(stance);
                    table.row(row)
                })
            }
        },
    )?;
    table.finish()?.finish()?;
    // Where every row has its target, a document may have one row a target.
    repeated.notice().filter(|_| targets.field().is_none()).iter().for_each(say);
    let outcome = rejects.finish()?;
    let time = progress.finish();
    if !common.quiet {
        summary.say(time);
    }
    Ok(outcome)
}

fn load(options: &Options) -> Result<Box<dyn Labeller>> {
    if let Some(model) = &options.zero_shot {
        let scheme = schemes::read_or_default(options.scheme.as_deref())?;
        return options.device.zero_shot(model, scheme).with_context(|| format!("{}", model.display()));
    }
    options.device.refuse_without("--zero-shot")?;
    Ok(Box::new(load_bundle(options.bundle.as_deref())?))
}

/// The bundle in a folder, or the one compiled in.
pub(crate) fn load_bundle(folder: Option<&Path>) -> Result<Bundle> {
    Ok(match folder {
        Some(folder) => Bundle::load(&Folder::disk(folder))?,
        None => Bundle::built_in()?,
    })
}

fn own_columns(options: &Options, scheme: &Scheme, targets: &Targets) -> Vec<String> {
    let first: &[&str] = match options.unit {
        LabelUnit::Segment => &["document", "segment", "start", "end", "text", "stance", "confidence"],
        LabelUnit::Document => &["document", "segments", "stance", "confidence"],
    };
    let probabilities = scheme.ids().into_iter().map(|id| format!("p_{id}"));
    let asked = [options.coverage.map(|_| "stances"), targets.of_all().map(|_| TARGET_COLUMN)];
    let last = ["review"].into_iter().chain(asked.into_iter().flatten()).map(str::to_owned);
    first.iter().map(ToString::to_string).chain(probabilities).chain(last).collect()
}

/// Labels documents, and makes rows of what comes out.
#[derive(Clone, Copy)]
struct Judge<'a> {
    labeller: &'a dyn Labeller,
    context: Context,
    targets: &'a Targets,
    coverage: Option<f64>,
}

impl Judge<'_> {
    fn label(self, batch: Vec<Document>) -> Result<Vec<Labelled>> {
        let split: Vec<Vec<Segment>> =
            batch.par_iter().map(|document| segment(&document.text, Unit::Passage)).collect();
        let mut passages = Vec::new();
        for (document, segments) in batch.iter().zip(&split) {
            let target = self.targets.of(document).map_err(Error::msg)?;
            passages.extend(segments.iter().map(|segment| Passage { text: &segment.text, target }));
        }
        let predicted = self.labeller.predict(&passages, &self.context.lengths(&batch, &split))?;
        let mut of_segments = predicted.predictions.into_iter().zip(predicted.truncated);
        let of_document = |(document, segments): (Document, Vec<Segment>)| {
            let (predictions, truncated): (Vec<_>, Vec<_>) = of_segments.by_ref().take(segments.len()).unzip();
            Labelled { document, segments, predictions, truncated: truncated.into_iter().filter(|&cut| cut).count() }
        };
        Ok(batch.into_iter().zip(split).map(of_document).collect())
    }

    /// One row a segment, each with the position of its stance.
    fn segment_rows(self, judged: Labelled) -> Vec<(usize, Vec<Cell>)> {
        let Labelled { document, segments, predictions, .. } = judged;
        let row = |(number, (segment, prediction)): (usize, (Segment, Prediction))| {
            let own = vec![
                Cell::Text(document.id.clone()),
                Cell::Count(number),
                Cell::Count(segment.span.start),
                Cell::Count(segment.span.end),
                Cell::Text(segment.text),
            ];
            (prediction.stance(), [own, self.judgement(&prediction), other_fields(&document)].concat())
        };
        (1..).zip(segments.into_iter().zip(predictions)).map(row).collect()
    }

    /// The row of a document with the position of its stance: its segments' predictions pooled by their lengths.
    fn document_row(self, judged: Labelled) -> Option<(usize, Vec<Cell>)> {
        let Labelled { document, segments, predictions, .. } = judged;
        let weights: Vec<f64> = segments.iter().map(|segment| segment.span.len() as f64).collect();
        let prediction = self.labeller.calibration().pool(&predictions, &weights)?;
        let own = vec![Cell::Text(document.id.clone()), Cell::Count(segments.len())];
        Some((prediction.stance(), [own, self.judgement(&prediction), other_fields(&document)].concat()))
    }

    fn judgement(self, prediction: &Prediction) -> Vec<Cell> {
        let id = |stance: usize| self.labeller.scheme().stances[stance].id.clone();
        let probabilities = prediction.probabilities.iter().map(|&probability| Cell::Probability(probability));
        let first = [Cell::Word(id(prediction.stance())), Cell::Probability(prediction.confidence())];
        let calibration = self.labeller.calibration();
        let set = |coverage| calibration.set(prediction, coverage).into_iter().map(id).collect::<Vec<_>>().join("|");
        let asked = [self.coverage.map(set), self.targets.of_all().map(str::to_owned)];
        let last = [Cell::Flag(prediction.review)].into_iter().chain(asked.into_iter().flatten().map(Cell::Word));
        first.into_iter().chain(probabilities).chain(last).collect()
    }
}

fn other_fields(document: &Document) -> Vec<Cell> {
    document.fields.iter().cloned().map(Cell::Field).collect()
}

fn share(text: &str) -> Result<f64, String> {
    let share = text.parse().map_err(|_| "expected a number from 0 to 1, such as 0.9".to_owned())?;
    if (0.0..=1.0).contains(&share) { Ok(share) } else { Err(format!("{share} is not from 0 to 1")) }
}

impl Summary {
    fn say(&self, time: std::time::Duration) {
        let seconds = time.as_secs_f64();
        let rate = self.segments as f64 / seconds.max(1e-3);
        say(format_args!(
            "{}, {} in {seconds:.1} s ({rate:.0} segments/s)",
            counted(self.documents, "document"),
            counted(self.segments, "segment")
        ));
        say(format_args!("stances: {}", self.stances));
        if self.truncated > 0 {
            say(format_args!(
                "{} segment(s) were longer than the encoder sees; their ends did not count",
                self.truncated
            ));
        }
    }
}
