//! Opens files, folders and standard input as one stream of documents.
//!
//! A row of a table (CSV, TSV), an object of a JSON file and a whole text or HTML file are one document each. A file's
//! encoding, its delimiter and its text and id columns are found from its content; [`ReadSettings`] overrule what is
//! found. A row that cannot be read becomes a [`Reject`], and the others go on; so does a file that was found in a folder or
//! by a glob. A file that was named itself and cannot be opened as what it should be is a [`ReadError`].

mod columns;
mod discover;
mod encoding;
mod error;
mod html;
mod json;
mod prepare;
mod repeated;
mod source;
mod split;
mod table;
mod whole;

use std::fmt;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub use self::error::{Fault, ReadError};
pub use self::repeated::RepeatedIds;
use crate::Document;
use columns::Union;
use prepare::{Prepared, Records};

/// How the input is to be read.
#[derive(Debug, Clone, Default)]
pub struct ReadSettings {
    /// Files, folders, globs, or `-` for standard input, in the order given.
    pub inputs: Vec<String>,
    /// The column (CSV, TSV) or key (JSON) that holds the text; found by its name when absent.
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
    /// What was found, what was expected, what to do; for a row that cannot be read, the line on which it begins comes first.
    pub reason: String,
}

impl fmt::Display for Reject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, row, reason } = self;
        if *row == 0 { write!(f, "{file}: {reason}") } else { write!(f, "{file}: row {row}: {reason}") }
    }
}

/// What the stream yields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// A document to label.
    Document(Document),
    /// A row or file that was passed over.
    Reject(Reject),
}

/// A stream of documents from all inputs, in order, one row in memory at a time.
///
/// It ends after the first error.
pub struct Corpus {
    /// Names of the columns other than text and id, over all inputs, in order of first appearance.
    pub columns: Vec<String>,
    /// Of inputs that may be something else than what they are read as: what, and what to do then.
    pub doubts: Vec<String>,
    inputs: std::vec::IntoIter<Input>,
    current: Option<Current>,
    check: Check,
    repeated: RepeatedIds,
    total_bytes: Option<u64>,
    progress: Arc<AtomicU64>,
}

/// Says what is wrong with a document, if anything.
type Check = Box<dyn Fn(&Document) -> Result<(), String> + Send>;

/// The input that is being read.
struct Current {
    path: String,
    records: Records,
    /// The number of the last row; stays 0 where the file is one document.
    row: u64,
    has_rows: bool,
}

impl Current {
    /// The next record; a document that `check` refuses is a reject, and any other is noted by its id.
    fn next(&mut self, check: &Check, repeated: &RepeatedIds) -> Option<io::Result<Record>> {
        let record = self.records.next()?;
        self.row += u64::from(self.has_rows);
        Some(record.map(|record| match record {
            Record::Document(document) => match check(&document) {
                Ok(()) => {
                    repeated.note(&self.path, self.row, &document.id);
                    Record::Document(document)
                }
                Err(reason) => Record::Reject(Reject { file: self.path.clone(), row: self.row, reason }),
            },
            reject @ Record::Reject(_) => reject,
        }))
    }
}

enum Input {
    Ready(Box<Prepared>),
    /// A file that was found, not named, and cannot be read.
    PassedOver(ReadError),
}

impl Corpus {
    /// Opens the inputs far enough to know the columns: tables to their headers, JSON files to the end.
    ///
    /// # Errors
    /// When an input is missing, empty, holds nothing readable, or has no text column. A file that was found in a folder or
    /// by a glob is passed over instead, unless there is no other.
    pub fn open(settings: &ReadSettings) -> Result<Self, ReadError> {
        Self::open_with(settings, Box::new(io::stdin()))
    }

    /// The same, with another stream in the place of standard input.
    ///
    /// # Errors
    /// As [`Corpus::open`].
    pub fn open_with(settings: &ReadSettings, stdin: Box<dyn Read + Send>) -> Result<Self, ReadError> {
        let inputs = prepare_all(settings, stdin)?;
        let mut union = Union::default();
        let (mut total_bytes, mut doubts) = (Some(0), Vec::new());
        for input in &inputs {
            let Input::Ready(prepared) = input else { continue };
            doubts.extend(prepared.doubt.map(|doubt| format!("{}: {doubt}", prepared.source.path)));
            prepared.columns().into_iter().for_each(|columns| union.extend(columns));
            total_bytes = total_bytes.zip(prepared.source.size()).map(|(total, size)| total + size);
        }
        Ok(Self {
            columns: union.names,
            doubts,
            inputs: inputs.into_iter(),
            current: None,
            check: Box::new(|_| Ok(())),
            repeated: RepeatedIds::default(),
            total_bytes,
            progress: Arc::default(),
        })
    }

