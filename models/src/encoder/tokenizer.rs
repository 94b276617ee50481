//! Texts become tokens.

use serde_json::Value;
use tokenizers::{Encoding, Tokenizer, TruncationParams};

use super::config::Bounds;
use super::error::{EncodeError, LoadError};
use super::modules::TextLimits;
use super::settings::Settings;
use crate::folder::Folder;

const FILE: &str = "tokenizer.json";

/// Settings of `tokenizer_config.json` that `tokenizer.json` holds itself, or that act only in padding, in decoding or
/// on pairs of texts.
const WITHOUT_PART: &[&str] = &[
    "added_tokens_decoder",
    "additional_special_tokens",
    "backend",
    "bos_token",
    "clean_up_tokenization_spaces",
    "cls_token",
    "eos_token",
    "errors",
    "extra_special_tokens",
    "from_slow",
    "is_local",
    "keep_accents",
    "mask_token",
    "max_length",
    "model_input_names",
    "name_or_path",
    "pad_to_multiple_of",
    "pad_token",
    "pad_token_type_id",
    "padding_side",
    "remove_space",
    "sep_token",
    "sp_model_kwargs",
    "special_tokens_map_file",
    "split_by_punct",
    "stride",
    "tokenizer_file",
    "trim_offsets",
    "truncation_strategy",
    "unk_token",
    "use_fast",
    "vocab_type",
];

/// Settings of `tokenizer_config.json`, where in `tokenizer.json` they stand too, and what the tokenizers of a kind of
/// models take for them where they are not set; those that are told everything by `tokenizer.json` take nothing.
const IN_BOTH: [(&str, &str, Value); 4] = [
    ("do_lower_case", "/normalizer/lowercase", Value::Bool(true)),
    ("strip_accents", "/normalizer/strip_accents", Value::Null),
    ("tokenize_chinese_chars", "/normalizer/handle_chinese_chars", Value::Bool(true)),
    ("add_prefix_space", "/pre_tokenizer/add_prefix_space", Value::Bool(false)),
];
/// The tokenizer that `tokenizer.json` tells everything.
const GENERAL: &str = "PreTrainedTokenizerFast";

/// Splits a text into the tokens a model knows, and cuts it off where it is too long for the model.
pub(crate) struct TextTokenizer {
    tokenizer: Tokenizer,
    /// Stands before every text.
    prompt: String,
    lower_case: bool,
    max_tokens: usize,
    padding: Option<u32>,
}

/// The tokens of one text, at least one.
#[derive(Debug)]
pub(crate) struct Tokens {
    /// Rows of the word embedding table.
    pub(crate) ids: Vec<u32>,
    /// Rows of the token type embedding table, one a token.
    pub(crate) types: Vec<u32>,
    /// Rows of the position embedding table, one a token.
    pub(crate) positions: Vec<u32>,
    /// Whether the text went on.
    pub(crate) truncated: bool,
}

impl TextTokenizer {
    /// Reads `tokenizer.json`, `tokenizer_config.json` and `sentence_bert_config.json`. Where no file says how long a
    /// text may be, the positions of the model do. `prompt` is put before every text.
    pub(crate) fn read(folder: &Folder, bounds: Bounds, prompt: &str) -> Result<Self, LoadError> {
        let content = folder.read(FILE)?;
        let failed = |source| LoadError::Tokenizer { file: format!("{folder}/{FILE}"), source };
        let model_limit = read_tokenizer_config(folder, &content)?;
        let limits = TextLimits::read(folder, bounds)?;
        let max_tokens = limits.max_tokens.unwrap_or(bounds.positions.min(model_limit));
        let mut tokenizer = Tokenizer::from_bytes(&content).map_err(failed)?;
        let added = tokenizer.encode_fast("", true).map_err(failed)?.len();
        if added == 0 || added >= max_tokens {
            return Err(failed(format!("it adds {added} tokens to a text of at most {max_tokens}").into()));
        }
        refuse_unknown_tokens(&tokenizer, bounds).map_err(failed)?;
        let truncation = TruncationParams { max_length: max_tokens, ..TruncationParams::default() };
        tokenizer.with_padding(None).with_truncation(Some(truncation)).map_err(failed)?;
        let (prompt, padding) = (prompt.to_owned(), bounds.padding);
        Ok(Self { tokenizer, prompt, lower_case: limits.lower_case, max_tokens, padding })
    }

    /// The most tokens that a text can have.
    pub(crate) fn max_tokens(&self) -> usize {
        self.max_tokens
    }

    /// The tokens of a text behind the prompt; `place` is where it stands in its batch. White space around the two is
    /// dropped first, as sentence-transformers does.
    pub(crate) fn tokenize(&self, text: &str, place: usize) -> Result<Tokens, EncodeError> {
        let encoding =
            if self.prompt.is_empty() { self.encode(text) } else { self.encode(&(self.prompt.clone() + text)) };
        let encoding = encoding.map_err(|source| EncodeError::Tokenizer { text: place, source })?;
        Ok(Tokens::of(&encoding, self.padding))
    }

    fn encode(&self, text: &str) -> Result<Encoding, tokenizers::Error> {
        let text = text.trim_matches(is_space);
        if self.lower_case {
            return self.tokenizer.encode_fast(text.to_lowercase(), true);
        }
        self.tokenizer.encode_fast(text, true)
    }

