use std::collections::BTreeMap;
use std::path::Path;

use standpoint_evaluation::report::{Counts, Request};
use standpoint_evaluation::{Example, roll_up};
use standpoint_labels::{HandLabel, Met, Place, Predicted, Unmatched, meet};

use super::columns::Value;
use super::predictions::{Predictions, Row};
use crate::commands::problems::say_first;

/// Upper ends of the bands of text length, in Unicode scalar values.
const LENGTH_BANDS: [(usize, &str); 3] = [(100, "under 100"), (300, "100 to 299"), (1000, "300 to 999")];
const LONGEST_BAND: &str = "1000 and more";

/// What became of the labels of a file.
pub(super) struct Meeting {
    pub(super) examples: Vec<Example>,
    pub(super) counts: Counts,
    unmatched: Vec<String>,
    foreign: Vec<String>,
    duplicate: Vec<String>,
    /// Labels that are scored and may be wrong.
    pub(super) doubtful: Vec<String>,
}

/// Brings hand labels together with the predictions that they meet. A label that is not scored is named with its file, its row and the reason.
pub(super) fn meet_labels(labels: &[HandLabel], file: &Path, set: &Predictions, request: &Request) -> Meeting {
    let places: Vec<Predicted> = set.rows.iter().map(|row| row.place.clone()).collect();
    let mut found = Meeting::new(labels.len());
    let mut first: BTreeMap<Subject<'_>, &HandLabel> = BTreeMap::new();
    for (label, met) in labels.iter().zip(meet(labels, file, &places)) {
        let problem = |reason: String| format!("{}: row {}: {reason}", file.display(), label.row);
        let Met { predictions, reaches_past } = match met {
            Ok(met) => met,
            Err(reason) => {
                found.unmatched.push(problem(why_unmatched(label, &reason)));
                continue;
            }
        };
        let Some(hand) = request.stances.iter().position(|stance| *stance == label.stance) else {
            found.foreign.push(problem(why_foreign(label, &request.stances)));
            continue;
        };
        let rows: Vec<&Row> = predictions.iter().map(|&at| &set.rows[at]).collect();
        let place = request.by_document.then_some((&label.place, label.target.as_deref()));
        let earlier = *first.entry(Subject { predictions, place }).or_insert(label);
        if !std::ptr::eq(earlier, label) {
            found.duplicate.push(problem(why_duplicate(label, earlier, &rows[0].place)));
            continue;
        }
        found.examples.push(example(label, hand, &rows, set, request));
        found.doubtful.extend(reaches_past.map(|end| problem(why_doubtful(label, end))));
    }
    found.count();
    found
}

/// What only one label may be of: the same predictions and, where labels are rolled up to documents, the same part of the document.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Subject<'a> {
    predictions: Vec<usize>,
    place: Option<(&'a Place, Option<&'a str>)>,
}

impl Meeting {
    fn new(read: usize) -> Self {
        Self {
            examples: Vec::new(),
            counts: Counts { read, ..Counts::default() },
            unmatched: Vec::new(),
            foreign: Vec::new(),
            duplicate: Vec::new(),
            doubtful: Vec::new(),
        }
    }

    fn count(&mut self) {
        self.counts.scored = self.examples.len();
        self.counts.unmatched = self.unmatched.len();
        self.counts.foreign = self.foreign.len();
        self.counts.duplicate = self.duplicate.len();
    }

    /// Every label that is not scored, with file, row and reason.
    pub(super) fn not_scored(&self) -> impl Iterator<Item = &String> {
        [&self.unmatched, &self.foreign, &self.duplicate].into_iter().flatten()
    }

    /// Names on standard error the first labels of every kind that something is wrong with; the report has them all.
    pub(super) fn say(&self) {
        for problems in [&self.unmatched, &self.foreign, &self.duplicate, &self.doubtful] {
            say_first(problems);
        }
    }
}

fn why_unmatched(label: &HandLabel, reason: &Unmatched) -> String {
    let on = label.target.as_ref().map_or_else(String::new, |target| format!(", on `{target}`"));
    format!("{reason}{on}")
}

fn why_foreign(label: &HandLabel, stances: &[String]) -> String {
    let (stance, known) = (&label.stance, stances.join(", "));
    format!("`{stance}` is no stance of the predictions ({known}); the label is not scored")
}

