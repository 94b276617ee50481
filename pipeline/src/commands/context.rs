use anyhow::{Result, bail};
use standpoint_corpus::{Document, Segment};

/// The column that says which document a row is part of, where none is named.
const DOCUMENT: &str = "document";

/// Which segments may inform each other: those of one document, and those of rows that are parts of one document and follow each other.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Context {
    /// Every segment stands alone.
    Off,
    /// Every row is a document of its own.
    Rows,
    /// Rows are parts of the document that this field names.
    Column(usize),
}

impl Context {
    /// From what was asked and the input's columns other than text and id.
    pub(crate) fn new(off: bool, column: Option<&str>, columns: &[String]) -> Result<Self> {
        let at = columns.iter().position(|name| name == column.unwrap_or(DOCUMENT));
        Ok(match (at, column) {
            _ if off => Self::Off,
            (Some(at), _) => Self::Column(at),
            (None, None) => Self::Rows,
            (None, Some(column)) => bail!(
                "--document-column: there is no column `{column}` beside text and id; there are: {}",
                columns.join(", ")
            ),
        })
    }

    /// Whether two rows that follow each other are parts of one document.
    pub(crate) fn joins(self, last: &Document, next: &Document) -> bool {
        matches!(self, Self::Column(at) if !last.fields[at].is_empty() && last.fields[at] == next.fields[at])
    }

    /// How many segments belong to each document, in order; `split` holds the segments of each row.
    pub(crate) fn lengths(self, rows: &[Document], split: &[Vec<Segment>]) -> Vec<usize> {
        let mut lengths = Vec::new();
        for (at, segments) in split.iter().enumerate() {
            match lengths.last_mut() {
                Some(length) if self.joins(&rows[at - 1], &rows[at]) => *length += segments.len(),
                _ if matches!(self, Self::Off) => lengths.extend(vec![1; segments.len()]),
                _ => lengths.push(segments.len()),
            }
        }
        lengths
    }
}
