//! The engine rust-bert against the plain encoder and against the Python originals, value by value.
#![cfg(feature = "rust-bert")]
#![allow(clippy::unwrap_used, reason = "a test that cannot set up has failed")]

mod common;

use std::path::PathBuf;

use common::{Copy, Reference, as_str, fixtures, minilm, texts, tiny};
use serde_json::{Value, json};
use standpoint_labels::{Scheme, Target};
use standpoint_models::libtorch::{Device, Entailment, LibtorchEncoder, ZeroShot};
use standpoint_models::{BertEncoder, Bundle, Encoder, Folder, Labeller, Passage};

const ENCODERS: [&str; 13] = [
    "bert",
    "roberta",
    "xlm-roberta",
    "camembert",
    "distilbert",
    "albert",
    "electra",
    "mobilebert",
    "longformer",
    "xlnet",
    "fnet",
    "deberta-v2",
    "deberta-v2-apart",
];
const CLASSIFIERS: [&str; 10] = [
    "bert",
    "roberta",
    "xlm-roberta",
    "distilbert",
    "albert",
    "mobilebert",
    "longformer",
    "deberta-v2",
    "deberta-v2-apart",
    "bart",
];

fn models() -> PathBuf {
    fixtures().join("../libtorch")
}

/// A copy of a model with the tokenizer that it was made with, whose JSON files can be changed.
fn model(name: &str) -> Copy {
    let copy = Copy::of(&models().join(name));
    for file in ["tokenizer.json", "tokenizer_config.json"] {
        std::fs::copy(fixtures().join("tiny").join(file), copy.path().join(file)).unwrap();
    }
    copy
}

/// The largest difference between two lists of numbers of the same length.
fn difference<T: Into<f64> + std::marker::Copy>(found: &[T], expected: &[T]) -> f64 {
    assert_eq!(found.len(), expected.len());
    let differences = found.iter().zip(expected).map(|(&a, &b)| (a.into() - b.into()).abs());
    // A NaN must not pass, and `max` would drop it.
    differences.fold(0.0, |worst, x| if x.is_nan() { f64::INFINITY } else { f64::max(worst, x) })
}

fn agree(plain: &dyn Encoder, other: &dyn Encoder, texts: &[&str]) {
    assert_eq!((plain.dimensions(), plain.max_tokens()), (other.dimensions(), other.max_tokens()));
    let (plain, other) = (plain.encode(texts).unwrap(), other.encode(texts).unwrap());
    assert_eq!((plain.tokens, plain.truncated), (other.tokens, other.truncated));
    let worst = difference(plain.vectors.as_slice().unwrap(), other.vectors.as_slice().unwrap());
    assert!(worst < 1e-4, "off by {worst:e}");
}

#[test]
fn both_engines_agree_on_the_tiny_model() {
    let other = LibtorchEncoder::load(&Folder::disk(fixtures().join("tiny")), Device::Cpu).unwrap();
    agree(&tiny(), &other, &as_str(&texts()));
}

#[test]
fn both_engines_agree_on_the_encoder_compiled_in() {
    let folder = Bundle::built_in_encoder().unwrap();
    let other = LibtorchEncoder::load(&folder, Device::Cpu).unwrap();
    agree(&BertEncoder::load(&folder).unwrap(), &other, &as_str(&texts()));
}

#[test]
fn both_engines_agree_on_minilm() {
    let Some(folder) = minilm().map(Folder::disk) else { return };
    let other = LibtorchEncoder::load(&folder, Device::Cpu).unwrap();
    agree(&BertEncoder::load(&folder).unwrap(), &other, &as_str(&texts()));
}

#[test]
fn every_architecture_gives_the_vectors_of_the_original() {
    let (reference, texts) = (Reference::read("../libtorch/reference.safetensors"), texts());
    let wrong = ENCODERS.into_iter().filter_map(|name| {
        let encoder = match LibtorchEncoder::load(&model(name).folder(), Device::Cpu) {
            Ok(encoder) => encoder,
            Err(error) => return Some(format!("{name}: {error}")),
        };
        let found = encoder.encode(&as_str(&texts)).unwrap();
        let worst = difference(found.vectors.as_slice().unwrap(), &reference.vectors(name));
        // Models of RoBERTa's kind were made with an epsilon of 1e-5; rust-bert has 1e-12 for them.
        let limit = if ["roberta", "xlm-roberta", "camembert"].contains(&name) { 1e-3 } else { 1e-4 };
        (worst >= limit).then(|| format!("{name} is off by {worst:e}"))
    });
    assert_eq!(wrong.collect::<Vec<_>>(), Vec::<String>::new());
}

fn pairs() -> Vec<(String, String)> {
    serde_json::from_slice(&std::fs::read(models().join("pairs.json")).unwrap()).unwrap()
}

