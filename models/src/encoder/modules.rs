//! The files that sentence-transformers adds to a model: `modules.json`, which names the others, and
//! `sentence_bert_config.json`.

use std::path::{Component, Path};

use serde::Deserialize;

use super::config::Bounds;
use super::error::LoadError;
use super::pooling::PoolingConfig;
use super::settings::Settings;
use super::{dense, prompt};
use crate::folder::Folder;

const KIND: &str = "sentence_transformers.models.";
const EXPECTED: &str = "Transformer, Pooling, then any of Dense and Normalize, in folders inside this one";

/// The files of an encoder beside the transformer's weights, by their folders in it.
const TOP: &[&str] = &["modules.json", "config_sentence_transformers.json"];
const TRANSFORMER: &[&str] = &["config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"];
/// The names that `sentence_bert_config.json` goes by; the first that is there counts.
const TEXT_LIMITS: &[&str] = &[
    "sentence_bert_config.json",
    "sentence_roberta_config.json",
    "sentence_distilbert_config.json",
    "sentence_camembert_config.json",
    "sentence_albert_config.json",
    "sentence_xlm-roberta_config.json",
    "sentence_xlnet_config.json",
];

/// What becomes of a text and of the model's token vectors, and where the model's own files lie.
#[derive(Clone, Debug)]
pub(crate) struct Modules {
    /// Stands before every text; usually empty.
    pub(crate) prompt: String,
    /// The folder of the transformer's files, inside the encoder's; usually empty.
    pub(crate) transformer: String,
    /// The folder of the pooling's settings, inside the encoder's; none in a plain BERT folder.
    pooling: Option<String>,
    /// What is done to the pooled vectors, in order.
    pub(crate) steps: Vec<Step>,
}

/// A module behind the pooling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// A linear layer with an activation, in this folder inside the encoder's.
    Dense(String),
    /// Each vector is scaled to length 1.
    Normalise,
}

#[derive(Deserialize)]
struct Module {
    path: String,
    r#type: String,
}

impl Modules {
    /// Reads `modules.json`. A folder without one is a plain BERT model, for which sentence-transformers takes the mean
    /// of the token vectors and does not normalise it.
    pub(crate) fn read(folder: &Folder) -> Result<Self, LoadError> {
        let prompt = prompt::read(folder)?;
        if !folder.has("modules.json") {
            return Ok(Self { prompt, transformer: String::new(), pooling: None, steps: Vec::new() });
        }
        let file = format!("{folder}/modules.json");
        let read = serde_json::from_slice::<Vec<Module>>(&folder.read("modules.json")?);
        let modules = read.map_err(|source| LoadError::Json { file: file.clone(), source })?;
        Self::in_order(&modules, prompt).ok_or_else(|| LoadError::Setting {
            file,
            setting: "type".to_owned(),
            found: modules.iter().map(|m| format!("{} in \"{}\"", m.r#type, m.path)).collect::<Vec<_>>().join(", "),
            expected: EXPECTED.to_owned(),
        })
    }

    fn in_order(modules: &[Module], prompt: String) -> Option<Self> {
        let inside = |path: &str| Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
        let kind =
            |module: &Module| module.r#type.strip_prefix(KIND).filter(|_| inside(&module.path)).map(str::to_owned);
        let kinds: Vec<String> = modules.iter().map(kind).collect::<Option<_>>()?;
        let [transformer, pooling, rest @ ..] = modules else { return None };
        if kinds[..2] != ["Transformer", "Pooling"] {
            return None;
        }
        let step = |(kind, module): (&String, &Module)| match kind.as_str() {
            "Dense" => Some(Step::Dense(module.path.clone())),
            "Normalize" => Some(Step::Normalise),
            _ => None,
        };
        let steps = kinds[2..].iter().zip(rest).map(step).collect::<Option<_>>()?;
        Some(Self { prompt, transformer: transformer.path.clone(), pooling: Some(pooling.path.clone()), steps })
    }

    /// How the token vectors become one.
    pub(crate) fn pooling(&self, folder: &Folder, bounds: Bounds) -> Result<PoolingConfig, LoadError> {
        match &self.pooling {
            Some(path) => PoolingConfig::read(&folder.at(path), bounds),
            None => Ok(PoolingConfig::of_plain_model()),
        }
    }

    /// The files of the encoder beside the transformer's weights, each in its folder.
    pub(crate) fn files(&self) -> Vec<(&str, &'static str)> {
        let mut files: Vec<(&str, &str)> = TOP.iter().map(|file| ("", *file)).collect();
        files.extend(TRANSFORMER.iter().chain(TEXT_LIMITS).map(|file| (self.transformer.as_str(), *file)));
        files.extend(self.pooling.iter().map(|path| (path.as_str(), "config.json")));
        for step in &self.steps {
            if let Step::Dense(path) = step {
                files.extend([(path.as_str(), "config.json"), (path.as_str(), dense::WEIGHTS)]);
            }
        }
        files
    }
}

/// `sentence_bert_config.json`: what is done to a text before the tokenizer sees it, and how long it may be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TextLimits {
    /// The most tokens of a text that are encoded, where it is set.
    pub(crate) max_tokens: Option<usize>,
    /// Whether the text is lower-cased first.
    pub(crate) lower_case: bool,
}

impl TextLimits {
    pub(crate) fn read(folder: &Folder, bounds: Bounds) -> Result<Self, LoadError> {
        let file = TEXT_LIMITS.iter().find(|file| folder.has(file)).unwrap_or(&TEXT_LIMITS[0]);
        let mut settings = Settings::read_if_there(folder, file)?;
        let max_tokens = settings.take("max_seq_length", "a whole number")?;
        let lower_case = settings.take("do_lower_case", "true or false")?.unwrap_or(false);
        if max_tokens.is_some_and(|limit| limit > bounds.positions) {
            let expected =
                format!("at most {}, the tokens that max_position_embeddings has room for", bounds.positions);
            return Err(settings.refusal("max_seq_length", &max_tokens.unwrap_or_default(), &expected));
        }
        settings.finish()?;
        Ok(Self { max_tokens, lower_case })
    }
}
