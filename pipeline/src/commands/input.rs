use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use clap::Args;
use standpoint_corpus::read::{Corpus, ReadError, ReadSettings};

use crate::console::say;

/// What to read, and how.
#[derive(Debug, Clone, Args)]
pub(crate) struct Input {
    /// Files, folders or globs (CSV, TSV, JSONL, text, HTML), or - for standard input
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<String>,
    #[command(flatten)]
    columns: Columns,
}

/// Which columns of a table hold what.
#[derive(Debug, Clone, Args)]
pub(crate) struct Columns {
    /// The column or JSON key that holds the text [default: found by its name]
    #[arg(long, value_name = "COLUMN")]
    text_column: Option<String>,
    /// The column or JSON key that identifies the document [default: found by its name]
    #[arg(long, value_name = "COLUMN")]
    id_column: Option<String>,
}

impl Input {
    /// Opens the inputs, unless one of them is among the files that would be written over.
    pub(crate) fn open(&self, written: impl IntoIterator<Item = PathBuf>) -> Result<Corpus> {
        let corpus = self.columns.open(&self.inputs)?;
        for file in written {
            ensure!(!corpus.reads(&file), overwritten(&file));
        }
        Ok(corpus)
    }
}

impl Columns {
    /// Opens inputs whose columns these are.
    pub(crate) fn open(&self, inputs: &[String]) -> Result<Corpus, ReadError> {
        let corpus = Corpus::open(&ReadSettings {
            inputs: inputs.to_vec(),
            text_column: self.text_column.clone(),
            id_column: self.id_column.clone(),
        })?;
        corpus.doubts.iter().for_each(|doubt| say(format_args!("standpoint: {doubt}")));
        Ok(corpus)
    }
}

/// Why nothing is written to a file that is read.
pub(crate) fn overwritten(file: &Path) -> String {
    format!("{}: is one of the inputs and would be overwritten; name another file with --out", file.display())
}
