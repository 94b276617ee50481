//! Opens each input far enough to know its format and columns, and later reads its documents.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use super::columns::{Columns, has_text_column, is_text_column};
use super::discover::{Extension, Format, Found, STANDARD_INPUT};
use super::encoding::Charset;
use super::error::Fault;
use super::json::{self, Elements, Entries, Lines, Objects};
use super::source::{SIZE_LIMIT, Sample, Source};
use super::table::{Header, Table, TablePlan};
use super::{ReadSettings, Record, Reject, whole};
use crate::Field;

/// A stream of one input's documents.
pub(super) type Records = Box<dyn Iterator<Item = io::Result<Record>> + Send>;

/// An input that is known to be readable.
pub(super) struct Prepared {
    pub(super) source: Source,
    /// What it may be instead of what it is read as, and what to do then.
    pub(super) doubt: Option<&'static str>,
    plan: Plan,
}

/// Said of text that looks like a table.
const PERHAPS_A_TABLE: &str = "is read as one document of plain text, and looks like a table; if it is one, name its text column with --text-column";

enum Plan {
    Table(TablePlan),
    Json { columns: Columns, array: bool, charset: Charset },
    Whole { html: bool },
}

impl Prepared {
    /// Opens a file that was found, or `stdin` where standard input was named.
    pub(super) fn new(found: &Found, stdin: &mut Box<dyn Read + Send>, settings: &ReadSettings) -> Result<Self, Fault> {
        let (path, name) = (found.path.to_string_lossy().into_owned(), found.name.clone());
        let mut source = if found.named && path == STANDARD_INPUT {
            Source::stream(path, name, std::mem::replace(stdin, Box::new(io::empty())))
        } else {
            Source::file(path, name, found.path.clone())?
        };
        let (bytes, complete) = source.head()?;
        if bytes.is_empty() {
            return Err(Fault::Empty);
        }
        let sample = Sample { bytes: &bytes, complete };
        let extension = Extension::of(&found.path);
        let format = format(extension, sample, settings)?;
        let unsure = extension == Extension::Unknown && format == Format::Text && looks_like_a_table(sample);
        let plan = Plan::new(format, sample, &mut source, settings)?;
        Ok(Self { source, plan, doubt: unsure.then_some(PERHAPS_A_TABLE) })
    }

    /// The columns other than text and id.
    pub(super) fn columns(&self) -> Option<&Columns> {
        match &self.plan {
            Plan::Table(plan) => Some(&plan.columns),
            Plan::Json { columns, .. } => Some(columns),
            Plan::Whole { .. } => None,
        }
    }

    /// The input's documents, with their fields in the order of `union`.
    pub(super) fn records(self, union: &[String], progress: Arc<AtomicU64>) -> Result<Records, Fault> {
        let names = (self.source.path.clone(), self.source.name.clone());
        let source = self.source.last_pass(progress)?;
        Ok(match self.plan {
            Plan::Table(plan) => Box::new(Table::open(&plan, source, names, union)?),
            Plan::Json { columns, array, charset } => {
                let entries = entries(source, array, charset)?;
                Box::new(Objects::new(entries, columns, names, union))
            }
            Plan::Whole { html } => Box::new(std::iter::once(whole_file(source, html, names, union.len()))),
        })
    }
}

impl Plan {
    fn new(format: Format, sample: Sample<'_>, source: &mut Source, settings: &ReadSettings) -> Result<Self, Fault> {
        let charset = Charset::detect(sample);
        Ok(match format {
            Format::Table => {
                let mut header = Header::read(sample, charset, settings)?;
                let columns = Columns::find(std::mem::take(&mut header.names), settings)?;
                Self::Table(TablePlan { header, columns, charset })
            }
            Format::JsonLines | Format::JsonArray => {
                let array = format == Format::JsonArray;
                let keys = json::keys(entries(source.first_pass()?, array, charset)?)?;
                Self::Json { columns: Columns::find(keys, settings)?, array, charset }
            }
            Format::Text => Self::Whole { html: false },
            Format::Html => Self::Whole { html: true },
        })
    }
}

fn entries(source: Box<dyn Read + Send>, array: bool, charset: Charset) -> Result<Entries, Fault> {
    if !array {
        return Ok(Box::new(Lines::new(charset.decode(source)?, charset, SIZE_LIMIT)));
    }
    let text = whole::read_text(source, Charset::detect, SIZE_LIMIT).map_err(|fault| match fault {
        Fault::TooLarge { .. } => {
            Fault::TooLarge { remedy: "make one object a line of it: jq -c '.[]' IN.json > OUT.jsonl" }
        }
        other => other,
    })?;
    Ok(Box::new(Elements::new(text)))
}

fn whole_file(
    source: Box<dyn Read + Send>,
    html: bool,
    (path, name): (String, String),
    fields: usize,
) -> io::Result<Record> {
    let document = whole::document(source, html, name, vec![Field::Missing; fields])?;
    Ok(document.map_or_else(|reason| Record::Reject(Reject { file: path, row: 0, reason }), Record::Document))
}

/// How a file is to be read: its extension tells, or else its content.
fn format(extension: Extension, sample: Sample<'_>, settings: &ReadSettings) -> Result<Format, Fault> {
    match extension {
        Extension::Known(format) => Ok(format),
        Extension::Pdf => Err(Fault::Pdf),
        Extension::Json => {
            let text = Charset::detect(sample).decode_sample(sample);
            Ok(if text.trim_start().starts_with('[') { Format::JsonArray } else { Format::JsonLines })
        }
        Extension::Unknown => sniff(sample, settings),
    }
}

/// The format of content that comes without a name, or with one that says nothing.
fn sniff(sample: Sample<'_>, settings: &ReadSettings) -> Result<Format, Fault> {
    if sample.bytes.starts_with(b"%PDF-") {
        return Err(Fault::Pdf);
    }
    let charset = Charset::detect(sample);
    let text = charset.decode_sample(sample);
    if text.contains('\0') {
        return Err(Fault::NotText("it holds a NUL byte".to_owned()));
    }
    let start = text.trim_start();
    let page = start.get(..14).unwrap_or(start).to_lowercase();
    if start.starts_with('{') {
        return Ok(Format::JsonLines);
    }
    if start.strip_prefix('[').is_some_and(|rest| rest.trim_start().starts_with('{')) {
        return Ok(Format::JsonArray);
    }
    if page.starts_with("<!doctype html") || page.starts_with("<html") {
        return Ok(Format::Html);
    }
    let columns = Header::read(sample, charset, settings).map(|header| header.names).unwrap_or_default();
    let named = match columns.as_slice() {
        // A heading is set off by an empty line or a capital; the name of a column is not.
        [only] => is_text_column(only) && start.lines().nth(1).is_some_and(|next| !next.trim().is_empty()),
        several => has_text_column(several, settings),
    };
    Ok(if settings.text_column.is_some() || named { Format::Table } else { Format::Text })
}

/// Whether text has the form of a table with a header in which no column is known.
fn looks_like_a_table(sample: Sample<'_>) -> bool {
    let charset = Charset::detect(sample);
    let header = Header::read(sample, charset, &ReadSettings::default());
    header.is_ok_and(|header| header.is_borne_out(sample, charset).unwrap_or(false))
}
