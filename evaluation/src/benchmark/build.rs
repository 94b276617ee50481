use std::collections::{BTreeMap, BTreeSet};

use standpoint_labels::{Place, Prediction};

use super::{Benchmark, Chosen, Cost, Curve, Data, EncoderCost, Entry, Method, Outcome, Point, VERSION};
use crate::bootstrap::Bootstrap;
use crate::comparison::{Contestant, compare_resampled};
use crate::report::{Figure, Intervals};
use crate::{Example, Headline, Resampled};

/// What a benchmark is of.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The program that asks, with its version.
    pub program: String,
    /// The files of hand labels.
    pub files: Vec<String>,
    /// The stances; labels are positions in this list.
    pub stances: Vec<String>,
    /// Positions of the stances whose mean F1 is wanted too; empty when none are.
    pub named: Vec<usize>,
    /// The stance of each text.
    pub labels: Vec<usize>,
    /// What each text belongs to: what resamples draw whole.
    pub groups: Vec<String>,
    /// Number of documents that the texts are of.
    pub documents: usize,
    /// What was trained on and tested with.
    pub method: Method,
    /// What a reader should know before believing the figures.
    pub notes: Vec<String>,
    /// What turned texts into embeddings.
    pub encoder: EncoderCost,
    /// How intervals are drawn.
    pub bootstrap: Bootstrap,
}

/// One training and test.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// The repeat that it is part of.
    pub repeat: usize,
    /// Number of texts trained on.
    pub trained: usize,
    /// The texts tested with.
    pub test: Vec<usize>,
    /// What it gave.
    pub outcome: Outcome,
}

/// What a classifier needs of encoders, which is part of what it costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EncoderUse {
    /// It sees no embeddings; a bundle holds the shared encoder all the same.
    Unseen,
    /// The embeddings of the shared encoder, which were given to it.
    Shared,
    /// One of its own, whose time and size are part of what its runs measured.
    Own,
}

/// A classifier with its trainings and tests.
#[derive(Debug, Clone, PartialEq)]
pub struct Entrant {
    /// What `--classifiers` calls it.
    pub name: String,
    /// What it is.
    pub meaning: String,
    /// What it needs of encoders.
    pub encoder: EncoderUse,
    /// Whether it learns from labels; what does not has no learning curve.
    pub learns: bool,
    /// One a split.
    pub runs: Vec<Run>,
}

impl Benchmark {
    /// Ranks the classifiers and compares each with all others. All are of the same splits.
    #[must_use]
    pub fn build(request: &Request, entrants: &[Entrant]) -> Self {
        let mut scored: Vec<Scored> = entrants.iter().map(|entrant| request.score(entrant)).collect();
        scored.sort_by(|one, other| other.macro_f1().total_cmp(&one.macro_f1()));
        let contestants: Vec<Contestant<'_>> = scored.iter().map(Scored::contestant).collect();
        let comparisons = compare_resampled(&contestants, &request.headlines(), request.bootstrap);
        let level = request.bootstrap.level;
        // The pairs of the first come first, in the order of ranks.
        let is_best = |at: usize| at == 0 || !comparisons[at - 1].is_shown(level);
        Self {
            schema: "standpoint.benchmark",
            version: VERSION,
            program: request.program.clone(),
            labels: request.files.clone(),
            stances: request.stances.clone(),
            named: request.named.iter().map(|&stance| request.stances[stance].clone()).collect(),
            data: request.data(),
            method: request.method.clone(),
            intervals: Intervals::of("groups", request.bootstrap),
            notes: request.notes.clone(),
            encoder: request.encoder,
            classifiers: scored.iter().enumerate().map(|(at, one)| request.entry(at, is_best(at), one)).collect(),
            comparisons,
            curve: None,
        }
    }

    /// Adds the learning curve of the classifier of this name: its runs on each share of the texts, from the smallest on, before those on all.
    #[must_use]
    pub fn with_curve(mut self, request: &Request, name: &str, shares: &[Vec<Run>]) -> Self {
        let Some(entry) = self.classifiers.iter().find(|entry| entry.name == name) else { return self };
        let point = |runs: &Vec<Run>| Point {
            trained: mean(runs, |run| run.trained as f64),
            headline: request.figures(&request.resample(&request.examples(runs))),
        };
        let all = Point { trained: request.method.trained, headline: entry.headline.clone() };
        let points = shares.iter().map(point).chain([all]).collect();
        self.curve = Some(Curve { classifier: entry.name.clone(), points });
        self
    }
}

/// A classifier with its figures.
struct Scored<'a> {
    entrant: &'a Entrant,
    /// The first repeat alone: `McNemar`'s test takes every label once.
    once: Vec<Example>,
    /// Of all repeats together; a resample draws a group with the predictions of every repeat.
    resampled: Resampled,
    by_repeat: Vec<Option<f64>>,
}

impl Scored<'_> {
    fn contestant(&self) -> Contestant<'_> {
        Contestant { name: &self.entrant.name, examples: &self.once, resampled: &self.resampled }
    }

    fn macro_f1(&self) -> f64 {
        self.resampled.whole[0].unwrap_or(f64::NEG_INFINITY)
    }
}

