use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use standpoint_corpus::Span;
use standpoint_labels::Predicted;
use standpoint_labels::formats::read_predictions;

use super::columns::{Columns, Value};
use crate::commands::problems::{FIRST_PROBLEMS, say_first};

/// How far from 1 probabilities may add up to: they are written with six decimals.
const ROUNDING: f64 = 1e-3;

/// The predictions of a file.
pub(super) struct Predictions {
    pub(super) file: PathBuf,
    /// The stances of the columns `p_...`, in their order; none where there are no such columns.
    pub(super) probability_stances: Vec<String>,
    pub(super) rows: Vec<Row>,
}

/// One prediction.
pub(super) struct Row {
    /// The row or record it stands in, counted from 1 with the header left out.
    pub(super) number: u64,
    pub(super) place: Predicted,
    pub(super) stance: String,
    /// One a stance of [`Predictions::probability_stances`], where there are any.
    pub(super) probabilities: Option<Vec<f64>>,
    /// How sure the model is, where a column of its own says so.
    pub(super) confidence: Option<f64>,
    pub(super) review: Option<bool>,
    /// What examples are broken down by, one a column asked for.
    pub(super) values: Vec<Value>,
}

impl Predictions {
    /// Reads a file of predictions, with the values of the columns `by`. Every row must be usable: a program wrote them, and scoring a part
    /// would be a silent loss.
    pub(super) fn read(file: &Path, by: &[String]) -> Result<Self> {
        let table = read_predictions(file)?;
        let columns = Columns::find(&table, by).with_context(|| file.display().to_string())?;
        let (mut rows, mut problems) = (Vec::new(), Vec::new());
        for (row, cells) in table.rows {
            match cells.and_then(|cells| columns.row(row, &cells)) {
                Ok(found) => rows.push(found),
                Err(reason) => problems.push(format!("{}: row {row}: {reason}", file.display())),
            }
        }
        if !problems.is_empty() {
            say_first(&problems);
            let named = problems.len().min(FIRST_PROBLEMS);
            bail!(
                "{}: {} row(s) are no predictions (the first {named} are named above)",
                file.display(),
                problems.len()
            );
        }
        let found = Self { file: file.to_owned(), probability_stances: columns.stances().to_vec(), rows };
        say_first(&found.repeated());
        Ok(found)
    }

    /// Names predictions of a span, or of a whole document, that an earlier row already predicted: labels meet the earlier one.
    fn repeated(&self) -> Vec<String> {
        let mut first: HashMap<(&str, Option<Span>, Option<&str>), usize> = HashMap::new();
        let mut problems = Vec::new();
        for (at, prediction) in self.rows.iter().enumerate() {
            let (place, row) = (&prediction.place, prediction.number);
            if place.span.is_none() && place.text.is_some() {
                continue;
            }
            let earlier = *first.entry((&place.document, place.span, place.target.as_deref())).or_insert(at);
            if earlier != at {
                problems.push(format!(
                    "{}: row {row}: this part of document `{}` is predicted in row {} already; labels meet that one",
                    self.file.display(),
                    place.document,
                    self.rows[earlier].number
                ));
            }
        }
        problems
    }
}

impl Columns {
    /// The prediction that a row holds, or why it is none.
    fn row(&self, number: u64, cells: &[String]) -> Result<Row, String> {
        let stance = cells[self.stance].trim().to_owned();
        if stance.is_empty() {
            return Err("the stance is empty".to_owned());
        }
        let probabilities = self.probabilities(cells)?;
        let confidence = self.confidence.map(|at| &cells[at]).filter(|cell| !cell.trim().is_empty());
        let confidence = confidence.map(|cell| probability(cell, "confidence")).transpose()?;
        let place = Predicted {
            document: self.document(cells),
            span: self.span(cells)?,
            text: self.text.map(|at| cells[at].clone()).filter(|text| !text.is_empty()),
            target: self.target.map(|at| cells[at].trim().to_owned()).filter(|target| !target.is_empty()),
        };
        let review = self.review.map(|at| flag(&cells[at])).transpose()?;
        let values = self.by.iter().map(|source| source.value(cells)).collect();
        Ok(Row { number, place, stance, probabilities, confidence, review, values })
    }

