use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use ndarray::Array2;
use rayon::prelude::*;
use standpoint_corpus::{Document, Span, Unit, segment};
use standpoint_models::Encoder;

use super::encoder::EncoderChoice;
use super::engine::EngineOptions;
use super::input::Input;
use super::rejects::Rejects;
use crate::cli::{Common, Outcome};
use crate::console::{Progress, counted, say};
use crate::engine::{self, Item};
use crate::export::{Cell, Format, NpyWriter, TableWriter};
use crate::output::Output;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  standpoint embed corpus/samples/comments.csv -o comments.npy\n\n\
    Beside OUT.npy, OUT.index.csv says what each row of the matrix is of.")]
pub(crate) struct Options {
    #[command(flatten)]
    input: Input,
    /// Where the matrix goes: a `.npy` file, one row of 32-bit floats a text
    #[arg(long, short, value_name = "OUT.npy")]
    out: PathBuf,
    #[command(flatten)]
    encoder: EncoderChoice,
    #[command(flatten)]
    engine: EngineOptions,
    /// What gets a row
    #[arg(long, value_enum, default_value_t = EmbedUnit::Document)]
    unit: EmbedUnit,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum EmbedUnit {
    /// One row a document, its text as read
    Document,
    /// One row a passage, its text mended
    Segment,
}

/// A text to embed and what it is of.
struct Text {
    number: usize,
    span: Span,
    content: String,
}

/// A document with the embeddings of its texts, `[texts, dimensions]`.
struct Embedded {
    document: String,
    texts: Vec<Text>,
    vectors: Array2<f32>,
    truncated: usize,
}

pub(crate) fn run(options: &Options, common: Common) -> Result<Outcome> {
    let index_place = options.out.with_extension("index.csv");
    let corpus = options.input.open(Rejects::written(Some(&options.out)).chain([index_place.clone()]))?;
    let encoder = load_encoder(options)?;
    let mut matrix = NpyWriter::open(&options.out, encoder.dimensions())?;
    let header = ["row", "document", "segment", "start", "end"].map(str::to_owned).to_vec();
    let mut index = TableWriter::new(Output::open(Some(&index_place))?, Format::Csv, header, false)?;
    let mut rejects = Rejects::beside(Some(&options.out))?;
    let mut progress = Progress::new(corpus.total_bytes(), common.quiet);
    let (mut rows, mut truncated) = (0, 0);
    engine::run(
        corpus,
        engine::apart,
        |batch| embed(encoder.as_ref(), batch, options.unit),
        |item, bytes| match item {
            Item::Reject(reject) => rejects.add(reject),
            Item::Done(embedded) => {
                progress.document(embedded.texts.len(), bytes);
                truncated += embedded.truncated;
                for (text, vector) in embedded.texts.iter().zip(embedded.vectors.rows()) {
                    matrix.row(vector.iter().copied())?;
                    let numbers = [text.number, text.span.start, text.span.end].map(Cell::Count);
                    index.row(
                        [Cell::Count(rows), Cell::Text(embedded.document.clone())].into_iter().chain(numbers).collect(),
                    )?;
                    rows += 1;
                }
                Ok(())
            }
        },
    )?;
    matrix.finish()?;
    index.finish()?.finish()?;
    let outcome = rejects.finish()?;
    let time = progress.finish();
    if !common.quiet {
        let dimensions = encoder.dimensions();
        say(format_args!(
            "{} of {dimensions} numbers in {:.1} s; {truncated} text(s) were truncated",
            counted(rows, "embedding"),
            time.as_secs_f64()
        ));
    }
    Ok(outcome)
}

fn load_encoder(options: &Options) -> Result<Box<dyn Encoder>> {
    let folder = options.encoder.folder()?;
    options.engine.load(&folder).with_context(|| folder.to_string())
}

fn embed(encoder: &dyn Encoder, batch: Vec<Document>, unit: EmbedUnit) -> Result<Vec<Embedded>> {
    let split: Vec<Vec<Text>> = batch.par_iter().map(|document| texts(document, unit)).collect();
    let all: Vec<&str> = split.iter().flatten().map(|text| text.content.as_str()).collect();
    let embeddings = encoder.encode(&all)?;
    let mut at = 0;
    let of_document = |(document, texts): (Document, Vec<Text>)| {
        let (from, to) = (at, at + texts.len());
        at = to;
        let vectors = embeddings.vectors.select(ndarray::Axis(0), &(from..to).collect::<Vec<_>>());
        let truncated = embeddings.truncated[from..to].iter().filter(|&&cut| cut).count();
        Embedded { document: document.id, texts, vectors, truncated }
    };
    Ok(batch.into_iter().zip(split).map(of_document).collect())
}

fn texts(document: &Document, unit: EmbedUnit) -> Vec<Text> {
    match unit {
        EmbedUnit::Document => {
            let span = Span { start: 0, end: document.text.chars().count() };
            vec![Text { number: 1, span, content: document.text.clone() }]
        }
        EmbedUnit::Segment => {
            let numbered = (1..).zip(segment(&document.text, Unit::Passage));
            numbered.map(|(number, segment)| Text { number, span: segment.span, content: segment.text }).collect()
        }
    }
}