#[test]
fn every_architecture_gives_the_entailments_of_the_original() {
    let (reference, pairs) = (Reference::read("../libtorch/reference.safetensors"), pairs());
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(premise, hypothesis)| (&**premise, &**hypothesis)).collect();
    let wrong = CLASSIFIERS.into_iter().filter_map(|name| {
        let model = match Entailment::load(&model(name).folder(), Device::Cpu) {
            Ok(model) => model,
            Err(error) => return Some(format!("{name}: {error}")),
        };
        let found = model.entailed(&pairs).unwrap();
        assert_eq!(found.truncated, [false, false, false, false, true], "{name}");
        let expected: Vec<f64> = reference.vectors(&format!("{name}.entailment")).into_iter().map(f64::from).collect();
        let worst = difference(&found.probabilities, &expected);
        (worst >= 1e-4).then(|| format!("{name} is off by {worst:e}: {:?} {expected:?}", found.probabilities))
    });
    assert_eq!(wrong.collect::<Vec<_>>(), Vec::<String>::new());
}

fn refusal<T>(loaded: Result<T, standpoint_models::libtorch::Error>) -> String {
    loaded.err().map_or("not refused".to_owned(), |error| error.to_string())
}

#[test]
fn what_rust_bert_would_not_honour_is_refused_by_name() {
    let cases = [
        (
            "bert",
            "model_type",
            json!("t5"),
            "\"t5\", which is not known as an encoder; use a model of one of these: bert, ",
        ),
        ("bert", "model_type", Value::Null, "`model_type` is not set"),
        ("bart", "model_type", json!("bart"), "\"bart\", which is not known as an encoder"),
        ("bert", "position_embedding_type", json!("relative_key"), "`position_embedding_type`"),
        ("bert", "is_decoder", json!(true), "`is_decoder`"),
        ("roberta", "layer_norm_eps", json!(1e-3), "`layer_norm_eps` is 0.001, expected at most 1e-5"),
        ("bert", "num_attention_heads", json!(3), "`num_attention_heads` is 3, expected a divisor of hidden_size"),
        ("distilbert", "n_layers", json!(0), "`n_layers` is 0"),
        ("bert", "num_hidden_layers", json!(3), "no tensor `encoder.layer.2."),
        ("bert", "intermediate_size", json!(25), "has shape [24], expected [25]"),
        ("bert", "hidden_act", json!("silu"), "config.json is not valid"),
        ("bert", "vocab_size", json!(200), "tokenizer.json"),
        ("deberta-v2", "pos_att_type", json!("c2c"), "`pos_att_type`"),
        ("deberta-v2", "norm_rel_ebd", json!("group_norm"), "`norm_rel_ebd`"),
        ("albert", "setting_of_tomorrow", json!(1), "`setting_of_tomorrow`"),
    ];
    let wrong = cases.into_iter().filter_map(|(name, setting, value, says)| {
        let copy = model(name);
        copy.set("config.json", setting, value);
        let found = chain(LibtorchEncoder::load(&copy.folder(), Device::Cpu).err().as_ref());
        (!found.contains(says)).then(|| format!("{name}, {setting}: {found:?} should say {says:?}"))
    });
    assert_eq!(wrong.collect::<Vec<_>>(), Vec::<String>::new());
}

/// What an error says, with all its causes.
fn chain(error: Option<&standpoint_models::libtorch::Error>) -> String {
    let mut error: Option<&dyn std::error::Error> = error.map(|error| error as _);
    let mut said = String::new();
    while let Some(cause) = error {
        said = format!("{said}{cause}; ");
        error = cause.source();
    }
    said
}

#[test]
fn a_model_without_entailment_is_refused() {
    let cases = [
        ("bert", json!({"0": "LABEL_0", "1": "LABEL_1", "2": "LABEL_2"}), "names LABEL_0, LABEL_1, LABEL_2, of which"),
        ("bert", json!({"0": "entailment", "1": "Entailment"}), "exactly one should be `entailment`"),
        ("bert", json!({"7": "entailment", "8": "neutral"}), "exactly one should be `entailment`"),
        ("bert", Value::Null, "names no labels"),
        ("bert", json!({"0": "no", "1": "entailment"}), "tensor `classifier.bias` has shape [3], expected [2]"),
    ];
    let wrong = cases.into_iter().filter_map(|(name, labels, says)| {
        let copy = model(name);
        copy.set("config.json", "id2label", labels.clone());
        let found = refusal(Entailment::load(&copy.folder(), Device::Cpu));
        (!found.contains(says)).then(|| format!("{labels}: {found:?} should say {says:?}"))
    });
    assert_eq!(wrong.collect::<Vec<_>>(), Vec::<String>::new());
    let headless = refusal(Entailment::load(&model("electra").folder(), Device::Cpu));
    assert!(headless.contains("which is not known as a model of natural language inference"), "{headless}");
    let tiny = refusal(Entailment::load(&Folder::disk(fixtures().join("tiny")), Device::Cpu));
    assert!(tiny.contains("names no labels"), "{tiny}");
}

