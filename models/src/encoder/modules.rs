//! The files that sentence-transformers adds to a model: `modules.json`, `1_Pooling/config.json`,
//! `sentence_bert_config.json` and `config_sentence_transformers.json`.

use std::path::{Component, Path};

use serde::Deserialize;

use super::config::Bounds;
use super::error::LoadError;
use super::pooling::Pooling;
use super::settings::Settings;
use crate::folder::Folder;

const KIND: &str = "sentence_transformers.models.";
const EXPECTED: &str = "Transformer, Pooling and at most one Normalize, in this order, in folders inside this one";

/// What becomes of the model's token vectors, and where the model's own files lie.
#[derive(Clone, Debug)]
pub(crate) struct Modules {
    /// The folder of the transformer's files, inside the encoder's; usually empty.
    pub(crate) transformer: String,
    /// The folder of the pooling's settings, inside the encoder's; none in a plain BERT folder.
    pub(crate) pooling: Option<String>,
    /// Whether each vector is scaled to length 1.
    pub(crate) normalise: bool,
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
        refuse_prompts(folder)?;
        if !folder.has("modules.json") {
            return Ok(Self { transformer: String::new(), pooling: None, normalise: false });
        }
        let file = format!("{folder}/modules.json");
        let read = serde_json::from_slice::<Vec<Module>>(&folder.read("modules.json")?);
        let modules = read.map_err(|source| LoadError::Json { file: file.clone(), source })?;
        Self::in_order(&modules).ok_or_else(|| LoadError::Setting {
            file,
            setting: "type".to_owned(),
            found: modules.iter().map(|m| format!("{} in \"{}\"", m.r#type, m.path)).collect::<Vec<_>>().join(", "),
            expected: EXPECTED.to_owned(),
        })
    }

    fn in_order(modules: &[Module]) -> Option<Self> {
        let kinds: Vec<_> = modules.iter().map(|m| m.r#type.strip_prefix(KIND)).collect::<Option<_>>()?;
        let normalise = match kinds[..] {
            ["Transformer", "Pooling"] => false,
            ["Transformer", "Pooling", "Normalize"] => true,
            _ => return None,
        };
        let inside = |path: &str| Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
        let path = |at: usize| modules.get(at).map(|m| m.path.clone()).filter(|path| inside(path));
        Some(Self { transformer: path(0)?, pooling: Some(path(1)?), normalise })
    }

    /// How the token vectors become one.
    pub(crate) fn pooling(&self, folder: &Folder, bounds: Bounds) -> Result<Pooling, LoadError> {
        let Some(path) = &self.pooling else { return Ok(Pooling::Mean) };
        let mut settings = Settings::read(&folder.at(path), "config.json")?;
        let width = settings.size("word_embedding_dimension")?;
        if width != bounds.hidden {
            let expected = format!("hidden_size, {}", bounds.hidden);
            return Err(settings.refusal("word_embedding_dimension", &width, &expected));
        }
        settings.ignore(&["include_prompt"]);
        let pooling = Pooling::take(&mut settings)?;
        settings.finish()?;
        Ok(pooling)
    }
}

/// A prompt that is put before every text would change its embedding; prompts that have to be asked for do not.
fn refuse_prompts(folder: &Folder) -> Result<(), LoadError> {
    let mut settings = Settings::read_if_there(folder, "config_sentence_transformers.json")?;
    settings.ignore(&["__version__", "prompts", "similarity_fn_name"]);
    settings.only("model_type", &"SentenceTransformer".into())?;
    settings.finish()
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
        let mut settings = Settings::read_if_there(folder, "sentence_bert_config.json")?;
        let max_tokens = settings.take("max_seq_length", "a whole number")?;
        let lower_case = settings.take("do_lower_case", "true or false")?.unwrap_or(false);
        if max_tokens.is_some_and(|limit| limit > bounds.positions) {
            let expected = format!("at most max_position_embeddings, {}", bounds.positions);
            return Err(settings.refusal("max_seq_length", &max_tokens.unwrap_or_default(), &expected));
        }
        settings.finish()?;
        Ok(Self { max_tokens, lower_case })
    }
}
