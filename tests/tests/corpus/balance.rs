//! No surface gives the stance away: neither the kind of text nor its length.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use ndarray::Array2;
use standpoint_labels::Scheme;
use standpoint_models::train::{Examples, Kind, Parts, Plan, train};

use super::{BALANCED, Passage, passages};

const STANCES: usize = 3;
/// The most words in each band but the last.
const BANDS: [usize; 3] = [15, 40, 80];
/// How far the shares of a band may lie apart between two stances.
const BAND_DIFFERENCE: f64 = 0.08;
/// Chance is 1/3, with a standard error of 0.007 for 4,500 passages. Bands that differ by no more than [`BAND_DIFFERENCE`] let a
/// classifier gain up to three points, kinds of nearly equal shares one or two more.
const ACCURACY: f64 = 0.40;

fn band(passage: &Passage) -> usize {
    BANDS.iter().position(|most| passage.words() <= *most).unwrap_or(BANDS.len())
}

/// Passages of each stance, by a property.
fn count<K: Ord>(passages: &[Passage], key: impl Fn(&Passage) -> K) -> BTreeMap<K, [usize; STANCES]> {
    let mut counts: BTreeMap<K, [usize; STANCES]> = BTreeMap::new();
    for passage in passages {
        counts.entry(key(passage)).or_default()[passage.stance] += 1;
    }
    counts
}

/// One line a key: its counts and the shares that `of` makes of them.
fn table<K: std::fmt::Debug>(
    counts: &BTreeMap<K, [usize; STANCES]>,
    of: impl Fn(&[usize; STANCES]) -> [f64; STANCES],
) -> String {
    let mut table = format!("{:?}\n", Scheme::sex_work_law().ids());
    for (key, of_key) in counts {
        let shares = of(of_key).map(|share| format!("{:5.1} %", 100.0 * share));
        let _ = writeln!(table, "{:24} {of_key:5?}  {}", format!("{key:?}"), shares.join("  "));
    }
    table
}

#[test]
fn every_stance_has_800_passages() {
    let counts = count(&passages(BALANCED), |_| ())[&()];
    assert!(counts.iter().all(|&count| count >= 800), "{counts:?}");
}

#[test]
fn every_kind_has_a_quarter_of_each_stance() {
    let counts = count(&passages(BALANCED), |passage| passage.kind.clone());
    let shares = |of_kind: &[usize; STANCES]| of_kind.map(|count| count as f64 / of_kind.iter().sum::<usize>() as f64);
    let balanced = counts.values().all(|of_kind| shares(of_kind).iter().all(|&share| share >= 0.25));
    assert!(balanced && counts.len() >= 14, "{}", table(&counts, shares));
}

#[test]
fn every_stance_has_the_same_spread_of_lengths() {
    let passages = passages(BALANCED);
    let total = count(&passages, |_| ())[&()];
    let counts = count(&passages, band);
    let shares =
        |of_band: &[usize; STANCES]| std::array::from_fn(|stance| of_band[stance] as f64 / total[stance] as f64);
    let spread = |shares: [f64; STANCES]| {
        shares.iter().copied().fold(0.0, f64::max) - shares.iter().copied().fold(1.0, f64::min)
    };
    let even = counts.values().all(|of_band| spread(shares(of_band)) <= BAND_DIFFERENCE);
    assert!(even, "bands end at {BANDS:?} words; share of each stance in each band:\n{}", table(&counts, shares));
}

/// Grouped five-fold cross-validation with the program's own training.
#[test]
fn length_and_kind_tell_no_stance() {
    let passages = passages(BALANCED);
    let kinds: Vec<&String> =
        passages.iter().map(|passage| &passage.kind).collect::<BTreeSet<_>>().into_iter().collect();
    // The logarithm of the length about the middle of the corpus, and its square for what lies at both ends.
    let length = |passage: &Passage| (passage.words() as f32 / 30.0).ln();
    let feature = |(row, column): (usize, usize)| match column.checked_sub(kinds.len()) {
        None => f32::from(u8::from(*kinds[column] == passages[row].kind)),
        Some(0) => length(&passages[row]),
        Some(_) => length(&passages[row]).powi(2),
    };
    let features = Array2::from_shape_fn((passages.len(), kinds.len() + 2), feature);
    let labels: Vec<usize> = passages.iter().map(|passage| passage.stance).collect();
    let groups: Vec<String> = passages.iter().map(|passage| passage.group.clone()).collect();
    let (texts, definitions) =
        (vec![standpoint_models::Passage::from(""); passages.len()], Array2::zeros((STANCES, features.ncols())));
    let scheme = Scheme::sex_work_law();
    let examples = Examples {
        texts: &texts,
        embeddings: &features,
        labels: &labels,
        weights: None,
        groups: &groups,
        documents: &groups,
        definitions: &definitions,
        stances: &scheme.ids(),
    };
    let plan = Plan { classifiers: vec![Kind::Logistic], features: vec![Parts::Embedding], ..Plan::default() };
    let trained = train(examples, &plan).unwrap();
    let predictions = trained.calibration.predictions(&trained.unseen.logits, &vec![1; labels.len()]);
    let right = predictions.iter().zip(&labels).filter(|(prediction, label)| prediction.stance() == **label).count();
    let accuracy = right as f64 / labels.len() as f64;
    assert!(accuracy < ACCURACY, "accuracy {accuracy:.3}");
    // Where nothing can be learnt it must not be far below chance either: that would be a fault of the folds.
    assert!(accuracy > 0.28, "accuracy {accuracy:.3}");
}
