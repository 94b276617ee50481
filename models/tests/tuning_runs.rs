//! Fine-tuning as its callers see it: it learns, gives the same bits however it is run, and says what is wrong.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up has failed")]

mod common;

use std::path::Path;

use common::{Copy, fixtures};
use serde_json::json;
use standpoint_models::encoder::BertEncoder;
use standpoint_models::tuning::{
    ClassWeights, Contrastive, Labelled, Progress, Selection, TuneError, TuneSettings, Tuned, tune,
};
use standpoint_models::{Encoder, Folder};

/// Texts of two stances that differ in one word each, among words that both have.
struct Task {
    texts: Vec<String>,
    labels: Vec<usize>,
    groups: Vec<String>,
    weights: Option<Vec<f64>>,
}

fn task(texts: usize) -> Task {
    let words = ["street", "river", "garden", "window", "letter", "market", "bridge", "song", "train", "winter"];
    let told = [["open", "yellow", "loud"], ["bad", "green", "quiet"]];
    let text = |at: usize| {
        let word = |step: usize| words[(at * step + at / 10) % words.len()];
        format!("the {} was {} by the {} and the {}", word(3), told[at % 2][at / 2 % 3], word(7), word(9))
    };
    Task {
        texts: (0..texts).map(text).collect(),
        labels: (0..texts).map(|at| at % 2).collect(),
        groups: (0..texts).map(|at| format!("document {}", at / 3)).collect(),
        weights: None,
    }
}

impl Task {
    fn tune(
        &self,
        folder: &Folder,
        settings: &TuneSettings,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<Tuned, TuneError> {
        let texts: Vec<&str> = self.texts.iter().map(String::as_str).collect();
        let (labels, weights, groups) = (&self.labels, self.weights.as_deref(), &self.groups);
        tune(folder, Labelled { texts: &texts, labels, weights, groups }, 2, settings, on_progress)
    }
}

fn settings() -> TuneSettings {
    TuneSettings { epochs: 3, batch: 8, learning_rate: 1e-3, hold_out_one_in: 5, seed: 3, ..TuneSettings::default() }
}

fn run_with(task: &Task, settings: &TuneSettings, on_progress: &mut dyn FnMut(Progress)) -> Result<Tuned, TuneError> {
    task.tune(&Folder::disk(fixtures().join("tiny")), settings, on_progress)
}

fn run(task: &Task, settings: &TuneSettings) -> Tuned {
    run_with(task, settings, &mut |_| {}).unwrap()
}

/// The bits of all weights, and the account.
fn bits(tuned: &Tuned) -> (Vec<u8>, Vec<u32>, String) {
    let folder = tempfile::tempdir().unwrap();
    tuned.write_encoder(folder.path()).unwrap();
    let head = tuned.head_weights().iter().chain(tuned.head_bias()).map(|x| x.to_bits()).collect();
    let account = format!("{:?} {:?}", tuned.runs, tuned.held_out);
    (std::fs::read(folder.path().join("model.safetensors")).unwrap(), head, account)
}

fn averaged() -> TuneSettings {
    TuneSettings { averaging: 0.9, ..settings() }
}

fn contrastive(epochs: usize) -> Contrastive {
    Contrastive { epochs, learning_rate: 1e-3, temperature: 0.2 }
}

/// Long enough for a model that starts from random weights.
fn thorough() -> TuneSettings {
    TuneSettings { epochs: 10, learning_rate: 2e-3, ..settings() }
}

fn assert_learned(tuned: &Tuned) {
    let (first, last) = (tuned.runs[0].epochs[0], tuned.runs[0].epochs[tuned.runs[0].epochs.len() - 1]);
    assert!(last.held_out_macro_f1.unwrap() > 0.9 && last.held_out_loss.unwrap() < 0.3, "{:?}", tuned.runs[0].epochs);
    assert!(last.train_loss < 0.5 * first.train_loss, "{:?}", tuned.runs[0].epochs);
}

#[test]
fn a_plain_task_is_learned() {
    assert_learned(&run(&task(300), &thorough()));
}

#[test]
fn the_written_encoder_and_the_head_give_the_logits_of_the_texts_held_out() {
    let task = task(60);
    let tuned = run(&task, &settings());
    let written = tempfile::tempdir().unwrap();
    tuned.write_encoder(written.path()).unwrap();
    let encoder = BertEncoder::load(&Folder::disk(written.path())).unwrap();
    let held_out = tuned.held_out.as_ref().unwrap();
    assert!(held_out.texts.len() >= 9, "{held_out:?}");
    let texts: Vec<&str> = held_out.texts.iter().map(|text| task.texts[*text].as_str()).collect();
    let embedded = encoder.encode(&texts).unwrap().vectors;
    let logits = embedded.dot(&tuned.head_weights().t());
    for (at, text) in held_out.texts.iter().enumerate() {
        assert_eq!(held_out.labels[at], task.labels[*text]);
        for stance in 0..2 {
            let logit = f64::from(logits[[at, stance]] + tuned.head_bias()[stance]);
            assert!((logit - held_out.logits[[at, stance]]).abs() < 1e-4, "{logit} for {:?}", held_out.logits.row(at));
        }
    }
    let apart = |text: &usize| held_out.texts.iter().all(|held| task.groups[*held] != task.groups[*text]);
    assert!((0..60).filter(|text| !held_out.texts.contains(text)).all(|text| apart(&text)), "a group is parted");
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let task = task(40);
    for (frozen_layers, averaging, passes) in [(None, 0.0, 0), (Some(1), 0.9, 1)] {
        let contrastive = contrastive(passes);
        let settings = TuneSettings { frozen_layers, averaging, contrastive, epochs: 2, ..settings() };
        let on = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| bits(&run(&task, &settings)))
        };
        let one = on(1);
        assert!(on(2) == one && on(3) == one, "{frozen_layers:?} frozen");
        let other = TuneSettings { seed: 4, ..settings };
        assert!(bits(&run(&task, &other)) != one, "the seed has no part");
    }
}

