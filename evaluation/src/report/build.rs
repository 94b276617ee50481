use std::collections::{BTreeMap, BTreeSet};

use standpoint_labels::Place;

use super::{
    BinReport, Breakdown, Counts, Figure, Intervals, Mistake, Part, Report, Scored, SetReport, StanceReport, VERSION,
};
use crate::bootstrap::Bootstrap;
use crate::comparison::{Named, align, compare};
use crate::metrics::{Coverage, Reliability, Review};
use crate::{Example, Headline, Resampled, Tally, roll_up};

/// With fewer documents a note warns of the intervals: percentile intervals of so few are too narrow.
const FEW_DOCUMENTS: usize = 20;
/// Points of the accuracy-coverage curve kept: more cannot be told apart in a drawing.
const CURVE_POINTS: usize = 200;

/// What an evaluation is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The program that asks, with its version.
    pub program: String,
    /// The file of hand labels.
    pub labels: String,
    /// The stances; examples hold positions in this list.
    pub stances: Vec<String>,
    /// Positions of the stances whose mean F1 is wanted; none for no such figure.
    pub named: Vec<usize>,
    /// The columns that [`Example::values`] hold.
    pub columns: Vec<String>,
    /// Whether labels are rolled up to documents first.
    pub by_document: bool,
    /// How intervals are drawn.
    pub bootstrap: Bootstrap,
}

impl Report {
    /// Scores sets of predictions and compares them.
    #[must_use]
    pub fn build(request: &Request, sets: &[Scored]) -> Self {
        let headlines = Headline::all(&request.named);
        let names: Vec<Named> = sets.iter().map(|set| set.named.clone()).collect();
        let aligned: Vec<Named> = align(&names).into_iter().map(|set| request.unit_of(set)).collect();
        let position = |&stance: &usize| request.stances[stance].clone();
        Self {
            schema: "standpoint.evaluation",
            version: VERSION,
            program: request.program.clone(),
            labels: request.labels.clone(),
            unit: if request.by_document { "document" } else { "label" },
            stances: request.stances.clone(),
            named: request.named.iter().map(position).collect(),
            intervals: Intervals::of("documents", request.bootstrap),
            sets: sets.iter().map(|set| request.set(set, &headlines)).collect(),
            comparisons: compare(&aligned, request.stances.len(), &headlines, request.bootstrap),
        }
    }
}

impl Intervals {
    pub(crate) fn of(resampled: &'static str, bootstrap: Bootstrap) -> Self {
        let Bootstrap { level, resamples, seed } = bootstrap;
        Self { method: "percentile bootstrap", resampled, level, resamples, seed }
    }
}

impl Request {
    /// The set with one example a document, where that is asked for.
    fn unit_of(&self, set: Named) -> Named {
        if !self.by_document {
            return set;
        }
        Named { name: set.name, examples: roll_up(&set.examples, self.stances.len()) }
    }

    fn set(&self, scored: &Scored, headlines: &[Headline]) -> SetReport {
        let Scored { named, file, counts, not_scored, doubtful } = scored;
        let Named { name, examples } = self.unit_of(named.clone());
        let tally = Tally::of(self.stances.len(), &examples);
        let counts = Counts { documents: documents(&examples), ..*counts };
        // Only the first set is read with the columns that it is broken down by.
        let columns = examples.first().map_or(0, |example| example.values.len());
        let confident = examples.iter().filter_map(|example| Some((example.confidence?, example.right())));
        SetReport {
            name,
            file: file.clone(),
            notes: [notes(counts, &tally), doubtful.clone()].concat(),
            counts,
            not_scored: not_scored.clone(),
            headline: self.figures(&examples, headlines),
            averages: tally.confusion.averages(),
            stances: self.stance_reports(&tally),
            confusion: tally.confusion.rows().to_vec(),
            reliability: tally.reliability.error().map(|_| bins(&tally.reliability)),
            coverage: Coverage::of(confident).map(thinned),
            review: Review::of(&examples),
            by: (0..columns).map(|column| self.breakdown(column, &examples, headlines)).collect(),
            errors: self.mistakes(&examples),
        }
    }

