use std::collections::BTreeMap;

use standpoint_labels::{Place, Prediction};

use crate::Example;

/// Rolls examples up to one a document, in the order in which documents first appear.
///
/// Each example weighs as many characters as were judged. The document's hand label is the stance of most characters (of equals the first);
/// its probabilities are the weighted means of its examples' and its prediction the most probable stance, or, where there are no
/// probabilities, the stance predicted of most characters. Only what was judged by hand counts on either side. `review` is left open, since
/// the threshold behind it is the model's. Probabilities have one entry a stance, as `stances` says.
#[must_use]
pub fn roll_up(examples: &[Example], stances: usize) -> Vec<Example> {
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    let mut documents: Vec<Vec<&Example>> = Vec::new();
    for example in examples {
        let at = *first.entry(&example.document).or_insert(documents.len());
        if at == documents.len() {
            documents.push(Vec::new());
        }
        documents[at].push(example);
    }
    documents.iter().map(|parts| document(parts, stances)).collect()
}

fn document(parts: &[&Example], stances: usize) -> Example {
    let weights: Vec<f64> = parts.iter().map(|part| weight(part)).collect();
    let probabilities = pooled(parts, &weights, stances);
    let (predicted, confidence) = match &probabilities {
        Some(probabilities) => {
            let prediction = Prediction { probabilities: probabilities.clone(), review: false };
            (prediction.stance(), Some(prediction.confidence()))
        }
        None => (heaviest(parts, &weights, stances, |part| part.predicted), None),
    };
    let texts: Vec<&str> = parts.iter().filter_map(|part| part.text.as_deref()).collect();
    Example {
        text: (!texts.is_empty()).then(|| texts.join("\n")),
        hand: heaviest(parts, &weights, stances, |part| part.hand),
        predicted,
        probabilities,
        confidence,
        review: None,
        ..parts[0].clone()
    }
}

fn weight(example: &Example) -> f64 {
    match &example.place {
        Place::Span { span, .. } => span.len() as f64,
        Place::Text { text, .. } => text.chars().count() as f64,
    }
}

fn pooled(parts: &[&Example], weights: &[f64], stances: usize) -> Option<Vec<f64>> {
    let total: f64 = weights.iter().sum();
    let mut means = vec![0.0; stances];
    for (part, weight) in parts.iter().zip(weights) {
        let probabilities = part.probabilities.as_ref()?;
        means.iter_mut().zip(probabilities).for_each(|(mean, probability)| *mean += probability * weight / total);
    }
    Some(means)
}

fn heaviest(parts: &[&Example], weights: &[f64], stances: usize, stance: impl Fn(&Example) -> usize) -> usize {
    let mut totals = vec![0.0; stances];
    parts.iter().zip(weights).for_each(|(part, weight)| totals[stance(part)] += weight);
    (0..stances).fold(0, |best, at| if totals[at] > totals[best] { at } else { best })
}
