use std::ops::Range;

use anyhow::{Context, Result, bail};

use super::table::Table;

/// What `--by` calls the length of the judged text, where no column has that name.
pub(super) const LENGTH: &str = "length";

/// Where the columns of a file of predictions stand.
pub(super) struct Columns {
    pub(super) document: usize,
    pub(super) stance: usize,
    pub(super) start: Option<usize>,
    pub(super) end: Option<usize>,
    pub(super) text: Option<usize>,
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
        let (Some(document), Some(stance)) = (column("document"), column("stance")) else {
            bail!("predictions have the columns `document` and `stance`; found `{}`", table.header.join(","));
        };
        let probabilities = probabilities(&table.header);
        let stances = table.header[probabilities.clone()].iter().map(|name| name[2..].to_owned()).collect();
        Ok(Self {
            document,
            stance,
            start: column("start"),
            end: column("end"),
            text: column("text"),
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

/// The first columns in a row that are called `p_...`: later ones are the input's own.
fn probabilities(header: &[String]) -> Range<usize> {
    let is_one = |name: &String| name.len() > 2 && name.starts_with("p_");
    let start = header.iter().position(is_one).unwrap_or(header.len());
    start..start + header[start..].iter().take_while(|name| is_one(name)).count()
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