    fn figures<'a>(&self, examples: impl IntoIterator<Item = &'a Example>, headlines: &[Headline]) -> Vec<Figure> {
        let found = Resampled::new(examples, self.stances.len(), headlines, self.bootstrap);
        Figure::all(headlines, &found, self.bootstrap)
    }

    fn stance_reports(&self, tally: &Tally) -> Vec<StanceReport> {
        let confusion = &tally.confusion;
        let report = |(at, stance): (usize, &String)| StanceReport {
            stance: stance.clone(),
            precision: confusion.precision(at),
            recall: confusion.recall(at),
            f1: confusion.f1(at),
            support: confusion.support(at),
            predicted: confusion.predicted(at),
        };
        self.stances.iter().enumerate().map(report).collect()
    }

    fn breakdown(&self, column: usize, examples: &[Example], headlines: &[Headline]) -> Breakdown {
        let mut by_value: BTreeMap<&str, Vec<&Example>> = BTreeMap::new();
        for example in examples {
            by_value.entry(&example.values[column]).or_default().push(example);
        }
        let part = |(value, examples): (&str, Vec<&Example>)| Part {
            value: value.to_owned(),
            labels: examples.len(),
            documents: documents(examples.iter().copied()),
            headline: self.figures(examples.iter().copied(), headlines),
        };
        let mut parts: Vec<Part> = by_value.into_iter().map(part).collect();
        parts.sort_by_key(|part| std::cmp::Reverse(part.labels));
        Breakdown { column: self.columns[column].clone(), parts }
    }

    fn mistakes(&self, examples: &[Example]) -> Vec<Mistake> {
        let mut wrong: Vec<&Example> = examples.iter().filter(|example| !example.right()).collect();
        let confidence = |example: &Example| example.confidence.unwrap_or_default();
        wrong.sort_by(|one, other| confidence(other).total_cmp(&confidence(one)).then(one.row.cmp(&other.row)));
        wrong.into_iter().map(|example| self.mistake(example)).collect()
    }

    fn mistake(&self, example: &Example) -> Mistake {
        let span = match &example.place {
            Place::Span { span, .. } if !self.by_document => Some([span.start, span.end]),
            _ => None,
        };
        Mistake {
            row: example.row,
            document: example.document.clone(),
            span,
            text: example.text.clone(),
            hand: self.stances[example.hand].clone(),
            predicted: self.stances[example.predicted].clone(),
            confidence: example.confidence,
            probabilities: example.probabilities.clone(),
        }
    }
}

fn documents<'a>(examples: impl IntoIterator<Item = &'a Example>) -> usize {
    examples.into_iter().map(|example| &example.document).collect::<BTreeSet<_>>().len()
}

fn notes(counts: Counts, tally: &Tally) -> Vec<String> {
    let few = (counts.documents < FEW_DOCUMENTS).then(|| {
        format!("The labels are of {} document(s): intervals resampled from so few are too narrow.", counts.documents)
    });
    let absent = (0..tally.confusion.stances()).filter(|&stance| tally.confusion.support(stance) == 0).count();
    let absent = (absent > 0).then(|| format!("{absent} stance(s) have no hand label: their recall is undefined."));
    let unscored = counts.read - counts.scored;
    let unscored = (unscored > 0).then(|| format!("{unscored} of the {} labels read are not scored.", counts.read));
    [few, absent, unscored].into_iter().flatten().collect()
}

fn bins(reliability: &Reliability) -> Vec<BinReport> {
    let report = |(at, bin): (usize, &crate::metrics::Bin)| BinReport {
        from: Reliability::edge(at),
        to: Reliability::edge(at + 1),
        count: bin.count,
        confidence: bin.confidence(),
        accuracy: bin.accuracy(),
    };
    reliability.bins().iter().enumerate().map(report).collect()
}

/// The curve with its last point and at most [`CURVE_POINTS`] in all, evenly chosen.
fn thinned(mut curve: Coverage) -> Coverage {
    let last = curve.points.len() - 1;
    let kept = curve.points.len().min(CURVE_POINTS);
    let points = (1..=kept).map(|nth| curve.points[nth * (last + 1) / kept - 1]).collect();
    curve.points = points;
    curve
}