    /// How many tokens the prompt makes at the beginning of every text, with those that the tokenizer puts before it.
    pub(crate) fn prompt_tokens(&self) -> Result<usize, tokenizers::Error> {
        if self.prompt.is_empty() {
            return Ok(0);
        }
        let encoding = self.encode(&self.prompt)?;
        let added = self.tokenizer.get_added_vocabulary();
        let closes = encoding.get_tokens().last().is_some_and(|token| added.is_special_token(token));
        Ok(encoding.len() - usize::from(closes))
    }

    /// The tokenizer underneath, which cuts off what is too long.
    #[cfg(feature = "rust-bert")]
    pub(crate) fn into_inner(self) -> Tokenizer {
        self.tokenizer
    }
}

impl Tokens {
    /// Those of an encoding; `padding` is the id of padding, where positions begin behind it.
    pub(crate) fn of(encoding: &Encoding, padding: Option<u32>) -> Self {
        Self {
            ids: encoding.get_ids().to_vec(),
            types: encoding.get_type_ids().to_vec(),
            positions: positions(encoding.get_ids(), padding),
            truncated: !encoding.get_overflowing().is_empty(),
        }
    }
}

/// What Python counts as white space at the ends of a text.
fn is_space(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\x1c'..='\x1f')
}

/// The row of the position embedding table that each token has: counted from 0 or, as in fairseq, from the row behind that
/// of padding. A token that is itself padding, since the text spells it out, has the row of padding and is not counted.
fn positions(ids: &[u32], padding: Option<u32>) -> Vec<u32> {
    let Some(padding) = padding else { return (0..).zip(ids).map(|(position, _)| position).collect() };
    let mut last = padding;
    let position = |id: &u32| {
        if *id == padding {
            return padding;
        }
        last += 1;
        last
    };
    ids.iter().map(position).collect()
}

/// Checks `tokenizer_config.json` against the content of `tokenizer.json`; gives the most tokens it allows.
fn read_tokenizer_config(folder: &Folder, tokenizer: &[u8]) -> Result<usize, LoadError> {
    let json = |source| LoadError::Json { file: format!("{folder}/{FILE}"), source };
    let tokenizer: Value = serde_json::from_slice(tokenizer).map_err(json)?;
    let mut settings = Settings::read_if_there(folder, "tokenizer_config.json")?;
    refuse_dropout(folder, &tokenizer["model"]["dropout"])?;
    refuse_contradictions(&mut settings, &tokenizer)?;
    settings.only("truncation_side", &"right".into())?;
    settings.only("do_basic_tokenize", &true.into())?;
    settings.only("never_split", &Value::Array(Vec::new()))?;
    settings.ignore(WITHOUT_PART);
    // `max_len` is what `model_max_length` was called once. Where there is no limit, transformers writes 10^30; the
    // conversion then gives the largest number there is.
    let (limit, old) = (settings.take("model_max_length", "a number")?, settings.take("max_len", "a number")?);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` stops at the type's limits")]
    let limit = limit.or(old).map_or(usize::MAX, |limit: f64| limit as usize);
    settings.finish()?;
    Ok(limit)
}

/// What both files say, or what transformers would say in the place of the one, must be the same.
fn refuse_contradictions(settings: &mut Settings, tokenizer: &Value) -> Result<(), LoadError> {
    let class: Option<String> = settings.take("tokenizer_class", "a name")?;
    // Unigram tokenizers are not asked about the settings either.
    let asked = class.is_none_or(|class| class != GENERAL) && tokenizer["pre_tokenizer"]["type"] != "Metaspace";
    for (name, place, default) in IN_BOTH {
        let Some(value) = tokenizer.pointer(place) else {
            settings.ignore(&[name]);
            continue;
        };
        if asked && !settings.has(name) && *value != default {
            return Err(settings.refusal(name, &"not set", &value.to_string()));
        }
        settings.only(name, value)?;
    }
    Ok(())
}

/// Dropout of merges would give a text other tokens each time.
fn refuse_dropout(folder: &Folder, found: &Value) -> Result<(), LoadError> {
    if found.as_f64().is_none_or(|share| share == 0.0) {
        return Ok(());
    }
    let (file, setting) = (format!("{folder}/{FILE}"), "dropout".to_owned());
    Err(LoadError::Setting { file, setting, found: found.to_string(), expected: "0".to_owned() })
}

/// Every token must have a row in the tables of the model.
fn refuse_unknown_tokens(tokenizer: &Tokenizer, bounds: Bounds) -> Result<(), tokenizers::Error> {
    let largest = tokenizer.get_vocab(true).into_values().max().unwrap_or(0) as usize;
    let types = tokenizer.encode_fast("a", true)?.get_type_ids().iter().max().map_or(0, |id| *id as usize);
    if largest >= bounds.vocabulary {
        return Err(format!("its largest token id is {largest}, but vocab_size is {}", bounds.vocabulary).into());
    }
    match bounds.types {
        Some(rows) if types >= rows => {
            Err(format!("it gives tokens type {types}, but type_vocab_size is {rows}").into())
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_begin_behind_that_of_padding() {
        assert_eq!(positions(&[7, 1, 7], None), [0, 1, 2]);
        assert_eq!(positions(&[0, 7, 1, 1, 7], Some(1)), [2, 3, 1, 1, 4]);
        assert!(positions(&[], Some(1)).is_empty());
    }
}
