use std::io::Write;
use std::path::Path;

use anyhow::{Result, bail};
use clap::ValueEnum;
use serde_json::{Map, Value};
use standpoint_corpus::Field;

/// A file format for tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Comma-separated values (RFC 4180), UTF-8.
    Csv,
    /// Tab-separated values, UTF-8.
    Tsv,
    /// One JSON object a line, UTF-8.
    Jsonl,
}

/// What names of files in formats end in for which CSV would be mistaken.
const OTHERS: [&str; 7] = ["json", "html", "xls", "xlsx", "ods", "parquet", "npy"];

impl Format {
    /// The format that a file name asks for; CSV unless it ends in `.tsv`, `.jsonl` or `.ndjson`.
    ///
    /// # Errors
    /// When the name is that of a format which is not written.
    pub fn of(file: Option<&Path>) -> Result<Self> {
        let Some(file) = file else { return Ok(Self::Csv) };
        let extension = file.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        Ok(match extension.as_str() {
            "tsv" => Self::Tsv,
            "jsonl" | "ndjson" => Self::Jsonl,
            other if OTHERS.contains(&other) => bail!(
                "{}: .{other} is not written; call it .csv, .tsv or .jsonl (one JSON object a line)",
                file.display()
            ),
            _ => Self::Csv,
        })
    }
}

/// One value of a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Text that came from outside: in a CSV or TSV it is guarded against being run as a formula.
    Text(String),
    /// A value of another column of the input, guarded likewise; in JSON lines it is what it was in JSON.
    Field(Field),
    /// A word of this program's own: a stance.
    Word(String),
    /// A count or a position.
    Count(usize),
    /// A probability, written with six decimals.
    Probability(f64),
    /// True or false.
    Flag(bool),
}

/// Writes rows under a header.
pub enum TableWriter<W: Write> {
    /// CSV or TSV.
    Delimited {
        /// Where rows go.
        writer: Box<csv::Writer<W>>,
        /// Whether text is written as it is, formulas and all.
        raw: bool,
    },
    /// JSON lines.
    Lines {
        /// Where rows go.
        writer: W,
        /// The keys.
        header: Vec<String>,
    },
}

impl<W: Write> TableWriter<W> {
    /// Starts a table. With `raw`, text cells and names of columns that a spreadsheet would run as formulas are not guarded.
    ///
    /// # Errors
    /// When the header cannot be written.
    pub fn new(writer: W, format: Format, header: Vec<String>, raw: bool) -> Result<Self> {
        let delimiter = match format {
            Format::Csv => b',',
            Format::Tsv => b'\t',
            Format::Jsonl => return Ok(Self::Lines { writer, header }),
        };
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(writer);
        writer.write_record(header.into_iter().map(|name| guarded(name, raw)))?;
        Ok(Self::Delimited { writer: Box::new(writer), raw })
    }

    /// Writes one row, a cell a column.
    ///
    /// # Errors
    /// When the row cannot be written.
    pub fn row(&mut self, cells: Vec<Cell>) -> Result<()> {
        match self {
            Self::Delimited { writer, raw } => {
                Ok(writer.write_record(cells.into_iter().map(|cell| cell.into_text(*raw)))?)
            }
            Self::Lines { writer, header } => {
                let object: Map<String, Value> =
                    header.iter().cloned().zip(cells.into_iter().map(Cell::into_json)).collect();
                serde_json::to_writer(&mut *writer, &object)?;
                Ok(writer.write_all(b"\n")?)
            }
        }
    }

    /// Gives back what the rows were written to, everything flushed.
    ///
    /// # Errors
    /// When the last rows cannot be written.
    pub fn finish(self) -> Result<W> {
        match self {
            Self::Delimited { writer, .. } => writer.into_inner().map_err(|error| error.into_error().into()),
            Self::Lines { writer, .. } => Ok(writer),
        }
    }
}

impl Cell {
    fn into_text(self, raw: bool) -> String {
        match self {
            Self::Text(text) | Self::Field(Field::Text(text)) => guarded(text, raw),
            Self::Field(field) => guarded(field.text().into_owned(), raw),
            Self::Word(text) => text,
            Self::Count(count) => count.to_string(),
            Self::Probability(probability) => format!("{probability:.6}"),
            Self::Flag(flag) => flag.to_string(),
        }
    }

