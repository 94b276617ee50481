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
use crate::{Example, Headline, Tally};

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

/// Compares every set with every later one: paired bootstrap over documents, exact `McNemar`, both with Holm's correction over the pairs.
///
/// `headlines[0]` is what the sentence speaks of. Sets of different lengths are compared over the shorter's length.
#[must_use]
pub fn compare(sets: &[Named], stances: usize, headlines: &[Headline], bootstrap: Bootstrap) -> Vec<Comparison> {
    let pairs = (0..sets.len()).flat_map(|one| (one + 1..sets.len()).map(move |other| (one, other)));
    let mut found: Vec<Comparison> =
        pairs.map(|(one, other)| compare_two(&sets[one], &sets[other], stances, headlines, bootstrap)).collect();
    correct(&mut found);
    let count = found.len();
    for comparison in &mut found {
        comparison.sentence = sentence::of(comparison, &headlines[0], count, bootstrap.level);
    }
    found
}

fn compare_two(
    first: &Named,
    second: &Named,
    stances: usize,
    headlines: &[Headline],
    bootstrap: Bootstrap,
) -> Comparison {
    let [of_first, of_second] = [first, second].map(|set| Tally::by_document(stances, &set.examples));
    let only = |one: &Named, other: &Named| {
        one.examples.iter().zip(&other.examples).filter(|(one, other)| one.right() && !other.right()).count()
    };
    let (first_only, second_only) = (only(first, second), only(second, first));
    let p = exact_p(first_only, second_only);
    Comparison {
        first: first.name.clone(),
        second: second.name.clone(),
        labels: first.examples.len().min(second.examples.len()),
        documents: of_first.len(),
        sentence: String::new(),
        differences: differences(&of_first, &of_second, headlines, bootstrap),
        mcnemar: McNemar { first_only, second_only, p, p_holm: p },
    }
}

fn differences(first: &[Tally], second: &[Tally], headlines: &[Headline], bootstrap: Bootstrap) -> Vec<Difference> {
    let between = |drawn: &[usize]| -> Vec<Option<f64>> {
        let (first, second) = (Tally::sum(first, drawn), Tally::sum(second, drawn));
        headlines.iter().map(|headline| Some(headline.of(&first)? - headline.of(&second)?)).collect()
    };
    let whole = between(&(0..first.len()).collect::<Vec<_>>());
    // All resamples of a single document are the same, which says nothing of others.
    let items = if first.len() > 1 { first.len() } else { 0 };
    let resampled: Vec<Vec<Option<f64>>> = bootstrap.draws(items).map(|drawn| between(&drawn)).collect();
    let difference = |(at, headline): (usize, &Headline)| {
        let values: Vec<f64> = resampled.iter().filter_map(|values| values[at]).collect();
        let p = bootstrap.p_value(&values);
        let (low, high) = bootstrap.percentile(values).unzip();
        Difference { id: headline.id(), name: headline.name(), value: whole[at], low, high, p, p_holm: p }
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
