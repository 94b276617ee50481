use std::borrow::Cow;

use standpoint_labels::Target;

use crate::encoder::{Embeddings, EncodeError, Encoder};
use crate::hashtag::part_hashtags;

/// What a model judges: a text and, where the scheme has targets, what its stance is towards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passage<'a> {
    /// The text.
    pub text: &'a str,
    /// What the stance is towards.
    pub target: Option<&'a Target>,
}

impl<'a> Passage<'a> {
    /// What an encoder reads: the target's name before the text, hashtags parted into words.
    #[must_use]
    pub fn encoded(&self) -> Cow<'a, str> {
        let text = part_hashtags(self.text);
        match self.target {
            Some(target) => Cow::Owned(format!("{}: {text}", target.name)),
            None => text,
        }
    }

    /// Encodes every passage, in the order given.
    ///
    /// # Errors
    /// As [`Encoder::encode`].
    pub fn encode(passages: &[Self], encoder: &dyn Encoder) -> Result<Embeddings, EncodeError> {
        let written: Vec<Cow<'_, str>> = passages.iter().map(Self::encoded).collect();
        encoder.encode(&written.iter().map(AsRef::as_ref).collect::<Vec<_>>())
    }
}

/// A text of which nothing is said of a target.
impl<'a> From<&'a str> for Passage<'a> {
    fn from(text: &'a str) -> Self {
        Self { text, target: None }
    }
}
