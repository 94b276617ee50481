use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::{Features, NgramSettings, SparseRows, Tfidf};
use crate::passage::Passage;
use crate::tensors::{Tensor, TensorFile, Tensors};

const BUCKETS: &str = "buckets";
const IDF: &str = "idf";

/// How much embeddings and n-grams count beside each other; what has weight 0 is left out.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// Factor of the embedding.
    pub embeddings: f32,
    /// Factor of the weighted n-grams.
    pub ngrams: f32,
}

impl Weights {
    /// Embeddings alone, as they are.
    pub const EMBEDDINGS: Self = Self { embeddings: 1.0, ngrams: 0.0 };
    /// N-grams alone, as they are weighted.
    pub const NGRAMS: Self = Self { embeddings: 0.0, ngrams: 1.0 };

    /// Joins embeddings `[texts, dimensions]` and weighted n-grams of the same texts.
    #[must_use]
    pub fn join(self, embeddings: &Array2<f32>, ngrams: &SparseRows) -> Features {
        let dense =
            if self.embeddings > 0.0 { embeddings * self.embeddings } else { Array2::zeros((embeddings.nrows(), 0)) };
        let sparse =
            if self.ngrams > 0.0 { ngrams.clone().scaled(self.ngrams) } else { SparseRows::empty(ngrams.rows()) };
        Features { dense, sparse }
    }
}

/// What a bundle's manifest says of features with n-grams.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FeatureSettings {
    weights: Weights,
    ngrams: NgramSettings,
}

impl FeatureSettings {
    /// What is wrong with settings that come from a file, if anything.
    fn problem(&self) -> Option<String> {
        let Weights { embeddings, ngrams } = self.weights;
        let sound = embeddings.is_finite() && embeddings >= 0.0 && ngrams.is_finite() && ngrams > 0.0;
        let problem = || format!("{:?} cannot join features; fetch or train the bundle again", self.weights);
        (!sound).then(problem).or_else(|| self.ngrams.problem())
    }
}

/// Makes the features of texts: what has to be kept of the training texts to see other texts alike.
#[derive(Debug, Clone, PartialEq)]
pub struct Featuriser {
    weights: Weights,
    /// `None` where n-grams do not count.
    tfidf: Option<Tfidf>,
}

impl Featuriser {
    /// Asks for the weights of n-grams only where they count, since a bundle would carry them for nothing.
    #[must_use]
    pub fn new(weights: Weights, tfidf: impl FnOnce() -> Tfidf) -> Self {
        Self { weights, tfidf: (weights.ngrams > 0.0).then(tfidf) }
    }

    /// Embeddings alone, as they are.
    #[must_use]
    pub fn of_embeddings() -> Self {
        Self { weights: Weights::EMBEDDINGS, tfidf: None }
    }

    /// From a bundle's settings and its file of n-grams.
    pub(crate) fn read(settings: FeatureSettings, file: &TensorFile<'_>) -> Result<Self, String> {
        let FeatureSettings { weights, ngrams } = settings;
        settings.problem().map_or(Ok(()), Err)?;
        let columns = file.rows(BUCKETS);
        let (buckets, idf) = (file.integers(BUCKETS, columns)?, file.floats(IDF, &[columns])?);
        let too_large = buckets.last().is_some_and(|&bucket| bucket as usize >= ngrams.buckets());
        if too_large || !buckets.is_sorted_by(|a, b| a < b) {
            return Err(format!("`{BUCKETS}` are not ascending numbers below {}", ngrams.buckets()));
        }
        Ok(Self::new(weights, || Tfidf::new(ngrams, buckets, idf)))
    }

    /// What [`Featuriser::read`] reads; `None` where n-grams do not count.
    pub(crate) fn tensors(&self) -> Option<Tensors> {
        let Tfidf { buckets, idf, .. } = self.tfidf.as_ref()?;
        Some(Tensors::from([(BUCKETS, Tensor::integers(buckets)), (IDF, Tensor::floats(&[idf.len()], idf))]))
    }

    /// How the parts are joined.
    #[must_use]
    pub fn weights(&self) -> Weights {
        self.weights
    }

    /// The settings that a bundle keeps; `None` where n-grams do not count.
    pub(crate) fn settings(&self) -> Option<FeatureSettings> {
        self.tfidf.as_ref().map(|tfidf| FeatureSettings { weights: self.weights, ngrams: tfidf.settings })
    }

    /// The number of dense and of sparse features of a text whose embedding has `dimensions`.
    #[must_use]
    pub fn widths(&self, dimensions: usize) -> [usize; 2] {
        let dense = if self.weights.embeddings > 0.0 { dimensions } else { 0 };
        [dense, self.tfidf.as_ref().map_or(0, |tfidf| tfidf.buckets.len())]
    }

    /// The features of texts from the texts and their embeddings `[texts, dimensions]`: those of a text do not depend on the others.
    #[must_use]
    pub fn features(&self, texts: &[Passage<'_>], embeddings: &Array2<f32>) -> Features {
        let ngrams = match &self.tfidf {
            Some(tfidf) => tfidf.transform(&tfidf.settings.count(texts)),
            None => SparseRows::empty(texts.len()),
        };
        self.weights.join(embeddings, &ngrams)
    }
}
