use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Map, Value};

use crate::export::Format;

/// A file of rows under named columns, as text. Row numbers count from 1 with the header left out.
pub(super) struct Table {
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

impl Table {
    /// Reads CSV, TSV or JSON lines, whichever the file's extension says.
    pub(super) fn read(file: &Path) -> Result<Self> {
        let name = file.display();
        let bytes = std::fs::read(file).with_context(|| format!("{name}: cannot be read"))?;
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
        match Format::of(Some(file)) {
            Format::Csv => Self::delimited(bytes, if is_semicolons(bytes) { b';' } else { b',' }),
            Format::Tsv => Self::delimited(bytes, b'\t'),
            Format::Jsonl => Self::lines(bytes),
        }
        .with_context(|| format!("{name}: cannot be read as predictions"))
    }

    /// The place of a column.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|found| found == name)
    }

    fn delimited(bytes: &[u8], delimiter: u8) -> Result<Self> {
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(bytes);
        let header = reader.headers().context("header")?.iter().map(str::to_owned).collect();
        let text = |cell: &str| unguarded(cell).to_owned();
        let row = |(row, record): (u64, csv::Result<csv::StringRecord>)| {
            Ok(record.with_context(|| format!("row {row}"))?.iter().map(text).collect())
        };
        Ok(Self { header, rows: (1..).zip(reader.records()).map(row).collect::<Result<_>>()? })
    }

    /// JSON objects, one a line; a key that an object lacks is an empty cell, the columns are the keys of the first object.
    fn lines(bytes: &[u8]) -> Result<Self> {
        let mut table = Self { header: Vec::new(), rows: Vec::new() };
        let objects = serde_json::Deserializer::from_slice(bytes).into_iter::<Map<String, Value>>();
        for (row, object) in (1..).zip(objects) {
            let object: Map<String, Value> = object.with_context(|| format!("row {row}"))?;
            if row == 1 {
                table.header = object.keys().cloned().collect();
            }
            table.rows.push(table.header.iter().map(|key| object.get(key).map(cell).unwrap_or_default()).collect());
        }
        Ok(table)
    }
}

/// Whether a spreadsheet saved the file with semicolons, as it does where the comma is the decimal sign.
fn is_semicolons(bytes: &[u8]) -> bool {
    let header = bytes.split(|&byte| byte == b'\n').next().unwrap_or_default();
    header.contains(&b';') && !header.contains(&b',')
}

/// The text without the apostrophe by which `label` guards cells that a spreadsheet would run as a formula.
fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@', '\t', '\r'])).unwrap_or(cell)
}

fn cell(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::Table;

    fn read(name: &str, content: &str) -> (Vec<String>, Vec<Vec<String>>) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(name);
        std::fs::write(&file, content).unwrap();
        let table = Table::read(&file).unwrap();
        (table.header, table.rows)
    }

    #[test]
    fn every_format_of_label_is_read() {
        let expected = (vec!["document".to_owned(), "n".to_owned()], vec![vec!["-d".to_owned(), "0.5".to_owned()]]);
        let cases = [
            ("a.csv", "document,n\n'-d,0.5\n"),
            ("a.csv", "\u{feff}document;n\r\n-d;0.5\r\n"),
            ("a.tsv", "document\tn\n'-d\t0.5\n"),
            ("a.jsonl", "{\"document\":\"-d\",\"n\":0.5}\n"),
        ];
        for (name, content) in cases {
            assert_eq!(read(name, content), expected, "{name} {content:?}");
        }
    }

    #[test]
    fn a_key_that_an_object_lacks_is_empty() {
        assert_eq!(read("a.jsonl", "{\"a\":1,\"b\":true}\n{\"b\":null,\"c\":2}\n").1, [["1", "true"], ["", ""]]);
    }
}
