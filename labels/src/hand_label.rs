use std::collections::BTreeMap;
use std::path::PathBuf;

use standpoint_corpus::Span;

/// One judgement of one annotator, with its stance as the file spells it.
#[derive(Debug, Clone, PartialEq)]
pub struct HandLabel {
    /// What was judged.
    pub place: Place,
    /// What the stance is towards, where the file says so, as it spells it: see [`crate::Scheme::target`].
    pub target: Option<String>,
    /// The stance's id, its name, or its position in the scheme: see [`crate::Spellings`].
    pub stance: String,
    /// How much it counts in training, above 0, where the file says so; 2 is as good as having it twice.
    pub weight: Option<f64>,
    /// Who judged; the file's name without its extension where the file does not say.
    pub annotator: String,
    /// The row or record it stands in, counted from 1 with the header left out.
    pub row: u64,
}

/// What a hand label is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A text that stands in the label file itself.
    Text {
        /// The text judged.
        text: String,
        /// What the file's owner calls this text, where the file says so.
        id: Option<String>,
        /// The document it belongs to, where the file says so: texts of one document are never parted between training and test.
        document: Option<String>,
    },
    /// A part of a document that stands in a corpus (stand-off).
    Span {
        /// The document's id.
        document: String,
        /// The part judged.
        span: Span,
    },
}

impl Place {
    /// The text judged; that of a span is cut out of its document, which `documents` knows by its id.
    ///
    /// # Errors
    /// When the document is unknown or shorter than the span's end; says what to do.
    pub fn text<'a>(&'a self, documents: impl Fn(&str) -> Option<&'a str>) -> Result<&'a str, String> {
        let (document, span) = match self {
            Self::Text { text, .. } => return Ok(text),
            Self::Span { document, span } => (document, span),
        };
        let text = documents(document)
            .ok_or_else(|| format!("no document `{document}` was read; give its file with --corpus"))?;
        let outside = || {
            let length = text.chars().count();
            format!("{}..{} lies outside document `{document}` of {length} characters", span.start, span.end)
        };
        span.of(text).ok_or_else(outside)
    }
}

/// What a label file holds.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelFile {
    /// The file.
    pub file: PathBuf,
    /// Its labels, in its order.
    pub labels: Vec<HandLabel>,
    /// Rows and records, or parts of them, that should be labels and are none.
    pub problems: Vec<RowProblem>,
    /// How many answers were passed over for which reason, since they judge nothing: ignored, rejected, cancelled or not given.
    pub skipped: BTreeMap<String, usize>,
    /// The texts of the documents that the labels' spans are about, by id, where the file holds them.
    pub documents: BTreeMap<String, String>,
}

impl LabelFile {
    /// How many labels each annotator gave.
    #[must_use]
    pub fn annotators(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        self.labels.iter().for_each(|label| *counts.entry(label.annotator.as_str()).or_default() += 1);
        counts
    }

    /// A sentence that says how many answers were passed over and why, if any were.
    #[must_use]
    pub fn skipped_notice(&self) -> Option<String> {
        let total: usize = self.skipped.values().sum();
        let each: Vec<String> = self.skipped.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
        (total > 0).then(|| format!("{}: {total} answer(s) are no labels: {}", self.file.display(), each.join(", ")))
    }
}

/// A row or record that is not a hand label, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: row {row}: {reason}", file.display())]
pub struct RowProblem {
    /// The label file.
    pub file: PathBuf,
    /// The row or record, counted from 1 with the header left out.
    pub row: u64,
    /// What was found, what was expected, what to do.
    pub reason: String,
}

/// Why a label file cannot be read at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LabelError {
    /// The operating system refused.
    #[error("{}: cannot be read", file.display())]
    Io {
        /// The label file.
        file: PathBuf,
        /// The reason.
        source: std::io::Error,
    },
    /// The file is not text.
    #[error("{}: {reason}", file.display())]
    Encoding {
        /// The label file.
        file: PathBuf,
        /// Which byte is not text, and what to do.
        reason: String,
    },
    /// The header is that of no table of labels.
    #[error(
        "{}: a label file has the columns `text,stance` (or `label`, `label_text`, `target`, `y_true`) or `document,start,end,stance`; {}",
        file.display(),
        if found.is_empty() { "the file is empty".to_owned() } else { format!("found `{found}`") }
    )]
    Columns {
        /// The label file.
        file: PathBuf,
        /// The columns found.
        found: String,
    },
    /// JSON that cannot be parsed, or that no labelling tool writes.
    #[error("{}: {reason}", file.display())]
    Json {
        /// The label file.
        file: PathBuf,
        /// What was found and what was expected.
        reason: String,
    },
}

#[cfg(test)]
mod tests {
    use super::Place;
    use standpoint_corpus::Span;

    #[test]
    fn the_text_of_a_place_is_cut_or_what_is_wrong_is_said() {
        let span =
            |document: &str, start, end| Place::Span { document: document.to_owned(), span: Span { start, end } };
        let whole = Place::Text { text: "all of it".to_owned(), id: None, document: None };
        let documents = |id: &str| (id == "d").then_some("né à Lyon");
        let cases = [
            (whole, Ok("all of it")),
            (span("d", 3, 4), Ok("à")),
            (span("d", 3, 10), Err("3..10 lies outside document `d` of 9 characters")),
            (span("x", 0, 1), Err("no document `x` was read; give its file with --corpus")),
        ];
        for (place, expected) in &cases {
            assert_eq!(place.text(documents), expected.map_err(str::to_owned), "{place:?}");
        }
    }
}
