use std::ops::Range;

use anyhow::{Context, Result, bail};

use standpoint_labels::formats::{TARGET_COLUMN, TEXT_COLUMNS, Table};

/// What `--by` calls the length of the judged text, where no column has that name.
pub(super) const LENGTH: &str = "length";

/// Columns of the stance predicted, as this project and users of scikit-learn call them; the first there is counts.
const STANCE_COLUMNS: [&str; 8] =
    ["stance", "y_pred", "pred", "prediction", "predicted", "predicted_label", "label_text", "label"];

/// How the columns of probabilities begin; a stance follows.
const PROBABILITY_PREFIXES: [&str; 4] = ["p_", "proba_", "prob_", "probability_"];

/// Where the columns of a file of predictions stand.
pub(super) struct Columns {
    pub(super) document: Option<usize>,
    /// What the document is called where its own column is empty.
    pub(super) id: Option<usize>,
    pub(super) stance: usize,
    pub(super) start: Option<usize>,
    pub(super) end: Option<usize>,
    pub(super) text: Option<usize>,
    pub(super) target: Option<usize>,
    pub(super) confidence: Option<usize>,
    pub(super) review: Option<usize>,
    pub(super) probabilities: Range<usize>,
    pub(super) by: Vec<Source>,
    stances: Vec<String>,
}

/// Where the values of a breakdown come from.
pub(super) enum Source {
    Column(usize),
    Length,
}

/// A value to break down by, as far as a file of predictions knows it.
#[derive(Clone)]
pub(super) enum Value {
    Cell(String),
    Length,
}

impl Source {
    pub(super) fn value(&self, cells: &[String]) -> Value {
        match self {
            Self::Column(at) => Value::Cell(cells[*at].clone()),
            Self::Length => Value::Length,
        }
    }
}

impl Columns {
    pub(super) fn find(table: &Table, by: &[String]) -> Result<Self> {
        let column = |name: &str| table.column(name);
        let (document, id, text) = (column("document"), column("id"), table.first_column(&TEXT_COLUMNS));
        let Some(stance) = table.first_column(&STANCE_COLUMNS).filter(|_| document.or(id).or(text).is_some()) else {
            bail!(
                "predictions have the columns `document` or `text`, and `stance` (or `y_pred`, `label`); found `{}`",
                table.header.join(",")
            );
        };
        let probabilities = probabilities(&table.header);
        let of_stances = table.header[probabilities.clone()].iter().filter_map(|name| stance_of(name));
        let stances = of_stances.map(str::to_owned).collect();
        Ok(Self {
            document,
            id,
            stance,
            start: column("start"),
            end: column("end"),
            text,
            target: column(TARGET_COLUMN),
            confidence: column("confidence"),
            review: column("review"),
            probabilities,
            by: by.iter().map(|name| source(table, name)).collect::<Result<_>>()?,
            stances,
        })
    }

    /// The stances of the columns `p_...`, in their order.
    pub(super) fn stances(&self) -> &[String] {
        &self.stances
    }
}

/// The first columns in a row that are called `p_...` or the like: later ones are the input's own.
fn probabilities(header: &[String]) -> Range<usize> {
    let is_one = |name: &String| stance_of(name).is_some();
    let start = header.iter().position(is_one).unwrap_or(header.len());
    start..start + header[start..].iter().take_while(|name| is_one(name)).count()
}

/// The stance whose probability a column holds.
fn stance_of(column: &str) -> Option<&str> {
    let stance = PROBABILITY_PREFIXES.iter().find_map(|prefix| column.strip_prefix(prefix));
    stance.filter(|stance| !stance.is_empty())
}

fn source(table: &Table, name: &str) -> Result<Source> {
    match table.column(name) {
        Some(at) => Ok(Source::Column(at)),
        None if name == LENGTH => Ok(Source::Length),
        None => None.with_context(|| {
            format!("there is no column `{name}` to break down by; the columns are {}", table.header.join(", "))
        }),
    }
}