impl Request {
    /// What is compared by; the first ranks.
    fn headlines(&self) -> Vec<Headline> {
        let named = (!self.named.is_empty()).then(|| Headline::NamedF1(self.named.clone()));
        let of_probabilities = [Headline::LogLoss, Headline::CalibrationError];
        [Headline::MacroF1, Headline::Accuracy].into_iter().chain(named).chain(of_probabilities).collect()
    }

    fn score<'a>(&self, entrant: &'a Entrant) -> Scored<'a> {
        let mut of_repeats: BTreeMap<usize, Vec<Example>> = BTreeMap::new();
        for run in &entrant.runs {
            of_repeats.entry(run.repeat).or_default().extend(self.examples([run]));
        }
        for examples in of_repeats.values_mut() {
            examples.sort_by_key(|example| example.row);
        }
        let macro_f1 = |examples: &Vec<Example>| Headline::MacroF1.of(&crate::Tally::of(self.stances.len(), examples));
        Scored {
            entrant,
            by_repeat: of_repeats.values().map(macro_f1).collect(),
            resampled: self.resample(of_repeats.values().flatten()),
            once: of_repeats.into_values().next().unwrap_or_default(),
        }
    }

    fn resample<'a>(&self, examples: impl IntoIterator<Item = &'a Example>) -> Resampled {
        Resampled::new(examples, self.stances.len(), &self.headlines(), self.bootstrap)
    }

    fn figures(&self, resampled: &Resampled) -> Vec<Figure> {
        Figure::all(&self.headlines(), resampled, self.bootstrap)
    }

    fn examples<'a>(&self, runs: impl IntoIterator<Item = &'a Run>) -> Vec<Example> {
        let of_run = |run: &'a Run| run.test.iter().zip(&run.outcome.probabilities);
        runs.into_iter().flat_map(of_run).map(|(&text, probabilities)| self.example(text, probabilities)).collect()
    }

    fn example(&self, text: usize, probabilities: &[f64]) -> Example {
        let prediction = Prediction { probabilities: probabilities.to_vec(), review: false };
        Example {
            place: Place::Text { text: String::new(), id: None, document: None },
            document: self.groups[text].clone(),
            text: None,
            row: text as u64,
            hand: self.labels[text],
            predicted: prediction.stance(),
            confidence: Some(prediction.confidence()),
            probabilities: Some(prediction.probabilities),
            review: None,
            values: Vec::new(),
        }
    }

    fn data(&self) -> Data {
        let count = |stance: usize| self.labels.iter().filter(|&&label| label == stance).count();
        Data {
            texts: self.labels.len(),
            groups: self.groups.iter().collect::<BTreeSet<_>>().len(),
            documents: self.documents,
            by_stance: (0..self.stances.len()).map(count).collect(),
        }
    }

    fn entry(&self, at: usize, is_best: bool, scored: &Scored<'_>) -> Entry {
        let Entrant { name, meaning, runs, .. } = scored.entrant;
        Entry {
            rank: at + 1,
            name: name.clone(),
            meaning: meaning.clone(),
            is_best,
            headline: self.figures(&scored.resampled),
            by_repeat: scored.by_repeat.clone(),
            settings: settings(runs),
            cost: self.cost(scored.entrant),
        }
    }

    fn cost(&self, Entrant { encoder, runs, .. }: &Entrant) -> Cost {
        let seconds_of_encoder = if *encoder == EncoderUse::Shared { self.encoder.seconds_per_text } else { 0.0 };
        let bytes_of_encoder = if *encoder == EncoderUse::Own { 0 } else { self.encoder.bytes };
        let tested: usize = runs.iter().map(|run| run.test.len()).sum();
        let labelling = runs.iter().map(|run| run.outcome.label_seconds).sum::<f64>() / tested.max(1) as f64;
        let seconds = labelling + seconds_of_encoder;
        Cost {
            train_seconds: mean(runs, |run| run.outcome.train_seconds),
            label_seconds_per_thousand: 1_000.0 * seconds,
            texts_per_second: 1.0 / seconds.max(1e-9),
            peak_memory_bytes: runs.iter().filter_map(|run| run.outcome.peak_memory_bytes).max(),
            bundle_bytes: bytes_of_encoder + runs.iter().map(|run| run.outcome.bundle_bytes).max().unwrap_or(0),
        }
    }
}

/// The settings chosen, the most frequent first.
fn settings(runs: &[Run]) -> Vec<Chosen> {
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for run in runs {
        *times.entry(&run.outcome.settings).or_default() += 1;
    }
    let mut chosen: Vec<Chosen> =
        times.into_iter().map(|(settings, times)| Chosen { settings: settings.to_owned(), times }).collect();
    chosen.sort_by_key(|chosen| std::cmp::Reverse(chosen.times));
    chosen
}

fn mean(runs: &[Run], value: impl Fn(&Run) -> f64) -> f64 {
    runs.iter().map(value).sum::<f64>() / runs.len().max(1) as f64
}
