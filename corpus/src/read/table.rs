//! Reads CSV and TSV: one document a row.

use std::io::{self, Cursor, Read};

use csv::StringRecord;

use super::columns::{Columns, Layout, distinct, has_text_column};
use super::encoding::Charset;
use super::error::Fault;
use super::source::{SIZE_LIMIT, Sample};
use super::split::Splitter;
use super::{ReadSettings, Record, Reject};
use crate::{Document, Field};

const DELIMITERS: [u8; 4] = *b",;\t|";

/// Parts the fields of a table with one column, which has no delimiter: sound rows have no NUL, so that commas in a text
/// without quotes stay text.
const NO_DELIMITER: u8 = 0;

/// The most bytes in a header.
const HEADER_LIMIT: usize = 1 << 18;

/// How many rows show whether a file is a table.
const FIRST_ROWS: usize = 5;

/// What a table's header tells.
#[derive(Debug)]
pub(super) struct Header {
    delimiter: u8,
    /// How many rows come before the first document: the header, and the `sep=` line that Excel writes above it.
    rows: usize,
    pub(super) names: Vec<String>,
}

impl Header {
    /// Reads the header from the start of a file: the delimiter is the one that reveals a text column, or else the one
    /// that parts the most columns.
    pub(super) fn read(sample: Sample<'_>, charset: Charset, settings: &ReadSettings) -> Result<Self, Fault> {
        let text = charset.decode_sample(sample);
        let mut best: Option<(_, Self)> = None;
        let mut failure = None;
        for delimiter in DELIMITERS {
            match Self::read_with(delimiter, &text, charset)? {
                Ok(header) => {
                    let merit = (header.rows, has_text_column(&header.names, settings), header.names.len());
                    if best.as_ref().is_none_or(|(highest, _)| merit > *highest) {
                        best = Some((merit, header));
                    }
                }
                Err(reason) => failure = failure.or(Some(reason)),
            }
        }
        // Under a delimiter that is not the table's own, any header is one sound column: that excuses no failure.
        match (best, failure) {
            (Some((_, header)), _) if header.names.len() > 1 => Ok(header),
            (Some((_, header)), None) => Ok(Self { delimiter: NO_DELIMITER, ..header }),
            (_, failure) => Err(Fault::Header(failure.unwrap_or_default())),
        }
    }

    /// Whether the first rows after the header, one at least, have as many fields as it, and more than one: prose seldom does.
    pub(super) fn is_borne_out(&self, sample: Sample<'_>, charset: Charset) -> io::Result<bool> {
        let text = charset.decode_sample(sample);
        let mut rows = Rows::new(text.as_bytes(), charset, self.delimiter, HEADER_LIMIT);
        let mut like_header = 0;
        for count in 1..=self.rows + FIRST_ROWS {
            match rows.next_row()? {
                None => break,
                Some(_) if count <= self.rows => {}
                Some(Row { cells: Ok(cells), .. }) if cells.len() == self.names.len() => like_header += 1,
                Some(_) => return Ok(false),
            }
        }
        Ok(like_header > 0 && self.names.len() > 1)
    }

    fn read_with(delimiter: u8, text: &str, charset: Charset) -> io::Result<Result<Self, String>> {
        let mut rows = Rows::new(text.as_bytes(), charset, delimiter, HEADER_LIMIT);
        for count in 1.. {
            let Some(row) = rows.next_row()? else { break };
            match row.cells {
                Err(reason) => return Ok(Err(format!("line {}: {reason}", row.line))),
                Ok(cells) if count == 1 && cells == ["sep=", ""][..] => {}
                Ok(cells) => {
                    let names = distinct(cells.iter().map(str::to_owned));
                    return Ok(Ok(Self { delimiter, rows: count, names }));
                }
            }
        }
        Ok(Err("the file holds nothing but blank lines; a table begins with a line of column names".to_owned()))
    }
}

/// A row, taken apart.
struct Row {
    /// The line on which the row begins, counted from 1.
    line: u64,
    /// The fields, or what is wrong with the row and what to do.
    cells: Result<StringRecord, String>,
}

