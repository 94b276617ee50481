//! `config.json` of any architecture that is known.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use serde_json::{Value, json};

use super::architecture::{ARCHITECTURES, Architecture, Purpose};
use super::error::Error;
use crate::encoder::LoadError;
use crate::encoder::config::{Bounds, WITHOUT_PART};
use crate::encoder::settings::Settings;
use crate::folder::Folder;

/// Numbers that act only in training, and that rust-bert wants set all the same.
const WANTED_NUMBERS: &[&str] = &[
    "activation_dropout",
    "attention_dropout",
    "attention_probs_dropout_prob",
    "bos_token_id",
    "decoder_layerdrop",
    "dropout",
    "encoder_layerdrop",
    "hidden_dropout_prob",
    "init_std",
    "initializer_range",
    "pad_token_id",
    "qa_dropout",
    "seq_classif_dropout",
];
/// The same of flags.
const WANTED_FLAGS: &[&str] = &["sinusoidal_pos_embds", "tie_weights_"];

/// Settings that act in training, in generating text or on other heads, beyond those that the plain encoder passes over.
const WITHOUT_PART_HERE: &[&str] = &[
    "_num_labels",
    "add_bias_logits",
    "attention_mode",
    "classif_dropout",
    "classifier_dropout_prob",
    "decoder_start_token_id",
    "down_scale_factor",
    "early_stopping",
    "extra_pos_embeddings",
    "force_bos_token_to_be_generated",
    "forced_bos_token_id",
    "forced_eos_token_id",
    "gap_size",
    "ignore_attention_mask",
    "layers_to_keep",
    "legacy",
    "length_penalty",
    "max_length",
    "min_length",
    "net_structure_type",
    "no_repeat_ngram_size",
    "num_beams",
    "num_memory_blocks",
    "onnx_export",
    "pooler_dropout",
    "pooler_hidden_act",
    "pooler_hidden_size",
    "prefix",
    "sep_token_id",
    "summary_activation",
    "summary_last_dropout",
    "summary_type",
    "summary_use_proj",
    "task_specific_params",
    "tpu_short_seq_length",
    "true_hidden_size",
    "use_mems_eval",
    "use_mems_train",
    "use_tpu_fourier_optimizations",
];

/// Numbers of rows, columns or layers; rust-bert does not expect them to be below 1.
const COUNTS: &[&str] = &[
    "d_head",
    "d_inner",
    "decoder_ffn_dim",
    "decoder_layers",
    "embedding_size",
    "encoder_ffn_dim",
    "encoder_layers",
    "hidden_dim",
    "inner_group_num",
    "intermediate_size",
    "intra_bottleneck_size",
    "n_layer",
    "n_layers",
    "num_feedforward_networks",
    "num_hidden_groups",
    "num_hidden_layers",
];

/// The largest epsilon of layer normalisation that may stand for 1e-12: with `RoBERTa`'s 1e-5, vectors are off by less
/// than rounding to half precision would put them off.
const LARGEST_EPSILON: f64 = 1e-5;

/// What `config.json` says of a model.
pub(super) struct Config {
    pub(super) architecture: &'static Architecture,
    pub(super) bounds: Bounds,
    /// The names of the labels of the head, by their place; none where the model has no head.
    pub(super) labels: BTreeMap<usize, String>,
    /// Everything that has not been judged, for the network to take.
    pub(super) settings: Settings,
}

impl Config {
    /// Reads `config.json` of a model for some purpose.
    pub(super) fn read(folder: &Folder, purpose: Purpose) -> Result<Self, Error> {
        let mut settings = Settings::read(folder, "config.json")?;
        let architecture = find(&mut settings, folder, purpose)?;
        refuse_variants(&mut settings, architecture)?;
        let bounds = bounds(settings.clone(), architecture)?;
        refuse_uncommon_relations(&mut settings)?;
        let labels = settings.clone().take("id2label", "an object of names")?.unwrap_or_default();
        for name in WANTED_NUMBERS {
            settings.set_default(name, json!(0));
        }
        for name in WANTED_FLAGS {
            settings.set_default(name, json!(false));
        }
        settings.ignore(&["output_attentions", "output_hidden_states", "output_past", "use_cache"]);
        Ok(Self { architecture, bounds, labels, settings })
    }

