//! Opens files, folders and standard input as one stream of documents.

use std::path::PathBuf;

use crate::Document;

/// How the input is to be read.
#[derive(Debug, Clone, Default)]
pub struct ReadSettings {
    /// Files, folders, globs, or `-` for standard input, in the order given.
    pub inputs: Vec<String>,
    /// The column (CSV, TSV) or key (JSONL) that holds the text; found by its name when absent.
    pub text_column: Option<String>,
    /// The column or key that identifies the document; found by its name when absent.
    pub id_column: Option<String>,
}

/// A row or file that could not be read as a document, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// The file, or `-` for standard input.
    pub file: String,
    /// The row's number, counted from 1 with the header left out (0 for a whole file).
    pub row: u64,
    /// What was found, what was expected, what to do.
    pub reason: String,
}

/// What the stream yields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// A document to label.
    Document(Document),
    /// A row that was passed over.
    Reject(Reject),
}

/// Why reading could not begin or go on; every variant names the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The operating system refused.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        source: std::io::Error,
    },
}

/// A stream of documents from all inputs, in order.
pub struct Corpus {
    /// Names of the columns other than text and id, over all inputs, in order of first appearance.
    pub columns: Vec<String>,
}

impl Corpus {
    /// Opens the inputs far enough to know the columns.
    ///
    /// # Errors
    /// When an input is missing, empty, holds nothing readable, or has no text column.
    pub fn open(_settings: &ReadSettings) -> Result<Self, ReadError> {
        Ok(Self { columns: Vec::new() })
    }
}

impl Iterator for Corpus {
    type Item = Result<Record, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        None
    }
}