fn why_doubtful(label: &HandLabel, end: usize) -> String {
    let Place::Span { document, span } = &label.place else { return String::new() };
    format!(
        "{}..{} reaches past the last prediction of document `{document}`, which ends at {end}; the label is scored, but check its positions",
        span.start, span.end
    )
}

fn why_duplicate(label: &HandLabel, earlier: &HandLabel, prediction: &Predicted) -> String {
    let says = if label.stance == earlier.stance {
        format!("says `{}` too", earlier.stance)
    } else {
        format!("says `{}` and not `{}`", earlier.stance, label.stance)
    };
    let advice = match (&label.place, prediction.span) {
        (Place::Span { .. }, None) if label.place != earlier.place => {
            "predictions of whole documents are scored with --unit document"
        }
        _ => "only the first is scored",
    };
    let by =
        if label.annotator == earlier.annotator { String::new() } else { format!(", by `{}`,", earlier.annotator) };
    let advice = if by.is_empty() { advice } else { "only the first is scored, or those of one --annotator" };
    format!(
        "row {}{by} is of the same prediction, of document `{}`, and {says}; {advice}",
        earlier.row, prediction.document
    )
}

/// A label beside the predictions that it met, which are pooled where they are several.
fn example(label: &HandLabel, hand: usize, rows: &[&Row], set: &Predictions, request: &Request) -> Example {
    let alone = |row: &&Row| beside(label, hand, row, set, request);
    if let [row] = rows {
        return alone(row);
    }
    let part = |row: &&Row| {
        let own = |span| Place::Span { document: row.place.document.clone(), span };
        Example { place: row.place.span.map_or_else(|| label.place.clone(), own), ..alone(row) }
    };
    let parts: Vec<Example> = rows.iter().map(part).collect();
    let pooled = roll_up(&parts, request.stances.len()).swap_remove(0);
    let of_label = alone(&rows[0]);
    // Somebody who looks at what is marked looks at the whole text when a part of it is.
    let review = rows.iter().map(|row| row.review).reduce(Ord::max).flatten();
    let Example { predicted, probabilities, confidence, .. } = pooled;
    Example { predicted, probabilities, confidence, review, ..of_label }
}

fn beside(label: &HandLabel, hand: usize, row: &Row, set: &Predictions, request: &Request) -> Example {
    let text = match &label.place {
        Place::Text { text, .. } => Some(text.clone()),
        Place::Span { .. } => row.place.text.clone(),
    };
    let predicted = request.stances.iter().position(|stance| *stance == row.stance).unwrap_or_default();
    let probabilities = row.probabilities.as_ref().map(|own| in_order(own, set, request));
    let of_predicted = probabilities.as_ref().and_then(|probabilities| probabilities.get(predicted)).copied();
    let place = label.place.clone();
    let values = row.values.iter().map(|value| shown(value, &place)).collect();
    Example {
        place,
        document: document_of(label, row).to_owned(),
        text,
        row: label.row,
        hand,
        predicted,
        probabilities,
        confidence: row.confidence.or(of_predicted),
        review: row.review,
        values,
    }
}

/// The document that a label belongs to; a text of which no file says to which it belongs is its own.
fn document_of<'a>(label: &'a HandLabel, row: &'a Row) -> &'a str {
    let (document, text) = match &label.place {
        Place::Text { text, document, .. } => (document.as_deref().unwrap_or_default(), text.as_str()),
        Place::Span { document, .. } => (document.as_str(), ""),
    };
    [document, &row.place.document].into_iter().find(|name| !name.is_empty()).unwrap_or(text)
}

/// Probabilities in the order of the stances asked about.
fn in_order(own: &[f64], set: &Predictions, request: &Request) -> Vec<f64> {
    let position = |stance| set.probability_stances.iter().position(|found| found == stance);
    request.stances.iter().filter_map(position).map(|at| own[at]).collect()
}

