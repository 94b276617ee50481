use std::collections::HashMap;

use standpoint_corpus::Span;

use crate::target::may_be_same;
use crate::{HandLabel, Place};

/// Where a prediction stands, to be met with hand labels.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Predicted {
    /// The document's id.
    pub document: String,
    /// The segment's span; `None` when the prediction is of the whole document.
    pub span: Option<Span>,
    /// The text, where the predictions hold it.
    pub text: Option<String>,
    /// What the stance is towards, where the predictions say so.
    pub target: Option<String>,
}

/// For each label the position of the prediction that it meets, if any.
///
/// A stand-off label meets the segment of its document that it overlaps most (of equals the first). A self-contained one meets the prediction
/// whose document is called as its `id`, or else the first with the same text up to white space at its ends. Where both say what the stance is
/// towards, it is the same.
#[must_use]
pub fn meet(labels: &[HandLabel], predictions: &[Predicted]) -> Vec<Option<usize>> {
    let mut by_document: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut by_text: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, prediction) in predictions.iter().enumerate() {
        by_document.entry(&prediction.document).or_default().push(at);
        if let Some(text) = &prediction.text {
            by_text.entry(text.trim()).or_default().push(at);
        }
    }
    let meet_one = |label: &HandLabel| match &label.place {
        Place::Span { document, span } => most_overlapping(
            towards_its_target(label, by_document.get(document.as_str()), predictions),
            *span,
            predictions,
        ),
        Place::Text { text, id, .. } => {
            let of_id = id.as_ref().and_then(|id| by_document.get(id.as_str()));
            let mut of_id = towards_its_target(label, of_id, predictions);
            let only = of_id.next().filter(|_| of_id.next().is_none());
            only.or_else(|| towards_its_target(label, by_text.get(text.trim()), predictions).next())
        }
    };
    labels.iter().map(meet_one).collect()
}

/// Those of some predictions, by position, that may be towards the target of a label.
fn towards_its_target(
    label: &HandLabel,
    candidates: Option<&Vec<usize>>,
    predictions: &[Predicted],
) -> impl Iterator<Item = usize> {
    let may_be = |&at: &usize| may_be_same(label.target.as_deref(), predictions[at].target.as_deref());
    candidates.into_iter().flatten().copied().filter(may_be)
}

fn most_overlapping(candidates: impl Iterator<Item = usize>, span: Span, predictions: &[Predicted]) -> Option<usize> {
    // A prediction of the whole document covers every span of it.
    let overlap = |at: usize| predictions[at].span.map_or(span.len(), |of_prediction| of_prediction.overlap(span));
    let better = |best: Option<usize>, at: usize| match best {
        Some(best) if overlap(best) >= overlap(at) => Some(best),
        _ => Some(at).filter(|&at| overlap(at) > 0),
    };
    candidates.fold(None, better)
}

#[cfg(test)]
mod tests {
    use super::{Predicted, meet};
    use crate::{HandLabel, Place};
    use standpoint_corpus::Span;

    fn label(place: Place) -> HandLabel {
        HandLabel {
            place,
            target: None,
            stance: "undecided".to_owned(),
            weight: None,
            annotator: String::new(),
            row: 1,
        }
    }

    fn spanned(document: &str, start: usize, end: usize) -> HandLabel {
        label(Place::Span { document: document.to_owned(), span: Span { start, end } })
    }

    fn worded(text: &str, id: Option<&str>) -> HandLabel {
        label(Place::Text { text: text.to_owned(), id: id.map(str::to_owned), document: None })
    }

    #[test]
    fn labels_meet_predictions() {
        let segment = |start, end, text: &str| Predicted {
            document: "d".to_owned(),
            span: Some(Span { start, end }),
            text: Some(text.to_owned()),
            target: None,
        };
        let whole = Predicted { document: "e".to_owned(), ..Predicted::default() };
        let predictions = [segment(0, 10, "first"), segment(11, 30, "second"), whole];
        let cases = [
            ("largest overlap", spanned("d", 8, 20), Some(1)),
            ("overlap of one character", spanned("d", 9, 11), Some(0)),
            ("outside every segment", spanned("d", 40, 50), None),
            ("unknown document", spanned("x", 0, 10), None),
            ("whole document", spanned("e", 5, 9), Some(2)),
            ("same text", worded(" second\n", None), Some(1)),
            ("id before text", worded("second", Some("e")), Some(2)),
            ("an id of several segments says nothing", worded("first", Some("d")), Some(0)),
            ("other text", worded("third", None), None),
        ];
        for (name, label, expected) in cases {
            assert_eq!(meet(&[label], &predictions), [expected], "{name}");
        }
    }

    #[test]
    fn labels_meet_predictions_of_their_target() {
        let towards = |document: &str, text: &str, target: &str| Predicted {
            document: document.to_owned(),
            text: Some(text.to_owned()),
            target: Some(target.to_owned()),
            ..Predicted::default()
        };
        let predictions =
            [towards("a", "same", "lamps"), towards("b", "same", "night_market"), towards("b", "other", "lamps")];
        let towards = |label: HandLabel, target: &str| HandLabel { target: Some(target.to_owned()), ..label };
        let cases = [
            ("of two texts the one of the target", towards(worded("same", None), "Night market"), Some(1)),
            ("of two of a document the one of the target", towards(worded("x", Some("b")), "lamps"), Some(2)),
            ("a span", towards(spanned("b", 0, 3), "lamps"), Some(2)),
            ("no prediction of the target", towards(worded("same", Some("a")), "river"), None),
            ("a label that names none", worded("same", None), Some(0)),
        ];
        for (name, label, expected) in cases {
            assert_eq!(meet(&[label], &predictions), [expected], "{name}");
        }
    }
}
