use serde::Serialize;

use super::Figure;
use crate::comparison::Named;

/// What became of the hand labels of a file. `read` is the sum of the other counts but `rejected`, `skipped` and `documents`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// Labels read.
    pub read: usize,
    /// Rows of the label file that are no labels.
    pub rejected: usize,
    /// Answers in the label file that judge nothing: ignored, rejected, cancelled or not given.
    pub skipped: usize,
    /// Labels scored.
    pub scored: usize,
    /// Labels that met no prediction.
    pub unmatched: usize,
    /// Labels not counted because an earlier one is of the same prediction.
    pub duplicate: usize,
    /// Labels of a stance that the predictions do not know.
    pub foreign: usize,
    /// Documents that the scored labels belong to.
    pub documents: usize,
}

/// A set of predictions that met their labels.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// Its name and what is scored.
    pub named: Named,
    /// Its file.
    pub file: String,
    /// What became of the labels.
    pub counts: Counts,
    /// Every label that is not scored, and every row that is none: file, row and reason.
    pub not_scored: Vec<String>,
    /// Labels that are scored though something may be wrong with them: file, row and what.
    pub doubtful: Vec<String>,
}

/// Scores of one stance; null where they would divide by zero.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StanceReport {
    /// The stance.
    pub stance: String,
    /// Share of its predictions that are right; null when it was never predicted.
    pub precision: Option<f64>,
    /// Share of its hand labels that were found; null when there are none.
    pub recall: Option<f64>,
    /// Harmonic mean of both; null when it was neither labelled nor predicted.
    pub f1: Option<f64>,
    /// Number of its hand labels.
    pub support: usize,
    /// Number of its predictions.
    pub predicted: usize,
}

/// One bin of the reliability curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BinReport {
    /// Lower edge, outside the bin (but in the first).
    pub from: f64,
    /// Upper edge, inside the bin.
    pub to: f64,
    /// Number of predictions.
    pub count: usize,
    /// Their mean confidence; null when there are none.
    pub confidence: Option<f64>,
    /// Share of them that are right; null when there are none.
    pub accuracy: Option<f64>,
}

/// The headline figures broken down by a column.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Breakdown {
    /// The column.
    pub column: String,
    /// One entry a value, the most frequent first.
    pub parts: Vec<Part>,
}

/// The examples that share a value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part {
    /// The value.
    pub value: String,
    /// Number of labels.
    pub labels: usize,
    /// Number of documents that they belong to.
    pub documents: usize,
    /// The headline figures of these labels.
    pub headline: Vec<Figure>,
}

/// A wrong prediction.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mistake {
    /// The row of the hand label in its file, counted from 1 with the header left out.
    pub row: u64,
    /// The document.
    pub document: String,
    /// Start and end in Unicode scalar values, where the label has a span.
    pub span: Option<[usize; 2]>,
    /// The text, where either file holds it.
    pub text: Option<String>,
    /// The stance of the hand label.
    pub hand: String,
    /// The stance predicted.
    pub predicted: String,
    /// How sure the prediction is.
    pub confidence: Option<f64>,
    /// One probability a stance.
    pub probabilities: Option<Vec<f64>>,
}
