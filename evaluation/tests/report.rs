//! Whole reports of small invented evaluations.

use proptest::prelude::*;
use standpoint_evaluation::bootstrap::Bootstrap;
use standpoint_evaluation::comparison::Named;
use standpoint_evaluation::report::{Counts, Report, Request, Scored};
use standpoint_evaluation::{Example, roll_up};
use standpoint_labels::Place;

fn request(stances: usize) -> Request {
    Request {
        program: "standpoint test".to_owned(),
        labels: "labels.csv".to_owned(),
        stances: (0..stances).map(|at| format!("stance_{at}")).collect(),
        named: Vec::new(),
        columns: Vec::new(),
        by_document: false,
        bootstrap: Bootstrap { resamples: 400, ..Bootstrap::default() },
    }
}

fn example(row: u64, document: &str, hand: usize, predicted: usize) -> Example {
    let text = format!("sentence {row}");
    Example {
        place: Place::Text { text: text.clone(), id: None, document: None },
        document: document.to_owned(),
        text: Some(text),
        row,
        hand,
        predicted,
        probabilities: None,
        confidence: None,
        review: None,
        values: Vec::new(),
    }
}

/// Sixty labels of thirty documents; every `every`th is predicted wrong.
fn set(name: &str, every: u64) -> Scored {
    let label = |row: u64| {
        let hand = usize::from(row.is_multiple_of(2));
        example(row, &format!("document {}", row / 2), hand, if row.is_multiple_of(every) { 1 - hand } else { hand })
    };
    let examples: Vec<Example> = (0..60).map(label).collect();
    let counts = Counts { read: 60, scored: 60, ..Counts::default() };
    Scored { counts, ..scored(Named { name: name.to_owned(), examples }, format!("{name}.csv")) }
}

/// What is scored, with nothing that is not.
fn scored(named: Named, file: String) -> Scored {
    Scored { named, file, counts: Counts::default(), not_scored: Vec::new(), doubtful: Vec::new() }
}

#[test]
fn a_difference_is_claimed_only_where_there_is_one() {
    let cases: [(u64, u64, &str); 4] = [
        (29, 3, "good is better than bad by"),
        (3, 29, "bad is better than good by"),
        (5, 5, "No difference in macro-F1 can be shown between good and bad: +0.0 points, 95% interval +0.0 to +0.0."),
        (7, 8, "No difference in macro-F1 can be shown between good and bad"),
    ];
    for (good, bad, expected) in cases {
        let report = Report::build(&request(2), &[set("good", good), set("bad", bad)]);
        let found = &report.comparisons[0].sentence;
        assert!(found.starts_with(expected), "every {good} and {bad}: {found}");
    }
}

#[test]
fn holm_corrects_over_all_pairs() {
    let report = Report::build(&request(2), &[set("a", 29), set("b", 3), set("c", 4)]);
    let names: Vec<_> = report.comparisons.iter().map(|one| (one.first.as_str(), one.second.as_str())).collect();
    assert_eq!(names, [("a", "b"), ("a", "c"), ("b", "c")]);
    let test = report.comparisons[0].mcnemar;
    assert!((test.p_holm - 3.0 * test.p).abs() < 1e-12, "the smallest of three p-values counts three times: {test:?}");
    assert!(report.comparisons[0].sentence.contains("after Holm's correction over 3 comparisons"));
}

#[test]
fn few_documents_show_no_difference() {
    let mut sets = [set("a", 29), set("b", 2)];
    for set in &mut sets {
        set.named.examples.iter_mut().for_each(|example| example.document = format!("d{}", example.row % 5));
    }
    let report = Report::build(&request(2), &sets);
    assert!(report.comparisons[0].sentence.contains("cannot be said"), "{}", report.comparisons[0].sentence);
    assert!(report.sets[0].notes[0].contains("5 document(s)"), "{:?}", report.sets[0].notes);
}

