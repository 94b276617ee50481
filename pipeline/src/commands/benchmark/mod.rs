pub(crate) mod cell;
mod classifiers;
mod data;
mod embedding;
mod jobs;
mod results;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum, value_parser};
use standpoint_evaluation::benchmark::{Benchmark, Entrant, Request, Run, Split};
use standpoint_evaluation::bootstrap::Bootstrap;
use standpoint_labels::Scheme;
use standpoint_models::train::FOLDS;
use standpoint_models::{Bundle, Folder};

use self::cell::Task;
use self::classifiers::Choice;
use self::data::Data;
use self::embedding::Embedded;
use self::jobs::Job;
use self::results::{Results, fingerprint};
use super::input::Columns;
use super::schemes;
use crate::cli::{Common, Outcome};
use crate::console::{say, steps};
use crate::output::Output;

/// Shares of what is trained on that a learning curve has beside all of it.
const SHARES: [f64; 3] = [0.125, 0.25, 0.5];

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    standpoint benchmark --labels labels/data/adjudicated.csv --corpus corpus/data --results runs --html benchmark.html\n  \
    standpoint benchmark --train mine.csv --test yours.csv --classifiers majority,logistic-both,svm-both\n\n\
    Settings are chosen within what is trained on, so nothing is tuned on what is tested with.")]
pub(crate) struct Options {
    /// Hand labels, `text,stance` or `document,start,end,stance`, for a cross-validation
    #[arg(long, num_args = 1.., value_name = "FILE", required_unless_present = "train")]
    labels: Vec<PathBuf>,
    /// Hand labels to train on, instead of a cross-validation
    #[arg(long, num_args = 1.., value_name = "FILE", requires = "test", conflicts_with_all = ["labels", "folds", "repeats"])]
    train: Vec<PathBuf>,
    /// Hand labels to test with
    #[arg(long, num_args = 1.., value_name = "FILE", requires = "train")]
    test: Vec<PathBuf>,
    /// The documents that stand-off labels are about
    #[arg(long, num_args = 1.., value_name = "INPUT")]
    corpus: Vec<String>,
    #[command(flatten)]
    columns: Columns,
    /// The scheme of stances, TOML [default: the law of sex work]
    #[arg(long, value_name = "FILE")]
    scheme: Option<PathBuf>,
    /// An encoder in Hugging Face layout [default: that of the bundle compiled in]
    #[arg(long, value_name = "DIR")]
    encoder: Option<PathBuf>,
    /// The classifiers to compare, separated by commas [default: all]
    #[arg(long, value_enum, value_delimiter = ',', value_name = "LIST")]
    classifiers: Vec<Choice>,
    /// Parts of the cross-validation; what belongs to one document or group is never parted
    #[arg(long, default_value_t = 5, value_name = "K", value_parser = value_parser!(u16).range(2..=100))]
    folds: u16,
    /// How often the cross-validation is repeated with other parts
    #[arg(long, default_value_t = 1, value_name = "R", value_parser = value_parser!(u16).range(1..=100))]
    repeats: u16,
    /// How many fifths of what is trained on are held out in turn to choose settings; `train` takes all 5, in five times the time
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = value_parser!(u16).range(1..=5))]
    rounds: u16,
    /// Leave out the learning curve
    #[arg(long)]
    no_curve: bool,
    /// The same seed gives the same figures, times and memory aside
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Write everything as JSON (its schema: evaluation/SCHEMA.md)
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write a page with drawings, for a browser or paper
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Keep what is computed here; a run that was interrupted goes on from it
    #[arg(long, value_name = "DIR")]
    results: Option<PathBuf>,
}

pub(crate) fn run(options: &Options, common: Common) -> Result<Outcome> {
    let started = Instant::now();
    let scheme = options.scheme.as_deref().map_or_else(|| Ok(Scheme::sex_work_law()), schemes::read)?;
    let data = Data::read(options, &scheme)?;
    let reports = Reports::open(options)?;
    let results = Results::open(options.results.as_deref())?;
    let plan = Work::prepare(options, &scheme, &data, &results, common)?;
    let (benchmark, account) = plan.run(common.quiet)?;
    reports.write(&benchmark)?;
    if !common.quiet {
        say(format_args!("{account}, {:.0} s", started.elapsed().as_secs_f64()));
    }
    Ok(Outcome::Done)
}

/// Everything that trainings and tests are made of.
struct Work<'a> {
    options: &'a Options,
    scheme: &'a Scheme,
    data: &'a Data,
    results: &'a Results,
    embedded: Embedded,
    /// The name of the file of texts.
    texts: String,
}

impl<'a> Work<'a> {
    fn prepare(
        options: &'a Options,
        scheme: &'a Scheme,
        data: &'a Data,
        results: &'a Results,
        common: Common,
    ) -> Result<Self> {
        let encoder =
            options.encoder.as_ref().map_or_else(Bundle::built_in_encoder, |folder| Ok(Folder::disk(folder)))?;
        let texts = format!("texts-{}.json", fingerprint(&data.texts)?);
        if !results.file(&texts).is_file() {
            results.keep(&texts, &data.texts)?;
        }
        let written = data.texts.encoded();
        let written: Vec<&str> = written.iter().map(AsRef::as_ref).collect();
        let embedded = embedding::embed(&encoder, &written, scheme, results, common.quiet)?;
        Ok(Self { options, scheme, data, results, embedded, texts })
    }