    fn into_json(self) -> Value {
        match self {
            Self::Text(text) | Self::Word(text) | Self::Field(Field::Text(text)) => text.into(),
            Self::Field(Field::Json(value)) => value,
            Self::Field(Field::Missing) => Value::Null,
            Self::Count(count) => count.into(),
            // As in the other formats: more decimals would be noise.
            Self::Probability(probability) => ((probability * 1e6).round() / 1e6).into(),
            Self::Flag(flag) => flag.into(),
        }
    }
}

/// The text with an apostrophe before it where a spreadsheet would run it, unless it is to be `raw`.
fn guarded(text: String, raw: bool) -> String {
    if !raw && would_run(&text) { format!("'{text}") } else { text }
}

/// Whether a spreadsheet would take the text for a formula. Source: OWASP, "CSV Injection". A number is only a number.
fn would_run(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number(text)
}

/// Whether the text is digits with a sign before them, and perhaps a point and an exponent.
fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    unsigned.starts_with(|first: char| first.is_ascii_digit()) && unsigned.parse::<f64>().is_ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{Cell, Format, TableWriter};
    use std::path::Path;

    fn written(format: Format, raw: bool) -> String {
        let header = ["text", "n", "p", "review"].map(str::to_owned).to_vec();
        let mut table = TableWriter::new(Vec::new(), format, header, raw).unwrap();
        table
            .row(vec![
                Cell::Text("=1+1, or \"so\"".to_owned()),
                Cell::Count(3),
                Cell::Probability(1.0 / 3.0),
                Cell::Flag(true),
            ])
            .unwrap();
        String::from_utf8(table.finish().unwrap()).unwrap()
    }

    #[test]
    fn tables_are_written_in_every_format() {
        assert_eq!(written(Format::Csv, false), "text,n,p,review\n\"'=1+1, or \"\"so\"\"\",3,0.333333,true\n");
        assert_eq!(written(Format::Csv, true), "text,n,p,review\n\"=1+1, or \"\"so\"\"\",3,0.333333,true\n");
        assert_eq!(written(Format::Tsv, true), "text\tn\tp\treview\n\"=1+1, or \"\"so\"\"\"\t3\t0.333333\ttrue\n");
        assert_eq!(
            written(Format::Jsonl, false),
            "{\"text\":\"=1+1, or \\\"so\\\"\",\"n\":3,\"p\":0.333333,\"review\":true}\n"
        );
    }

    #[test]
    fn whatever_a_spreadsheet_would_run_is_guarded() {
        let run = ["=a", "+a", "-a", "@a", "\ta", "\ra", "-", "-1+1", "+1 2", "-inf", "+.5", "-1e", "--1", "=1"];
        for text in run {
            assert_eq!(Cell::Text(text.to_owned()).into_text(false), format!("'{text}"));
        }
        for text in ["a=b", "-3", "+0.5", "-1.50e-7", "3"] {
            assert_eq!(Cell::Text(text.to_owned()).into_text(false), text);
        }
        for (raw, expected) in [(false, "'=cmd,'@x,-1\n"), (true, "=cmd,@x,-1\n")] {
            let header = ["=cmd", "@x", "-1"].map(str::to_owned).to_vec();
            let table = TableWriter::new(Vec::new(), Format::Csv, header, raw).unwrap();
            assert_eq!(String::from_utf8(table.finish().unwrap()).unwrap(), expected);
        }
    }

    #[test]
    fn the_name_of_a_file_asks_for_its_format() {
        let of = |name| Format::of(Some(Path::new(name)));
        assert_eq!(of("a/b.TSV").unwrap(), Format::Tsv);
        assert_eq!(of("b.jsonl").unwrap(), Format::Jsonl);
        assert_eq!(of("b.txt").unwrap(), Format::Csv);
        assert_eq!(Format::of(None).unwrap(), Format::Csv);
        assert!(of("a/b.JSON").unwrap_err().to_string().starts_with("a/b.JSON: .json is not written; call it .csv"));
    }
}
