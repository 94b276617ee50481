use standpoint_corpus::Span;

/// Why a label meets no prediction.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unmatched {
    /// The predictions do not know the label's document.
    #[error("no prediction is of document `{document}`")]
    Document {
        /// The document's id.
        document: String,
    },
    /// No prediction of the document overlaps the label's span.
    #[error("no prediction of document `{document}` overlaps {}..{}; its last one ends at {end}", span.start, span.end)]
    Outside {
        /// The document's id.
        document: String,
        /// The part judged.
        span: Span,
        /// Where the document's last prediction ends.
        end: usize,
    },
    /// Half of the label's span or more lies behind the document's last prediction.
    #[error(
        "{}..{} lies mostly outside document `{document}`, whose last prediction ends at {end}; positions count characters from 0",
        span.start, span.end
    )]
    MostlyOutside {
        /// The document's id.
        document: String,
        /// The part judged.
        span: Span,
        /// Where the document's last prediction ends.
        end: usize,
    },
    /// The only prediction of the document that the label names has another text.
    #[error(
        "the prediction of document `{document}` has another text, `{found}`; check the id, or leave it out to go by the text"
    )]
    OtherText {
        /// The document's id.
        document: String,
        /// How the predicted text begins.
        found: String,
    },
    /// None of the predictions of the document that the label names has its text, or a part of it.
    #[error("`{document}` has {count} predictions and none of them has this text, so which is meant is unclear")]
    Unclear {
        /// The document's id.
        document: String,
        /// How many predictions it has.
        count: usize,
    },
    /// Neither the label's id nor its text is found.
    #[error("no prediction is of document `{id}` or has this text")]
    Name {
        /// What the label calls its text.
        id: String,
    },
    /// The label's text is not found.
    #[error("no prediction has this text")]
    Text,
    /// There is no text to find, and the label says of no document that it is of it.
    #[error(
        "the predictions have no texts, and none is of document `{document}`; give the texts a column `id` before they are predicted"
    )]
    NoTexts {
        /// What a text without an id is called: its file and row.
        document: String,
    },
}
