//! Reads JSON: one document an object, in a file of one object a line or of one array of objects.

use std::io::{self, BufRead, BufReader, Read};

use serde_json::{Map, Value};

use super::columns::{COLUMN_LIMIT, Columns, Layout, Union};
use super::encoding::Charset;
use super::error::Fault;
use super::{Record, Reject};
use crate::{Document, Field};

/// An object, or what stands in its place.
pub(super) struct Entry {
    /// The line on which it begins, counted from 1.
    line: u64,
    /// The object, or what is wrong with it and what to do.
    object: Result<Map<String, Value>, String>,
}

/// A stream of objects.
pub(super) type Entries = Box<dyn Iterator<Item = io::Result<Entry>> + Send>;

/// The keys of all objects, in order of first appearance; no more objects are read once there are too many.
pub(super) fn keys(entries: Entries) -> Result<Vec<String>, Fault> {
    let mut union = Union::default();
    let mut first_failure = None;
    for entry in entries {
        let Entry { line, object } = entry?;
        match object {
            Ok(object) => object.keys().for_each(|key| {
                union.insert(key);
            }),
            Err(reason) if first_failure.is_none() => first_failure = Some(format!("; line {line}: {reason}")),
            Err(_) => {}
        }
        if union.names.len() > COLUMN_LIMIT {
            break;
        }
    }
    if union.names.is_empty() {
        return Err(Fault::NoObjects { first: first_failure.unwrap_or_default() });
    }
    Ok(union.names)
}

/// The objects of a file that holds one a line.
pub(super) struct Lines<R> {
    source: BufReader<R>,
    charset: Charset,
    /// The most bytes in a line.
    limit: usize,
    line: u64,
    /// The next line's place in the stream, in bytes.
    offset: u64,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(source: R, charset: Charset, limit: usize) -> Self {
        Self { source: BufReader::new(source), charset, limit, line: 0, offset: 0 }
    }

    /// The next line, cut off one byte above the limit; the rest of such a line is passed over.
    fn read_line(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        let most = self.limit as u64 + 1;
        let mut read = (&mut self.source).take(most).read_until(b'\n', &mut line)?;
        if line.len() > self.limit && !line.ends_with(b"\n") {
            read += self.source.skip_until(b'\n')?;
        }
        self.line += 1;
        self.offset += read as u64;
        Ok((read > 0).then_some(line))
    }

    fn object(&self, line: &[u8], offset: u64) -> Result<Map<String, Value>, String> {
        if line.len() > self.limit {
            let limit = self.limit;
            return Err(format!("the line has more than {limit} bytes, the most that is read; split it into several"));
        }
        let text = self.charset.check(line, offset)?;
        if !text.trim_start().starts_with('{') {
            return Err(format!("found {:?}; expected one whole JSON object a line", start_of(text.trim())));
        }
        serde_json::from_str(text).map_err(|error| {
            format!("column {}: {}; expected one whole JSON object a line", error.column(), without_place(&error))
        })
    }
}

impl<R: Read> Iterator for Lines<R> {
    type Item = io::Result<Entry>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let offset = self.offset;
            let line = match self.read_line().transpose()? {
                Ok(line) => line,
                Err(error) => return Some(Err(error)),
            };
            if !line.trim_ascii().is_empty() {
                return Some(Ok(Entry { line: self.line, object: self.object(&line, offset) }));
            }
        }
    }
}

/// The objects of a file that holds an array of them.
pub(super) struct Elements {
    text: String,
    /// The next byte to read.
    at: usize,
    /// The line of that byte, counted from 1.
    line: u64,
    ended: bool,
}

impl Elements {
    /// Takes a file's whole text, of which the first character that is not blank is `[`.
    pub(super) fn new(text: String) -> Self {
        let at = text.find('[').map_or(text.len(), |bracket| bracket + 1);
        let line = 1 + line_ends(&text[..at]);
        Self { text, at, line, ended: false }
    }

    /// Moves past characters that are blank or `also`.
    fn skip(&mut self, also: char) {
        let rest = &self.text[self.at..];
        let kept = rest.trim_start_matches(|c: char| c == also || c.is_ascii_whitespace());
        self.advance(rest.len() - kept.len());
    }

    fn advance(&mut self, count: usize) {
        self.line += line_ends(&self.text[self.at..self.at + count]);
        self.at += count;
    }

