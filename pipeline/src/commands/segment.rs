use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueEnum};
use rayon::prelude::*;
use standpoint_corpus::{Document, Segment, Unit, segment};

use super::input::Input;
use super::rejects::Rejects;
use crate::cli::{Common, Outcome};
use crate::console::{Progress, counted, say};
use crate::engine::{self, Item};
use crate::export::{Cell, Format, TableWriter, beside};
use crate::output::Output;

/// Columns before those of the input.
const COLUMNS: [&str; 5] = ["document", "segment", "start", "end", "text"];

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  \
    standpoint segment corpus/samples/comments.csv --unit sentence -o sentences.csv")]
pub(crate) struct Options {
    #[command(flatten)]
    input: Input,
    /// Where the table goes [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    /// What documents are split into
    #[arg(long, value_enum, default_value_t = SegmentUnit::Passage)]
    unit: SegmentUnit,
    /// The table's format [default: what OUT's name says, else csv]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Do not guard text that a spreadsheet would run as a formula
    #[arg(long)]
    raw_cells: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum SegmentUnit {
    /// Paragraphs and headings, long ones split at sentence ends
    Passage,
    /// Single sentences
    Sentence,
}

pub(crate) fn run(options: &Options, common: Common) -> Result<Outcome> {
    let corpus = options.input.open(Rejects::written(options.out.as_deref()))?;
    let unit = match options.unit {
        SegmentUnit::Passage => Unit::Passage,
        SegmentUnit::Sentence => Unit::Sentence,
    };
    let own = COLUMNS.map(str::to_owned).to_vec();
    let header = [own.clone(), beside(&own, &corpus.columns)].concat();
    let format = options.format.map_or_else(|| Format::of(options.out.as_deref()), Ok)?;
    let mut table = TableWriter::new(Output::open(options.out.as_deref())?, format, header, options.raw_cells)?;
    let mut rejects = Rejects::beside(options.out.as_deref())?;
    let mut progress = Progress::new(corpus.total_bytes(), common.quiet);
    let (mut documents, mut segments) = (0, 0);
    let work = |batch: Vec<Document>| {
        let split = |document: Document| (segment(&document.text, unit), document);
        Ok(batch.into_par_iter().map(split).collect())
    };
    engine::run(corpus, engine::apart, work, |item, bytes| match item {
        Item::Reject(reject) => rejects.add(reject),
        Item::Done((found, document)) => {
            progress.document(found.len(), bytes);
            documents += 1;
            segments += found.len();
            (1..).zip(found).try_for_each(|(number, segment)| table.row(row(&document, number, segment)))
        }
    })?;
    table.finish()?.finish()?;
    let outcome = rejects.finish()?;
    let time = progress.finish();
    if !common.quiet {
        say(format_args!(
            "{}, {} in {:.1} s",
            counted(documents, "document"),
            counted(segments, "segment"),
            time.as_secs_f64()
        ));
    }
    Ok(outcome)
}

fn row(document: &Document, number: usize, segment: Segment) -> Vec<Cell> {
    let own = [
        Cell::Text(document.id.clone()),
        Cell::Count(number),
        Cell::Count(segment.span.start),
        Cell::Count(segment.span.end),
        Cell::Text(segment.text),
    ];
    own.into_iter().chain(document.fields.iter().cloned().map(Cell::Field)).collect()
}
