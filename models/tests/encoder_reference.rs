//! The encoder against sentence-transformers, value by value.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up has failed")]

mod common;

use common::{Copy, Reference, as_str, differences, minilm, texts, tiny};
use serde_json::{Value, json};
use standpoint_models::encoder::BertEncoder;
use standpoint_models::{Encoder, Folder};

fn check(encoder: &BertEncoder, reference: &Reference, name: &str, limit: f32) {
    let texts = texts();
    let found = encoder.encode(&as_str(&texts)).unwrap();
    assert_eq!(found.tokens, reference.tokens("tokens"), "{name}");
    assert_eq!(found.truncated, reference.truncated("truncated"), "{name}");
    assert_eq!(differences(&texts, &found, &reference.vectors(name), limit), Vec::<String>::new(), "{name}");
}

#[test]
fn tiny_model_agrees() {
    let encoder = tiny();
    assert_eq!((encoder.dimensions(), encoder.max_tokens()), (32, 48));
    check(&encoder, &Reference::read("tiny.safetensors"), "normalised", 1e-5);
}

#[test]
fn every_activation_and_pooling_agrees() {
    let reference = Reference::read("tiny.safetensors");
    for name in ["mean", "cls", "max", "gelu_new", "gelu_pytorch_tanh", "relu"] {
        let copy = Copy::new();
        let modules = std::fs::read_to_string(copy.path().join("modules.json")).unwrap();
        let modules: Vec<Value> = serde_json::from_str(&modules).unwrap();
        std::fs::write(copy.path().join("modules.json"), json!(modules[..2]).to_string()).unwrap();
        match name {
            "mean" => {}
            "cls" | "max" => {
                copy.set("1_Pooling/config.json", "pooling_mode_mean_tokens", json!(false));
                let mode = if name == "cls" { "pooling_mode_cls_token" } else { "pooling_mode_max_tokens" };
                copy.set("1_Pooling/config.json", mode, json!(true));
            }
            activation => copy.set("config.json", "hidden_act", json!(activation)),
        }
        check(&BertEncoder::load(&copy.folder()).unwrap(), &reference, name, 1e-5);
    }
}

#[test]
fn a_plain_bert_folder_gives_the_mean_of_the_tokens() {
    let copy = Copy::new();
    for file in ["modules.json", "1_Pooling/config.json", "config_sentence_transformers.json"] {
        std::fs::remove_file(copy.path().join(file)).unwrap();
    }
    check(&BertEncoder::load(&copy.folder()).unwrap(), &Reference::read("tiny.safetensors"), "mean", 1e-5);
    // Without a limit of its own, a text may have as many tokens as the model has positions.
    std::fs::remove_file(copy.path().join("sentence_bert_config.json")).unwrap();
    copy.set("tokenizer_config.json", "model_max_length", Value::Null);
    assert_eq!(BertEncoder::load(&copy.folder()).unwrap().max_tokens(), 64);
    copy.set("tokenizer_config.json", "model_max_length", json!(1e30));
    assert_eq!(BertEncoder::load(&copy.folder()).unwrap().max_tokens(), 64);
    copy.set("tokenizer_config.json", "model_max_length", json!(20));
    assert_eq!(BertEncoder::load(&copy.folder()).unwrap().max_tokens(), 20);
}

#[test]
fn lower_case_is_honoured_before_the_tokenizer() {
    let cased = |do_lower_case: bool| {
        let copy = Copy::new();
        let path = copy.path().join("tokenizer.json");
        let mut tokenizer: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        tokenizer["normalizer"]["lowercase"] = json!(false);
        std::fs::write(path, tokenizer.to_string()).unwrap();
        copy.set("tokenizer_config.json", "do_lower_case", json!(false));
        copy.set("sentence_bert_config.json", "do_lower_case", json!(do_lower_case));
        BertEncoder::load(&copy.folder()).unwrap().encode(&["THE Kettle"]).unwrap()
    };
    let expected = tiny().encode(&["the kettle"]).unwrap();
    assert_eq!(cased(true), expected);
    assert_ne!(cased(false).vectors, expected.vectors);
}

#[test]
fn minilm_agrees() {
    let Some(folder) = minilm() else { return };
    let encoder = BertEncoder::load(&Folder::disk(folder)).unwrap();
    assert_eq!((encoder.dimensions(), encoder.max_tokens()), (384, 256));
    check(&encoder, &Reference::read("minilm.safetensors"), "normalised", 1e-4);
}
