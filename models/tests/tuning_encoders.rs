//! Which encoders can be tuned, and what is said of the others.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up has failed")]

mod common;

use common::{Copy, fixtures};
use serde_json::json;
use standpoint_models::encoder::{BertEncoder, with_prefix};
use standpoint_models::tuning::{Labelled, TuneError, TuneSettings, Tuned, tune};
use standpoint_models::{Encoder, Folder};

const POOLING: &str = "1_Pooling/config.json";

/// Thirty texts of two stances.
fn texts() -> Vec<String> {
    let words = ["lamp", "river", "<pad>", "ga\u{301}rden", "\u{706f}"];
    (0..30).map(|at| format!("the {} is {}", words[at % 5], ["old", "new"][at % 2])).collect()
}

fn tuned(folder: &Folder) -> Result<Tuned, TuneError> {
    let settings = TuneSettings { epochs: 1, hold_out_one_in: 5, ..TuneSettings::default() };
    let (texts, labels): (Vec<String>, Vec<usize>) = (texts(), (0..30).map(|at| at % 2).collect());
    let written: Vec<&str> = texts.iter().map(String::as_str).collect();
    let groups: Vec<String> = (0..30).map(|at| at.to_string()).collect();
    let labelled = Labelled { texts: &written, labels: &labels, weights: None, groups: &groups };
    tune(folder, labelled, 2, &settings, &mut |_| {})
}

#[test]
fn the_written_encoder_does_what_was_tuned() {
    let family = |name: &str| Folder::disk(fixtures().join("families").join(name));
    let last = Copy::new();
    last.set(POOLING, "pooling_mode_mean_tokens", json!(false));
    last.set(POOLING, "pooling_mode_lasttoken", json!(true));
    let prefixed = with_prefix(&family("xlm-roberta"), "query: ").unwrap();
    for folder in [family("xlm-roberta"), prefixed, family("roberta"), last.folder()] {
        let tuned = tuned(&folder).unwrap();
        let written = tempfile::tempdir().unwrap();
        tuned.write_encoder(written.path()).unwrap();
        let encoder = BertEncoder::load(&Folder::disk(written.path())).unwrap();
        let held_out = tuned.held_out.as_ref().unwrap();
        let (texts, (rows, _)) = (texts(), held_out.logits.dim());
        assert!(rows > 3, "{folder}");
        let seen: Vec<&str> = held_out.texts.iter().map(|text| texts[*text].as_str()).collect();
        let logits = encoder.encode(&seen).unwrap().vectors.dot(&tuned.head_weights().t());
        for (at, logit) in logits.indexed_iter() {
            let logit = f64::from(logit + tuned.head_bias()[at.1]);
            assert!((logit - held_out.logits[at]).abs() < 1e-4, "{folder}: {logit} for {}", held_out.logits[at]);
        }
    }
}

#[test]
fn what_has_no_way_back_is_refused_by_name() {
    let (dense, several, apart) = (Copy::new(), Copy::new(), Copy::new());
    dense.lay_over(&fixtures().join("families/dense"));
    several.set(POOLING, "pooling_mode_max_tokens", json!(true));
    apart.set(POOLING, "include_prompt", json!(false));
    let apart = with_prefix(&apart.folder(), "query: ").unwrap();
    let cases = [
        (Folder::disk(fixtures().join("families/distilbert")), "config.json: setting `model_type` is distilbert"),
        (dense.folder(), "modules.json: setting `type` is [Dense(\"2_Dense\")"),
        (several.folder(), "setting `pooling_mode_mean_tokens` is true"),
        (apart, "setting `include_prompt` is false"),
    ];
    for (folder, says) in cases {
        let error = tuned(&folder).err().unwrap().to_string();
        assert!(error.contains(says) && error.contains("to be tuned"), "{error}");
    }
}
