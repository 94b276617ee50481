//! Whether one set of predictions is better than another on the same hand labels.

mod align;
mod holm;
mod mcnemar;
mod sentence;

use serde::Serialize;

pub use align::align;
pub use holm::holm;
pub use mcnemar::{McNemar, exact_p};

use crate::bootstrap::Bootstrap;
use crate::{Example, Headline, Resampled};

/// The examples of one set of predictions under its name. All sets compared hold the same labels in the same order (see [`align`]).
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    /// What reports call the set.
    pub name: String,
    /// One example a label.
    pub examples: Vec<Example>,
}

/// Two sets of predictions set against each other.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// Name of the first set.
    pub first: String,
    /// Name of the second set.
    pub second: String,
    /// Number of labels that both have a prediction for.
    pub labels: usize,
    /// Number of documents these belong to.
    pub documents: usize,
    /// The result in plain words.
    pub sentence: String,
    /// One difference a headline figure.
    pub differences: Vec<Difference>,
    /// Which of both is right more often.
    pub mcnemar: McNemar,
}

impl Comparison {
    /// Whether a difference in the first headline figure is claimed: the interval leaves 0 out, the p-value after Holm's correction is below
    /// 1 - `level`, and there are documents enough.
    #[must_use]
    pub fn is_shown(&self, level: f64) -> bool {
        self.documents >= sentence::FEWEST_DOCUMENTS && sentence::is_shown(&self.differences[0], level)
    }
}

/// By how much a figure of the first set exceeds that of the second.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// The headline figure's id.
    pub id: &'static str,
    /// The headline figure's name.
    pub name: &'static str,
    /// First minus second; null where either is undefined.
    pub value: Option<f64>,
    /// Lower end of the paired bootstrap interval.
    pub low: Option<f64>,
    /// Upper end of the paired bootstrap interval.
    pub high: Option<f64>,
    /// Two-sided bootstrap p-value of "there is no difference".
    pub p: Option<f64>,
    /// The p-value after Holm's correction over all pairs of sets.
    pub p_holm: Option<f64>,
}

/// A set of predictions to be compared with others of the same labels.
#[derive(Debug, Clone, PartialEq)]
pub struct Contestant<'a> {
    /// What reports call the set.
    pub name: &'a str,
    /// One example a label, in the same order in every set: what `McNemar`'s test counts.
    pub examples: &'a [Example],
    /// The headline figures, with the same resamples in every set.
    pub resampled: &'a Resampled,
}

/// Compares every set with every later one: paired bootstrap over documents, exact `McNemar`, both with Holm's correction over the pairs.
///
/// `headlines[0]` is what the sentence speaks of. Sets of different lengths are compared over the shorter's length.
#[must_use]
pub fn compare(sets: &[Named], stances: usize, headlines: &[Headline], bootstrap: Bootstrap) -> Vec<Comparison> {
    let resampled: Vec<Resampled> =
        sets.iter().map(|set| Resampled::new(&set.examples, stances, headlines, bootstrap)).collect();
    let contestants: Vec<Contestant<'_>> = sets
        .iter()
        .zip(&resampled)
        .map(|(Named { name, examples }, resampled)| Contestant { name, examples, resampled })
        .collect();
    compare_resampled(&contestants, headlines, bootstrap)
}

/// As [`compare`] does, where the headline figures are resampled already.
#[must_use]
pub fn compare_resampled(sets: &[Contestant<'_>], headlines: &[Headline], bootstrap: Bootstrap) -> Vec<Comparison> {
    let pairs = (0..sets.len()).flat_map(|one| (one + 1..sets.len()).map(move |other| (one, other)));
    let mut found: Vec<Comparison> =
        pairs.map(|(one, other)| compare_two(&sets[one], &sets[other], headlines, bootstrap)).collect();
    correct(&mut found);
    let count = found.len();
    for comparison in &mut found {
        comparison.sentence = sentence::of(comparison, &headlines[0], count, bootstrap.level);
    }
    found
}

fn compare_two(
    first: &Contestant<'_>,
    second: &Contestant<'_>,
    headlines: &[Headline],
    bootstrap: Bootstrap,
) -> Comparison {
    let only = |one: &Contestant<'_>, other: &Contestant<'_>| {
        one.examples.iter().zip(other.examples).filter(|(one, other)| one.right() && !other.right()).count()
    };
    let (first_only, second_only) = (only(first, second), only(second, first));
    let p = exact_p(first_only, second_only);
    Comparison {
        first: first.name.to_owned(),
        second: second.name.to_owned(),
        labels: first.examples.len().min(second.examples.len()),
        documents: first.resampled.documents,
        sentence: String::new(),
        differences: differences(first.resampled, second.resampled, headlines, bootstrap),
        mcnemar: McNemar { first_only, second_only, p, p_holm: p },
    }
}

fn differences(first: &Resampled, second: &Resampled, headlines: &[Headline], bootstrap: Bootstrap) -> Vec<Difference> {
    let difference = |(at, headline): (usize, &Headline)| {
        let between = |first: &[Option<f64>], second: &[Option<f64>]| Some(first[at]? - second[at]?);
        let draws = first.draws.iter().zip(&second.draws);
        let values: Vec<f64> = draws.filter_map(|(first, second)| between(first, second)).collect();
        let p = bootstrap.p_value(&values);
        let (low, high) = bootstrap.percentile(values).unzip();
        let value = between(&first.whole, &second.whole);
        Difference { id: headline.id(), name: headline.name(), value, low, high, p, p_holm: p }
    };
    headlines.iter().enumerate().map(difference).collect()
}

/// A p-value in words: three decimals, and never 0.
pub(crate) fn p_in_words(p: f64) -> String {
    if p < 0.001 { "p < 0.001".to_owned() } else { format!("p = {p:.3}") }
}

/// Holm's correction over the pairs, for each figure and for `McNemar`'s test.
fn correct(comparisons: &mut [Comparison]) {
    let of_tests = holm(&comparisons.iter().map(|one| one.mcnemar.p).collect::<Vec<_>>());
    comparisons.iter_mut().zip(of_tests).for_each(|(one, p)| one.mcnemar.p_holm = p);
    let figures = comparisons.first().map_or(0, |one| one.differences.len());
    for at in 0..figures {
        // A difference without a p-value claims nothing, as one whose p-value is 1.
        let p_values: Vec<f64> = comparisons.iter().map(|one| one.differences[at].p.unwrap_or(1.0)).collect();
        for (one, p) in comparisons.iter_mut().zip(holm(&p_values)) {
            let difference = &mut one.differences[at];
            difference.p_holm = difference.p.map(|_| p);
        }
    }
}
