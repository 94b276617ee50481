//! Every metric against scikit-learn's values, made by `reference/make.py`.

use serde_json::Value;
use standpoint_evaluation::metrics::{Average, Coverage};
use standpoint_evaluation::{Example, Tally};
use standpoint_labels::Place;

const TOLERANCE: f64 = 1e-12;

/// Collects what differs, so that all failures are shown together.
#[derive(Default)]
struct Differences(Vec<String>);

impl Differences {
    fn check(&mut self, what: &str, found: Option<f64>, expected: &Value) {
        let same = match (found, expected.as_f64()) {
            (Some(found), Some(expected)) => (found - expected).abs() <= TOLERANCE * expected.abs().max(1.0),
            (None, None) => true,
            _ => false,
        };
        if !same {
            self.0.push(format!("{what}: {found:?}, expected {expected}"));
        }
    }

    fn check_average(&mut self, what: &str, found: Average, expected: &Value) {
        for (at, found) in [found.precision, found.recall, found.f1].into_iter().enumerate() {
            self.check(&format!("{what}, score {at}"), Some(found), &expected[at]);
        }
    }
}

fn positions(list: &Value) -> Vec<usize> {
    serde_json::from_value(list.clone()).expect("a list of positions")
}

fn examples(case: &Value) -> Vec<Example> {
    let probabilities: Option<Vec<Vec<f64>>> =
        serde_json::from_value(case["probabilities"].clone()).expect("rows of probabilities");
    let pairs = positions(&case["hand"]).into_iter().zip(positions(&case["predicted"]));
    let example = |(at, (hand, predicted)): (usize, (usize, usize))| {
        let probabilities = probabilities.as_ref().map(|rows| rows[at].clone());
        Example {
            place: Place::Text { text: String::new(), id: None, document: None },
            document: at.to_string(),
            text: None,
            row: at as u64 + 1,
            hand,
            predicted,
            confidence: probabilities.as_ref().map(|row| row[predicted]),
            probabilities,
            review: None,
            values: Vec::new(),
        }
    };
    pairs.enumerate().map(example).collect()
}

fn check_hard(found: &mut Differences, name: &str, tally: &Tally, case: &Value) {
    let (confusion, hard) = (&tally.confusion, &case["hard"]);
    found.check(&format!("{name}: accuracy"), confusion.accuracy(), &hard["accuracy"]);
    found.check(&format!("{name}: balanced accuracy"), confusion.balanced_accuracy(), &hard["balanced_accuracy"]);
    found.check(&format!("{name}: matthews"), confusion.matthews(), &hard["matthews"]);
    found.check(&format!("{name}: kappa"), confusion.kappa(), &hard["kappa"]);
    found.check(&format!("{name}: named"), confusion.named_f1(&positions(&case["named"])), &hard["named_f1"]);
    found.check(&format!("{name}: macro-F1"), confusion.macro_f1(), &hard["averages"]["macro"][2]);
    if let Some(averages) = confusion.averages() {
        found.check_average(&format!("{name}: macro"), averages.macro_, &hard["averages"]["macro"]);
        found.check_average(&format!("{name}: micro"), averages.micro, &hard["averages"]["micro"]);
        found.check_average(&format!("{name}: weighted"), averages.weighted, &hard["averages"]["weighted"]);
    } else if !hard.is_null() {
        found.0.push(format!("{name}: no averages"));
    }
    if hard.is_null() {
        return;
    }
    for stance in 0..confusion.stances() {
        let expected = |score: &str| &hard["stances"][score][stance];
        found.check(&format!("{name}: precision {stance}"), confusion.precision(stance), expected("precision"));
        found.check(&format!("{name}: recall {stance}"), confusion.recall(stance), expected("recall"));
        found.check(&format!("{name}: f1 {stance}"), confusion.f1(stance), expected("f1"));
        found.check(&format!("{name}: support {stance}"), Some(confusion.support(stance) as f64), expected("support"));
        if confusion.rows()[stance] != positions(&hard["confusion"][stance]) {
            found.0.push(format!("{name}: confusion {stance}: {:?}", confusion.rows()[stance]));
        }
    }
}

fn check_soft(found: &mut Differences, name: &str, tally: &Tally, examples: &[Example], soft: &Value) {
    found.check(&format!("{name}: log loss"), tally.losses.log_loss(), &soft["log_loss"]);
    found.check(&format!("{name}: brier"), tally.losses.brier(), &soft["brier"]);
    found.check(&format!("{name}: calibration error"), tally.reliability.error(), &soft["reliability"]["error"]);
    let bins = tally.reliability.bins().iter().filter(|bin| bin.count > 0);
    let found_bins: Vec<_> = bins.map(|bin| [Some(bin.count as f64), bin.confidence(), bin.accuracy()]).collect();
    check_rows(found, &format!("{name}: bin"), &found_bins, &soft["reliability"]["bins"]);
    let curve = Coverage::of(examples.iter().filter_map(|one| Some((one.confidence?, one.right()))));
    found.check(&format!("{name}: area"), curve.as_ref().map(|curve| curve.area), &soft["coverage"]["area"]);
    let points = curve.map(|curve| curve.points).unwrap_or_default();
    let points: Vec<_> = points.iter().map(|at| [at.threshold, at.coverage, at.accuracy].map(Some)).collect();
    check_rows(found, &format!("{name}: point"), &points, &soft["coverage"]["points"]);
}

fn check_rows(found: &mut Differences, what: &str, rows: &[[Option<f64>; 3]], expected: &Value) {
    let count = expected.as_array().map_or(0, Vec::len);
    if rows.len() != count {
        found.0.push(format!("{what}: {} of them, expected {count}", rows.len()));
    }
    for (at, row) in rows.iter().enumerate().take(count) {
        for (column, &value) in row.iter().enumerate() {
            found.check(&format!("{what} {at}, {column}"), value, &expected[at][column]);
        }
    }
}

#[test]
fn metrics_are_those_of_scikit_learn() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("reference/values.json")).expect("the reference values");
    assert!(cases.len() >= 30, "{} cases", cases.len());
    let mut found = Differences::default();
    for case in &cases {
        let name = case["name"].as_str().expect("a name");
        let stances = case["stances"].as_u64().and_then(|count| usize::try_from(count).ok()).expect("a count");
        let examples = examples(case);
        let tally = Tally::of(stances, &examples);
        check_hard(&mut found, name, &tally, case);
        check_soft(&mut found, name, &tally, &examples, &case["soft"]);
    }
    assert!(found.0.is_empty(), "{}", found.0.join("\n"));
}
