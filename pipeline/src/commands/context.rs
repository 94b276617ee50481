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
    /// Rows are parts of the document that a field names; where another names what their stances are towards, only rows of one target inform each
    /// other.
    Column {
        /// The field that names the document.
        document: usize,
        /// The field that names the target.
        target: Option<usize>,
    },
}

impl Context {
    /// From what was asked, the input's columns other than text and id, and the field that names targets.
    pub(crate) fn new(off: bool, column: Option<&str>, columns: &[String], target: Option<usize>) -> Result<Self> {
        let at = columns.iter().position(|name| name == column.unwrap_or(DOCUMENT));
        Ok(match (at, column) {
            _ if off => Self::Off,
            (Some(document), _) => Self::Column { document, target },
            (None, None) => Self::Rows,
            (None, Some(column)) => bail!(
                "--document-column: there is no column `{column}` beside text and id; there are: {}",
                columns.join(", ")
            ),
        })
    }

    /// Whether two rows that follow each other are parts of one document.
    pub(crate) fn joins(self, last: &Document, next: &Document) -> bool {
        let Self::Column { document, target } = self else { return false };
        let same = |at: usize| last.fields[at].text() == next.fields[at].text();
        !last.fields[document].text().is_empty() && same(document) && target.is_none_or(same)
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use standpoint_corpus::{Document, Field, Unit, segment};

    use super::Context;

    #[test]
    fn rows_belong_together_by_document_and_target() {
        let columns = ["document", "target"].map(str::to_owned);
        let row = |fields: [&str; 2]| Document {
            id: String::new(),
            text: "One.\n\nTwo.".to_owned(),
            fields: fields.map(|field| Field::Text(field.to_owned())).to_vec(),
        };
        let rows = [["d", "lamps"], ["d", "lamps"], ["d", "river"], ["e", "river"], ["", "river"]].map(row);
        let split = rows.each_ref().map(|row| segment(&row.text, Unit::Passage));
        let of_row = split[0].len();
        let cases: [(bool, Option<usize>, &[usize]); 3] =
            [(false, Some(1), &[2, 1, 1, 1]), (false, None, &[3, 1, 1]), (true, Some(1), &[1; 5])];
        for (off, target, expected) in cases {
            let context = Context::new(off, None, &columns, target).unwrap();
            let segments: Vec<usize> = expected.iter().map(|rows| rows * of_row).collect();
            let expected = if off { vec![1; 5 * of_row] } else { segments };
            assert_eq!(context.lengths(&rows, &split), expected, "{off} {target:?}");
        }
    }
}
