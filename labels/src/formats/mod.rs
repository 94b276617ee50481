//! Files of hand labels and predictions, in the formats of this project, of scikit-learn's users and of the tools that people label with.
//!
//! What a file is, its content says: JSON whose objects a [`Tool`] recognises is that tool's, and everything else is a table.

mod argilla;
mod columns;
mod doccano;
mod json;
mod label_studio;
mod positions;
mod predictions;
mod prodigy;
mod record;
mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::Path;

use serde_json::Value;

pub use self::columns::{TARGET_COLUMN, TEXT_COLUMNS, table};
pub use self::predictions::read_predictions;
pub use self::table::Table;
use crate::{HandLabel, LabelError, LabelFile, RowProblem, Scheme};
use columns::Columns;
use json::Object;
pub(crate) use json::shortened;
use record::Record;

/// A labelling tool whose files are read and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// Label Studio: JSON, an array of tasks.
    LabelStudio,
    /// Argilla: JSON, an array of records.
    Argilla,
    /// doccano: JSON lines.
    Doccano,
    /// Prodigy: JSON lines.
    Prodigy,
}

/// What there is to know of a tool's files.
struct Format {
    /// Whether an object is one of the tool's.
    recognises: fn(&Object) -> bool,
    /// What an object says, or why it cannot be read.
    read: fn(&Object) -> Result<Record, String>,
    /// The objects that say what a record does.
    write: fn(&Record) -> Vec<Value>,
    /// Whether a file is an array of objects rather than one object a line.
    array: bool,
}

impl Tool {
    /// All of them; of several that recognise an object, the first is meant.
    const ALL: [Self; 4] = [Self::LabelStudio, Self::Argilla, Self::Prodigy, Self::Doccano];

    fn format(self) -> &'static Format {
        match self {
            Self::LabelStudio => &label_studio::FORMAT,
            Self::Argilla => &argilla::FORMAT,
            Self::Doccano => &doccano::FORMAT,
            Self::Prodigy => &prodigy::FORMAT,
        }
    }
}

/// A file's content, as far as it tells what the file is.
enum Content {
    Table(Table),
    Records(&'static Format, Vec<Result<Object, String>>),
}

impl Content {
    fn of(file: &Path) -> Result<Self, LabelError> {
        let bytes = bytes(file).map_err(|source| LabelError::Io { file: file.to_owned(), source })?;
        let text = standpoint_corpus::read::decode(bytes)
            .map_err(|reason| LabelError::Encoding { file: file.to_owned(), reason })?;
        if !is_json(file, &text) {
            return Ok(Self::Table(Table::delimited(&text)));
        }
        let malformed = |reason| LabelError::Json { file: file.to_owned(), reason };
        let objects = json::objects(&text).map_err(malformed)?;
        if objects.is_empty() {
            return Err(malformed("there is nothing in it".to_owned()));
        }
        let first = objects.iter().find_map(|object| object.as_ref().ok());
        let tool = Tool::ALL.into_iter().find(|tool| first.is_some_and(tool.format().recognises));
        Ok(match tool {
            Some(tool) => Self::Records(tool.format(), objects),
            None => Self::Table(Table::of_objects(objects)),
        })
    }
}

/// All of a file; `-` is standard input.
fn bytes(file: &Path) -> std::io::Result<Vec<u8>> {
    if file != Path::new("-") {
        return std::fs::read(file);
    }
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Whether a file is JSON, by its name or its first character.
fn is_json(file: &Path, text: &str) -> bool {
    let extension = file.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    matches!(extension.as_deref(), Some("json" | "jsonl" | "ndjson")) || text.trim_start().starts_with(['{', '['])
}

/// Reads a file of hand labels, or standard input (`-`), whatever its format.
///
/// A table has the columns `text,stance` (or `label`, `label_text`, `target`, `y_true`) or `document,start,end,stance`, and perhaps `id`,
/// `document`, `target`, `weight` and `annotator`; its delimiter, encoding and byte-order mark are told from its content. Where `scheme` has targets, a column
/// `target` holds them and not the stance, unless no other column has that. Rows that are no labels, and answers that judge nothing, are returned
/// beside the labels, so that the caller can say how many there were.
///
/// # Errors
/// When the file cannot be read, is not text, or is of no known format.
pub fn read(file: &Path, scheme: Option<&Scheme>) -> Result<LabelFile, LabelError> {
    let mut found = LabelFile {
        file: file.to_owned(),
        labels: Vec::new(),
        problems: Vec::new(),
        skipped: BTreeMap::new(),
        documents: BTreeMap::new(),
    };
    let name = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    match Content::of(file)? {
        Content::Table(table) => found.add_rows(&table, &name, scheme)?,
        Content::Records(format, objects) => {
            for (row, object) in (1..).zip(objects) {
                match object.and_then(|object| (format.read)(&object)) {
                    Ok(record) => found.add_record(record, &name, row),
                    Err(reason) => found.problem(row, reason),
                }
            }
        }
    }
    Ok(found)
}

impl LabelFile {
    fn problem(&mut self, row: u64, reason: String) {
        self.problems.push(RowProblem { file: self.file.clone(), row, reason });
    }

    fn add_rows(&mut self, table: &Table, name: &str, scheme: Option<&Scheme>) -> Result<(), LabelError> {
        let none = || LabelError::Columns { file: self.file.clone(), found: table.header.join(",") };
        let columns = Columns::find(table, scheme).ok_or_else(none)?;
        for (row, cells) in &table.rows {
            match cells.clone().and_then(|cells| columns.label(&cells, name, *row)) {
                Ok(label) => self.labels.push(label),
                Err(reason) => self.problem(*row, reason),
            }
        }
        Ok(())
    }

    fn add_record(&mut self, record: Record, name: &str, row: u64) {
        self.labels.extend(record.hand_labels(name, row));
        let spans = record.has_spans();
        record.problems.into_iter().for_each(|reason| self.problem(row, reason));
        record.skipped.into_iter().for_each(|reason| *self.skipped.entry(reason).or_default() += 1);
        if let Some(document) = record.document.filter(|_| spans) {
            let text = self.documents.entry(document.clone()).or_insert_with(|| record.text.clone());
            if *text != record.text {
                self.problem(
                    row,
                    format!("document `{document}` has another text in an earlier record; name it otherwise"),
                );
            }
        }
    }
}

/// Writes labels as a file of `tool`, in order of first appearance of their texts. `documents` holds, by id, the texts of the documents that
/// spans are about. No annotator may have judged the same text or span twice.
///
/// # Errors
/// When a span's document is not among `documents` or shorter than its end, or `out` cannot be written.
pub fn write(
    tool: Tool,
    labels: &[HandLabel],
    documents: &BTreeMap<String, String>,
    out: &mut impl Write,
) -> std::io::Result<()> {
    let format = tool.format();
    let records = record::collect(labels, documents).map_err(std::io::Error::other)?;
    let objects: Vec<Value> = records.iter().flat_map(format.write).collect();
    if format.array {
        serde_json::to_writer_pretty(&mut *out, &objects)?;
        return out.write_all(b"\n");
    }
    objects.iter().try_for_each(|object| {
        serde_json::to_writer(&mut *out, object)?;
        out.write_all(b"\n")
    })
}
