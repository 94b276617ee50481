//! A benchmark of invented classifiers.

use standpoint_evaluation::benchmark::{
    Benchmark, EncoderCost, EncoderUse, Entrant, Method, Outcome, Request, Run, Split,
};
use standpoint_evaluation::bootstrap::Bootstrap;

const TEXTS: usize = 120;

fn request() -> Request {
    Request {
        program: "standpoint test".to_owned(),
        files: vec!["labels.csv".to_owned()],
        stances: vec!["yes".to_owned(), "no".to_owned()],
        named: vec![1],
        labels: (0..TEXTS).map(|text| text % 2).collect(),
        groups: (0..TEXTS).map(|text| format!("group {}", text / 2)).collect(),
        documents: 60,
        method: Method {
            kind: "grouped cross-validation",
            folds: 2,
            repeats: 2,
            rounds: 1,
            seed: 0,
            trained: 60.0,
            tested: 60.0,
        },
        notes: vec!["a <note>".to_owned()],
        encoder: EncoderCost { seconds_per_text: 0.01, bytes: 20_000_000 },
        bootstrap: Bootstrap { resamples: 400, ..Bootstrap::default() },
    }
}

/// A classifier that is wrong on every `every`th text.
fn entrant(name: &str, every: usize, encoder: EncoderUse) -> Entrant {
    let fold_of = [0, 1].map(|repeat| (0..TEXTS).map(|text| (text / 2 + repeat * (text / 4)) % 2).collect());
    let sure =
        |text: usize| if text.is_multiple_of(every) == (text.is_multiple_of(2)) { [0.2, 0.8] } else { [0.8, 0.2] };
    let run = |(nth, split): (usize, Split)| Run {
        repeat: split.repeat,
        trained: split.train.len(),
        outcome: Outcome {
            settings: format!("C = {}", nth / 3),
            probabilities: split.test.iter().map(|&text| sure(text).to_vec()).collect(),
            train_seconds: 1.0 + nth as f64,
            label_seconds: 0.06,
            peak_memory_bytes: Some(1_000 * nth as u64),
            bundle_bytes: 500,
        },
        test: split.test,
    };
    let runs = Split::crossed(&fold_of, 2).into_iter().enumerate().map(run).collect();
    Entrant { name: name.to_owned(), meaning: String::new(), encoder, learns: true, runs }
}

fn benchmark() -> Benchmark {
    let entrants = [
        entrant("poor", 3, EncoderUse::Unseen),
        entrant("good", 29, EncoderUse::Shared),
        entrant("fair", 23, EncoderUse::Own),
    ];
    Benchmark::build(&request(), &entrants)
}

#[test]
fn the_best_comes_first_and_what_does_not_differ_is_marked() {
    let found = benchmark();
    let ranked: Vec<_> = found.classifiers.iter().map(|one| (one.rank, one.name.as_str(), one.is_best)).collect();
    assert_eq!(ranked, [(1, "good", true), (2, "fair", true), (3, "poor", false)]);
    let pairs: Vec<_> = found.comparisons.iter().map(|one| (one.first.as_str(), one.second.as_str())).collect();
    assert_eq!(pairs, [("good", "fair"), ("good", "poor"), ("fair", "poor")]);
    assert_eq!(found.comparisons.iter().map(|one| one.is_shown(0.95)).collect::<Vec<_>>(), [false, true, true]);
}

#[test]
fn repeats_are_pooled_and_mcnemar_counts_each_label_once() {
    let found = benchmark();
    let good = &found.classifiers[0];
    assert_eq!(good.by_repeat, [good.headline[0].value; 2], "it errs on the same texts in both");
    assert_eq!(found.comparisons[1].labels, TEXTS);
    assert_eq!(good.headline[1].value, Some(1.0 - 5.0 / 120.0));
}

#[test]
fn costs_are_added_up() {
    let found = benchmark();
    let cost = |at: usize| found.classifiers[at].cost;
    assert!((cost(0).train_seconds - 2.5).abs() < 1e-12);
    assert!((cost(0).label_seconds_per_thousand - 11.0).abs() < 1e-9, "with the encoder: {:?}", cost(0));
    for without in [1, 2] {
        assert!((cost(without).label_seconds_per_thousand - 1.0).abs() < 1e-9, "without: {:?}", cost(without));
    }
    assert_eq!(cost(0).peak_memory_bytes, Some(3_000));
    assert_eq!([0, 1, 2].map(|at| cost(at).bundle_bytes), [20_000_500, 500, 20_000_500]);
    let chosen: Vec<_> = found.classifiers[0].settings.iter().map(|one| (one.settings.as_str(), one.times)).collect();
    assert_eq!(chosen, [("C = 0", 3), ("C = 1", 1)]);
}

#[test]
fn every_view_has_the_table_and_the_curve() {
    let few = entrant("good", 4, EncoderUse::Shared).runs.into_iter().take(2).collect();
    let found = benchmark().with_curve(&request(), "good", &[few]);
    let points = &found.curve.as_ref().map(|curve| curve.points.clone()).unwrap_or_default();
    assert_eq!(points.len(), 2);
    assert!(points[0].headline[0].value < points[1].headline[0].value);
    for view in [found.to_string(), found.to_html()] {
        for part in [
            "good",
            "fair",
            "poor",
            "0.958",
            "F over no",
            "Of the 3 differences in macro-F1",
            "2 folds, 2 repeat(s), seed 0",
        ] {
            assert!(view.contains(part), "{part}: {view}");
        }
    }
    assert!(found.to_string().contains("Not shown to differ:\n  good and fair: "));
    let page = found.to_html();
    assert!(page.contains("a &lt;note&gt;") && page.contains("Learning curve") && !page.contains("<script"));
}

#[test]
fn the_measure_of_named_stances_is_shown_only_when_asked_for() {
    let found = benchmark();
    let of_no = found.classifiers[0].headline.iter().find(|figure| figure.id == "named_f1");
    assert!(of_no.is_some_and(|figure| figure.low < figure.value && figure.value < figure.high), "{of_no:?}");
    let value = of_no.and_then(|figure| figure.value).unwrap_or_default();
    assert_eq!(found.named, ["no"]);
    let expected = f1_of_no(29);
    assert!((value - expected).abs() < 1e-12, "{value}, expected {expected}");
    let without = Request { named: Vec::new(), ..request() };
    let found = Benchmark::build(&without, &[entrant("good", 29, EncoderUse::Shared)]);
    assert!(found.classifiers[0].headline.iter().all(|figure| figure.id != "named_f1"));
    assert!([found.to_string(), found.to_html()].iter().all(|view| !view.contains("F over")));
}

/// F1 of the second stance, by its definition, of a classifier that is wrong on every `every`th text.
fn f1_of_no(every: usize) -> f64 {
    let wrong = |text: &usize| text.is_multiple_of(every);
    let of = |stance: usize| (0..TEXTS).filter(move |text| text % 2 == stance);
    let missed = of(1).filter(wrong).count();
    let (hits, predicted) = (TEXTS / 2 - missed, TEXTS / 2 - missed + of(0).filter(wrong).count());
    2.0 * hits as f64 / (predicted + TEXTS / 2) as f64
}
