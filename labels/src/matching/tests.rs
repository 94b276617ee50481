use std::path::Path;

use standpoint_corpus::Span;

use super::{Met, Predicted, Unmatched, meet};
use crate::{HandLabel, Place};

fn label(place: Place) -> HandLabel {
    HandLabel { place, target: None, stance: "undecided".to_owned(), weight: None, annotator: String::new(), row: 1 }
}

fn spanned(document: &str, start: usize, end: usize) -> HandLabel {
    label(Place::Span { document: document.to_owned(), span: Span { start, end } })
}

fn worded(text: &str, id: Option<&str>) -> HandLabel {
    label(Place::Text { text: text.to_owned(), id: id.map(str::to_owned), document: None })
}

/// A label of a text that belongs to a document.
fn part(document: &str, text: &str) -> HandLabel {
    label(Place::Text { text: text.to_owned(), id: None, document: Some(document.to_owned()) })
}

fn towards(label: HandLabel, target: &str) -> HandLabel {
    HandLabel { target: Some(target.to_owned()), ..label }
}

fn whole(document: &str) -> Predicted {
    Predicted { document: document.to_owned(), ..Predicted::default() }
}

fn segment(document: &str, start: usize, end: usize, text: &str) -> Predicted {
    Predicted { span: Some(Span { start, end }), text: Some(text.to_owned()), ..whole(document) }
}

/// The positions that each label meets, and for those that meet none the reason.
fn met(labels: &[HandLabel], predictions: &[Predicted]) -> Vec<Result<Vec<usize>, String>> {
    let met = meet(labels, Path::new("in/hand.csv"), predictions);
    met.into_iter().map(|met| met.map(|met| met.predictions).map_err(|reason| reason.to_string())).collect()
}

struct Case {
    what: &'static str,
    label: HandLabel,
    expected: Result<&'static [usize], &'static str>,
}

fn check(cases: &[Case], predictions: &[Predicted]) {
    for Case { what, label, expected } in cases {
        let expected = expected.map(<[usize]>::to_vec).map_err(str::to_owned);
        assert_eq!(met(std::slice::from_ref(label), predictions), [expected], "{what}");
    }
}

#[test]
fn labels_meet_predictions() {
    let predictions = [segment("d", 0, 10, "first"), segment("d", 11, 30, "second"), whole("e")];
    let cases = [
        Case { what: "largest overlap", label: spanned("d", 8, 20), expected: Ok(&[1]) },
        Case { what: "overlap of one character", label: spanned("d", 9, 11), expected: Ok(&[0]) },
        Case {
            what: "outside every segment",
            label: spanned("d", 40, 50),
            expected: Err("no prediction of document `d` overlaps 40..50; its last one ends at 30"),
        },
        Case {
            what: "unknown document",
            label: spanned("x", 0, 10),
            expected: Err("no prediction is of document `x`"),
        },
        Case { what: "whole document", label: spanned("e", 5, 9), expected: Ok(&[2]) },
        Case { what: "same text", label: worded(" second\n", None), expected: Ok(&[1]) },
        Case { what: "id before text", label: worded("second", Some("e")), expected: Ok(&[2]) },
        Case { what: "one of several segments", label: worded("first", Some("d")), expected: Ok(&[0]) },
        Case { what: "a part of a segment", label: worded("seco", Some("d")), expected: Ok(&[1]) },
        Case { what: "all segments", label: worded("first\n\nsecond", Some("d")), expected: Ok(&[0, 1]) },
        Case {
            what: "no text of the document",
            label: worded("third", Some("d")),
            expected: Err("`d` has 2 predictions and none of them has this text, so which is meant is unclear"),
        },
        Case { what: "other text", label: worded("third", None), expected: Err("no prediction has this text") },
        Case {
            what: "other text under another id",
            label: worded("third", Some("z")),
            expected: Err("no prediction is of document `z` or has this text"),
        },
    ];
    check(&cases, &predictions);
}

#[test]
fn a_wrapped_text_meets_the_line_that_is_made_of_it() {
    let predictions = [segment("a", 0, 33, "Punish the widespread buyers at once."), segment("b", 0, 9, "Other.")];
    let label = worded("Punish the wide-\nspread buyers\nat once.", None);
    assert_eq!(met(&[label], &predictions), [Ok(vec![0])]);
}

