pub(crate) mod cell;
mod classifiers;
mod data;
mod embedding;
mod jobs;
mod models;
mod options;
mod results;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Result, bail};
use standpoint_evaluation::benchmark::{Benchmark, Entrant, Entry, Request, Run, Split};
use standpoint_labels::Scheme;
use standpoint_models::train::FOLDS;

use self::cell::{Settings, Task};
use self::classifiers::{Choice, Way};
use self::data::Data;
use self::embedding::Embedded;
use self::jobs::Job;
use self::models::ModelFolder;
pub(crate) use self::options::Options;
use self::results::{Results, fingerprint};
use super::schemes;
use crate::cli::{Common, Outcome};
use crate::console::{say, steps};
use crate::output::Output;

/// Shares of what is trained on that a learning curve has beside all of it.
const SHARES: [f64; 3] = [0.125, 0.25, 0.5];

pub(crate) fn run(options: &Options, common: Common) -> Result<Outcome> {
    let started = Instant::now();
    let scheme = options.scheme.as_deref().map_or_else(|| Ok(Scheme::sex_work_law()), schemes::read)?;
    options.check(&scheme)?;
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
    choices: Vec<Choice>,
    /// What `tuned` starts from, where it takes part and it is not compiled in.
    to_tune: Option<ModelFolder>,
    /// What `zero-shot` asks, where it takes part.
    to_ask: Option<ModelFolder>,
}

impl<'a> Work<'a> {
    fn prepare(
        options: &'a Options,
        scheme: &'a Scheme,
        data: &'a Data,
        results: &'a Results,
        common: Common,
    ) -> Result<Self> {
        let encoder = options.encoder.folder()?;
        let texts = format!("texts-{}.json", fingerprint(&data.texts)?);
        if !results.file(&texts).is_file() {
            results.keep(&texts, &data.texts)?;
        }
        let written = data.texts.encoded();
        let written: Vec<&str> = written.iter().map(AsRef::as_ref).collect();
        let embedded = embedding::embed(&encoder, &written, scheme, results, common.quiet)?;
        let choices = options.choices();
        let to_tune = options.encoder.path().filter(|_| choices.contains(&Choice::Tuned));
        let [to_tune, to_ask] =
            [to_tune, options.zero_shot.as_deref()].map(|folder| folder.map(ModelFolder::read).transpose());
        Ok(Self { options, scheme, data, results, embedded, texts, choices, to_tune: to_tune?, to_ask: to_ask? })
    }

    /// The benchmark, and how much of it was computed.
    fn run(&self, quiet: bool) -> Result<(Benchmark, String)> {
        let mut request = self.data.request(self.options, self.scheme, self.embedded.cost)?;
        let shares = self.shares(&mut request);
        let choices = &self.choices;
        let bar = steps(quiet);
        bar.set_length(((choices.len() + shares.len()) * self.data.splits.len()) as u64);
        let jobs: Vec<Job> = choices.iter().flat_map(|&choice| self.jobs(choice, &self.data.splits)).collect();
        let found = jobs::run(&jobs, self.results, &bar)?;
        let of_choice = found.runs.chunks(self.data.splits.len());
        let entrants: Vec<Entrant> =
            choices.iter().zip(of_choice).map(|(&choice, runs)| entrant(choice, runs)).collect();
        let mut benchmark = Benchmark::build(&request, &entrants);
        let mut counts = (jobs.len(), found.kept);
        let learns = |entry: &Entry| choices.iter().find(|choice| choice.learns() && choice.name() == entry.name);
        if let Some(&best) = benchmark.classifiers.iter().find_map(learns).filter(|_| !shares.is_empty()) {
            let jobs: Vec<Job> = shares.iter().flat_map(|share| self.jobs(best, share)).collect();
            let found = jobs::run(&jobs, self.results, &bar)?;
            let runs: Vec<Vec<Run>> = found.runs.chunks(shares[0].len()).map(<[Run]>::to_vec).collect();
            benchmark = benchmark.with_curve(&request, &best.name(), &runs);
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
                settings: self.settings(classifier),
                texts: self.texts.clone(),
                embeddings: self.embedded.file.clone(),
                scheme: self.scheme.clone(),
                // What learns nothing is the same whatever it would have learnt from.
                train: if classifier.learns() { split.train.clone() } else { Vec::new() },
                test: split.test.clone(),
                seed: self.options.seed,
            },
        };
        splits.iter().enumerate().map(job).collect()
    }

    fn settings(&self, classifier: Choice) -> Settings {
        match (classifier.way(), &self.to_ask) {
            (Way::ZeroShot, Some(model)) => {
                Settings::ZeroShot { model: model.clone(), device: self.options.device.clone() }
            }
            (Way::Tuned, _) => Settings::Tuning {
                encoder: self.options.encoder.clone(),
                files: self.to_tune.clone(),
                options: self.options.tuning,
            },
            _ => Settings::Search { rounds: self.options.rounds.into() },
        }
    }
}

fn entrant(choice: Choice, runs: &[Run]) -> Entrant {
    Entrant {
        name: choice.name(),
        meaning: choice.meaning(),
        encoder: choice.encoder(),
        learns: choice.learns(),
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
