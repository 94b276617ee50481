use std::collections::BTreeMap;

use anyhow::{Result, bail};
use standpoint_corpus::Document;
use standpoint_corpus::read::Record;

use super::input::Columns;

/// The corpus column that keeps documents together which must not be parted, such as the two of a contrast pair.
const GROUP_COLUMN: &str = "group";

/// A document that stand-off labels may be about.
pub(crate) struct Source {
    pub(crate) text: String,
    /// What must not be parted between training and test.
    pub(crate) group: String,
}

/// The documents of all inputs by their ids. Every row must be readable: labels of one that is not would be lost.
pub(crate) fn read(inputs: &[String], columns: &Columns) -> Result<BTreeMap<String, Source>> {
    if inputs.is_empty() {
        return Ok(BTreeMap::new());
    }
    let corpus = columns.open(inputs)?;
    let group_column = corpus.columns.iter().position(|column| column == GROUP_COLUMN);
    let mut sources = BTreeMap::new();
    for record in corpus {
        match record? {
            Record::Reject(reject) => bail!("{reject}"),
            Record::Document(Document { id, text, fields }) => {
                let group = group_column
                    .map(|at| fields[at].text().into_owned())
                    .filter(|group| !group.is_empty())
                    .unwrap_or_else(|| id.clone());
                if sources.insert(id.clone(), Source { text, group }).is_some() {
                    bail!(
                        "two documents are called `{id}`, so a stand-off label could mean either; rename one or name --id-column"
                    );
                }
            }
        }
    }
    Ok(sources)
}