#[test]
fn the_document_of_a_label_decides_between_equal_texts() {
    let predictions = ["d1", "d2"].map(|document| segment(document, 0, 8, "I agree."));
    let other = segment("d3", 0, 6, "Other.");
    let predictions = [&predictions[..], &[other]].concat();
    let cases = [
        Case { what: "the second", label: part("d2", "I agree."), expected: Ok(&[1]) },
        Case {
            what: "a document that says something else",
            label: part("d3", "I agree."),
            expected: Err(
                "the prediction of document `d3` has another text, `Other.`; check the id, or leave it out to go by the text",
            ),
        },
        Case { what: "what no document is called", label: part("thread", "I agree."), expected: Ok(&[0]) },
    ];
    check(&cases, &predictions);
    let labels = [part("d2", "I agree."), part("d9", "I agree.")];
    let expected = [Ok(vec![1]), Err("no prediction is of document `d9`".to_owned())];
    assert_eq!(met(&labels, &predictions), expected, "other labels name documents of the predictions");
}

#[test]
fn equal_texts_are_paired_in_their_order() {
    let predictions = ["d1", "d2", "d3"].map(|document| segment(document, 0, 8, "I agree."));
    let by = |annotator: &str, label: HandLabel| HandLabel { annotator: annotator.to_owned(), ..label };
    let plain = || by("ann", worded("I agree.", None));
    let named = by("ann", worded("I agree.", Some("d1")));
    let cases: [(&str, Vec<HandLabel>, &[usize]); 4] = [
        ("one after the other", vec![plain(), plain(), plain()], &[0, 1, 2]),
        ("the first again when none is left", vec![plain(), plain(), plain(), plain()], &[0, 1, 2, 0]),
        ("those with a name first", vec![plain(), named, plain()], &[1, 0, 2]),
        ("every annotator anew", vec![plain(), by("ben", plain()), plain()], &[0, 0, 1]),
    ];
    for (what, labels, expected) in cases {
        let expected: Vec<_> = expected.iter().map(|&at| Ok(vec![at])).collect();
        assert_eq!(met(&labels, &predictions), expected, "{what}");
    }
}

#[test]
fn a_label_without_id_answers_to_its_file_and_row() {
    let of_row = |row| HandLabel { row, ..worded("I agree.", None) };
    for folder in ["in/", "elsewhere/", ""] {
        let predictions = [1, 2].map(|row| whole(&format!("{folder}hand.csv:{row}")));
        let expected = [
            Ok(vec![1]),
            Err("the predictions have no texts, and none is of document `in/hand.csv:3`; give the texts a column `id` before they are predicted".to_owned()),
        ];
        assert_eq!(met(&[of_row(2), of_row(3)], &predictions), expected, "{folder:?}");
    }
    let texts = ["Other.", "I agree."];
    let predictions = [1, 2].map(|row| segment(&format!("hand.csv:{row}"), 0, 8, texts[row - 1]));
    assert_eq!(met(&[of_row(1)], &predictions), [Ok(vec![1])], "a row moved since");
    let predictions = ["a/hand.csv:1", "b/hand.csv:1"].map(whole);
    assert!(met(&[of_row(1)], &predictions)[0].is_err(), "two files of that name");
}

#[test]
fn a_span_that_goes_on_behind_the_last_prediction_is_told() {
    let predictions = [segment("d", 0, 10, "first"), segment("d", 11, 30, "second")];
    let cases = [
        (spanned("d", 11, 30), Ok(Met { predictions: vec![1], reaches_past: None })),
        (spanned("d", 11, 31), Ok(Met { predictions: vec![1], reaches_past: Some(30) })),
        (
            spanned("d", 0, 60),
            Err(Unmatched::MostlyOutside { document: "d".to_owned(), span: Span { start: 0, end: 60 }, end: 30 }),
        ),
    ];
    for (label, expected) in cases {
        assert_eq!(meet(&[label], Path::new("hand.csv"), &predictions), [expected]);
    }
}

#[test]
fn labels_meet_predictions_of_their_target() {
    let predicted = |document: &str, text: &str, target: &str| Predicted {
        text: Some(text.to_owned()),
        target: Some(target.to_owned()),
        ..whole(document)
    };
    let predictions =
        [predicted("a", "same", "lamps"), predicted("b", "same", "night_market"), predicted("b", "other", "lamps")];
    let cases = [
        Case {
            what: "of two texts the one of the target",
            label: towards(worded("same", None), "Night market"),
            expected: Ok(&[1]),
        },
        Case {
            what: "of two of a document the one of the target",
            label: towards(worded("another", Some("b")), "lamps"),
            expected: Ok(&[2]),
        },
        Case { what: "a span", label: towards(spanned("b", 0, 3), "lamps"), expected: Ok(&[2]) },
        Case {
            what: "no prediction of the target",
            label: towards(worded("same", Some("a")), "river"),
            expected: Err("no prediction is of document `a` or has this text"),
        },
        Case { what: "a label that names none", label: worded("same", None), expected: Ok(&[0]) },
    ];
    check(&cases, &predictions);
}
