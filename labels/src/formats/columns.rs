//! Which columns of a table make a hand label.

use standpoint_corpus::Span;

use super::table::Table;
use crate::{HandLabel, Place, Scheme};

/// Columns of the stance given by hand, as this project, `SetFit` and users of scikit-learn call them; the first there is counts. A name goes
/// before a number that stands for it.
const STANCE_COLUMNS: [&str; 8] = ["stance", "label_text", "y_true", "true_label", "gold", "target", "label", "class"];

/// The column of what the stance is towards, which users of scikit-learn keep the stance in.
pub const TARGET_COLUMN: &str = "target";

/// Columns of the text.
pub const TEXT_COLUMNS: [&str; 2] = ["text", "sentence"];

/// Where the columns of a label file stand.
pub(super) struct Columns {
    text: Option<usize>,
    id: Option<usize>,
    document: Option<usize>,
    span: Option<(usize, usize)>,
    target: Option<usize>,
    stance: usize,
    weight: Option<usize>,
    annotator: Option<usize>,
}

impl Columns {
    /// The columns of a table, if it is one of labels: `text,stance[,id][,document][,target][,weight][,annotator]` or
    /// `document,start,end,stance[,target][,weight][,annotator]`.
    pub(super) fn find(table: &Table, scheme: Option<&Scheme>) -> Option<Self> {
        let stance = stance_column(table, scheme)?;
        let columns = Self {
            text: table.first_column(&TEXT_COLUMNS),
            id: table.column("id"),
            document: table.column("document"),
            span: table.column("start").zip(table.column("end")),
            target: table.column(TARGET_COLUMN).filter(|&at| at != stance),
            stance,
            weight: table.column("weight"),
            annotator: table.column("annotator"),
        };
        let stand_off = columns.document.is_some() && columns.span.is_some();
        (columns.text.is_some() || stand_off).then_some(columns)
    }

    /// The label that a row holds. Where a row has both a span and a text (as predictions have), the span is what is meant.
    pub(super) fn label(&self, cells: &[String], file_annotator: &str, row: u64) -> Result<HandLabel, String> {
        let stance = cells[self.stance].trim();
        if stance.is_empty() {
            return Err("the stance is empty; write one of the scheme's ids or leave the row out".to_owned());
        }
        let annotator = self.annotator.map_or(file_annotator, |at| cells[at].trim());
        let target = self.target.map(|at| cells[at].trim()).filter(|target| !target.is_empty());
        Ok(HandLabel {
            place: self.place(cells)?,
            target: target.map(str::to_owned),
            stance: stance.to_owned(),
            weight: self.weight.map(|at| cells[at].trim()).filter(|cell| !cell.is_empty()).map(weight).transpose()?,
            annotator: annotator.to_owned(),
            row,
        })
    }

    fn place(&self, cells: &[String]) -> Result<Place, String> {
        let named = |at: Option<usize>| at.map(|at| cells[at].clone()).filter(|name| !name.is_empty());
        let document = self.document.map(|at| cells[at].clone());
        if let (Some(document), Some((start, end))) = (document, self.span)
            && !(cells[start].trim().is_empty() && cells[end].trim().is_empty())
        {
            return Ok(Place::Span { document, span: span(&cells[start], &cells[end])? });
        }
        match self.text.map(|at| &cells[at]) {
            Some(text) if !text.trim().is_empty() => {
                Ok(Place::Text { text: text.clone(), id: named(self.id), document: named(self.document) })
            }
            _ => Err("the text is empty".to_owned()),
        }
    }
}

/// Where the scheme has targets, the stance stands in a column `target` only if no other has it.
fn stance_column(table: &Table, scheme: Option<&Scheme>) -> Option<usize> {
    let has_targets = scheme.is_some_and(|scheme| !scheme.targets.is_empty());
    let mut columns = STANCE_COLUMNS.into_iter().filter(|&name| !(has_targets && name == TARGET_COLUMN));
    columns.find_map(|name| table.column(name)).or_else(|| table.first_column(&STANCE_COLUMNS))
}

fn span(start: &str, end: &str) -> Result<Span, String> {
    let span = Span { start: position("start", start)?, end: position("end", end)? };
    if span.start < span.end {
        return Ok(span);
    }
    Err(format!("start {} is not before end {}; end is one past the last character", span.start, span.end))
}

fn weight(cell: &str) -> Result<f64, String> {
    let weight = cell.parse().ok().filter(|weight: &f64| weight.is_finite() && *weight > 0.0);
    weight.ok_or_else(|| {
        format!("`{cell}` in column `weight` is not a number above 0; write one, or leave the cell empty for 1")
    })
}

fn position(column: &str, cell: &str) -> Result<usize, String> {
    cell.trim()
        .parse()
        .map_err(|_| format!("`{cell}` in column `{column}` is not a character position; write a whole number from 0"))
}

/// Labels as a table in which [`super::read`] finds them again: a column for all that any of them has.
#[must_use]
pub fn table(labels: &[HandLabel]) -> (Vec<String>, Vec<Vec<String>>) {
    let rows: Vec<[String; 9]> = labels.iter().map(cells).collect();
    let names = ["id", "document", "start", "end", "target", "text", "stance", "weight", "annotator"];
    let always = |name: &str| ["stance", "annotator"].contains(&name);
    let kept: Vec<usize> =
        (0..names.len()).filter(|&at| always(names[at]) || rows.iter().any(|row| !row[at].is_empty())).collect();
    let header = kept.iter().map(|&at| names[at].to_owned()).collect();
    (header, rows.iter().map(|row| kept.iter().map(|&at| row[at].clone()).collect()).collect())
}

fn cells(label: &HandLabel) -> [String; 9] {
    let name = |name: &Option<String>| name.clone().unwrap_or_default();
    let [id, document, start, end, text] = match &label.place {
        Place::Text { text, id, document } => [name(id), name(document), String::new(), String::new(), text.clone()],
        Place::Span { document, span } => {
            [String::new(), document.clone(), span.start.to_string(), span.end.to_string(), String::new()]
        }
    };
    let weight = label.weight.map(|weight| weight.to_string()).unwrap_or_default();
    let (stance, annotator) = (label.stance.clone(), label.annotator.clone());
    [id, document, start, end, name(&label.target), text, stance, weight, annotator]
}
