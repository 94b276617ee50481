mod columns;
mod meeting;
mod predictions;
mod stances;

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use standpoint_evaluation::bootstrap::Bootstrap;
use standpoint_evaluation::comparison::Named;
use standpoint_evaluation::report::{Counts, Report, Request, Scored};
use standpoint_labels::LabelFile;

use self::meeting::{Meeting, meet_labels};
use self::predictions::Predictions;
use super::positive::Positive;
use super::problems::say_first;
use super::{hand_labels, schemes, stdin};
use crate::cli::Outcome;
use crate::output::Output;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  \
    standpoint label corpus/samples/comments.csv -o labelled.csv\n  \
    standpoint evaluate labelled.csv --against corpus/samples/hand-labels.csv \\\n      \
        --html report.html\n\n\
    Intervals are percentile bootstraps that draw whole documents, since labels of one document are not independent.")]
pub(crate) struct Options {
    /// What `standpoint label` wrote, or a table or tool's file with stances predicted otherwise; - for standard input
    #[arg(value_name = "PREDICTED")]
    predicted: PathBuf,
    /// Hand labels, `text,stance` or `document,start,end,stance`, or what Label Studio, Argilla, doccano or Prodigy exported; - for standard input
    #[arg(long, value_name = "HAND_LABELS")]
    against: PathBuf,
    /// Other predictions for the same labels, to say which are better; may be given several times
    #[arg(long, value_name = "PREDICTED")]
    compare: Vec<PathBuf>,
    /// Score against the labels of this annotator only
    #[arg(long, value_name = "NAME")]
    annotator: Option<String>,
    /// The scheme by whose ids, names and order the files call the stances [default: found from the predictions]
    #[arg(long, value_name = "FILE")]
    scheme: Option<PathBuf>,
    /// Break the figures down by a column of PREDICTED, or by `length` of the text; may be given several times
    #[arg(long, value_name = "COLUMN")]
    by: Vec<String>,
    /// What counts once: every label, or every document with its labels and predictions pooled by their length
    #[arg(long, value_enum, default_value_t = EvaluationUnit::Label)]
    unit: EvaluationUnit,
    #[command(flatten)]
    positive: Positive,
    /// Write everything as JSON (its schema: evaluation/SCHEMA.md)
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write a page with drawings and every error, for a browser or paper
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Seed of the bootstrap
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum EvaluationUnit {
    /// Every hand label
    Label,
    /// Every document
    Document,
}

impl Options {
    fn by_document(&self) -> bool {
        self.unit == EvaluationUnit::Document
    }
}

pub(crate) fn run(options: &Options) -> Result<Outcome> {
    let files = [&options.predicted, &options.against].into_iter().chain(&options.compare);
    stdin::only_once(files)?;
    let mut sets = vec![Predictions::read(&options.predicted, &options.by)?];
    for file in &options.compare {
        sets.push(Predictions::read(file, &[])?);
    }
    let scheme = options.scheme.as_deref().map(schemes::read).transpose()?;
    let mut hand = hand_labels::read(&options.against, scheme.as_ref())?;
    say_first(&hand.problems);
    if let Some(annotator) = &options.annotator {
        hand_labels::keep(&mut hand, annotator)?;
    }
    let stances = stances::of_all(&mut sets, &mut hand.labels, scheme.as_ref())?;
    let request = request(options, stances)?;
    let scored = score_all(options, &request, &sets, &hand)?;
    let report = Report::build(&request, &scored);
    write(options, &report)?;
    Ok(if hand.problems.is_empty() { Outcome::Done } else { Outcome::DoneWithRejects })
}

fn request(options: &Options, stances: Vec<String>) -> Result<Request> {
    if options.by_document() && options.by.iter().any(|column| column == columns::LENGTH) {
        bail!("--by {} breaks labels down, not documents; leave out --unit document", columns::LENGTH);
    }
    Ok(Request {
        program: concat!("standpoint ", env!("CARGO_PKG_VERSION")).to_owned(),
        labels: options.against.display().to_string(),
        named: options.positive.positions(&stances)?,
        stances,
        columns: options.by.clone(),
        by_document: options.by_document(),
        bootstrap: Bootstrap { seed: options.seed, ..Bootstrap::default() },
    })
}

fn score_all(options: &Options, request: &Request, sets: &[Predictions], hand: &LabelFile) -> Result<Vec<Scored>> {
    let names = names(sets);
    let (rejected, skipped) = (hand.problems.len(), hand.skipped.values().sum());
    let mut scored = Vec::new();
    for (set, name) in sets.iter().zip(names) {
        let meeting = meet_labels(&hand.labels, &options.against, set, request);
        meeting.say();
        let mut not_scored: Vec<String> = hand.problems.iter().map(ToString::to_string).collect();
        not_scored.extend(meeting.not_scored().cloned());
        let Meeting { examples, counts, doubtful, .. } = meeting;
        if examples.is_empty() {
            bail!(
                "{}: none of its {} labels can be scored against {}; are both of the same corpus and scheme?",
                options.against.display(),
                hand.labels.len(),
                set.file.display()
            );
        }
        scored.push(Scored {
            named: Named { name, examples },
            file: set.file.display().to_string(),
            counts: Counts { rejected, skipped, ..counts },
            not_scored,
            doubtful,
        });
    }
    Ok(scored)
}

/// The files' names without folder and extension, or their whole paths where these do not tell them apart.
fn names(sets: &[Predictions]) -> Vec<String> {
    let stem = |file: &Path| file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let shared = |name: &String| sets.iter().filter(|set| stem(&set.file) == *name).count() > 1;
    let name = |set: &Predictions| {
        Some(stem(&set.file)).filter(|name| !shared(name)).unwrap_or_else(|| set.file.display().to_string())
    };
    sets.iter().map(name).collect()
}

fn write(options: &Options, report: &Report) -> Result<()> {
    if let Some(file) = &options.json {
        let mut out = Output::open(Some(file))?;
        serde_json::to_writer_pretty(&mut out, report)
            .with_context(|| format!("{}: cannot be written", file.display()))?;
        writeln!(out)?;
        out.finish()?;
    }
    if let Some(file) = &options.html {
        let mut out = Output::open(Some(file))?;
        out.write_all(report.to_html().as_bytes()).with_context(|| format!("{}: cannot be written", file.display()))?;
        out.finish()?;
    }
    let mut out = Output::open(None)?;
    write!(out, "{report}")?;
    out.finish()
}
