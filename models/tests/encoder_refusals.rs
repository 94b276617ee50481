//! Settings that are not honoured are refused by name, and damaged folders say what is wrong with them.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up has failed")]

mod common;

use std::error::Error;

use common::{Copy, fixtures};
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
        case("config.json", "model_type", json!("mpnet")),
        case("config.json", "model_type", json!("deberta-v2")),
        case("config.json", "model_type", json!("new")),
        case("config.json", "model_type", Value::Null),
        case("config.json", "hidden_act", json!("silu")),
        case("config.json", "position_embedding_type", json!("relative_key")),
        case("config.json", "position_embedding_type", json!("relative_key_query")),
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
        case("tokenizer_config.json", "strip_accents", json!(false)),
        case("tokenizer_config.json", "tokenize_chinese_chars", json!(false)),
        case("tokenizer_config.json", "truncation_side", json!("left")),
        case("tokenizer_config.json", "do_basic_tokenize", json!(false)),
        case("tokenizer_config.json", "never_split", json!(["kettle"])),
        case("tokenizer_config.json", "new_setting", json!(1)),
        case("tokenizer_config.json", "max_len", json!("all")),
        case("config_sentence_transformers.json", "default_prompt_name", json!("question")),
        case("config_sentence_transformers.json", "prompts", json!(["query: "])),
        case("config_sentence_transformers.json", "model_type", json!("SparseEncoder")),
        case("config_sentence_transformers.json", "new_setting", json!(1)),
        case("1_Pooling/config.json", "word_embedding_dimension", json!(16)),
        case("1_Pooling/config.json", "pooling_mode_mean_tokens", json!(false)),
        case("1_Pooling/config.json", "pooling_mode_cls_token", json!("yes")),
        case("1_Pooling/config.json", "include_prompt", json!("no")),
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
        (json!([transformer, pooling, module("2_LSTM", "LSTM")]), "models.LSTM in \"2_LSTM\""),
        (json!([transformer, module("2_Dense", "Dense"), pooling]), "models.Dense in \"2_Dense\""),
        (json!([transformer, pooling, module("../2_Dense", "Dense")]), "in folders inside this one"),
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

/// The tiny BERT with two Dense modules behind it.
fn dense() -> Copy {
    let copy = Copy::new();
    copy.lay_over(&fixtures().join("families/dense"));
    copy
}

#[test]
fn settings_of_dense_modules_are_refused_by_name() {
    let cases = [
        ("2_Dense", "activation_function", json!("torch.nn.modules.activation.Softsign"), "ReLU or GELU"),
        ("2_Dense", "activation_function", Value::Null, "not set"),
        ("2_Dense", "in_features", json!(16), "expected 32"),
        ("3_Dense", "in_features", json!(32), "expected 12"),
        ("2_Dense", "out_features", json!(0), "above 0"),
        ("2_Dense", "bias", json!("some"), "true or false"),
        ("2_Dense", "module_input_name", json!("token_embeddings"), "no such setting"),
    ];
    let wrong = cases.into_iter().filter_map(|(folder, setting, value, says)| {
        let copy = dense();
        copy.set(&format!("{folder}/config.json"), setting, value);
        lacks(setting, complaint(&copy), &[folder, &format!("`{setting}`"), says])
    });
    assert_eq!(wrong.collect::<Vec<_>>(), Vec::<String>::new());
    let (other_size, no_bias, gone) = (dense(), dense(), dense());
    other_size.set("3_Dense/config.json", "out_features", json!(9));
    assert_eq!(lacks("size", complaint(&other_size), &["3_Dense", "`linear.weight`", "[8, 12]", "[9, 12]"]), None);
    no_bias.set("3_Dense/config.json", "bias", json!(true));
    assert_eq!(lacks("bias", complaint(&no_bias), &["3_Dense", "no tensor `linear.bias`"]), None);
    std::fs::remove_file(gone.path().join("2_Dense/model.safetensors")).unwrap();
    assert_eq!(lacks("gone", complaint(&gone), &["2_Dense has no file model.safetensors"]), None);
}

