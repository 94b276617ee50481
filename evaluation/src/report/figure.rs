use serde::Serialize;

use crate::bootstrap::Bootstrap;
use crate::{Headline, Resampled};

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
    /// The figures of a set of examples, with intervals over resamples of their documents.
    pub(crate) fn all(headlines: &[Headline], found: &Resampled, bootstrap: Bootstrap) -> Vec<Self> {
        let figure = |(at, headline): (usize, &Headline)| {
            let values = found.draws.iter().filter_map(|figures| figures[at]).collect();
            Self::of(headline, found.whole[at], bootstrap.percentile(values))
        };
        headlines.iter().enumerate().map(figure).collect()
    }

    fn of(headline: &Headline, value: Option<f64>, interval: Option<(f64, f64)>) -> Self {
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