    /// The benchmark, and how much of it was computed.
    fn run(&self, quiet: bool) -> Result<(Benchmark, String)> {
        let mut request = self.data.request(self.options, self.scheme, self.embedded.cost);
        let shares = self.shares(&mut request);
        let choices = self.options.choices();
        let bar = steps(quiet);
        bar.set_length(((choices.len() + shares.len()) * self.data.splits.len()) as u64);
        let jobs: Vec<Job> = choices.iter().flat_map(|&choice| self.jobs(choice, &self.data.splits)).collect();
        let found = jobs::run(&jobs, self.results, &bar)?;
        let of_choice = found.runs.chunks(self.data.splits.len());
        let entrants: Vec<Entrant> =
            choices.iter().zip(of_choice).map(|(&choice, runs)| entrant(choice, runs)).collect();
        let mut benchmark = Benchmark::build(&request, &entrants);
        let mut counts = (jobs.len(), found.kept);
        if !shares.is_empty() {
            let best = choices.iter().find(|choice| choice.name() == benchmark.classifiers[0].name);
            let jobs: Vec<Job> = best
                .into_iter()
                .flat_map(|&best| shares.iter().flat_map(move |share| self.jobs(best, share)))
                .collect();
            let found = jobs::run(&jobs, self.results, &bar)?;
            let runs: Vec<Vec<Run>> = found.runs.chunks(shares[0].len()).map(<[Run]>::to_vec).collect();
            benchmark = benchmark.with_curve(&request, &runs);
            counts = (counts.0 + jobs.len(), counts.1 + found.kept);
        }
        bar.finish_and_clear();
        Ok((benchmark, format!("{} trainings and tests, {} of them kept from an earlier run", counts.0, counts.1)))
    }

    /// The splits with each share of what is trained on; a share that leaves a stance too few texts is left out, and a note says so.
    fn shares(&self, request: &mut Request) -> Vec<Vec<Split>> {
        let Data { texts, splits, .. } = self.data;
        let mut kept = Vec::new();
        for share in SHARES.into_iter().filter(|_| !self.options.no_curve) {
            // Repeats would tell little more of the curve than the first does.
            let first = splits.iter().filter(|split| split.repeat == 0);
            let of_share: Vec<Split> =
                first.map(|split| split.with_share(share, &texts.groups, self.options.seed)).collect();
            let lacks = |split: &Split| split.lacks(&texts.labels, self.scheme.stances.len(), FOLDS).is_some();
            if of_share.iter().any(lacks) {
                request.notes.push(format!(
                    "The learning curve leaves out {share} of what is trained on: a stance would have fewer than {FOLDS} texts."
                ));
            } else {
                kept.push(of_share);
            }
        }
        kept
    }

    fn jobs(&self, classifier: Choice, splits: &[Split]) -> Vec<Job> {
        let job = |(nth, split): (usize, &Split)| Job {
            name: format!("{}, split {} of {}, {} texts", classifier.name(), nth + 1, splits.len(), split.train.len()),
            repeat: split.repeat,
            task: Task {
                classifier,
                texts: self.texts.clone(),
                embeddings: self.embedded.file.clone(),
                scheme: self.scheme.clone(),
                train: split.train.clone(),
                test: split.test.clone(),
                rounds: self.options.rounds.into(),
                seed: self.options.seed,
            },
        };
        splits.iter().enumerate().map(job).collect()
    }
}

impl Options {
    /// What was asked for, each once, else everything.
    fn choices(&self) -> Vec<Choice> {
        let mut asked =
            if self.classifiers.is_empty() { Choice::value_variants().to_vec() } else { self.classifiers.clone() };
        asked.sort_unstable();
        asked.dedup();
        asked
    }

    fn bootstrap(&self) -> Bootstrap {
        Bootstrap { seed: self.seed, ..Bootstrap::default() }
    }
}

fn entrant(choice: Choice, runs: &[Run]) -> Entrant {
    Entrant {
        name: choice.name(),
        meaning: choice.meaning(),
        sees_embeddings: choice.sees_embeddings(),
        runs: runs.to_vec(),
    }
}

/// The files that reports go to, opened before the work so that a folder that is missing is named before it.
struct Reports {
    json: Option<Output>,
    html: Option<Output>,
}

impl Reports {
    fn open(options: &Options) -> Result<Self> {
        let open = |file: &Option<PathBuf>| file.as_deref().map(|file: &Path| Output::open(Some(file))).transpose();
        if options.json.is_some() && options.json == options.html {
            bail!("--json and --html name the same file; give each its own");
        }
        Ok(Self { json: open(&options.json)?, html: open(&options.html)? })
    }

    fn write(self, benchmark: &Benchmark) -> Result<()> {
        if let Some(mut out) = self.json {
            serde_json::to_writer_pretty(&mut out, benchmark)?;
            writeln!(out)?;
            out.finish()?;
        }
        if let Some(mut out) = self.html {
            out.write_all(benchmark.to_html().as_bytes())?;
            out.finish()?;
        }
        let mut out = Output::open(None)?;
        write!(out, "{benchmark}")?;
        out.finish()
    }
}
