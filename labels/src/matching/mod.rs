//! Meets hand labels with predictions.

mod index;
mod unmatched;
mod wording;

use std::collections::HashSet;
use std::path::Path;

use standpoint_corpus::Span;

use self::index::Index;
pub use self::unmatched::Unmatched;
use crate::HandLabel;

/// Where a prediction stands, to be met with hand labels.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Predicted {
    /// The document's id.
    pub document: String,
    /// The segment's span; `None` when the prediction is of the whole document.
    pub span: Option<Span>,
    /// The text, where the predictions hold it.
    pub text: Option<String>,
    /// What the stance is towards, where the predictions say so.
    pub target: Option<String>,
}

/// What a label meets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Met {
    /// Positions of the predictions, at least one; several where the label is of a text that was predicted in segments.
    pub predictions: Vec<usize>,
    /// Where the document's last prediction ends, if the label's span goes on behind it.
    pub reaches_past: Option<usize>,
}

/// What each label of `file` meets, or why nothing.
///
/// A stand-off label meets the segment of its document that it overlaps most (of equals the first), unless half of it or more lies behind the
/// document's last one.
///
/// A self-contained label meets a prediction of the document that is called as its `id`, or else as its `document`, or else, where it has no
/// id, as its file and row; there the one with its text or a text around it, or else all segments whose texts its own holds. If it names no
/// document of the predictions, it meets any with its text. White space counts once in texts, and a label's text may be mended as `label`
/// does it. Of several predictions of one text every annotator's first label meets the first, the second the second, and so on.
///
/// Where both say what the stance is towards, it is the same.
#[must_use]
pub fn meet(labels: &[HandLabel], file: &Path, predictions: &[Predicted]) -> Vec<Result<Met, Unmatched>> {
    let index = Index::of(predictions, labels, file);
    let mut taken = Taken::default();
    // Labels that name their document choose first: the others take what these leave.
    let named: Vec<_> = labels.iter().map(|label| index.by_name(label, &mut taken)).collect();
    let by_text = |(label, named): (_, Option<_>)| named.unwrap_or_else(|| index.by_text(label, &mut taken));
    labels.iter().zip(named).map(by_text).collect()
}

/// Which predictions each annotator's labels have met.
#[derive(Default)]
struct Taken<'a>(HashSet<(&'a str, usize)>);

impl<'a> Taken<'a> {
    /// The first candidate that the label's annotator has not judged yet, or else the first.
    fn next(&mut self, label: &'a HandLabel, candidates: &[usize]) -> Option<Met> {
        let is_free = |&&at: &&usize| !self.0.contains(&(label.annotator.as_str(), at));
        let &at = candidates.iter().find(is_free).or(candidates.first())?;
        Some(self.all(label, vec![at]))
    }

    fn all(&mut self, label: &'a HandLabel, predictions: Vec<usize>) -> Met {
        self.0.extend(predictions.iter().map(|&at| (label.annotator.as_str(), at)));
        Met { predictions, reaches_past: None }
    }
}

#[cfg(test)]
mod tests;