    /// Parses the next element and moves past it; what cannot be parsed ends the stream, for nothing tells where the
    /// element after it begins.
    fn parse(&mut self) -> Result<Map<String, Value>, String> {
        let mut values = serde_json::Deserializer::from_str(&self.text[self.at..]).into_iter::<Value>();
        let value = values.next();
        let length = values.byte_offset();
        self.ended = !matches!(value, Some(Ok(_)));
        match value {
            Some(Ok(Value::Object(object))) => {
                self.advance(length);
                Ok(object)
            }
            Some(Ok(other)) => {
                self.advance(length);
                Err(format!("found {}; expected an object in the array", kind(&other)))
            }
            Some(Err(error)) => Err(format!(
                "on line {} {}; mend it: the rest of the file was not read",
                self.line + (error.line() as u64).saturating_sub(1),
                without_place(&error)
            )),
            None => Err("the array is not closed; the file may be cut short, end it with ]".to_owned()),
        }
    }

    /// What follows the array, which should be nothing.
    fn after_array(&mut self) -> Option<Result<Map<String, Value>, String>> {
        self.ended = true;
        self.advance(1);
        self.skip(' ');
        let rest = self.text.len() - self.at;
        (rest > 0).then(|| Err(format!("{rest} bytes follow the array and were not read; put them into it")))
    }
}

impl Iterator for Elements {
    type Item = io::Result<Entry>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        self.skip(',');
        let line = self.line;
        let object = if self.text[self.at..].starts_with(']') { self.after_array()? } else { self.parse() };
        Some(Ok(Entry { line, object }))
    }
}

fn line_ends(text: &str) -> u64 {
    text.bytes().filter(|byte| *byte == b'\n').count() as u64
}

/// So much of a text as a message has room for.
fn start_of(text: &str) -> &str {
    const LETTERS: usize = 40;
    text.char_indices().nth(LETTERS).map_or(text, |(end, _)| &text[..end])
}

/// The parser's message alone: it counts lines from the object's first, not from the file's.
fn without_place(error: &serde_json::Error) -> String {
    let message = error.to_string();
    message.split(" at line ").next().unwrap_or_default().to_owned()
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// The documents of a JSON file.
pub(super) struct Objects {
    entries: Entries,
    path: String,
    name: String,
    keys: Vec<String>,
    layout: Layout,
    row: u64,
}

impl Objects {
    pub(super) fn new(entries: Entries, columns: Columns, (path, name): (String, String), union: &[String]) -> Self {
        let layout = columns.layout(union);
        Self { entries, path, name, keys: columns.names, layout, row: 0 }
    }

    fn document(&self, object: &Map<String, Value>) -> Result<Document, String> {
        let value = |place: usize| object.get(&self.keys[place]).map_or(Field::Missing, as_field);
        let id = self.layout.id.map(|id| value(id).text().into_owned()).filter(|id| !id.trim().is_empty());
        Ok(Document {
            text: text_of(object, &self.keys[self.layout.text])?,
            id: id.unwrap_or_else(|| format!("{}:{}", self.name, self.row)),
            fields: self.layout.fields.iter().map(|field| field.map_or(Field::Missing, value)).collect(),
        })
    }
}

impl Iterator for Objects {
    type Item = io::Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        let Entry { line, object } = match self.entries.next()? {
            Ok(entry) => entry,
            Err(error) => return Some(Err(error)),
        };
        self.row += 1;
        Some(Ok(match object.and_then(|object| self.document(&object)) {
            Ok(document) => Record::Document(document),
            Err(reason) => Record::Reject(Reject {
                file: self.path.clone(),
                row: self.row,
                reason: format!("line {line}: {reason}"),
            }),
        }))
    }
}

/// The text under `key`: a string, or an array of strings, which are joined with a space.
fn text_of(object: &Map<String, Value>, key: &str) -> Result<String, String> {
    let wrong = |found: &str| Err(format!("{found} under the key {key:?}; expected a string or an array of strings"));
    let text = match object.get(key) {
        None => return Err(format!("the object has no key {key:?}; add it or leave the object out")),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => match parts.iter().map(Value::as_str).collect::<Option<Vec<_>>>() {
            Some(parts) => parts.join(" "),
            None => return wrong("found an array with something other than strings"),
        },
        Some(other) => return wrong(&format!("found {}", kind(other))),
    };
    if text.trim().is_empty() {
        return Err("the text is empty; fill it in or leave the object out".to_owned());
    }
    Ok(text)
}

/// A value other than the text.
fn as_field(value: &Value) -> Field {
    match value {
        Value::String(text) => Field::Text(text.clone()),
        other => Field::Json(other.clone()),
    }
}
