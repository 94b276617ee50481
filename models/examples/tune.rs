//! Fine-tunes an encoder on texts with labels, for measuring: what `models/benches/tuning.py` sets against `PyTorch`.
//!
//! `tune ENCODER TEXTS EPOCHS`, where TEXTS holds `{"text": ..., "label": ...}` a line, labels counted from 0.
#![expect(clippy::print_stdout, reason = "this is what it is run for")]

use std::error::Error;

use serde::Deserialize;
use standpoint_models::Folder;
use standpoint_models::tuning::{Labelled, TuneSettings, tune};

#[derive(Deserialize)]
struct Line {
    text: String,
    label: usize,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [encoder, texts, epochs] = arguments.as_slice() else {
        return Err("usage: tune ENCODER TEXTS EPOCHS".into());
    };
    let content = std::fs::read_to_string(texts)?;
    let lines = content.lines().map(serde_json::from_str).collect::<Result<Vec<Line>, _>>()?;
    let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    let labels: Vec<usize> = lines.iter().map(|line| line.label).collect();
    let groups: Vec<String> = (0..texts.len()).map(|at| at.to_string()).collect();
    let stances = labels.iter().max().map_or(0, |largest| largest + 1);
    let settings = TuneSettings { epochs: epochs.parse()?, hold_out_one_in: 0, ..TuneSettings::default() };
    let labelled = Labelled { texts: &texts, labels: &labels, weights: None, groups: &groups };
    let tuned = tune(&Folder::disk(encoder), labelled, stances, &settings, &mut |_| {})?;
    for epoch in tuned.runs.iter().flat_map(|run| &run.epochs) {
        println!("loss {:.4}", epoch.train_loss);
    }
    Ok(())
}