#[test]
fn runs_from_one_start_are_averaged() {
    let task = task(40);
    let kept = tempfile::tempdir().unwrap();
    let twice = TuneSettings { runs: 2, checkpoints: Some(kept.path().to_owned()), ..settings() };
    let (one, two) = (run(&task, &settings()), run(&task, &twice));
    assert_eq!(two.runs[0], one.runs[0]);
    assert!(two.runs.len() == 2 && two.runs[1] != two.runs[0], "{:?}", two.runs);
    assert_ne!(two.head_weights(), one.head_weights());
    let mut steps = 0;
    let again = run_with(&task, &twice, &mut |_| steps += 1).unwrap();
    assert!(steps == 0 && bits(&again) == bits(&two), "finished runs are not made again");
}

#[test]
fn an_interrupted_run_ends_with_the_same_bits() {
    let task = task(40);
    let settings = TuneSettings { contrastive: contrastive(2), ..averaged() };
    let (whole, kept) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let with = |folder: &Path| TuneSettings { checkpoints: Some(folder.to_owned()), ..settings.clone() };
    let (file, of_pass) = ("tuning.safetensors", |pass: usize| kept.path().join(format!("{pass}")));
    let mut passes = 0;
    let mut keep = |progress| {
        if !matches!(progress, Progress::Step { .. }) {
            passes += 1;
            std::fs::create_dir(of_pass(passes)).unwrap();
            std::fs::copy(whole.path().join(file), of_pass(passes).join(file)).unwrap();
        }
    };
    let expected = bits(&run_with(&task, &with(whole.path()), &mut keep).unwrap());
    assert_eq!(passes, 5, "two contrastive passes, three epochs");
    assert!(expected == bits(&run(&task, &settings)), "checkpoints have a part in the result");
    for pass in 1..=5 {
        let mut made = 0;
        let mut count = |progress| made += usize::from(!matches!(progress, Progress::Step { .. }));
        let resumed = run_with(&task, &with(&of_pass(pass)), &mut count).unwrap();
        assert!(bits(&resumed) == expected, "after pass {pass}");
        assert_eq!(made, 5 - pass, "passes that were over are not made again");
        assert_eq!(std::fs::read_dir(of_pass(pass)).unwrap().count(), 1, "nothing else is left behind");
    }
}

#[test]
fn checkpoints_of_other_runs_and_damaged_ones_are_refused() {
    let task = task(20);
    let folder = tempfile::tempdir().unwrap();
    let settings = TuneSettings { epochs: 1, checkpoints: Some(folder.path().to_owned()), ..settings() };
    run(&task, &settings);
    let error = |settings: &TuneSettings| run_with(&task, settings, &mut |_| {}).err().unwrap();
    let other = TuneSettings { epochs: 2, ..settings.clone() };
    assert!(matches!(error(&other), TuneError::OtherCheckpoint { .. }));
    let path = folder.path().join("tuning.safetensors");
    let content = std::fs::read(&path).unwrap();
    std::fs::write(&path, &content[..content.len() / 2]).unwrap();
    let found = error(&settings);
    assert!(matches!(found, TuneError::DamagedCheckpoint { .. }), "{found}");
}