#[test]
fn positions_behind_padding_are_part_of_what_fits() {
    let cases = [
        ("sentence_bert_config.json", "max_seq_length", json!(49), "at most 48"),
        ("config.json", "max_position_embeddings", json!(2), "more than pad_token_id + 1"),
        ("config.json", "pad_token_id", json!(-1), "a token's id"),
    ];
    let wrong = cases.into_iter().filter_map(|(file, setting, value, says)| {
        let copy = roberta();
        copy.set(file, setting, value);
        lacks(setting, complaint(&copy), &[file, &format!("`{setting}`"), says])
    });
    assert_eq!(wrong.collect::<Vec<_>>(), Vec::<String>::new());
}

/// Sets what stands at a JSON pointer in `tokenizer.json`.
fn set_in_tokenizer(copy: &Copy, pointer: &str, value: Value) {
    let path = copy.path().join("tokenizer.json");
    let mut json: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    *json.pointer_mut(pointer).unwrap() = value;
    std::fs::write(path, json.to_string()).unwrap();
}

#[test]
fn a_tokenizer_that_would_be_told_something_else_is_refused() {
    let (dropout, spaced) = (roberta(), roberta());
    set_in_tokenizer(&dropout, "/model/dropout", json!(0.1));
    assert_eq!(lacks("dropout", complaint(&dropout), &["tokenizer.json", "`dropout`", "0.1"]), None);
    set_in_tokenizer(&spaced, "/pre_tokenizer/add_prefix_space", json!(true));
    let says = ["tokenizer_config.json", "`add_prefix_space`", "expected true"];
    assert_eq!(lacks("differs", complaint(&spaced), &says), None);
    // What is not set is false for RoBERTa's own tokenizer; the general one does as `tokenizer.json` says.
    spaced.set("tokenizer_config.json", "add_prefix_space", Value::Null);
    assert_eq!(lacks("not set", complaint(&spaced), &says), None);
    spaced.set("tokenizer_config.json", "tokenizer_class", json!("PreTrainedTokenizerFast"));
    assert_eq!(complaint(&spaced), None);
}

fn roberta() -> Copy {
    Copy::of(&fixtures().join("families/roberta"))
}

#[test]
fn settings_go_by_the_names_that_the_architecture_gives_them() {
    let cases = [
        ("n_heads", json!(3), "a divisor of dim"),
        ("dim", Value::Null, "above 0"),
        ("activation", json!("silu"), "gelu"),
        ("hidden_size", json!(16), "no such setting"),
        ("type_vocab_size", json!(2), "no such setting"),
    ];
    let wrong = cases.into_iter().filter_map(|(setting, value, says)| {
        let copy = Copy::of(&fixtures().join("families/distilbert"));
        copy.set("config.json", setting, value);
        lacks(setting, complaint(&copy), &["config.json", &format!("`{setting}`"), says])
    });
    assert_eq!(wrong.collect::<Vec<_>>(), Vec::<String>::new());
    let copy = Copy::of(&fixtures().join("families/distilbert"));
    copy.set("config.json", "n_layers", json!(3));
    assert_eq!(lacks("layers", complaint(&copy), &["no tensor `encoder.layer.2.attention.self.query.weight`"]), None);
}

#[test]
fn a_maximum_that_would_hide_the_first_token_is_refused() {
    let copy = Copy::new();
    for (setting, value) in
        [("pooling_mode_cls_token", true), ("pooling_mode_max_tokens", true), ("include_prompt", false)]
    {
        copy.set("1_Pooling/config.json", setting, json!(value));
    }
    assert_eq!(lacks("hidden", complaint(&copy), &["1_Pooling", "`include_prompt`", "cls and max"]), None);
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