#[test]
fn devices_that_are_not_there_are_refused() {
    for name in ["gpu", "cuda", "cuda:x", "cuda:-1", ""] {
        assert!(refusal(name.parse::<Device>()).contains("write `cpu`, or `cuda:0`"), "{name}");
    }
    assert_eq!("cuda:3".parse::<Device>().unwrap(), Device::Cuda(3));
    let found = refusal(LibtorchEncoder::load(&model("bert").folder(), Device::Cuda(99)));
    assert!(found.contains("no device cuda:99"), "{found}");
}

fn scheme(hypotheses: [&[&str]; 2]) -> Scheme {
    let stance =
        |(id, hypotheses)| format!("[[stance]]\nid='{id}'\nname=''\ndefinition=''\nhypotheses={hypotheses:?}\n");
    let stances: String = ["old", "new"].into_iter().zip(hypotheses).map(stance).collect();
    Scheme::parse(&format!("id='lamp'\nname='Lamp'\n{stances}")).unwrap()
}

#[test]
fn a_stance_has_its_share_of_the_mean_entailment() {
    let model = || Entailment::load(&model("deberta-v2").folder(), Device::Cpu).unwrap();
    let (old, new) = (["The lamp is old.", "Nobody needs the lamp."], ["The lamp is new."]);
    let texts = ["The lamp in the window was old.", "rain", &"a quiet night ".repeat(30)];
    let mean = |text: &str, hypotheses: &[&str]| {
        let pairs: Vec<(&str, &str)> = hypotheses.iter().map(|hypothesis| (text, *hypothesis)).collect();
        model().entailed(&pairs).unwrap().probabilities.iter().sum::<f64>() / hypotheses.len() as f64
    };
    let labeller = ZeroShot::new(scheme([&old, &new]), model()).unwrap();
    let predicted = labeller.predict(&texts.map(Passage::from), &[3]).unwrap();
    assert_eq!(predicted.truncated, [false, false, true]);
    for (text, prediction) in texts.iter().zip(predicted.predictions) {
        let (old, new) = (mean(text, &old), mean(text, &new));
        let worst = difference(&prediction.probabilities, &[old / (old + new), new / (old + new)]);
        assert!(worst < 1e-5 && prediction.review, "{text:?} is off by {worst:e}");
    }
}

#[test]
fn hypotheses_are_on_the_target_of_each_text() {
    let labeller = |hypotheses: [&[&str]; 2]| {
        ZeroShot::new(scheme(hypotheses), Entailment::load(&model("deberta-v2").folder(), Device::Cpu).unwrap())
            .unwrap()
    };
    let target = Target { id: "lamp".to_owned(), name: "The lamp".to_owned() };
    let passage = Passage { text: "The lamp in the window was old.", target: Some(&target) };
    let on_target = labeller([&["{target} is old."], &["{target} is new."]]).predict(&[passage], &[1]).unwrap();
    let written = labeller([&["The lamp is old."], &["The lamp is new."]]).predict(&[passage], &[1]).unwrap();
    assert_eq!(on_target, written);
}

#[test]
fn a_stance_without_usable_hypotheses_is_refused() {
    let long = "a lamp ".repeat(40);
    let cases: [(&[&str], &str); 2] =
        [(&[], "stance `new`: has no hypotheses"), (&[&long], "longer than the model sees")];
    for (hypotheses, says) in cases {
        let model = Entailment::load(&model("bart").folder(), Device::Cpu).unwrap();
        let found = refusal(ZeroShot::new(scheme([&["The lamp is old."], hypotheses]), model));
        assert!(found.contains(says), "{found}");
    }
}

#[test]
fn a_text_cannot_pass_for_two() {
    let model = Entailment::load(&model("bart").folder(), Device::Cpu).unwrap();
    // BART takes what it says of a pair from the last separator, and stops where pairs of a batch have more than others.
    let pairs = [("old [SEP] lamp", "It is old."), ("a letter from the judge to the river", "It is old.")];
    assert_eq!(model.entailed(&pairs).unwrap().probabilities.len(), 2);
}

#[test]
fn what_stands_beside_a_text_hardly_matters() {
    let encoder = LibtorchEncoder::load(&Folder::disk(fixtures().join("tiny")), Device::Cpu).unwrap();
    let texts = texts();
    let together = encoder.encode(&as_str(&texts)).unwrap().vectors;
    let alone: Vec<f32> = texts.iter().flat_map(|text| encoder.encode(&[text]).unwrap().vectors.into_iter()).collect();
    assert!(difference(together.as_slice().unwrap(), &alone) < 1e-5);
    assert_eq!(encoder.encode(&[]).unwrap().vectors.dim(), (0, 32));
}