#[test]
fn what_is_frozen_stays_and_is_kept_or_computed_again_alike() {
    let task = task(30);
    let frozen = |frozen_layers, kept_bytes| {
        let settings = TuneSettings { frozen_layers, kept_bytes, epochs: 1, hold_out_one_in: 0, ..settings() };
        bits(&run(&task, &settings))
    };
    assert!(frozen(Some(1), usize::MAX) == frozen(Some(1), 0));
    let original = std::fs::read(fixtures().join("tiny/model.safetensors")).unwrap();
    let original = safetensors::SafeTensors::deserialize(&original).unwrap();
    for layers in 0..=2 {
        let (content, _, _) = frozen(Some(layers), usize::MAX);
        let written = safetensors::SafeTensors::deserialize(&content).unwrap();
        for (name, tensor) in written.iter() {
            let learns = (layers..2).any(|layer| name.starts_with(&format!("encoder.layer.{layer}.")));
            assert_eq!(tensor.data() != original.tensor(name).unwrap().data(), learns, "{layers} frozen: {name}");
        }
    }
}

#[test]
fn averages_are_measured_and_kept_and_have_no_part_in_the_steps() {
    let (plain, averaged) = (run(&task(60), &settings()), run(&task(60), &averaged()));
    let losses =
        |tuned: &Tuned| tuned.runs[0].epochs.iter().map(|epoch| epoch.train_loss.to_bits()).collect::<Vec<_>>();
    assert_eq!(losses(&plain), losses(&averaged));
    let held_out = |tuned: &Tuned| tuned.runs[0].epochs.iter().map(|epoch| epoch.held_out_loss).collect::<Vec<_>>();
    assert!(held_out(&plain).iter().zip(held_out(&averaged)).all(|(plain, averaged)| *plain != averaged));
    assert_learned(&run(&task(300), &TuneSettings { averaging: 0.9, ..thorough() }));
    let one_step = |averaging| {
        let settings = TuneSettings { averaging, epochs: 1, batch: 60, ..settings() };
        run(&task(60), &settings).runs[0].epochs[0].held_out_loss.unwrap()
    };
    assert!((one_step(0.0) - one_step(0.99)).abs() < 1e-6, "where the average starts has a part in it");
}

#[test]
fn the_contrastive_phase_brings_texts_of_one_stance_together_and_leaves_the_head_alone() {
    let task = task(300);
    let mut steps = Vec::new();
    // With dropout, the embeddings of an encoder with random weights may all become the same one.
    let settings = TuneSettings {
        contrastive: contrastive(10),
        epochs: 1,
        batch: 16,
        learning_rate: 1e-9,
        hidden_dropout: 0.0,
        attention_dropout: 0.0,
        ..settings()
    };
    let tuned = run_with(&task, &settings, &mut |progress| {
        if let Progress::Step { done, of, .. } = progress {
            steps.push((done, of));
        }
    });
    let tuned = tuned.unwrap();
    assert_eq!(tuned.runs[0].contrastive.len(), 10);
    // The least there is, where embeddings are one a stance: the logarithm of how many others of it are in the batch.
    assert!(
        tuned.runs[0].contrastive[0] > 2.4 && tuned.runs[0].contrastive[9] < 7_f64.ln() + 0.1,
        "{:?}",
        tuned.runs[0].contrastive
    );
    assert!(steps.iter().enumerate().all(|(at, step)| *step == (at + 1, steps.len())), "{steps:?}");
    // Epochs with almost no rate leave what the contrastive phase made of the encoder: the head alone learns on it.
    assert!(tuned.runs[0].epochs[0].held_out_macro_f1.unwrap() > 0.9, "{:?}", tuned.runs[0].epochs);
    let without = TuneSettings { contrastive: contrastive(0), ..settings };
    assert!(run(&task, &without).runs[0].epochs[0].held_out_macro_f1.unwrap() < 0.8);
}

#[test]
fn early_stopping_saves_epochs_and_keeps_the_best() {
    let task = task(40);
    let settings = TuneSettings {
        epochs: 30,
        patience: Some(2),
        learning_rate: 2e-2,
        selection: Selection::LogLoss,
        ..settings()
    };
    let tuned = run(&task, &settings);
    assert!(
        tuned.runs[0].epochs.len() == tuned.runs[0].best_epoch + 2 || tuned.runs[0].epochs.len() == 30,
        "{:?}",
        tuned.runs[0].epochs
    );
    assert!(tuned.runs[0].epochs.len() < 30, "{:?}", tuned.runs[0].epochs);
    let loss = |epoch: usize| tuned.runs[0].epochs[epoch].held_out_loss.unwrap();
    assert!((0..tuned.runs[0].epochs.len()).all(|epoch| loss(epoch) >= loss(tuned.runs[0].best_epoch - 1)));
}

