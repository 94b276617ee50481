//! Settings that are not honoured are refused by name, and damaged folders say what is wrong with them.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up has failed")]

mod common;

use std::error::Error;

use common::Copy;
use serde_json::{Value, json};
use standpoint_models::encoder::BertEncoder;

/// What the error of a folder says, with all its causes; none where the folder loads.
fn complaint(copy: &Copy) -> Option<String> {
    let error = BertEncoder::load(&copy.folder()).err()?;
    let (mut said, mut cause) = (error.to_string(), error.source());
    while let Some(error) = cause {
        said = format!("{said}: {error}");
        cause = error.source();
    }
    Some(said)
}

/// What is wrong with a complaint that should say all of `parts`.
fn lacks(case: &str, complaint: Option<String>, parts: &[&str]) -> Option<String> {
    let Some(complaint) = complaint else { return Some(format!("{case}: not refused")) };
    let silent = parts.iter().any(|part| !complaint.contains(part));
    silent.then(|| format!("{case}: {complaint:?} should say {parts:?}"))
}

#[test]
fn settings_are_refused_by_name() {
    struct Case {
        file: &'static str,
        setting: &'static str,
        value: Value,
    }
    let case = |file, setting, value| Case { file, setting, value };
    let cases = [
        case("config.json", "model_type", json!("roberta")),
        case("config.json", "model_type", Value::Null),
        case("config.json", "hidden_act", json!("silu")),
        case("config.json", "position_embedding_type", json!("relative_key")),
        case("config.json", "is_decoder", json!(true)),
        case("config.json", "add_cross_attention", json!(true)),
        case("config.json", "pruned_heads", json!({"1": [0]})),
        case("config.json", "quantization_config", json!({"bits": 4})),
        case("config.json", "hidden_size", Value::Null),
        case("config.json", "hidden_size", json!(-32)),
        case("config.json", "hidden_size", json!(0)),
        case("config.json", "num_attention_heads", json!(5)),
        case("config.json", "layer_norm_eps", json!("small")),
        case("sentence_bert_config.json", "max_seq_length", json!(65)),
        case("sentence_bert_config.json", "max_seq_length", json!("all")),
        case("sentence_bert_config.json", "do_lower_case", json!("no")),
        case("sentence_bert_config.json", "new_setting", json!(1)),
        case("tokenizer_config.json", "do_lower_case", json!(false)),
        case("tokenizer_config.json", "tokenize_chinese_chars", json!(false)),
        case("tokenizer_config.json", "truncation_side", json!("left")),
        case("tokenizer_config.json", "do_basic_tokenize", json!(false)),
        case("tokenizer_config.json", "never_split", json!(["kettle"])),
        case("tokenizer_config.json", "new_setting", json!(1)),
        case("config_sentence_transformers.json", "default_prompt_name", json!("query")),
        case("1_Pooling/config.json", "word_embedding_dimension", json!(16)),
        case("1_Pooling/config.json", "pooling_mode_mean_tokens", json!(false)),
        case("1_Pooling/config.json", "pooling_mode_cls_token", json!(true)),
        case("1_Pooling/config.json", "pooling_mode_max_tokens", json!(true)),
        case("1_Pooling/config.json", "pooling_mode_mean_sqrt_len_tokens", json!(true)),
        case("1_Pooling/config.json", "pooling_mode_weightedmean_tokens", json!(true)),
        case("1_Pooling/config.json", "pooling_mode_lasttoken", json!(true)),
        case("1_Pooling/config.json", "pooling_mode_of_tomorrow", json!(true)),
    ];
    let wrong = cases.into_iter().filter_map(|Case { file, setting, value }| {
        let (copy, name) = (Copy::new(), format!("{file}: {setting} = {value}"));
        copy.set(file, setting, value);
        lacks(&name, complaint(&copy), &[file, &format!("`{setting}`")])
    });
    assert_eq!(wrong.collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn modules_out_of_order_or_unknown_are_refused() {
    let module = |path: &str, kind: &str| json!({"path": path, "type": format!("sentence_transformers.models.{kind}")});
    let (transformer, pooling) = (module("", "Transformer"), module("1_Pooling", "Pooling"));
    let cases = [
        (json!([transformer, pooling, module("2_Dense", "Dense")]), "models.Dense in \"2_Dense\""),
        (json!([transformer, pooling, module("2", "LayerNorm")]), "models.LayerNorm"),
        (json!([pooling, transformer]), "Transformer, Pooling"),
        (json!([transformer]), "Transformer, Pooling"),
        (json!([transformer, module("../1_Pooling", "Pooling")]), "in folders inside this one"),
        (json!([transformer, {"path": "1_Pooling", "type": "elsewhere.Pooling"}]), "elsewhere.Pooling"),
        (json!({}), "modules.json is not valid"),
    ];
    let wrong = cases.into_iter().filter_map(|(modules, says)| {
        let copy = Copy::new();
        std::fs::write(copy.path().join("modules.json"), modules.to_string()).unwrap();
        lacks(&modules.to_string(), complaint(&copy), &["modules.json", says])
    });
    assert_eq!(wrong.collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn files_that_are_missing_or_damaged_are_named() {
    let files = ["config.json", "tokenizer.json", "model.safetensors", "1_Pooling/config.json"];
    let wrong = files.into_iter().flat_map(|file| {
        let (gone, junk) = (Copy::new(), Copy::new());
        std::fs::remove_file(gone.path().join(file)).unwrap();
        std::fs::write(junk.path().join(file), "{\"junk").unwrap();
        let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
        let gone = lacks("gone", complaint(&gone), &[folder, &format!("has no file {name}")]);
        [gone, lacks("junk", complaint(&junk), &[file])]
    });
    assert_eq!(wrong.flatten().collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn a_configuration_that_does_not_fit_its_weights_or_tokenizer_is_refused() {
    let cases = [
        ("num_hidden_layers", json!(3), "no tensor `encoder.layer.2.attention.self.query.weight`"),
        (
            "intermediate_size",
            json!(70),
            "`encoder.layer.0.intermediate.dense.weight` has shape [72, 32], expected [70, 32]",
        ),
        ("vocab_size", json!(200), "largest token id is 238, but vocab_size is 200"),
        ("type_vocab_size", json!(0), "type_vocab_size is 0"),
    ];
    let wrong = cases.into_iter().filter_map(|(setting, value, says)| {
        let copy = Copy::new();
        copy.set("config.json", setting, value);
        lacks(setting, complaint(&copy), &[says])
    });
    assert_eq!(wrong.collect::<Vec<_>>(), Vec::<String>::new());
    let copy = Copy::new();
    copy.set("sentence_bert_config.json", "max_seq_length", json!(2));
    assert_eq!(lacks("no room", complaint(&copy), &["tokenizer.json", "adds 2 tokens"]), None);
}