fn shown(value: &Value, place: &Place) -> String {
    let length = match (value, place) {
        (Value::Cell(cell), _) => return cell.clone(),
        (Value::Length, Place::Span { span, .. }) => span.len(),
        (Value::Length, Place::Text { text, .. }) => text.chars().count(),
    };
    let band = LENGTH_BANDS.into_iter().find(|&(end, _)| length < end);
    band.map_or(LONGEST_BAND, |(_, name)| name).to_owned()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::path::Path;

    use standpoint_evaluation::bootstrap::Bootstrap;
    use standpoint_evaluation::report::Request;

    use super::super::predictions::Predictions;
    use super::{Meeting, meet_labels};

    const SEGMENTS: &str = "document,start,end,text,stance,confidence,p_b,p_a,review\n\
        d,0,10,One thing.,a,0.7,0.3,0.7,false\n\
        d,11,20,Another.,b,0.6,0.6,0.4,true\n";

    fn met(predictions: &str, labels: &str, by_document: bool) -> Meeting {
        let folder = tempfile::tempdir().unwrap();
        let [predicted, hand] = ["predicted.csv", "hand.csv"].map(|name| folder.path().join(name));
        std::fs::write(&predicted, predictions).unwrap();
        std::fs::write(&hand, labels).unwrap();
        let request = Request {
            program: String::new(),
            labels: String::new(),
            stances: ["a", "b"].map(str::to_owned).to_vec(),
            named: Vec::new(),
            columns: vec!["length".to_owned()],
            by_document,
            bootstrap: Bootstrap::default(),
        };
        let labels = standpoint_labels::read(&hand, None).unwrap().labels;
        meet_labels(&labels, Path::new("hand.csv"), &Predictions::read(&predicted, &request.columns).unwrap(), &request)
    }

    #[test]
    fn labels_that_are_not_scored_are_named() {
        let cases = [
            ("text,stance\nNone.,a\n", "row 1: no prediction has this text"),
            ("id,text,stance\nx,None.,a\n", "row 1: no prediction is of document `x` or has this text"),
            ("id,text,stance\nd,None.,a\n", "row 1: `d` has 2 predictions and none of them has this text"),
            ("document,start,end,stance\nx,0,5,a\n", "row 1: no prediction is of document `x`"),
            ("text,target,stance\nNone.,lamps,a\n", "row 1: no prediction has this text, on `lamps`"),
            ("document,start,end,stance\nd,30,35,a\n", "overlaps 30..35; its last one ends at 20"),
            ("document,start,end,stance\nd,0,5,c\n", "row 1: `c` is no stance of the predictions (a, b)"),
            ("document,start,end,stance\nd,0,5,a\nd,6,9,b\n", "row 2: row 1 is of the same prediction"),
            (
                "document,start,end,stance,annotator\nd,0,5,a,x\nd,0,5,b,y\n",
                "row 2: row 1, by `x`, is of the same prediction, of document `d`, and says `a` and not `b`; only the first is scored, or those of one --annotator",
            ),
        ];
        for (labels, expected) in cases {
            let meeting = met(SEGMENTS, labels, false);
            let named = meeting.not_scored().cloned().collect::<Vec<_>>().join("\n");
            assert!(named.contains(expected), "{labels:?}: {named}");
            let counts = meeting.counts;
            assert_eq!(counts.read, counts.scored + counts.unmatched + counts.foreign + counts.duplicate, "{labels:?}");
        }
    }

    #[test]
    fn probabilities_stand_in_the_order_of_the_stances_asked_about() {
        let meeting = met(SEGMENTS, "document,start,end,stance\nd,0,5,b\n", false);
        let example = &meeting.examples[0];
        assert_eq!((example.hand, example.predicted, &example.probabilities), (1, 0, &Some(vec![0.7, 0.3])));
        assert_eq!(
            (example.confidence, example.review, &example.values[..]),
            (Some(0.7), Some(false), &["under 100".to_owned()][..])
        );
    }

    #[test]
    fn spans_of_a_document_predicted_whole_all_count_when_rolled_up() {
        let labels = "document,start,end,stance\nd,0,5,a\nd,6,9,b\nd,0,5,b\n";
        let counts = |by_document| met("document,stance\nd,a\n", labels, by_document).counts;
        assert_eq!((counts(true).scored, counts(true).duplicate), (2, 1));
        assert_eq!((counts(false).scored, counts(false).duplicate), (1, 2));
    }
}
