use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use standpoint_corpus::read::Reject;

use crate::cli::Outcome;
use crate::console::say;
use crate::export::{Cell, Format, TableWriter};
use crate::output::{Output, file};

/// The list of input rows that could not be read: `OUT.rejects.csv` beside a file, standard error otherwise.
pub(crate) struct Rejects {
    place: Option<PathBuf>,
    table: Option<TableWriter<Output>>,
    count: usize,
}

impl Rejects {
    /// A list for the result at `out`. A list left there by an earlier run would be mistaken for this one's, so it is removed.
    pub(crate) fn beside(out: Option<&Path>) -> Result<Self> {
        let place = Self::place(out);
        if let Some(stale) = place.as_deref().filter(|place| place.exists()) {
            std::fs::remove_file(stale)
                .with_context(|| format!("{}: an earlier list of rejects cannot be removed", stale.display()))?;
        }
        Ok(Self { place, table: None, count: 0 })
    }

    /// Where the list for the result at `out` goes; nowhere beside a stream.
    pub(crate) fn place(out: Option<&Path>) -> Option<PathBuf> {
        file(out).map(|out| {
            let mut name = out.as_os_str().to_owned();
            name.push(".rejects.csv");
            PathBuf::from(name)
        })
    }

    /// The files that a result at `out` is written to, with its list.
    pub(crate) fn written(out: Option<&Path>) -> impl Iterator<Item = PathBuf> {
        out.map(Path::to_owned).into_iter().chain(Self::place(out))
    }

    /// Adds a row to the list.
    pub(crate) fn add(&mut self, reject: Reject) -> Result<()> {
        self.count += 1;
        let Some(place) = &self.place else {
            say(format_args!("standpoint: {reject}"));
            return Ok(());
        };
        let header = || ["file", "row", "reason"].map(str::to_owned).to_vec();
        let table = match &mut self.table {
            Some(table) => table,
            none => none.insert(TableWriter::new(Output::open(Some(place))?, Format::Csv, header(), false)?),
        };
        // A file that is one document has no rows.
        let row = if reject.row == 0 { String::new() } else { reject.row.to_string() };
        table.row([reject.file, row, reject.reason].map(Cell::Text).to_vec())
    }

    /// Completes the list and says how many rows are on it.
    pub(crate) fn finish(self) -> Result<Outcome> {
        if self.count == 0 {
            return Ok(Outcome::Done);
        }
        if let Some(table) = self.table {
            table.finish()?.finish()?;
        }
        let listed = self.place.map(|place| format!("; they are listed in {}", place.display())).unwrap_or_default();
        say(format_args!("standpoint: {} row(s) could not be read{listed}", self.count));
        Ok(Outcome::DoneWithRejects)
    }
}
