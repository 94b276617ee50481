use serde::Serialize;

use crate::bootstrap::Bootstrap;
use crate::{Example, Headline, Tally};

/// A headline figure with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Figure {
    /// What machines call it.
    pub id: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// What it measures.
    pub meaning: &'static str,
    /// Its value; null where it is undefined.
    pub value: Option<f64>,
    /// Lower end of the interval; null where there is none: with one document, or when most resamples leave the figure undefined.
    pub low: Option<f64>,
    /// Upper end of the interval.
    pub high: Option<f64>,
    /// Why the value is null; null where it is not.
    pub undefined: Option<&'static str>,
}

impl Figure {
    /// The figures of examples, with intervals over resamples of their documents.
    pub(super) fn all(
        headlines: &[Headline],
        stances: usize,
        examples: &[&Example],
        bootstrap: Bootstrap,
    ) -> Vec<Self> {
        let whole = Tally::of(stances, examples.iter().copied());
        let documents = Tally::by_document(stances, examples.iter().copied());
        // All resamples of a single document are the same, which says nothing of others.
        let items = if documents.len() > 1 { documents.len() } else { 0 };
        let resamples: Vec<Tally> = bootstrap.draws(items).map(|drawn| Tally::sum(&documents, &drawn)).collect();
        let figure = |headline: &Headline| {
            let values = resamples.iter().filter_map(|tally| headline.of(tally)).collect();
            Self::of(headline, &whole, bootstrap.percentile(values))
        };
        headlines.iter().map(figure).collect()
    }

    fn of(headline: &Headline, whole: &Tally, interval: Option<(f64, f64)>) -> Self {
        let value = headline.of(whole);
        let (low, high) = value.and(interval).unzip();
        Self {
            id: headline.id(),
            name: headline.name(),
            meaning: headline.meaning(),
            value,
            low,
            high,
            undefined: value.is_none().then(|| headline.undefined()),
        }
    }
}
