//! `config_sentence_transformers.json`: what is put before every text.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::error::LoadError;
use super::settings::Settings;
use crate::folder::Folder;

const FILE: &str = "config_sentence_transformers.json";
const DEFAULT: &str = "default_prompt_name";
/// The prompts that there are in any case, empty ones.
const ALWAYS: [&str; 2] = ["query", "document"];
/// The name of the prompt that [`with_prefix`] adds.
const PREFIX: &str = "prefix";

/// The prompt that is put before every text: the one whose name is the default; empty where none is. Prompts that have to
/// be asked for by name change no embedding.
pub(super) fn read(folder: &Folder) -> Result<String, LoadError> {
    let mut settings = Settings::read_if_there(folder, FILE)?;
    settings.ignore(&["__version__", "similarity_fn_name"]);
    settings.only("model_type", &"SentenceTransformer".into())?;
    let prompts: Option<BTreeMap<String, Option<String>>> = settings.take("prompts", "texts by name")?;
    let mut prompts = prompts.unwrap_or_default();
    for name in ALWAYS {
        prompts.entry(name.to_owned()).or_default();
    }
    let prompt = match settings.take::<String>(DEFAULT, "the name of a prompt")? {
        None => String::new(),
        Some(name) => match prompts.remove(&name) {
            Some(prompt) => prompt.unwrap_or_default(),
            None => return Err(settings.refusal(DEFAULT, &json!(name), "the name of one of `prompts`")),
        },
    };
    settings.finish()?;
    Ok(prompt)
}

/// The folder of an encoder as it is, but that `prefix` is put before every text in the place of any other prompt. Whatever
/// is written from it, be it in 8 bits or tuned, has the prefix in its `config_sentence_transformers.json`, as the default
/// prompt.
///
/// # Errors
/// Where that file is there but is not valid.
pub fn with_prefix(folder: &Folder, prefix: &str) -> Result<Folder, LoadError> {
    let json = |source| LoadError::Json { file: format!("{folder}/{FILE}"), source };
    let mut settings = Map::new();
    if folder.has(FILE) {
        settings = serde_json::from_slice(&folder.read(FILE)?).map_err(json)?;
    }
    let prompts = settings.entry("prompts").or_insert_with(|| json!({}));
    match prompts {
        Value::Object(prompts) => {
            prompts.insert(PREFIX.to_owned(), prefix.into());
        }
        _ => *prompts = json!({ PREFIX: prefix }),
    }
    settings.insert(DEFAULT.to_owned(), PREFIX.into());
    let content = serde_json::to_vec_pretty(&settings).map_err(json)?;
    Ok(folder.with(FILE, content))
}