#[test]
fn sets_are_compared_on_the_labels_that_all_have() {
    let (first, mut second) = (set("a", 29), set("b", 3));
    second.named.examples.retain(|example| example.row >= 20);
    second.named.examples.reverse();
    let report = Report::build(&request(2), &[first, second]);
    assert_eq!((report.comparisons[0].labels, report.comparisons[0].documents), (40, 20));
}

#[test]
fn what_is_undefined_says_why() {
    let all_one = |row| example(row, &format!("d{row}"), 0, 0);
    let named = Named { name: "a".to_owned(), examples: (1..=30).map(all_one).collect() };
    let report = Report::build(&request(2), &[scored(named, "a.csv".to_owned())]);
    let why = |id: &str| report.sets[0].headline.iter().find(|figure| figure.id == id).and_then(|one| one.undefined);
    assert_eq!(why("accuracy"), None);
    assert_eq!(why("matthews"), Some("the labels, or the predictions, are all of one stance"));
    assert_eq!(why("log_loss"), Some("the predictions have no probabilities"));
    for view in [report.to_string(), report.to_html()] {
        assert!(view.contains("the labels, or the predictions, are all of one stance"), "{view}");
    }
}

#[test]
fn one_document_has_no_interval() {
    let mut set = set("a", 3);
    set.named.examples.iter_mut().for_each(|example| "d".clone_into(&mut example.document));
    let report = Report::build(&request(2), &[set]);
    let accuracy = &report.sets[0].headline[1];
    assert_eq!((accuracy.low, accuracy.high), (None, None));
    assert!(accuracy.value.is_some());
}

#[test]
fn labels_of_one_document_are_drawn_together() {
    let one = set("a", 3);
    let mut doubled = one.clone();
    doubled.named.examples.extend(one.named.examples.iter().cloned().map(|mut copy| {
        copy.row += 100;
        copy
    }));
    let [single, double] = [one, doubled].map(|set| Report::build(&request(2), &[set]).sets[0].headline[1]);
    assert_eq!((single.low, single.high), (double.low, double.high), "repeating every label tells nothing new");
}

#[test]
fn documents_get_the_stance_of_most_characters() {
    let with = |row, hand, predicted, length: usize, probabilities: Option<Vec<f64>>| {
        let place = Place::Text { text: "é".repeat(length), id: None, document: None };
        Example { place, probabilities, ..example(row, "d", hand, predicted) }
    };
    let weighed = roll_up(&[with(1, 0, 1, 10, None), with(2, 1, 0, 30, None), with(3, 0, 1, 15, None)], 2);
    assert_eq!((weighed.len(), weighed[0].hand, weighed[0].predicted), (1, 1, 0));
    let pooled = roll_up(&[with(1, 0, 0, 10, Some(vec![0.9, 0.1])), with(2, 0, 1, 30, Some(vec![0.1, 0.9]))], 2);
    let probabilities = pooled[0].probabilities.clone().unwrap_or_default();
    assert!((probabilities[0] - 0.3).abs() < 1e-12 && (probabilities[1] - 0.7).abs() < 1e-12, "{probabilities:?}");
    assert_eq!((pooled[0].predicted, pooled[0].confidence), (1, Some(probabilities[1])));
}

proptest! {
    #[test]
    fn no_text_becomes_markup(text in "[ -~]{0,20}<script>[ -~]{0,20}", sure in 0.0..=1.0_f64) {
        let mut wrong = example(1, &text, 0, 1);
        wrong.text = Some(text.clone());
        wrong.confidence = Some(sure);
        wrong.probabilities = Some(vec![1.0 - sure, sure]);
        let named = Named { name: text.clone(), examples: vec![wrong] };
        let set = Scored { not_scored: vec![text.clone()], ..scored(named, text) };
        let page = Report::build(&request(2), &[set]).to_html();
        prop_assert_eq!(page.matches("<script>").count(), 1, "only the page's own");
        prop_assert!(!page.contains("http://") && !page.contains("https://"));
    }
}
