//! Encoders of other families, poolings, modules and prompts, against sentence-transformers value by value.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up has failed")]

mod common;

use std::path::PathBuf;

use common::{Copy, Reference, as_str, differences, fixtures};
use serde_json::{Value, json};
use standpoint_models::encoder::{BertEncoder, quantise, with_prefix};
use standpoint_models::{Encoder, Folder};

const POOLING: &str = "1_Pooling/config.json";
const PROMPTS: &str = "config_sentence_transformers.json";

fn families() -> PathBuf {
    fixtures().join("families")
}

fn texts() -> Vec<String> {
    serde_json::from_slice(&std::fs::read(families().join("texts.json")).unwrap()).unwrap()
}

fn reference() -> Reference {
    Reference::read("families/reference.safetensors")
}

/// What is wrong with the vectors that a folder gives.
fn wrong(folder: &Folder, name: &str) -> Vec<String> {
    let texts = texts();
    let found = BertEncoder::load(folder).unwrap().encode(&as_str(&texts)).unwrap();
    differences(&texts, &found, &reference().vectors(name), 1e-5)
}

/// The tiny BERT, its vectors not normalised, with these flags of pooling.
fn pooled(modes: &[&str]) -> Copy {
    let copy = Copy::new();
    let modules: Vec<Value> = serde_json::from_slice(&copy.folder().read("modules.json").unwrap()).unwrap();
    std::fs::write(copy.path().join("modules.json"), json!(modules[..2]).to_string()).unwrap();
    copy.set(POOLING, "pooling_mode_mean_tokens", json!(false));
    for mode in modes {
        copy.set(POOLING, &format!("pooling_mode_{mode}"), json!(true));
    }
    copy
}

/// Gives a model prompts of which `query` is put before every text.
fn ask(copy: &Copy) {
    copy.set(PROMPTS, "prompts", json!({"query": "query: ", "passage": "passage: "}));
    copy.set(PROMPTS, "default_prompt_name", json!("query"));
}

