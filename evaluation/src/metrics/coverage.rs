use serde::Serialize;

use super::ratio;
use crate::Example;

/// What is kept, and how much of it is right, when the program abstains below a confidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CoveragePoint {
    /// Predictions at least this confident are kept.
    pub threshold: f64,
    /// Share of the predictions that are kept, above 0 and at most 1.
    pub coverage: f64,
    /// Share of the kept predictions that are right.
    pub accuracy: f64,
}

/// Accuracy against coverage. Predictions that are equally confident are kept or left together, so their order does not matter.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Coverage {
    /// Mean over the predictions of the accuracy among those at least as confident: 1 when every right one is surer than every wrong one and
    /// none is wrong; 1 minus the area under the risk-coverage curve.
    ///
    /// Source: Geifman and El-Yaniv, "Selective Classification for Deep Neural Networks" (2017).
    pub area: f64,
    /// One point a distinct confidence, from the surest to the least sure (all predictions).
    pub points: Vec<CoveragePoint>,
}

impl Coverage {
    /// The curve of predictions given as (confidence, right); `None` when there are none.
    #[must_use]
    pub fn of(predictions: impl IntoIterator<Item = (f64, bool)>) -> Option<Self> {
        let mut sorted: Vec<(f64, bool)> = predictions.into_iter().collect();
        sorted.sort_by(|one, other| other.0.total_cmp(&one.0));
        let (mut kept, mut right, mut area) = (0, 0, 0.0);
        let mut points = Vec::new();
        for tied in sorted.chunk_by(|one, other| one.0.total_cmp(&other.0).is_eq()) {
            kept += tied.len();
            right += tied.iter().filter(|(_, right)| *right).count();
            let accuracy = right as f64 / kept as f64;
            area += accuracy * tied.len() as f64;
            points.push(CoveragePoint { threshold: tied[0].0, coverage: kept as f64 / sorted.len() as f64, accuracy });
        }
        (!sorted.is_empty()).then(|| Self { area: area / sorted.len() as f64, points })
    }
}

/// What the `review` flag does: how much it keeps, and how right the predictions on either side of it are.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Review {
    /// Share of the predictions that are not flagged.
    pub coverage: f64,
    /// Share of the predictions without the flag that are right; `None` when all are flagged.
    pub accuracy_kept: Option<f64>,
    /// Share of the flagged predictions that are right; `None` when none is flagged.
    pub accuracy_flagged: Option<f64>,
}

impl Review {
    /// Counts on both sides of the flag; `None` when no example has one.
    #[must_use]
    pub fn of(examples: &[Example]) -> Option<Self> {
        let count = |flag: bool, right_only: bool| {
            examples.iter().filter(|one| one.review == Some(flag) && (one.right() || !right_only)).count()
        };
        let (kept, flagged) = (count(false, false), count(true, false));
        Some(Self {
            coverage: ratio(kept, kept + flagged)?,
            accuracy_kept: ratio(count(false, true), kept),
            accuracy_flagged: ratio(count(true, true), flagged),
        })
    }
}
