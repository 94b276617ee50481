use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use csv::StringRecord;
use standpoint_corpus::Span;

/// One judgement of one annotator, with its stance as the file spells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandLabel {
    /// What was judged.
    pub place: Place,
    /// The stance's id.
    pub stance: String,
    /// Who judged; the file's name without its extension where the file has no such column.
    pub annotator: String,
    /// The row it stands in, counted from 1 with the header left out.
    pub row: u64,
}

/// What a hand label is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A text that stands in the label file itself.
    Text {
        /// The text judged.
        text: String,
        /// What the file calls this text, where it has a column `id`.
        id: Option<String>,
        /// The document it belongs to, where the file says so: texts of one document are never parted between training and test.
        document: Option<String>,
    },
    /// A part of a document that stands in a corpus (stand-off).
    Span {
        /// The document's id.
        document: String,
        /// The part judged.
        span: Span,
    },
}

/// A row that is not a hand label, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: row {row}: {reason}", file.display())]
pub struct RowProblem {
    /// The label file.
    pub file: PathBuf,
    /// The row, counted from 1 with the header left out.
    pub row: u64,
    /// What was found, what was expected, what to do.
    pub reason: String,
}

/// Why a label file cannot be read at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LabelError {
    /// The operating system refused, or the file is not CSV in UTF-8.
    #[error("{}: {source}", file.display())]
    Csv {
        /// The label file.
        file: PathBuf,
        /// The reason.
        source: csv::Error,
    },
    /// The header is of neither form.
    #[error("{}: a label file has the columns `text,stance` or `document,start,end,stance`; found `{found}`", file.display())]
    Columns {
        /// The label file.
        file: PathBuf,
        /// The columns found.
        found: String,
    },
}

/// Where the columns of a label file stand.
struct Columns {
    text: Option<usize>,
    id: Option<usize>,
    document: Option<usize>,
    start: Option<usize>,
    end: Option<usize>,
    stance: usize,
    annotator: Option<usize>,
}

/// Reads a label file of either form: `text,stance[,document][,annotator]`, or `document,start,end,stance[,annotator]`.
///
/// The delimiter (comma, semicolon or tab) is the one that the header holds, a byte-order mark is passed over, other columns are ignored.
/// Rows that are no labels are returned beside the labels, so that the caller can say how many there were.
///
/// # Errors
/// When the file cannot be read or its header is of neither form.
pub fn read(file: &Path) -> Result<(Vec<HandLabel>, Vec<RowProblem>), LabelError> {
    let unreadable = |source: csv::Error| LabelError::Csv { file: file.to_owned(), source };
    let bytes = std::fs::read(file).map_err(|error| unreadable(error.into()))?;
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter(bytes)).flexible(true).from_reader(bytes);
    let header = reader.headers().map_err(unreadable)?.clone();
    let columns = Columns::find(&header).ok_or_else(|| LabelError::Columns {
        file: file.to_owned(),
        found: header.iter().collect::<Vec<_>>().join(","),
    })?;
    let annotator = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let (mut labels, mut problems) = (Vec::new(), Vec::new());
    for (row, record) in (1..).zip(reader.records()) {
        let label = record
            .map_err(|error| error.to_string())
            .and_then(|record| check_width(&record, &header).and_then(|()| columns.label(&record, &annotator, row)));
        match label {
            Ok(label) => labels.push(label),
            Err(reason) => problems.push(RowProblem { file: file.to_owned(), row, reason }),
        }
    }
    Ok((labels, problems))
}

/// The delimiter that stands most often in the header line; a comma where none does.
fn delimiter(bytes: &[u8]) -> u8 {
    let header = String::from_utf8_lossy(bytes.split(|&byte| byte == b'\n').next().unwrap_or_default());
    let count = |delimiter: u8| header.matches(char::from(delimiter)).count();
    [b'\t', b';', b','].into_iter().max_by_key(|&delimiter| count(delimiter)).unwrap_or(b',')
}

fn check_width(record: &StringRecord, header: &StringRecord) -> Result<(), String> {
    if record.len() == header.len() {
        return Ok(());
    }
    Err(format!("{} fields where the header has {}; quote fields that hold the delimiter", record.len(), header.len()))
}