    /// What the document is called; nothing where only the text tells what was predicted.
    fn document(&self, cells: &[String]) -> String {
        let names = [self.document, self.id].into_iter().flatten().map(|at| &cells[at]);
        names.into_iter().find(|name| !name.is_empty()).cloned().unwrap_or_default()
    }

    fn span(&self, cells: &[String]) -> Result<Option<Span>, String> {
        let is_empty = |at: usize| cells[at].trim().is_empty();
        let of_part = self.start.zip(self.end).filter(|&(start, end)| !(is_empty(start) && is_empty(end)));
        let Some((start, end)) = of_part else { return Ok(None) };
        let position = |at: usize| {
            let cell = &cells[at];
            cell.trim()
                .parse::<usize>()
                .map_err(|_| format!("`{cell}` is not a character position (a whole number from 0)"))
        };
        let span = Span { start: position(start)?, end: position(end)? };
        if span.start > span.end {
            Err(format!("start {} is after end {}", span.start, span.end))
        } else {
            Ok(Some(span))
        }
    }

    fn probabilities(&self, cells: &[String]) -> Result<Option<Vec<f64>>, String> {
        if self.stances().is_empty() {
            return Ok(None);
        }
        let named = self.probabilities.clone().zip(self.stances());
        let found: Vec<f64> =
            named.map(|(at, stance)| probability(&cells[at], &format!("p_{stance}"))).collect::<Result<_, _>>()?;
        let sum: f64 = found.iter().sum();
        if (sum - 1.0).abs() > ROUNDING {
            Err(format!("the probabilities add up to {sum}, not to 1"))
        } else {
            Ok(Some(found))
        }
    }
}

fn probability(cell: &str, column: &str) -> Result<f64, String> {
    let found = cell.trim().parse().ok().filter(|number| (0.0..=1.0).contains(number));
    found.ok_or_else(|| format!("`{cell}` in column `{column}` is not a number from 0 to 1"))
}

fn flag(cell: &str) -> Result<bool, String> {
    match cell.trim().to_lowercase().as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(format!("`{cell}` in column `review` is neither true nor false")),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::columns::Columns;
    use standpoint_labels::formats::Table;

    #[test]
    fn what_is_no_prediction_says_why() {
        let header = "document,start,end,stance,confidence,p_a,p_b,review";
        let cases = [
            ("d,0,5,a,0.7,0.7,0.3,false", None),
            ("d,,,a,,0.7,0.3,false", None),
            ("d,0,5,,0.7,0.7,0.3,false", Some("the stance is empty")),
            ("d,0,5,a,0.7,0.7,0.5,false", Some("add up to 1.2")),
            ("d,0,5,a,0.7,NaN,0.3,false", Some("`NaN` in column `p_a` is not a number from 0 to 1")),
            ("d,0,5,a,70%,0.7,0.3,false", Some("`70%` in column `confidence`")),
            ("d,0,5,a,0.7,0.7,0.3,maybe", Some("`maybe` in column `review`")),
            ("d,9,5,a,0.7,0.7,0.3,TRUE", Some("start 9 is after end 5")),
            ("d,-1,5,a,0.7,0.7,0.3,TRUE", Some("`-1` is not a character position")),
        ];
        let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
        let columns = Columns::find(&Table { header: cells(header), rows: Vec::new() }, &[]).unwrap();
        for (line, expected) in cases {
            let found = columns.row(1, &cells(line)).err();
            let same = match (&found, expected) {
                (Some(found), Some(expected)) => found.contains(expected),
                (found, expected) => found.is_none() && expected.is_none(),
            };
            assert!(same, "{line}: {found:?}");
        }
    }
}