#[test]
fn other_tokenizers_and_positions_agree() {
    let unigram = Copy::new();
    for file in ["tokenizer.json", "tokenizer_config.json"] {
        std::fs::copy(families().join("xlm-roberta").join(file), unigram.path().join(file)).unwrap();
    }
    let modules: Vec<Value> = serde_json::from_slice(&unigram.folder().read("modules.json").unwrap()).unwrap();
    std::fs::write(unigram.path().join("modules.json"), json!(modules[..2]).to_string()).unwrap();
    let family = |name: &str| Folder::disk(families().join(name));
    let names = ["xlm-roberta", "roberta", "distilbert"];
    let cases = names.map(|name| (name, family(name))).into_iter().chain([("bert-unigram", unigram.folder())]);
    for (name, folder) in cases {
        let (reference, texts) = (reference(), texts());
        let found = BertEncoder::load(&folder).unwrap().encode(&as_str(&texts)).unwrap();
        assert_eq!(found.tokens, reference.tokens(&format!("{name}.tokens")), "{name}");
        assert_eq!(found.truncated, reference.truncated(&format!("{name}.truncated")), "{name}");
        assert_eq!(differences(&texts, &found, &reference.vectors(name), 1e-5), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn the_tokens_that_a_model_can_see_are_those_that_it_has_positions_for() {
    for (family, tokens) in [("xlm-roberta", 48), ("roberta", 48)] {
        let copy = Copy::of(&families().join(family));
        std::fs::remove_file(copy.path().join("sentence_bert_config.json")).unwrap();
        copy.set("tokenizer_config.json", "model_max_length", Value::Null);
        assert_eq!(BertEncoder::load(&copy.folder()).unwrap().max_tokens(), tokens, "{family}");
        // Older folders have other names for the file and for the tokenizer's limit.
        copy.set("tokenizer_config.json", "max_len", json!(30));
        assert_eq!(BertEncoder::load(&copy.folder()).unwrap().max_tokens(), 30, "{family}");
        std::fs::write(copy.path().join("sentence_roberta_config.json"), json!({"max_seq_length": 20}).to_string())
            .unwrap();
        assert_eq!(BertEncoder::load(&copy.folder()).unwrap().max_tokens(), 20, "{family}");
    }
}

#[test]
fn every_mode_of_pooling_agrees_and_several_stand_side_by_side() {
    let single = ["mean_sqrt_len_tokens", "weightedmean_tokens", "lasttoken"];
    for mode in single {
        assert_eq!(wrong(&pooled(&[mode]).folder(), mode), Vec::<String>::new(), "{mode}");
    }
    let several = pooled(&[["cls_token", "max_tokens", "mean_tokens"].as_slice(), &single].concat());
    assert_eq!(BertEncoder::load(&several.folder()).unwrap().dimensions(), 6 * 32);
    assert_eq!(wrong(&several.folder(), "several"), Vec::<String>::new());
}

#[test]
fn without_a_word_on_it_the_mean_is_taken() {
    let (silent, said) = (pooled(&[]), pooled(&["mean_tokens"]));
    silent.set(POOLING, "pooling_mode_mean_tokens", Value::Null);
    let vectors = |copy: &Copy| BertEncoder::load(&copy.folder()).unwrap().encode(&["rain"]).unwrap();
    assert_eq!(vectors(&silent), vectors(&said));
}

#[test]
fn dense_layers_of_every_activation_agree() {
    for activation in ["linear.Identity", "activation.Tanh", "activation.Sigmoid", "activation.ReLU", "activation.GELU"]
    {
        let copy = Copy::new();
        copy.lay_over(&families().join("dense"));
        copy.set("2_Dense/config.json", "activation_function", json!(format!("torch.nn.modules.{activation}")));
        let name = activation.split_once('.').unwrap().1;
        assert_eq!(wrong(&copy.folder(), name), Vec::<String>::new(), "{activation}");
    }
}

#[test]
fn the_default_prompt_stands_before_every_text() {
    let prompted = pooled(&["mean_tokens"]);
    ask(&prompted);
    assert_eq!(wrong(&prompted.folder(), "prompt"), Vec::<String>::new());
    let apart = pooled(&["max_tokens", "mean_tokens", "mean_sqrt_len_tokens", "weightedmean_tokens", "lasttoken"]);
    ask(&apart);
    apart.set(POOLING, "include_prompt", json!(false));
    assert_eq!(wrong(&apart.folder(), "prompt-apart"), Vec::<String>::new());
    let first = pooled(&["cls_token"]);
    ask(&first);
    first.set(POOLING, "include_prompt", json!(false));
    assert_eq!(wrong(&first.folder(), "prompt-first"), Vec::<String>::new());
}

#[test]
fn a_prefix_takes_the_place_of_the_default_prompt_and_stays_with_what_is_written() {
    let plain = pooled(&["mean_tokens"]);
    let prefixed = with_prefix(&plain.folder(), "query: ").unwrap();
    assert_eq!(wrong(&prefixed, "prompt"), Vec::<String>::new());
    let passages = pooled(&["mean_tokens"]);
    ask(&passages);
    passages.set(PROMPTS, "default_prompt_name", json!("passage"));
    assert_eq!(wrong(&with_prefix(&passages.folder(), "query: ").unwrap(), "prompt"), Vec::<String>::new());
    let vectors = |folder: &Folder| BertEncoder::load(folder).unwrap().encode(&["rain"]).unwrap();
    assert_eq!(vectors(&with_prefix(&passages.folder(), "").unwrap()), vectors(&plain.folder()));
    let (written, by_hand) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    quantise(&prefixed, written.path()).unwrap();
    quantise(&plain.folder(), by_hand.path()).unwrap();
    let by_hand = BertEncoder::load(&Folder::disk(by_hand.path())).unwrap();
    assert_eq!(vectors(&Folder::disk(written.path())), by_hand.encode(&["query: rain"]).unwrap());
}

#[test]
fn every_family_can_be_stored_in_8_bits() {
    let dense = Copy::new();
    dense.lay_over(&families().join("dense"));
    let family = |name: &str| Folder::disk(families().join(name));
    let families = ["xlm-roberta", "roberta", "distilbert"].map(|name| (name, family(name)));
    for (name, folder) in families.into_iter().chain([("dense", dense.folder())]) {
        let written = tempfile::tempdir().unwrap();
        quantise(&folder, written.path()).unwrap();
        let texts = texts();
        let stored = BertEncoder::load(&Folder::disk(written.path())).unwrap().encode(&as_str(&texts)).unwrap();
        let whole = BertEncoder::load(&folder).unwrap().encode(&as_str(&texts)).unwrap();
        assert!(stored.vectors != whole.vectors, "{name}: nothing was rounded");
        for (a, b) in stored.vectors.rows().into_iter().zip(whole.vectors.rows()) {
            let cosine = a.dot(&b) / (a.dot(&a) * b.dot(&b)).sqrt();
            assert!(cosine > 0.999, "{name}: {cosine}");
        }
    }
}
