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

/// Those of `DistilBERT`; its positions come with the weights, however they were made.
const WITHOUT_PART_IN_DISTILBERT: &[&str] =
    &["attention_dropout", "dropout", "qa_dropout", "seq_classif_dropout", "sinusoidal_pos_embds", "tie_weights_"];

/// An architecture that computes as BERT does.
struct Kind {
    /// Its `model_type`.
    name: &'static str,
    /// Whether its positions begin behind that of padding.
    behind_padding: bool,
    sizes: Sizes,
}

/// What an architecture calls its sizes and its activation.
struct Sizes {
    hidden: &'static str,
    intermediate: &'static str,
    layers: &'static str,
    heads: &'static str,
    activation: &'static str,
}

const BERT: Kind = Kind {
    name: "bert",
    behind_padding: false,
    sizes: Sizes {
        hidden: "hidden_size",
        intermediate: "intermediate_size",
        layers: "num_hidden_layers",
        heads: "num_attention_heads",
        activation: "hidden_act",
    },
};
const DISTILBERT: Kind = Kind {
    name: "distilbert",
    behind_padding: false,
    sizes: Sizes {
        hidden: "dim",
        intermediate: "hidden_dim",
        layers: "n_layers",
        heads: "n_heads",
        activation: "activation",
    },
};
static KINDS: [Kind; 5] = [
    BERT,
    Kind { name: "roberta", behind_padding: true, ..BERT },
    Kind { name: "xlm-roberta", behind_padding: true, ..BERT },
    Kind { name: "camembert", behind_padding: true, ..BERT },
    DISTILBERT,
];
/// What is added to the variance where `config.json` does not say.
const EPSILON: f32 = 1e-12;
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
    /// Rows of the token type embedding table; none where the model looks at no types.
    pub(crate) types: Option<usize>,
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
        Bounds { vocabulary, positions: positions.saturating_sub(spare), types, hidden, padding }
    }

    /// Reads `config.json`; what is not set has the value that transformers gives it.
    pub(crate) fn read(folder: &Folder) -> Result<Self, LoadError> {
        let mut settings = Settings::read(folder, "config.json")?;
        let kind = take_kind(&mut settings)?;
        refuse_other_models(&mut settings)?;
        let (sizes, without_types) = (&kind.sizes, kind.name == DISTILBERT.name);
        let mut config = Self {
            vocabulary: settings.size("vocab_size")?,
            positions: settings.size("max_position_embeddings")?,
            padding: None,
            types: None,
            hidden: settings.size(sizes.hidden)?,
            intermediate: settings.size(sizes.intermediate)?,
            layers: settings.size(sizes.layers)?,
            heads: settings.size(sizes.heads)?,
            activation: settings.take(sizes.activation, Activation::NAMES)?.unwrap_or(Activation::Gelu),
            epsilon: EPSILON,
        };
        if kind.behind_padding {
            config.padding = Some(settings.take("pad_token_id", "a token's id")?.unwrap_or(PADDING));
        }
        if without_types {
            settings.ignore(WITHOUT_PART_IN_DISTILBERT);
        } else {
            config.types = Some(settings.take("type_vocab_size", "a whole number")?.unwrap_or(2));
            config.epsilon = settings.take("layer_norm_eps", "a number")?.unwrap_or(EPSILON);
        }
        config.check(&settings, sizes)?;
        settings.ignore(WITHOUT_PART);
        settings.finish()?;
        Ok(config)
    }

    fn check(&self, settings: &Settings, sizes: &Sizes) -> Result<(), LoadError> {
        if !self.hidden.is_multiple_of(self.heads) {
            return Err(settings.refusal(sizes.heads, &self.heads, &format!("a divisor of {}", sizes.hidden)));
        }
        if self.bounds().positions == 0 {
            let expected = "more than pad_token_id + 1, where positions begin";
            return Err(settings.refusal("max_position_embeddings", &self.positions, expected));
        }
        Ok(())
    }
}

/// Takes the architecture.
fn take_kind(settings: &mut Settings) -> Result<&'static Kind, LoadError> {
    let expected = KINDS.iter().map(|kind| kind.name).collect::<Vec<_>>().join(", ");
    let found: Option<String> = settings.take("model_type", &expected)?;
    let found = found.as_deref().unwrap_or("not set");
    let kind = KINDS.iter().find(|kind| kind.name == found);
    kind.ok_or_else(|| settings.refusal("model_type", &found, &format!("one of {expected}")))
}

/// Refuses what would make another network of it.
fn refuse_other_models(settings: &mut Settings) -> Result<(), LoadError> {
    settings.only("position_embedding_type", &json!("absolute"))?;
    settings.only("is_decoder", &json!(false))?;
    settings.only("add_cross_attention", &json!(false))?;
    settings.only("is_encoder_decoder", &json!(false))?;
    settings.only("pruned_heads", &json!({}))
}
