//! A report of an evaluation: one tree of values ([`Report`], the JSON schema of `SCHEMA.md`) and its views, a table for a terminal and a page
//! of HTML.

mod build;
mod figure;
pub(crate) mod html;
mod parts;
pub(crate) mod svg;
mod terminal;

use serde::Serialize;

pub use build::Request;
pub use figure::Figure;
pub use parts::{BinReport, Breakdown, Counts, Mistake, Part, Scored, StanceReport};

use crate::comparison::Comparison;
use crate::metrics::{Averages, Coverage, Review};

/// The version of the JSON schema; it grows when a field is removed or changes its meaning.
pub const VERSION: u32 = 1;

/// Everything an evaluation found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Always `standpoint.evaluation`.
    pub schema: &'static str,
    /// The schema's version.
    pub version: u32,
    /// The program that wrote it, with its version.
    pub program: String,
    /// The file of hand labels.
    pub labels: String,
    /// What counts as one example: `label` or `document`.
    pub unit: &'static str,
    /// The stances, in the order of every list that has one entry a stance.
    pub stances: Vec<String>,
    /// The stances that the F over named stances is of.
    pub named: Vec<String>,
    /// How intervals were drawn.
    pub intervals: Intervals,
    /// One entry a file of predictions; the first is what was asked about.
    pub sets: Vec<SetReport>,
    /// Every pair of sets.
    pub comparisons: Vec<Comparison>,
}

/// How intervals were drawn.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Intervals {
    /// Always `percentile bootstrap`.
    pub method: &'static str,
    /// What was resampled: `documents`, each with all its labels, or `groups` of documents.
    pub resampled: &'static str,
    /// Share of the resamples inside the interval.
    pub level: f64,
    /// Number of resamples.
    pub resamples: usize,
    /// Seed of the generator, `ChaCha8`.
    pub seed: u64,
}

/// As the tables for a terminal say it.
impl std::fmt::Display for Intervals {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { method, resampled, level, resamples, seed } = self;
        write!(out, "intervals: {:.0} % {method} over {resampled}, {resamples} resamples, seed {seed}", 100.0 * level)
    }
}

/// What was found of one set of predictions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SetReport {
    /// What the report calls the set.
    pub name: String,
    /// Its file.
    pub file: String,
    /// What became of the hand labels.
    pub counts: Counts,
    /// Every label that is not scored, and every row that is none: file, row and reason.
    pub not_scored: Vec<String>,
    /// What a reader should know before believing the figures.
    pub notes: Vec<String>,
    /// The headline figures.
    pub headline: Vec<Figure>,
    /// Scores averaged over stances; null without labels.
    pub averages: Option<Averages>,
    /// Scores of each stance.
    pub stances: Vec<StanceReport>,
    /// Counts of hand labels (rows) against predictions (columns).
    pub confusion: Vec<Vec<usize>>,
    /// The reliability curve; null where the predictions have no confidence.
    pub reliability: Option<Vec<BinReport>>,
    /// Accuracy against coverage, at most 200 points; null where the predictions have no confidence.
    pub coverage: Option<Coverage>,
    /// Both sides of the `review` flag; null where the predictions have none.
    pub review: Option<Review>,
    /// One entry a column that was asked for.
    pub by: Vec<Breakdown>,
    /// The wrong predictions, the surest first.
    pub errors: Vec<Mistake>,
}