    /// Refuses what the network has not taken and what has a part in its result.
    pub(super) fn finish(mut self) -> Result<(), LoadError> {
        for names in [WITHOUT_PART, WITHOUT_PART_HERE, WANTED_NUMBERS, WANTED_FLAGS] {
            self.settings.ignore(names);
        }
        self.settings.finish()
    }
}

fn find(settings: &mut Settings, folder: &Folder, purpose: Purpose) -> Result<&'static Architecture, Error> {
    let kind: Option<String> = settings.take("model_type", "a name")?;
    let known = || ARCHITECTURES.iter().filter(|architecture| purpose.build(architecture).is_some());
    known().find(|architecture| Some(architecture.kind) == kind.as_deref()).ok_or_else(|| Error::Architecture {
        folder: folder.to_string(),
        found: kind.map_or("not set".to_owned(), |kind| format!("\"{kind}\"")),
        purpose: purpose.name(),
        known: known().map(|architecture| architecture.kind).collect::<Vec<_>>().join(", "),
    })
}

/// Variants of an architecture that rust-bert would run as if they were the usual one.
fn refuse_variants(settings: &mut Settings, architecture: &Architecture) -> Result<(), LoadError> {
    settings.only("position_embedding_type", &json!("absolute"))?;
    settings.only("is_decoder", &json!(false))?;
    settings.only("add_cross_attention", &json!(false))?;
    settings.only("is_encoder_decoder", &json!(architecture.kind == "bart"))?;
    settings.only("pruned_heads", &json!({}))?;
    settings.only("normalize_before", &json!(false))?;
    settings.only("conv_kernel_size", &json!(0))?;
    settings.only("add_final_layer_norm", &json!(false))?;
    if !architecture.fixed_epsilon {
        return Ok(());
    }
    match settings.take::<f64>("layer_norm_eps", "a number")? {
        Some(epsilon) if epsilon > LARGEST_EPSILON => {
            Err(settings.refusal("layer_norm_eps", &epsilon, "at most 1e-5, as rust-bert computes with 1e-12"))
        }
        _ => Ok(()),
    }
}

/// The sizes of a model, all of them such that a network can have them.
fn bounds(mut settings: Settings, architecture: &Architecture) -> Result<Bounds, LoadError> {
    let hidden = settings.size(architecture.hidden)?;
    for heads in architecture.heads {
        let number = settings.size(heads)?;
        if !hidden.is_multiple_of(number) {
            return Err(settings.refusal(heads, &number, &format!("a divisor of {}", architecture.hidden)));
        }
    }
    for name in COUNTS {
        settings.take::<NonZeroUsize>(name, "a whole number above 0")?;
    }
    let positions: Option<usize> = settings.take("max_position_embeddings", "a whole number")?;
    let types = settings.take("type_vocab_size", "a whole number")?.filter(|&types: &usize| types > 0);
    Ok(Bounds {
        vocabulary: settings.size("vocab_size")?,
        positions: positions.map_or(usize::MAX, |rows| rows.saturating_sub(architecture.spare_positions)),
        types: if architecture.types { types } else { None },
        hidden,
        padding: None,
    })
}

/// How `DeBERTa` relates positions.
fn refuse_uncommon_relations(settings: &mut Settings) -> Result<(), LoadError> {
    for (name, known) in [("pos_att_type", ["p2c", "c2p"].as_slice()), ("norm_rel_ebd", &["none", "layer_norm"])] {
        let names = match settings.clone().take(name, "names")? {
            Some(Value::Array(names)) => names,
            Some(Value::String(names)) => names.split('|').map(|name| json!(name)).collect(),
            _ => continue,
        };
        if !names.iter().all(|name| known.iter().any(|known| name == known)) {
            return Err(settings.refusal(name, &json!(names), &known.join(" or ")));
        }
        if names.contains(&json!("none")) {
            settings.ignore(&[name]);
        }
    }
    Ok(())
}
