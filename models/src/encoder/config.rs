//! `config.json`: the sizes and kinds of a model of the BERT family.

use serde_json::json;

use super::activation::Activation;
use super::error::LoadError;
use super::settings::Settings;
use crate::folder::Folder;

/// Settings that act in training, in generating text or on a task's head, and so have no part in an embedding.
pub(crate) const WITHOUT_PART: &[&str] = &[
    "_attn_implementation_autoset",
    "_commit_hash",
    "_name_or_path",
    "architectures",
    "attention_probs_dropout_prob",
    "bos_token_id",
    "chunk_size_feed_forward",
    "classifier_dropout",
    "directionality",
    "dtype",
    "eos_token_id",
    "finetuning_task",
    "gradient_checkpointing",
    "hidden_dropout_prob",
    "id2label",
    "initializer_range",
    "label2id",
    "model_max_length",
    "num_labels",
    "output_attentions",
    "output_hidden_states",
    "output_past",
    "pad_token_id",
    "pooler_fc_size",
    "pooler_num_attention_heads",
    "pooler_num_fc_layers",
    "pooler_size_per_head",
    "pooler_type",
    "problem_type",
    "return_dict",
    "tie_word_embeddings",
    "torch_dtype",
    "torchscript",
    "transformers_version",
    "use_cache",
];

/// The architectures that compute alike, by `model_type`, and whether their positions begin behind that of padding.
const KINDS: [(&str, bool); 4] = [("bert", false), ("roberta", true), ("xlm-roberta", true), ("camembert", true)];
/// The id of padding where `config.json` does not set it, in the architectures whose positions begin behind it.
const PADDING: u32 = 1;

/// The shape of a model; sizes that a weights file can be checked against.
#[derive(Clone, Debug)]
pub(crate) struct BertConfig {
    /// Rows of the word embedding table.
    pub(crate) vocabulary: usize,
    /// Rows of the position embedding table.
    pub(crate) positions: usize,
    /// The id of padding, where positions begin behind it.
    pub(crate) padding: Option<u32>,
    /// Rows of the token type embedding table.
    pub(crate) types: usize,
    /// The length of a token's vector.
    pub(crate) hidden: usize,
    /// The length of a token's vector inside the feed-forward part.
    pub(crate) intermediate: usize,
    pub(crate) layers: usize,
    /// Divides `hidden`.
    pub(crate) heads: usize,
    pub(crate) activation: Activation,
    /// Added to the variance in layer normalisation.
    pub(crate) epsilon: f32,
}

/// What a text, a tokenizer and a pooling have to fit, whatever the model.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Rows of the word embedding table.
    pub(crate) vocabulary: usize,
    /// The most tokens that the model can see.
    pub(crate) positions: usize,
    /// Rows of the token type embedding table; none where the model looks at no types.
    pub(crate) types: Option<usize>,
    /// The length of a token's vector.
    pub(crate) hidden: usize,
    /// The id of padding, where positions begin behind it and the engine does not count them itself.
    pub(crate) padding: Option<u32>,
}

impl BertConfig {
    /// What texts and the other files have to fit.
    pub(crate) fn bounds(&self) -> Bounds {
        let Self { vocabulary, positions, types, hidden, padding, .. } = *self;
        let spare = padding.map_or(0, |padding| padding as usize + 1);
        Bounds { vocabulary, positions: positions.saturating_sub(spare), types: Some(types), hidden, padding }
    }

    /// Reads `config.json`; what is not set has the value that transformers gives it.
    pub(crate) fn read(folder: &Folder) -> Result<Self, LoadError> {
        let mut settings = Settings::read(folder, "config.json")?;
        let padding = padding(&mut settings)?;
        refuse_other_models(&mut settings)?;
        let config = Self {
            vocabulary: settings.size("vocab_size")?,
            positions: settings.size("max_position_embeddings")?,
            padding,
            types: settings.take("type_vocab_size", "a whole number")?.unwrap_or(2),
            hidden: settings.size("hidden_size")?,
            intermediate: settings.size("intermediate_size")?,
            layers: settings.size("num_hidden_layers")?,
            heads: settings.size("num_attention_heads")?,
            activation: settings.take("hidden_act", Activation::NAMES)?.unwrap_or(Activation::Gelu),
            epsilon: settings.take("layer_norm_eps", "a number")?.unwrap_or(1e-12),
        };
        if !config.hidden.is_multiple_of(config.heads) {
            return Err(settings.refusal("num_attention_heads", &config.heads, "a divisor of hidden_size"));
        }
        if config.bounds().positions == 0 {
            let expected = "more than pad_token_id + 1, where positions begin";
            return Err(settings.refusal("max_position_embeddings", &config.positions, expected));
        }
        settings.ignore(WITHOUT_PART);
        settings.finish()?;
        Ok(config)
    }
}

/// Takes the architecture; gives the id of padding where it counts.
fn padding(settings: &mut Settings) -> Result<Option<u32>, LoadError> {
    let expected = KINDS.map(|(kind, _)| kind).join(", ");
    let found: Option<String> = settings.take("model_type", &expected)?;
    let found = found.as_deref().unwrap_or("not set");
    match KINDS.iter().find(|(kind, _)| *kind == found) {
        Some((_, true)) => Ok(Some(settings.take("pad_token_id", "a token's id")?.unwrap_or(PADDING))),
        Some((_, false)) => Ok(None),
        None => Err(settings.refusal("model_type", &found, &format!("one of {expected}"))),
    }
}

/// Refuses what would make another network of it.
fn refuse_other_models(settings: &mut Settings) -> Result<(), LoadError> {
    settings.only("position_embedding_type", &json!("absolute"))?;
    settings.only("is_decoder", &json!(false))?;
    settings.only("add_cross_attention", &json!(false))?;
    settings.only("is_encoder_decoder", &json!(false))?;
    settings.only("pruned_heads", &json!({}))
}