#[test]
fn settings_out_of_range_are_refused_by_name() {
    let good = settings;
    let cases = [
        (
            "contrastive.learning_rate",
            TuneSettings { contrastive: Contrastive { learning_rate: 0.0, ..contrastive(1) }, ..good() },
        ),
        (
            "contrastive.temperature",
            TuneSettings { contrastive: Contrastive { temperature: f64::NAN, ..contrastive(1) }, ..good() },
        ),
        ("epochs", TuneSettings { epochs: 0, ..good() }),
        ("batch", TuneSettings { batch: 0, ..good() }),
        ("learning_rate", TuneSettings { learning_rate: f64::NAN, ..good() }),
        ("layer_decay", TuneSettings { layer_decay: 1.1, ..good() }),
        ("head_learning_rate", TuneSettings { head_learning_rate: 0.0, ..good() }),
        ("weight_decay", TuneSettings { weight_decay: -0.1, ..good() }),
        ("warm_up", TuneSettings { warm_up: 1.0, ..good() }),
        ("clip", TuneSettings { clip: f64::INFINITY, ..good() }),
        ("hidden_dropout", TuneSettings { hidden_dropout: 1.0, ..good() }),
        ("attention_dropout", TuneSettings { attention_dropout: -1.0, ..good() }),
        ("label_smoothing", TuneSettings { label_smoothing: 2.0, ..good() }),
        ("class_weights", TuneSettings { class_weights: ClassWeights::Given(vec![1.0, 0.0]), ..good() }),
        ("class_weights", TuneSettings { class_weights: ClassWeights::Given(vec![1.0; 3]), ..good() }),
        ("frozen_layers", TuneSettings { frozen_layers: Some(3), ..good() }),
        ("averaging", TuneSettings { averaging: 1.0, ..good() }),
        ("hold_out_one_in", TuneSettings { hold_out_one_in: 1, ..good() }),
    ];
    let accepted = cases.iter().filter_map(|(name, settings)| {
        let message = run_with(&task(20), settings, &mut |_| {}).err().map(|error| error.to_string());
        let named = message.as_ref().is_some_and(|message| message.contains(&format!("`{name}`")));
        (!named).then(|| format!("{name}: {message:?}"))
    });
    assert_eq!(accepted.collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn examples_that_do_not_fit_together_are_refused() {
    let refused = |change: fn(&mut Task)| {
        let mut task = task(20);
        change(&mut task);
        run_with(&task, &settings(), &mut |_| {}).err().unwrap().to_string()
    };
    assert!(refused(|task| task.labels.truncate(19)).contains("20 texts came with 19 labels"));
    assert!(refused(|task| task.weights = Some(vec![1.0; 21])).contains("20 labels, 21 weights"));
    assert!(refused(|task| task.labels[7] = 2).contains("text 7"));
    for weight in ["0", "-1", "inf", "NaN"] {
        let mut task = task(20);
        let mut weights = vec![1.0; 20];
        weights[4] = weight.parse().unwrap();
        task.weights = Some(weights);
        let message = run_with(&task, &settings(), &mut |_| {}).err().unwrap().to_string();
        assert!(message.contains(&format!("text 4 (counted from 0) has the weight {weight};")), "{message}");
    }
    assert!(refused(|task| task.labels.fill(0)).contains("stance 2"));
    assert!(refused(|task| *task = self::task(0)).contains("stance 1"));
}

#[test]
fn a_text_can_count_more_than_others() {
    let weighed = |weight: fn(usize) -> f64| {
        let mut task = task(60);
        task.weights = Some((0..60).map(weight).collect());
        bits(&run(&task, &settings()))
    };
    let plain = bits(&run(&task(60), &settings()));
    assert!(weighed(|_| 1.0) == plain, "all alike are as good as none");
    assert!(weighed(|at| if at % 3 == 0 { 4.0 } else { 1.0 }) != plain);
}

#[test]
fn a_rate_that_breaks_the_model_is_named() {
    let settings = TuneSettings { learning_rate: 1e30, ..settings() };
    let error = run_with(&task(40), &settings, &mut |_| {}).err().unwrap();
    assert!(matches!(error, TuneError::Diverged { .. }) && error.to_string().contains("learning_rate"), "{error}");
}

#[test]
fn cls_pooling_without_normalisation_learns_too() {
    let copy = Copy::new();
    let modules = std::fs::read_to_string(copy.path().join("modules.json")).unwrap();
    let modules: Vec<serde_json::Value> = serde_json::from_str(&modules).unwrap();
    std::fs::write(copy.path().join("modules.json"), json!(modules[..2]).to_string()).unwrap();
    copy.set("1_Pooling/config.json", "pooling_mode_mean_tokens", json!(false));
    copy.set("1_Pooling/config.json", "pooling_mode_cls_token", json!(true));
    let task = task(300);
    assert_learned(&task.tune(&copy.folder(), &thorough(), &mut |_| {}).unwrap());
}