/// A stream of rows.
struct Rows<R> {
    splitter: Splitter<R>,
    charset: Charset,
    /// Is given one sound row at a time.
    parser: csv::Reader<Cursor<Vec<u8>>>,
}

impl<R: Read> Rows<R> {
    fn new(source: R, charset: Charset, delimiter: u8, limit: usize) -> Self {
        let parser = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(Cursor::new(Vec::new()));
        Self { splitter: Splitter::new(source, delimiter, limit), charset, parser }
    }

    fn next_row(&mut self) -> io::Result<Option<Row>> {
        let Some(raw) = self.splitter.next_row()? else { return Ok(None) };
        let checked = raw.bytes.and_then(|bytes| self.charset.check(bytes, raw.offset));
        let cells = match checked {
            Ok(text) => Ok(take_apart(&mut self.parser, text)?),
            Err(reason) => Err(reason),
        };
        Ok(Some(Row { line: raw.line, cells }))
    }
}

/// The fields of one sound row.
fn take_apart(parser: &mut csv::Reader<Cursor<Vec<u8>>>, row: &str) -> io::Result<StringRecord> {
    let feed = parser.get_mut();
    feed.set_position(0);
    feed.get_mut().clear();
    feed.get_mut().extend_from_slice(row.as_bytes());
    feed.get_mut().push(b'\n');
    let mut record = StringRecord::new();
    parser.read_record(&mut record)?;
    Ok(record)
}

/// The documents of a table.
pub(super) struct Table {
    rows: Rows<Box<dyn Read + Send>>,
    path: String,
    name: String,
    width: usize,
    layout: Layout,
    row: u64,
}

/// What is needed to read a table, known from its header.
pub(super) struct TablePlan {
    pub(super) header: Header,
    pub(super) columns: Columns,
    pub(super) charset: Charset,
}

impl Table {
    /// Opens a table of which the header is known.
    pub(super) fn open(
        plan: &TablePlan,
        source: Box<dyn Read + Send>,
        (path, name): (String, String),
        union: &[String],
    ) -> io::Result<Self> {
        let text = plan.charset.decode(source)?;
        let mut rows = Rows::new(text, plan.charset, plan.header.delimiter, SIZE_LIMIT);
        for _ in 0..plan.header.rows {
            rows.next_row()?;
        }
        let width = plan.columns.names.len();
        Ok(Self { rows, path, name, width, layout: plan.columns.layout(union), row: 0 })
    }

    fn document(&self, cells: &StringRecord) -> Result<Document, String> {
        if cells.len() != self.width {
            return Err(ragged(cells.len(), self.width));
        }
        let text = &cells[self.layout.text];
        if text.trim().is_empty() {
            return Err("the text is empty; fill it in or leave the row out".to_owned());
        }
        let cell = |field: usize| Field::Text(cells[field].to_owned());
        let id = self.layout.id.map(|id| &cells[id]).filter(|id| !id.trim().is_empty());
        Ok(Document {
            id: id.map_or_else(|| format!("{}:{}", self.name, self.row), str::to_owned),
            text: text.to_owned(),
            fields: self.layout.fields.iter().map(|field| field.map_or(Field::Missing, cell)).collect(),
        })
    }
}

impl Iterator for Table {
    type Item = io::Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        let Row { line, cells } = match self.rows.next_row().transpose()? {
            Ok(row) => row,
            Err(error) => return Some(Err(error)),
        };
        self.row += 1;
        Some(Ok(match cells.and_then(|cells| self.document(&cells)) {
            Ok(document) => Record::Document(document),
            Err(reason) => Record::Reject(Reject {
                file: self.path.clone(),
                row: self.row,
                reason: format!("line {line}: {reason}"),
            }),
        }))
    }
}

fn ragged(found: usize, expected: usize) -> String {
    let remedy = if found > expected {
        "put double quotes around each field that holds the delimiter or a line end"
    } else {
        "add what is missing, or put double quotes around a field that holds a line end"
    };
    format!("the row has {found} fields where the header has {expected}; {remedy}")
}