impl Columns {
    fn find(header: &StringRecord) -> Option<Self> {
        let by_name: BTreeMap<String, usize> =
            header.iter().enumerate().map(|(at, name)| (name.trim().to_lowercase(), at)).collect();
        let column = |name: &str| by_name.get(name).copied();
        let columns = Self {
            text: column("text"),
            id: column("id"),
            document: column("document"),
            start: column("start"),
            end: column("end"),
            stance: column("stance")?,
            annotator: column("annotator"),
        };
        let stand_off = columns.document.is_some() && columns.start.is_some() && columns.end.is_some();
        (columns.text.is_some() || stand_off).then_some(columns)
    }

    /// The label that a row holds. Where a file has both a span and a text (as predictions have), the span is what is meant.
    fn label(&self, record: &StringRecord, file_annotator: &str, row: u64) -> Result<HandLabel, String> {
        let stance = record[self.stance].trim();
        if stance.is_empty() {
            return Err("the stance is empty; write one of the scheme's ids or leave the row out".to_owned());
        }
        let annotator = self.annotator.map_or(file_annotator, |at| record[at].trim());
        Ok(HandLabel { place: self.place(record)?, stance: stance.to_owned(), annotator: annotator.to_owned(), row })
    }

    fn place(&self, record: &StringRecord) -> Result<Place, String> {
        let document = self.document.map(|at| record[at].to_owned());
        if let (Some(document), Some(start), Some(end)) = (document.clone(), self.start, self.end) {
            let span = Span { start: position("start", &record[start])?, end: position("end", &record[end])? };
            return if span.start < span.end {
                Ok(Place::Span { document, span })
            } else {
                Err(format!("start {} is not before end {}; end is one past the last character", span.start, span.end))
            };
        }
        match self.text.map(|at| &record[at]) {
            Some(text) if !text.trim().is_empty() => {
                let id = self.id.map(|at| record[at].to_owned());
                Ok(Place::Text { text: text.to_owned(), id, document })
            }
            _ => Err("the text is empty".to_owned()),
        }
    }
}

fn position(column: &str, cell: &str) -> Result<usize, String> {
    cell.trim()
        .parse()
        .map_err(|_| format!("`{cell}` in column `{column}` is not a character position; write a whole number from 0"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{HandLabel, Place, RowProblem, read};
    use standpoint_corpus::Span;

    fn read_text(content: &[u8]) -> Result<(Vec<HandLabel>, Vec<RowProblem>), String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("anna.csv");
        std::fs::write(&file, content).unwrap();
        read(&file).map_err(|error| error.to_string())
    }

    #[test]
    fn both_forms_are_read() {
        let self_contained = read_text(
            b"text,stance
License it,decriminalisation
",
        )
        .unwrap()
        .0;
        assert_eq!(self_contained[0].place, Place::Text { text: "License it".to_owned(), id: None, document: None });
        assert_eq!(self_contained[0].annotator, "anna");
        let stand_off = read_text(
            b"document,start,end,stance,annotator
d1,0,10,undecided,ben
",
        )
        .unwrap()
        .0;
        let place = Place::Span { document: "d1".to_owned(), span: Span { start: 0, end: 10 } };
        assert_eq!(
            stand_off,
            [HandLabel { place, stance: "undecided".to_owned(), annotator: "ben".to_owned(), row: 1 }]
        );
    }

    #[test]
    fn spreadsheet_habits_are_understood() {
        let labels = read_text("\u{feff}Text;Stance\r\n\"a, b\";undecided\r\n".as_bytes()).unwrap().0;
        assert_eq!((labels.len(), labels[0].stance.as_str()), (1, "undecided"));
    }

    #[test]
    fn what_is_no_label_is_named_with_its_row() {
        let cases: [(&str, &str); 6] = [
            ("text,stance\na,undecided\nb\n", "row 2: 1 fields where the header has 2"),
            ("text,stance\n ,undecided\n", "row 1: the text is empty"),
            ("text,stance\na,\n", "row 1: the stance is empty"),
            ("document,start,end,stance\nd,5,5,undecided\n", "row 1: start 5 is not before end 5"),
            ("document,start,end,stance\nd,x,5,undecided\n", "`x` in column `start`"),
            ("document,stance\nd,undecided\n", "found `document,stance`"),
        ];
        for (content, expected) in cases {
            let found = match read_text(content.as_bytes()) {
                Ok((_, problems)) => problems.iter().map(ToString::to_string).collect(),
                Err(message) => message,
            };
            assert!(found.contains(expected), "{content:?}: {found}");
        }
    }
}
