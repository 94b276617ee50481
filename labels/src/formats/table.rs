//! Files of rows under named columns, as text: CSV with commas, semicolons or tabs, and JSON objects with plain values.

use csv::StringRecord;
use serde_json::Value;

use super::json::Object;

/// Rows under named columns, as text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// The names of the columns.
    pub header: Vec<String>,
    /// The rows with their numbers, counted from 1 with the header left out; what cannot be read as a row says why.
    pub rows: Vec<(u64, Result<Vec<String>, String>)>,
}

impl Table {
    /// The place of a column; capitals and blanks around the name make no difference.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|found| found.trim().eq_ignore_ascii_case(name))
    }

    /// The place of the first of these columns that there is.
    #[must_use]
    pub fn first_column(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.column(name))
    }

    /// Reads rows that are separated by whatever the header holds most of: commas, semicolons or tabs.
    pub(super) fn delimited(text: &str) -> Self {
        let mut reader =
            csv::ReaderBuilder::new().delimiter(delimiter(text)).flexible(true).from_reader(text.as_bytes());
        let header = reader.headers().cloned().unwrap_or_default();
        let cells = |record: csv::Result<StringRecord>| {
            let record = record.map_err(|error| error.to_string())?;
            check_width(&record, &header)?;
            Ok(record.iter().map(|cell| unguarded(cell).to_owned()).collect())
        };
        let rows = (1..).zip(reader.records().map(cells)).collect();
        Self { header: header.iter().map(str::to_owned).collect(), rows }
    }

    /// Takes objects as rows: the columns are the keys of the first object, and a key that a later one lacks is an empty cell.
    pub(super) fn of_objects(objects: Vec<Result<Object, String>>) -> Self {
        let first = objects.iter().find_map(|object| object.as_ref().ok());
        let header: Vec<String> = first.into_iter().flat_map(Object::keys).cloned().collect();
        let cells = |object: Object| header.iter().map(|key| object.get(key).map(cell).unwrap_or_default()).collect();
        let rows = (1..).zip(objects.into_iter().map(|object| object.map(cells))).collect();
        Self { header, rows }
    }
}

/// The delimiter that stands most often in the header line; a comma where none does.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let count = |delimiter: u8| header.matches(char::from(delimiter)).count();
    [b'\t', b';', b','].into_iter().max_by_key(|&delimiter| count(delimiter)).unwrap_or(b',')
}

fn check_width(record: &StringRecord, header: &StringRecord) -> Result<(), String> {
    if record.len() == header.len() {
        return Ok(());
    }
    Err(format!("{} fields where the header has {}; quote fields that hold the delimiter", record.len(), header.len()))
}

/// The text without the apostrophe by which the program guards cells that a spreadsheet would run as a formula.
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
    use crate::formats::json::objects;

    #[test]
    fn every_delimiter_is_understood() {
        for text in ["document,n\n'-d,0.5\n", "document;n\r\n-d;0.5\r\n", "document\tn\n'-d\t0.5\n"] {
            let table = Table::delimited(text);
            assert_eq!(table.header, ["document", "n"], "{text:?}");
            assert_eq!(table.rows, [(1, Ok(vec!["-d".to_owned(), "0.5".to_owned()]))], "{text:?}");
        }
    }

    #[test]
    fn a_key_that_an_object_lacks_is_empty() {
        let table = Table::of_objects(objects("{\"a\":1,\"b\":true}\n{\"b\":null,\"c\":2}\n").unwrap());
        let cells: Vec<_> = table.rows.into_iter().map(|(_, cells)| cells.unwrap()).collect();
        assert_eq!(cells, [["1", "true"], ["", ""]]);
    }

    #[test]
    fn a_ragged_row_says_so_and_the_others_are_read() {
        let rows = Table::delimited("a,b\n1\n2,3\n").rows;
        assert!(rows[0].1.as_ref().unwrap_err().contains("1 fields where the header has 2"));
        assert!(rows[1].1.is_ok());
    }
}
