//! Reads the objects of a JSON file and what tools keep under their keys.

use serde_json::{Deserializer, Map, Value};

use super::columns::TARGET_COLUMN;

pub(super) type Object = Map<String, Value>;

/// Under what keys a file names the document that a text belongs to.
const DOCUMENT_KEYS: [&str; 4] = ["document", "document_id", "doc_id", "docid"];

/// Under what keys a file keeps a text; where it has several of them, the first in this list is the one.
const TEXT_KEYS: [&str; 8] = ["text", "data", "sentence", "comment", "body", "content", "message", "passage"];

/// The objects of a file, in order: the elements of an array, the lines, or objects one after another. What is no object says why.
///
/// # Errors
/// When an array cannot be parsed: where the next element begins is then unknown.
pub(super) fn objects(text: &str) -> Result<Vec<Result<Object, String>>, String> {
    if text.trim_start().starts_with('[') {
        let elements: Vec<Value> =
            serde_json::from_str(text).map_err(|error| format!("the JSON is malformed: {error}"))?;
        return Ok(elements.into_iter().map(object).collect());
    }
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    let parse = |line: &str| serde_json::from_str(line).map_err(|error| without_line(&error)).and_then(object);
    if lines().take(2).any(|line| parse(line).is_ok()) {
        return Ok(lines().map(parse).collect());
    }
    let values = Deserializer::from_str(text).into_iter::<Value>();
    let value = |value: serde_json::Result<Value>| {
        value.map_err(|error| format!("{error}; the rest of the file was not read")).and_then(object)
    };
    Ok(values.map(value).collect())
}

fn object(value: Value) -> Result<Object, String> {
    match value {
        Value::Object(object) => Ok(object),
        other => Err(format!("found `{}`; expected a JSON object", shortened(&other.to_string()))),
    }
}

/// The parser's message for a text of one line.
fn without_line(error: &serde_json::Error) -> String {
    format!("{}; expected one whole JSON object a line", error.to_string().replace("line 1 ", ""))
}

/// The start of a text, for messages.
pub(crate) fn shortened(text: &str) -> String {
    const LENGTH: usize = 40;
    match text.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

/// A string or a number as text; nothing else is a name.
pub(super) fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The word under a key, where there is one.
pub(super) fn word_at(object: &Object, key: &str) -> Option<String> {
    object.get(key).and_then(word)
}

/// The array under a key; an empty one where there is none.
pub(super) fn list<'a>(object: &'a Object, key: &str) -> &'a [Value] {
    object.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The document that an object says its text belongs to.
pub(super) fn document(object: &Object) -> Option<String> {
    DOCUMENT_KEYS.iter().find_map(|key| word_at(object, key))
}

/// What an object says that stances are towards.
pub(super) fn target(object: &Object) -> Option<String> {
    word_at(object, TARGET_COLUMN).filter(|target| !target.trim().is_empty())
}

/// The text of an object: under a key that texts are kept under, or else its only string.
///
/// # Errors
/// When there is none, or it is empty.
pub(super) fn text(object: &Object) -> Result<String, String> {
    let named = TEXT_KEYS.iter().find_map(|key| object.get(*key).and_then(Value::as_str));
    let mut strings = object.values().filter_map(Value::as_str);
    let only = strings.next().filter(|_| strings.next().is_none());
    match named.or(only) {
        Some(text) if text.trim().is_empty() => Err("the text is empty".to_owned()),
        Some(text) => Ok(text.to_owned()),
        None => Err(format!("there is no text; expected it under one of {}", TEXT_KEYS.join(", "))),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::objects;

    #[test]
    fn objects_are_read_in_every_arrangement() {
        let cases = [
            ("[{\"a\":1},{\"a\":2}]", "a a"),
            ("{\"a\":1}\n\n{\"a\":2}\n", "a a"),
            ("{\n \"a\":1\n}\n{\n \"b\":2\n}", "a b"),
            ("{\"a\":1}\n{\"a\":\n{\"c\":1}", "a ! c"),
            ("{\"a\":1\n{\"b\":2}\n", "! b"),
            ("[{\"a\":1}, 7]", "a !"),
            ("", ""),
        ];
        for (text, expected) in cases {
            let found = objects(text).unwrap();
            let first = |object: &Result<super::Object, String>| match object {
                Ok(object) => object.keys().next().cloned().unwrap(),
                Err(_) => "!".to_owned(),
            };
            assert_eq!(found.iter().map(first).collect::<Vec<_>>().join(" "), expected, "{text:?}");
        }
        assert!(objects("[{\"a\":1},").unwrap_err().contains("line 1 column 9"));
    }
}
