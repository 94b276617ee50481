use crate::bootstrap::Bootstrap;
use crate::{Example, Headline, Tally};

/// Headline figures of a set of examples: of all of them, and of resamples of their documents.
///
/// Two sets of the same documents and bootstrap have the same resamples, so that figures can be subtracted draw by draw.
#[derive(Debug, Clone, PartialEq)]
pub struct Resampled {
    /// One figure a headline; `None` where it is undefined.
    pub whole: Vec<Option<f64>>,
    /// The figures of each resample; no resamples with fewer than two documents.
    pub draws: Vec<Vec<Option<f64>>>,
    /// Number of documents.
    pub documents: usize,
}

impl Resampled {
    /// Draws the resamples, each of as many documents as there are.
    #[must_use]
    pub fn new<'a>(
        examples: impl IntoIterator<Item = &'a Example>,
        stances: usize,
        headlines: &[Headline],
        bootstrap: Bootstrap,
    ) -> Self {
        let tallies = Tally::by_document(stances, examples);
        let figures = |drawn: &[usize]| {
            let sum = Tally::sum(&tallies, drawn);
            headlines.iter().map(|headline| headline.of(&sum)).collect()
        };
        // All resamples of a single document are the same, which says nothing of others.
        let items = if tallies.len() > 1 { tallies.len() } else { 0 };
        Self {
            whole: figures(&(0..tallies.len()).collect::<Vec<_>>()),
            draws: bootstrap.draws(items).map(|drawn| figures(&drawn)).collect(),
            documents: tallies.len(),
        }
    }
}
