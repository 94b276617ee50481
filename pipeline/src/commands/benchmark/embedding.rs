use std::time::Instant;

use anyhow::{Context, Result};
use rayon::ThreadPoolBuilder;
use standpoint_evaluation::benchmark::EncoderCost;
use standpoint_labels::Scheme;
use standpoint_models::encoder::quantise;
use standpoint_models::{BertEncoder, Encoder, Folder};

use super::results::{Results, bytes_in, fingerprint};
use crate::console;
use crate::export::NpyWriter;

/// Texts encoded between two steps of the progress bar.
const CHUNK: usize = 256;
/// Texts whose encoding is timed on one core.
const TIMED: usize = 128;

/// Embeddings of all texts and, after them, of the stances' definitions, in a file of the results.
pub(crate) struct Embedded {
    /// The file's name.
    pub(crate) file: String,
    pub(crate) cost: EncoderCost,
}

/// Embeds with the encoder as a bundle would store it, unless the results hold the embeddings already.
pub(crate) fn embed(
    from: &Folder,
    texts: &[&str],
    scheme: &Scheme,
    results: &Results,
    quiet: bool,
) -> Result<Embedded> {
    let folder = tempfile::tempdir().context("a folder for the encoder cannot be made")?;
    let stored = folder.path().join("encoder");
    quantise(from, &stored)?;
    let encoder = BertEncoder::load(&Folder::disk(&stored))?;
    let definitions: Vec<&str> = scheme.stances.iter().map(|stance| stance.definition.as_str()).collect();
    // What it makes of the definitions tells one encoder from another.
    let of_definitions = encoder.encode(&definitions)?.vectors;
    let key = fingerprint(&(texts, of_definitions.iter().collect::<Vec<_>>()))?;
    let (file, account) = (format!("embeddings-{key}.npy"), format!("encoder-{key}.json"));
    // The account is written last: where it is, the embeddings are whole.
    if let Some(cost) = results.kept(&account).filter(|_| results.file(&file).is_file()) {
        return Ok(Embedded { file, cost });
    }
    let mut rows = NpyWriter::open(&results.file(&file), encoder.dimensions())?;
    let bar = console::steps(quiet);
    bar.set_message("encoding");
    bar.set_length(texts.len().div_ceil(CHUNK) as u64);
    for chunk in texts.chunks(CHUNK) {
        let vectors = encoder.encode(chunk)?.vectors;
        vectors.rows().into_iter().try_for_each(|row| rows.row(row.iter().copied()))?;
        bar.inc(1);
    }
    of_definitions.rows().into_iter().try_for_each(|row| rows.row(row.iter().copied()))?;
    rows.finish()?;
    bar.finish_and_clear();
    let cost = EncoderCost { seconds_per_text: seconds_per_text(&encoder, texts)?, bytes: bytes_in(&stored)? };
    results.keep(&account, &cost)?;
    Ok(Embedded { file, cost })
}

/// Timed on one core over texts from beginning to end.
fn seconds_per_text(encoder: &BertEncoder, texts: &[&str]) -> Result<f64> {
    let sample: Vec<&str> = texts.iter().step_by(texts.len().div_ceil(TIMED).max(1)).copied().collect();
    let one_core = ThreadPoolBuilder::new().num_threads(1).build().context("a thread could not be started")?;
    let started = Instant::now();
    one_core.install(|| encoder.encode(&sample))?;
    Ok(started.elapsed().as_secs_f64() / sample.len().max(1) as f64)
}