    /// Passes over the documents that `check` refuses; it says what was found, what was expected and what to do.
    #[must_use]
    pub fn checked(self, check: impl Fn(&Document) -> Result<(), String> + Send + 'static) -> Self {
        Self { check: Box::new(check), ..self }
    }

    /// The size of all inputs in bytes; unknown when one of them is a stream.
    #[must_use]
    pub fn total_bytes(&self) -> Option<u64> {
        self.total_bytes
    }

    /// Whether the file at `path` is one of those still to be read, by whatever name.
    #[must_use]
    pub fn reads(&self, path: &Path) -> bool {
        let Ok(path) = path.canonicalize() else { return false };
        let is_it = |file: &Path| file.canonicalize().is_ok_and(|file| file == path);
        self.inputs.as_slice().iter().any(|input| match input {
            Input::Ready(prepared) => prepared.source.file_path().is_some_and(is_it),
            Input::PassedOver(error) => is_it(Path::new(&error.path)),
        })
    }

    /// The documents that are called as an earlier one.
    #[must_use]
    pub fn repeated_ids(&self) -> RepeatedIds {
        self.repeated.clone()
    }

    /// How many bytes of the inputs have been read.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.progress.load(Ordering::Relaxed)
    }

    fn begin(&mut self, prepared: Prepared) -> Result<(), ReadError> {
        let path = prepared.source.path.clone();
        let has_rows = prepared.columns().is_some();
        match prepared.records(&self.columns, Arc::clone(&self.progress)) {
            Ok(records) => {
                self.current = Some(Current { path, records, row: 0, has_rows });
                Ok(())
            }
            Err(fault) => Err(self.fail(&path, fault)),
        }
    }

    fn fail(&mut self, path: &str, fault: Fault) -> ReadError {
        self.inputs = Vec::new().into_iter();
        self.current = None;
        fault.of(path)
    }
}

impl Iterator for Corpus {
    type Item = Result<Record, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(current) = &mut self.current {
                match current.next(&self.check, &self.repeated) {
                    Some(Ok(record)) => return Some(Ok(record)),
                    Some(Err(error)) => {
                        let path = std::mem::take(&mut current.path);
                        return Some(Err(self.fail(&path, error.into())));
                    }
                    None => self.current = None,
                }
            }
            match self.inputs.next()? {
                Input::Ready(prepared) => {
                    if let Err(error) = self.begin(*prepared) {
                        return Some(Err(error));
                    }
                }
                Input::PassedOver(ReadError { path, fault }) => {
                    return Some(Ok(Record::Reject(Reject { file: path, row: 0, reason: fault.to_string() })));
                }
            }
        }
    }
}

/// The text of a whole file, its encoding told from its content as for documents and its byte order mark left out.
///
/// # Errors
/// A sentence that says which byte is not text, and what to do.
pub fn decode(bytes: Vec<u8>) -> Result<String, String> {
    let charset = encoding::Charset::detect(source::Sample::of(&bytes));
    let mut decoded = Vec::new();
    let read = charset.decode(Box::new(io::Cursor::new(bytes))).and_then(|mut stream| stream.read_to_end(&mut decoded));
    read.map_err(|error| error.to_string())?;
    charset.check(&decoded, 0).map(str::to_owned)
}

fn prepare_all(settings: &ReadSettings, mut stdin: Box<dyn Read + Send>) -> Result<Vec<Input>, ReadError> {
    let mut inputs = Vec::new();
    for found in discover::discover(&settings.inputs)? {
        inputs.push(match Prepared::new(&found, &mut stdin, settings) {
            Ok(prepared) => Input::Ready(Box::new(prepared)),
            Err(fault) => {
                let error = fault.of(&found.path.to_string_lossy());
                if found.named {
                    return Err(error);
                }
                Input::PassedOver(error)
            }
        });
    }
    if inputs.iter().any(|input| matches!(input, Input::Ready(_))) {
        return Ok(inputs);
    }
    match inputs.into_iter().next() {
        Some(Input::PassedOver(error)) => Err(error),
        _ => Ok(Vec::new()),
    }
}
